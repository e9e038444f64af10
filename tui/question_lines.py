"""A question to departments in words: whom it asks, and all that would leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from intake.letters.asking import due_words
from intake.letters.posting import KINDS as SLACK_KINDS
from intake.letters.posting import StoredPost, unescaped
from intake.visible import visible
from tui import labels
from tui.letters import ReadLetter, read_letter
from tui.line_labels import CHANNELS
from tui.second_line_lines import channels_words

if TYPE_CHECKING:
    from intake.desk.escalating import QuestionDraft
    from intake.escalations import Asked, Escalation
    from intake.regulation import Regulation

RULE = "─" * 60


def asked_lines(escalation: Escalation, parts: Sequence[Asked], regulation: Regulation) -> list[Content]:
    """Whom a question goes to, over what (§8) and until when (§7)."""
    lines = []
    for asked in parts:
        missing = [channel for channel in escalation.channels if channel not in asked.channels]
        instead = f" ({', '.join(CHANNELS.get(c, c) for c in missing)} не настроен)" if missing else ""
        lines.append(Content.assemble((visible(asked.title), "bold"), f": {channels_words(asked)}{instead}"))
    topic = labels.topic_name(regulation, escalation.topic)
    first = parts[0]
    lines.append(Content(f"{topic}: ответ {due_words(escalation, first, regulation)}"))
    return lines


def read_question(draft: QuestionDraft, regulation: Regulation) -> ReadLetter:
    """Letters and posts as their readers get them, one below the other."""
    escalation = draft.question.escalation
    texts: list[str] = []
    files: list[str] = []
    for asked, letter, _ in draft.letters:
        if letter.kind in SLACK_KINDS:
            head, text = [f"Slack, {letter.recipients[0].removeprefix('slack:')}"], post_text(letter.raw)
        else:
            read = read_letter(letter.raw)
            head, text = [f"{title}: {value}" for title, value in read.headers], read.text
            files += read.files
        texts.append("\n".join([f"{asked.title} · {head[0]}", *head[1:], "", text.strip()]))
    parts = [asked for asked, _, _ in draft.letters]
    who = "; ".join(dict.fromkeys(f"{asked.title} ({channels_words(asked)})" for asked in parts))
    headers = (("Кому", who), ("Ответ", due_words(escalation, parts[0], regulation)))
    return ReadLetter(headers, f"\n\n{RULE}\n\n".join(texts), tuple(dict.fromkeys(files)))


def post_text(raw: bytes) -> str:
    """The words of a post, as Slack shows them."""
    found = []
    for block in StoredPost.read(raw).arguments["blocks"]:
        if block["type"] == "section":
            found.append(block["text"]["text"])
        elif block["type"] == "actions":
            found.append("  ".join(f"[{element['text']['text']}]" for element in block["elements"]))
        else:
            found += [element["text"] for element in block["elements"]]
    return unescaped("\n\n".join(found))
