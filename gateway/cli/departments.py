"""``otklik departments``: a month of the second line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gateway.cli.common import echo, json_option, print_json, print_table
from gateway.cli.parts import opened
from gateway.cli.quality import read_month

if TYPE_CHECKING:
    from datetime import timedelta

    from intake.departments import Figures
    from intake.quality import Month


@click.command()
@click.option("--month", callback=read_month, metavar="YYYY-MM", required=True, help="In which it was asked.")
@json_option
@click.pass_context
def command(ctx: click.Context, month: Month, as_json: bool) -> None:
    """Work out a month of the second line (§7): asked, answered in time, late, open, how long it was waited for.

    Times are working hours; the desk's own and the client's on the same tickets stand beside them.
    """
    from intake.departments import json_shape, line_month

    with opened(ctx) as parts:
        now = parts.clock()
        regulation = parts.regulations.at(now)
        rules = regulation.rules.second_line
        with parts.store.read() as tx:
            found = line_month(tx, month.bounds(regulation.zone), list(rules.departments), parts.regulations, now)
    if as_json:
        print_json(json_shape(str(month), found))
        return
    echo(f"{month}  {rules.clause} of regulation {regulation.rules.version}")
    rows = []
    for one in found.departments:
        rows.append((one.key, "", *_cells(one.figures)))
        rows += [("", key, *_cells(counted)) for key, _, counted in one.topics]
    rows.append(("all", "", *_cells(found.everybody)))
    print_table(rows, ("department", "topic", "asked", "in time", "late", "open", "overdue", "median h", "waited h"))
    echo(f"working hours; of the same tickets the desk's own {_hours(found.own)}, the client's {_hours(found.client)}")


def _cells(counted: Figures) -> tuple[str, ...]:
    median = "" if counted.median is None else _hours(counted.median)
    whole = (counted.asked, counted.in_time, counted.late, counted.open, counted.overdue)
    return (*map(str, whole), median, _hours(counted.waited))


def _hours(amount: timedelta) -> str:
    return f"{amount.total_seconds() / 3600:.1f}"
