"""Agents' passwords: argon2id (RFC 9106), with the library of the extra ``postgres``, loaded when first needed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from intake.errors import ConfigError, Refused

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 8, 1024


def hash_password(password: str) -> str:
    """What is kept of a password. Raises Refused for one that is too short or too long, ConfigError without argon2."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"a password has {SHORTEST} to {LONGEST} characters")
    return _hasher().hash(password)


def is_password(hashed: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed. Without a hash it takes as long to say no."""
    hasher = _hasher()
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        hasher.verify(hashed or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


@cache
def _hasher() -> PasswordHasher:
    if find_spec("argon2") is None:
        raise ConfigError(
            "passwords need the extra that is not installed here: run make extras, or pip install 'otklik[postgres]'"
        )
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody's password")
