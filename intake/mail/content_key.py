"""What makes two copies of a mail the same mail, however they came to us."""

from __future__ import annotations

import hashlib
import re

from intake.mail.contents import decoded
from intake.mail.structure import Structure

_IDENTIFYING_LIST = "date from sender reply-to to cc subject message-id in-reply-to references"
_IDENTIFYING = frozenset(_IDENTIFYING_LIST.split())
_SPACE = re.compile(rb"\s+")


def content_key(data: bytes, structure: Structure) -> str:
    """sha256 (hex) over the fields a sender writes and the decoded parts.

    Trace fields, and all that servers and filters add, are left out; folding, line ends, blank lines at the end of
    texts and transfer encodings (relays change them) make no difference.
    """
    whole = hashlib.sha256()
    for name, value in sorted(structure.parts[0].fields):
        if name in _IDENTIFYING:
            whole.update(b"%s:%s\n" % (name.encode("ascii"), _SPACE.sub(b" ", value).strip()))
    for part in structure.parts:
        if part.is_container:
            continue
        octets, _ = decoded(data, part)
        if part.content_type.startswith(("text/", "message/")) or part.encoding not in ("base64", "binary"):
            octets = octets.replace(b"\r\n", b"\n").rstrip(b" \t\r\n")
        whole.update(b"%s %d\n" % (part.content_type.encode("ascii", "replace"), len(octets)))
        whole.update(octets)
    if structure.truncated:
        whole.update(data[structure.parts[-1].end :].replace(b"\r\n", b"\n").rstrip())
    return whole.hexdigest()
