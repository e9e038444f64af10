"""What our own relay found out about a mail: Authentication-Results, RFC 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.mail.message import Message

_FIELD = "authentication-results"
_MAX_FIELDS = 20
_MAX_CHARS = 16_384
_RESULT = re.compile(r"\s*([A-Za-z][\w-]{0,40})\s{0,4}(?:/\s{0,4}\d{1,4}\s{0,4})?=\s{0,4}([A-Za-z]{1,20})\b")
_PROPERTY = re.compile(r"\b(header\.(?:d|i|from)|smtp\.(?:mailfrom|helo))\s{0,4}=\s{0,4}\"?([^\s;\"]{1,320})", re.I)


@dataclass(frozen=True, slots=True)
class Authentication:
    """Results as the relay put them (pass, fail, softfail, none …), None where it did not check.

    ``verified``: True when the domain of ``From`` is confirmed (DMARC, or an SPF or DKIM pass of that domain),
    False when the checks say otherwise, None when nothing is known.
    """

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    verified: bool | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    value: str
    domain: str


def authentication(message: Message, authserv_id: str | None) -> Authentication:
    """What the relay named ``authserv_id`` says of ``message``; other relays' words are ignored.

    Of several fields of that name the topmost that speaks of a method counts, and none below the second
    ``Received``: those came with the mail. The relay must remove such fields of strangers (RFC 8601 section 5);
    without ``authserv_id`` nothing is believed.
    """
    if not authserv_id:
        return Authentication()
    found: dict[str, list[_Result]] = {}
    for field in _own_fields(message, authserv_id.strip().lower()):
        methods: dict[str, list[_Result]] = {}
        for result in _results(field):
            methods.setdefault(result.method, []).append(result)
        found = {**methods, **found}
    domain = message.sender[0].address.rpartition("@")[2].lower() if message.sender else ""
    return _judged(found, domain)


def _own_fields(message: Message, authserv_id: str) -> list[str]:
    fields: list[str] = []
    hops = 0
    for name, value in message.headers:
        hops += name == "received"
        if hops > 1 or len(fields) >= _MAX_FIELDS:
            break
        if name == _FIELD:
            plain = _without_comments(value[:_MAX_CHARS])
            server, _, rest = plain.partition(";")
            if server.split() and server.split()[0].strip('"').lower() == authserv_id:
                fields.append(rest)
    return fields


def _results(field: str) -> Iterator[_Result]:
    for statement in _statements(field):
        result = _RESULT.match(statement)
        if result is not None:
            properties = {name.lower(): value.lower() for name, value in _PROPERTY.findall(statement)}
            yield _Result(result.group(1).lower(), result.group(2).lower(), _domain(properties))


def _domain(properties: dict[str, str]) -> str:
    for name in ("header.d", "header.i", "smtp.mailfrom", "smtp.helo"):
        if name in properties:
            return properties[name].rpartition("@")[2].strip("<>.")
    return ""


def _judged(found: dict[str, list[_Result]], domain: str) -> Authentication:
    spf, dkim, dmarc = (_best(found.get(method, []), domain) for method in ("spf", "dkim", "dmarc"))
    return Authentication(
        spf=spf.value if spf else None,
        dkim=dkim.value if dkim else None,
        dmarc=dmarc.value if dmarc else None,
        verified=_verified(spf, dkim, dmarc, domain),
    )


def _best(results: list[_Result], domain: str) -> _Result | None:
    aligned = (result for result in results if result.value == "pass" and _is_aligned(result.domain, domain))
    return next(aligned, results[0] if results else None)


def _verified(spf: _Result | None, dkim: _Result | None, dmarc: _Result | None, domain: str) -> bool | None:
    if dmarc is not None and dmarc.value in ("pass", "fail"):
        return dmarc.value == "pass"
    checked = [result for result in (spf, dkim) if result is not None]
    if any(result.value == "pass" and _is_aligned(result.domain, domain) for result in checked):
        return True
    return False if any(result.value in ("fail", "softfail", "hardfail") for result in checked) else None


def _is_aligned(confirmed: str, domain: str) -> bool:
    """Relaxed alignment (RFC 7489 section 3.1) without a list of public suffixes: equal, or one within the other."""
    if "." not in confirmed or "." not in domain:
        return False
    return confirmed == domain or domain.endswith(f".{confirmed}") or confirmed.endswith(f".{domain}")


def _without_comments(value: str) -> str:
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for letter in value:
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
            continue
        if not depth:
            kept.append(letter)
    return "".join(kept)


def _statements(field: str) -> Iterator[str]:
    start, quoted = 0, False
    for at, letter in enumerate(field):
        if letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            yield field[start:at]
            start = at + 1
    yield field[start:]
