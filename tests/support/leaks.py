"""Nothing internal in a letter to anybody outside: looked for in every letter of a desk, whoever asked for it.

Outside is whoever is neither an agent nor a department. Internal are notes, questions to departments, what they answer,
the addresses they answer to and the Message-IDs of their thread."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.bootstrap import signing_keys
from intake.model import Direction, OutboxRow, TicketMessage
from intake.settings import DeskSettings
from intake.signing import Signer

if TYPE_CHECKING:
    from intake.ports import Store, Transaction

LEAST = 12
"""Characters of a run of whole words that may be no coincidence."""
MOST = 5_000
ASKED = ("escalation", "escalation_reminder")
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"
CLIENTS = ("acknowledgement", "reply", "status", "base")
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"[\w.+=-]+@[\w.-]+")
_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Inside:
    """What nobody outside may read, and who is not outside."""

    fragments: frozenset[str]
    ids: frozenset[str]
    people: frozenset[str]


def leaks(store: Store, settings: DeskSettings) -> list[str]:
    """What of a desk's inside stands in letters to the outside: one line for each letter and fragment."""
    signer = Signer(signing_keys(store))
    with store.read() as tx:
        secret = _messages(tx, "'note', 'dept_in', 'dept_out'")
        if not secret:
            return []
        inside = _inside(tx, settings, secret, _messages(tx, "'in'"))
        rows = [tx.outbox.get(row.id) for row in tx.outbox.recent(limit=MOST, suppressed=True)]
        own = {m.outbox: m.text for m in _messages(tx, "'out'") if m.author and m.text != m.full_text}
    return [found for row in rows for found in _in_letter(row, inside, signer, own.get(row.id, ""))]


def assert_no_leak(store: Store, settings: DeskSettings) -> None:
    """Fails with every leak there is."""
    found = leaks(store, settings)
    assert not found, "\n".join(["something internal left the desk:", *found[:20]])


def _messages(tx: Transaction, directions: str) -> list[TicketMessage]:
    query = f"SELECT id FROM messages WHERE direction IN ({directions}) ORDER BY id DESC LIMIT {MOST}"
    return [tx.messages.get(row[0]) for row in tx.messages._rows.all(query)]  # type: ignore[attr-defined]


def _inside(
    tx: Transaction, settings: DeskSettings, secret: list[TicketMessage], public: list[TicketMessage]
) -> Inside:
    asked = [e for number in {m.ticket for m in secret} for e in tx.escalations.of(number)]
    known = normal(" ".join([*(m.full_text for m in public), *(m.subject for m in public), _boilerplate()]))
    found = {f for e in asked for f in fragments(e.question)}
    found |= {f for m in secret if not _written_by_the_desk(m) for f in fragments(m.text)}
    people = {agent.email.lower() for agent in tx.people.agents(active=False)} | set(_departments(settings))
    return Inside(
        frozenset(f for f in found if f not in known),
        frozenset(m.message_id for m in secret if m.message_id),
        frozenset({*people, *settings.own_addresses}),
    )


def _written_by_the_desk(message: TicketMessage) -> bool:
    """A letter to a department without words of an agent's own: only what the client reads too stands there."""
    return message.direction is Direction.DEPT_OUT and message.text == message.full_text and message.outbox is not None


def _departments(settings: DeskSettings) -> Iterator[str]:
    for department in settings.departments:
        named = (department.email or "", parseaddr(department.head or "")[1], *department.senders)
        yield from (address.lower() for address in named if address)


def _boilerplate() -> str:
    """What stands in every letter to a client; a greeting in a note is no secret."""
    return " ".join(_TAG.sub(" ", (TEMPLATES / f"{name}.html").read_text()) for name in CLIENTS) + " ".join(
        (TEMPLATES / f"{name}.txt").read_text() for name in CLIENTS if name != "base"
    )


def _in_letter(row: OutboxRow, inside: Inside, signer: Signer, own: str) -> Iterator[str]:
    outside = [address for address, _, _ in row.recipients if not _is_inside(address, inside)]
    if not outside or not row.raw:
        return
    said = email.message_from_bytes(row.raw, policy=email.policy.default)
    assert isinstance(said, EmailMessage)
    agents_own = normal(own)
    whole = normal(" ".join([*(str(value) for value in said.values()), *_texts(said)]))
    where = f"letter {row.id} ({row.kind}) to {', '.join(outside)}"
    if row.kind in ASKED:
        yield f"{where}: a department's letter"
    yield from (f"{where}: {f!r}" for f in sorted(inside.fragments) if f in whole and f not in agents_own)
    headers = " ".join(str(value) for value in said.values())
    yield from (f"{where}: id {found}" for found in _ID.findall(headers) if found in inside.ids)
    everything = row.raw.decode("utf-8", "replace") + whole
    for address in {*_ADDRESS.findall(everything)}:
        if signer.asked_of_address(address) is not None:
            yield f"{where}: a department's address {address}"


def _is_inside(address: str, inside: Inside) -> bool:
    name = address.lower()
    return name.startswith("slack:") or name in inside.people or "@" + name.rpartition("@")[2] in inside.people


def _texts(said: EmailMessage) -> Iterator[str]:
    for part in said.walk():
        if part.get_content_maintype() == "text":
            text = str(part.get_content())
            yield html.unescape(_TAG.sub(" ", text)) if part.get_content_subtype() == "html" else text
        if part.get_filename():
            yield str(part.get_filename())


def normal(text: str) -> str:
    """Text without quoting, line ends and case."""
    return " ".join(text.replace(">", " ").casefold().split())


def fragments(text: str) -> Iterable[str]:
    """From each word on, the shortest run of whole words of `LEAST` characters."""
    words = normal(text).split()
    for start in range(len(words)):
        run = ""
        for word in words[start:]:
            run = f"{run} {word}".strip()
            if len(run) >= LEAST:
                yield run
                break
