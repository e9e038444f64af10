"""``POST /api/v1/requests``: a request from another program, kept before it is answered."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gateway.web.answers import as_json, fault, refusal
from gateway.web.clients import Allowance
from gateway.web.fields import LONGEST, Wrong, checked
from gateway.web.json_body import KEY_PATTERN, BadJson, given
from gateway.web.keeping import digest, form_digest, keep, settled
from gateway.web.received import ticket_of
from intake.forms import FilledForm, request_digest
from intake.model import JournalRow, Type

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.web.backstage import Backstage

DOOR = "api"
WRONG_KEYS = 30
"""Wrong keys from one client in ten minutes, then it has to wait."""
WORDS = {
    "required": "This field is required.",
    "invalid": "This value is not valid.",
    "unreachable": "Nobody can be answered at this address.",
    "own_address": "This is an address of the desk itself.",
}


@dataclass(frozen=True, slots=True)
class Api:
    """The JSON API. ``refused`` counts wrong keys."""

    backstage: Backstage
    refused: Allowance

    async def take(self, request: Request) -> Response:
        """201 with key and deadlines, 202 with the journal's id where it is kept but no ticket yet."""
        user = self._user(request)
        if user is None:
            return self._stranger(request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return refusal(self.backstage, request.url.path, 415)
        idempotency = request.headers.get("idempotency-key")
        if idempotency is not None and not re.fullmatch(KEY_PATTERN, idempotency):
            words = "An Idempotency-Key is 1 to 256 characters of ASCII."
            return fault(400, "bad_request", words, "Idempotency-Key")
        body = await request.body()
        try:
            asked = await self.backstage.off_loop(given, body, self.backstage.web.max_size)
        except BadJson as error:
            return fault(error.status, error.code, str(error), error.field)
        form = checked(asked.values, asked.files, self._default(), self.backstage.desk)
        if isinstance(form, list):
            return _wrong(form[0])
        return await self._kept(request, form, user, idempotency)

    def _user(self, request: Request) -> str | None:
        """Whose key was sent; every key is compared, each in constant time."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        sent = key.strip().encode("utf-8", "surrogatepass")
        found = None
        for name, known in self.backstage.web.api.by_name.items():
            if hmac.compare_digest(sent, known.encode("utf-8")):
                found = name
        return found

    def _stranger(self, request: Request) -> Response:
        wait = self.refused.take(request.scope["guest"].group)
        if wait:
            return refusal(self.backstage, request.url.path, 429, {"Retry-After": str(wait)})
        return refusal(self.backstage, request.url.path, 401, {"WWW-Authenticate": "Bearer"})

    async def _kept(self, request: Request, form: FilledForm, user: str, idempotency: str | None) -> Response:
        door_key = digest(DOOR, user, idempotency if idempotency is not None else secrets.token_bytes(32))
        row = await keep(self.backstage, form, DOOR, door_key, request.scope["guest"].address, user)
        if idempotency is not None and not await self.backstage.off_loop(self._same, row, form):
            return fault(
                409, "idempotency_conflict", "Another request was sent under this Idempotency-Key.", "Idempotency-Key"
            )
        row = await settled(self.backstage, row, door_key)
        answer = await self.backstage.off_loop(self._answer, row)
        return as_json({"journal": row.id}, 202) if answer is None else as_json(answer, 201)

    def _same(self, row: JournalRow, form: FilledForm) -> bool:
        with self.backstage.store.read() as tx:
            raw = tx.journal.get(row.id).raw
        return hmac.compare_digest(request_digest(raw), form_digest(form))

    def _answer(self, row: JournalRow) -> dict[str, Any] | None:
        with self.backstage.store.read() as tx:
            ticket = ticket_of(tx, row)
        if ticket is None:
            return None
        return {
            "key": ticket.key,
            "type": ticket.type.value,
            "opened_at": self._time(ticket.opened_at),
            "reaction_due": self._time(ticket.reaction_due),
            "completion_due": self._time(ticket.completion_due),
        }

    def _time(self, at: datetime | None) -> str | None:
        zone = self.backstage.regulation().zone
        return None if at is None else at.astimezone(zone).isoformat()

    def _default(self) -> Type:
        return Type(self.backstage.regulation().rules.types.feedback_form)


def _wrong(wrong: Wrong) -> Response:
    too_long = wrong.fault == "too_long"
    words = f"At most {LONGEST[wrong.field]} characters." if too_long else WORDS[wrong.fault]
    return fault(422, wrong.fault, words, wrong.field)


async def description(_request: Request) -> Response:
    """``GET /api/v1/openapi.json``."""
    from gateway.web.openapi import DESCRIPTION

    return as_json(DESCRIPTION, headers={"Cache-Control": "public, max-age=300"})
