"""The texts inside a multipart/report that a delivery report is read from (RFC 6522, RFC 3464)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportParts:
    """What a report carries beside its human text; absent parts are empty.

    ``delivery_status`` is the text of message/delivery-status (groups of fields, blank lines between),
    ``returned_headers`` that of text/rfc822-headers or the first 64 KB of a returned message/rfc822,
    ``notification`` what the report tells a person. Line ends are ``\\n``; nothing is unfolded.
    """

    delivery_status: str = ""
    returned_headers: str = ""
    notification: str = ""
