"""The month's quality is mailed to the leads once, when the next month's first working day begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.desk import Desk
from intake.letters.writing import LetterWriter
from intake.model import Agent, Role
from intake.regulations import Regulations
from templates import render_letter
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


def letters_of(desk: TestDesk) -> list[EmailMessage]:
    letters = [one for one in desk.letters() if one.kind == "quality"]
    assert all([address for address, _, _ in one.recipients] == ["anna@vitrina-domiland.example"] for one in letters)
    found = [message_from_bytes(one.raw, policy=policy.default) for one in letters]
    assert all(isinstance(one, EmailMessage) for one in found)
    return found


def mailed(desk: TestDesk) -> list[str]:
    texts = []
    for one in letters_of(desk):
        part = one.get_body(("plain",))
        assert part is not None
        texts.append(" ".join(str(part.get_content()).split()))
    return texts


def report_of(letter: EmailMessage) -> tuple[str | None, str]:
    (part,) = letter.iter_attachments()
    assert part.get_content_type() == "text/html"
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return part.get_filename(), data.decode("utf-8")


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
    (flat,) = mailed(desk)
    assert "Служба поддержки: 2,0, недопустимый уровень (§6)" in flat
    assert "Завершено 1 обращение, оценено 1 (100,0 %)." in flat
    assert "Борис Гусев: 2,0. Нужна помощь: оценки 3 и ниже: 1 из 1" in flat
    assert "Прочитать: VD-1001 (2)." in flat


def test_the_report_is_enclosed_and_needs_nothing_else(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    desk.desk.mail_month()
    (letter,) = letters_of(desk)
    name, page = report_of(letter)
    assert name == "quality-2026-05.html"
    assert page.startswith("<!DOCTYPE html>")
    assert "Качество обработки обращений: май 2026" in page
    assert "Борис Гусев" in page
    assert not re.search(r"<script|<link|<img|https?:", page)


def test_a_gateway_started_anew_mails_nothing_again(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert desk.desk.mail_month()
    writer = LetterWriter(desk.settings, desk.signer, render_letter)
    again = Desk(desk.store, Regulations(desk.store, "Europe/Moscow"), writer, desk.settings, desk.clock)
    assert not again.mail_month()
    assert len(mailed(desk)) == 1


def test_months_missed_while_nothing_ran_follow_one_by_one(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert desk.desk.mail_month()
    for month, number in ((6, 2), (8, 3)):
        desk.clock.now = datetime(2026, month, 10, 9, 0, tzinfo=UTC)
        row = desk.receive(mail(message_id=f"<{number}@roscha.example>", subject=f"Вопрос {number}"))
        assert row.ticket is not None
        desk.desk.close(row.ticket, "boris", quiet=True)
    desk.clock.now = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
    assert [desk.desk.mail_month() for _ in range(4)] == [True, False, True, False]
    assert [str(one["Subject"]) for one in letters_of(desk)] == [
        "Качество за май 2026",
        "Качество за июнь 2026",
        "Качество за август 2026",
    ]


def test_a_month_waits_for_a_lead_to_be_told(desk: TestDesk) -> None:
    lead = Agent("anna", "Анна Белова", "", Role.LEAD)
    desk.store.write(lambda tx: tx.people.put_agents([lead]))
    desk.clock.now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert not desk.desk.mail_month()
    desk.store.write(lambda tx: tx.people.put_agents([replace(lead, email="anna@vitrina-domiland.example")]))
    assert desk.desk.mail_month()


def test_a_month_without_closings_is_passed_over(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert not desk.desk.mail_month()
    assert mailed(desk) == []
