"""The relay is who it says it is, or no letter and no password leaves."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from gateway.relay import SmtpRelay
from gateway.relay_lines import Waits
from gateway.settings import RelaySettings
from intake.letters.outcomes import Sent, Trouble
from intake.model import Delivery
from tests.gateway.test_relay import letter, states, yes
from tests.support.sinks import Script, scripted_relay

WAITS = Waits(connect=10, command=10, transfer=10, answer=10)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def server_side(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def old_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = server_side(authority.issue_cert("127.0.0.1"))
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def certificate(kind: str, authority: trustme.CA) -> ssl.SSLContext:
    if kind == "wrong host":
        return server_side(authority.issue_cert("other.example"))
    if kind == "expired":
        return server_side(authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) - timedelta(days=1)))
    if kind == "unknown authority":
        return server_side(trustme.CA().issue_cert("127.0.0.1"))
    if kind == "old protocol":
        return old_tls(authority)
    return server_side(authority.issue_cert("127.0.0.1"))


def try_relay(script: Script, security: str, ca_file: Path | None, **server: ssl.SSLContext | None) -> Sent:
    async def go() -> Sent:
        async with scripted_relay(script, login=True, **server):  # type: ignore[arg-type] # tls and starttls only
            settings = RelaySettings(
                host="127.0.0.1",
                port=script.port,
                username="desk",
                password="s3cret",
                security=security,  # type: ignore[arg-type] # one of the three
                ca_file=str(ca_file) if ca_file else None,
            )
            relay = SmtpRelay(settings, waits=WAITS)
            try:
                return await relay.send(letter("a@x.org"), yes)
            finally:
                await relay.close()

    return asyncio.run(go())


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_relay_with_a_good_certificate_gets_login_and_letter(
    security: str, authority: trustme.CA, ca_file: Path
) -> None:
    script = Script()
    sent = try_relay(script, security, ca_file, **{security: certificate("good", authority)})
    assert states(sent) == {"a@x.org": Delivery.SENT}
    assert script.logins == [(b"desk", b"s3cret")]
    assert len(script.taken) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("kind", ["wrong host", "expired", "unknown authority", "old protocol", "system authorities"])
def test_a_relay_that_proves_nothing_gets_neither(
    security: str, kind: str, authority: trustme.CA, ca_file: Path
) -> None:
    script = Script()
    context = certificate(kind, authority)
    known = None if kind == "system authorities" else ca_file
    sent = try_relay(script, security, known, **{security: context})
    assert (states(sent), sent.trouble) == ({"a@x.org": Delivery.QUEUED}, Trouble.AWAY)
    assert sent.error is not None
    assert "s3cret" not in sent.error
    assert ("certificate" in sent.error) == (kind != "old protocol")
    assert (script.logins, script.taken) == ([], [])


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_where_tls_is_taken_away_nothing_leaves(security: str, ca_file: Path) -> None:
    script = Script()
    sent = try_relay(script, security, ca_file)
    assert (states(sent), sent.trouble) == ({"a@x.org": Delivery.QUEUED}, Trouble.AWAY)
    assert (script.logins, script.taken) == ([], [])


def test_a_wrong_password_keeps_letters_waiting(authority: trustme.CA, ca_file: Path) -> None:
    async def go(script: Script) -> Sent:
        async with scripted_relay(script, login=True, starttls=certificate("good", authority)):
            settings = RelaySettings(
                host="127.0.0.1", port=script.port, username="desk", password="wrong", ca_file=str(ca_file)
            )
            relay = SmtpRelay(settings, waits=WAITS)
            return await relay.send(letter("a@x.org"), yes)

    script = Script()
    sent = asyncio.run(go(script))
    assert (states(sent), sent.trouble) == ({"a@x.org": Delivery.QUEUED}, Trouble.AWAY)
    assert "535" in str(sent.error)
    assert script.taken == []


def test_answers_slipped_in_before_the_handshake_are_not_believed(authority: trustme.CA, ca_file: Path) -> None:
    """What stands behind the 220 to STARTTLS in the same segment came from whoever is in between (RFC 3207 4.2)."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hi\r\n")
        await reader.readline()
        writer.write(b"250-hi\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 go\r\n235 logged in\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n")
        await reader.read(100)
        writer.close()

    async def go() -> Sent:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            settings = RelaySettings(host="127.0.0.1", port=port, ca_file=str(ca_file))
            return await SmtpRelay(settings, waits=WAITS).send(letter("a@x.org"), yes)

    sent = asyncio.run(go())
    assert (states(sent), sent.trouble) == ({"a@x.org": Delivery.QUEUED}, Trouble.AWAY)
