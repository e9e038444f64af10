"""What clients, agents, departments, relay and time may do to a desk, in any order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from intake.errors import Conflict, NotFound, Refused
from intake.escalations import Reply
from intake.forms import FilledForm, form_mail
from intake.model import Criticality, Delivery, Direction, Disposition, OutboxRow, Status, Ticket, TicketMessage, Type
from intake.thanks import is_bare_thanks
from intake.voting import rate_token
from tests.intake.desk_model.invariants import hold
from tests.intake.desk_model.mails import CLIENTS, FOLLOW_UPS, OLGA, STRANGER, THANKS, traced
from tests.intake.desk_model.world import SETTINGS, Seen, World
from tests.support.departments import LAWYER, answer
from tests.support.desks import DESK_ADDRESS

WHICH = st.integers(0, 11)
AGENT = st.sampled_from(["anna", "boris"])
SENDER = st.sampled_from(CLIENTS)
TOPIC = st.sampled_from(["legal", "development", "system_errors"])
PASSED = st.sampled_from(
    [
        timedelta(minutes=7),
        timedelta(minutes=50),
        timedelta(hours=3),
        timedelta(hours=20),
        timedelta(days=4),
        timedelta(days=9),
        timedelta(days=20),
    ]
)
MOST_TICKETS = 6
CLIENT_KINDS = ("acknowledgement", "reply")
has_tickets = precondition(lambda self: bool(self.seen.tickets))


class DeskMachine(RuleBasedStateMachine):
    """``place`` is a folder for SQLite or a PostgreSQL URL."""

    place: Path | str

    def __init__(self, place: Path | str) -> None:
        super().__init__()
        self.world = World(place)
        self.before: Seen | None = None
        self.seen = self.world.seen()
        self.raws: list[bytes] = []
        self.held: tuple[int, str] | None = None

    def teardown(self) -> None:
        self.world.close()

    @invariant()
    def everything_holds(self) -> None:
        self.before, self.seen = self.seen, self.world.seen()
        hold(self.world, self.seen, self.before)

    def some(self, fits: Callable[[Ticket], bool]) -> bool:
        """Whether a ticket fits."""
        return any(map(fits, self.seen.tickets.values()))

    def ticket(self, which: int, fits: Callable[[Ticket], bool] = lambda ticket: True) -> Ticket:
        """One of those that fit; of all, where none does."""
        known = sorted(self.seen.tickets.values(), key=lambda t: t.number)
        fitting = [ticket for ticket in known if fits(ticket)] or known
        return fitting[which % len(fitting)]

    def arrive(self, raw: bytes, door: str = "smtp", mail_from: str | None = None, to: str = DESK_ADDRESS) -> int:
        """Kept at a door; its row."""
        if door == "smtp":
            self.raws.append(raw)
        return self.world.test_desk.arrive(raw, door, mail_from, to)

    def receive(self, raw: bytes, door: str = "smtp", mail_from: str | None = None, to: str = DESK_ADDRESS) -> Any:
        row = self.arrive(raw, door, mail_from, to)
        self.world.process()
        return self.world.row(row)

    def attempt(self, verb: Callable[[], object]) -> bool:
        """What is refused changes nothing."""
        before = self.world.fingerprint()
        try:
            verb()
        except (Refused, NotFound):
            assert self.world.fingerprint() == before, "a refusal left something behind"
            return False
        return True

    def client_letters(self, number: int) -> list[OutboxRow]:
        return [one for one in self.seen.letters if one.ticket == number and _to_client(one)]

    def heard(self, number: int) -> list[TicketMessage]:
        return [m for m in self.seen.messages[number] if m.direction is Direction.IN]

    @initialize()
    def a_desk_has_a_ticket(self) -> None:
        self.new_mail(0, OLGA, kept_only=False)

    @rule(which=WHICH, sender=SENDER, kept_only=st.booleans())
    @precondition(lambda self: len(self.seen.tickets) < MOST_TICKETS)
    def new_mail(self, which: int, sender: str, kept_only: bool) -> None:
        raw = self.world.post.fresh(which, sender)
        self.arrive(raw)
        if not kept_only:
            self.world.process()

    @rule()
    def the_worker_comes_round(self) -> None:
        self.world.process()

    @rule(which=WHICH, how=st.sampled_from(["address", "thread", "subject"]), text=WHICH, kept_only=st.booleans())
    @has_tickets
    def follow_up(self, which: int, how: str, text: int, kept_only: bool) -> None:
        ticket = self.ticket(which)
        about = self._letter_of(ticket) if how == "thread" else None
        raw = self.world.post.follow_up(
            FOLLOW_UPS[text % 3],
            f"{ticket.contact_name} <{ticket.contact_address}>",
            subject=f"Re: [{ticket.key}] обращение" if how == "subject" else "Re: обращение",
            to=self._address_of(ticket) if how == "address" else DESK_ADDRESS,
            about=about,
        )
        row = self.arrive(raw, to=self._address_of(ticket) if how == "address" else DESK_ADDRESS)
        if kept_only:
            return
        self.world.process()
        done = self.world.row(row)
        if how != "thread" or about is not None:
            self._client_is_heard(ticket, done)

    def _client_is_heard(self, ticket: Ticket, done: Any) -> None:
        """A client who writes is in a ticket that waits for the desk, with a clock that runs."""
        now = self.world.test_desk.ticket(done.ticket)
        assert done.disposition in (Disposition.MESSAGE, Disposition.TICKET)
        assert now.status is not Status.CLOSED, (ticket.key, now)
        assert (now.answer_due if now.reacted_at else now.reaction_due) is not None
        assert (now.unread, now.snoozed_until) == (True, None)

    def _address_of(self, ticket: Ticket) -> str:
        return self.world.test_desk.signer.reply_address(DESK_ADDRESS, ticket.key)

    def _letter_of(self, ticket: Ticket) -> str | None:
        letters = self.client_letters(ticket.number)
        return letters[-1].message_id if letters else None

    @rule(which=WHICH, words=st.sampled_from([*THANKS, "5", "Оценка: 2", "1"]))
    @has_tickets
    def a_short_answer(self, which: int, words: str) -> None:
        """Thanks and votes reopen nothing."""
        self.world.process()
        ticket = self.world.test_desk.ticket(self.ticket(which).number)
        about = self._letter_of(ticket)
        if about is None:
            return
        with self.world.test_desk.store.read() as tx:
            asked = tx.ratings.last_ask(ticket.number) is not None
        row = self.receive(self.world.post.short(words, f"X <{ticket.contact_address}>", about))
        if row.ticket == ticket.number and ticket.status is Status.CLOSED and (is_bare_thanks(words) or asked):
            assert self.world.test_desk.ticket(ticket.number).status is Status.CLOSED

    @rule(which=WHICH)
    @has_tickets
    def a_stranger_writes_in_the_thread(self, which: int) -> None:
        about = self._letter_of(self.ticket(which))
        if about is not None:
            self.receive(self.world.post.follow_up("Тоже интересно", STRANGER, about=about))

    @rule(which=WHICH, bounce=st.booleans(), sender=SENDER)
    @has_tickets
    def automatic_mail(self, which: int, bounce: bool, sender: str) -> None:
        """A machine's mail sets off no letter and moves no ticket."""
        self.world.process()
        letters = self.client_letters(self.ticket(which).number)
        if not letters:
            return
        before, post = self.world.seen(), self.world.post
        to = letters[-1].recipients[0][0]
        raw = post.returned(letters[-1].message_id, to) if bounce else post.absent(sender, letters[-1].message_id)
        row = self.receive(raw, mail_from="")
        after = self.world.seen()
        assert row.disposition is Disposition.MESSAGE
        assert len(after.letters) == len(before.letters)
        assert _states(after) == _states(before)

    @rule(which=WHICH)
    @precondition(lambda self: bool(self.raws))
    def the_same_mail_again(self, which: int) -> None:
        self.world.process()
        raw = self.raws[which % len(self.raws)]
        assert self.world.test_desk.arrive(raw) in (0, None) or b"Auto-Submitted" in raw or b"+" in raw
        before = self.world.seen()
        row = self.world.test_desk.arrive(traced(raw), door="imap")
        self.world.process()
        if row:
            assert self.world.row(row).disposition in (Disposition.DUPLICATE, Disposition.MESSAGE, Disposition.IGNORED)
        assert sum(map(len, self.world.seen().messages.values())) == sum(map(len, before.messages.values()))

    @rule(sender=SENDER, door=st.sampled_from(["form", "agent"]))
    @precondition(lambda self: len(self.seen.tickets) < MOST_TICKETS)
    def a_form(self, sender: str, door: str) -> None:
        person = FilledForm("Пётр", sender.partition("<")[2].rstrip(">"), "Просьба", self.world.post.canary("form"))
        key = self.world.post.canary("key").encode().hex()[-64:]
        row = self.receive(form_mail(person, key, "digest", SETTINGS, self.world.clock()), door)
        assert row.disposition is Disposition.TICKET

    @rule(which=WHICH, works=st.booleans(), text=st.sampled_from(["", "Кнопки нет."]))
    @precondition(lambda self: self.some(lambda t: t.status is Status.VERIFICATION))
    def confirm(self, which: int, works: bool, text: str) -> None:
        number = self.ticket(which, lambda t: t.status is Status.VERIFICATION).number
        if self.attempt(lambda: self.world.desk.confirm(number, works, text)):
            after = self.world.test_desk.ticket(number)
            assert after.status is (Status.CLOSED if works else Status.IN_PROGRESS)
            assert works or (after.awaiting_since is not None and after.snoozed_until is None)

    @rule(which=WHICH, score=st.integers(0, 6), comment=st.sampled_from(["", "Долго."]))
    @precondition(lambda self: any(one.kind == "status_closed" for one in self.seen.letters))
    def rate(self, which: int, score: int, comment: str) -> None:
        asked = {one.ticket for one in self.seen.letters if one.kind == "status_closed"}
        ticket = self.ticket(which, lambda t: t.number in asked)
        with self.world.test_desk.store.read() as tx:
            ask = tx.ratings.last_ask(ticket.number)
        if ask is None:
            return
        token = rate_token(self.world.test_desk.signer, ticket.key, ask)
        if self.attempt(lambda: self.world.desk.rate(token, score, comment)):
            assert 1 <= score <= 5

    @rule(which=WHICH, by=AGENT, to=st.sampled_from(["anna", "boris", None]))
    @has_tickets
    def assign(self, which: int, by: str, to: str | None) -> None:
        self.attempt(lambda: self.world.desk.assign(self.ticket(which).number, to, by))

    @rule(which=WHICH, by=AGENT)
    @has_tickets
    def take(self, which: int, by: str) -> None:
        self.attempt(lambda: self.world.desk.take(self.ticket(which).number, by))

    @rule(which=WHICH, by=AGENT)
    @has_tickets
    def reply(self, which: int, by: str) -> None:
        number = self.ticket(which).number
        if self.attempt(lambda: self.world.desk.reply(number, "Смотрим, ответим завтра.", by)):
            after = self.world.test_desk.ticket(number)
            assert (after.awaiting_since, after.unread) == (None, False)
            assert after.answered_at is not None

    @rule(which=WHICH, by=AGENT, to=st.sampled_from([Status.INFO_NEEDED, Status.CLOSED, Status.PAYMENT, None]))
    @has_tickets
    def a_held_letter(self, which: int, by: str, to: Status | None) -> None:
        """A reply, or the letter of a status, that can be taken back for a while."""
        desk, number, text = self.world.desk, self.ticket(which).number, "Уже чиним."
        self.held = (number, by)
        if to is None:
            self.attempt(lambda: desk.send(desk.draft_reply(number, text, by), text, by, held=True))
        else:
            self.attempt(lambda: desk.move(desk.draft_status(number, to, by, text), by, held=True))

    @rule()
    @precondition(lambda self: self.held is not None)
    def recall(self) -> None:
        assert self.held is not None
        number, by = self.held
        self.attempt(lambda: self.world.desk.recall(number, by))
        self.held = None

    @rule(which=WHICH, by=AGENT, calls=st.booleans())
    @has_tickets
    def note(self, which: int, by: str, calls: bool) -> None:
        text = self.world.post.canary("CANARYnote") + (" @boris @anna" if calls else "")
        self.attempt(lambda: self.world.desk.note(self.ticket(which).number, text, by))

    @rule(which=WHICH, by=AGENT, to=st.sampled_from(list(Status)), text=st.sampled_from(["", "Счёт № 7."]))
    @has_tickets
    def status(self, which: int, by: str, to: Status, text: str) -> None:
        ticket = self.world.test_desk.ticket(self.ticket(which).number)
        allowed = self.world.desk.why_not(ticket, to) is None
        moved = self.attempt(lambda: self.world.desk.set_status(ticket.number, to, by, text=text))
        assert moved is allowed
        if moved and to in (Status.INFO_NEEDED, Status.PAYMENT, Status.VERIFICATION, Status.CLOSED):
            after = self.world.test_desk.ticket(ticket.number)
            assert after.awaiting_since is None, "who is asked does not wait for an answer"
            assert after.paused is (to is not Status.CLOSED)

    @rule(which=WHICH, by=AGENT, quiet=st.booleans())
    @has_tickets
    def close(self, which: int, by: str, quiet: bool) -> None:
        self.attempt(lambda: self.world.desk.close(self.ticket(which).number, by, quiet=quiet))

    @rule(which=WHICH, by=AGENT, type_=st.sampled_from(list(Type)), criticality=st.sampled_from([*Criticality, None]))
    @has_tickets
    def correct(self, which: int, by: str, type_: Type, criticality: Criticality | None) -> None:
        number = self.ticket(which).number
        self.world.desk.set_type(number, type_, by)
        self.attempt(lambda: self.world.desk.set_criticality(number, criticality, by))
        self.attempt(lambda: self.world.desk.set_estimate(number, "12,5", by))

    @rule(which=WHICH, by=AGENT, topic=st.sampled_from(["legal", "promotion", None, "none such"]))
    @has_tickets
    def topic(self, which: int, by: str, topic: str | None) -> None:
        self.attempt(lambda: self.world.desk.set_topic(self.ticket(which).number, topic, by))

    @rule(which=WHICH, by=AGENT, topic=TOPIC)
    @has_tickets
    def escalate(self, which: int, by: str, topic: str) -> None:
        text = self.world.post.canary("CANARYdept")
        self.attempt(lambda: self.world.desk.escalate(self.ticket(which).number, topic, by, text))

    @rule(which=WHICH, by=AGENT, topic=TOPIC, reply=st.sampled_from(list(Reply)))
    @precondition(lambda self: any(one.kind == "escalation" for one in self.seen.letters))
    def answered(self, which: int, by: str, topic: str, reply: Reply) -> None:
        number = self.ticket(which, lambda t: any(e.kind == "escalated" for e in self.seen.events[t.number])).number
        wanted = next((e.after for e in reversed(self.seen.events[number]) if e.kind == "escalated"), None)
        self.attempt(lambda: self.world.desk.answered(number, wanted or topic, by, reply=reply))

    @rule(which=WHICH, sender=st.sampled_from([LAWYER, STRANGER]))
    def a_department_answers(self, which: int, sender: str) -> None:
        letters = [one for one in self.seen.letters if one.kind == "escalation"]
        if letters:
            letter = letters[which % len(letters)]
            with self.world.test_desk.store.read() as tx:
                letter = tx.outbox.get(letter.id)
            text, id_ = self.world.post.canary("CANARYdept"), self.world.post.canary("a").rsplit(" ")[1]
            self.receive(answer(letter, text, sender, f"<{id_.encode().hex()}@licensor.example>"))

    @rule(which=WHICH, into=WHICH, by=AGENT)
    @has_tickets
    def merge(self, which: int, into: int, by: str) -> None:
        number = self.ticket(which, lambda t: t.merged_into is None).number
        target = self.ticket(into, lambda t: t.number != number).number
        self.attempt(lambda: self.world.desk.merge(number, target, by))

    @rule(which=WHICH, by=AGENT)
    @precondition(lambda self: self.some(lambda t: t.merged_into is not None))
    def unmerge(self, which: int, by: str) -> None:
        number = self.ticket(which, lambda t: t.merged_into is not None).number
        self.attempt(lambda: self.world.desk.unmerge(number, by))

    @rule(which=WHICH, message=WHICH, by=AGENT)
    @has_tickets
    def split(self, which: int, message: int, by: str) -> None:
        number = self.ticket(which, lambda t: len(self.heard(t.number)) > 1).number
        heard = self.heard(number)
        if heard:
            self.attempt(lambda: self.world.desk.split(number, heard[message % len(heard)].id, by))

    @rule(which=WHICH, other=WHICH, by=AGENT)
    @has_tickets
    def link(self, which: int, other: int, by: str) -> None:
        number = self.ticket(which).number
        related = self.ticket(other, lambda t: t.number != number).number
        self.attempt(lambda: self.world.desk.link(number, related, by))

    @rule(which=WHICH, by=AGENT)
    @precondition(lambda self: sum(ticket.spam for ticket in self.seen.tickets.values()) < 2)
    @has_tickets
    def spam(self, which: int, by: str) -> None:
        self.attempt(lambda: self.world.desk.spam(self.ticket(which).number, by))

    @rule(which=WHICH, by=AGENT, hours=st.sampled_from([-1, 5, 200, None]))
    @has_tickets
    def snooze(self, which: int, by: str, hours: int | None) -> None:
        until = None if hours is None else self.world.clock() + timedelta(hours=hours)
        self.attempt(lambda: self.world.desk.snooze(self.ticket(which).number, until, by))

    @rule(which=WHICH, by=AGENT, verb=st.sampled_from(["assign", "status", "merge", "spam", "topic", "snooze"]))
    @has_tickets
    def a_stale_edit(self, which: int, by: str, verb: str) -> None:
        """An agent who saw an older version keeps his draft."""
        ticket, desk = self.world.test_desk.ticket(self.ticket(which).number), self.world.desk
        before, old, number = self.world.fingerprint(), ticket.version - 1, ticket.number
        verbs: dict[str, Callable[[], object]] = {
            "assign": lambda: desk.assign(number, by, by, old),
            "status": lambda: desk.set_status(number, Status.ANALYSIS, by, old),
            "merge": lambda: desk.merge(number, self.ticket(which + 1).number, by, old),
            "spam": lambda: desk.spam(number, by, old),
            "topic": lambda: desk.set_topic(number, "legal", by, old),
            "snooze": lambda: desk.snooze(number, self.world.clock() + timedelta(hours=1), by, old),
        }
        try:
            verbs[verb]()
        except (Conflict, Refused):
            assert self.world.fingerprint() == before
        else:
            raise AssertionError(f"{verb} on an old version went through")

    @rule(which=WHICH, by=AGENT, act=st.sampled_from(["close", "reply", "merge", "info", "spam"]), mailed=st.booleans())
    @has_tickets
    def two_at_once(self, which: int, by: str, act: str, mailed: bool) -> None:
        """An agent acts between what the worker (or the watch) read and what it writes."""
        desk, number = self.world.desk, self.ticket(which).number
        acts: dict[str, Callable[[], object]] = {
            "close": lambda: desk.close(number, by),
            "reply": lambda: desk.reply(number, "Уже отвечаем.", by),
            "merge": lambda: desk.merge(number, self.ticket(which + 1).number, by),
            "info": lambda: desk.set_status(number, Status.INFO_NEEDED, by),
            "spam": lambda: desk.spam(number, by),
        }
        self.world.process()
        if mailed:
            ticket = self.ticket(which)
            self.arrive(self.world.post.follow_up("Ещё вопрос", f"X <{ticket.contact_address}>", f"Re: [{ticket.key}]"))
        self.world.between.first = lambda: self._quietly(acts[act])
        self.world.process() if mailed else self.world.watcher.watch()
        self.world.between.first = None

    def _quietly(self, act: Callable[[], object]) -> None:
        with contextlib.suppress(Refused, NotFound):
            act()

    @rule(
        ends=st.sampled_from([Delivery.SENT, Delivery.SENT, Delivery.FAILED, Delivery.UNCERTAIN, Delivery.QUEUED, None])
    )
    def the_relay(self, ends: Delivery | None) -> None:
        """None: the sender dies with the letter at the relay."""
        self.world.settle_lost()
        for letter in self.world.lease():
            if ends is None:
                self.world.crash_in_flight(letter)
            else:
                self.world.send(letter, ends)

    @rule(passed=PASSED)
    def time_passes(self, passed: timedelta) -> None:
        self.world.clock.now += passed
        self.world.desk.watch()
        before = self.world.fingerprint()
        assert self.world.desk.watch() == 0, "a warning is given once"
        assert self.world.fingerprint() == before

    @rule(login=AGENT)
    def a_screen_is_open(self, login: str) -> None:
        self.world.desk.seen(login)

    @rule()
    def restart(self) -> None:
        self.world.restart()
        self.world.desk.watch()


def _to_client(one: OutboxRow) -> bool:
    return one.kind in CLIENT_KINDS or one.kind.startswith("status_")


def _states(seen: Seen) -> dict[int, Any]:
    return {t.number: (t.status, t.paused, t.awaiting_since, t.next_due, t.assignee) for t in seen.tickets.values()}
