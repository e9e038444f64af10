"""HTML mail as readable text: links with address, lists, tables row by row, quotes as ``> ``. Nothing is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.mail.html_events import Attributes, events
from intake.mail.limits import MAX_TEXT

_BLOCK_LIST = (
    "address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form header "
    "hgroup main nav section summary table tbody thead tfoot tr caption html o:p"
)
_BLOCKS = frozenset(_BLOCK_LIST.split())
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre"))
_SPACES = re.compile(r"[ \t\n\r\f\u200b]+")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?\s*(?:;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)",
    re.I,
)
_NO_BORDER = re.compile(r"border(?:-left)?:\s{0,3}(?:none|0)", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_FILE_NAME = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp|svg|tiff?|emz|wmz)$", re.IGNORECASE)
_TRAILING = re.compile(r"[ \t]+\n")
_DEEPEST_QUOTE = 30


@dataclass(slots=True)
class _List:
    number: int | None


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    size: int = 0
    quotes: int = 0
    moved: list[bool] = field(default_factory=list)
    quotes_before: int = 0
    lists: list[_List] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)
    preformatted: int = 0
    hidden: int = 0
    cells: int = 0
    wants_space: bool = False
    blank_due: bool = False


def html_to_text(html: str) -> str:
    """The text of ``html``, lines ended by ``\\n``, no blank space at either end. Linear in its size."""
    page = _Page()
    for kind, name, attributes in events(html):
        if kind == "text":
            if not page.hidden:
                _write(page, name)
        elif page.hidden or (kind == "start" and _is_hidden(attributes)):
            _count_hidden(page, kind)
        elif kind == "start":
            _start(page, name, attributes)
        else:
            _end(page, name)
        if page.size > MAX_TEXT:
            break
    _end_line(page)
    text = _TRAILING.sub("\n", "\n".join(page.lines) + "\n")
    return _MANY_BLANK_LINES.sub("\n\n", text).strip("\n")


def _is_hidden(attributes: Attributes) -> bool:
    if not attributes:
        return False
    return "hidden" in attributes or (
        "style" in attributes and bool(_HIDDEN.search((attributes["style"] or "")[:2000]))
    )


def _count_hidden(page: _Page, kind: str) -> None:
    """Keeps the depth inside a hidden element, so that its end is known."""
    page.hidden += 1 if kind == "start" else -1


def _write(page: _Page, text: str) -> None:
    if page.preformatted:
        first, *others = text.replace("\r\n", "\n").split("\n")
        _put(page, first)
        for line in others:
            _end_line(page, keep_blank=True)
            _put(page, line)
        return
    if not (words := _SPACES.sub(" ", text)).strip(" "):
        page.wants_space = page.wants_space or bool(words)
        return
    if words[0] == " ":
        page.wants_space = True
    _put(page, words.strip(" "))
    page.wants_space = words[-1] == " "


def _put(page: _Page, text: str) -> None:
    if not text:
        return
    if page.wants_space and page.line and not page.line[-1].endswith((" ", "\t")):
        page.line.append(" ")
    page.wants_space = False
    page.line.append(text)
    page.size += len(text)


def _end_line(page: _Page, keep_blank: bool = False) -> None:
    """Ends the line being written; an empty one leaves no trace unless it is to be kept."""
    text = "".join(page.line).rstrip(" ") if not page.preformatted else "".join(page.line)
    page.wants_space = False
    page.line = []
    if not text and not keep_blank:
        return
    prefix = "> " * min(page.quotes, _DEEPEST_QUOTE)
    if page.blank_due and page.lines:
        page.lines.append("> " * min(page.quotes, page.quotes_before))
    page.blank_due = False
    page.quotes_before = min(page.quotes, _DEEPEST_QUOTE)
    page.lines.append((prefix + text).rstrip(" ") if not text else prefix + text)


def _start(page: _Page, tag: str, attributes: Attributes) -> None:
    if tag == "br":
        _end_line(page, keep_blank=True)
    elif tag in ("td", "th"):
        page.cells += 1
        if page.line:
            page.line.append("\t")
    elif tag == "li":
        _start_item(page)
    elif tag == "a":
        page.links.append((attributes.get("href") or "", len(page.lines), len(page.line)))
    elif tag == "img":
        _image(page, attributes)
    elif tag == "hr":
        _end_line(page)
        _put(page, "-" * 20)
        _end_line(page)
    elif tag in _PARAGRAPHS:
        _start_paragraph(page, tag, attributes)
    elif tag in _BLOCKS:
        _end_line(page)


def _start_paragraph(page: _Page, tag: str, attributes: Attributes) -> None:
    _end_line(page)
    page.blank_due = page.blank_due or not (tag in ("ul", "ol") and page.lists)
    if tag in ("ul", "ol"):
        start = attributes.get("start") or "1"
        page.lists.append(
            _List(int(start) - 1 if start.isdecimal() and len(start) < 9 else 0) if tag == "ol" else _List(None)
        )
    elif tag == "blockquote":
        page.moved.append(_is_moved(attributes))
        page.quotes += not page.moved[-1]
    elif tag == "pre":
        page.preformatted += 1


def _is_moved(attributes: Attributes) -> bool:
    """A block that was only moved to the right, as the button for it in Gmail and Outlook does: no quotation."""
    said = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300].lower()
    if "cite" in attributes or attributes.get("type") or "quot" in said:
        return False
    return _NO_BORDER.search((attributes.get("style") or "")[:300]) is not None


def _start_item(page: _Page) -> None:
    _end_line(page)
    current = page.lists[-1] if page.lists else _List(None)
    mark = "- "
    if current.number is not None:
        current.number += 1
        mark = f"{current.number}. "
    page.line.append("  " * min(len(page.lists) - 1, 10) + mark)


def _image(page: _Page, attributes: Attributes) -> None:
    """The alternative text of a picture; tracking pixels have none, and emoji are pictures in some programs.

    Of an enclosed picture only an emoji counts: the other words are a file's name or a program's description.
    """
    alternative = (attributes.get("alt") or "").strip()
    if not alternative or len(alternative) > 200 or _FILE_NAME.search(alternative):
        return
    enclosed = (attributes.get("src") or "").lstrip()[:5].lower().startswith(("cid:", "data:"))
    if not enclosed or not any(letter.isalnum() for letter in alternative):
        _write(page, alternative)


def _end(page: _Page, tag: str) -> None:
    if tag == "a":
        _end_link(page)
    elif tag == "li":
        _end_item(page)
    elif tag in _PARAGRAPHS:
        _end_paragraph(page, tag)
    elif tag in _BLOCKS:
        _end_line(page)


def _end_item(page: _Page) -> None:
    if "".join(page.line).strip(" -"):
        _end_line(page)
    page.line = []


def _end_paragraph(page: _Page, tag: str) -> None:
    _end_line(page)
    if tag in ("ul", "ol") and page.lists:
        page.lists.pop()
    elif tag == "blockquote" and page.moved:
        page.quotes -= not page.moved.pop()
    elif tag == "pre" and page.preformatted:
        page.preformatted -= 1
    page.blank_due = page.blank_due or not (tag in ("ul", "ol") and page.lists)


def _end_link(page: _Page) -> None:
    """Adds the address of a link to its text, unless the text says it already."""
    if not page.links:
        return
    href, line, place = page.links.pop()
    href = _SPACES.sub("", href.strip())
    if not _LINK.match(href) or len(href) > 2000:
        return
    shown = "".join(page.line[place:]) if line == len(page.lines) else "\n".join(page.lines[line:][-3:])
    if not shown.strip():
        return
    if _same_target(shown.strip(), href):
        return
    _put(page, f" ({href})")


def _same_target(shown: str, href: str) -> bool:
    bare = _bare(href)
    return _bare(shown) == bare or (
        href.lower().startswith(("mailto:", "tel:")) and bare.partition("?")[0] in shown.lower()
    )


def _bare(address: str) -> str:
    return re.sub(r"^(?:https?://|mailto:|tel:)(?:www\.)?", "", address.strip().lower()).rstrip("/")
