"""The web door's application: which address leads where."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.responses import Response
from starlette.routing import Route, Router

from gateway.web.answers import elsewhere, refusal
from gateway.web.api import WRONG_KEYS, Api, description
from gateway.web.assets import Assets
from gateway.web.clients import Allowance
from gateway.web.confirm_page import ConfirmPages
from gateway.web.form import FeedbackForm
from gateway.web.frame import Frame
from gateway.web.guards import Guards
from gateway.web.health import Health, Signs
from gateway.web.metrics import Metrics
from gateway.web.rating_page import RatePages
from gateway.web.received import Receipts
from gateway.web.ticket_page import TicketPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from gateway.web.backstage import Backstage

Answer = Callable[["Request"], Awaitable[Response]]


def web_app(backstage: Backstage, signs: Signs, monotonic: Callable[[], float] = time.monotonic) -> ASGIApp:
    """Everything behind the web door, in its frame."""
    metrics = Metrics(backstage)
    guards = Guards(backstage, monotonic)
    form, tickets = FeedbackForm(backstage, guards), TicketPages(backstage, guards)
    receipts = Receipts(backstage, guards.tokens)

    async def home(_request: Request) -> Response:
        return elsewhere(f"{backstage.base}/feedback")

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException), "registered for nothing else"
        return refusal(backstage, request.url.path, error.status_code, error.headers)

    routes = [
        _route("/", "home", GET=home),
        _route("/feedback", "feedback", GET=form.show, POST=form.take),
        _route("/feedback/received", "received", GET=receipts.show),
        _route("/t/{token}", "ticket", GET=tickets.show, POST=tickets.add),
        _route("/t/{token}/files/{file}", "file", GET=tickets.file),
        *_votes(backstage),
        _route("/api/v1/requests", "api", POST=Api(backstage, Allowance(WRONG_KEYS, monotonic)).take),
        _route("/api/v1/openapi.json", "openapi", GET=description),
        _route("/healthz", "healthz", GET=Health(backstage, signs).show),
        _route("/metrics", "metrics", GET=metrics.show),
        _route("/assets/{name}", "assets", GET=Assets(backstage).show),
    ]
    # Slashes are not mended: that would build an address from the Host a stranger sent.
    router = Router(routes, redirect_slashes=False)
    return Frame(ExceptionMiddleware(router, {HTTPException: refused}), backstage, metrics)


def _votes(backstage: Backstage) -> list[Route]:
    if backstage.office is None:
        return []
    rate = RatePages(backstage, backstage.office)
    confirm = ConfirmPages(backstage, backstage.office)
    return [
        _route("/rate/{token}", "rate", GET=rate.show, POST=rate.take),
        _route("/confirm/{token}", "confirm", GET=confirm.show, POST=confirm.take),
    ]


def _route(path: str, page: str, **answers: Answer) -> Route:
    """Answers by method; ``page`` is what requests are counted by."""

    async def named(request: Request) -> Response:
        request.scope["page"] = page
        return await answers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, named, methods=list(answers))
