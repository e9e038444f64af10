"""The watch on both databases: what it says is said once, whenever the gateway slept, died or came back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta

import pytest

from intake.model import OutboxRow, Status
from intake.registries import Turn
from intake.regulation import shipped_calendar, shipped_text
from tests.support.departments import words
from tests.support.desks import MORNING, MovedClock, TestDesk, a_desk, mail

ANSWER = mail("Re", "Вот сведения.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>")


class Gateway:
    """A desk that may be down while time passes."""

    def __init__(self, url: str) -> None:
        self.url, self.clock = url, MovedClock()
        self._exit = ExitStack()
        self.now_on()

    def now_on(self) -> None:
        """Start, or start again."""
        self._exit.close()
        self.desk: TestDesk = self._exit.enter_context(a_desk(self.url, clock=self.clock))

    def close(self) -> None:
        self._exit.close()

    def watch_at(self, at: datetime) -> int:
        """One look at that time."""
        self.clock.now = at
        return self.desk.desk.watch()

    def kinds(self) -> Counter[str]:
        """The watch's letters by kind."""
        return Counter(one.kind for one in self.desk.letters())

    def of_kind(self, kind: str) -> list[OutboxRow]:
        return [one for one in self.desk.letters() if one.kind == kind]


@pytest.fixture
def gateway(store_url: str) -> Iterator[Gateway]:
    made = Gateway(store_url)
    made.desk.receive(mail())
    yield made
    made.close()


def rules(gateway: Gateway, change: Callable[[str], str]) -> None:
    """Other rules from now on."""
    text = change(shipped_text().replace('version = "2.0"', 'version = "2.1"'))
    assert text != shipped_text()
    calendar, now = shipped_calendar().to_json(), gateway.clock() - timedelta(days=1)
    gateway.desk.store.write(lambda tx: tx.rules.add("2.1", now, text, calendar, now))
    gateway.now_on()


def test_of_any_looks_between_restarts_each_deadline_is_told_once(gateway: Gateway) -> None:
    """Near where anybody looked between the warning and the deadline, breached where anybody looked after it."""
    chance = random.Random(11)
    gateway.desk.desk.close(1001, "anna", quiet=True)
    for round_ in range(6):
        gateway.clock.now = MORNING + timedelta(days=7 * round_)
        number = gateway.desk.receive(mail(f"Вопрос {round_}", message_id=f"<w{round_}@roscha.example>")).ticket
        opened, before = gateway.clock(), gateway.kinds()
        looks = sorted(chance.sample(range(0, 90, 5), 5))
        for minutes in looks:
            if chance.random() < 0.5:
                gateway.now_on()
            gateway.watch_at(opened + timedelta(minutes=minutes))
        gateway.watch_at(opened + timedelta(minutes=100))
        told = gateway.kinds() - before
        near = any(45 <= minutes <= 60 for minutes in looks)
        assert (told["reaction_near"], told["reaction_breach"]) == (int(near), 1), looks
        with gateway.desk.store.read() as tx:
            events = tx.tickets.events(number or 0)
        assert [e.after for e in events if e.kind == "breach"] == ["reaction"]
        gateway.desk.desk.close(number or 0, "anna", quiet=True)


def test_what_fell_due_while_the_gateway_was_down_is_told_when_it_is_back(gateway: Gateway) -> None:
    gateway.desk.desk.take(1001, "boris")
    due = gateway.desk.ticket(1001).completion_due
    assert due is not None
    gateway.watch_at(due - timedelta(hours=1))
    gateway.close()
    gateway.clock.now = due + timedelta(days=1)
    gateway.now_on()
    assert [gateway.desk.desk.watch(), gateway.desk.desk.watch()] == [1, 0]
    gateway.now_on()
    assert gateway.desk.desk.watch() == 0
    assert {kind: n for kind, n in gateway.kinds().items() if "completion" in kind} == {
        "completion_near": 1,
        "completion_breach": 1,
    }


def test_what_was_answered_while_the_gateway_was_down_alarms_nobody(gateway: Gateway) -> None:
    gateway.close()
    gateway.clock.forward(hours=2)
    gateway.now_on()
    gateway.desk.desk.take(1001, "boris")
    assert gateway.desk.desk.watch() == 0


@pytest.mark.parametrize("screen", [timedelta(seconds=-30), timedelta(minutes=-3), None])
def test_an_answer_is_mailed_to_whoever_does_not_see_it(gateway: Gateway, screen: timedelta | None) -> None:
    """A screen is open when it said so within two minutes, whatever was restarted meanwhile."""
    gateway.desk.desk.set_status(1001, Status.INFO_NEEDED, "boris")
    arrived = gateway.clock.forward(hours=1)
    if screen is not None:
        gateway.clock.now = arrived + screen
        gateway.desk.desk.seen("boris")
        gateway.clock.now = arrived
    gateway.desk.receive(ANSWER)
    gateway.now_on()
    gateway.desk.desk.watch()
    gateway.desk.desk.watch()
    seen = screen is not None and screen > timedelta(minutes=-2)
    told = [to for one in gateway.of_kind("client_wrote") for to, _, _ in one.recipients]
    assert told == ([] if seen else ["boris@vitrina-domiland.example"])


REMIND = {Status.INFO_NEEDED: 3, Status.PAYMENT: 5, Status.VERIFICATION: 3}


def closing_time(days: int) -> datetime:
    """Of the working day so many working days after Tuesday 12 May 2026, before the holidays of June."""
    weekends = 2 * ((days + 1) // 5)
    return datetime.combine(date(2026, 5, 12) + timedelta(days=days + weekends), time(16), tzinfo=UTC)


@pytest.mark.parametrize("status", list(REMIND))
def test_a_client_is_reminded_once_after_the_working_days_of_his_status(gateway: Gateway, status: Status) -> None:
    gateway.desk.desk.set_status(1001, status, "anna")
    due = closing_time(REMIND[status])
    assert gateway.watch_at(due - timedelta(seconds=1)) == 0
    assert gateway.watch_at(due) == 1
    gateway.now_on()
    assert gateway.watch_at(due + timedelta(days=30)) == 0
    assert gateway.desk.ticket(1001).status is status, "nothing closes by itself"
    (letter,) = [one for one in gateway.of_kind(f"status_{status}") if one.automatic]
    assert "Напоминаем" in words(letter)
    assert [to for to, _, _ in letter.recipients] == ["olga@roscha.example"]


@pytest.mark.parametrize("status", list(REMIND))
def test_a_ticket_closes_unanswered_where_the_rules_of_its_status_say_so(gateway: Gateway, status: Status) -> None:
    old = f"{status} = {{ remind_after_days = {REMIND[status]}, close_after_days = 0 }}"
    rules(gateway, lambda text: text.replace(old, old.replace("close_after_days = 0", "close_after_days = 8")))
    number = gateway.desk.receive(mail("Новое", message_id="<new@roscha.example>")).ticket or 0
    for one in (1001, number):
        gateway.desk.desk.set_status(one, status, "anna")
    gateway.watch_at(closing_time(REMIND[status]))
    gateway.watch_at(closing_time(8) - timedelta(seconds=1))
    assert gateway.desk.ticket(number).status is status
    gateway.now_on()
    gateway.watch_at(closing_time(8))
    closed = gateway.desk.ticket(number)
    assert (closed.status, closed.closed_at) == (Status.CLOSED, closing_time(8))
    assert gateway.desk.ticket(1001).status is status, "a ticket keeps the rules it came under"
    assert gateway.desk.desk.watch() == 0
    assert len([one for one in gateway.of_kind("status_closed") if one.ticket == number]) == 1


def test_who_answers_in_time_is_neither_reminded_nor_closed(gateway: Gateway) -> None:
    gateway.desk.desk.set_status(1001, Status.PAYMENT, "anna")
    gateway.clock.forward(days=1)
    gateway.desk.receive(ANSWER)
    gateway.desk.desk.reply(1001, "Получили, спасибо.", "anna")
    gateway.watch_at(closing_time(15))
    assert [one for one in gateway.of_kind("status_payment") if one.automatic] == []


def test_the_roster_is_watched_across_restarts_too(gateway: Gateway) -> None:
    """A gap is mailed once; what is left at closing time is handed over once."""
    desk = gateway.desk.desk
    days = [date(2026, 5, 12) + timedelta(days=n) for n in range(40)]
    desk.put_turns([Turn(day, who, time(10), time(19)) for who in ("anna", "boris") for day in days])
    for hour, minute in ((13, 0), (15, 29), (15, 30), (15, 50), (16, 10), (20, 0)):
        gateway.now_on()
        gateway.watch_at(MORNING.replace(hour=hour, minute=minute))
        gateway.desk.desk.watch()
        handed = gateway.kinds()["hand_over"]
        assert handed == int((hour, minute) >= (15, 30))
    assert gateway.kinds()["roster_gaps"] == 1
