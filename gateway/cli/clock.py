"""``otklik clock``: deadlines for JSON Lines on stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.rules import rules_in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.regulation import Regulation

    InForce = Callable[[datetime], Regulation]


class UnreadableLine(ValueError):
    """What is wrong with one line, in words for its ``error``."""


@click.command()
@click.pass_context
def command(ctx: click.Context) -> None:
    """Print the deadlines of requests and escalations given as JSON Lines on stdin.

    {"opened_at": T, "type": "bug", "criticality": "high"} or {"escalated_at": T, "topic": "legal"} on each line;
    answers come in the same order. A line that can't be read gives {"error": …} in its place, and exit 1 at the end.
    """
    out = sys.stdout.buffer
    failed = False
    for found in answers(rules_in_force(ctx), sys.stdin.buffer):
        failed = failed or "error" in found
        out.write(_encoded(found))
        out.flush()
    ctx.exit(1 if failed else 0)


def answers(in_force: InForce, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One answer for each line; empty lines count as lines unless only such follow."""
    empty = 0
    for line in lines:
        if not line.strip():
            empty += 1
            continue
        for _ in range(empty):
            yield {"error": "empty line"}
        empty = 0
        yield answer(in_force, line)


def answer(in_force: InForce, line: bytes) -> dict[str, Any]:
    """The deadlines one line asks for, or ``{"error": …}``."""
    try:
        asked = _parsed(line)
        if asked.get("escalated_at") is None:
            return _opened(in_force, asked)
        if asked.get("opened_at") is not None:
            raise UnreadableLine("opened_at and escalated_at on one line: ask for one of them")
        return _escalated(in_force, asked)
    except ValueError as error:
        return {"error": str(error)}


def _parsed(line: bytes) -> dict[str, Any]:
    import json

    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableLine(f"not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise UnreadableLine("not a JSON object")
    return asked


def _opened(in_force: InForce, asked: dict[str, Any]) -> dict[str, Any]:
    opened_at = _time(asked, "opened_at")
    regulation = in_force(opened_at)
    completion = regulation.completion_due(
        _key(asked, "type"),
        opened_at,
        criticality=None if asked.get("criticality") is None else _key(asked, "criticality"),
        estimate_hours=asked.get("estimate_hours"),
        estimated_at=None if asked.get("estimated_at") is None else _time(asked, "estimated_at"),
    )
    return {
        "reaction_due": _shown(regulation, regulation.reaction_due(opened_at).at),
        "completion_due": None if completion is None else _shown(regulation, completion.at),
    }


def _escalated(in_force: InForce, asked: dict[str, Any]) -> dict[str, Any]:
    escalated_at = _time(asked, "escalated_at")
    regulation = in_force(escalated_at)
    due = regulation.second_line_due(_key(asked, "topic"), escalated_at)
    return {"answer_due": _shown(regulation, due.at)}


def _key(asked: dict[str, Any], name: str) -> str:
    from intake.regulation.errors import shown

    value = asked.get(name)
    if value is None:
        raise UnreadableLine(f"{name} is missing")
    if not isinstance(value, str):
        raise UnreadableLine(f"{name} {shown(value)} is not a text")
    return value


def _time(asked: dict[str, Any], name: str) -> datetime:
    from intake.regulation.errors import shown

    value = asked.get(name)
    if value is None:
        raise UnreadableLine(f"{name} is missing")
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise UnreadableLine(f"{name} {shown(value)} is not a time in ISO 8601") from error
    if at.utcoffset() is None:
        raise UnreadableLine(f"{name} {shown(value)} has no offset from UTC")
    return at


def _shown(regulation: Regulation, at: datetime) -> str:
    return at.astimezone(regulation.zone).isoformat()


def _encoded(answer: dict[str, Any]) -> bytes:
    import json

    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
