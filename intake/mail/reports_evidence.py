"""What speaks for a mail being a delivery report, and what against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.mail.folding import folded
from intake.mail.reports_words import (
    DAEMON_NAMES,
    DELAY_BODIES,
    DELAY_SUBJECTS,
    FAILURE_BODIES,
    FAILURE_SUBJECTS,
    INTRODUCTIONS,
    MACHINE_SUBJECT_STARTS,
    RETURNED_COPY_MARKS,
)

if TYPE_CHECKING:
    from intake.mail.message import Message
    from intake.mail.report_parts import ReportParts

_HEAD = 32_768
_ENOUGH = 4
_INTRODUCTION = 300
_FIRST_WORDS = 100
_FIRST_LINES = 1_500
_DAEMON_WEIGHT = 3
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_OTHER_REPORTS = ("disposition-notification", "feedback-report")
_DAEMON = re.compile(
    r"mailer[-_. ]?daemon|mail[-_.]?daemon|daemon|microsoftexchange[0-9a-f]{16,}|mmdf|mail[-_.]?delivery[\w.-]{0,30}"
    r"|ndr|delivery[-_]?(?:subsystem|status)|mdaemon|(?:e?mail-)?bounces?(?:-notifications?)?|smtp-?daemon"
)
_NULL_PATH = re.compile(r"<?(?:mailer-daemon(?:@[\w.-]{0,255})?)?>?", re.I)
_POSTMASTER = re.compile(
    r"postmaster|mailmaster|mail-?master|mailadmin|mail-?admin|hostmaster|administrator|uucp|root|smtp|mta"
)
_UNREADABLE_DAEMON = re.compile(r"mailer[-_. ]?daemon|postmaster|mail delivery", re.I)
_ANSWER = re.compile(r"\s*(?:re|fwd?|fw|aw|sv|wg|на|ha|отв|ответ|пересл|переслано|пер)\s?(?:\[\d{1,3}\])?\s?:", re.I)
_PERSON = re.compile(
    r"thunderbird|apple mail|iphone|ipad|the bat!|yamail|mail\.ru mailer|roundcube|outlook (?:1[0-9]|express)|android"
    r"|zimbra|k-?mail|evolution|mutt|claws|sylpheed|emclient|em client|sogo|rainloop",
    re.I,
)
_GREETING = re.compile(
    r"здравствуй|добрый (?:день|вечер)|доброе утро|доброго (?:дня|времени)|приветству|коллеги|подскажите|помогите"
    r"|что (?:нам |мне )?делать|\bhello\b|\bhi[ ,]|\bdear (?:team|support|colleague)|спасибо"
)
_SMTP_ANSWER = re.compile(r"(?<![\d.])(?:5\d\d|4\d\d)[ \-#]{1,3}(?:[45]\.\d{1,3}\.\d{1,3}|[A-Za-z<#])|#[45]\.\d\.\d")
_RETURNED_FIELD = re.compile(r"^[>|\s]{0,12}(?:message-id|received|return-path|from|to|subject|date)\s?:", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Look:
    """The mail as the questions below need it: ``subject`` and ``body`` folded, ``text`` as written."""

    message: Message
    subject: str
    text: str
    body: str
    status_fields: str
    returned: str
    null_path: bool


def look_at(message: Message, parts: ReportParts | None, null_path: bool | None) -> Look:
    """Gather the texts a report is judged by, each bounded."""
    text = (parts.notification if parts and parts.notification.strip() else message.text)[:_HEAD]
    return Look(
        message=message,
        subject=folded(message.subject[:1_000]),
        text=text,
        body=folded(text),
        status_fields=parts.delivery_status if parts else "",
        returned=parts.returned_headers if parts else "",
        null_path=_is_from_nobody(message) or (is_null_path(message) if null_path is None else null_path),
    )


def is_null_path(message: Message, mail_from: str | None = None) -> bool:
    """Was it sent with the null return path? ``mail_from`` of the envelope counts before the field.

    Some systems write it as their own daemon's address.
    """
    path = mail_from if mail_from is not None else message.header("return-path")
    return path is not None and _NULL_PATH.fullmatch(path.strip()) is not None


def _is_from_nobody(message: Message) -> bool:
    return (message.header("from") or "").rstrip().endswith("<>")


def is_report(look: Look) -> bool:
    """Is this a delivery report? Structure answers at once, otherwise several signs must agree."""
    kinds = _own_kinds(look.message)
    if _is_other_report(look.message):
        return False
    if any(kind in _STATUS_TYPES for kind in kinds) and _is_systems_own(look, kinds):
        return True
    if not (_is_system(look) or look.message.header("x-failed-recipients")):
        return False
    return _weight(look) >= _ENOUGH and _says_so(look)


def _own_kinds(message: Message) -> tuple[str, ...]:
    """The content types up to the first enclosed mail: what lies inside that is somebody else's report."""
    kinds = tuple(kind.partition(";")[0].strip().lower() for kind in message.content_types)
    inner = next((at for at, kind in enumerate(kinds) if kind == "message/rfc822"), len(kinds))
    return kinds[:inner]


def _is_other_report(message: Message) -> bool:
    declared = (message.header("content-type") or "").lower()
    if "rejected" in (message.header("auto-submitted") or "").lower():
        return False
    return "report" in declared and any(kind in declared for kind in _OTHER_REPORTS)


def _is_systems_own(look: Look, kinds: tuple[str, ...]) -> bool:
    return kinds[0] == "multipart/report" or kinds[0] in _STATUS_TYPES or _is_system(look)


def _is_system(look: Look) -> bool:
    if look.null_path or _sender_weight(look.message) > 0 or _is_bare_report(look.message):
        return True
    return _introduces_itself(look.body) and not _is_person(look.message)


def _introduces_itself(body: str) -> bool:
    return _has(body[:_INTRODUCTION].lstrip("*-= #|")[:_FIRST_WORDS], INTRODUCTIONS)


def _is_bare_report(message: Message) -> bool:
    """Structure that no mail program for people makes: multipart/report, or the field of Microsoft's SMTP service."""
    declared = (message.header("content-type") or "").lower()[:2_000]
    marked = declared.startswith("multipart/report") or "report-type=delivery-status" in declared
    return marked or message.header("x-dsncontext") is not None


def _sender_weight(message: Message) -> int:
    best = 0
    for sender in message.sender[:3]:
        local = (sender.address.rpartition("@")[0].lower() or sender.address.lower()).strip("\"' ")
        if _DAEMON.fullmatch(local):
            best = max(best, _DAEMON_WEIGHT)
        elif local in DAEMON_NAMES or _POSTMASTER.fullmatch(local) or folded(sender.name) in DAEMON_NAMES:
            best = max(best, 1)
    if not message.sender and _UNREADABLE_DAEMON.search((message.header("from") or "")[:300]):
        best = 1
    return best


def _weight(look: Look) -> int:
    subject = 0 if _ANSWER.match(look.message.subject) else 2 * _has(look.subject, FAILURE_SUBJECTS + DELAY_SUBJECTS)
    phrases = min(2, sum(words in look.body for words in FAILURE_BODIES + DELAY_BODIES))
    signs = (
        2 * look.null_path,
        2 * _is_bare_report(look.message),
        _sender_weight(look.message),
        3 * bool(look.message.header("x-failed-recipients")),
        subject,
        phrases,
        bool(_SMTP_ANSWER.search(look.text)),
        bool(look.returned) or len(_RETURNED_FIELD.findall(look.text)) >= 3 or _has(look.body, RETURNED_COPY_MARKS),
        -3 * _is_person(look.message),
        -3 * (not look.null_path and _sender_weight(look.message) < _DAEMON_WEIGHT and _speaks(look.body)),
    )
    return sum(int(sign) for sign in signs)


def _says_so(look: Look) -> bool:
    if look.subject.startswith(MACHINE_SUBJECT_STARTS):
        return False
    if _has(look.subject, FAILURE_SUBJECTS + DELAY_SUBJECTS) or _has(look.body, FAILURE_BODIES + DELAY_BODIES):
        return True
    return _sender_weight(look.message) == _DAEMON_WEIGHT


def _speaks(body: str) -> bool:
    """Does somebody greet or ask in the first lines?"""
    return "?" in body[:_FIRST_LINES] or _GREETING.search(body[:_FIRST_LINES]) is not None


def _is_person(message: Message) -> bool:
    program = f"{message.header('user-agent') or ''} {message.header('x-mailer') or ''}"[:300]
    return bool(_PERSON.search(program)) or bool(_ANSWER.match(message.subject))


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)
