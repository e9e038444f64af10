"""A ticket's life: statuses with their letters, merge, split, link, spam, snooze."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.errors import Refused
from intake.model import Status, Type
from intake.ports import QueuePage
from intake.settings import DeskSettings
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail
from tests.support.plain import plain_text


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    settings = DeskSettings(address=DESK_ADDRESS, public_url="https://desk.example")
    with a_desk(tmp_path, settings) as made:
        made.receive(mail())
        yield made


def last_letter(desk: TestDesk) -> str:
    return plain_text(desk.letters()[-1].raw)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.INFO_NEEDED, "нужны дополнительные сведения"),
        (Status.PAYMENT, "выставлен счёт"),
        (Status.VERIFICATION, "https://desk.example/confirm/vd-1001."),
        (Status.CLOSED, "до 26 мая"),
    ],
)
def test_the_client_learns_what_is_expected_of_him(desk: TestDesk, status: Status, says: str) -> None:
    desk.desk.set_status(1001, status, "anna", text="Счёт № 7 во вложении не потеряйте.")
    assert desk.letters()[-1].kind == f"status_{status}"
    assert says in last_letter(desk)
    assert "Счёт № 7" in last_letter(desk)


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.ANALYSIS])
def test_the_desks_own_steps_send_nothing(desk: TestDesk, status: Status) -> None:
    desk.desk.set_status(1001, status, "anna")
    assert len(desk.letters()) == 1


def test_quiet_is_quiet(desk: TestDesk) -> None:
    desk.desk.close(1001, "anna", quiet=True)
    assert len(desk.letters()) == 1


def test_the_clients_page_closes_what_works_and_returns_what_does_not(desk: TestDesk) -> None:
    desk.desk.set_status(1001, Status.VERIFICATION, "anna")
    back = desk.desk.confirm(1001, works=False, text="Кнопки всё ещё нет.")
    assert (back.status, back.unread, back.paused) == (Status.IN_PROGRESS, True, False)
    desk.desk.set_status(1001, Status.VERIFICATION, "anna")
    assert desk.desk.confirm(1001, works=True).status is Status.CLOSED
    with pytest.raises(Refused):
        desk.desk.confirm(1001, works=True)


def second(desk: TestDesk) -> int:
    return desk.receive(mail("Ещё раз о том же", message_id="<2@roscha.example>")).ticket or 0


def test_what_is_written_to_a_merged_ticket_goes_where_it_went(desk: TestDesk) -> None:
    other = second(desk)
    desk.desk.merge(other, 1001, "anna")
    assert (desk.ticket(other).status, desk.ticket(other).merged_into) == (Status.CLOSED, 1001)
    row = desk.receive(mail("Re", "Дополняю.", message_id="<3@roscha.example>", In_Reply_To="<2@roscha.example>"))
    assert row.ticket == 1001
    with desk.store.read() as tx:
        assert len([m for m in tx.messages.of(1001) if m.direction == "in"]) == 3


def test_a_merge_is_undone_within_the_hour_only(desk: TestDesk) -> None:
    other = second(desk)
    desk.desk.merge(other, 1001, "anna")
    desk.clock.forward(minutes=59)
    back = desk.desk.unmerge(other, "anna")
    assert (back.status, back.merged_into) == (Status.REQUEST, None)
    with desk.store.read() as tx:
        assert [m.subject for m in tx.messages.of(other) if m.direction == "in"] == ["Ещё раз о том же"]
    desk.desk.merge(other, 1001, "anna")
    desk.clock.forward(minutes=61)
    with pytest.raises(Refused, match="в течение часа"):
        desk.desk.unmerge(other, "anna")


def test_nothing_merges_with_itself(desk: TestDesk) -> None:
    other = second(desk)
    desk.desk.merge(other, 1001, "anna")
    with pytest.raises(Refused):
        desk.desk.merge(1001, other, "anna")


def test_a_message_split_off_is_a_ticket_of_its_own(desk: TestDesk) -> None:
    row = desk.receive(
        mail(
            "Re",
            "И отдельно: добавьте тёмную тему.",
            message_id="<2@roscha.example>",
            In_Reply_To="<first@roscha.example>",
        )
    )
    fresh = desk.desk.split(1001, row.message or 0, "anna")
    assert fresh.contact_address == "olga@roscha.example"
    assert fresh.reaction_due is not None
    with desk.store.read() as tx:
        assert tx.tickets.links(1001) == [fresh.number]
    again = desk.receive(mail("Re", "Про тему.", message_id="<3@roscha.example>", In_Reply_To="<2@roscha.example>"))
    assert again.ticket == fresh.number


def test_the_only_message_stays(desk: TestDesk) -> None:
    with desk.store.read() as tx:
        only = tx.messages.of(1001)[0].id
    with pytest.raises(Refused):
        desk.desk.split(1001, only, "anna")


def test_spam_is_put_away_without_a_letter(desk: TestDesk) -> None:
    ticket = desk.desk.spam(1001, "anna")
    assert (ticket.spam, ticket.status, len(desk.letters())) == (True, Status.CLOSED, 1)


def test_a_snoozed_ticket_comes_back_in_time_or_when_the_client_writes(desk: TestDesk) -> None:
    def queue() -> list[int]:
        with desk.store.read() as tx:
            return [t.number for t in tx.tickets.page(QueuePage(category=None, now=desk.clock()))]

    desk.desk.snooze(1001, desk.clock() + timedelta(hours=3), "anna")
    assert queue() == []
    desk.clock.forward(hours=3)
    assert queue() == [1001]
    desk.desk.snooze(1001, desk.clock() + timedelta(hours=3), "anna")
    desk.receive(mail("Re", "Ну как?", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    assert queue() == [1001]


def test_links_hold_both_ways_and_once(desk: TestDesk) -> None:
    other = second(desk)
    desk.desk.link(1001, other, "anna")
    with desk.store.read() as tx:
        assert (tx.tickets.links(1001), tx.tickets.links(other)) == ([other], [1001])
    with pytest.raises(Refused):
        desk.desk.link(other, 1001, "anna")


def test_nobody_answers_spam(desk: TestDesk) -> None:
    desk.desk.spam(1001, "anna")
    with pytest.raises(Refused, match="спам"):
        desk.desk.reply(1001, "Здравствуйте!", "anna")
    desk.desk.set_status(1001, Status.IN_PROGRESS, "anna")
    desk.desk.reply(1001, "Здравствуйте!", "anna")


def test_a_closing_by_the_client_is_signed_by_the_desk_once(desk: TestDesk) -> None:
    desk.desk.set_status(1001, Status.VERIFICATION, "anna", quiet=True)
    desk.desk.confirm(1001, works=True)
    assert last_letter(desk).split("-- ")[1].count(desk.settings.name) == 1


@pytest.mark.parametrize("hours", ["100000", "0", "0,0", "-1", "NaN", "много"])
def test_an_estimate_is_some_hours(desk: TestDesk, hours: str) -> None:
    desk.desk.set_type(1001, Type.IMPROVEMENT, "anna")
    with pytest.raises(Refused, match="Трудоёмкость"):
        desk.desk.set_estimate(1001, hours, "anna")
