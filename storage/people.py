"""Agents and their drafts on a database. See `intake.registries.People`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from intake.model import Agent, Role
from storage.rows import Rows, stamp, storable

_COLUMNS = "login, name, email, role, technical, active"


class StoredPeople:
    """See `intake.registries.People`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def agents(self, active: bool = True) -> list[Agent]:
        """See `People.agents`."""
        where = "active = 1" if active else "1 = 1"
        found = self._rows.all(f"SELECT {_COLUMNS} FROM agents WHERE {where}")
        return sorted((_agent(row) for row in found), key=lambda agent: agent.login)

    def agent(self, login: str) -> Agent | None:
        """See `People.agent`."""
        found = self._rows.one(f"SELECT {_COLUMNS} FROM agents WHERE login = ?", (login,))
        return None if found is None else _agent(found)

    def put_agents(self, agents: Iterable[Agent]) -> None:
        """See `People.put_agents`."""
        for agent in agents:
            values = {
                "name": storable(agent.name),
                "email": storable(agent.email),
                "role": agent.role.value,
                "technical": int(agent.technical),
                "active": int(agent.active),
            }
            self._rows.put("agents", {"login": agent.login}, values)

    def draft(self, login: str, ticket: int, kind: str) -> str | None:
        """See `People.draft`."""
        found = self._rows.one(
            "SELECT text FROM drafts WHERE login = ? AND ticket = ? AND kind = ?", (login, ticket, kind)
        )
        return None if found is None else str(found[0])

    def keep_draft(self, login: str, ticket: int, kind: str, text: str, now: datetime) -> None:
        """See `People.keep_draft`."""
        where, params = "login = ? AND ticket = ? AND kind = ?", (login, ticket, kind)
        if not text:
            self._rows.run(f"DELETE FROM drafts WHERE {where}", params)
            return
        values = {"text": storable(text), "saved_at": stamp(now)}
        self._rows.put("drafts", {"login": login, "ticket": ticket, "kind": kind}, values)


def _agent(row: tuple[Any, ...]) -> Agent:
    login, name, email, role, technical, active = row
    return Agent(login, name, email, Role(role), bool(technical), bool(active))
