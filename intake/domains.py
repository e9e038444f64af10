"""Domains and addresses as they are compared: lower case, letters of other alphabets as A-labels (RFC 5890)."""

from __future__ import annotations


def comparable_domain(domain: str) -> str:
    """The domain in ASCII and lower case without a final dot; what IDNA does not know stays as it is written."""
    bare = domain.strip().rstrip(".").lower()
    if bare.isascii():
        return bare
    try:
        return bare.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return bare


def comparable_address(address: str) -> str:
    """The address with a `comparable_domain` and its local part in lower case, which no provider tells apart."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}@{comparable_domain(domain)}" if at else address.strip().lower()


def domain_of(address: str) -> str:
    """The domain of ``address`` in lower case, "" without one."""
    return address.rpartition("@")[2].strip().rstrip(".").lower() if "@" in address else ""
