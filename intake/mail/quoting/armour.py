"""The frame of a clear-signed text (RFC 9580 section 7): nobody wrote it, whoever signed."""

from __future__ import annotations

from intake.mail.quoting.lines import Page

MARK = "-----BEGIN PGP SIG"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_MOST_HEADERS = 10


def frame_lines(page: Page) -> set[int]:
    """The unquoted lines of ``page`` that frame a signed text: its first lines and the signature below it."""
    found: set[int] = set()
    at = 0
    while at < len(page):
        if page.depth[at] or page.keys[at] not in (_SIGNED, _SIGNATURE):
            at += 1
            continue
        end = _head_end(page, at) if page.keys[at] == _SIGNED else _signature_end(page, at)
        found.update(range(at, end))
        at = end
    return found


def _head_end(page: Page, start: int) -> int:
    """The line below ``Hash: SHA256`` and its like."""
    at = start + 1
    while at < min(len(page), start + _MOST_HEADERS) and page.keys[at].startswith(
        ("Hash:", "Charset:", "NotDashEscaped")
    ):
        at += 1
    return at


def _signature_end(page: Page, start: int) -> int:
    """The line below the signature; one that nothing ends reaches to the first line with blanks in it."""
    at = start + 1
    while at < len(page):
        key = page.keys[at]
        if key == _END:
            return at + 1
        if page.depth[at] or (" " in key and ":" not in key[:20]):
            return at
        at += 1
    return at
