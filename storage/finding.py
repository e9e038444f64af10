"""Finding tickets in the index: newest first, and closed ones that resemble another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from intake.search import FREE, Query, Term
from intake.stems import stems
from storage.rows import Rows

RARE: Final = 300
"""A stem that occurs in more tickets says nothing about likeness."""
_TELLING: Final = 24
"""How many of the rarest stems are compared."""
_MOST_STEMS: Final = 120
_SHORTEST: Final = 3


class Finder:
    """Reads the index of `storage.search`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def source(self, query: Query) -> tuple[str, str, list[str], list[Any]]:
        """What to select tickets from for a query: tables, the column to order by, conditions and their values."""
        clauses, params = self._filters(query)
        if not query.terms:
            return "tickets", "number", clauses, params
        if self._rows.postgresql:
            clauses.append("d.document @@ ?::tsquery")
            params.append(" & ".join(map(_tsquery, query.terms)))
            return "search_documents d JOIN tickets ON number = d.ticket", "number", clauses, params
        clauses.append("search_index MATCH ?")
        params.append(" AND ".join(map(_match, query.terms)))
        return "search_index CROSS JOIN tickets ON number = search_index.rowid", "search_index.rowid", clauses, params

    def similar(self, number: int, limit: int) -> list[int]:
        """Numbers of closed tickets that share rare stems with a ticket, the most alike first."""
        shares: dict[int, float] = defaultdict(float)
        common: dict[int, int] = defaultdict(int)
        rare = sorted((len(found), stem, found) for stem, found in self._rare(number).items() if found)
        for count, _, found in rare[:_TELLING]:
            for other in found:
                shares[other] += 1 / (1 + count)
                common[other] += 1
        least = 2 if len(rare) > 1 else 1
        alike = [other for other in shares if common[other] >= least]
        return sorted(alike, key=lambda other: (-shares[other], -other))[:limit]

    def _rare(self, number: int) -> Mapping[str, list[int]]:
        """Closed tickets by each stem of a ticket's subject and first message that few tickets have."""
        first = self._rows.one(
            "SELECT t.subject, m.text FROM tickets t LEFT JOIN messages m ON m.ticket = t.number"
            " WHERE t.number = ? ORDER BY m.at, m.id LIMIT 1",
            (number,),
        )
        if first is None:
            return {}
        own = dict.fromkeys(stems(f"{first[0]}\n{(first[1] or '')[:8000]}"))
        telling = [stem for stem in own if len(stem) >= _SHORTEST and not stem.isdecimal()][:_MOST_STEMS]
        found = {}
        for stem in telling:
            tickets = self._with_stem(stem)
            if len(tickets) <= RARE:
                found[stem] = [other for other, closed in tickets if closed and other != number]
        return found

    def _with_stem(self, stem: str) -> list[tuple[int, bool]]:
        tables, order, clauses, params = self.source(Query((Term((stem,)),)))
        found = self._rows.all(
            f"SELECT number, open, spam, merged_into FROM {tables} WHERE {' AND '.join(clauses)}"
            f" ORDER BY {order} DESC LIMIT ?",
            (*params, RARE + 1),
        )
        return [(row[0], not row[1] and not row[2] and row[3] is None) for row in found]

    def _filters(self, query: Query) -> tuple[list[str], list[Any]]:
        clauses: list[str] = ["1 = 0" if query.void else "1 = 1"]
        params: list[Any] = []
        logins = frozenset(login for named in query.assignees for login in self._logins(named))
        for column, wanted, asked in (
            ("status", query.statuses, bool(query.statuses)),
            ("type", query.types, bool(query.types)),
            ("assignee", logins, bool(query.assignees)),
        ):
            if asked:
                clauses.append(f"{column} IN ({', '.join('?' * len(wanted))})" if wanted else "1 = 0")
                params += sorted(wanted)
        return clauses, params

    def _logins(self, named: str) -> set[str]:
        """Whom a name means: a login, or all agents in whose names its words stand."""
        if named == FREE:
            return {""}
        wanted = set(stems(named))
        agents = self._rows.all("SELECT login, name FROM agents")
        exact = {row[0] for row in agents if row[0].casefold() == named.casefold()}
        return exact or {row[0] for row in agents if wanted and wanted <= set(stems(f"{row[1]} {row[0]}"))}


def _match(term: Term) -> str:
    """A term in FTS5's language. Stems hold letters and digits only, so none can leave its quotes."""
    said = f'"{" ".join(term.stems)}"'
    if term.beginning is not None:
        said = f'({said} OR "{term.beginning}"*)'
    return f"people : {said}" if term.people else said


def _tsquery(term: Term) -> str:
    """A term in the language of ``to_tsquery``."""
    weight = "A" if term.people else ""
    tail = f":{weight}" if weight else ""
    said = " <-> ".join(f"'{stem}'{tail}" for stem in term.stems)
    if term.beginning is not None:
        said = f"{said} | '{term.beginning}':*{weight}"
    return f"({said})"
