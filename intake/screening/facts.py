"""What the rules look at, gathered once from a mail, its envelope and the desk's own names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.mail.folding import folded
from intake.mail.reports import read_report
from intake.mail.reports_evidence import is_null_path

if TYPE_CHECKING:
    from intake.mail.message import DeliveryReport, Message
    from intake.model import Envelope

_HEAD = 16_384
_TAG = re.compile(r"\s*(?:\[[^\[\]]{0,40}\]|\*{2,5}[^*]{0,40}\*{2,5}|!+)\s*")
_ANSWER = re.compile(
    r"\s*(?:re|aw|sv|vs|antw|odp|res|rif|на|ha|отв|ответ|відп|fwd?|wg|tr|пересл|переслано|пер|i)"
    r"\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:\s*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """The desk's own names.

    ``addresses`` are mail addresses, ``own_lists`` List-Ids or list addresses that are this mailbox,
    ``form_senders`` addresses of robots that send in filled-in forms, ``message_id_domain`` that of the
    Message-IDs we make; all in lower case. ``ticket_prefix`` as in ``[VD-1042]``.
    """

    addresses: frozenset[str] = frozenset()
    own_lists: frozenset[str] = frozenset()
    form_senders: frozenset[str] = frozenset()
    message_id_domain: str | None = None
    ticket_prefix: str = "VD"

    def holds(self, address: str) -> bool:
        """Is ``address`` the desk itself, a plus-address of it included?"""
        local, _, domain = address.strip().lower().rpartition("@")
        return bool(local) and f"{local.partition('+')[0]}@{domain}" in self.addresses

    def is_list(self, name: str) -> bool:
        """Is ``name``, a List-Id or a list's address, our own mailbox?"""
        wanted = name.strip().lower()
        names = self.own_lists | self.addresses
        return wanted in names or any(wanted == known.replace("@", ".") for known in names)


@dataclass(frozen=True, slots=True)
class Facts:
    """``subject`` and ``body`` are folded (lower case, «е» for «ё», single blanks); ``bare_subject`` has no leading
    tags and ``answers`` says whether a "Re:" stood there; ``new_text`` is what the sender newly wrote, ``body`` the
    same folded."""

    message: Message
    own: OwnAddresses
    null_path: bool
    sender: str
    sender_name: str
    subject: str
    bare_subject: str
    answers: bool
    body: str
    new_text: str
    report: DeliveryReport | None

    @property
    def local(self) -> str:
        """The sender's mailbox name."""
        return self.sender.rpartition("@")[0]

    @property
    def in_reply(self) -> bool:
        """Does the mail answer another one?"""
        return bool(self.message.in_reply_to or self.message.references) or self.own_tag

    @property
    def own_tag(self) -> bool:
        """Does the subject carry the tag of one of our tickets?"""
        return bool(self.own.ticket_prefix) and f"[{self.own.ticket_prefix.lower()}-" in self.subject

    @property
    def is_form(self) -> bool:
        """Did a form's robot send it?"""
        return self.sender in self.own.form_senders


def facts_of(message: Message, own: OwnAddresses, envelope: Envelope) -> Facts:
    """Gather the facts; texts are bounded."""
    first = message.sender[0] if message.sender else None
    subject = folded(message.subject[:1_000])
    bare, answers = _bare(subject)
    new_text = _new_text(message)
    null_path = is_null_path(message, envelope.mail_from)
    return Facts(
        message=message,
        own=own,
        null_path=null_path,
        sender=first.address.strip().lower() if first else "",
        sender_name=folded(first.name[:300]) if first else "",
        subject=subject,
        bare_subject=bare,
        answers=answers,
        body=folded(new_text),
        new_text=new_text,
        report=message.report or read_report(message, null_path=null_path),
    )


def _bare(subject: str) -> tuple[str, bool]:
    answers = False
    for _ in range(20):
        found = _TAG.match(subject)
        if found is None and (found := _ANSWER.match(subject)):
            answers = True
        if found is None or not found.end():
            break
        subject = subject[found.end() :]
    return subject, answers


def _new_text(message: Message) -> str:
    text = (message.reply.strip() or message.text)[:_HEAD]
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
