"""A throw-away desk: a folder that goes away, a gateway in a process of its own, mails that keep arriving."""

from __future__ import annotations

import random
import signal
import smtplib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.demo_mails import AGENTS, ARRIVING, BEGINNING, FOLLOW_UPS, Told, mail
from intake.arrivals import door_key
from intake.errors import Refused
from intake.model import Agent, Arrival, Envelope, Role, Status, Type
from intake.registries import Turn

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.regulation import Regulation

ADDRESS = "support@vitrina-domiland.example"
INTO_THE_DAY = timedelta(hours=1, minutes=40)
ROSTER_DAYS, DAY_OFF = 15, 4
FIRST_SECONDS, SHORTEST_SECONDS, LONGEST_SECONDS = 6.0, 12.0, 30.0


@dataclass(slots=True)
class DemoClock:
    """The wall clock, moved into working hours; stands at ``at`` while the past is made up."""

    shift: timedelta = timedelta(0)
    at: datetime | None = None

    def __call__(self) -> datetime:
        """Now, for the demo."""
        from gateway.bootstrap import utc_now

        return self.at or utc_now() + self.shift


@dataclass(frozen=True, slots=True)
class Demo:
    """A desk that runs. ``parts`` are this process's own; ``log`` is what the gateway says."""

    parts: Parts
    clock: DemoClock
    port: int
    log: Path


def working_shift(regulation: Regulation, now: datetime) -> timedelta:
    """How far to move the clock so that the desk works and has done so for a while."""
    working = regulation.working
    begun = working.is_working(now) and working.is_working(now - INTO_THE_DAY)
    return timedelta(0) if begun else working.next_opening(now) + INTO_THE_DAY - now


@contextmanager
def demo(seconds_between: tuple[float, float] = (SHORTEST_SECONDS, LONGEST_SECONDS)) -> Iterator[Demo]:
    """Make the desk up, start its gateway, keep mails arriving; everything is gone at the end."""
    from gateway.bootstrap import build
    from gateway.log import log_to
    from gateway.settings import load_settings

    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="otklik-demo-"))
        folder = Path(name)
        config = configuration(folder)
        clock = DemoClock()
        parts = build(load_settings(config, {}), clock)
        log = stack.enter_context((folder / "screen.log").open("w", encoding="utf-8"))
        log_to(log)
        try:
            clock.shift = working_shift(parts.regulations.at(clock()), clock())
            make_up(parts, clock)
            with _gateway(folder, config, clock.shift) as port, _arriving(parts, port, seconds_between):
                yield Demo(parts, clock, port, folder / "gateway.log")
        finally:
            parts.close()


def configuration(folder: Path) -> Path:
    """The configuration of a desk that lives in one folder and listens on free ports."""
    path = folder / "otklik.toml"
    path.write_text(
        f'[desk]\nname = "Служба поддержки «Витрина Домиленд»"\naddress = "{ADDRESS}"\n'
        f'[storage]\nurl = "sqlite:///{folder}/desk.db"\noutbox = "{folder}/outbox"\n'
        "[smtp]\nport = 0\n[web]\nport = 0\n",
        encoding="utf-8",
    )
    return path


def make_up(parts: Parts, clock: DemoClock) -> None:
    """The people, and what happened this morning."""
    from gateway.mail_readers import PooledReader
    from gateway.worker import Worker

    people = [Agent(login, name, f"{login}@vitrina-domiland.example", Role(role), t) for login, name, role, t in AGENTS]
    parts.store.write(lambda tx: tx.people.put_agents(people))
    _roster(parts, clock())
    reader = PooledReader(parts.desk_settings, processes=0)
    worker = Worker(parts.store, parts.receiver, reader, clock)
    begins = clock()
    try:
        for number, told in enumerate(BEGINNING):
            clock.at = begins - timedelta(minutes=told.minutes)
            raw = mail(told, clock.at, f"<demo-{number}@{told.address.partition('@')[2]}>", ADDRESS)
            key = door_key(raw, "smtp", [ADDRESS], clock.at)
            arrival = Arrival(raw, "smtp", clock.at, key, envelope=Envelope(told.address, (ADDRESS,)))
            row = parts.store.write(lambda tx, arrival=arrival: tx.journal.keep(arrival))  # type: ignore[misc]
            while worker.process_due():
                pass
            with parts.store.read() as tx:
                ticket = tx.journal.get(row).ticket
            _do(parts, clock, ticket, told)
    finally:
        clock.at = None
        reader.close()


def _roster(parts: Parts, now: datetime) -> None:
    """Everybody is in for the coming weeks, but the technical specialist has a day off to be noticed."""
    regulation = parts.regulations.at(now)
    today, hours = regulation.working.local_day(now), regulation.rules.hours
    days = [today, *(regulation.working.working_day_after(today, number) for number in range(1, ROSTER_DAYS))]
    away = next(login for login, _, _, technical in AGENTS if technical)
    turns = [
        Turn(day, login, hours.opens, hours.closes)
        for day in days
        for login, *_ in AGENTS
        if (day, login) != (days[DAY_OFF], away)
    ]
    parts.store.write(lambda tx: tx.shifts.put(turns))


def _do(parts: Parts, clock: DemoClock, ticket: int | None, told: Told) -> None:
    if ticket is None:
        return
    desk = parts.desk
    verbs: dict[str, Callable[[str, str], object]] = {
        "take": lambda login, _: desk.take(ticket, login),
        "note": lambda login, text: desk.note(ticket, text, login),
        "reply": lambda login, text: desk.reply(ticket, text, login),
        "type": lambda login, key: desk.set_type(ticket, Type(key), login),
        "estimate": lambda login, hours: desk.set_estimate(ticket, hours, login),
        "status": lambda login, key: desk.set_status(ticket, Status(key), login, quiet=True),
        "close": lambda login, _: desk.close(ticket, login, quiet=True),
    }
    for verb, login, argument in told.deeds:
        assert clock.at is not None
        clock.at += timedelta(minutes=2)
        verbs[verb](login, argument)


@contextmanager
def _gateway(folder: Path, config: Path, shift: timedelta) -> Iterator[int]:
    """The gateway's process; its SMTP port. It is asked to stop, then made to."""
    with (folder / "gateway.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "gateway.demo_gateway", str(config), str(shift.total_seconds())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        assert child.stdout is not None
        try:
            said = child.stdout.readline().decode()
            if not said.strip().isdecimal():
                raise Refused(f"the demo's gateway did not start: {(folder / 'gateway.log').read_text()[-500:]}")
            yield int(said)
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            child.stdout.close()


@contextmanager
def _arriving(parts: Parts, port: int, between: tuple[float, float]) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=_send_mails, args=(parts, port, between, ended), name="demo-mails", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(5)


def _send_mails(parts: Parts, port: int, between: tuple[float, float], ended: threading.Event) -> None:
    """New requests in their order, and now and then an answer to one of the letters that left."""
    chance = random.Random(2)
    turn = 0
    pause = min(FIRST_SECONDS, between[0])
    while not ended.wait(pause):
        told = ARRIVING[turn % len(ARRIVING)]
        number = f"demo-{parts.clock().timestamp():.3f}"
        answered = _letter_to_answer(parts, chance) if turn % 3 == 2 else None
        if answered is not None:
            told, message_id = answered
            body = chance.choice(FOLLOW_UPS)
            raw = mail(told, parts.clock(), f"<{number}@client.example>", ADDRESS, message_id, body)
        else:
            raw = mail(told, parts.clock(), f"<{number}@client.example>", ADDRESS)
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as relay:
                relay.sendmail(told.address, [ADDRESS], raw)
        except (OSError, smtplib.SMTPException):
            if ended.is_set():
                return
        turn += 1
        pause = chance.uniform(*between)


def _letter_to_answer(parts: Parts, chance: random.Random) -> tuple[Told, str] | None:
    with parts.store.read() as tx:
        letters = [letter for letter in tx.outbox.recent(limit=20) if letter.kind == "reply" and letter.recipients]
        if not letters:
            return None
        letter = chance.choice(letters)
        ticket = tx.tickets.get(letter.ticket) if letter.ticket is not None else None
    if ticket is None or ticket.status is Status.CLOSED or ticket.contact_address is None:
        return None
    return Told(ticket.contact_name, ticket.contact_address, ticket.subject, ""), letter.message_id
