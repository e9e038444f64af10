"""HTML as a stream of tags and texts, from a tree (lexbor) or, over the limits, from a linear scan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from intake.mail.limits import MAX_HTML, MAX_HTML_DEPTH, MAX_HTML_TAGS

Attributes = dict[str, str | None]
Event = tuple[str, str, Attributes]
"""("start" | "end", tag, attributes) or ("text", the text, {})."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")
_VOID_LIST = "area base br col embed hr img input link meta param source track wbr"
_SELF_CLOSING_LIST = "p li td tr th dt dd option thead tbody tfoot colgroup html head body o:p"
_VOID = frozenset(_VOID_LIST.split())
_NOT_NESTED = _VOID | frozenset(_SELF_CLOSING_LIST.split())
_DROPPED = frozenset(("style", "script", "head", "title", "template", "noscript", "svg", "object", "iframe", "select"))
_TOKEN = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+(?:-->)?|<!?\[[^\]>]{0,200}\]>|<[!?][^>]*+>?"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:]{0,30})(?P<attributes>[^<>]*+)>?|(?P<text>[^<]++|<)"
)
_ATTRIBUTE = re.compile(r"""(href|alt|start)\s*=\s*("[^"]*+"|'[^']*+'|[^\s"'>]++)""", re.IGNORECASE)


def events(html: str) -> Iterator[Event]:
    """The events of ``html`` in order; the content of style, script and head is left out.

    Over the limits starts and ends need not match, and ``style`` and ``hidden`` are not told.
    """
    if is_within_limits(html):
        return _from_tree(html)
    return _from_scan(html[: 4 * MAX_HTML])


def is_within_limits(html: str) -> bool:
    """Whether a tree may be built: neither big nor deep, nor many left open."""
    if len(html) > MAX_HTML or html.count("<") > MAX_HTML_TAGS:
        return False
    depth = deepest = 0
    for close, tag in _TAG.findall(html):
        if tag.lower() not in _NOT_NESTED:
            depth += -1 if close and depth else 0 if close else 1
            deepest = max(deepest, depth)
    return deepest <= MAX_HTML_DEPTH


def _from_tree(html: str) -> Iterator[Event]:
    from selectolax.lexbor import LexborHTMLParser

    node = LexborHTMLParser(html).body
    top = node.mem_id if node is not None else 0
    while node is not None:
        tag = node.tag or ""
        child = None
        if tag == "-text":
            yield "text", node.text_content or "", {}
        elif tag and tag[0] not in "-_!" and tag not in _DROPPED:
            yield "start", tag, node.attributes
            child = node.child
            if child is None:
                yield "end", tag, {}
        if child is not None:
            node = child
            continue
        while node is not None and node.next is None and node.mem_id != top:
            node = node.parent
            if node is not None:
                yield "end", node.tag or "", {}
        if node is None or node.mem_id == top:
            return
        node = node.next


def _from_scan(html: str) -> Iterator[Event]:
    dropping = ""
    for found in _TOKEN.finditer(html):
        tag = (found["tag"] or "").lower()
        if dropping:
            if found["close"] and tag == dropping:
                dropping = ""
        elif tag in _DROPPED:
            dropping = "" if found["close"] else tag
        elif found["text"]:
            yield "text", unescape(found["text"]), {}
        elif tag:
            yield from _scanned_tag(tag, bool(found["close"]), found["attributes"])


def _scanned_tag(tag: str, closes: bool, attributes: str) -> Iterator[Event]:
    if closes:
        yield "end", tag, {}
        return
    pairs = _ATTRIBUTE.findall(attributes[:2000]) if "=" in attributes else []
    yield "start", tag, {name.lower(): unescape(value.strip("\"'")) for name, value in pairs}
    if tag in _VOID:
        yield "end", tag, {}
