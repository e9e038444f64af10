"""Addresses that look like another one: what their domain really is (Unicode TR 39, the two scripts of the desk)."""

from __future__ import annotations

import re

LATIN, CYRILLIC = re.compile("[a-zA-Z]"), re.compile("[\u0400-\u04ff]")


def domain_warning(address: str) -> str:
    """What there is to say of an address's domain: its letters where it is written in punycode, and whether one of
    its labels mixes alphabets. "" for nothing."""
    domain = address.rpartition("@")[2]
    labels = [_decoded(label) for label in domain.split(".")]
    told = []
    if ".".join(labels) != domain:
        told.append(f"домен {'.'.join(labels)}")
    if any(LATIN.search(label) and CYRILLIC.search(label) for label in labels):
        told.append("⚠ в домене буквы разных алфавитов")
    return "; ".join(told)


def _decoded(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
