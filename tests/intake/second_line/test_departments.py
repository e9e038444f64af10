"""The second line's month: every part counted once, in working time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from intake.departments import Figures, Part, figures, json_shape, line_month, month_of, parts_of
from tests.support.departments import ASKING
from tests.support.desks import MovedClock, a_desk, mail

HOUR = timedelta(hours=1)
MAY = (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))


def part(answered: bool, late: bool, hours: int = 1) -> Part:
    return Part("legal", "Юристы", "legal", "Правовые вопросы", answered, late, hours * HOUR if answered else None)


@given(st.lists(st.builds(part, st.booleans(), st.booleans(), st.integers(0, 100))))
def test_every_part_is_in_one_column(parts: list[Part]) -> None:
    counted = figures(parts)
    assert counted.asked == len(parts) == counted.in_time + counted.late + counted.open
    assert counted.overdue <= counted.open
    assert (counted.median is None) == (counted.in_time + counted.late == 0)


def test_figures_of_departments_that_answered_in_time_late_and_never(tmp_path: Path) -> None:
    """Asked on Thursday 7 May 2026 at 11:00; the weekend and holidays of 9 to 11 May take no working time."""
    with a_desk(tmp_path, ASKING, MovedClock(datetime(2026, 5, 7, 8, tzinfo=UTC))) as desk:
        desk.receive(mail())
        for topic in ("legal", "settlements", "data_edit", "development"):
            desk.desk.escalate(1001, topic, "anna", "?")
        desk.clock.now = datetime(2026, 5, 12, 8, tzinfo=UTC)
        desk.desk.answered(1001, "legal", "anna")
        desk.desk.answered(1001, "data_edit", "anna")
        desk.desk.answered(1001, "development", "anna", department="product")
        now = datetime(2026, 5, 14, 8, tzinfo=UTC)
        with desk.store.read() as tx:
            asked = tx.escalations.between(*MAY)
            month = line_month(tx, MAY, ["it", "legal"], desk.regulations, now)
            nothing = tx.escalations.between(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
        assert nothing == []
        parts = parts_of(asked, desk.regulations, now)
    found = month_of(parts, ["it", "legal"])
    assert [one.key for one in found] == ["it", "legal", "finance", "product"]
    by_key = {one.key: one.figures for one in found}
    assert by_key["legal"] == Figures(1, 1, 0, 0, 0, 18 * HOUR, 18 * HOUR)
    assert by_key["it"] == Figures(2, 0, 1, 1, 0, 18 * HOUR, (18 + 36) * HOUR)
    assert by_key["finance"] == Figures(1, 0, 0, 1, 0, None, 36 * HOUR)
    assert (list(month.departments), month.everybody) == (found, figures(parts))
    shape = json_shape("2026-05", month)
    assert (shape["desk_working_hours"], shape["client_working_hours"]) == (0.0, 0.0)
    assert shape["departments"]["it"]["topics"]["data_edit"]["late"] == 1
    assert shape["all"] == {
        "asked": 5,
        "in_time": 2,
        "late": 1,
        "open": 2,
        "overdue": 0,
        "median_working_hours": 18.0,
        "waited_working_hours": 18.0 * 3 + 36.0 * 2,
    }
