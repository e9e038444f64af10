"""Lines of «Почта»: what came in, what became of it, and by which rule."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from intake.model import Disposition, JournalRow
from intake.tombstones import FORGOTTEN
from intake.visible import visible
from tui import labels, times

if TYPE_CHECKING:
    from intake.mail.message import Address, Message
    from intake.reading import Reading

WHEN, RULE, SENDER = 12, 20, 22
RULES = {
    "delivery-failed": "недоставка",
    "delivery-receipt": "отчёт о доставке",
    "read-receipt": "отчёт о прочтении",
    "feedback-report": "жалоба на письмо",
    "own-letter": "наше письмо",
    "calendar-answer": "ответ календаря",
    "auto-replied": "автоответ",
    "auto-reply-field": "автоответ",
    "auto-reply-precedence": "автоответ",
    "auto-reply-subject": "автоответ",
    "away-text": "нет на месте",
    "received-text": "автоответ",
    "says-automatic": "автоответ",
    "challenge": "проверка адреса",
    "null-path-answer": "автоответ",
    "marked-spam": "спам",
    "list": "рассылка",
    "bulk": "массовая рассылка",
    "auto-generated": "уведомление",
    FORGOTTEN: "данные стёрты",
}
DISPOSITIONS = {Disposition.IGNORED: "пропущено", Disposition.QUARANTINED: "карантин"}
MARKS = {Disposition.IGNORED: "·", Disposition.QUARANTINED: "▲"}
DOORS = {"smtp": "SMTP", "imap": "ящик", "pipe": "intake", "form": "форма", "api": "API", "agent": "сотрудник"}


def rule_words(row: JournalRow) -> str:
    """The rule that decided, in a word or two; of an error that it could not be processed."""
    name, colon, _ = (row.cause or "").partition(":")
    if name in RULES:
        return RULES[name]
    error = row.disposition is Disposition.QUARANTINED and colon and name.isidentifier()
    return "не обработано" if error else visible(name)[:40] or "без причины"


def mail_line(row: JournalRow, now: datetime, zone: ZoneInfo) -> Content:
    """One arrival."""
    when = times.moment(zone, row.received_at, now)
    style = "bold $warning" if row.disposition is Disposition.QUARANTINED else "dim"
    return Content.assemble(
        (_cell(when, WHEN), "dim"),
        (f"{MARKS.get(row.disposition, ' ')} {_cell(rule_words(row), RULE)}", style),
        f"{_cell(visible(_sender(row)), SENDER)}",
        visible(row.subject or "")[:200] or "(без темы)",
    )


def mail_words(row: JournalRow, now: datetime, zone: ZoneInfo) -> Content:
    """What is known of the arrival under the cursor."""
    state = DISPOSITIONS.get(row.disposition, row.disposition)
    door = DOORS.get(row.door, visible(row.door))
    when = times.moment(zone, row.received_at, now)
    return Content("\n").join(
        [
            Content.assemble((f"№ {row.id} · {state}: {rule_words(row)}", "bold"), (f" · {door}, {when}", "dim")),
            Content(f"От: {visible(_sender(row))}"),
            Content(f"Тема: {visible(row.subject or '')[:300] or '(без темы)'}"),
            Content.styled(f"Почему: {visible(row.cause or '—')[:300]}", "dim"),
        ]
    )


def whole_words(row: JournalRow, reading: Reading) -> str:
    """A mail to be read: its head and its text, as they were sent; made harmless where it is shown."""
    message = reading.message
    head = [
        f"От: {_people(message.sender) or _sender(row)}",
        f"Кому: {_people(message.to)}",
        *([f"Копия: {_people(message.cc)}"] if message.cc else []),
        f"Тема: {message.subject or '(без темы)'}",
        f"Что это: {DISPOSITIONS.get(row.disposition, row.disposition)}, {rule_words(row)} ({row.cause or '—'})",
    ]
    return "\n".join([*head, *_files(message), "", message.text.strip() or "(пустое письмо)"])


def _files(message: Message) -> list[str]:
    return [f"Файл {labels.attachment_words(a.filename, a.content_type, a.size)}" for a in message.attachments[:50]]


def _people(people: tuple[Address, ...]) -> str:
    more = f" и ещё {len(people) - 10}" if len(people) > 10 else ""
    return ", ".join(labels.person(one.name, one.address) for one in people[:10]) + more


def _sender(row: JournalRow) -> str:
    return row.sender or row.envelope.mail_from or "неизвестно от кого"


def _cell(text: str, width: int) -> str:
    short = text if cell_len(text) < width else set_cell_size(text, width - 2).rstrip() + "…"
    return set_cell_size(short, width)
