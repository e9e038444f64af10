"""A question to a department as a post in Slack: a row of the outbox whose bytes are the call's arguments as JSON.

Only what the question needs: no name or address of the client, and of the conversation what was chosen one by one.
Whatever people wrote is escaped, so that nobody is pinged by it (docs.slack.dev, "Formatting message text": ``&``,
``<`` and ``>`` are the control characters)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.letters.asking import NO_SUBJECT, Question, due_words, said
from intake.letters.contexts import Rendered
from intake.model import Direction, Letter

if TYPE_CHECKING:
    from intake.escalations import Asked
    from intake.letters.writing import LetterWriter
    from intake.regulation import Regulation
    from intake.settings import Department

POST, REMINDER = "slack", "slack_reminder"
KINDS = (POST, REMINDER)
TAKE, READY = "otklik_take", "otklik_ready"
EVENT = "otklik_question"
LONGEST = 2_800
"""Characters of one text; Slack takes 3000 in a section block."""
SECTIONS = 30
"""Of what was written; Slack takes 50 blocks."""
ROOM = 12_000
"""Characters of a whole post. Slack tells no limit for all of its blocks, but answers msg_blocks_too_long to more."""
CUT = "… (дальше не поместилось в Slack, спросите в этой ветке)"


@dataclass(frozen=True, slots=True)
class StoredPost:
    """What a row of the outbox says is to be posted: ``arguments`` of chat.postMessage, without a thread."""

    asked: int
    channel: str
    arguments: dict[str, Any]

    @classmethod
    def read(cls, raw: bytes) -> StoredPost:
        """From a letter's bytes."""
        found = json.loads(raw)
        return cls(found["asked"], found["arguments"]["channel"], found["arguments"])


def escaped(text: str) -> str:
    """Text that Slack shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """What was `escaped`, as it was."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def department_post(
    writer: LetterWriter,
    question: Question,
    asked: Asked,
    department: Department,
    regulation: Regulation,
    now: datetime,
) -> tuple[Letter, Rendered]:
    """The post to one department's channel; a reminder hangs on the thread of the question."""
    assert department.slack_channel, "a department that is asked in Slack has a channel"
    ticket, escalation = question.ticket, question.escalation
    topic = regulation.rules.second_line.topics[escalation.topic].name
    title = f"{ticket.key}. {topic}: {ticket.subject or NO_SUBJECT}"
    first = question.reminder or question.told or _question(question)
    written = _fitting(_pieces([first, *_shown(question, regulation, now)]))
    due = f"Ответ нужен {due_words(escalation, asked, regulation)}. Спрашивает {question.agent_name}."
    message_id = writer.signer.department_message_id(ticket.key, asked.id, secrets.token_hex(6), writer.settings.domain)
    arguments = {
        "channel": department.slack_channel,
        "text": escaped(_short(f"{title}\n{first}")),
        "blocks": _blocks(title, written, due, buttons=not (question.reminder or question.told)),
        "metadata": {"event_type": EVENT, "event_payload": {"id": message_id}},
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "parse": "none",
    }
    letter = Letter(
        kind=REMINDER if question.reminder else POST,
        ticket=ticket.number,
        message_id=message_id,
        recipients=(f"slack:{department.slack_channel}",),
        raw=json.dumps({"asked": asked.id, "arguments": arguments}, ensure_ascii=False).encode("utf-8"),
        automatic=False,
        envelope_from="",
    )
    return letter, Rendered(title, "\n\n".join([*written, due]) + "\n", "")


def posted_words(raw: bytes) -> str:
    """What stands in a post between its title and the deadline, as people read it."""
    sections = [block for block in StoredPost.read(raw).arguments["blocks"] if block["type"] == "section"]
    return "\n\n".join(unescaped(section["text"]["text"]) for section in sections[1:-1])


def _question(question: Question) -> str:
    if question.escalation.question:
        return question.escalation.question
    if question.material.posted:
        return "Посмотрите, пожалуйста, сообщения ниже и напишите, что ответить лицензиату."
    heard = [m.text for m in question.material.conversation if m.direction is Direction.IN and m.text.strip()]
    return heard[-1].strip() if heard else "Подробности спросите у поддержки в этой ветке."


def _shown(question: Question, regulation: Regulation, now: datetime) -> list[str]:
    """The messages and the names of files that were chosen; files themselves stay at the desk."""
    found = [
        f"{'Лицензиат' if one.client else 'Поддержка'}, {one.at}:\n{one.text.strip()}"
        for one in said(question.material.posted, regulation, now)
    ]
    if question.material.named:
        found.append(f"Файлы у поддержки, попросите в этой ветке: {', '.join(question.material.named)}")
    return found


def _pieces(texts: Sequence[str]) -> list[str]:
    """Texts cut so that each fits a block, at the ends of lines or words as far as there are any."""
    found = []
    for text in texts:
        rest = text
        while len(escaped(rest)) > LONGEST:
            place = _place(rest)
            found.append(rest[:place].rstrip())
            rest = rest[place:].lstrip("\n")
        found.append(rest)
    return [piece for piece in found if piece.strip()]


def _place(text: str) -> int:
    """Where to cut a text that is too long for one block."""
    most = min(len(text), LONGEST)
    while len(escaped(text[:most])) > LONGEST:
        most = most * 9 // 10
    for end in ("\n", " "):
        place = text.rfind(end, most // 2, most)
        if place > 0:
            return place
    return most


def _fitting(pieces: Sequence[str]) -> list[str]:
    """As many pieces as a post takes, and where that is not all a word about it."""
    found, room = [], ROOM
    for piece in pieces[:SECTIONS]:
        room -= len(escaped(piece))
        if room < 0:
            break
        found.append(piece)
    return found if len(found) == len(pieces) else [*found, CUT]


def _blocks(title: str, written: Sequence[str], due: str, *, buttons: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [_section(title), *(_section(text) for text in written), _section(due)]
    if buttons:
        found.append({"type": "actions", "elements": [_button("Взять", TAKE), _button("Ответ готов", READY)]})
        found.append(
            {
                "type": "context",
                "elements": [_plain("Ответьте в этой ветке: ответ увидят только сотрудники поддержки.")],
            }
        )
    return found


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _plain(_short(text))}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": escaped(text), "emoji": False}


def _button(text: str, action: str) -> dict[str, Any]:
    return {"type": "button", "text": _plain(text), "action_id": action, "value": action}


def _short(text: str) -> str:
    """Escaping may make five characters of one: what is shown stays within Slack's limit all the same."""
    while len(escaped(text)) > LONGEST:
        text = text[: max(1, len(text) * 4 // 5)].rstrip() + "…"
    return text
