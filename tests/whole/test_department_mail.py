"""Departments and clients behind a real Postfix, at real mail programs: what each writes comes where it belongs."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.bootstrap import Parts, build
from gateway.settings import load_settings
from intake.model import Direction, TicketMessage
from tests.support.departments import TOPICS
from tests.support.desks import mail
from tests.support.gateways import DESK, Gateway, eventually, gateway
from tests.support.mail_manners import MANNERS, answered
from tests.support.mail_programs import msmtp, mutt_reply
from tests.support.ports import free_port
from tests.support.postfix import Postfix, postfix

CLIENT, LEGAL = "olga@roscha.example", "legal@licensor.example"
BOXES = {key: f"{key}@licensor.example" for key in ("legal", "finance", "marketing", "product", "it")}
DEPARTMENTS = "".join(f'[departments.{key}]\nemail = "{a}"\n' for key, a in BOXES.items())
INTERNAL = "Договор ничтожен, но клиенту этого пока не говорите."


@contextmanager
def town(folder: Path) -> Iterator[tuple[Gateway, Postfix]]:
    """A gateway whose relay is Postfix, and to which Postfix brings the desk's mail."""
    port = free_port()
    with (
        postfix([CLIENT, *BOXES.values()], {DESK.rpartition("@")[2]: port}) as mta,
        gateway(folder, mta.port, DEPARTMENTS, smtp_port=port) as desk,
    ):
        yield desk, mta


@contextmanager
def inside(desk: Gateway) -> Iterator[Parts]:
    """The same desk in this process, as an agent's screen has it."""
    parts = build(load_settings(desk.config, {}))
    try:
        yield parts
    finally:
        parts.close()


def letters(mta: Postfix, address: str, sender: str = DESK) -> list[bytes]:
    """What the desk, or somebody, sent to a mailbox."""
    return [raw for raw in mta.box(address) if f"<{sender}>".encode() in raw.split(b"\n", 1)[0]]


def header(raw: bytes, name: str) -> str:
    return str(email.message_from_bytes(raw, policy=email.policy.default)[name])


def came(parts: Parts, count: int) -> list[TicketMessage]:
    """What the departments' side of the ticket is, once there is so much of it."""

    def found() -> list[TicketMessage]:
        with parts.store.read() as tx:
            there = [m for m in tx.messages.of(1001) if m.direction is Direction.DEPT_IN]
        return there if len(there) >= count else []

    return eventually(found, what=f"{count} messages of departments")


def ask(parts: Parts, mta: Postfix, topic: str, question: str) -> None:
    eventually(lambda: letters(mta, CLIENT), 40, what="the acknowledgement")
    parts.desk.escalate(1001, topic, "anna", question)


@pytest.mark.timeout(240)
def test_answers_of_every_program_come_through_a_real_mail_system(tmp_path: Path) -> None:
    with town(tmp_path) as (desk, mta), inside(desk) as parts:
        msmtp(mta.port, CLIENT, DESK, mail())
        for topic in TOPICS:
            ask(parts, mta, topic, f"Вопрос по теме {topic}: можно ли?")
        asked = {"legal": 1, "finance": 1, "marketing": 3, "product": 1, "it": 3}
        for key, count in asked.items():
            eventually(lambda: len(letters(mta, BOXES[key])) == count, what=f"letters to {key}")  # noqa: B023
        boxes = [(BOXES[key], raw) for key in asked for raw in letters(mta, BOXES[key])]
        wanted = {}
        for number, (manner, (address, raw)) in enumerate(zip(MANNERS, boxes, strict=True)):
            to = header(raw, "Reply-To")
            wanted[manner] = f"Отвечаю из {manner}.\n\nПодробности завтра."
            reply = answered(manner, raw, wanted[manner], address, to, f"<p{number}@licensor.example>")
            msmtp(mta.port, address, to, reply)
        said = came(parts, len(wanted))
        assert {m.text for m in said} == set(wanted.values())
        assert not any(m.unconfirmed for m in said)
        with parts.store.read() as tx:
            assert [e.topic for e in tx.escalations.of(1001) if e.waiting] == []


@pytest.mark.timeout(240)
def test_mutt_answers_all_with_the_client_in_copy_and_nothing_internal_comes_from_us(tmp_path: Path) -> None:
    with town(tmp_path) as (desk, mta), inside(desk) as parts:
        msmtp(mta.port, CLIENT, DESK, mail())
        ask(parts, mta, "legal", "Можно ли расторгнуть договор с Рощей?")
        eventually(lambda: letters(mta, LEGAL), what="the question")
        law = tmp_path / "lawyer"
        law.mkdir()
        copied = f"my_hdr Cc: {CLIENT}"
        mutt_reply(law, mta.port, mta.maildir(LEGAL), f"Юлия Правова <{LEGAL}>", INTERNAL, more=copied)
        (answer,) = came(parts, 1)
        assert (answer.text, answer.unconfirmed) == (INTERNAL, False)
        eventually(lambda: letters(mta, CLIENT, LEGAL), what="the lawyer's own copy to the client")
        home = tmp_path / "client"
        home.mkdir()
        olga, box = f"Ольга Петрова <{CLIENT}>", mta.maildir(CLIENT)
        mutt_reply(home, mta.port, box, olga, "Как это ничтожен?", to_all=True, to=LEGAL)
        _, client = came(parts, 2)
        assert (client.text, client.sender_address, client.unconfirmed) == ("Как это ничтожен?", CLIENT, True)
        parts.desk.reply(1001, "Ольга, юристы ещё смотрят.", "anna")
        parts.desk.close(1001, "anna")
        eventually(lambda: len(letters(mta, CLIENT)) == 3, what="the letters to the client")
        ours = "".join(desk_words(raw) for raw in letters(mta, CLIENT))
        assert "ничтожен" not in ours
        assert "Рощей" not in ours


def desk_words(raw: bytes) -> str:
    said = email.message_from_bytes(raw, policy=email.policy.default)
    return " ".join(str(part.get_content()) for part in said.walk() if not part.is_multipart())
