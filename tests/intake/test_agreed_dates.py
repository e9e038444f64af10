"""A date of completion agreed with the client: no pause moves it, and everything that tells of it knows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.errors import Refused
from intake.explaining import explain, words
from intake.model import Status, Ticket
from intake.watching import warnings
from tests.support.desks import TestDesk, a_desk, mail

AGREED = datetime(2026, 5, 21, 16, 0, tzinfo=UTC)
"""Nine days after the mail, 19:00 in Moscow."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path) as made:
        made.receive(mail())
        yield made


def ticket(desk: TestDesk) -> Ticket:
    with desk.store.read() as tx:
        return tx.tickets.get(1001)


def explained(desk: TestDesk) -> list[str]:
    with desk.store.read() as tx:
        found, events = tx.tickets.get(1001), tx.tickets.events(1001)
    regulation = desk.regulations.of(found.regulation)
    told = explain(found, events, regulation, desk.clock())
    completion = next(one for one in told if one.kind == "completion")
    return words(completion, regulation, desk.clock())


def test_a_pause_does_not_move_an_agreed_date(desk: TestDesk) -> None:
    desk.desk.agree(1001, AGREED, "anna")
    desk.clock.forward(hours=3)
    waiting = desk.desk.set_status(1001, Status.INFO_NEEDED, "anna")
    assert (waiting.completion_due, waiting.paused) == (AGREED, False)
    assert waiting.next_due == AGREED
    desk.clock.forward(days=2)
    assert desk.desk.set_status(1001, Status.IN_PROGRESS, "anna").completion_due == AGREED


def test_taken_back_the_rules_count_again_with_their_pauses(desk: TestDesk) -> None:
    before = ticket(desk).completion_due
    assert before is not None
    desk.desk.agree(1001, AGREED, "anna")
    desk.desk.set_status(1001, Status.INFO_NEEDED, "anna")
    desk.clock.forward(hours=5)
    desk.desk.set_status(1001, Status.IN_PROGRESS, "anna")
    assert desk.desk.agree(1001, None, "anna").completion_due == before + timedelta(hours=5)


def test_the_explanation_names_the_agreement_and_cites_no_clause(desk: TestDesk) -> None:
    desk.desk.agree(1001, AGREED, "anna")
    said = explained(desk)
    assert said[0] == "Завершение: до 21 мая, 19:00 МСК (идёт)"
    assert said[1] == "  срок согласован с клиентом, ожидание его не сдвигает (правило службы)"


def test_an_agreed_date_is_warned_of_while_the_client_is_waited_for(desk: TestDesk) -> None:
    desk.desk.agree(1001, AGREED, "anna")
    desk.desk.set_status(1001, Status.PAYMENT, "anna")
    desk.clock.now = AGREED + timedelta(minutes=1)
    with desk.store.read() as tx:
        found, events = tx.tickets.get(1001), tx.tickets.events(1001)
    told = {one.kind for one in warnings(found, events, desk.regulations.of(found.regulation), desk.clock())}
    assert "completion_breach" in told


def test_an_improvement_nobody_estimated_may_have_an_agreed_date(tmp_path: Path) -> None:
    with a_desk(tmp_path) as made:
        made.receive(mail(subject="Предлагаем добавить кнопку", body="Добавьте, пожалуйста, кнопку выгрузки в отчёты."))
        assert ticket(made).completion_due is None
        assert made.desk.agree(1001, AGREED, "anna").completion_due == AGREED


def test_what_was_agreed_ends_with_the_closing(desk: TestDesk) -> None:
    desk.desk.agree(1001, AGREED, "anna")
    assert desk.desk.close(1001, "anna").completion_due == AGREED
    desk.clock.forward(hours=1)
    reopened = desk.desk.set_status(1001, Status.IN_PROGRESS, "anna")
    assert reopened.agreed_due is None
    assert reopened.completion_due != AGREED


def test_a_past_date_a_closed_ticket_and_no_agreement_are_refused(desk: TestDesk) -> None:
    with pytest.raises(Refused, match="в будущем"):
        desk.desk.agree(1001, desk.clock(), "anna")
    with pytest.raises(Refused, match="нет согласованного"):
        desk.desk.agree(1001, None, "anna")
    desk.desk.close(1001, "anna")
    with pytest.raises(Refused, match="завершено"):
        desk.desk.agree(1001, AGREED, "anna")
