"""What our own relay found out about a mail: Authentication-Results, RFC 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from intake.domains import comparable_domain, domain_of

if TYPE_CHECKING:
    from intake.mail.message import Message
    from intake.model import JournalRow
    from intake.settings import DeskSettings

_FIELD = "authentication-results"
_MAX_FIELDS = 20
_MAX_CHARS = 16_384
_METHODS = ("dkim", "spf", "dmarc")
_FAILURES = ("fail", "softfail", "hardfail")
_RESULT = re.compile(r"\s*([A-Za-z][\w-]{0,40})\s{0,4}(?:/\s{0,4}\d{1,4}\s{0,4})?=\s{0,4}([A-Za-z]{1,20})\b")
_PROPERTY = re.compile(
    r"(?<!\S)(header\.(?:d|i|from)|smtp\.(?:mailfrom|mail|helo))\s{0,4}=\s{0,4}([^\s;]{1,320})", re.I
)
_NAMING = {
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.helo"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
}
"""Which property of a result names the domain it confirms (RFC 8601 section 2.7)."""
_WORD = re.compile(r"[\w.@<>+-]{1,320}")
_BY = re.compile(r"(?:^|\s)by\s{1,8}([^\s;]{1,255})", re.I)
LATER_DOORS = frozenset({"imap", "pipe"})
"""Doors that a relay or provider of ours has put the mail behind."""


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

    @property
    def passed(self) -> tuple[str, ...]:
        """Names of the checks that were passed."""
        return tuple(name for name in _METHODS if getattr(self, name) == "pass")

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that were not passed."""
        return tuple(name for name in _METHODS if getattr(self, name) in _FAILURES)


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    value: str
    domain: str


UNKNOWN = Authentication()


def sender_checked(message: Message, row: JournalRow, settings: DeskSettings) -> Authentication:
    """What is believed of an arrival: our relay's word, where it was our relay that brought the mail.

    Whoever talks to the SMTP listener himself, from outside the trusted networks, has passed no relay of ours: every
    such field in his mail is his own. What our forms and API write has none."""
    if row.door in LATER_DOORS or (row.door == "smtp" and _from_relay(row.peer, settings.relays)):
        return authentication(message, settings.authserv_id)
    return UNKNOWN


def _from_relay(peer: str, relays: tuple[str, ...]) -> bool:
    """Whether a peer of the SMTP listener (``192.0.2.7 helo=…``) is this machine or one of ours."""
    try:
        ip = ip_address(peer.partition(" ")[0].partition("%")[0])
    except ValueError:
        return False
    ip = (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
    return ip.is_loopback or any(ip in ip_network(network, strict=False) for network in relays)


def authentication(message: Message, authserv_id: str | None) -> Authentication:
    """What the relay named ``authserv_id`` says of ``message``; other relays' words are ignored.

    ``*.example`` names every relay of a provider that calls each of its own. The fields between two ``Received`` of
    our own relays that come first are the ones that count, the topmost that speaks of a method; what is below the
    ``Received`` of the first strange relay came with the mail. The relay must remove such fields of strangers (RFC
    8601 section 5); without ``authserv_id`` nothing is believed.
    """
    if not authserv_id:
        return Authentication()
    found: dict[str, list[_Result]] = {}
    for field in _own_fields(message, authserv_id.strip().lower()):
        methods: dict[str, list[_Result]] = {}
        for result in _results(field):
            methods.setdefault(result.method, []).append(result)
        found = {**methods, **found}
    from intake.senders import identity

    author = identity(message)
    return _judged(found, comparable_domain(domain_of(author.address)) if author is not None else "")


def _own_fields(message: Message, authserv_id: str) -> list[str]:
    fields: list[str] = []
    hops = 0
    for name, value in message.headers:
        if name == "received":
            hops += 1
            if fields or hops > _MAX_FIELDS or (hops > 1 and not _is_own_hop(value, authserv_id)):
                break
        elif name == _FIELD and len(fields) < _MAX_FIELDS:
            plain = _without_comments(value[:_MAX_CHARS])
            server, _, rest = plain.partition(";")
            if server.split() and _names(authserv_id, server.split()[0].strip('"').lower()):
                fields.append(rest)
    return fields


def _names(authserv_id: str, server: str) -> bool:
    return server == authserv_id or (authserv_id.startswith("*.") and server.endswith(authserv_id[1:]))


def _is_own_hop(received: str, authserv_id: str) -> bool:
    """Whether a relay of the same house wrote a ``Received``: one that filters or delivers behind the border."""
    by = _BY.search(_without_comments(received[:2_000]))
    host = by.group(1).lower().rstrip(".") if by else ""
    labels = authserv_id.removeprefix("*.").split(".")
    house = ".".join(labels[1:]) if len(labels) > 2 and not authserv_id.startswith("*.") else ".".join(labels)
    inside = host in ("localhost", "127.0.0.1", "[127.0.0.1]") or host.startswith("2002:")
    return inside or host == house or host.endswith(f".{house}")


def _results(field: str) -> Iterator[_Result]:
    for statement in _statements(field):
        result = _RESULT.match(statement)
        if result is not None:
            properties = {name.lower(): value.lower() for name, value in _PROPERTY.findall(statement)}
            method = result.group(1).lower()
            yield _Result(method, result.group(2).lower(), _domain(method, properties))


def _domain(method: str, properties: dict[str, str]) -> str:
    for name in _NAMING.get(method, ()):
        if name in properties:
            return comparable_domain(properties[name].rpartition("@")[2].strip("<>."))
    return ""


def _judged(found: dict[str, list[_Result]], domain: str) -> Authentication:
    spf, dkim = (_best(found.get(method, []), domain) for method in ("spf", "dkim"))
    dmarc = _worst(found.get("dmarc", []), domain)
    return Authentication(
        spf=spf.value if spf else None,
        dkim=dkim.value if dkim else None,
        dmarc=dmarc.value if dmarc else None,
        verified=_verified(spf, dkim, dmarc, domain),
    )


def _best(results: list[_Result], domain: str) -> _Result | None:
    aligned = (result for result in results if result.value == "pass" and _is_aligned(result.domain, domain))
    return next(aligned, results[0] if results else None)


def _worst(results: list[_Result], domain: str) -> _Result | None:
    """A mail has one author, and a second word on him may be his own. A pass of another domain tells nothing of him."""
    own = [r for r in results if r.value != "pass" or not r.domain or _is_aligned(r.domain, domain)]
    return next((result for result in own if result.value == "fail"), own[0] if own else None)


def _verified(spf: _Result | None, dkim: _Result | None, dmarc: _Result | None, domain: str) -> bool | None:
    if dmarc is not None and dmarc.value in ("pass", "fail"):
        return dmarc.value == "pass"
    checked = [result for result in (spf, dkim) if result is not None]
    if any(result.value == "pass" and _is_aligned(result.domain, domain) for result in checked):
        return True
    return False if any(result.value in _FAILURES for result in checked) else None


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
    """The statements of a field. What is quoted stands there where it is a word, else "_": whoever has the quoted
    local part of an address written there puts into it what he likes."""
    said: list[str] = []
    quoted: list[str] | None = None
    escaped = False
    for letter in field:
        if escaped:
            (said if quoted is None else quoted).append(letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == '"' and quoted is not None:
            word = "".join(quoted)
            said.append(word if _WORD.fullmatch(word) else "_")
            quoted = None
        elif letter == '"':
            quoted = []
        elif letter == ";" and quoted is None:
            yield "".join(said)
            said = []
        else:
            (said if quoted is None else quoted).append(letter)
    yield "".join(said)
