"""Mail with the structure of a report or a calendar: bounces, receipts, complaints, invitations and their answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.screening.words import CALENDAR_ANSWERS, CALENDAR_WORDS, RECEIPT_BODIES, RECEIPT_SUBJECTS, first_of

if TYPE_CHECKING:
    from intake.screening.facts import Facts

_REPORT = re.compile(r"report-type\s{0,3}=\s{0,3}\"?([\w-]{1,60})")
_RECEIPT = re.compile(
    r"(?:ваше (?:сообщение|письмо|повідомлення)|your message|ihre nachricht|votre message|su mensaje|il messaggio)\b"
    r"[^?]{0,900}(?:было прочитано|прочтено|(?:было )?удалено без прочтения|was read on|was deleted without being read"
    r"|wurde (?:am .{5,40} )?gelesen|a été lu|se ha leído|è stato letto|було прочитано)[^?]{0,80}"
)
_METHOD = re.compile(r"method\s{0,3}=\s{0,3}\"?([\w-]{1,20})")


def failed_or_delayed(facts: Facts) -> str | None:
    """Does it report that a letter could not, or not yet, be delivered?"""
    report = facts.report
    return f"delivery report: {report.action}" if report and report.action in ("failed", "delayed") else None


def delivered(facts: Facts) -> str | None:
    """Does it report that a letter was delivered (RFC 3464, asked for)?"""
    report = facts.report
    return f"delivery report: {report.action}" if report and report.action not in ("failed", "delayed") else None


def read_receipt(facts: Facts) -> str | None:
    """Does it report that a letter was read, or deleted unread (RFC 8098)?"""
    if _report_type(facts) == "disposition-notification" or "message/disposition-notification" in _own_types(facts):
        return "disposition notification"
    if not facts.subject.startswith(RECEIPT_SUBJECTS):
        return None
    if (facts.null_path and first_of(RECEIPT_BODIES, facts.body)) or _RECEIPT.fullmatch(facts.body):
        return "subject and words of a read receipt"
    return None


def feedback_report(facts: Facts) -> str | None:
    """Is it a complaint that a provider passes on (RFC 5965)?"""
    if _report_type(facts) == "feedback-report" or "message/feedback-report" in _own_types(facts):
        return "feedback report"
    return None


def calendar_answer(facts: Facts) -> str | None:
    """Does a calendar answer an invitation (RFC 5546)?"""
    method = _calendar_method(facts)
    if method in ("reply", "counter", "declinecounter", "refresh"):
        return f"calendar, method {method}"
    if method == "" and first_of(CALENDAR_WORDS, facts.body):
        return "calendar part and the words of an answer"
    if method is None or facts.subject.partition(":")[0].strip() not in CALENDAR_ANSWERS:
        return None
    return None if method == "request" else "calendar part and the subject of an answer"


def calendar_invitation(facts: Facts) -> str | None:
    """Does a calendar ask for, move or cancel a meeting (RFC 5546)?"""
    method = _calendar_method(facts)
    return f"calendar, method {method or 'unknown'}" if method is not None else None


def _own_types(facts: Facts) -> tuple[str, ...]:
    """Content types outside enclosed mails, parameters included, lower case."""
    kinds = tuple(kind.strip().lower() for kind in facts.message.content_types)
    inner = next((at for at, kind in enumerate(kinds) if kind.startswith("message/rfc822")), len(kinds))
    return kinds[:inner]


def _report_type(facts: Facts) -> str | None:
    declared = (facts.message.header("content-type") or "").lower()[:2_000]
    found = _REPORT.search(declared)
    return found.group(1) if found and declared.lstrip().startswith("multipart/report") else None


def _calendar_method(facts: Facts) -> str | None:
    """The method of a calendar part, "" when there is one that names none, None without a calendar part."""
    declared = (facts.message.header("content-type") or "").lower()[:2_000]
    for kind in (*_own_types(facts), declared):
        if kind.lstrip().startswith("text/calendar"):
            found = _METHOD.search(kind) or _METHOD.search(declared)
            return found.group(1) if found else ""
    return None
