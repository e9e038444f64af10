"""Messages of a ticket as text. Long ones are cut: a screenful is what is read, the whole is a key away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.content import Content

from intake.model import Delivery, Direction, TicketMessage
from intake.second_line import channel_of
from intake.visible import visible
from tui import labels, times
from tui.line_labels import CHANNELS
from tui.mail_warnings import warning_words
from tui.second_line_lines import short_title
from tui.sender_mark import sender_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.escalations import Asked

SHOWN_LINES, SHOWN_SIGNS = 80, 6_000
PAGE_LINES, PAGE_SIGNS = 200, 16_000
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Cut:
    """The beginning of a text. ``lines_left`` None where nothing was cut."""

    text: str
    lines_left: int | None


def cut(text: str, lines: int = SHOWN_LINES, signs: int = SHOWN_SIGNS) -> Cut:
    """At most so many lines and signs, without reading more of the text than that."""
    head = text[: signs + 1]
    parts = head.split("\n", lines)
    if len(parts) <= lines and len(text) <= signs:
        return Cut(text, None)
    kept = "\n".join(parts[:lines])[:signs]
    return Cut(kept, text.count("\n", len(kept)) + (0 if text[len(kept) : len(kept) + 1] == "\n" else 1))


def pages(text: str) -> list[str]:
    """The whole of a text in pieces that are each quick to show."""
    found, start = [], 0
    while start < len(text):
        piece = cut(text[start : start + PAGE_SIGNS + 1], PAGE_LINES, PAGE_SIGNS).text
        found.append(piece)
        start += max(1, len(piece))
        if text[start : start + 1] == "\n":
            start += 1
    return found or [""]


def has_more(message: TicketMessage) -> bool:
    """Whether something is folded away: quotes, a signature, an automatic text."""
    return message.automatic or message.full_text.strip() != message.text.strip()


def kind(message: TicketMessage) -> str:
    """The style a message is drawn in: client, ours, note, automatic, department."""
    if message.direction is Direction.NOTE:
        return "note"
    if message.automatic:
        return "automatic"
    if message.direction in (Direction.DEPT_IN, Direction.DEPT_OUT):
        return "department"
    return "client" if message.direction is Direction.IN else "ours"


def heading(
    message: TicketMessage, names: Mapping[str, str], now: datetime, zone: ZoneInfo, part: Asked | None = None
) -> Content:
    """Who wrote when, and what became of it; ``part``: the department's that it belongs to."""
    when = times.moment(zone, message.at, now)
    parts: list[str | Content | tuple[str, str]] = []
    if message.unconfirmed:
        parts.append(("⚠ отправитель не подтверждён ", "bold $warning"))
    parts += [(f"{_what(message, part)} ", "bold"), _who(message, names), (f"  {when}", "dim")]
    words, style = sender_mark(message.authentication)
    if words:
        parts.append((f"  {words}", style))
    if message.delivery is not None:
        parts.append(_delivery(message))
    return Content.assemble(*parts)


def body(message: TicketMessage, unfolded: bool) -> Content:
    """The text as far as it is shown, its files, and what else there is. Of an automatic message only its subject."""
    if message.automatic and not unfolded:
        return Content.assemble(visible(message.subject)[:200], ("  ▸ v текст", "dim"))
    shown = cut(message.full_text if unfolded else message.text)
    text = visible(wrappable(shown.text), keep_newlines=True).strip("\n")
    lines = [Content(text) if text.strip() else Content.styled("(пустое сообщение)", "dim italic")]
    if shown.lines_left is not None:
        more = f"▾ показано не всё, ещё строк: {shown.lines_left} — g читать целиком"
        lines.append(Content.styled(more, "bold $accent"))
    lines += [
        Content.assemble(("Файл ", "bold $accent"), labels.attachment_words(a.filename, a.content_type, a.size))
        for a in message.attachments
    ]
    if has_more(message):
        lines.append(Content.styled("▴ v свернуть цитаты" if unfolded else "▸ v цитаты и подпись", "dim"))
    lines += [Content.styled(f"⚠ {words}", "dim") for words in _warnings(message)]
    return Content("\n").join(lines)


def _what(message: TicketMessage, part: Asked | None = None) -> str:
    return {
        "note": "Заметка для своих ·",
        "automatic": "Автоматическое ·" if part is None else f"Автоматическое · {_department(message, part)} ·",
        "department": _asked(message, part),
        "client": "←",
        "ours": "→",
    }[kind(message)]


def _asked(message: TicketMessage, part: Asked | None) -> str:
    came = message.direction is Direction.DEPT_IN
    if part is None:
        return "Ответ подразделения ·" if came else "Вопрос подразделению ·"
    return f"{'Ответ' if came else 'Вопрос'}: {_department(message, part)} ·"


def _department(message: TicketMessage, part: Asked) -> str:
    return f"{short_title(part.title)}, {CHANNELS[channel_of(message)]}"


def _who(message: TicketMessage, names: Mapping[str, str]) -> str:
    if message.author is not None:
        return visible(names.get(message.author, message.author))
    if message.direction is Direction.OUT:
        return visible(message.sender_name)
    return labels.person(message.sender_name, message.sender_address)


def _delivery(message: TicketMessage) -> tuple[str, str]:
    assert message.delivery is not None
    words = f"  {labels.DELIVERY_MARKS[message.delivery]} {labels.DELIVERIES[message.delivery]}"
    if message.delivery in (Delivery.FAILED, Delivery.UNCERTAIN):
        why = f": {visible(message.delivery_error)[:200]}" if message.delivery_error else ""
        return words + why, "bold $error"
    return words, "dim"


def _warnings(message: TicketMessage) -> Iterator[str]:
    for warning in message.warnings[:5]:
        yield warning_words(warning)


def wrappable(text: str) -> str:
    """A line of a megabyte is broken: wrapping it costs seconds."""
    if all(len(line) <= LONGEST_LINE for line in text.split("\n")):
        return text
    return "\n".join(piece for line in text.split("\n") for piece in _broken(line))


def _broken(line: str) -> list[str]:
    return [line[place : place + LONGEST_LINE] for place in range(0, max(1, len(line)), LONGEST_LINE)]
