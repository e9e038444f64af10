"""Months on a whole desk: whatever history there is, frozen months, what is left out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import Refused
from intake.history import read_past
from intake.model import Agent, Role
from intake.quality import Month, QualityReports, Standing
from intake.quality.shapes import json_shape
from intake.regulations import Regulations
from intake.takeover import take_over
from storage import open_store
from storage.store import DatabaseStore
from tests.intake.quality import slow_model

NOW = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
LOGINS = ("anna", "boris", "vera")
ZONES = ("Europe/Moscow", "UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")


def line(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"VD-{number:04}",
        "type": "consultation",
        "channel": "email",
        "organisation": "ООО «Роща»",
        "product": "Витрина",
        "subject": "Вопрос",
        "opened_at": "2026-08-03T10:00:00+03:00",
        "first_reaction_at": "2026-08-03T10:30:00+03:00",
        "status_history": [{"status": "Запрос", "at": "2026-08-03T10:00:00+03:00"}],
        "closed_at": "2026-09-30T12:00:00+03:00",
        "assignee": "boris",
        "rating": 5,
        **changes,
    }


def take(store: DatabaseStore, lines: Sequence[dict[str, Any]], zone: str = "Europe/Moscow") -> QualityReports:
    """Take history over; the desk's reports."""
    regulations = Regulations(store, zone)
    past = [(n, read_past(json.dumps(one), regulations)) for n, one in enumerate(lines, 1)]
    store.write(lambda tx: take_over(tx, past, NOW))
    return QualityReports(store, regulations, zone)


@pytest.fixture
def store(store_url: str) -> Iterator[DatabaseStore]:
    """An empty desk, on each kind of database."""
    made = open_store(store_url)
    yield made
    made.close()


edges = st.sampled_from(
    [datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)]
)
closings = st.one_of(
    st.none(),
    st.builds(
        lambda at, hours, second: at + timedelta(hours=hours, seconds=second),
        edges,
        st.integers(-14, 14),
        st.integers(-1, 1),
    ),
    st.builds(lambda minutes: datetime(2026, 8, 5, tzinfo=UTC) + timedelta(minutes=minutes), st.integers(0, 160_000)),
)
tickets = st.lists(st.tuples(closings, st.none() | st.sampled_from(LOGINS), st.none() | st.integers(1, 5)), max_size=25)


@settings(max_examples=12)
@given(tickets, st.sampled_from(ZONES))
def test_any_history_gives_the_figures_of_the_slow_model(
    drawn: list[tuple[datetime | None, str | None, int | None]], zone: str
) -> None:
    lines = [
        line(n, closed_at=at and at.isoformat(), assignee=who, rating=rating)
        for n, (at, who, rating) in enumerate(drawn, 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/desk.db")
        try:
            reports = take(store, lines, zone)
            found = {number: shape_of(reports.month(Month(2026, number))) for number in (8, 9, 10, 11)}
        finally:
            store.close()
    for number, shape in found.items():
        assert shape == slow_model.month(lines, 2026, number, zone)


def shape_of(standing: Standing) -> dict[str, Any]:
    shape = json_shape(standing)

    def plain(figures: dict[str, Any]) -> dict[str, Any]:
        return {n: float(v) if n in ("by_rated", "by_closed") and v is not None else v for n, v in figures.items()}

    return {"desk": plain(shape["desk"]), "agents": {who: plain(f) for who, f in sorted(shape["agents"].items())}}


def test_a_frozen_month_stays_and_later_changes_are_amendments(store: DatabaseStore) -> None:
    reports = take(store, [line(1, rating=4), line(2, rating=None), line(3, rating=5)])
    frozen = reports.freeze(Month(2026, 9), "anna", NOW)
    assert (frozen.desk.sum, frozen.amendments) == (9, ())

    take(store, [line(2, rating=1), line(4, rating=3)])
    after = reports.month(Month(2026, 9))
    assert (after.desk.sum, after.agents["boris"].rated) == (9, 2)
    assert [(a.ticket, a.before, a.after) for a in after.amendments] == [
        ("VD-0002", ("boris", None), ("boris", 1)),
        ("VD-0004", None, ("boris", 3)),
    ]
    assert after.report.desk.figures.sum == 13


def test_freezing_again_changes_nothing(store: DatabaseStore) -> None:
    reports = take(store, [line(1)])
    first = reports.freeze(Month(2026, 9), "anna", NOW).frozen
    take(store, [line(2)])
    assert reports.freeze(Month(2026, 9), "boris", NOW + timedelta(days=1)).frozen == first


def test_equal_inputs_have_equal_digests_and_others_do_not(store: DatabaseStore) -> None:
    reports = take(store, [line(1), line(2, closed_at="2026-10-02T12:00:00+03:00")])
    empty, full = (reports.freeze(Month(2026, n), "anna", NOW).frozen for n in (8, 9))
    assert empty is not None
    assert full is not None
    assert empty.digest != full.digest
    assert [row[0] for row in json.loads(full.inputs)] == ["VD-0001"]


def test_a_month_that_is_not_over_is_not_frozen(store: DatabaseStore) -> None:
    reports = take(store, [line(1)])
    end = Month(2026, 9).bounds(reports.zone)[1]
    with pytest.raises(Refused):
        reports.freeze(Month(2026, 9), "anna", end - timedelta(seconds=1))
    assert reports.freeze(Month(2026, 9), "anna", end).frozen is not None


def test_everybody_of_the_registry_is_listed_and_whoever_closed(store: DatabaseStore) -> None:
    people = [Agent("anna", "Анна", "a@d.example", Role.LEAD), Agent("zoya", "Зоя", "z@d.example", active=False)]
    store.write(lambda tx: tx.people.put_agents(people))
    reports = take(store, [line(1), line(2, assignee="gone")])
    assert set(reports.month(Month(2026, 9)).agents) == {"anna", "zoya", "boris", "gone"}


def test_the_trend_begins_with_the_first_closing(store: DatabaseStore) -> None:
    reports = take(store, [line(1, closed_at="2026-08-20T12:00:00+03:00"), line(2)])
    assert [str(one.report.month) for one in reports.trend(Month(2026, 10), 12)] == ["2026-08", "2026-09", "2026-10"]
    assert [str(one.report.month) for one in reports.trend(Month(2026, 10), 2)] == ["2026-09", "2026-10"]
    assert [str(one.report.month) for one in reports.trend(Month(2026, 3), 12)] == ["2026-03"]


def test_reaction_and_completion_are_measured_with_their_edges(store: DatabaseStore) -> None:
    late = line(2, opened_at="2026-09-04T18:40:00+03:00", first_reaction_at="2026-09-07T10:41:00+03:00")
    kept = line(3, opened_at="2026-09-04T18:40:00+03:00", first_reaction_at="2026-09-07T10:40:00+03:00")
    for one in (late, kept):
        one["status_history"] = []
        one["closed_at"] = "2026-09-07T12:00:00+03:00"
    day = line(4, closed_at="2026-09-02T10:00:00+03:00", opened_at="2026-09-01T10:00:00+03:00")
    day |= {"first_reaction_at": "2026-09-01T10:20:00+03:00", "status_history": []}
    work = take(store, [late, kept, day]).month(Month(2026, 9)).report.desk.work
    assert (work.reaction.in_time, work.reaction.of, work.reaction.median) == (2, 3, timedelta(minutes=60))
    assert (work.completion.in_time, work.completion.of) == (1, 3)
    assert work.marks == (0, 0, 0, 0, 3)


def test_a_reaction_before_opening_took_no_working_time_and_counts(store: DatabaseStore) -> None:
    opened = "2026-09-01T06:00:00+03:00"
    early = {"opened_at": opened, "first_reaction_at": "2026-09-01T07:00:00+03:00", "status_history": []}
    late = {"first_reaction_at": "2026-08-03T10:30:15+03:00"}
    lines = [line(1, **early), line(2, **early), line(3, **late), line(4, **late)]
    made = take(store, lines[:3]).month(Month(2026, 9))
    assert made.report.desk.work.reaction.median == timedelta()
    made = take(store, lines).month(Month(2026, 9))
    assert json_shape(made)["work"]["desk"]["reaction"]["median_minutes"] == Decimal("15.1")


def test_a_closing_told_as_a_status_too_counts_when_closed_at_says(store: DatabaseStore) -> None:
    days = {"Процесс": 10, "Завершено": 28}
    told = [{"status": word, "at": f"2026-09-{day}T12:00:00+03:00"} for word, day in days.items()]
    made = take(store, [line(1, status_history=told, closed_at="2026-10-01T00:05:00+03:00")])
    assert [made.month(Month(2026, number)).desk.closed for number in (9, 10)] == [0, 1]
    assert made.month(Month(2026, 10)).report.closings[0].reopened == 0
