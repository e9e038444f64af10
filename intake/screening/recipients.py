"""To whom an automatic letter may be addressed at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.screening.facts import OwnAddresses

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM}){{0,31}}")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NOBODY = re.compile(
    r"(?:do[-_.]?)?not?[-_.]?reply(?:[-_.+=].{0,60})?|.{0,40}[-_.]no[-_.]?reply|ne[-_.]?otvecha[jiy]te?|nepas[-_.]?repondre"
    r"|mailer[-_.]?daemon|postmaster|bounces?(?:[-_.+=].{0,60})?|.{1,40}-bounces?|devnull|dev-null|null|nobody"
)


def is_nobody(local: str) -> bool:
    """Is mailbox name ``local`` one that nobody reads (noreply, mailer-daemon, bounces …)?"""
    return _NOBODY.fullmatch(local.lower()[:128]) is not None


def may_write_to(address: str, own: OwnAddresses) -> bool:
    """May a letter go to ``address``? Only a plain addr-spec (RFC 5321 section 4.1.2, no quoted local part, no
    address literal, one line), never an address of our own, of a list of our own or one that nobody reads."""
    local, at, domain = address.rpartition("@")
    if not at or len(address) > 254 or len(local) > 64:
        return False
    if _LOCAL.fullmatch(local) is None or not _is_domain(domain):
        return False
    return not (is_nobody(local) or own.holds(address) or own.is_list(address) or address.lower() in own.form_senders)


def _is_domain(domain: str) -> bool:
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    if any(ord(letter) < 33 for letter in domain) or len(labels) < 2:
        return False
    return all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
