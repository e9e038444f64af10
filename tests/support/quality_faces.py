"""The five faces of a month's figures, each read back into the same plain shape: table, JSON, CSV, HTML, screen."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from gateway.cli.common import print_json
from gateway.cli.quality import csv_text, print_standing
from intake.quality import Standing, labels
from intake.quality.page import page_of
from intake.quality.shapes import json_shape
from templates.quality_rendering import render_quality
from tui.quality_lines import agent_words, desk_lines, ordered

NAMES = ("closed", "rated", "sum", "by_rated", "by_rated_level", "by_closed", "by_closed_level")
SIGNS = {sign: key for key, sign in labels.MARKS.items()}
Figures = dict[str, dict[str, str]]
"""By login, or "desk": every figure as a text, "" for none."""


def texts(expected: Mapping[str, Any]) -> Figures:
    """Expected figures (desk, agents) in that shape."""
    everybody = {"desk": expected["desk"], **expected["agents"]}
    return {who: {n: "" if f[n] is None else str(f[n]) for n in NAMES} for who, f in everybody.items()}


def of_json(trend: Sequence[Standing]) -> Figures:
    """What ``--json`` prints."""
    return texts(json.loads(_printed(lambda: print_json(json_shape(trend[-1])))))


def of_csv(trend: Sequence[Standing]) -> Figures:
    """What ``--csv`` prints."""
    rows = csv.DictReader(io.StringIO(csv_text(trend[-1])))
    return {row["login"] or "desk": {name: row[name] for name in NAMES} for row in rows}


def of_table(trend: Sequence[Standing]) -> Figures:
    """What is printed without an option: below the header, a line each."""
    lines = _printed(lambda: print_standing(trend[-1])).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("who"))
    rows = [line.split() for line in lines[start + 1 :] if "not counted" not in line]
    return {row[0]: {name: cell.replace("-", "") for name, cell in zip(NAMES, row[1:8], strict=True)} for row in rows}


def of_html(trend: Sequence[Standing]) -> Figures:
    """What the page shows of the desk and of agents."""
    reader = FigureReader()
    reader.feed(render_quality(page_of(trend[-1], trend, "Служба", ZoneInfo("UTC"), datetime(2027, 1, 1, tzinfo=UTC))))
    return {who: row for who, row in reader.rows.items() if who == "desk" or who in trend[-1].agents}


def of_screen(trend: Sequence[Standing]) -> Figures:
    """What Качество says of the desk, and of each agent who closed something."""
    said = {"desk": desk_lines(trend).plain}
    said |= {part.key: agent_words(trend, part).plain for part in ordered(trend[-1])}
    return {who: _of_words(words) for who, words in said.items()}


def _of_words(words: str) -> dict[str, str]:
    found = re.search(
        r"Завершено (\d+), оценено (\d+), сумма (\d+); на оценённые (\S+)(?: ([●◆▲]))?, на все (\S+)(?: ([●◆▲]))?",
        words,
    )
    assert found is not None, words
    closed, rated, total, by_rated, rated_sign, by_closed, closed_sign = found.groups()
    averages = [value.replace(",", ".").replace("—", "") for value in (by_rated, by_closed)]
    levels = [SIGNS.get(sign, "") for sign in (rated_sign, closed_sign)]
    return dict(zip(NAMES, (closed, rated, total, averages[0], levels[0], averages[1], levels[1]), strict=True))


def _printed(work: Callable[[], object]) -> str:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out):
        work()
        out.flush()
    return out.buffer.getvalue().decode("utf-8")


class FigureReader(HTMLParser):
    """The ``data`` elements of a report's rows, by the row's key."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Figures = {}
        self.row: dict[str, str] = {}
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = {name: value or "" for name, value in attrs}
        if tag == "tr" and "data-key" in given:
            self.row = self.rows.setdefault(given["data-key"], {})
        if tag == "data":
            self.row[given["data-figure"]] = given["value"]
            if "data-level" in given:
                self.row[f"{given['data-figure']}_level"] = given["data-level"]
