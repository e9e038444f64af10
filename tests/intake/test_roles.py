"""Who may do what: the table of roles, held by the desk itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake.desk import Desk
from intake.desk.roles import NEEDS, leads, why_not
from intake.errors import NotFound, Refused
from intake.model import Agent, Role
from intake.registries import Licensee
from tests.support.desks import TestDesk, a_desk, mail

AGENT, LEAD, ADMIN = (Agent(role.value, role.value, f"{role.value}@desk.example", role) for role in Role)
EVERYBODY = (AGENT, LEAD, ADMIN)
TABLE = {
    "assign_others": "lead",
    "shifts": "lead",
    "freeze": "lead",
    "agents": "admin",
    "passwords": "admin",
    "licensees": "admin",
    "keys": "admin",
    "regulation": "admin",
    "forget": "admin",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """Anna leads, Boris is an agent, Zoya the administrator."""
    with a_desk(tmp_path) as made:
        made.desk.put_agents([Agent("zoya", "Зоя", "zoya@desk.example", Role.ADMIN)])
        made.receive(mail())
        yield made


def test_the_table_is_what_it_says_it_is() -> None:
    assert {verb: need.role.value for verb, need in NEEDS.items()} == TABLE


@pytest.mark.parametrize("verb", TABLE)
def test_each_role_may_what_the_ones_before_it_may(verb: str) -> None:
    allowed = [why_not(agent, verb, EVERYBODY) is None for agent in EVERYBODY]
    assert allowed == {"lead": [False, True, True], "admin": [False, False, True]}[TABLE[verb]]


@pytest.mark.parametrize("verb", TABLE)
def test_a_refusal_names_the_role_it_takes(verb: str) -> None:
    said = why_not(AGENT, verb, EVERYBODY)
    assert said is not None
    assert {"lead": "руководитель", "admin": "администратор"}[TABLE[verb]] in said


@pytest.mark.parametrize("verb", TABLE)
def test_a_lead_does_the_administrators_work_while_there_is_none(verb: str) -> None:
    retired = Agent("old", "old", "old@desk.example", Role.ADMIN, active=False)
    assert why_not(LEAD, verb, (AGENT, LEAD, retired)) is None
    assert why_not(AGENT, verb, (AGENT, LEAD, retired)) is not None


def test_the_lead_is_told_or_else_an_administrator_or_else_everybody() -> None:
    assert leads(EVERYBODY) == [LEAD]
    assert leads((AGENT, ADMIN)) == [ADMIN]
    assert leads((AGENT,)) == [AGENT]


VERBS: dict[str, Callable[[Desk, str], object]] = {
    "agents": lambda desk, by: desk.put_agents([AGENT], by),
    "licensees": lambda desk, by: desk.put_licensees([Licensee("7707083893", "Х")], by),
    "shifts": lambda desk, by: desk.put_turns([], by),
    "passwords": lambda desk, by: desk.set_password("anna" if by != "anna" else "zoya", "long enough", by),
}


@pytest.mark.parametrize(
    ("verb", "login", "allowed"),
    [
        (verb, login, rank >= ["lead", "admin"].index(TABLE[verb]))
        for verb in VERBS
        for rank, login in ((-1, "boris"), (0, "anna"), (1, "zoya"))
    ],
)
def test_the_desk_holds_the_table(desk: TestDesk, verb: str, login: str, allowed: bool) -> None:
    if allowed:
        VERBS[verb](desk.desk, login)
    else:
        with pytest.raises(Refused, match="может только"):
            VERBS[verb](desk.desk, login)


def test_nothing_is_stored_by_who_may_not(desk: TestDesk) -> None:
    with pytest.raises(Refused):
        desk.desk.put_licensees([Licensee("7707083893", "Х")], "boris")
    with desk.store.read() as tx:
        assert tx.licensees.all() == []


def test_an_agent_moves_on_only_tickets_that_are_his_or_nobodys(desk: TestDesk) -> None:
    desk.desk.assign(1001, "boris", "boris")
    desk.desk.assign(1001, "anna", "boris")
    with pytest.raises(Refused, match="у коллеги"):
        desk.desk.assign(1001, "zoya", "boris")
    with pytest.raises(Refused, match="у коллеги"):
        desk.desk.assign(1001, None, "boris")
    desk.desk.assign(1001, "boris", "boris")
    desk.desk.assign(1001, "zoya", "anna")
    assert desk.ticket(1001).assignee == "zoya"


def test_a_stranger_may_nothing(desk: TestDesk) -> None:
    with pytest.raises(Refused, match="is not an agent"):
        desk.desk.require("shifts", "mallory")


def test_who_runs_the_machine_may_everything(desk: TestDesk) -> None:
    for verb in NEEDS:
        desk.desk.require(verb, None)


def test_a_password_lets_in_its_active_owner_alone(desk: TestDesk) -> None:
    desk.desk.set_password("boris", "верный пароль", "boris")
    assert desk.desk.check_password("boris", "верный пароль")
    assert not desk.desk.check_password("boris", "другой пароль")
    assert not desk.desk.check_password("anna", "верный пароль")
    assert not desk.desk.check_password("nobody", "верный пароль")
    desk.desk.put_agents([Agent("boris", "Борис", "b@desk.example", technical=True)])
    assert desk.desk.check_password("boris", "верный пароль")
    desk.desk.put_agents([Agent("boris", "Борис", "b@desk.example", active=False)])
    assert not desk.desk.check_password("boris", "верный пароль")


def test_a_removed_password_lets_nobody_in(desk: TestDesk) -> None:
    desk.desk.set_password("boris", "верный пароль")
    desk.desk.set_password("boris", None)
    assert not desk.desk.check_password("boris", "верный пароль")


def test_only_a_hash_is_kept(desk: TestDesk) -> None:
    desk.desk.set_password("boris", "верный пароль")
    with desk.store.read() as tx:
        hashed = tx.passwords.of("boris")
    assert hashed is not None
    assert hashed.startswith("$argon2id$")
    assert "верный" not in hashed


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
def test_a_password_has_a_sensible_length(desk: TestDesk, password: str) -> None:
    with pytest.raises(Refused, match="8 to 1024"):
        desk.desk.set_password("boris", password)


def test_nobody_has_no_password(desk: TestDesk) -> None:
    with pytest.raises(NotFound, match="nobody"):
        desk.desk.set_password("nobody", "long enough")
