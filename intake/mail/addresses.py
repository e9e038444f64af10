"""Address lists (RFC 5322 section 3.4) as programs really write them. Linear, bounded; never raises.

Raw octets are handled as latin-1 text until decoded, so white space is ASCII's alone: U+0085 and U+00A0 are halves
of UTF-8 letters there.

An address is only what stands plainly as one: text with stray brackets or several ``@`` gives a name without an
address, never a guess at who is meant (CVE-2023-27043 is such a guess).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.mail.charsets import decode_text
from intake.mail.encoded_words import decode_words, one_line
from intake.mail.limits import MAX_ADDRESSES
from intake.mail.message import Address

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|<[^<>]*+>?|[(),;:]|[^"<(),;:]++', re.DOTALL)
_CUT = re.compile(r"[,;]")
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ROUND_DOTS = re.compile(r" ?([@.]) ?")
_SPACE = re.compile(r"\s+", re.ASCII)
_ANY_SPACE = re.compile(r"\s+")
_BLANKS = " \t\r\n"
_PLAIN = re.compile(
    r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]{1,256}@(?:[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]{1,256}|\[[^\s\]]{1,64}\])\Z",
    re.ASCII,
)
_QUOTED_LOCAL = re.compile(
    r'"(?:[^"\\\x00-\x1f]++|\\[^\x00-\x1f])*+"@[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,256}\Z', re.ASCII
)
_IN_ANGLES = re.compile(r"[^\s<>()\[\],;:\\\"\x00-\x1f\x7f]{1,320}\Z", re.ASCII)
_LONGEST_NAME = 1000


@dataclass(slots=True)
class _Mailbox:
    words: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angles: str | None = None

    def is_empty(self) -> bool:
        return self.angles is None and not self.comments and not "".join(self.words).strip(_BLANKS)


def parse_addresses(value: bytes, hint: str = "") -> tuple[Address, ...]:
    """The mailboxes of an address field, groups opened, at most 1000; a name is decoded and one line.

    What holds no address is kept with ``address=""``. ``hint`` is the charset for raw 8-bit names.
    """
    found: list[Address] = []
    before = ""
    for box, ended_by in _mailboxes(value.decode("latin-1")):
        text = "".join(box.words)
        if box.angles is None and not box.comments and ended_by == "," and "@" not in text:
            before += text + ","
            continue
        if before and box.angles is None:
            found.extend(_bare(word, hint) for word in before.split(",") if word.strip(_BLANKS))
            before = ""
        found.extend(_opened(_address(box, before, hint)))
        before = ""
        if len(found) >= MAX_ADDRESSES:
            break
    found.extend(_bare(word, hint) for word in before.split(",") if word.strip(_BLANKS))
    return tuple(found[:MAX_ADDRESSES])


def _mailboxes(text: str) -> list[tuple[_Mailbox, str]]:
    """The list cut at its commas, with what ended each; commas in quotes, comments and angles don't cut."""
    boxes: list[tuple[_Mailbox, str]] = []
    box = _Mailbox()
    position, last_semicolon, parentheses_close = 0, text.rfind(";"), True
    while found := _TOKEN.match(text, position):
        token, position = found[0], found.end()
        if token == "(" and parentheses_close and (end := _comment_end(text, position)) >= 0:
            box.comments.append(text[position : end - 1])
            position = end
        elif token in (",", ";"):
            if not box.is_empty():
                boxes.append((box, token))
                box = _Mailbox()
        elif token == ":" and box.angles is None and "@" not in "".join(box.words) and position <= last_semicolon:
            box = _Mailbox()
        elif token[0] == "<" and (box.angles is None or not box.angles.strip("<> ")):
            box.angles, position = _angles(token, position)
        else:
            parentheses_close = parentheses_close and token != "("
            box.words.append(token)
        if len(boxes) > MAX_ADDRESSES:
            return boxes
    return boxes if box.is_empty() else [*boxes, (box, "")]


def _comment_end(text: str, position: int) -> int:
    """Where the comment that opened just before ``position`` is closed, however deep; -1 when it never is."""
    depth = 1
    for found in _PARENTHESIS.finditer(text, position):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return -1


def _angles(token: str, position: int) -> tuple[str, int]:
    """What stands in angle brackets; an unclosed one ends at the next comma."""
    if token.endswith(">"):
        return token[1:-1], position
    end = _CUT.search(token)
    return (token[1 : end.start()], position - len(token) + end.start()) if end else (token[1:], position)


def _address(box: _Mailbox, before: str, hint: str) -> Address:
    phrase = (before + "".join(box.words)).strip(_BLANKS)
    comment = " ".join(_ESCAPE.sub(r"\1", comment) for comment in box.comments)
    if box.angles is not None:
        phrase = phrase.strip("<> ")
        address = _valid(box.angles, in_angles=True)
        if not address and not box.angles.strip("<> ") and _valid(phrase):
            return Address(_name(comment, hint), _valid(phrase))
        return Address(_name(phrase or comment, hint), address)
    if address := _valid(phrase):
        return Address(_name(comment, hint), address)
    head, _, last = phrase.rpartition(" ")
    if "@" in last and "@" not in head and (address := _valid(last)):
        return Address(_name(head or comment, hint), address)
    return _bare(phrase or comment, hint)


def _valid(text: str, *, in_angles: bool = False) -> str:
    """``text`` as an address with its domain in lower case, "" when it is none."""
    text = _ROUND_DOTS.sub(r"\1", _SPACE.sub(" ", text.strip(_BLANKS)))
    if in_angles and not text.startswith('"'):
        text = _SPACE.sub("", text)
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    text = text.strip("'").rstrip(".")
    if "=?" in text or not (_PLAIN.match(text) or _QUOTED_LOCAL.match(text)):
        return text if in_angles and _is_local(text) else ""
    local, _, domain = one_line(decode_text(text.encode("latin-1"))[0]).rpartition("@")
    return f"{local}@{domain.lower()}"


def _is_local(text: str) -> bool:
    """One word that can name a mailbox on a machine, such as ``root``."""
    return bool(_IN_ANGLES.match(text)) and text.isascii() and "@" not in text and "=?" not in text


def _bare(text: str, hint: str) -> Address:
    """Words without an address; one lone word, such as ``MAILER-DAEMON``, is a local address."""
    bare = text.strip(_BLANKS)
    if _is_local(bare):
        return Address("", bare)
    return Address(_name(bare, hint), "")


def _name(phrase: str, hint: str) -> str:
    """A display name: quotes opened, words decoded."""
    if not phrase:
        return ""
    if '"' in phrase:
        phrase = "".join(_unquoted(token) for token in _TOKEN.findall(phrase))
    return _ANY_SPACE.sub(" ", decode_words(phrase.encode("latin-1", "replace"), hint)).strip()[:_LONGEST_NAME]


def _unquoted(token: str) -> str:
    if not token.startswith('"'):
        return token
    inner = token[1:-1] if len(token) > 1 and token.endswith('"') else token[1:]
    return _ESCAPE.sub(r"\1", inner)


def _opened(address: Address) -> tuple[Address, ...]:
    """A mailbox that was encoded or quoted as a whole, address and all, read once more."""
    if address.address or "@" not in address.name:
        return (address,) if address.name or address.address else ()
    name, angle, rest = address.name.rpartition("<")
    inner = rest.partition(">")[0] if angle else rest
    found = _valid(inner.encode("utf-8").decode("latin-1"))
    return (Address(name.strip().strip('"'), found),) if "@" in found else (address,)
