"""``/rate/TOKEN``: the client's mark. GET shows and never writes, POST records; both work without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.web.answers import elsewhere, page, refusal
from gateway.web.uploads import BadPost, posted
from intake.errors import NotFound
from intake.pages import RatePage
from intake.voting import MARKS
from intake.wording import moment_words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.web.backstage import Backstage
    from intake.desk import Desk, Rateable

LONGEST_COMMENT = 4000
CHOOSE = "Выберите оценку"
TOO_LONG = f"Слишком длинно: не больше {LONGEST_COMMENT} знаков"
SAVED = "Спасибо! Ваша оценка — {score}."
CLOSED = {
    "late": "Срок, когда оценку можно было поставить или изменить, прошёл.",
    "reopened": "Обращение снова в работе. Мы спросим об оценке, когда оно будет завершено.",
}
NO_VOTES = "Оценку по этому обращению поставить нельзя."


@dataclass(frozen=True, slots=True)
class RatePages:
    """``GET`` and ``POST /rate/TOKEN``."""

    backstage: Backstage
    office: Desk

    async def show(self, request: Request) -> Response:
        """The marks, the one of the link chosen beforehand, or the vote that stands."""
        found = await self._found(request)
        if found is None:
            return refusal(self.backstage, request.url.path, 404)
        chosen = _mark(request.query_params.get("score", ""), found)
        notice = None
        if request.query_params.get("saved") and found.score is not None:
            notice, chosen = SAVED.format(score=found.score), found.score
        return self._page(request, found, chosen or found.score, notice=notice)

    async def take(self, request: Request) -> Response:
        """Keep the vote; one that does not count is answered with 410."""
        found = await self._found(request)
        if found is None:
            return refusal(self.backstage, request.url.path, 404)
        try:
            fields = (await posted(request, 0)).fields
        except BadPost:
            return self._page(request, found, None, error=CHOOSE, status=400)
        score, comment = _mark(fields.get("score", ""), found), fields.get("comment", "").replace("\r\n", "\n")
        if score is None or len(comment) > LONGEST_COMMENT:
            error = CHOOSE if score is None else TOO_LONG
            return self._page(request, found, score, error=error, status=422, comment=comment)
        after = await self.backstage.off_loop(self.office.rate, request.path_params["token"], score, comment)
        if after.closed is not None:
            return self._page(request, after, None, status=410)
        return elsewhere(f"{self._link(request)}?saved=1")

    async def _found(self, request: Request) -> Rateable | None:
        try:
            return await self.backstage.off_loop(self.office.rateable, request.path_params["token"])
        except NotFound:
            return None

    def _link(self, request: Request) -> str:
        return f"{self.backstage.base}/rate/{request.path_params['token']}"

    def _page(
        self,
        request: Request,
        found: Rateable,
        chosen: int | None,
        *,
        error: str | None = None,
        notice: str | None = None,
        status: int = 200,
        comment: str | None = None,
    ) -> Response:
        marks = range(found.highest, found.lowest - 1, -1)
        named = (found.lowest, found.highest) == (1, len(MARKS))
        regulation = self.backstage.regulations.of(found.ticket.regulation)
        content = RatePage(
            key=found.ticket.key,
            subject=found.ticket.subject,
            link=self._link(request),
            marks=tuple((mark, MARKS[mark - 1] if named else "") for mark in marks),
            chosen=chosen,
            given=found.score,
            comment=found.comment if comment is None else comment,
            until=moment_words(regulation.zone, found.expires_at, self.backstage.clock()),
            closed=None if found.closed is None else CLOSED.get(found.closed, NO_VOTES),
            error=error,
            notice=notice,
        )
        return page(self.backstage, content, status)


def _mark(text: str, found: Rateable) -> int | None:
    """A mark of the scale as it stands in a link or a form."""
    mark = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None
    return mark if mark is not None and found.lowest <= mark <= found.highest else None
