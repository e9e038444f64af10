"""Departments and clients behind a real Postfix, at real mail programs: what each writes comes where it belongs."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.bootstrap import Parts, build
from gateway.settings import load_settings
from tests.support.desks import mail
from tests.support.gateways import DESK, Gateway, eventually, gateway
from tests.support.mail_manners import MANNERS, answered
from tests.support.mail_programs import msmtp, mutt_reply
from tests.support.ports import free_port
from tests.support.postfix import Postfix, postfix

CLIENT, LEGAL = "olga@roscha.example", "legal@licensor.example"
OTHERS = {key: f"{key}@licensor.example" for key in ("finance", "marketing", "product", "it")}
DEPARTMENTS = "".join(f'[departments.{key}]\nemail = "{a}"\n' for key, a in {"legal": LEGAL, **OTHERS}.items())
TOPICS = (
    "settlements",
    "promotion",
    "development",
    "system_errors",
    "data_edit",
    "joint_events",
    "joint_pr",
)
INTERNAL = "Договор ничтожен, но клиенту этого пока не говорите."


@contextmanager
def town(folder: Path) -> Iterator[tuple[Gateway, Postfix]]:
    """A gateway whose relay is Postfix, and to which Postfix brings the desk's mail."""
    port = free_port()
    with gateway(folder, port, DEPARTMENTS) as desk:
        routes = {DESK.rpartition("@")[2]: desk.smtp_port}
        with postfix([CLIENT, LEGAL, *OTHERS.values()], routes, port) as mta:
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


def came(desk: Gateway, count: int) -> list[dict[str, Any]]:
    """What the departments' side of the ticket is, once there is so much of it."""

    def found() -> list[dict[str, Any]]:
        (ticket,) = desk.json("ticket", "1001")
        there = [m for m in ticket["messages"] if m["direction"] == "dept_in"]
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
        asked = {"finance": 1, "marketing": 3, "product": 1, "it": 3}
        for key, count in asked.items():
            eventually(lambda: len(letters(mta, OTHERS[key])) == count, what=f"letters to {key}")  # noqa: B023
        boxes = [(OTHERS[key], raw) for key in asked for raw in letters(mta, OTHERS[key])]
        wanted = {}
        for number, (manner, (address, raw)) in enumerate(zip(MANNERS, boxes, strict=False)):
            to = header(raw, "Reply-To")
            wanted[manner] = f"Отвечаю из {manner}.\n\nПодробности завтра."
            reply = answered(manner, raw, wanted[manner], address, to, f"<p{number}@licensor.example>")
            msmtp(mta.port, address, to, reply)
        texts = {m["text"] for m in came(desk, len(wanted))}
        assert texts == set(wanted.values())
        (ticket,) = desk.json("ticket", "1001")
        answers = [e["answered_at"] for e in ticket["escalations"]]
        assert all(answers[: len(TOPICS)]), answers


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
        (answer,) = came(desk, 1)
        assert answer["text"] == INTERNAL
        eventually(lambda: letters(mta, CLIENT, LEGAL), what="the lawyer's own copy to the client")
        home = tmp_path / "client"
        home.mkdir()
        mutt_reply(home, mta.port, mta.maildir(CLIENT), f"Ольга Петрова <{CLIENT}>", "Как это ничтожен?", to_all=True)
        _, client = came(desk, 2)
        assert client["text"] == "Как это ничтожен?"
        assert client["from"]["address"] == CLIENT
        parts.desk.reply(1001, "Ольга, юристы ещё смотрят.", "anna")
        parts.desk.close(1001, "anna")
        eventually(lambda: len(letters(mta, CLIENT)) == 3, what="the letters to the client")
        ours = "".join(desk_words(raw) for raw in letters(mta, CLIENT))
        assert "ничтожен" not in ours
        assert "Рощей" not in ours


def desk_words(raw: bytes) -> str:
    said = email.message_from_bytes(raw, policy=email.policy.default)
    return " ".join(str(part.get_content()) for part in said.walk() if not part.is_multipart())
