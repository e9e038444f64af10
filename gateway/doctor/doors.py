"""Checks of the ways in that listen here: SMTP and the web."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from gateway.doctor.findings import Finding, Patient, fail, ok, warn

SECONDS = 5.0
LONGEST = 4096
OURS = b"ESMTP otklik"
HEALTHY = (b"HTTP/1.1 200", b"HTTP/1.1 503")


def smtp(patient: Patient) -> Iterator[Finding]:
    """Whether the listener is ours or could be, and its certificate."""
    settings = patient.settings.smtp
    if settings.tls_cert and settings.tls_key:
        yield _certificate(settings.tls_cert, settings.tls_key)
    yield _door("smtp", settings.host, settings.port, b"", lambda said: OURS in said)


def web(patient: Patient) -> Iterator[Finding]:
    """Whether the listener is ours or could be, and where links in letters lead."""
    settings = patient.settings.web
    ask = f"GET /healthz HTTP/1.0\r\nHost: {settings.host}\r\n\r\n".encode("ascii", "replace")
    yield _door("web", settings.host, settings.port, ask, lambda said: said.startswith(HEALTHY))
    links = settings.links
    if links is None or patient.settings.relay is None:
        return
    parts = urlsplit(links)
    if _is_loopback(parts.hostname or ""):
        yield warn("web", f"links in letters lead to {links}, which clients can't reach", "set [web] public_url")
    elif parts.scheme != "https":
        yield warn("web", f"links in letters are {links}: whoever listens in can use them", "take https")
    else:
        yield ok("web", f"links in letters lead to {links}")


def _certificate(cert: str, key: str) -> Finding:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password=lambda: "")
    except OSError as error:  # an SSLError is one
        why = error.strerror or getattr(error, "reason", None) or type(error).__name__
        return fail("smtp", f"{cert}, {key}: {why}", "set [smtp] tls_cert and tls_key to a pair of PEM files")
    return ok("smtp", f"STARTTLS with {cert}")


def _door(name: str, host: str, port: int, ask: bytes, is_ours: Callable[[bytes], bool]) -> Finding:
    place = f"{host}:{port}"
    if not port:
        return ok(name, f"{host}, any free port")
    said = _said(host, port, ask)
    if said is not None:
        if is_ours(said):
            return ok(name, f"{place} answers: the gateway is running")
        return fail(name, f"somebody else listens on {place}", f"stop that program, or set another [{name}] port")
    why = _why_not_bound(host, port)
    if why is None:
        return ok(name, f"{place} is free; otklik serve listens there")
    return fail(name, f"{place} can't be listened on: {why}", f"set [{name}] host and port")


def _said(host: str, port: int, ask: bytes) -> bytes | None:
    """What a listener says first, or answers; None where nobody listens."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    try:
        with socket.create_connection((target, port), timeout=SECONDS) as connection:
            connection.sendall(ask)
            try:
                return connection.recv(LONGEST)
            except OSError:
                return b""
    except OSError:
        return None


def _why_not_bound(host: str, port: int) -> str | None:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
