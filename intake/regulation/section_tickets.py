"""Reads the sections of words: terms (§1), types (§3), statuses (§4) with their transitions."""

from __future__ import annotations

from collections.abc import Mapping

from intake.regulation.rules import CLAUSE_STATUSES, STATUSES, TYPES, ClientWait, Named, Refusals, Statuses, Types
from intake.regulation.table import Table

TERMS = ("licensor", "licensee", "desk", "feedback_form")
MOST_DAYS = 3650


def _named(table: Table, key: str) -> Named:

    entry = table.table(key)
    short = entry.text("short") if entry.has("short") else ""
    found = Named(key, entry.text("name"), entry.text("definition"), short)
    entry.finish()
    return found


def read_terms(table: Table) -> tuple[str, dict[str, Named]]:
    """The section ``terms``: its clause and its words."""
    clause, found = table.clause(), table.each(TERMS, _named)
    table.finish()
    return clause, found


def read_types(table: Table) -> Types:
    """The section ``types``."""
    own = table.table("own")
    form = own.choice("feedback_form", {key: key for key in TYPES})
    types = Types(table.clause(), table.each(TYPES, _named), form)
    own.finish()
    table.finish()
    return types


def read_statuses(table: Table) -> Statuses:
    """The section ``statuses``."""
    own = table.table("own")
    of_clause = {key: key for key in CLAUSE_STATUSES}
    every = {key: key for key in STATUSES}
    statuses = Statuses(
        clause=table.clause(),
        named={**table.each(CLAUSE_STATUSES, _named), "closed": _named(own, "closed")},
        waits_for_client=frozenset(own.choices("waits_for_client", of_clause)),
        pauses_completion=frozenset(own.choices("pauses_completion", of_clause)),
        tells_client=frozenset(own.choices("tells_client", every)),
        answer_returns=frozenset(own.choices("answer_returns", of_clause)),
        reopens_to=own.choice("reopens_to", of_clause),
        reopen_days=own.whole("reopen_days", 0, MOST_DAYS),
        transitions=_transitions(own.table("transitions"), every),
        refusals=_refusals(own.table("refusals")),
        reminders=_reminders(own.table("reminders")),
    )
    for key in ("pauses_completion", "answer_returns"):
        if not set(getattr(statuses, key)) <= statuses.waits_for_client:
            own.refuse(key, "only statuses of waits_for_client can stand here")
    if statuses.reopens_to not in statuses.transitions["closed"]:
        own.refuse("reopens_to", "the table of transitions doesn't lead there from closed")
    own.finish()
    table.finish()
    return statuses


def _transitions(table: Table, every: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for key in STATUSES:
        found[key] = table.choices(key, every)
        if key in found[key]:
            table.refuse(key, "a status doesn't lead to itself")
    table.finish()
    return found


def _refusals(table: Table) -> Refusals:
    entering, leaving = table.table("entering"), table.table("leaving")
    found = Refusals(*({key: part.text(key) for key in STATUSES if part.has(key)} for part in (entering, leaving)))
    for part in (entering, leaving, table):
        part.finish()
    return found


def _reminders(table: Table) -> dict[str, ClientWait]:
    found = {}
    for key in CLAUSE_STATUSES:
        if table.has(key):
            entry = table.table(key)
            found[key] = ClientWait(
                entry.whole("remind_after_days", 0, MOST_DAYS), entry.whole("close_after_days", 0, MOST_DAYS)
            )
            entry.finish()
    table.finish()
    return found
