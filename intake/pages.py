"""What each web page is made from: one frozen context per template. Every text is finished Russian or a stranger's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages say of the desk. ``base`` is what every path begins with, "" at the root of a host."""

    desk_name: str
    desk_address: str
    hours: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A type of requests (§3) to choose."""

    key: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The feedback form. ``values`` are what was typed, ``errors`` what is wrong, both by field name; ``notice`` says
    why the page comes back; ``files_lost``: files were chosen, and no browser sends them back."""

    token: str
    types: tuple[Choice, ...]
    chosen: str
    products: tuple[str, ...]
    reaction: str
    max_files: int
    max_octets: int
    max_size: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: str | None = None
    files_lost: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """After the form. Without ``key`` the request is kept and not yet a ticket; ``waiting``: look again soon."""

    key: str | None = None
    subject: str = ""
    type_name: str = ""
    reaction: str = ""
    completion: str | None = None
    link: str | None = None
    letter_to: str | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file to download."""

    name: str
    size: str
    link: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation. ``ours``: the desk wrote it."""

    ours: bool
    who: str
    at: str
    text: str
    files: tuple[FileLink, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as its licensee may see it. ``facts`` are (what, in words)."""

    key: str
    subject: str
    status: str
    status_name: str
    status_words: str
    category: str
    type_name: str
    facts: tuple[tuple[str, str], ...]
    messages: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class TicketPage:
    """The licensee's own view, and what he is about to add to it. ``token`` None: nothing can be added here."""

    view: TicketView
    link: str
    token: str | None
    max_files: int
    max_octets: int
    max_size: str
    text: str = ""
    error: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class RatePage:
    """The client's mark for a ticket (§6). ``marks`` are (mark, in words) from the highest, ``chosen`` the one marked
    beforehand; ``until`` when the last vote counts, in words; ``closed`` why none counts any more."""

    key: str
    subject: str
    link: str
    marks: tuple[tuple[int, str], ...]
    chosen: int | None
    given: int | None
    comment: str
    until: str
    closed: str | None = None
    error: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """Whether what was done works (§4, Проверка). ``works`` is yes|no as it was chosen, "" for nothing; ``closed`` why
    nothing is asked now."""

    key: str
    subject: str
    link: str
    works: str = ""
    comment: str = ""
    closed: str | None = None
    error: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page that only says something: not found, too large, come again."""

    title: str
    text: str


Page = FormPage | ReceivedPage | TicketPage | RatePage | ConfirmPage | NoticePage


class Pages(Protocol):
    """The templates' side of the web pages."""

    def render(self, page: Page, site: Site) -> str:
        """A page's HTML; a stranger's text in it comes out literally."""

    def asset(self, name: str) -> bytes | None:
        """A style sheet, script or picture of the pages; None where there is none of that name."""
