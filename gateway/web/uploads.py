"""The body of a form post, read within limits: counted while it streams, few parts, few headers, UTF-8 only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from intake.letters.enclosures import Enclosure

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_FIELDS = 40
LARGEST_FIELD = 512 * 1024
CHARSETS = frozenset({"", "utf-8", "utf8", "us-ascii"})


class BadPost(Exception):
    """Not a form that a browser would send."""


@dataclass(frozen=True, slots=True)
class Post:
    """What was posted. Of a field given twice the first counts; ``too_many`` files were chosen."""

    fields: dict[str, str]
    files: tuple[Enclosure, ...]


async def posted(request: Request, max_files: int) -> Post:
    """Read a post. Raises BadPost; reading over the size limit raises what the frame's stream raises."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    charset = options.get(b"charset", b"").decode("latin-1").lower()
    if charset not in CHARSETS:
        raise BadPost(f"charset {charset[:20]!a}")
    try:
        form = await _parsed(request, kind, max_files)
    except (MultiPartException, FormParserError, ValueError) as error:
        raise BadPost(type(error).__name__) from error
    try:
        return await _read(form)
    finally:
        await form.close()


async def _parsed(request: Request, kind: bytes, max_files: int) -> FormData:
    headers = Headers(raw=[(b"content-type", request.headers.get("content-type", "").encode("latin-1"))])
    if kind == b"multipart/form-data":
        return await MultiPartParser(
            headers, request.stream(), max_files=max_files, max_fields=MAX_FIELDS, max_part_size=LARGEST_FIELD
        ).parse()
    if kind == b"application/x-www-form-urlencoded":
        # RFC 3986 escapes triple a text's octets and Cyrillic has two of them to a letter.
        return await FormParser(
            headers, request.stream(), max_fields=MAX_FIELDS, max_part_size=6 * LARGEST_FIELD
        ).parse()
    raise BadPost("not a form")


async def _read(form: FormData) -> Post:
    fields: dict[str, str] = {}
    files: list[Enclosure] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            if name == "files" and (value.filename or data):
                files.append(Enclosure(value.filename or "", value.content_type or "", data))
        else:
            fields.setdefault(name, value)
    return Post(fields, tuple(files))
