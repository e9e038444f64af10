"""Signed values in pages: a form's token (CSRF, time trap and idempotency in one) and the receipt of a submission."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

COOKIE = "otklik_form"
_COOKIE = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)
LONGEST_TOKEN = 1000


class Forged(Exception):
    """Not a token of ours, or another browser's."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page that was shown: ``nonce`` names it, ``at`` is when (Unix milliseconds)."""

    nonce: str
    at: int

    def age(self, now: datetime) -> float:
        """Seconds since."""
        return now.timestamp() - self.at / 1000


def browser(cookie: str | None) -> str:
    """The browser's secret: the one it has, else a new one."""
    return cookie if cookie is not None and _COOKIE.fullmatch(cookie) else secrets.token_urlsafe(24)


class Tokens:
    """Signs with the first of the desk's keys (hex, newest first), takes any."""

    def __init__(self, keys: Sequence[str]) -> None:
        oldest_first = [bytes.fromhex(key) for key in reversed(keys)]
        self._serializer = URLSafeSerializer(
            oldest_first, salt="otklik-pages", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def form(self, purpose: str, cookie: str, page: Loaded) -> str:
        """The hidden field of a form, good only for this purpose in the browser that has ``cookie``."""
        return str(self._serializer.dumps(["form", purpose, _digest(cookie), page.nonce, page.at]))

    def page(self, token: str, purpose: str, cookie: str | None) -> Loaded:
        """The page a token came with. Raises Forged."""
        kind, meant, whose, nonce, at = self._loaded(token, 5)
        known = kind == "form" and meant == purpose and cookie is not None
        if not known or not secrets.compare_digest(str(whose), _digest(cookie or "")):
            raise Forged
        return Loaded(str(nonce), int(at))

    def receipt(self, door_key: str) -> str:
        """What the page after a submission is found by."""
        return str(self._serializer.dumps(["receipt", door_key]))

    def submission(self, receipt: str) -> str:
        """The door key of a receipt. Raises Forged."""
        kind, door_key = self._loaded(receipt, 2)
        if kind != "receipt":
            raise Forged
        return str(door_key)

    def _loaded(self, token: str, length: int) -> list[Any]:
        try:
            found = self._serializer.loads(token[:LONGEST_TOKEN])
        except (BadData, ValueError):
            raise Forged from None
        if not isinstance(found, list) or len(found) != length:
            raise Forged
        return found


def new_page(now: datetime) -> Loaded:
    """A page that is shown now."""
    return Loaded(secrets.token_urlsafe(12), int(now.timestamp() * 1000))


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()[:32]
