"""From a page's context to its HTML, and the files that pages refer to."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from functools import cache
from importlib.resources import files

from intake.pages import ConfirmPage, FormPage, NoticePage, Page, RatePage, ReceivedPage, Site, TicketPage
from templates.environment import environment

_NAMES: dict[type, str] = {
    FormPage: "form",
    ReceivedPage: "received",
    TicketPage: "ticket",
    RatePage: "rate",
    ConfirmPage: "confirm",
    NoticePage: "notice",
}
ASSETS = frozenset({"desk.css", "form.js", "mark.svg"})


class WebPages:
    """See `intake.pages.Pages`."""

    def render(self, page: Page, site: Site) -> str:
        """See `Pages.render`."""
        values = {f.name: getattr(page, f.name) for f in fields(page)}
        template = environment().get_template(f"pages/{_NAMES[type(page)]}.html")
        return template.render(values, site=site, asset=_link)

    def asset(self, name: str) -> bytes | None:
        """See `Pages.asset`."""
        return _content(name) if name in ASSETS else None


@cache
def _content(name: str) -> bytes:
    return files("templates").joinpath("pages", "assets", name).read_bytes()


@cache
def _link(name: str) -> str:
    """An asset's path with a digest of its content: it may be kept for good."""
    return f"/assets/{name}?v={hashlib.sha256(_content(name)).hexdigest()[:12]}"
