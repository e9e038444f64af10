"""Delivery reports: RFC 3464, and what mail systems sent before it and still send beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.mail.folding import folded
from intake.mail.message import DeliveryReport
from intake.mail.reports_evidence import Look, is_report, look_at
from intake.mail.reports_fields import ACTIONS, Outcome, addresses_in, field_values, outcomes, status_in
from intake.mail.reports_words import DELAY_BODIES, DELAY_SUBJECTS, RETURNED_COPY_MARKS

if TYPE_CHECKING:
    from intake.mail.message import Message
    from intake.mail.report_parts import ReportParts

_MAX_RECIPIENTS = 100
_MAX_IDS = 20
_MAX_DIAGNOSTIC = 1_000
_ID = re.compile(r"<[^<>\s@]{1,500}@[^<>\s]{1,255}>")
_ID_FIELD = re.compile(
    r"^[>|\s]{0,20}(?:x-original-|original-|x-)?(?:message-?id|идентификатор сообщения)\s{0,8}:(.{0,1000})$",
    re.IGNORECASE | re.MULTILINE,
)
_COPIED_FIELD = re.compile(r"(?:return-path|received|message-id|dkim-signature)\s{0,4}:", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]{1,20}")
_SMTP_CODE = re.compile(r"(?<![\d.:-])([45])\d\d(?=[ \-#:]{1,3}\S)")
_DIAGNOSTIC_LINE = re.compile(r"(?:[45]\d\d[ \-#]|[45]\.\d{1,3}\.\d{1,3})")


def read_report(
    message: Message, parts: ReportParts | None = None, *, null_path: bool | None = None
) -> DeliveryReport | None:
    """What ``message`` reports about a letter of ours, None when it is no delivery report.

    A report has structure (RFC 3464), or a mail system as its sender or the null return path, and says so.
    A person who forwards, quotes or asks about a report is no report. ``null_path`` is what the envelope says;
    with None a ``Return-Path`` field is believed. Never raises; linear in the length of the mail.
    """
    look = look_at(message, parts or message.report_parts, null_path)
    if not is_report(look):
        return None
    told = outcomes(look.status_fields)
    action = _action(look, told)
    concerned = [outcome for outcome in told if outcome.action in (action, None)]
    return DeliveryReport(
        action=action,
        recipients=_recipients(look, concerned),
        status=next((outcome.status for outcome in concerned if outcome.status), None) or _status(look, told),
        diagnostic=next((outcome.diagnostic for outcome in concerned if outcome.diagnostic), None) or _diagnostic(look),
        original_ids=_original_ids(look),
    )


def _action(look: Look, told: tuple[Outcome, ...]) -> str:
    actions = {outcome.action for outcome in told}
    stated = next((action for action in ACTIONS if action in actions), None)
    if stated is not None:
        return stated
    delayed = any(words in look.subject for words in DELAY_SUBJECTS) or any(
        words in look.body for words in DELAY_BODIES
    )
    final = any(words in look.body for words in ("giving up", "given up", "retry timeout exceeded", "permanent"))
    return "delayed" if delayed and not final else "failed"


def _recipients(look: Look, concerned: list[Outcome]) -> tuple[str, ...]:
    stated = [outcome.recipient for outcome in concerned if outcome.recipient]
    if not stated:
        stated = list(addresses_in(" ".join(look.message.header_all("x-failed-recipients"))))
    if not stated:
        others = {address.address.lower() for address in (*look.message.sender, *look.message.to, *look.message.cc)}
        stated = [found for found in addresses_in(_told_text(look)) if found.lower() not in others and "." in found]
    return tuple(dict.fromkeys(stated))[:_MAX_RECIPIENTS]


def _status(look: Look, told: tuple[Outcome, ...]) -> str | None:
    if told:
        return None
    text = _told_text(look)
    code = _SMTP_CODE.search(text)
    return status_in(text) or (f"{code.group(1)}.0.0" if code else None)


def _diagnostic(look: Look) -> str | None:
    for line in _told_text(look).splitlines():
        if _DIAGNOSTIC_LINE.search(line[:_MAX_DIAGNOSTIC]):
            return " ".join(line[:_MAX_DIAGNOSTIC].split())
    return None


def _told_text(look: Look) -> str:
    """The system's own words: the text above the returned copy."""
    lines = look.text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if at and (_COPIED_FIELD.match(line) or any(mark in folded(line[:200]) for mark in RETURNED_COPY_MARKS)):
            return "".join(lines[:at])
    return look.text


def _original_ids(look: Look) -> tuple[str, ...]:
    found = _ids(look.returned) or [
        *(value for value in field_values(look.status_fields, "x-original-message-id")),
        *(value for value in field_values(look.status_fields, "original-message-id")),
    ]
    found = found or _ids(look.text)
    if not found:
        found = [*look.message.in_reply_to, *look.message.references]
    return tuple(dict.fromkeys(found))[:_MAX_IDS]


def _ids(text: str) -> list[str]:
    lines = _ID_FIELD.findall(_FOLD.sub(" ", text))
    return [found for line in lines for found in _ID.findall(line)]
