"""What is searched for: words that must all occur, "phrases", keys, addresses, and fields like ``статус:процесс``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from intake.model import Status, Type
from intake.stems import stem, stems, words

MOST_TERMS: Final = 40
LONGEST_QUERY: Final = 2000
SHORTEST_BEGINNING: Final = 3
FREE: Final = ""
"""In `Query.assignees`: a ticket nobody took."""

_PARTS = re.compile(r'(?:(?P<field>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟", '"'))
_FIELDS: Final[Mapping[str, str]] = {
    "status": "status", "статус": "status",
    "type": "type", "тип": "type",
    "from": "from", "от": "from",
    "assignee": "assignee", "кому": "assignee", "исполнитель": "assignee",
}  # fmt: skip
_STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    Status.REQUEST: ("запрос", "новый"),
    Status.INFO_NEEDED: ("требуется информация", "требуется", "информация"),
    Status.IN_PROGRESS: ("процесс", "в процессе", "в работе"),
    Status.ANALYSIS: ("аналитика",),
    Status.PAYMENT: ("оплата",),
    Status.VERIFICATION: ("проверка",),
    Status.CLOSED: ("завершено", "закрыто"),
}
_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    Type.CONSULTATION: ("консультация",),
    Type.BUG: ("ошибка",),
    Type.IMPROVEMENT: ("доработка",),
}
_OPEN: Final = ("open", "открыто", "открытые")
_FREE: Final = ("none", "free", "никому", "никто", "свободно")


@dataclass(frozen=True, slots=True)
class Term:
    """Stems that stand one behind the other. A single word is also met by words that begin with ``beginning``.
    ``people``: only among names and addresses of those who wrote."""

    stems: tuple[str, ...]
    beginning: str | None = None
    people: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All terms must occur; of several statuses, types or assignees any. ``void``: nothing can match."""

    terms: tuple[Term, ...] = ()
    statuses: frozenset[str] = field(default_factory=frozenset)
    types: frozenset[str] = field(default_factory=frozenset)
    assignees: frozenset[str] = field(default_factory=frozenset)
    void: bool = False


def parsed(text: str) -> Query:
    """A query as it was typed. Never raises; what is no field is words."""
    query = Query()
    for part in _PARTS.finditer(text[:LONGEST_QUERY].translate(_QUOTES)):
        query = _with_part(query, part)
    found = bool(query.terms or query.statuses or query.types or query.assignees)
    return replace(query, terms=query.terms[:MOST_TERMS], void=bool(text.strip()) and not found)


def _with_part(query: Query, part: re.Match[str]) -> Query:
    quoted = part["quoted"] is not None
    value = part["quoted"] if quoted else part["bare"]
    name = _FIELDS.get((part["field"] or "").casefold())
    key = _meant(name, value)
    if name == "status" and key:
        return replace(query, statuses=query.statuses | key)
    if name == "type" and key:
        return replace(query, types=query.types | key)
    if name == "assignee":
        login = FREE if value.casefold().strip() in _FREE else value.strip()
        return replace(query, assignees=query.assignees | {login})
    term = _term(value if name == "from" else part[0], quoted=quoted, people=name == "from")
    return query if term is None else replace(query, terms=(*query.terms, term))


def _meant(name: str | None, value: str) -> frozenset[str]:
    """The keys of the regulation that a value of ``status:`` or ``type:`` names, by key or in Russian."""
    if name not in ("status", "type"):
        return frozenset()
    wanted = stems(value.replace("_", " "))
    if name == "status" and words(value)[:1] and words(value)[0] in _OPEN:
        return frozenset(str(key) for key in Status if key is not Status.CLOSED)
    known = _STATUSES if name == "status" else _TYPES
    for key, names in known.items():
        if wanted and wanted in (stems(key.replace("_", " ")), *map(stems, names)):
            return frozenset((str(key),))
    return frozenset()


def _term(text: str, *, quoted: bool, people: bool) -> Term | None:
    found = words(text)
    if not found:
        return None
    alone = found[0] if len(found) == 1 and not quoted else ""
    beginning = alone if len(alone) >= SHORTEST_BEGINNING and alone.isalpha() else None
    return Term(tuple(map(stem, found)), beginning, people)
