"""Names that prove themselves: signed ticket addresses, Message-IDs and link tokens.

Tokens are HMAC-SHA256 cut to 128 bits, in lower-case base32 (26 characters). Several keys may be valid: the first
signs, all verify, so that a key can be replaced without breaking letters already out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

TOKEN_LENGTH = 26
LOCAL_PART_LIMIT = 64
"""Octets before the @ (RFC 5321 4.5.3.1.1)."""


def new_key() -> str:
    """A fresh signing key, hex."""
    return secrets.token_hex(32)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with the first of ``keys`` (hex) and checks with all; see `intake.signing_keys.KeyRing`."""

    keys: Sequence[str]

    def token(self, purpose: str, *parts: str) -> str:
        """The token of these parts for one purpose."""
        return _token(self.keys[0], purpose, parts)

    def verified(self, token: str, purpose: str, *parts: str) -> bool:
        """Whether any of our keys made this token; in constant time for each key."""
        given = token.lower().encode("utf-8", "surrogatepass")
        return any(hmac.compare_digest(given, _token(key, purpose, parts).encode("ascii")) for key in self.keys)

    def reply_address(self, desk_address: str, key: str) -> str:
        """``support+vd-1042.<token>@…`` for ticket ``key``; the plain address where that would be too long."""
        local, _, domain = desk_address.rpartition("@")
        name = key.lower()
        signed = f"{local}+{name}.{self.token('address', name)}"
        return desk_address if len(signed) > LOCAL_PART_LIMIT else f"{signed}@{domain}"

    def ticket_of_address(self, address: str) -> str | None:
        """The ticket's key (upper case) that a signed address names, None where it is none of ours."""
        detail = address.rpartition("@")[0].partition("+")[2].lower()
        name, dot, token = detail.rpartition(".")
        if not dot or len(token) != TOKEN_LENGTH or not self.verified(token, "address", name):
            return None
        return name.upper()

    def message_id(self, key: str, nonce: str, domain: str) -> str:
        """A Message-ID of a letter about ticket ``key``; ``nonce`` tells letters apart."""
        name = f"{key.lower()}.{nonce}"
        return f"<{name}.{self.token('message-id', name)}@{domain}>"

    def ticket_of_message_id(self, message_id: str) -> str | None:
        """The ticket's key (upper case) in a Message-ID of ours, None where it is none of ours."""
        left = message_id.strip().lstrip("<").rpartition("@")[0].lower()
        name, dot, token = left.rpartition(".")
        if not dot or len(token) != TOKEN_LENGTH or not self.verified(token, "message-id", name):
            return None
        return name.rpartition(".")[0].upper()

    def department_address(self, desk_address: str, key: str, department: str, asked: int) -> str:
        """``support+vd-1042-legal-17.<token>@…``, where a department answers its part ``asked``. Of its own kind: no
        client's address opens it. Without the department's name, or plain, where it would be too long."""
        local, _, domain = desk_address.rpartition("@")
        for name in (f"{key}-{department}-{asked}".lower(), f"{key}-{asked}".lower()):
            signed = f"{local}+{name}.{self.token('department', name)}"
            if len(signed) <= LOCAL_PART_LIMIT and name.isascii():
                return f"{signed}@{domain}"
        return desk_address

    def asked_of_address(self, address: str) -> int | None:
        """The department's part that a signed address names, None where it is none of ours."""
        detail = address.rpartition("@")[0].partition("+")[2].lower()
        name, dot, token = detail.rpartition(".")
        if not dot or len(token) != TOKEN_LENGTH or not self.verified(token, "department", name):
            return None
        return int(name.rpartition("-")[2])

    def department_message_id(self, key: str, asked: int, nonce: str, domain: str) -> str:
        """A Message-ID of a letter to a department, which no client's letter has."""
        name = f"{key.lower()}-d{asked}.{nonce}"
        return f"<{name}.{self.token('department-id', name)}@{domain}>"

    def is_department_message_id(self, message_id: str) -> bool:
        """Whether a Message-ID is one of `department_message_id`: no letter to a client names it, even if his did."""
        left = message_id.strip().lstrip("<").rpartition("@")[0].lower()
        name, _, token = left.rpartition(".")
        return len(token) == TOKEN_LENGTH and self.verified(token, "department-id", name)


def _token(key: str, purpose: str, parts: tuple[str, ...]) -> str:
    text = "\x1f".join((purpose, *parts))
    mac = hmac.new(bytes.fromhex(key), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()[:16]
    return base64.b32encode(mac).decode("ascii").rstrip("=").lower()
