"""Registries from CSV (RFC 4180, UTF-8): all that is wrong is told at once, each error with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, time
from typing import TypeVar

from intake.domains import comparable_domain
from intake.errors import OtklikError
from intake.inn import why_no_inn
from intake.letters.addresses import valid_address
from intake.model import Agent, Role
from intake.registries import Contact, Licensee, Turn

AGENT_COLUMNS = ("login", "full_name", "email", "role", "is_technical")
LICENSEE_COLUMNS = ("inn", "name", "kind", "domain", "licence_no", "licensed_since", "products", "contacts")
SHIFT_COLUMNS = ("date", "login", "start", "end")
MIDNIGHT = "24:00"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d\d", re.ASCII)
_CONTACT = re.compile(r"([^<>]*)<([^<>]*)>\s*(?:,(.*))?")
_PHONE = re.compile(r"(?=.*\d)[\d+() .\-#*]+(?:доб\.?[\d\s]+)?")
_DOMAIN = re.compile(r"(?!.{254})(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_BOOLEANS = {"true": True, "false": False}
_Row = Mapping[str, str]
_Read = TypeVar("_Read")


class WrongLines(OtklikError):
    """``lines`` names each error: ``FILE:LINE: what is wrong``."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(lines[0] if len(lines) == 1 else f"{lines[0]} (and {len(lines) - 1} more)")
        self.lines = tuple(lines)


class WrongRow(OtklikError):
    """What is wrong with the values of one row."""


def agents_from_csv(raw: bytes, source: str) -> list[Agent]:
    """Agents, no two of one login or one address. Raises WrongLines."""
    addresses: dict[str, str] = {}

    def read(row: _Row) -> Agent:
        agent = agent_of(row)
        holder = addresses.setdefault(agent.email.casefold(), agent.login)
        if holder != agent.login:
            raise WrongRow(f"{agent.login}: email {agent.email} is {holder}'s already")
        return agent

    return _read(raw, source, AGENT_COLUMNS, read, lambda agent: f"login {agent.login}")


def licensees_from_csv(raw: bytes, source: str) -> list[Licensee]:
    """Licensees. Raises WrongLines."""
    return _read(raw, source, LICENSEE_COLUMNS, licensee_of, lambda licensee: f"inn {licensee.inn}")


def turns_from_csv(raw: bytes, source: str, logins: Collection[str]) -> list[Turn]:
    """Turns of agents among ``logins``; one person's turns of a day do not overlap. Raises WrongLines."""
    return _read(
        raw,
        source,
        SHIFT_COLUMNS,
        lambda row: turn_of(row, logins),
        lambda turn: f"{turn.day} {turn.login}",
        lambda one, other: one.minutes[0] < other.minutes[1] and other.minutes[0] < one.minutes[1],
    )


def agent_of(row: _Row) -> Agent:
    """An agent from a row's texts. Raises an error that says what is wrong."""
    login, name, email = row["login"], " ".join(row["full_name"].split()), row["email"]
    if not login or not all(c.isalnum() or c in "._-" for c in login):
        raise WrongRow(f"login {login!r}: letters, digits, dot, dash and underscore only")
    if not name:
        raise WrongRow(f"{login}: full_name is empty")
    if not valid_address(email):
        raise WrongRow(f"{login}: email {email!r} is no mail address")
    if row["role"] not in list(Role):
        raise WrongRow(f"{login}: role {row['role']!r} is none of {', '.join(Role)}")
    technical = _BOOLEANS.get(row["is_technical"].lower())
    if technical is None:
        raise WrongRow(f"{login}: is_technical is {row['is_technical']!r}: write true or false")
    return Agent(login, name, email, Role(row["role"]), technical)


def licensee_of(row: _Row) -> Licensee:
    """A licensee from a row's texts. Raises WrongRow."""
    if why := why_no_inn(row["inn"]):
        raise WrongRow(f"inn {row['inn']!r}: {why}")
    name = " ".join(row["name"].split())
    if not name:
        raise WrongRow(f"inn {row['inn']}: name is empty")
    return Licensee(
        inn=row["inn"],
        name=name,
        kind=" ".join(row["kind"].split()),
        domains=tuple(map(_domain, _listed(row["domain"]))),
        licence_no=row["licence_no"],
        licensed_since=_day("licensed_since", row["licensed_since"]) if row["licensed_since"] else None,
        products=tuple(_listed(row["products"])),
        contacts=tuple(map(_contact, _listed(row["contacts"]))),
    )


def turn_of(row: _Row, logins: Collection[str]) -> Turn:
    """A turn of one of ``logins`` from a row's texts. Raises WrongRow."""
    if row["login"] not in logins:
        raise WrongRow(f"login {row['login']!r} is no agent of this desk")
    end = "00:00" if row["end"] == MIDNIGHT else row["end"]
    turn = Turn(_day("date", row["date"]), row["login"], _clock("start", row["start"]), _clock("end", end))
    start, finish = turn.minutes
    if finish <= start:
        raise WrongRow(f"end {row['end']} is not after start {row['start']}")
    return turn


def _listed(text: str) -> list[str]:
    return [part for piece in text.split(";") if (part := " ".join(piece.split()))]


def _domain(text: str) -> str:
    domain = comparable_domain(text)
    if not _DOMAIN.fullmatch(domain):
        raise WrongRow(f"domain {text!r} is none")
    return domain


def _contact(text: str) -> Contact:
    """``Name <address>, post, phone``; post and phone may be left out, a post may hold commas."""
    found = _CONTACT.fullmatch(text)
    if found is None:
        raise WrongRow(f"contact {text!r}: write Name <address>, post, phone")
    name, address, rest = found[1].strip(), found[2].strip(), (found[3] or "").strip()
    if not valid_address(address):
        raise WrongRow(f"contact {text!r}: {address!r} is no mail address")
    post, _, phone = rest.rpartition(",")
    if not _PHONE.fullmatch(phone.strip()):
        post, phone = rest, ""
    return Contact(name, address, post.strip(" ,"), phone.strip())


def _day(column: str, text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise WrongRow(f"{column} {text!r} is no day: write 2026-10-01")


def _clock(column: str, text: str) -> time:
    hours, _, minutes = text.partition(":")
    if not _CLOCK.fullmatch(text) or int(hours) > 23 or int(minutes) > 59:
        raise WrongRow(f"{column} {text!r} is no time: write 10:00")
    return time(int(hours), int(minutes))


def _read(
    raw: bytes,
    source: str,
    columns: Sequence[str],
    read: Callable[[_Row], _Read],
    key: Callable[[_Read], str],
    clash: Callable[[_Read, _Read], bool] = lambda _one, _other: True,
) -> list[_Read]:
    """Every row read; two of one ``key`` that ``clash`` are an error of the later one."""
    found: list[_Read] = []
    wrong: list[str] = []
    taken: dict[str, list[tuple[int, _Read]]] = {}
    for line, row in _rows(raw, source, columns):
        try:
            one = read(_sound(row))
            same = taken.setdefault(key(one), [])
            _first_of_its_kind(key(one), [number for number, before in same if clash(one, before)])
        except WrongRow as error:
            wrong.append(f"{source}:{line}: {error}")
        else:
            same.append((line, one))
            found.append(one)
    if wrong:
        raise WrongLines(wrong)
    return found


def _sound(row: _Row | WrongRow) -> _Row:
    if isinstance(row, WrongRow):
        raise row
    return row


def _first_of_its_kind(key: str, others: Sequence[int]) -> None:
    if others:
        raise WrongRow(f"{key} stands in line {others[0]} already")


def _rows(raw: bytes, source: str, columns: Sequence[str]) -> Iterator[tuple[int, _Row | WrongRow]]:
    """Each row with the line it begins in: its texts by column, trimmed. Raises WrongLines where no row can be told."""
    reader = csv.reader(io.StringIO(_decoded(raw, source), newline=""), strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except csv.Error as error:
            yield line, WrongRow(f"not CSV: {error}")
            return
        if not any(cells):
            continue
        if header is None:
            header = _header(cells, columns, f"{source}:{line}")
        elif len(cells) != len(header):
            yield line, WrongRow(f"{len(cells)} cells where the header has {len(header)}")
        else:
            yield line, dict(zip(header, cells, strict=True))
    if header is None:
        raise WrongLines([f"{source}:1: no header: write {','.join(columns)}"])


def _header(cells: list[str], columns: Sequence[str], where: str) -> list[str]:
    missing = [name for name in columns if name not in cells]
    if missing:
        divided = "; cells are divided by semicolons: write commas" if len(cells) == 1 and ";" in cells[0] else ""
        raise WrongLines([f"{where}: no column {', '.join(missing)}{divided}"])
    if twice := sorted({name for name in columns if cells.count(name) > 1}):
        raise WrongLines([f"{where}: column {', '.join(twice)} stands twice"])
    return cells


def _decoded(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise WrongLines(
            [f"{source}:{line}: not UTF-8: byte {error.object[error.start]:#04x}; save it as UTF-8"]
        ) from error
