"""From a ticket to the letter about it: words from the templates, headers from the contract, bytes from `composing`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from intake.client_view import completion_words, hours_words
from intake.errors import Refused
from intake.letters.addresses import valid_address
from intake.letters.composing import LetterHead, compose
from intake.letters.contexts import (
    AcknowledgementContext,
    Context,
    Question,
    Rendered,
    ReplyContext,
    StaffContext,
    StatusContext,
)
from intake.letters.enclosures import Enclosure
from intake.letters.greetings import greets
from intake.model import Agent, Letter, Source, Status, Ticket, TicketMessage
from intake.ratings import Ask
from intake.settings import DeskSettings
from intake.signing import Signer
from intake.subjects import bare_subject
from intake.voting import mark_words, rate_token
from intake.wording import date_words, deadline_words, moment_words

if TYPE_CHECKING:
    from intake.quality.page import QualityPage
    from intake.regulation import Regulation

QUOTED_LINES = 40
NEUTRAL_SUBJECT = "Ваше обращение"


class Templates(Protocol):
    """The templates' side of a letter."""

    def __call__(self, context: Context | QualityPage) -> Rendered:
        """Subject, plain text and HTML from a context; a stranger's text in it comes out literally. A month's report
        is a whole HTML document, its text is empty."""


@dataclass(frozen=True, slots=True)
class LetterWriter:
    """Writes the desk's letters."""

    settings: DeskSettings
    signer: Signer
    templates: Templates

    def acknowledgement(
        self,
        ticket: Ticket,
        regulation: Regulation,
        answered: str | None,
        references: Sequence[str],
        now: datetime,
        older_key: str | None = None,
    ) -> tuple[Letter, Rendered]:
        """The automatic answer to a new ticket. ``answered`` is the Message-ID of the mail that opened it."""
        assert ticket.reaction_due is not None, "every ticket has a reaction deadline (§5)"
        context = AcknowledgementContext(
            key=ticket.key,
            subject=ticket.subject if ticket.source is Source.EMAIL and ticket.subject else NEUTRAL_SUBJECT,
            type_name=regulation.rules.types.named[ticket.type].name,
            received=moment_words(regulation.zone, ticket.opened_at, now),
            reaction=deadline_words(regulation, ticket.opened_at, ticket.reaction_due),
            completion=completion_words(ticket, regulation),
            hours=hours_words(regulation, now),
            desk_name=self.settings.name,
            desk_address=self.settings.address,
            link=self._link(ticket),
            older_key=older_key,
        )
        rendered = self.templates(context)
        head = self._head(ticket, rendered.subject, answered, references, now, automatic=True)
        return self._letter("acknowledgement", ticket, head, rendered, automatic=True), rendered

    def reply(
        self,
        ticket: Ticket,
        agent: Agent,
        text: str,
        answered: TicketMessage | None,
        references: Sequence[str],
        regulation: Regulation,
        now: datetime,
        enclosures: Sequence[Enclosure] = (),
    ) -> tuple[Letter, Rendered]:
        """An agent's answer to the client, with what it answers quoted below. Raises Refused without an address."""
        quoted, intro = _quoted(answered, regulation, now)
        context = ReplyContext(
            key=ticket.key,
            subject=ticket.subject or NEUTRAL_SUBJECT,
            text=text,
            agent_name=agent.name,
            desk_name=self.settings.name,
            quoted=quoted,
            quoted_intro=intro,
            link=self._link(ticket),
        )
        rendered = self.templates(context)
        in_reply_to = answered.message_id if answered is not None else (references[-1] if references else None)
        head = self._head(ticket, rendered.subject, in_reply_to, references, now, automatic=False)
        return self._letter("reply", ticket, head, rendered, automatic=False, enclosures=enclosures), rendered

    def status(
        self,
        ticket: Ticket,
        status: Status,
        agent_name: str,
        text: str,
        references: Sequence[str],
        regulation: Regulation,
        now: datetime,
        *,
        automatic: bool = False,
        ask: Ask | None = None,
    ) -> tuple[Letter, Rendered]:
        """What a new status (§4) asks of the client, ``ask`` for a mark too. Raises Refused without an address."""
        reopen = now + timedelta(days=regulation.rules.statuses.reopen_days)
        context = StatusContext(
            key=ticket.key,
            subject=ticket.subject or NEUTRAL_SUBJECT,
            status=status.value,
            status_name=regulation.rules.statuses.named[status].name,
            text=text,
            agent_name=agent_name,
            desk_name=self.settings.name,
            greeted=greets(text),
            pauses=ticket.agreed_due is None and status.value in regulation.rules.statuses.pauses_completion,
            confirm=self._page("confirm", ticket) if status is Status.VERIFICATION else None,
            reopen=date_words(reopen.astimezone(regulation.zone).date(), now.astimezone(regulation.zone).date()),
            link=self._link(ticket),
            question=None if ask is None else self._question(ticket, ask, regulation, now),
        )
        rendered = self.templates(context)
        answered = references[-1] if references else None
        head = self._head(ticket, rendered.subject, answered, references, now, automatic=automatic)
        return self._letter(f"status_{status.value}", ticket, head, rendered, automatic=automatic), rendered

    def quality_report(self, page: QualityPage, month: str) -> Enclosure:
        """A month's report (§6) as a file to go with a letter."""
        return Enclosure(f"quality-{month}.html", "text/html", self.templates(page).html.encode("utf-8"))

    def staff(
        self,
        kind: str,
        to: Sequence[Agent],
        subject: str,
        lines: Sequence[str],
        ticket: Ticket | None,
        now: datetime,
        enclosures: Sequence[Enclosure] = (),
    ) -> Letter | None:
        """A letter to the desk's own people; None where nobody of them has an address."""
        people = tuple((agent.name, agent.email) for agent in to if valid_address(agent.email))
        if not people:
            return None
        key = ticket.key if ticket is not None else None
        rendered = self.templates(StaffContext(subject, tuple(lines), key, self.settings.name))
        head = LetterHead(
            from_name=self.settings.name,
            from_address=self.settings.address,
            to=people,
            subject=rendered.subject,
            message_id=self.signer.message_id(key or "desk", secrets.token_hex(6), self.settings.domain),
            date=now,
            extra=(("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")),
        )
        return Letter(
            kind=kind,
            ticket=ticket.number if ticket is not None else None,
            message_id=head.message_id,
            recipients=tuple(address for _, address in people),
            raw=compose(head, rendered.text, rendered.html, enclosures),
            automatic=False,
            envelope_from=self.settings.envelope_from or self.settings.address,
        )

    def _head(
        self,
        ticket: Ticket,
        subject: str,
        answered: str | None,
        references: Sequence[str],
        now: datetime,
        *,
        automatic: bool,
    ) -> LetterHead:
        if ticket.contact_address is None or not valid_address(ticket.contact_address):
            raise Refused(f"{ticket.key}: нет адреса, на который можно написать")
        extra = [("X-Otklik-Ticket", ticket.key)]
        if automatic:
            extra += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
        return LetterHead(
            from_name=self.settings.name,
            from_address=self.settings.address,
            to=((ticket.contact_name, ticket.contact_address),),
            subject=f"[{ticket.key}] {bare_subject(subject, self.settings.ticket_prefix)}",
            message_id=self.signer.message_id(ticket.key, secrets.token_hex(6), self.settings.domain),
            date=now,
            reply_to=self._reply_to(ticket),
            in_reply_to=answered,
            references=tuple(
                known
                for known in dict.fromkeys([*references, answered] if answered else references)
                if not self.signer.is_department_message_id(known)
            ),
            extra=tuple(extra),
        )

    def _question(self, ticket: Ticket, ask: Ask, regulation: Regulation, now: datetime) -> Question:
        quality = regulation.rules.quality
        pages = self.settings.public_url
        address = None
        if pages is not None:
            address = f"{pages.rstrip('/')}/rate/{rate_token(self.signer, ticket.key, ask)}"
        marks = range(quality.highest, quality.lowest - 1, -1)
        return Question(
            marks=tuple((mark, mark_words(mark, quality), address and f"{address}?score={mark}") for mark in marks),
            until=moment_words(regulation.zone, ask.expires_at, now),
        )

    def _reply_to(self, ticket: Ticket) -> str:
        if self.settings.reply_address == "plain":
            return self.settings.address
        return self.signer.reply_address(self.settings.address, ticket.key)

    def _link(self, ticket: Ticket) -> str | None:
        return self._page("t", ticket, "ticket-page")

    def _page(self, path: str, ticket: Ticket, purpose: str | None = None) -> str | None:
        """The address of a page that only this ticket's letters name; None where there are no pages."""
        if self.settings.public_url is None:
            return None
        token = self.signer.token(purpose or path, ticket.key)
        return f"{self.settings.public_url.rstrip('/')}/{path}/{ticket.key.lower()}.{token}"

    def _letter(
        self,
        kind: str,
        ticket: Ticket,
        head: LetterHead,
        rendered: Rendered,
        *,
        automatic: bool,
        enclosures: Sequence[Enclosure] = (),
    ) -> Letter:
        return Letter(
            kind=kind,
            ticket=ticket.number,
            message_id=head.message_id,
            recipients=tuple(address for _, address in head.to),
            raw=compose(head, rendered.text, rendered.html, enclosures),
            automatic=automatic,
            envelope_from=self.settings.envelope_from or self.settings.address,
        )


def _quoted(answered: TicketMessage | None, regulation: Regulation, now: datetime) -> tuple[str | None, str | None]:
    """The client's own message, short; never anything internal or of somebody who is not confirmed."""
    if answered is None or answered.direction != "in" or answered.unconfirmed or not answered.text.strip():
        return None, None
    lines = re.sub(r"\n{3,}", "\n\n", answered.text.strip()).split("\n")
    shown = lines[:QUOTED_LINES] + (["…"] if len(lines) > QUOTED_LINES else [])
    return "\n".join(shown), f"{moment_words(regulation.zone, answered.at, now)} вы писали:"
