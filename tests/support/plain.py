"""What a letter says to somebody who reads it."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage


def parsed(raw: bytes) -> EmailMessage:
    """A letter as the standard library reads it."""
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def plain_text(raw: bytes) -> str:
    """The text part of a letter."""
    body = parsed(raw).get_body(("plain",))
    assert body is not None, "every letter has a text part"
    return str(body.get_content())
