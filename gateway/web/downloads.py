"""A stranger's file as a download: never shown by the browser, never under a name that could do anything."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response

from intake.letters.enclosures import file_name

SAFE_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "application/zip"}
)
_HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*;%]')


def download(filename: str, content_type: str, data: bytes) -> Response:
    """The bytes with ``Content-Disposition: attachment`` (RFC 6266); types that can hold scripts become octets."""
    kind = content_type if content_type in SAFE_TYPES else "application/octet-stream"
    headers = {
        "Content-Disposition": disposition(filename),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Length": str(len(data)),
        "Content-Type": kind,
    }
    return Response(data, headers=headers)


def disposition(filename: str) -> str:
    """The header's value: a plain name for old programs, RFC 8187 for all others."""
    name = harmless(filename)
    plain = name.encode("ascii", "replace").decode("ascii").replace("?", "_").replace("\\", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def harmless(filename: str) -> str:
    """A name without folders, controls, hidden characters and leading dots: those go first, so that none of them can
    hide what the name begins or ends with."""
    name = _FORBIDDEN.sub("_", file_name(_HIDDEN.sub("", filename)))
    return name.strip(". ").lstrip(".~-") or "attachment"
