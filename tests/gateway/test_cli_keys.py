"""``otklik keys``, ``contact`` and ``journal accept``, as they are called."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Inside, Otklik
from tests.support.desks import mail

FORWARD = """Коллеги, посмотрите.

-------- Пересылаемое сообщение --------
От: Пётр Иванов <p.ivanov@licensee.example>
Кому: anna@roscha.example
Тема: Не печатается счёт

Не печатается счёт."""


def keys(otklik: Otklik) -> list[dict[str, str]]:
    return [json.loads(line) for line in otklik("keys", "list", "--json").out.splitlines()]


def ticket(otklik: Otklik, number: str = "1001") -> dict[str, object]:
    found: dict[str, object] = json.loads(otklik("ticket", number, "--json").out)
    return found


def test_a_fresh_key_comes_and_the_one_that_signs_cannot_be_retired(otklik: Otklik) -> None:
    assert otklik("intake", "-", stdin=mail()).code == 0
    (first,) = keys(otklik)
    assert otklik("keys", "rotate").code == 0
    fresh, old = keys(otklik)
    assert (old["name"], len({first["name"], fresh["name"]})) == (first["name"], 2)
    assert otklik("keys", "retire", "nobody").code == 1
    assert (old["state"], fresh["state"]) == ("signs", "coming")
    assert "signs now" in otklik("keys", "retire", old["name"]).err
    assert otklik("keys", "retire", fresh["name"]).code == 0
    assert keys(otklik) == [old]


def test_only_an_administrator_replaces_keys(inside: Inside) -> None:
    for login, role in (("boris", "agent"), ("anna", "lead"), ("zoya", "admin")):
        assert (
            inside("agents", "add", login, "--name", login, "--email", f"{login}@desk.example", "--role", role).code
            == 0
        )
    assert inside("keys", "rotate", "--as", "boris").code == 1
    assert inside("keys", "rotate", "--as", "zoya").code == 0


def test_the_author_of_a_forwarded_mail_becomes_the_contact_when_an_agent_says_so(inside: Inside) -> None:
    assert inside("agents", "add", "anna", "--name", "Анна", "--email", "anna@desk.example").code == 0
    raw = mail(subject="Fwd: Не печатается счёт", body=FORWARD, sender="Анна <anna@desk.example>")
    assert inside("intake", "-", stdin=raw).code == 0
    assert ticket(inside)["contact"] == {"name": "Анна", "address": "anna@desk.example"}
    assert inside("contact", "1001", "--as", "anna").code == 0
    assert ticket(inside)["contact"] == {"name": "Пётр Иванов", "address": "p.ivanov@licensee.example"}
    assert inside("contact", "1001", "support@localhost", "--as", "anna").code == 1


@pytest.mark.parametrize("verb", ["accept", "replay"])
def test_what_was_set_aside_is_made_a_ticket_by_its_number(inside: Inside, verb: str) -> None:
    raw = mail(subject="Скидки недели", List_Id="<news.shop.example>", Precedence="bulk")
    assert inside("intake", "-", stdin=raw).code == 0
    (row,) = [json.loads(line) for line in inside("journal", "list", "--json").out.splitlines()]
    assert (row["disposition"], row["ticket"]) == ("ignored", None)
    options = [] if verb == "accept" else ["--as-ticket"]
    assert inside("journal", verb, str(row["id"]), *options).code == 0
    (row,) = [json.loads(line) for line in inside("journal", "list", "--json").out.splitlines()]
    assert (row["disposition"], row["ticket"]) == ("ticket", 1001)
    assert not inside("outbox", "list", "--json").out.strip()
