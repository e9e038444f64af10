"""Two mails through the relay to the desk itself: do plus-addresses and Message-IDs survive the way?"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.doctor.findings import Finding, Patient, fail, ok, warn
from intake.letters.composing import LetterHead, compose
from intake.model import Delivery, OutboxRow

if TYPE_CHECKING:
    from gateway.imap_session import ImapSession
    from gateway.settings import RelaySettings

PAUSE = 2.0
NEWEST = 200
NAME = "roundtrip"


@dataclass
class Probe:
    """A mail on its way. ``refused`` is why the relay did not take it; ``arrived`` its Message-ID as it came back."""

    address: str
    token: str = field(default_factory=lambda: secrets.token_hex(10))
    refused: str | None = None
    arrived: str | None = None

    @property
    def message_id(self) -> str:
        """As it left."""
        return f"<doctor.{self.token}@{self.address.rpartition('@')[2]}>"


def roundtrip(patient: Patient, seconds: float, narrate: Callable[[str], None]) -> Iterator[Finding]:
    """Send, wait, judge."""
    relay, desk = patient.settings.relay, patient.settings.desk
    if relay is None:
        yield fail(NAME, "without a relay nothing leaves", "set [relay]")
        return
    local, _, domain = desk.address.partition("@")
    plain = Probe(desk.address)
    plus = Probe(f"{local}+{desk.ticket_prefix.lower()}-0.{secrets.token_hex(13)}@{domain}")
    for probe in (plain, plus):
        probe.refused = asyncio.run(_refusal(patient, relay, probe))
    left = [probe for probe in (plain, plus) if probe.refused is None]
    narrate(f"{len(left)} mails left for {desk.address}; waiting up to {seconds:g} s for them to come back")
    _wait(patient, left, seconds)
    yield from _judged(patient, plain, plus, seconds)


async def _refusal(patient: Patient, settings: RelaySettings, probe: Probe) -> str | None:
    from gateway.relay import SmtpRelay

    sender = settings.envelope_from or patient.settings.desk.address
    raw = compose(_head(patient, probe), "Проверка пути письма: otklik doctor --roundtrip.\n", None)
    letter = OutboxRow(
        id=0,
        ticket=None,
        kind="doctor",
        message_id=probe.message_id,
        state=Delivery.QUEUED,
        attempts=0,
        created_at=patient.now,
        next_try_at=None,
        error=None,
        envelope_from=sender,
        recipients=((probe.address, Delivery.QUEUED, None),),
        raw=raw,
    )
    line = SmtpRelay(settings)
    try:
        sent = await line.send(letter, _go_ahead)
    finally:
        await line.close()
    state, reason = sent.outcomes.get(probe.address, (Delivery.QUEUED, sent.error))
    return None if state is Delivery.SENT else reason or str(state)


async def _go_ahead() -> bool:
    return True


def _head(patient: Patient, probe: Probe) -> LetterHead:
    desk = patient.settings.desk
    return LetterHead(
        from_name=desk.name,
        from_address=desk.address,
        to=(("", probe.address),),
        subject=f"otklik doctor {probe.token}",
        message_id=probe.message_id,
        date=patient.now,
        extra=(("Auto-Submitted", "auto-generated"),),
    )


def _wait(patient: Patient, probes: Sequence[Probe], seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        missing = [probe for probe in probes if probe.arrived is None]
        _look_in_journal(patient, missing)
        _look_in_mailboxes(patient, [probe for probe in missing if probe.arrived is None])
        if all(probe.arrived for probe in probes) or time.monotonic() >= until:
            return
        time.sleep(PAUSE)


def _look_in_journal(patient: Patient, probes: list[Probe]) -> None:
    if patient.store is None or not probes:
        return
    with patient.store.read() as tx:
        for row in tx.journal.recent(limit=NEWEST):
            if row.received_at < patient.now.replace(microsecond=0):
                continue
            raw = tx.journal.get(row.id).raw
            for probe in probes:
                if probe.token.encode() in raw:
                    probe.arrived = _id_of(raw)


def _look_in_mailboxes(patient: Patient, probes: list[Probe]) -> None:
    """Only to look: nothing is marked or moved."""
    from gateway.doctor.mailboxes import session_of
    from gateway.imap_errors import is_known

    for settings in patient.settings.imap if probes else ():
        try:
            session = session_of(settings)
        except Exception as error:
            if not is_known(error):
                raise
            continue
        try:
            session.select(settings.folder)
            _find(session, probes)
        finally:
            session.box.client.shutdown()


def _find(session: ImapSession, probes: list[Probe]) -> None:
    for probe in probes:
        found = session.box.uids(f'SUBJECT "{probe.token}"')
        for raw in session.bodies([int(uid) for uid in found]).values() if found else ():
            probe.arrived = _id_of(raw)


def _id_of(raw: bytes) -> str:
    from intake.mail.reading import read_message

    return read_message(raw).message_id or "none"


def _judged(patient: Patient, plain: Probe, plus: Probe, seconds: float) -> Iterator[Finding]:
    if plain.arrived is None:
        lost = f"did not come back in {seconds:g} s" if plain.refused is None else f"was refused: {plain.refused}"
        todo = "does it arrive at a running otklik serve or a configured [[imap]]? --wait longer?"
        yield fail(
            NAME, f"a mail to {plain.address} {lost}", todo if plain.refused is None else "ask who runs the relay"
        )
        return
    yield _plus_judged(patient.settings.desk.reply_address, plus)
    if plain.arrived == plain.message_id:
        yield ok(NAME, "Message-IDs stay as they are")
    else:
        what = f"Message-IDs are changed on the way (to {plain.arrived[:80]})"
        yield warn(NAME, what, 'threads then rest on the address and the subject: keep reply_address = "plus"')


def _lost(plain: Probe, seconds: float) -> Finding:
    if plain.refused is not None:
        return fail(NAME, f"a mail to {plain.address} was refused: {plain.refused}", "ask who runs the relay")
    what = f"a mail to {plain.address} did not come back in {seconds:g} s"
    return fail(NAME, what, "does it arrive at a running otklik serve or a configured [[imap]]? --wait longer?")


def _plus_judged(chosen: str, plus: Probe) -> Finding:
    if plus.arrived is not None:
        better = "" if chosen == "plus" else '; reply_address = "plus" would hold threads more surely'
        return ok(NAME, f"plus-addresses are delivered{better}")
    what = "plus-addresses are " + ("not delivered" if plus.refused is None else f"refused: {plus.refused}")
    if chosen == "plus":
        return fail(NAME, what, 'set [desk] reply_address = "plain", or have them delivered')
    return ok(NAME, f'{what}; reply_address = "plain" is right')
