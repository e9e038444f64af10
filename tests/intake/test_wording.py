from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.regulation import Regulation, shipped_regulation
from intake.wording import (
    date_words,
    day_runs_words,
    deadline_words,
    duration_words,
    moment_words,
    plural,
    second_line_words,
    working_hours_words,
    zone_label,
)

MOSCOW = ZoneInfo("Europe/Moscow")
REGULATION = shipped_regulation()


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("received", "words"),
    [
        ("2026-05-08 18:30", "до 10:30 МСК во вторник, 12 мая: 9–11 мая выходные"),
        ("2026-05-09 12:00", "до 11:00 МСК во вторник, 12 мая: 9–11 мая выходные"),
        ("2026-05-10 12:00", "до 11:00 МСК во вторник, 12 мая: 10–11 мая выходные"),
        ("2026-05-20 12:00", "до 13:00 МСК в среду, 20 мая"),
        ("2026-05-20 18:30:59.5", "до 10:30 МСК в четверг, 21 мая"),
        ("2026-05-15 18:30", "до 10:30 МСК в понедельник, 18 мая: 16–17 мая выходные"),
        ("2026-11-03 18:30", "до 10:30 МСК в четверг, 5 ноября: 4 ноября выходной, День народного единства"),
        ("2025-11-02 12:00", "до 11:00 МСК в среду, 5 ноября: 2–4 ноября выходные"),
        ("2025-10-31 18:30", "до 10:30 МСК в субботу, 1 ноября"),
        ("2025-04-30 18:30", "до 10:30 МСК в понедельник, 5 мая: 1–4 мая выходные"),
        (
            "2026-12-30 18:30",
            "до 10:30 МСК в понедельник, 11 января 2027 года: 31 декабря – 10 января выходные",
        ),
    ],
)
def test_a_reaction_is_promised_in_words(received: str, words: str) -> None:
    at = moscow(received)
    assert deadline_words(REGULATION, at, REGULATION.reaction_due(at).at) == words


def test_elapsed_hours_blame_no_day_off() -> None:
    at = moscow("2026-05-08 18:30")
    due = REGULATION.completion_due("consultation", at)
    assert due is not None
    assert deadline_words(REGULATION, at, due.at, working=False) == "до 18:30 МСК в субботу, 9 мая"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (60, "до 18:00 МСК во вторник, 19 мая: 9–11 мая и 16–17 мая выходные"),
        (600, "до 18:00 МСК в среду, 12 августа: считаются только рабочие дни"),
        (3000, "до 15:00 МСК в среду, 8 сентября 2027 года: считаются только рабочие дни"),
    ],
)
def test_a_long_term_does_not_list_every_weekend(hours: int, words: str) -> None:
    at = moscow("2026-05-08 12:00")
    due = REGULATION.completion_due("improvement", at, estimate_hours=hours)
    assert due is not None
    assert deadline_words(REGULATION, at, due.at) == words


@pytest.mark.parametrize(
    ("topic", "days", "words"),
    [
        ("legal", 3, "до 19:00 МСК четверга, 14 мая, 3 рабочих дня"),
        ("settlements", 5, "до 19:00 МСК понедельника, 18 мая, 5 рабочих дней"),
        ("data_edit", 1, "до 19:00 МСК вторника, 12 мая, 1 рабочий день"),
    ],
)
def test_a_department_reads_day_hour_and_term(topic: str, days: int, words: str) -> None:
    at = moscow("2026-05-08 18:30")
    due = REGULATION.second_line_due(topic, at).at
    assert second_line_words(REGULATION, at, due, days) == words


@given(
    st.timedeltas(timedelta(0), timedelta(days=15 * 365)).map(lambda passed: datetime(2025, 1, 1, tzinfo=UTC) + passed)
)
def test_any_promise_can_be_put_in_words(at: datetime) -> None:
    words = deadline_words(REGULATION, at, REGULATION.reaction_due(at).at)
    assert words.startswith("до ")
    assert "сегодня" not in words
    assert "\n" not in words


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Europe/Moscow", "МСК"),
        ("Asia/Yekaterinburg", "UTC+5"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/New_York", "UTC−4"),
        ("America/St_Johns", "UTC−2:30"),
        ("UTC", "UTC"),
    ],
)
def test_zones_but_moscow_s_are_named_by_their_offset(zone: str, label: str) -> None:
    assert zone_label(ZoneInfo(zone), datetime(2026, 7, 1, tzinfo=UTC)) == label


def test_other_zones_are_promised_in_their_own_time() -> None:
    ural = Regulation(REGULATION.rules, REGULATION.calendar, ZoneInfo("Asia/Yekaterinburg"))
    at = datetime(2026, 5, 20, 7, 0, tzinfo=UTC)
    assert deadline_words(ural, at, ural.reaction_due(at).at) == "до 13:00 UTC+5 в среду, 20 мая"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 рабочих дней"),
        (1, "1 рабочий день"),
        (2, "2 рабочих дня"),
        (4, "4 рабочих дня"),
        (5, "5 рабочих дней"),
        (11, "11 рабочих дней"),
        (12, "12 рабочих дней"),
        (21, "21 рабочий день"),
        (22, "22 рабочих дня"),
        (111, "111 рабочих дней"),
        (-1, "-1 рабочий день"),
    ],
)
def test_a_number_takes_its_form_of_the_noun(number: int, words: str) -> None:
    assert plural(number, "рабочий день", "рабочих дня", "рабочих дней") == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 мин"),
        (0.5, "меньше минуты"),
        (-0.5, "меньше минуты"),
        (59, "59 мин"),
        (60, "1 ч"),
        (135, "2 ч 15 мин"),
        (2879, "47 ч 59 мин"),
        (2880, "2 дн."),
        (4560, "3 дн. 4 ч"),
        (-90, "−1 ч 30 мин"),
    ],
)
def test_durations_are_told_in_two_units_at_most(minutes: float, words: str) -> None:
    assert duration_words(timedelta(minutes=minutes)) == words


def test_working_time_is_told_in_hours_however_many() -> None:
    """A working day has not 24 of them."""
    told = [working_hours_words(timedelta(minutes=minutes)) for minutes in (0, 135, 2880, 5400, 5433)]
    assert told == ["0 мин", "2 ч 15 мин", "48 ч", "90 ч", "90 ч 33 мин"]


def test_dates_tell_their_year_where_it_differs() -> None:
    assert date_words(date(2026, 5, 12)) == "12 мая 2026 года"
    assert date_words(date(2026, 5, 12), date(2026, 1, 1)) == "12 мая"
    assert date_words(date(2027, 1, 11), date(2026, 12, 30)) == "11 января 2027 года"
    assert moment_words(MOSCOW, moscow("2026-05-12 10:30"), moscow("2026-05-08 18:30")) == "12 мая, 10:30 МСК"
    assert moment_words(MOSCOW, moscow("2026-05-12 10:30")) == "12 мая 2026 года, 10:30 МСК"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2026-05-09"], "9 мая"),
        (["2026-05-09", "2026-05-10", "2026-05-11"], "9–11 мая"),
        (["2026-04-30", "2026-05-01"], "30 апреля – 1 мая"),
        (["2026-12-31", "2027-01-01"], "31 декабря – 1 января"),
        (["2026-11-04", "2026-11-07", "2026-11-08"], "4 ноября и 7–8 ноября"),
        (["2026-11-01", "2026-11-04", "2026-11-07"], "1 ноября, 4 ноября и 7 ноября"),
        ([], ""),
    ],
)
def test_neighbouring_days_are_joined(days: list[str], words: str) -> None:
    assert day_runs_words(map(date.fromisoformat, days)) == words
