"""Who sent it: ourselves, a list, a robot, somebody the relay holds for a spammer, nobody at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.screening.recipients import is_nobody

if TYPE_CHECKING:
    from intake.screening.facts import Facts

_LIST_FIELDS = (
    "list-id",
    "list-post",
    "list-unsubscribe",
    "list-help",
    "list-subscribe",
    "list-owner",
    "list-archive",
    "mailing-list",
    "x-mailing-list",
    "x-beenthere",
    "x-mailman-version",
    "x-listserver",
    "x-ml-name",
)
_LIST_NAME = re.compile(r"[<:\s]?([\w.+-]{1,100}@[\w.-]{1,100}|[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?=[>\s;,?]|$)")
_MACHINE = re.compile(
    r"notifications?(?:[-_.+].{0,60})?|.{1,40}[-_.]notifications?|notify|notifier|alerts?|robot|bot|automailer|auto-?mailer"
    r"|auto-?inform(?:er)?|auto-?confirm|auto-?reply|autoresponder|auto-?responder|cron|daemon|.{1,30}[-_.]daemon"
    r"|jira|system-?notification|do-?not-?respond|unattended|informer|opoveshenie|uvedomlenie"
)
_ROLE = re.compile(r"postmaster|mailer-?daemon|hostmaster|root|bounces?(?:[-_.+=].{0,60})?|.{1,40}-bounces?")
_YES = re.compile(r"yes|true|1\b|spam\b")


def own_letter(facts: Facts) -> str | None:
    """Is it a letter of ours coming back?"""
    message, own = facts.message, facts.own
    if any(own.holds(sender.address) for sender in message.sender):
        return "our own address as sender"
    if _is_own_id(message.message_id, facts) and (message.header("x-otklik-ticket") or facts.own_tag):
        return "our own Message-ID"
    return None


def list_mail(facts: Facts) -> str | None:
    """Did a list that is not our own mailbox send it (RFC 2369, RFC 2919)?"""
    names = [name for name in _LIST_FIELDS if facts.message.header(name)]
    if not names or _is_own_list(facts):
        return None
    return f"{names[0]} field"


def bulk_mail(facts: Facts) -> str | None:
    """Does ``Precedence`` say bulk, list or junk?"""
    if _is_own_list(facts):
        return None
    said = [value.strip().lower()[:60] for value in facts.message.header_all("precedence")]
    return next((f"Precedence: {value}" for value in said if value in ("bulk", "list", "junk")), None)


def noreply_sender(facts: Facts) -> str | None:
    """Is the sender a mailbox nobody reads, or a robot's?"""
    if not facts.local:
        return None
    if _ROLE.fullmatch(facts.local) and not facts.local.startswith(("mailer", "bounce")):
        return None
    return f"sender {facts.local}@" if is_nobody(facts.local) or _MACHINE.fullmatch(facts.local) else None


def role_sender(facts: Facts) -> str | None:
    """Is the sender a mailbox that letters must not go to, though people may write from it?"""
    return f"sender {facts.local}@" if facts.local and _ROLE.fullmatch(facts.local) else None


def marked_spam(facts: Facts) -> str | None:
    """Does the relay hold it for spam?"""
    for name in ("x-spam-flag", "x-spam", "x-spam-status", "x-spam-verdict", "x-spam-result"):
        said = (facts.message.header(name) or "").strip().lower()
        if _YES.match(said):
            return f"{name}: {said[:60]}"
    if (facts.message.header("x-yandex-spam") or "").strip() in ("3", "4"):
        return "x-yandex-spam"
    action = (facts.message.header("x-spam-action") or facts.message.header("x-rspamd-action") or "").strip().lower()
    if action.startswith(("add header", "rewrite subject", "reject", "quarantine")):
        return f"spam action: {action[:60]}"
    scl = (facts.message.header("x-ms-exchange-organization-scl") or "").strip()
    return f"SCL {scl}" if scl in ("5", "6", "7", "8", "9") else None


def no_sender(facts: Facts) -> str | None:
    """Is there nobody to answer?"""
    return None if "@" in facts.sender else "no valid From"


def asks_for_silence(facts: Facts) -> str | None:
    """Does ``X-Auto-Response-Suppress`` ask for no automatic answer (MS-OXCMAIL 2.2.3.2.14)?"""
    for value in facts.message.header_all("x-auto-response-suppress"):
        asked = {word.strip().lower() for word in value.split(",")[:20]}
        if asked & {"all", "autoreply", "oof"}:
            return f"X-Auto-Response-Suppress: {value.strip()[:60]}"
    return None


def _is_own_id(message_id: str | None, facts: Facts) -> bool:
    domain, prefix = facts.own.message_id_domain, facts.own.ticket_prefix.lower()
    if not message_id or not domain:
        return False
    left, _, right = message_id.strip("<> ").lower().rpartition("@")
    return right == domain and left.startswith(f"{prefix}-")


def _is_own_list(facts: Facts) -> bool:
    for name in ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere"):
        for value in facts.message.header_all(name)[:5]:
            if any(facts.own.is_list(found) for found in _LIST_NAME.findall(value[-400:])):
                return True
    return False
