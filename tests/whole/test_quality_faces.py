"""A month's figures are the same on all five faces, and those that an independent slow count gives."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.history import read_past
from intake.quality import Month, QualityReports, Standing
from intake.quality.shapes import json_shape
from intake.registry_files import agents_from_csv
from intake.settings import DeskSettings
from intake.takeover import take_over
from tests.intake.quality import lives
from tests.support import quality_faces as faces
from tests.support.desks import DESK_ADDRESS, MovedClock, TestDesk, a_desk, mail

DATA = Path(__file__).resolve().parents[1] / "data" / "history"
EXPECTED: dict[str, Any] = json.loads((DATA / "history_expected.json").read_text("utf-8"))["months"]
ZONES = ("Europe/Moscow", "UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
LOGINS = ("anna", "boris")
FACES: dict[str, Callable[[list[Standing]], faces.Figures]] = {
    "table": faces.of_table,
    "json": faces.of_json,
    "csv": faces.of_csv,
    "html": faces.of_html,
    "screen": faces.of_screen,
}


def assert_faces(trend: list[Standing], expected: faces.Figures) -> None:
    """Every face shows these figures of everybody; the screen lists nobody who closed nothing."""
    for name, face in FACES.items():
        wanted = expected
        if name == "screen":
            wanted = {who: f for who, f in expected.items() if who == "desk" or f["closed"] != "0"}
        assert face(trend) == wanted, name


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QualityReports]:
    with a_desk(tmp_path_factory.mktemp("past")) as desk:
        people = agents_from_csv((DATA / "agents.csv").read_bytes(), "agents.csv")
        lines = (DATA / "history.jsonl").read_text("utf-8").splitlines()
        read = [(number, read_past(line, desk.regulations)) for number, line in enumerate(lines, 1)]
        desk.store.write(lambda tx: tx.people.put_agents(people))
        desk.store.write(lambda tx: take_over(tx, read, desk.clock()))
        yield QualityReports(desk.store, desk.regulations, "Europe/Moscow")


@pytest.mark.parametrize("month", EXPECTED)
def test_the_imported_past_has_its_figures_on_every_face(past: QualityReports, month: str) -> None:
    nobody = {name: "0" if name in ("closed", "rated", "sum") else "" for name in faces.NAMES}
    others = dict.fromkeys(LOGINS, nobody)
    assert_faces(past.trend(Month.parse(month), 12), {**others, **faces.texts(EXPECTED[month])})


delays = st.one_of(
    st.integers(1, 20_000).map(lambda minutes: timedelta(minutes=minutes)),
    st.sampled_from([timedelta(days=7, seconds=second) for second in (-1, 0, 1)]),
)
by_whom = st.sampled_from(LOGINS)


def step(what: str, value: st.SearchStrategy[Any] = by_whom) -> st.SearchStrategy[lives.Step]:
    return st.tuples(st.just(what), value, delays)


assigned, voted = step("assign"), step("vote", st.integers(1, 5))
closed = st.tuples(st.lists(assigned, max_size=1), step("close"), st.lists(assigned | voted | voted, max_size=3))
ended = st.none() | step("spam", st.none()) | step("merge", st.none())


@st.composite
def whole_lives(draw: st.DrawFn) -> list[lives.Step]:
    """A ticket is closed up to three times, with votes and other hands between; in the end perhaps put away."""
    told: list[lives.Step] = []
    for number in range(draw(st.integers(0, 3))):
        before, closing, after = draw(closed)
        told += [*([draw(step("reopen"))] if number else []), *before, closing, *after]
    end = draw(ended)
    if end is not None:
        told += [draw(step("reopen")), end, draw(voted)]
    return told


starts = st.tuples(st.sampled_from([9, 10]), st.sampled_from([-1, 0, 1]), st.integers(0, 3))
drawn = st.lists(st.tuples(starts, whole_lives()), min_size=1, max_size=4)


@settings(max_examples=10)
@given(drawn, st.sampled_from(ZONES))
def test_any_life_of_tickets_has_its_figures_on_every_face(
    histories: list[tuple[tuple[int, int, int], list[lives.Step]]], zone: str
) -> None:
    desk_settings = DeskSettings(address=DESK_ADDRESS, timezone=zone)
    start = MovedClock(datetime(2026, 8, 3, 9, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder, a_desk(Path(folder), desk_settings, start) as desk:
        sink = desk.receive(mail(sender="sink@other.example", message_id="<sink@other.example>")).ticket
        assert sink is not None
        told = [
            lives.live(desk, beginning(desk, place, zone, own), number, own, sink)
            for number, (place, own) in enumerate(histories)
        ]
        reports = QualityReports(desk.store, desk.regulations, zone)
        for number in (8, 9, 10, 11, 12):
            trend = reports.trend(Month(2026, number), 12)
            assert_faces(trend, faces.texts(lives.expected(told, 2026, number, zone, LOGINS)))
            mine = [life for life in told if lives.belongs(life, 2026, number, zone)]
            assert_left_out(trend[-1], mine)


def beginning(desk: TestDesk, place: tuple[int, int, int], zone: str, own: list[lives.Step]) -> datetime:
    """When a ticket is opened: so that its n-th step falls on the first second of a month, or beside it."""
    del desk
    month, second, step = place
    before = sum((after for _, _, after in own[: step + 1]), timedelta())
    return lives.edge(2026, month, zone) + timedelta(seconds=second) - before


def assert_left_out(standing: Standing, mine: list[lives.Life]) -> None:
    """Every vote and ticket that is not counted is named with its reason."""
    shape = json_shape(standing)
    found = sorted((x["ticket"], x["reason"], x["score"] or 0) for x in shape["left_out"])
    wanted = sorted((f"VD-{life.number}", reason, score or 0) for life in mine for reason, score in life.reasons())
    assert found == wanted
    assert shape["work"]["desk"]["reopened"] == sum(life.reopened > 0 for life in mine if life.out is None)
