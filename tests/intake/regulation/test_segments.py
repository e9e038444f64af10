from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from intake.regulation import Pause, Regulation, Segment
from intake.regulation.segments import day_segments
from tests.intake.regulation.building import MOSCOW, instants, moscow, regulation_with


def told(segments: Sequence[Segment]) -> list[tuple[str, str, str, bool]]:
    """From when (Moscow), what, which, whether it counts."""
    return [
        (f"{piece.start.astimezone(MOSCOW):%d.%m %H:%M}", piece.kind, piece.name, piece.counted) for piece in segments
    ]


def test_a_reaction_over_a_long_weekend_is_explained(regulation: Regulation) -> None:
    countdown = regulation.reaction(moscow("2026-05-08 18:30"))
    segments = regulation.explain(countdown, regulation.reaction_due(countdown.since).at)
    assert told(segments) == [
        ("08.05 18:30", "working", "", True),
        ("08.05 19:00", "night", "", False),
        ("09.05 00:00", "holiday", "День Победы", False),
        ("10.05 00:00", "weekend", "", False),
        ("11.05 00:00", "holiday", "День Победы (выходной)", False),
        ("12.05 00:00", "night", "", False),
        ("12.05 10:00", "working", "", True),
    ]
    assert segments[-1].end == moscow("2026-05-12 10:30")
    assert {piece.clause for piece in segments} == {"§2"}


def test_elapsed_hours_are_explained_with_their_pauses(regulation: Regulation) -> None:
    pause = Pause(moscow("2026-05-13 14:00"), moscow("2026-05-13 16:00"), "info_needed")
    closed = Pause(moscow("2026-05-13 18:00"), moscow("2026-05-13 19:00"), "closed")
    countdown = regulation.completion("consultation", moscow("2026-05-13 12:00"), pauses=[pause, closed])
    assert countdown is not None
    due = regulation.deadline(countdown)
    assert due is not None
    assert told(regulation.explain(countdown, due.at)) == [
        ("13.05 12:00", "elapsed", "", True),
        ("13.05 14:00", "pause", "Требуется информация", False),
        ("13.05 16:00", "elapsed", "", True),
        ("13.05 18:00", "pause", "обращение было завершено", False),
        ("13.05 19:00", "elapsed", "", True),
    ]


def test_a_pause_that_lasts_is_explained_until_now(regulation: Regulation) -> None:
    countdown = regulation.completion(
        "bug", moscow("2026-05-13 12:00"), pauses=[Pause(moscow("2026-05-13 14:00"), None, "payment")]
    )
    assert countdown is not None
    assert told(regulation.explain(countdown, moscow("2026-05-14 09:00"))) == [
        ("13.05 12:00", "elapsed", "", True),
        ("13.05 14:00", "pause", "Оплата", False),
    ]


def test_hours_that_wait_for_the_opening_are_explained() -> None:
    rules = regulation_with(('clock = "calendar" ', 'clock = "calendar_from_opening_hour" '))
    countdown = rules.completion("consultation", moscow("2026-05-09 12:00"))
    assert countdown is not None
    due = rules.deadline(countdown)
    assert due is not None
    kinds = [piece.kind for piece in rules.explain(countdown, due.at)]
    assert kinds == ["holiday", "weekend", "holiday", "night", "elapsed"]


def test_second_line_days_are_numbered(regulation: Regulation) -> None:
    countdown = regulation.second_line("legal", moscow("2026-05-08 18:30"))
    segments = regulation.explain(countdown, regulation.second_line_due("legal", countdown.since).at)
    assert told(segments) == [
        ("08.05 18:30", "day_of_sending", "", False),
        ("09.05 00:00", "holiday", "День Победы", False),
        ("10.05 00:00", "weekend", "", False),
        ("11.05 00:00", "holiday", "День Победы (выходной)", False),
        ("12.05 00:00", "working_day", "1-й рабочий день", True),
        ("13.05 00:00", "working_day", "2-й рабочий день", True),
        ("14.05 00:00", "working_day", "3-й рабочий день", True),
    ]
    assert segments[0].clause is None


def test_a_day_off_of_the_desk_s_own_cites_no_clause() -> None:
    rules = regulation_with(("extra_days_off = [] ", "extra_days_off = [2026-05-12] "))
    segments = day_segments(rules.working, moscow("2026-05-11 12:00"), moscow("2026-05-13 09:00"))
    assert [(piece.kind, piece.name, piece.clause) for piece in segments] == [
        ("holiday", "День Победы (выходной)", "§2"),
        ("holiday", "Выходной службы поддержки", None),
        ("night", "", "§2"),
    ]


@given(start=instants, passed=st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_segments_leave_no_gap_and_count_exactly_the_working_time(
    regulation: Regulation, start: datetime, passed: timedelta
) -> None:
    begin, end = start.astimezone(UTC), start.astimezone(UTC) + passed
    segments = regulation.explain(regulation.reaction(start), end)
    assert (segments[0].start, segments[-1].end) == (begin, end)
    for one, other in pairwise(segments):
        assert one.end == other.start
        assert (one.kind, one.name) != (other.kind, other.name)
    counted = sum((piece.end - piece.start for piece in segments if piece.counted), timedelta(0))
    assert counted == regulation.working.between(start, end)


def test_where_pauses_overlap_the_earlier_one_is_told(regulation: Regulation) -> None:
    first = Pause(moscow("2026-05-13 13:00"), moscow("2026-05-13 15:00"), "payment")
    second = Pause(moscow("2026-05-13 14:00"), moscow("2026-05-13 16:00"), "verification")
    countdown = regulation.completion("bug", moscow("2026-05-13 12:00"), pauses=[second, first])
    assert countdown is not None
    assert told(regulation.explain(countdown, moscow("2026-05-13 17:00"))) == [
        ("13.05 12:00", "elapsed", "", True),
        ("13.05 13:00", "pause", "Оплата", False),
        ("13.05 15:00", "pause", "Проверка", False),
        ("13.05 16:00", "elapsed", "", True),
    ]
