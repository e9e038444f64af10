"""What takes more than being an agent: a table of verbs and the least role for each. All else every agent may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from intake.model import Agent, Role


class Need(NamedTuple):
    """The least role, and the verb in Russian: «… может только …»."""

    role: Role
    words: str


NEEDS: Mapping[str, Need] = {
    "assign_others": Need(Role.LEAD, "Передать обращение, которое у коллеги,"),
    "shifts": Need(Role.LEAD, "Менять график смен"),
    "freeze": Need(Role.LEAD, "Замораживать показатели месяца"),
    "agents": Need(Role.ADMIN, "Менять список сотрудников"),
    "passwords": Need(Role.ADMIN, "Задавать чужой пароль"),
    "licensees": Need(Role.ADMIN, "Менять реестр лицензиатов"),
    "keys": Need(Role.ADMIN, "Менять ключи подписи"),
    "regulation": Need(Role.ADMIN, "Вводить в действие правила"),
    "forget": Need(Role.ADMIN, "Стирать данные человека"),
}
_RANKS = tuple(Role)
_TITLES = {Role.AGENT: "сотрудник", Role.LEAD: "руководитель", Role.ADMIN: "администратор"}


def why_not(agent: Agent, verb: str, people: Sequence[Agent]) -> str | None:
    """Why an agent may not do what the table names, in Russian; None when he may.

    While none of the active ``people`` is an administrator, a lead does his work: so does the first agent of a desk.
    """
    need = NEEDS[verb]
    least = need.role
    if least is Role.ADMIN and not any(one.role is Role.ADMIN and one.active for one in people):
        least = Role.LEAD
    if _RANKS.index(agent.role) >= _RANKS.index(least):
        return None
    return f"{need.words} может только {_TITLES[least]}; {agent.login} — {_TITLES[agent.role]}"


def leads(people: Sequence[Agent]) -> list[Agent]:
    """Who is told what concerns the desk: its leads, or else its administrators, or else everybody."""
    for role in (Role.LEAD, Role.ADMIN):
        if found := [one for one in people if one.role is role and one.active]:
            return found
    return [one for one in people if one.active]
