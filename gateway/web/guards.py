"""Who may post a form: a person in the browser that loaded it, not at once, not too often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gateway.web.clients import Allowance, Client
from gateway.web.tokens import COOKIE, Forged, Loaded, Tokens, browser, new_page
from gateway.web.wording import EXPIRED, FOREIGN, TOO_MANY, TOO_QUICK, TRAPPED
from intake.wording import plural

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.web.backstage import Backstage

HONEYPOT = "website"
QUICKEST = 1.5
"""Seconds from a page to its post that a person needs at the least."""
LONGEST = 12 * 3600.0
COOKIE_AGE = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a post is not taken now. ``wait``: seconds, 0 where it may be repeated at once."""

    status: int
    words: str
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser on a page with a form. ``trouble`` is set where a post came with no good token."""

    tokens: Tokens
    cookie: str
    loaded: Loaded
    secure: bool
    base: str
    trouble: str | None = None

    def token(self, purpose: str) -> str:
        """The hidden field of the page."""
        return self.tokens.form(purpose, self.cookie, self.loaded)

    def sealed(self, response: Response) -> Response:
        """The answer with the browser's cookie."""
        response.set_cookie(
            COOKIE,
            self.cookie,
            max_age=COOKIE_AGE,
            path=self.base or "/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
        return response


class Guards:
    """``monotonic`` is what the allowances count by, ``clock`` what pages are dated by."""

    def __init__(self, backstage: Backstage, monotonic: Callable[[], float]) -> None:
        self.tokens = Tokens(backstage.signer.keys)
        self._clock: Callable[[], datetime] = backstage.clock
        self._https = backstage.https
        self._base = backstage.base
        self._clients = Allowance(backstage.web.posts, monotonic)
        self._addresses = Allowance(max(1, backstage.web.posts // 2), monotonic)

    def visit(self, request: Request, token: str | None = None, purpose: str = "") -> Visit:
        """The browser that asks; with the token of a post, the page it was posted from."""
        guest: Client = request.scope["guest"]
        now = self._clock()
        given = request.cookies.get(COOKIE)
        cookie = browser(given)
        fresh = Visit(self.tokens, cookie, new_page(now), self._https or guest.https, self._base)
        if token is None:
            return fresh
        try:
            loaded = self.tokens.page(token, purpose, cookie if cookie == given else None)
        except Forged:
            return replace(fresh, trouble=FOREIGN)
        return replace(fresh, trouble=EXPIRED) if loaded.age(now) > LONGEST else replace(fresh, loaded=loaded)

    def objection(self, request: Request, visit: Visit, fields: Mapping[str, str]) -> Refusal | None:
        """What speaks against a post, before its fields are looked at."""
        guest: Client = request.scope["guest"]
        wait = self._clients.take(guest.group)
        if wait:
            return _too_many(wait)
        if visit.trouble is not None:
            return Refusal(403, visit.trouble)
        if fields.get(HONEYPOT, "").strip():
            return Refusal(422, TRAPPED)
        if visit.loaded.age(self._clock()) < QUICKEST:
            return Refusal(422, TOO_QUICK)
        return None

    def too_many_to(self, address: str) -> Refusal | None:
        """Whether an address was named too often."""
        wait = self._addresses.take(address.lower())
        return _too_many(wait) if wait else None


def _too_many(wait: int) -> Refusal:
    minutes = -(-wait // 60)
    return Refusal(429, TOO_MANY.format(wait=plural(minutes, "минуту", "минуты", "минут")), wait)
