"""The table, read from top to bottom: the first rule that decides says what becomes of the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.model import Envelope
from intake.screening import machines, origins
from intake.screening.facts import OwnAddresses, facts_of
from intake.screening.verdicts import Rule, Verdict

if TYPE_CHECKING:
    from intake.mail.message import Message

TABLE: tuple[Rule, ...] = (
    Rule("delivery-failed", machines.failed_or_delayed, "bounce", "report", automatic=True, bounce=True),
    Rule("delivery-receipt", machines.delivered, "delivery_receipt", "report", automatic=True),
    Rule("read-receipt", machines.read_receipt, "receipt", "automatic", automatic=True),
    Rule("feedback-report", machines.feedback_report, "feedback_report", "automatic", automatic=True),
    Rule("own-letter", origins.own_letter, "own_letter", "ignored"),
    Rule("calendar-answer", machines.calendar_answer, "calendar_answer", "automatic", automatic=True),
    Rule("auto-replied", machines.auto_replied, "auto_reply", "automatic", automatic=True),
    Rule("auto-reply-field", machines.auto_field, "auto_reply", "automatic", automatic=True),
    Rule("auto-reply-precedence", machines.auto_precedence, "auto_reply", "automatic", automatic=True),
    Rule("auto-reply-subject", machines.auto_subject, "auto_reply", "automatic", automatic=True),
    Rule("away-text", machines.away_text, "auto_reply", "automatic", automatic=True),
    Rule("says-automatic", machines.says_automatic, "auto_reply", "automatic", automatic=True),
    Rule("challenge", machines.challenge, "challenge", "automatic", automatic=True),
    Rule("marked-spam", origins.marked_spam, "spam", "quarantined"),
    Rule("list", origins.list_mail, "list", "ignored_unless_known"),
    Rule("bulk", origins.bulk_mail, "list", "ignored_unless_known"),
    Rule("noreply-sender", origins.noreply_sender, "notification", automatic=True),
    Rule("auto-generated", machines.auto_generated, "notification", "automatic", automatic=True),
    Rule("calendar-invitation", machines.calendar_invitation, "invitation", no_auto_answer=False),
    Rule("null-return-path", machines.null_return_path, "notification", automatic=True),
    Rule("role-sender", origins.role_sender, silent=True),
    Rule("suppression-asked", origins.asks_for_silence, silent=True),
    Rule("no-sender", origins.no_sender, silent=True, no_auto_answer=False),
)

_ORDINARY = "ordinary"


def screen(message: Message, own: OwnAddresses, envelope: Envelope | None = None) -> Verdict:
    """What ``message`` is and what may come of it.

    Every rule is asked: the first decides the kind, and each yes may forbid a letter. Never raises.
    """
    facts = facts_of(message, own, envelope or Envelope())
    answers = [(rule, why) for rule in TABLE if (why := rule.question(facts))]
    if not answers:
        return Verdict("ordinary", _ORDINARY, False, True, False, "ticket", "no rule objects", False)
    decisive, why = answers[0]
    said = [rule for rule, _ in answers]
    return Verdict(
        kind=decisive.kind,
        rule=decisive.name,
        automatic=any(rule.automatic for rule in said),
        letter_allowed=all(rule.letter for rule in said),
        bounce=decisive.bounce,
        becomes=decisive.becomes,
        why=why,
        no_auto_answer=any(rule.no_auto_answer for rule in said),
        also=tuple(rule.name for rule in said[1:]),
    )
