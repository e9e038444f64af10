from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from holidays import country_holidays

from intake.regulation import (
    OutsideCalendar,
    RegulationError,
    WorkingCalendar,
    calendar_for,
    library_calendar,
    load_regulation,
    load_rules,
    shipped_calendar,
    shipped_calendar_text,
    shipped_text,
)
from tests.intake.regulation.building import moscow, regulation_with

SHIPPED = shipped_calendar()


def test_the_shipped_calendar_is_what_the_library_knows() -> None:
    """Written anew by library_calendar(confirmed_through=...).to_json() when a decree is published."""
    assert library_calendar(confirmed_through=2027).to_json() == shipped_calendar_text()
    assert calendar_for(load_rules(shipped_text())) == SHIPPED


def test_every_day_is_what_the_library_says() -> None:
    russia = country_holidays("RU", years=range(2000, 2051), language="ru")
    day = date(2000, 1, 1)
    while day.year <= 2050:
        assert SHIPPED.is_working_day(day) == russia.is_working_day(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        ("2025-11-01", "working", ""),
        ("2025-11-03", "holiday", "Выходной (перенесено с 01.11.2025)"),
        ("2026-01-09", "holiday", "Выходной (перенесено с 03.01.2026)"),
        ("2026-05-09", "holiday", "День Победы"),
        ("2026-05-10", "weekend", ""),
        ("2026-05-11", "holiday", "День Победы (выходной)"),
        ("2026-05-12", "working", ""),
        ("2027-02-20", "working", ""),
    ],
)
def test_days_are_named_in_russian(day: str, kind: str, name: str) -> None:
    assert (SHIPPED.kind(date.fromisoformat(day)), SHIPPED.name(date.fromisoformat(day))) == (kind, name)


def test_a_calendar_comes_back_from_its_text_the_same() -> None:
    own = regulation_with(("extra_days_off = [] ", "extra_days_off = [2026-07-20] ")).calendar
    assert WorkingCalendar.from_json(own.to_json()) == own


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"first_year": "x"}', "null", shipped_calendar_text()[:-100]])
def test_a_broken_calendar_is_one_line(text: str) -> None:
    with pytest.raises(RegulationError, match=r"^there: not a working calendar: [^\n]+$"):
        WorkingCalendar.from_json(text, "there")


def test_the_desk_s_own_days_come_first() -> None:
    own = regulation_with(
        ("extra_days_off = [] ", "extra_days_off = [2026-07-20, 2027-02-20] "),
        ("extra_working_days = [] ", "extra_working_days = [2026-12-31, 2026-07-25] "),
    ).calendar
    assert not own.is_working_day(date(2026, 7, 20))
    assert own.is_working_day(date(2026, 12, 31))
    assert own.is_working_day(date(2026, 7, 25))
    assert not own.is_working_day(date(2027, 2, 20))
    assert own.name(date(2026, 7, 20)) == "Выходной службы поддержки"


def test_years_after_the_last_decree_are_provisional() -> None:
    assert not SHIPPED.provisional(date(2027, 12, 31))
    assert SHIPPED.provisional(date(2028, 1, 1))


def test_a_day_outside_is_an_error() -> None:
    with pytest.raises(OutsideCalendar, match="2000–2050"):
        SHIPPED.is_working_day(date(2051, 1, 1))


def test_a_stored_version_keeps_the_days_it_was_stored_with() -> None:
    moved = shipped_calendar_text().replace('"2026-05-11": "День Победы (выходной)",\n', "")
    kept = load_regulation(shipped_text(), moved)
    assert kept.rules.version == "2.0"
    assert kept.reaction_due(moscow("2026-05-08 18:30")).at == moscow("2026-05-11 10:30")


def test_the_package_imports_nothing_heavy() -> None:
    script = (
        "import sys, intake.regulation as r; r.shipped_regulation(); "
        "print(sorted({'pydantic', 'holidays', 'click', 'peewee', 'textual', 'starlette'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_environment()
    )
    assert done.stdout.strip() == "[]"


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
