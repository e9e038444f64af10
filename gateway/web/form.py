"""The feedback form: shown, taken, and answered with the ticket's key and deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.web.answers import elsewhere, page
from gateway.web.backstage import MAX_FILES
from gateway.web.fields import LONGEST, Wrong, checked
from gateway.web.guards import Refusal, Visit
from gateway.web.keeping import digest, form_digest, keep, settled
from gateway.web.uploads import BadPost, Post, posted
from gateway.web.wording import CHECK_AGAIN, REPEAT_FILES, wrong_words
from intake.client_view import size_words
from intake.model import Type
from intake.pages import Choice, FormPage
from intake.wording import plural

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.web.backstage import Backstage
    from gateway.web.guards import Guards

PURPOSE = "feedback"


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """``GET`` and ``POST /feedback``."""

    backstage: Backstage
    guards: Guards

    async def show(self, request: Request) -> Response:
        """An empty form; what the address names (``?product=…``) is filled in."""
        visit = self.guards.visit(request)
        values = {name: request.query_params.get(name, "")[:most] for name, most in LONGEST.items()}
        return visit.sealed(page(self.backstage, self._page(visit, PURPOSE, values)))

    async def take(self, request: Request) -> Response:
        """Keep what was filled in; the form again, all of it still there, where something is wrong."""
        try:
            post = await posted(request, MAX_FILES)
        except BadPost:
            return self._again(self.guards.visit(request), Post({}, ()), 400, {}, CHECK_AGAIN)
        visit = self.guards.visit(request, post.fields.get("token", ""), PURPOSE)
        refusal = self.guards.objection(request, visit, post.fields)
        if refusal is not None:
            return self._refused(visit, post, refusal)
        form = checked(post.fields, post.files, self._default(), self.backstage.desk)
        if isinstance(form, list):
            return self._again(visit, post, 422, _errors(form), _summary(form))
        refusal = self.guards.too_many_to(form.email)
        if refusal is not None:
            return self._refused(visit, post, refusal)
        door_key = digest("form", visit.loaded.nonce, form_digest(form))
        row = await keep(self.backstage, form, "form", door_key, request.scope["guest"].address)
        await settled(self.backstage, row, door_key)
        return elsewhere(f"{self.backstage.base}/feedback/received?r={self.guards.tokens.receipt(door_key)}")

    def _refused(self, visit: Visit, post: Post, refusal: Refusal) -> Response:
        headers = {"Retry-After": str(refusal.wait)} if refusal.wait else {}
        return self._again(visit, post, refusal.status, {}, refusal.words, headers)

    def _again(
        self,
        visit: Visit,
        post: Post,
        status: int,
        errors: Mapping[str, str],
        notice: str,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        values = {name: post.fields.get(name, "") for name in LONGEST}
        content = self._page(visit, PURPOSE, values, errors, notice, bool(post.files))
        return visit.sealed(page(self.backstage, content, status, headers))

    def _page(
        self,
        visit: Visit,
        purpose: str,
        values: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        notice: str | None = None,
        files_lost: bool = False,
    ) -> FormPage:
        regulation = self.backstage.regulation()
        types = regulation.rules.types
        chosen = values.get("type", "")
        minutes = regulation.rules.reaction.minutes
        return FormPage(
            token=visit.token(purpose),
            types=tuple(Choice(key, named.name, named.definition) for key, named in types.named.items()),
            chosen=chosen if chosen in types.named else types.feedback_form,
            products=self.backstage.web.products,
            reaction=plural(minutes, "минуту", "минуты", "минут"),
            max_files=MAX_FILES,
            max_octets=self.backstage.web.max_size,
            max_size=size_words(self.backstage.web.max_size),
            values=values,
            errors=errors or {},
            notice=f"{notice} {REPEAT_FILES}" if notice and files_lost else notice,
            files_lost=files_lost,
        )

    def _default(self) -> Type:
        return Type(self.backstage.regulation().rules.types.feedback_form)


def _errors(wrong: list[Wrong]) -> dict[str, str]:
    return {one.field: wrong_words(one) for one in wrong}


def _summary(wrong: list[Wrong]) -> str:
    return f"Обращение ещё не отправлено: {plural(len(wrong), 'поле', 'поля', 'полей')} нужно поправить."
