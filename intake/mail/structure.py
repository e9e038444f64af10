"""A mail taken apart into its MIME parts (RFC 2046), in one pass over its lines; depth costs nothing.

Stray boundaries, missing ones and unclosed parts are forgiven. Embedded messages are parts like any other file:
their own parts are not counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.mail.headers import Block, read_block
from intake.mail.limits import DEEP_NESTING, MAX_HEADER_SCAN, MAX_PARTS
from intake.mail.parameters import Raw, split_value, text
from intake.mail.transfer import encoding_meant

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_DASHED_LINE = re.compile(rb"\n--([^\n]*)")
_PART_HEADER_END = re.compile(rb"\n(?:\r?\n|(?=--))")
_CONTROLS = re.compile(rb"[\x01-\x06\x0e-\x1a\x1c-\x1f]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAMPLE = 2_000
_GUESS_WINDOW = 64 * 1024
_FIRST_DELIMITER = re.compile(
    rb"(?:\A|\n)--(?P<boundary>[^\s-][^\r\n]{0,200}?|-[^\r\n]{1,200}?)[ \t]*\r?\n(?=[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-)"
)


@dataclass(slots=True)
class Part:
    """A MIME part: its place, its labels, and where its content lies in the data. ``parent`` is -1 for the mail.

    ``octets`` are the decoded ones and a warning, once somebody has asked for them.
    """

    index: int
    parent: int
    depth: int
    fields: list[tuple[str, bytes]]
    content_type: str
    parameters: Raw
    start: int
    end: int
    children: list[int] = field(default_factory=list)
    is_container: bool = False
    octets: tuple[bytes, str] | None = None

    def field(self, name: str) -> bytes:
        """The first value of field ``name`` (lower case), folded as it stands; empty when absent."""
        return next((value for key, value in self.fields if key == name), b"")

    @property
    def encoding(self) -> str:
        return encoding_meant(self.field("content-transfer-encoding").decode("latin-1"))


@dataclass(slots=True)
class _Walk:
    data: bytes
    parts: list[Part] = field(default_factory=list)
    open: list[tuple[bytes, int]] = field(default_factory=list)
    places: dict[bytes, list[int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)


@dataclass(frozen=True, slots=True)
class Structure:
    """Every part in the order met, the mail itself first; ``truncated`` when there were more than the limit."""

    parts: list[Part]
    warnings: list[str]
    truncated: bool


def take_apart(data: bytes) -> Structure:
    """The parts of a mail; a mail that is no multipart has one."""
    walk = _Walk(data)
    position = _begin_part(walk, 0, -1, "text/plain")
    truncated = False
    while walk.open and (delimiter := _next_delimiter(walk, position)):
        place, closes, line, position = delimiter
        _close_above(walk, place, _content_end(data, line))
        parent = walk.open[place][1]
        if closes:
            _drop_from(walk, place)
        elif len(walk.parts) >= MAX_PARTS:
            truncated = True
            walk.warn(f"more than {MAX_PARTS} parts, the rest is left out")
            break
        else:
            digest = walk.parts[parent].content_type == "multipart/digest"
            position = _begin_part(walk, position, parent, "message/rfc822" if digest else "text/plain")
    return Structure(_settled(walk), walk.warnings, truncated)


def _begin_part(walk: _Walk, start: int, parent: int, default: str) -> int:
    """Reads a part's header, opens it when it holds parts; where to go on looking for delimiters."""
    start = min(start, len(walk.data))
    block = _part_block(walk.data, start) if parent >= 0 else read_block(walk.data, start, len(walk.data))
    depth = walk.parts[parent].depth + 1 if parent >= 0 else 0
    kind, parameters = _labelled(block, default)
    part = Part(len(walk.parts), parent, depth, block.fields, kind, parameters, block.end, len(walk.data))
    walk.parts.append(part)
    for warning in block.warnings:
        if parent < 0 or warning != "no header":
            walk.warn(warning)
    if parent >= 0:
        walk.parts[parent].children.append(part.index)
    if depth == DEEP_NESTING:
        walk.warn(f"parts nested deeper than {DEEP_NESTING}")
    if kind.startswith("multipart/") or (parent < 0 and not part.field("content-type")):
        _open(walk, part)
    return block.end


def _part_block(data: bytes, start: int) -> Block:
    """A part's header; it ends before the next delimiter at the latest."""
    if data.startswith(b"--", start):
        return Block([], start)
    limit = min(len(data), start + MAX_HEADER_SCAN)
    found = _PART_HEADER_END.search(data, max(start - 1, 0), limit)
    return read_block(data, start, found.end() if found else limit)


def _labelled(block: Block, default: str) -> tuple[str, Raw]:
    value = next((value for name, value in block.fields if name == "content-type"), b"")
    if not value:
        return default, {}
    main, parameters = split_value(value)
    if (found := _TYPE.match(main)) is not None:
        return found[0], parameters
    spelled = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}
    return spelled.get(main.strip("/ "), "application/octet-stream" if main.strip() else default), parameters


def _open(walk: _Walk, part: Part) -> None:
    """Makes ``part`` the innermost container; one whose boundary is missing or wrong gets the one that is there."""
    declared = _declared_boundary(part.parameters)
    window = walk.data[part.start : part.start + _GUESS_WINDOW]
    boundary = declared
    if not declared or (b"--" + declared not in window and len(window) < _GUESS_WINDOW):
        guessed = _FIRST_DELIMITER.search(window)
        if guessed is not None and guessed["boundary"] not in walk.places:
            boundary = guessed["boundary"]
        if part.content_type.startswith("multipart/"):
            walk.warn("multipart without its boundary" if not declared else "boundary does not occur")
        elif boundary:
            walk.warn("parts without a header that announces them")
            part.content_type = "multipart/mixed"
    if boundary:
        walk.places.setdefault(boundary, []).append(len(walk.open))
        walk.open.append((boundary, part.index))
        part.is_container = True


def _declared_boundary(parameters: Raw) -> bytes:
    value = parameters.get("boundary", "")
    if value.startswith('"'):
        return value[1:].partition('"')[0].rstrip().encode("latin-1")
    return (value or text(parameters, "boundary")).rstrip().encode("latin-1", "replace")


def _next_delimiter(walk: _Walk, position: int) -> tuple[int, bool, int, int] | None:
    """The next line that is a boundary: which open container's, whether it closes it, where it starts and ends."""
    places = walk.places
    for found in _DASHED_LINE.finditer(walk.data, max(position - 1, 0)):
        line = found[1].rstrip()
        if line in places:
            return places[line][-1], False, found.start(), found.end() + 1
        if line.endswith(b"--") and (bare := line[:-2].rstrip()) in places:
            return places[bare][-1], True, found.start(), found.end() + 1
    return None


def _content_end(data: bytes, line: int) -> int:
    return line - 1 if line > 0 and data[line - 1] == 13 else line


def _close_above(walk: _Walk, place: int, end: int) -> None:
    """Closes what is open inside the container at ``place``; of the parts only the last can still run on."""
    _drop_from(walk, place + 1)
    last = walk.parts[-1]
    if last.index != walk.open[place][1] and last.end == len(walk.data):
        last.end = max(end, last.start)


def _drop_from(walk: _Walk, place: int) -> None:
    for boundary, _ in walk.open[place:]:
        places = walk.places[boundary]
        places.pop()
        if not places:
            del walk.places[boundary]
    del walk.open[place:]


def _settled(walk: _Walk) -> list[Part]:
    """Containers that turned out to hold nothing are read as text: the mail must not be lost."""
    for part in walk.parts:
        if part.content_type.startswith("multipart/") and not part.children:
            part.is_container = False
            part.content_type = "text/plain"
            part.parameters = {}
            if not part.parent >= 0:
                walk.warn("multipart without parts, read as text")
    if not walk.parts[0].fields and _is_binary(walk.data[:_SAMPLE]):
        walk.parts[0].content_type = "application/octet-stream"
        walk.warn("no mail but a binary file")
    return walk.parts


def _is_binary(sample: bytes) -> bool:
    """Whether no text begins so: many control characters, NULs not counted, or the mark of an Outlook file."""
    return sample.startswith(_OLE) or len(_CONTROLS.findall(sample)) * 20 > len(sample)
