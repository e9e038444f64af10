"""``/t/TOKEN``: the licensee's own view of a ticket, its files, and a message or file added to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from gateway.web.answers import elsewhere, page, refusal
from gateway.web.backstage import MAX_FILES
from gateway.web.downloads import download
from gateway.web.fields import LONGEST
from gateway.web.guards import Visit
from gateway.web.keeping import digest, form_digest, keep, settled
from gateway.web.received import ticket_of
from gateway.web.uploads import BadPost, Post, posted
from gateway.web.wording import CHECK_AGAIN, REPEAT_FILES
from intake.client_view import client_view, shown_messages, size_words
from intake.errors import NotFound
from intake.forms import FilledForm
from intake.letters.addresses import valid_address
from intake.mail.reading import attachment_bytes
from intake.merging import merged_into
from intake.model import Disposition, JournalRow, Ticket
from intake.pages import TicketPage, TicketView

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.web.backstage import Backstage
    from gateway.web.guards import Guards
    from intake.ports import Transaction

TOKEN = re.compile(r"[A-Za-z0-9-]{1,60}\.[A-Za-z0-9]{26}", re.ASCII)
NOTHING_SAID = "Напишите сообщение или выберите файл"
SENT = {"1": "Сообщение добавлено.", "kept": "Сообщение принято, через минуту оно появится здесь."}
OPENED = "Прежнее обращение давно завершено, поэтому ваше сообщение открыло новое."


@dataclass(frozen=True, slots=True)
class TicketPages:
    """``GET`` and ``POST /t/TOKEN``, ``GET /t/TOKEN/files/ID``."""

    backstage: Backstage
    guards: Guards

    async def show(self, request: Request) -> Response:
        """The ticket; where it was merged into another of the same person, that one."""
        found = await self.backstage.off_loop(self._found, request.path_params["token"])
        if found is None:
            return self._nothing(request)
        ticket, target, view = found
        if target is not None:
            return elsewhere(self.backstage.ticket_path(target))
        notice = OPENED if request.query_params.get("opened") else SENT.get(request.query_params.get("sent", ""))
        visit = self.guards.visit(request)
        return visit.sealed(page(self.backstage, self._page(visit, ticket, view, notice=notice)))

    async def add(self, request: Request) -> Response:
        """Keep a message or files as the contact's own; they join this ticket by its signed address."""
        found = await self.backstage.off_loop(self._found, request.path_params["token"])
        if found is None or not _can_write(found[0]):
            return self._nothing(request)
        ticket, _, view = found
        try:
            post = await posted(request, MAX_FILES)
        except BadPost:
            visit = self.guards.visit(request)
            return visit.sealed(page(self.backstage, self._page(visit, ticket, view, notice=CHECK_AGAIN), 400))
        visit = self.guards.visit(request, post.fields.get("token", ""), _purpose(ticket))
        answer = self._objection(request, visit, post, ticket, view)
        if answer is not None:
            return visit.sealed(answer)
        row = await self._kept(request, visit, post, ticket)
        return elsewhere(await self.backstage.off_loop(self._place, ticket, row))

    async def file(self, request: Request) -> Response:
        """A file of a message that the page shows."""
        params = request.path_params
        found = await self.backstage.off_loop(self._file, params["token"], params["file"])
        return self._nothing(request) if found is None else download(*found)

    def _objection(
        self, request: Request, visit: Visit, post: Post, ticket: Ticket, view: TicketView
    ) -> Response | None:
        text = post.fields.get("body", "")
        notice = self.guards.objection(request, visit, post.fields)
        if notice is not None:
            words = f"{notice.words} {REPEAT_FILES}" if post.files else notice.words
            headers = {"Retry-After": str(notice.wait)} if notice.wait else {}
            content = self._page(visit, ticket, view, text=text, notice=words)
            return page(self.backstage, content, notice.status, headers)
        error = None
        if not text.strip() and not post.files:
            error = NOTHING_SAID
        elif len(text) > LONGEST["body"]:
            error = f"Слишком длинно: не больше {LONGEST['body']} знаков"
        if error is None:
            return None
        return page(self.backstage, self._page(visit, ticket, view, text=text, error=error), 422)

    async def _kept(self, request: Request, visit: Visit, post: Post, ticket: Ticket) -> JournalRow:
        form = FilledForm(
            name=ticket.contact_name,
            email=ticket.contact_address or "",
            subject=ticket.subject,
            body=post.fields.get("body", "").replace("\r\n", "\n").strip("\n"),
            organisation=ticket.licensee or "",
            product=ticket.product or "",
            files=post.files,
        )
        door_key = digest("page", visit.loaded.nonce, ticket.key, form_digest(form))
        # The tag alone tells the ticket; a short name before it fits into any limit of an address.
        recipient = self.backstage.signer.reply_address(f"t@{self.backstage.desk.domain}", ticket.key)
        peer = request.scope["guest"].address
        row = await keep(self.backstage, form, "form", door_key, peer, recipient=recipient)
        return await settled(self.backstage, row, door_key)

    def _place(self, ticket: Ticket, row: JournalRow) -> str:
        here = self.backstage.ticket_path(ticket.key)
        if row.disposition is Disposition.NEW:
            return f"{here}?sent=kept"
        with self.backstage.store.read() as tx:
            joined = ticket_of(tx, row)
        if joined is None or joined.number == ticket.number:
            return f"{here}?sent=1"
        return f"{self.backstage.ticket_path(joined.key)}?opened=1"

    def _found(self, token: str) -> tuple[Ticket, str | None, TicketView] | None:
        """The ticket of a token, the key of the one to look at instead, and what there is to see."""
        with self.backstage.store.read() as tx:
            ticket = self._ticket(tx, token)
            if ticket is None:
                return None
            final = merged_into(tx, ticket)
            same = final.number != ticket.number and final.contact_address == ticket.contact_address
            regulation = self.backstage.regulations.of(ticket.regulation)
            link = self.backstage.ticket_path(ticket.key)
            view = client_view(tx, ticket, regulation, link, self.backstage.clock())
        return ticket, final.key if same else None, view

    def _ticket(self, tx: Transaction, token: str) -> Ticket | None:
        name, _, proof = token.partition(".") if TOKEN.fullmatch(token) else ("", "", "")
        found = tx.tickets.by_key(name)
        # Looked up and compared in any case, so that the time taken says nothing.
        proven = self.backstage.signer.verified(proof, "ticket-page", found.key if found is not None else name)
        return found if proven else None

    def _file(self, token: str, file: str) -> tuple[str, str, bytes] | None:
        with self.backstage.store.read() as tx:
            ticket = self._ticket(tx, token)
            if ticket is None:
                return None
            shown = shown_messages(tx, ticket.number, self.backstage.clock())
            if not any(one.id == file for message in shown for one in message.attachments):
                return None
            attachment, raw = tx.messages.attachment(ticket.number, file)
        try:
            return attachment.filename, attachment.content_type, attachment_bytes(raw, attachment.part)
        except (LookupError, NotFound):
            return None

    def _page(
        self,
        visit: Visit,
        ticket: Ticket,
        view: TicketView,
        *,
        text: str = "",
        error: str | None = None,
        notice: str | None = None,
    ) -> TicketPage:
        return TicketPage(
            view=view,
            link=self.backstage.ticket_path(ticket.key),
            token=visit.token(_purpose(ticket)) if _can_write(ticket) else None,
            max_files=MAX_FILES,
            max_octets=self.backstage.web.max_size,
            max_size=size_words(self.backstage.web.max_size),
            text=text,
            error=error,
            notice=notice,
        )

    def _nothing(self, request: Request) -> Response:
        return refusal(self.backstage, request.url.path, 404)


def _purpose(ticket: Ticket) -> str:
    return f"message {ticket.key}"


def _can_write(ticket: Ticket) -> bool:
    """A message is written in the contact's name, so there has to be one."""
    return ticket.contact_address is not None and valid_address(ticket.contact_address)
