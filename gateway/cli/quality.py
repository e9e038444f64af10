"""``otklik quality``: a month's quality (§6) of the desk and each agent."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.common import as_option, echo, json_option, print_json, print_table, say
from gateway.cli.parts import opened
from intake.errors import OtklikError

if TYPE_CHECKING:
    from decimal import Decimal

    from intake.quality import Figures, Month, Standing

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
TREND_MONTHS = 12
SHOWN = 20


def read_month(_ctx: click.Context, _parameter: click.Parameter, value: str) -> Month:
    """YYYY-MM from the command line."""
    from intake.quality import Month

    try:
        return Month.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--month", callback=read_month, metavar="YYYY-MM", required=True, help="Of the last closing.")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, safe for spreadsheets.")
@click.option("--html", "html_file", metavar="FILE", help='Write a page that prints on A4; "-" is stdout.')
@click.option(
    "--by",
    "scope",
    type=click.Choice(["agent", "type", "product", "licensee"]),
    default="agent",
    show_default=True,
    help="What the table and the CSV list below the desk.",
)
@click.option("--freeze", is_flag=True, help="Keep the month's figures; later votes are shown as amendments.")
@as_option
@click.pass_context
def command(
    ctx: click.Context,
    month: Month,
    as_json: bool,
    as_csv: bool,
    html_file: str | None,
    scope: str,
    freeze: bool,
    login: str | None,
) -> None:
    """Work out a month's quality (§6): sum of ratings over rated tickets, and over all closed ones."""
    from intake.quality import QualityReports

    if as_json + as_csv + (html_file is not None) > 1:
        raise click.UsageError("choose one of --json, --csv and --html")
    with opened(ctx) as parts:
        reports = QualityReports(parts.store, parts.regulations, parts.desk_settings.timezone)
        if freeze:
            by = parts.desk.agent(login).login if login else None
            parts.desk.require("freeze", by)
            standing = reports.freeze(month, by or "desk", parts.clock())
        else:
            standing = reports.month(month)
        trend = reports.trend(month, TREND_MONTHS) if html_file is not None else []
        name, now = parts.desk_settings.name, parts.clock()
    if as_json:
        from intake.quality.shapes import json_shape

        print_json(json_shape(standing))
    elif as_csv:
        click.echo(csv_text(standing, scope), nl=False)
    elif html_file is not None:
        from intake.quality.page import page_of
        from templates.quality_rendering import render_quality

        _write(html_file, render_quality(page_of(standing, trend, name, reports.zone, now)))
    else:
        print_standing(standing, scope)
    if freeze and standing.frozen is not None:
        say(
            f"{month} frozen {standing.frozen.frozen_at.isoformat()} by {standing.frozen.frozen_by}: "
            f"sha256 {standing.frozen.digest}, {len(standing.amendments)} amendments since"
        )


def csv_text(standing: Standing, scope: str = "agent") -> str:
    """UTF-8 CSV with a header; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    from intake.quality.shapes import CSV_COLUMNS, csv_rows

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("month", *CSV_COLUMNS))
    for row in csv_rows(standing, scope):
        writer.writerow((str(standing.report.month), *map(_cell, row)))
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        from intake.visible import visible

        text = visible(value)
        return f"'{text}" if text.startswith(FORMULA) else text
    return "" if value is None else value


def _write(file: str, page: str) -> None:
    if file == "-":
        click.echo(page.encode("utf-8"), nl=False)
        return
    try:
        Path(file).write_bytes(page.encode("utf-8"))
    except OSError as error:
        raise OtklikError(f"{file}: {error.strerror}") from error
    say(f"written to {file}")


def print_standing(standing: Standing, scope: str = "agent") -> None:
    """A month as a table: the desk, each agent (or type, product, licensee), what is not counted, what was amended."""
    from intake.quality.shapes import parts_by

    made = standing.report
    quality = made.regulation.rules.quality
    official = "rated tickets" if made.official == "rated" else "all closed tickets"
    echo(f"{made.month}  {quality.clause} of regulation {made.regulation.rules.version}; official: over {official}")
    header = (
        "who",
        "closed",
        "rated",
        "sum",
        "by rated",
        "level",
        "by closed",
        "level",
        "reaction in time",
        "done in time",
    )
    rows = [("desk", standing.desk, made.desk)]
    rows += [(key, found, part) for key, part, found in parts_by(standing, scope)]
    print_table(
        [
            (*_figures(who, found), _percent(part.work.reaction.share), _percent(part.work.completion.share))
            for who, found, part in rows
        ],
        header,
    )
    if made.left_out:
        told = [f"{x.ticket} {x.reason}" + (f" ({x.score})" if x.score is not None else "") for x in made.left_out]
        more = f" and {len(told) - SHOWN} more (--json lists all)" if len(told) > SHOWN else ""
        echo("not counted: " + ", ".join(told[:SHOWN]) + more)
    for change in standing.amendments:
        echo(f"amended since: {change.ticket} {_pair(change.before)} -> {_pair(change.after)}")


def _figures(who: str, found: Figures) -> tuple[Any, ...]:
    averages = (found.by_rated, found.by_rated_level, found.by_closed, found.by_closed_level)
    return (who, found.closed, found.rated, found.sum, *("-" if value is None else value for value in averages))


def _percent(share: Decimal | None) -> str:
    return "-" if share is None else f"{share} %"


def _pair(counted: tuple[str | None, int | None] | None) -> str:
    if counted is None:
        return "not counted"
    return f"{counted[0] or 'nobody'} {counted[1] if counted[1] is not None else 'unrated'}"
