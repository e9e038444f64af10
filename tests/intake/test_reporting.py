"""The month's quality is mailed to the leads once, when the next month's first working day begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support.desks import TestDesk, a_desk, mail


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """A desk that closed one ticket in May 2026, marked 2."""
    with a_desk(tmp_path) as made:
        row = made.receive(mail())
        assert row.ticket is not None
        made.desk.close(row.ticket, "boris")
        made.clock.forward(minutes=5)
        letter = next(one for one in made.letters() if one.kind == "status_closed")
        answer = mail(body="2", message_id="<vote@roscha.example>", In_Reply_To=letter.message_id)
        made.receive(answer)
        assert made.ticket(row.ticket).rating == 2
        yield made


def mailed(desk: TestDesk) -> list[str]:
    letters = [one for one in desk.letters() if one.kind == "quality"]
    assert all([address for address, _, _ in one.recipients] == ["anna@vitrina-domiland.example"] for one in letters)
    texts = []
    for one in letters:
        part = message_from_bytes(one.raw, policy=policy.default).get_body(("plain",))
        assert part is not None
        texts.append(str(part.get_content()))
    return texts


def test_it_leaves_with_the_first_working_day_and_once(desk: TestDesk) -> None:
    for at, letters in (
        (datetime(2026, 5, 31, 20, 59, tzinfo=UTC), 0),
        (datetime(2026, 6, 1, 6, 59, tzinfo=UTC), 0),
        (datetime(2026, 6, 1, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 6, 2, 9, 0, tzinfo=UTC), 1),
    ):
        desk.clock.now = at
        desk.desk.mail_month()
        assert len(mailed(desk)) == letters, at


def test_it_says_who_needs_help(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
    assert desk.desk.mail_month()
    (text,) = mailed(desk)
    flat = " ".join(text.split())
    assert "Служба поддержки: 2,0, недопустимый уровень (§6)" in flat
    assert "Борис Гусев: 2,0. Нужна помощь: оценки 3 и ниже: 1 из 1" in flat


def test_a_month_without_closings_is_passed_over(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert not desk.desk.mail_month()
    assert mailed(desk) == []
