"""Departments for tests, and the mails they answer with."""

from __future__ import annotations

from email.message import EmailMessage

from intake.model import OutboxRow
from intake.settings import Department, DeskSettings
from tests.support import plain
from tests.support.desks import DESK_ADDRESS, TestDesk, mail

LEGAL, FINANCE, MARKETING = "legal@licensor.example", "finance@licensor.example", "marketing@licensor.example"
PRODUCT, IT = "product@licensor.example", "it@licensor.example"
LAWYER = "Юлия Правова <j.pravova@licensor.example>"
HEAD = "head.legal@licensor.example"
DEPARTMENTS = (
    Department("legal", "Юридический департамент", LEGAL, (LEGAL, "j.pravova@licensor.example"), HEAD, "#legal"),
    Department("finance", "Финансовый департамент", FINANCE, (FINANCE,), None, "#finance"),
    Department("marketing", "Департамент маркетинга", MARKETING, (MARKETING,), None, "#marketing"),
    Department("product", "Департамент продукта", PRODUCT, ("@product.licensor.example",), None, "#product"),
    Department("it", "Департамент ИТ", IT, (IT,), None, "#it"),
)
TOPICS = (
    "legal",
    "settlements",
    "promotion",
    "development",
    "system_errors",
    "data_edit",
    "joint_events",
    "joint_pr",
)
"""Every topic of §7."""
ASKING = DeskSettings(address=DESK_ADDRESS, departments=DEPARTMENTS)


def parsed(row: OutboxRow) -> EmailMessage:
    """A letter as a mail program reads it."""
    return plain.parsed(row.raw)


def words(row: OutboxRow) -> str:
    """The plain text of a letter."""
    return plain.plain_text(row.raw)


def asked(desk: TestDesk, kind: str = "escalation") -> list[OutboxRow]:
    """The letters to departments, oldest first."""
    return [row for row in desk.letters() if row.kind == kind]


def answer(
    letter: OutboxRow,
    body: str,
    sender: str = LAWYER,
    message_id: str = "<answer@licensor.example>",
    to: str | None = None,
    **headers: str,
) -> bytes:
    """A reply as a mail program writes it: to Reply-To, in the thread, with the letter quoted below."""
    said = parsed(letter)
    quoted = "\n".join(f"> {line}" for line in words(letter).splitlines())
    return mail(
        subject=f"Re: {said['Subject']}",
        body=f"{body}\n\n12.05.2026 11:00, Служба поддержки пишет:\n{quoted}",
        sender=sender,
        to=to or str(said["Reply-To"]),
        message_id=message_id,
        **{"In_Reply_To": str(said["Message-ID"]), "References": str(said["Message-ID"]), **headers},
    )
