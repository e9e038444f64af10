"""Which addresses a letter may go to: a strict grammar, so that nothing else ever reaches a header or the relay."""

from __future__ import annotations

import re

from intake.errors import Refused

LONGEST_LOCAL = 64
LONGEST_ADDRESS = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_OTHER_DOTS = "\u3002\uff0e\uff61"


def valid_address(address: str) -> bool:
    """Whether `wire_address` takes it."""
    return _on_the_wire(address) is not None


def wire_address(address: str) -> str:
    """The address in ASCII, an internationalised domain as A-labels (RFC 5890).

    The local part is a dot-atom of at most 64 octets, the whole at most 254 (RFC 5321 4.5.3.1). Quoted local parts,
    comments, domain literals and SMTPUTF8 local parts are not taken. Raises Refused.
    """
    found = _on_the_wire(address)
    if found is None:
        raise Refused(f"{address[:80]!a} is not an address a letter can be sent to")
    return found


def _on_the_wire(address: str) -> str | None:
    if len(address) > LONGEST_ADDRESS:
        return None
    local, at, domain = address.rpartition("@")
    if not at or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    ascii_domain = domain if domain.isascii() else _a_labels(domain)
    if ascii_domain is None or not _DOMAIN.fullmatch(ascii_domain):
        return None
    wire = f"{local}@{ascii_domain}"
    return wire if len(wire) <= LONGEST_ADDRESS else None


def _a_labels(domain: str) -> str | None:
    if any(dot in domain for dot in _OTHER_DOTS):
        return None
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
