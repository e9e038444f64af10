"""``otklik intake``: raw mails taken as if delivered, for pipes and scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.common import json_option, print_json, say
from gateway.cli.moments import FIRST_YEAR, LAST_YEAR
from gateway.cli.parts import opened
from intake.errors import OtklikError

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.model import Arrival, JournalRow
    from intake.ports import Transaction
    from intake.receiving import Received

LEASE = timedelta(minutes=10)
CHUNK = 32


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE...|-]")
@click.option("--from", "mail_from", metavar="ADDR", help='Envelope sender; "<>" is the null return path.')
@click.option("--to", "rcpt_to", metavar="ADDR", multiple=True, help="Envelope recipient; may be repeated.")
@click.option("--received-at", metavar="T", help="Time of arrival, ISO 8601 with offset.  [default: now]")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    mail_from: str | None,
    rcpt_to: tuple[str, ...],
    received_at: str | None,
    as_json: bool,
) -> None:
    """Take raw mails: a mail on stdin ("-" or no FILE), .eml files, an mbox, a Maildir.

    Each is journalled first and processed at once, with or without a running gateway. Exit 75 when one could not be
    stored, so that an MTA tries again.
    """
    at = _time(received_at)
    sources = [_Source(name) for name in files or ("-",)]
    with opened(ctx) as parts:
        for source in sources:
            for chunk in _chunks(source.mails()):
                _take(parts, chunk, mail_from, rcpt_to, at, as_json)


def _take(
    parts: Parts,
    mails: list[tuple[str, bytes]],
    mail_from: str | None,
    rcpt_to: tuple[str, ...],
    at: datetime | None,
    as_json: bool,
) -> None:
    from intake.arrivals import door_key
    from intake.model import Arrival, Envelope

    sender = "" if mail_from == "<>" else mail_from
    rows: list[tuple[str, JournalRow | int]] = []
    for name, raw in mails:
        now = parts.clock()
        received = at or now
        key = door_key(raw, "pipe", rcpt_to, received)
        arrival = Arrival(raw, "pipe", received, key, envelope=Envelope(sender, rcpt_to))
        rows.append((name, parts.store.write(partial(_keep, arrival, now + LEASE))))
    fresh = [row for _, row in rows if not isinstance(row, int)]
    done = {one.row: one for one in _processed(parts, fresh)}
    for name, row in rows:
        if isinstance(row, int):
            _report_known(parts, name, row, as_json)
        else:
            _report(parts, name, done[row.id], as_json)


def _keep(arrival: Arrival, until: datetime, tx: Transaction) -> JournalRow | int:
    """The fresh row, leased to us, or the number of the one that is this very delivery."""
    kept = tx.journal.keep(arrival, lease_until=until)
    if kept is not None:
        return tx.journal.get(kept)
    known = tx.journal.known(arrival.door_key)
    assert known is not None, "a refused key is a known one"
    return known.id


def _processed(parts: Parts, rows: list[JournalRow]) -> list[Received]:
    from gateway.mail_readers import PooledReader
    from gateway.worker import Worker

    if not rows:
        return []
    reader = PooledReader(parts.desk_settings, store=parts.store)
    try:
        return Worker(parts.store, parts.receiver, reader, parts.clock).process(rows)
    finally:
        reader.close()


def _report_known(parts: Parts, name: str, row: int, as_json: bool) -> None:
    with parts.store.read() as tx:
        known = tx.journal.get(row)
    if as_json:
        print_json({"file": name, "journal": row, "disposition": "duplicate", "ticket": known.ticket})
    else:
        say(f"{name}: kept already as journal row {row}")


def _report(parts: Parts, name: str, one: Received, as_json: bool) -> None:
    outcome = one.outcome
    if outcome is None:
        if as_json:
            print_json({"file": name, "journal": one.row, "disposition": "new", "ticket": None})
        else:
            say(f"{name}: kept as journal row {one.row}, not processed yet: {one.error}")
        return
    if as_json:
        values = {"disposition": outcome.disposition, "cause": outcome.cause, "ticket": outcome.ticket}
        print_json({"file": name, "journal": one.row, **values})
    else:
        where = f" {parts.desk_settings.ticket_prefix}-{outcome.ticket}" if outcome.ticket else ""
        say(f"{name}: {outcome.disposition}{where} ({outcome.cause})")


class _Source:
    """A file, folder or stream of mails."""

    def __init__(self, name: str) -> None:
        self.name = name
        if name != "-" and not Path(name).exists():
            raise OtklikError(f"{name}: no such file or folder")

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """(what to call it, raw bytes) of each mail."""
        if self.name == "-":
            yield "-", sys.stdin.buffer.read()
        elif Path(self.name).is_dir():
            yield from _maildir(Path(self.name))
        else:
            raw = Path(self.name).read_bytes()
            yield from _mbox(self.name, raw) if raw.startswith(b"From ") else iter([(self.name, raw)])


def _maildir(folder: Path) -> Iterator[tuple[str, bytes]]:
    """A Maildir's new and cur; a plain folder's .eml files."""
    if (folder / "cur").is_dir() or (folder / "new").is_dir():
        found = sorted(p for sub in ("new", "cur") for p in (folder / sub).glob("*") if p.is_file())
    else:
        found = sorted(folder.glob("*.eml"))
    for path in found:
        yield str(path), path.read_bytes()


def _mbox(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The mails of an mbox: "From " after an empty line begins one; mboxrd's quoting is taken off."""
    import re

    starts = [m.start() for m in re.finditer(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]*\r?\n", raw)]
    for number, (begin, end) in enumerate(zip(starts, [*starts[1:], len(raw)], strict=True), 1):
        body = raw[begin:end].split(b"\n", 1)[1]
        if end < len(raw):
            body = re.sub(rb"\r?\n\Z", b"", body)
        yield f"{name}#{number}", re.sub(rb"(?m)^>(>*From )", rb"\1", body)


def _chunks(mails: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    chunk: list[tuple[str, bytes]] = []
    for mail in mails:
        chunk.append(mail)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not ISO 8601", param_hint="--received-at") from None
    if at.tzinfo is None:
        raise click.BadParameter(f"{text!r} has no offset", param_hint="--received-at")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise click.BadParameter(f"{text!r}: a year from {FIRST_YEAR} to {LAST_YEAR}", param_hint="--received-at")
    return at
