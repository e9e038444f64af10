"""Letters a second: composed, beside EmailMessage; sent from the outbox, beside smtplib with a connection a letter.

    python -m tests.bench.letters [LETTERS] [ROUNDS]

Needs Postfix's smtp-sink. Rivals take turns, so that a busy machine slows both; the ratio is what counts. The outbox
is durable (SQLite, WAL, FULL): each letter is leased, marked in flight and settled around its sending.
"""

from __future__ import annotations

import asyncio
import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path

from gateway.relay import SmtpRelay
from gateway.sender import Sender
from gateway.settings import RelaySettings
from intake.letters.composing import LetterHead, compose
from intake.model import Letter
from intake.ports import Transaction
from intake.settings import Limits
from storage import open_store
from tests.support.sinks import smtp_sink

NOW = datetime(2026, 5, 8, 15, 30, tzinfo=UTC)
HEAD = LetterHead(
    from_name="Служба поддержки «Витрина Домиленд»",
    from_address="support@desk.example",
    to=(("Иван Петров", "ivan@client.example"),),
    subject="[VD-1042] Не открывается список заказов",
    message_id="<vd-1042.0123456789ab@desk.example>",
    date=NOW,
    reply_to="support+vd-1042.abcdefghijklmnopqrstuvwxyz@desk.example",
    in_reply_to="<first@client.example>",
    references=("<first@client.example>",),
    extra=(("X-Otklik-Ticket", "VD-1042"), ("Auto-Submitted", "auto-replied")),
)
TEXT = "Здравствуйте! Мы получили ваше обращение и ответим до 10:30 МСК во вторник, 12 мая.\n" * 8
HTML = "<p>Здравствуйте! Мы получили ваше обращение и ответим до 10:30 МСК во вторник, 12 мая.</p>\n" * 12


def with_email_message() -> bytes:
    """The same letter the obvious way."""
    letter = EmailMessage()
    letter["From"] = formataddr((HEAD.from_name, HEAD.from_address))
    letter["To"] = formataddr(HEAD.to[0])
    letter["Subject"] = HEAD.subject
    letter["Date"] = format_datetime(HEAD.date)
    letter["Message-ID"] = HEAD.message_id
    letter["Reply-To"] = HEAD.reply_to
    letter["In-Reply-To"] = HEAD.in_reply_to
    letter["References"] = " ".join(HEAD.references)
    for name, value in HEAD.extra:
        letter[name] = value
    letter.set_content(TEXT)
    letter.add_alternative(HTML, subtype="html")
    return letter.as_bytes()


def rate(work: Callable[[], object], times: int) -> float:
    """How often a second."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return times / (time.perf_counter() - began)


def sent_by_smtplib(port: int, raw: bytes, letters: int) -> float:
    """A connection a letter, nothing durable."""

    def one() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="desk.example", timeout=60) as line:
            line.sendmail("support@desk.example", ["ivan@client.example"], raw)

    return rate(one, letters)


def sent_by_the_desk(port: int, raw: bytes, letters: int) -> float:
    """From a full outbox to an empty one."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'desk.db'}")

        def fill(tx: Transaction) -> None:
            for n in range(letters):
                to = (f"c{n}@client.example",)
                tx.outbox.add(Letter("reply", None, f"<{n}@desk.example>", to, raw, True, "support@desk.example"), NOW)

        async def send() -> float:
            relay = SmtpRelay(RelaySettings(host="127.0.0.1", port=port, security="none"))
            sender = Sender(store, relay, clock=lambda: NOW, limits=Limits(), settled=lambda _tx, _row, _at: None)
            began = time.perf_counter()
            sent = await sender.deliver_due()
            took = time.perf_counter() - began
            await relay.close()
            return sent / took

        store.write(fill)
        try:
            return asyncio.run(send())
        finally:
            store.close()


def main(letters: int = 1000, rounds: int = 5) -> None:
    """Measure, print medians."""
    composed, naive, durable, bare = [], [], [], []
    raw = compose(HEAD, TEXT, HTML)
    with smtp_sink() as port:
        for _ in range(rounds):
            composed.append(rate(lambda: compose(HEAD, TEXT, HTML), letters))
            naive.append(rate(with_email_message, max(letters // 10, 10)))
            durable.append(sent_by_the_desk(port, raw, letters))
            bare.append(sent_by_smtplib(port, raw, letters))
    report("compose", composed, "EmailMessage", naive)
    report("outbox to relay, durable", durable, "smtplib, a connection a letter, nothing durable", bare)


def report(what: str, ours: list[float], other: str, theirs: list[float]) -> None:
    """One line."""
    ratio = statistics.median(mine / its for mine, its in zip(ours, theirs, strict=True))
    print(f"{what}: {statistics.median(ours):,.0f}/s; {other}: {statistics.median(theirs):,.0f}/s; ratio {ratio:.2f}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
