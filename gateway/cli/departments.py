"""``otklik departments``: a month of the second line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gateway.cli.common import echo, json_option, print_json, print_table
from gateway.cli.parts import opened
from gateway.cli.quality import read_month

if TYPE_CHECKING:
    from intake.departments import Figures
    from intake.quality import Month


@click.command()
@click.option("--month", callback=read_month, metavar="YYYY-MM", required=True, help="In which it was asked.")
@json_option
@click.pass_context
def command(ctx: click.Context, month: Month, as_json: bool) -> None:
    """Work out a month of the second line (§7): asked, answered in time, late, median working time, open."""
    from intake.departments import figures, json_shape, month_of, parts_of

    with opened(ctx) as parts:
        now = parts.clock()
        regulation = parts.regulations.at(now)
        with parts.store.read() as tx:
            asked = tx.escalations.between(*month.bounds(regulation.zone))
        counted = parts_of(asked, parts.regulations, now)
        found = month_of(counted, list(regulation.rules.second_line.departments))
        everybody = figures(counted)
    if as_json:
        print_json(json_shape(str(month), found, everybody))
        return
    echo(f"{month}  {regulation.rules.second_line.clause} of regulation {regulation.rules.version}")
    rows = []
    for one in found:
        rows.append((one.key, "", *_cells(one.figures)))
        rows += [("", key, *_cells(counted)) for key, _, counted in one.topics]
    rows.append(("all", "", *_cells(everybody)))
    print_table(rows, ("department", "topic", "asked", "in time", "late", "open", "overdue", "median, working h"))


def _cells(counted: Figures) -> tuple[str, ...]:
    hours = "" if counted.median is None else f"{counted.median.total_seconds() / 3600:.1f}"
    whole = (counted.asked, counted.in_time, counted.late, counted.open, counted.overdue)
    return (*map(str, whole), hours)
