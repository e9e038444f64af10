"""A question to a department as a post in Slack: a row of the outbox whose bytes are the call's arguments as JSON.

Only what the question needs: no name or address of the client. Whatever people wrote is escaped, so that nobody is
pinged by it (docs.slack.dev, "Formatting message text": ``&``, ``<`` and ``>`` are the control characters)."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.letters.asking import NO_SUBJECT, Question, due_words
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


def department_post(
    writer: LetterWriter,
    question: Question,
    asked: Asked,
    department: Department,
    regulation: Regulation,
    now: datetime,  # noqa: ARG001
) -> tuple[Letter, Rendered]:
    """The post to one department's channel; a reminder hangs on the thread of the question."""
    assert department.slack_channel, "a department that is asked in Slack has a channel"
    ticket, escalation = question.ticket, question.escalation
    topic = regulation.rules.second_line.topics[escalation.topic].name
    title = f"{ticket.key}. {topic}: {ticket.subject or NO_SUBJECT}"
    text = question.reminder or question.told or _question(question)
    due = f"Ответ нужен {due_words(escalation, asked, regulation)}. Спрашивает {question.agent_name}."
    message_id = writer.signer.department_message_id(ticket.key, asked.id, secrets.token_hex(6), writer.settings.domain)
    arguments = {
        "channel": department.slack_channel,
        "text": escaped(_short(f"{title}\n{text}")),
        "blocks": _blocks(title, text, due, buttons=not (question.reminder or question.told)),
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
    return letter, Rendered(title, f"{text}\n\n{due}\n", "")


def _question(question: Question) -> str:
    if question.escalation.question:
        return question.escalation.question
    heard = [m.text for m in question.material.conversation if m.direction is Direction.IN and m.text.strip()]
    return heard[-1].strip() if heard else "Подробности спросите у поддержки в этой ветке."


def _blocks(title: str, text: str, due: str, *, buttons: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [_section(title), _section(text), _section(due)]
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
