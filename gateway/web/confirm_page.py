"""``/confirm/TOKEN``: does what was done work (§4, Проверка)? GET shows and never writes, POST answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.web.answers import elsewhere, page, refusal
from gateway.web.ticket_page import TOKEN
from gateway.web.uploads import BadPost, posted
from intake.errors import Refused
from intake.model import Status
from intake.pages import ConfirmPage

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.web.backstage import Backstage
    from intake.desk import Desk
    from intake.model import Ticket

LONGEST_COMMENT = 4000
CHOOSE = "Выберите ответ"
WHAT_FAILS = "Напишите, что не работает: так мы разберёмся быстрее"
TOO_LONG = f"Слишком длинно: не больше {LONGEST_COMMENT} знаков"
SAVED = {"yes": "Спасибо! Обращение завершено.", "no": "Спасибо, что проверили. Мы снова взялись за обращение."}
NOT_ASKED = "Сейчас проверять нечего: обращение не ждёт вашего подтверждения."


@dataclass(frozen=True, slots=True)
class ConfirmPages:
    """``GET`` and ``POST /confirm/TOKEN``."""

    backstage: Backstage
    office: Desk

    async def show(self, request: Request) -> Response:
        """The question, or that there is none now."""
        found = await self._found(request)
        if found is None:
            return refusal(self.backstage, request.url.path, 404)
        return self._page(request, found, notice=SAVED.get(request.query_params.get("saved", "")))

    async def take(self, request: Request) -> Response:
        """Close the ticket, or return it to work with what does not work; 410 where nothing is asked any more."""
        found = await self._found(request)
        if found is None:
            return refusal(self.backstage, request.url.path, 404)
        try:
            fields = (await posted(request, 0)).fields
        except BadPost:
            return self._page(request, found, error=CHOOSE, status=400)
        works, comment = fields.get("works", ""), fields.get("comment", "").replace("\r\n", "\n").strip()
        error = _wrong(works, comment)
        if error is not None and found.status is Status.VERIFICATION:
            return self._page(request, found, error=error, status=422, works=works, comment=comment)
        try:
            await self.backstage.off_loop(self.office.confirm, found.number, works == "yes", comment)
        except Refused:
            return self._page(request, found, status=410)
        return elsewhere(f"{self._link(request)}?saved={works}")

    async def _found(self, request: Request) -> Ticket | None:
        return await self.backstage.off_loop(self._read, request.path_params["token"])

    def _read(self, token: str) -> Ticket | None:
        name, _, proof = token.partition(".") if TOKEN.fullmatch(token) else ("", "", "")
        with self.backstage.store.read() as tx:
            found = tx.tickets.by_key(name)
        # Compared in any case, so that the time taken says nothing.
        proven = self.backstage.signer.verified(proof, "confirm", found.key if found is not None else name)
        return found if proven else None

    def _link(self, request: Request) -> str:
        return f"{self.backstage.base}/confirm/{request.path_params['token']}"

    def _page(
        self,
        request: Request,
        found: Ticket,
        *,
        error: str | None = None,
        notice: str | None = None,
        status: int = 200,
        works: str = "",
        comment: str = "",
    ) -> Response:
        asked = found.status is Status.VERIFICATION
        content = ConfirmPage(
            key=found.key,
            subject=found.subject,
            link=self._link(request),
            works=works,
            comment=comment,
            closed=None if asked else NOT_ASKED,
            error=error,
            notice=notice,
        )
        return page(self.backstage, content, status)


def _wrong(works: str, comment: str) -> str | None:
    if works not in ("yes", "no"):
        return CHOOSE
    if len(comment) > LONGEST_COMMENT:
        return TOO_LONG
    return WHAT_FAILS if works == "no" and not comment else None
