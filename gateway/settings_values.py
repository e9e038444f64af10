"""Kinds of values in otklik.toml: sizes, durations, addresses, networks. Each refusal says why and what to do."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

UNITS_OF_SIZE = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
UNITS_OF_TIME = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SIZE = re.compile(r"([0-9]{1,12})\s*([KMG]?)(?:i?B)?", re.IGNORECASE)
DURATION = re.compile(r"(?:[0-9]{1,7}[smhd])+")
LONGEST = timedelta(days=3660)
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"(?P<local>{ATOM}(?:\.{ATOM})*)@(?P<domain>{LABEL}(?:\.{LABEL})*)")
LOCAL_OCTETS, ADDRESS_OCTETS = 64, 254
PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")


def whole(value: Any) -> Any:
    """TOML's true is no number, though Python would take it for 1."""
    if isinstance(value, bool):
        raise ValueError("not a number; write one")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def size(value: Any) -> Any:
    """``"25M"`` → 26214400 octets; K, M and G are powers of 1024."""
    if not isinstance(value, str):
        return whole(value)
    match = SIZE.fullmatch(value.strip())
    if not match:
        raise ValueError('not a size; write it like "25M" or "512K"')
    return int(match[1]) * UNITS_OF_SIZE[match[2].upper()]


def duration(value: Any) -> timedelta:
    """``"15m"``, ``"2h"``, ``"5d"``, ``"1h30m"`` → timedelta; a bare 0 needs no unit."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower() if not isinstance(value, bool) else ""
    if text == "0":
        return timedelta(0)
    if not DURATION.fullmatch(text):
        raise ValueError('not a duration; write it with its unit, like "15m", "2h" or "5d"')
    seconds = sum(int(count) * UNITS_OF_TIME[unit] for count, unit in re.findall(r"([0-9]+)([smhd])", text))
    if seconds > LONGEST.total_seconds():
        raise ValueError("longer than ten years; write a shorter one")
    return timedelta(seconds=seconds)


def address(value: Any) -> Any:
    """A plain addr-spec of RFC 5321 without quoting or literals, so that it can stand in any command or header."""
    if not isinstance(value, str):
        return value
    match = ADDRESS.fullmatch(value.strip())
    if not match:
        raise ValueError('not a mail address; write it like "support@example.org", a Russian domain as xn--…')
    if len(match["local"]) > LOCAL_OCTETS or len(match[0]) > ADDRESS_OCTETS:
        raise ValueError("longer than mail allows (64 octets before the @, 254 in all); take a shorter one")
    return match[0]


def sender(value: Any) -> Any:
    """An address, or ``@domain`` for everybody there."""
    if isinstance(value, str) and value.strip().startswith("@"):
        address("anyone" + value.strip())
        return value.strip()
    return address(value)


def network(value: Any) -> Any:
    """An address or network of IPv4 or IPv6."""
    from ipaddress import ip_network

    if isinstance(value, str):
        try:
            ip_network(value.strip(), strict=False)
        except ValueError:
            raise ValueError('not a network; write it like "10.0.0.0/8" or "192.0.2.7"') from None
        return value.strip()
    return value


def zone(value: Any) -> Any:
    """A name of the time zone database."""
    from zoneinfo import ZoneInfo

    if isinstance(value, str):
        try:
            ZoneInfo(value)
        except (OSError, KeyError, ValueError):
            raise ValueError('no such time zone on this machine; write one like "Europe/Moscow"') from None
    return value


def prefix(value: Any) -> Any:
    """What ticket keys begin with; it stands in subjects and signed addresses, so plain capitals."""
    if isinstance(value, str) and not PREFIX.fullmatch(value):
        raise ValueError('not a prefix; write 1 to 8 Latin capitals or digits, a letter first, like "VD"')
    return value


def one_line(value: Any) -> Any:
    """A text that may stand in a header."""
    if isinstance(value, str) and not value.isprintable():
        raise ValueError("holds line ends or control characters; write it on one line")
    return value


def link_base(value: Any) -> Any:
    """An http or https address, without the slash at its end."""
    from urllib.parse import urlsplit

    if not isinstance(value, str):
        return value
    text = value.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
        sound = sound and parts.port != 0 and text.isprintable() and " " not in text and parts.username is None
    except ValueError:
        sound = False
    if not sound:
        raise ValueError('not a web address; write it like "https://desk.example.org"')
    return text


def day(value: Any) -> Any:
    """A date; of a date with time the date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            raise ValueError("not a date; write it like 2026-09-01") from None
    return value


Whole = Annotated[int, BeforeValidator(whole)]
Port = Annotated[int, BeforeValidator(whole), Field(ge=0, le=65535)]
Count = Annotated[int, BeforeValidator(whole), Field(ge=0, le=10**9)]
Size = Annotated[int, BeforeValidator(size), Field(ge=1024, le=1024**3)]
Duration = Annotated[timedelta, BeforeValidator(duration)]
Address = Annotated[str, BeforeValidator(address)]
Sender = Annotated[str, BeforeValidator(sender)]
Network = Annotated[str, BeforeValidator(network)]
Zone = Annotated[str, BeforeValidator(zone)]
Prefix = Annotated[str, BeforeValidator(prefix)]
Line = Annotated[str, BeforeValidator(one_line), Field(min_length=1)]
LinkBase = Annotated[str, BeforeValidator(link_base)]
Day = Annotated[date, BeforeValidator(day)]
