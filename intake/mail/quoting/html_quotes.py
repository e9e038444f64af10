"""What HTML knows about a mail's text: which of its words stand in a quotation, which do not.

Mail programs mark older mails by containers; the text beside the HTML may have lost them. `verdicts` compares the two
by letters and digits only, in order, so that neither rendering nor link targets matter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum

from selectolax.lexbor import LexborHTMLParser, LexborNode

from intake.mail.quoting.wordlists import words

_MOST_CHARACTERS = 500_000
_MOST_NODES = 50_000
_DEEPEST = 250
_HEAD = 48
_JUNK = re.compile(r"[\W_]+")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,10})", re.IGNORECASE)
_SHALLOW = words("br img hr meta link input p li td th tr dd dt option col area base wbr o")
_SKIPPED = frozenset({"style", "script", "head", "title", "template"})
_LOOKED_AT = frozenset({"div", "blockquote", "span", "hr", "p", "table", "section", "font"})

_CLOSED = re.compile(
    r"gmail_attr|moz-cite-prefix|moz-forward-container|yahoo_quoted|zmail_extra|(?:proton|tuta)\w*_quote|missive_quote"
    r"|front-blockquote|olk_src_body_section|applebodycontents|reply-intro|hey-quoted|mailspring|js-readmsg-msg|ymail_quote"
    r"|sh-quoted-content|messagereplysection|isreplycontent|__quoted_text__|__headers__|wmquote|iwcquote"
)
"""Class, id or name of an element that holds an older mail and nothing else."""
_OPENING = re.compile(r"divrplyfwdmsg|appendonsend|zwchr|__divider__|stopspelling|replysplit|mail-editor-reference")
"""Class, id or marker of an element after which everything is older."""
_GMAIL = re.compile(r"(?<![\w-])(?:x_)*gmail_quote")
_BORDER = re.compile(r"border-top:\s*(?:solid\s+#?(?:e1e1e1|b5c4df|ccc)|1(?:\.0)?pt\s+solid\s+#?(?:e1e1e1|b5c4df))")
_HINT = re.compile(
    _CLOSED.pattern + "|" + _OPENING.pattern + r"|gmail_quote|<blockquote|#?(?:e1e1e1|b5c4df)|border-left",
    re.IGNORECASE,
)


class Verdict(Enum):
    """What the HTML says of a piece of text."""

    NEW = "new"
    OLD = "old"
    OPEN = "open"


def has_hints(html: str) -> bool:
    """Whether it is worth reading the HTML: something in it marks quotations, and parsing it is no trap.

    Parsing takes time by size times depth, hence a limit on each.
    """
    return len(html) <= _MOST_CHARACTERS and _HINT.search(html) is not None and _depth(html) <= _DEEPEST


def _depth(html: str) -> int:
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _SHALLOW:
            depth += -1 if tag[1] else 1
            deepest = max(deepest, depth)
    return deepest


def verdicts(html: str, keys: list[str]) -> list[Verdict | None]:
    """For each line of text (``keys``): whether the HTML holds it as new, as old, or can't tell (None)."""
    stream, ends, flags = _flatten(html)
    found: list[Verdict | None] = []
    at = 0
    for key in keys:
        wanted = _JUNK.sub("", key.casefold())[:_HEAD]
        place = stream.find(wanted, at, at + 60 + 60 * len(wanted)) if wanted else -1
        if place < 0:
            found.append(None)
            continue
        at = place + len(wanted)
        first, last = bisect_right(ends, place), bisect_right(ends, at - 1)
        found.append(flags[first] if flags[first] is flags[last] else None)
    return found


def _flatten(html: str) -> tuple[str, list[int], list[Verdict]]:
    """The letters and digits of the page in one string, where each piece ends, and what each piece is."""
    pieces: list[str] = []
    ends: list[int] = []
    flags: list[Verdict] = []
    length = 0
    for text, flag in _pieces(html):
        letters = _JUNK.sub("", text.casefold())
        if not letters:
            continue
        length += len(letters)
        pieces.append(letters)
        ends.append(length)
        flags.append(flag)
    return "".join(pieces), ends, flags


def _pieces(html: str) -> list[tuple[str, Verdict]]:
    """Texts of the page in order. An element that opens older text changes what is new to old from there on."""
    body = LexborHTMLParser(html).body
    if body is None:
        return []
    pieces: list[tuple[str, Verdict]] = []
    outside = Verdict.NEW
    stack: list[tuple[LexborNode, Verdict | None]] = [(body, None)]
    for _ in range(_MOST_NODES):
        if not stack:
            break
        node, inherited = stack.pop()
        if node.next is not None and node is not body:
            stack.append((node.next, inherited))
        tag = node.tag
        if tag == "-text":
            pieces.append((node.text_content or "", inherited or outside))
            continue
        if tag in _SKIPPED or (node.child is None and tag != "hr"):
            outside = Verdict.OLD if tag in _LOOKED_AT and _opens(node) else outside
            continue
        own = inherited
        if tag in _LOOKED_AT:
            if _opens(node):
                outside = Verdict.OLD
            own = _judge(node, tag, inherited)
        if node.child is not None:
            stack.append((node.child, own))
    return pieces


def _names(node: LexborNode) -> str:
    attributes = node.attributes
    wanted = (attributes.get("class"), attributes.get("id"), attributes.get("name"), attributes.get("data-marker"))
    return " ".join(value for value in wanted if value)[:300].lower()


def _style(node: LexborNode) -> str:
    return (node.attributes.get("style") or "")[:300].lower()


def _opens(node: LexborNode) -> bool:
    return _OPENING.search(_names(node)) is not None or _BORDER.search(_style(node)) is not None


def _judge(node: LexborNode, tag: str, inherited: Verdict | None) -> Verdict | None:
    """What the element makes of the text in it; what surrounds it decides when it says nothing."""
    if inherited is Verdict.OLD:
        return inherited
    names = _names(node)
    if _CLOSED.search(names):
        return Verdict.OLD
    if _GMAIL.search(names):
        return Verdict.OLD if tag == "blockquote" or not _answers_inside(node) else Verdict.NEW
    if tag != "blockquote":
        return inherited
    if (node.attributes.get("type") or "").lower() == "cite" or node.attributes.get("cite"):
        return Verdict.OLD
    style = _style(node)
    if "border-left" in style and "none" not in style:
        return Verdict.OLD
    return Verdict.NEW if re.search(r"border(?:-left)?:\s*(?:none|0)", style) else Verdict.OPEN


def _answers_inside(node: LexborNode) -> bool:
    """Gmail's answers between the lines stand in the container, beside the quotations: then more than one of these."""
    child = node.child
    quotations = 0
    while child is not None:
        quotations += child.tag == "blockquote"
        child = child.next
    return quotations > 1
