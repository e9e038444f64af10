"""The table, read from top to bottom: the first rule that decides says what becomes of the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.model import Envelope
from intake.screening import autoreplies, origins, structured
from intake.screening.facts import OwnAddresses, facts_of
from intake.screening.verdicts import Rule, Verdict

if TYPE_CHECKING:
    from intake.mail.message import Message

TABLE: tuple[Rule, ...] = (
    Rule("delivery-failed", structured.failed_or_delayed, "bounce", "report", automatic=True, bounce=True),
    Rule("delivery-receipt", structured.delivered, "delivery_receipt", "report", automatic=True),
    Rule("read-receipt", structured.read_receipt, "receipt", "automatic", automatic=True),
    Rule("feedback-report", structured.feedback_report, "feedback_report", "automatic", automatic=True),
    Rule("own-letter", origins.own_letter, "own_letter", "ignored"),
    Rule("calendar-answer", structured.calendar_answer, "calendar_answer", "automatic", automatic=True),
    Rule("auto-replied", autoreplies.auto_replied, "auto_reply", "automatic", automatic=True),
    Rule("auto-reply-field", autoreplies.auto_field, "auto_reply", "automatic", automatic=True),
    Rule("auto-reply-precedence", autoreplies.auto_precedence, "auto_reply", "automatic", automatic=True),
    Rule("auto-reply-subject", autoreplies.auto_subject, "auto_reply", "automatic", automatic=True),
    Rule("away-text", autoreplies.away_text, "auto_reply", "automatic", automatic=True),
    Rule("says-automatic", autoreplies.says_automatic, "auto_reply", "automatic", automatic=True),
    Rule("received-text", autoreplies.received_text, "auto_reply", "automatic", automatic=True),
    Rule("challenge", autoreplies.challenge, "challenge", "automatic", automatic=True),
    Rule("null-path-answer", autoreplies.null_path_answer, "auto_reply", "automatic", automatic=True),
    Rule("marked-spam", origins.marked_spam, "spam", "quarantined"),
    Rule("list", origins.list_mail, "list", "ignored_unless_known"),
    Rule("bulk", origins.bulk_mail, "list", "ignored_unless_known"),
    Rule("noreply-sender", origins.noreply_sender, "notification", automatic=True),
    Rule("auto-generated", autoreplies.auto_generated, "notification", "automatic", automatic=True),
    Rule("declared-notification", autoreplies.declared_notification, "notification", automatic=True),
    Rule("calendar-invitation", structured.calendar_invitation, "invitation", no_auto_answer=False),
    Rule("null-return-path", autoreplies.null_return_path, "notification", automatic=True),
    Rule("role-sender", origins.role_sender),
    Rule("suppression-asked", origins.asks_for_silence),
    Rule("no-sender", origins.no_sender, no_auto_answer=False),
)


def screen(message: Message, own: OwnAddresses, envelope: Envelope | None = None) -> Verdict:
    """What ``message`` is and what may come of it.

    Every rule is asked: the first yes decides the kind, and each yes forbids a letter. A form's robot is asked about
    reports only: what it sends is a person's. Never raises.
    """
    facts = facts_of(message, own, envelope or Envelope())
    if facts.is_form and facts.report is None:
        return _ordinary("form-robot", "sent by a form's robot")
    answers = [(rule, why) for rule in TABLE if (why := rule.question(facts))]
    if not answers:
        return _ordinary("ordinary", "no rule objects")
    decisive, why = answers[0]
    return Verdict(
        kind=decisive.kind,
        rule=decisive.name,
        automatic=any(rule.automatic for rule, _ in answers),
        letter_allowed=False,
        bounce=decisive.bounce,
        becomes=decisive.becomes,
        why=why,
        no_auto_answer=any(rule.no_auto_answer for rule, _ in answers),
        also=tuple(rule.name for rule, _ in answers[1:]),
    )


def _ordinary(rule: str, why: str) -> Verdict:
    return Verdict("ordinary", rule, False, True, False, "ticket", why, False)
