"""``otklik shifts``: the roster of shifts and its cover (§2)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.acting import acting
from gateway.cli.common import json_option, print_json, print_table, say
from gateway.cli.parts import opened
from gateway.cli.registry import as_option, dry_run_option, file_argument, read_csv, told
from intake.errors import OtklikError

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.regulation.cover import Gap

MOST_WEEKS = 520
from_option = click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="First day.  [default: today]"
)
weeks_option = click.option(
    "--weeks",
    type=click.IntRange(1, MOST_WEEKS),
    metavar="N",
    help="How far to look.  [default: as far as the rules look ahead]",
)


@click.group()
def command() -> None:
    """Keep the roster of shifts and check its cover."""


@command.command("list")
@from_option
@weeks_option
@json_option
@click.pass_context
def list_(ctx: click.Context, first: Any, weeks: int | None, as_json: bool) -> None:
    """Who is on shift on which day: the whole roster, or that of some weeks."""
    with opened(ctx) as parts, parts.store.read() as tx:
        wanted = (date.min, date.max) if first is None and weeks is None else _range(parts, first, weeks)
        turns = tx.shifts.between(*wanted)
    rows = [(turn.day, turn.login, f"{turn.start:%H:%M}", f"{turn.end:%H:%M}") for turn in turns]
    if as_json:
        for row in rows:
            print_json(dict(zip(("date", "login", "start", "end"), row, strict=True)))
    else:
        print_table(rows, ("date", "login", "start", "end"))


@command.command("add")
@click.argument("date")
@click.argument("login")
@click.argument("start", default="10:00")
@click.argument("end", default="19:00")
@as_option
@click.pass_context
def add(ctx: click.Context, /, by: str | None, **row: str) -> None:
    """Put LOGIN on shift on DATE from START (10:00) to END (19:00), in place of what he had that day."""
    from intake.registry_files import turn_of

    with opened(ctx) as parts:
        turn = turn_of({name: value.strip() for name, value in row.items()}, _logins(parts))
        parts.desk.put_turns([turn], acting(parts, by))
    say(f"{turn.day} {turn.login}: {turn.start:%H:%M}–{turn.end:%H:%M}")


@command.command("import")
@file_argument
@dry_run_option
@click.option("--replace", is_flag=True, help="In place of all shifts from the file's first day to its last.")
@as_option
@click.pass_context
def import_(ctx: click.Context, file: str, dry_run: bool, replace: bool, by: str | None) -> None:
    """Add shifts from CSV: date,login,start,end, in place of what the same people had on the same days. All or
    nothing."""
    from intake.registry_files import turns_from_csv

    with opened(ctx) as parts:
        turns = read_csv(file, partial(turns_from_csv, logins=_logins(parts)))
        if dry_run:
            parts.desk.require("shifts", acting(parts, by))
        else:
            parts.desk.put_turns(turns, acting(parts, by), replace=replace)
    told(file, len(turns), "shifts", dry_run)


@command.command("cover")
@weeks_option
@from_option
@json_option
@click.pass_context
def cover(ctx: click.Context, weeks: int | None, first: Any, as_json: bool) -> None:
    """Where working time is not covered as §2 asks: when, who is there, who is missing."""
    from intake.regulation import OutsideCalendar

    with opened(ctx) as parts:
        begin, end = _range(parts, first, weeks)
        try:
            gaps = parts.desk.cover(begin, end)
        except OutsideCalendar as error:
            raise OtklikError(str(error)) from error
        zone = parts.regulations.at(parts.clock()).zone
    rows = [_row(gap, zone) for gap in gaps]
    if as_json:
        for row in rows:
            print_json(row)
    else:
        shown = [
            (
                row["date"],
                f"{row['from']:%H:%M}–{row['to']:%H:%M}",
                *(", ".join(row[c]) for c in ("short_of", "present")),
            )
            for row in rows
        ]
        print_table(shown, ("date", "time", "short of", "on shift"))
    say(f"{begin} to {end}: {len({gap.day for gap in gaps})} days fall short")


@command.command("absent")
@json_option
@click.pass_context
def absent(ctx: click.Context, as_json: bool) -> None:
    """Tickets that wait for somebody who is not here today: for those on shift to take."""
    from intake.views import View

    with opened(ctx) as parts:
        tickets = [ticket for found in parts.desk.left_by_absent().values() for ticket in found]
        view = View(parts.desk_settings.timezone)
    if as_json:
        for ticket in tickets:
            print_json(view.ticket(ticket))
    else:
        rows = [(t.key, t.assignee, t.status, view.time(t.next_due), t.subject) for t in tickets]
        print_table(rows, ("key", "assignee", "status", "due", "subject"))


def _range(parts: Parts, first: Any, weeks: int | None) -> tuple[date, date]:
    """Both days included."""
    now = parts.clock()
    regulation = parts.regulations.at(now)
    begin: date = first.date() if first is not None else now.astimezone(regulation.zone).date()
    return begin, begin + timedelta(weeks=weeks or regulation.rules.shift.check_ahead_weeks) - timedelta(days=1)


def _logins(parts: Parts) -> frozenset[str]:
    with parts.store.read() as tx:
        return frozenset(agent.login for agent in tx.people.agents(active=False))


def _row(gap: Gap, zone: Any) -> dict[str, Any]:
    short = {"people": gap.people, "technical": gap.technical}
    return {
        "date": gap.day,
        "from": gap.start.astimezone(zone),
        "to": gap.end.astimezone(zone),
        "present": list(gap.present),
        "short_of": [name for name, missing in short.items() if missing],
        "missing": short,
    }
