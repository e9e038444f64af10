"""STARTTLS: offered where there is a certificate, and nothing said before it counts."""

from __future__ import annotations

import asyncio
import os
import smtplib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import trustme

from gateway.smtp_session import _hang_up
from tests.support.door import House, open_door
from tests.support.programs import require, run

CA = trustme.CA()


def write_certificate(folder: Path, authority: trustme.CA = CA, name: str = "mx.desk.example") -> tuple[str, str]:
    issued = authority.issue_cert(name)
    cert, key = folder / "cert.pem", folder / "key.pem"
    key.write_bytes(issued.private_key_pem.bytes())
    cert.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    return str(cert), str(key)


def trusting(authority: trustme.CA = CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[House]:
    cert, key = write_certificate(folder)
    with open_door(folder, tls_cert=cert, tls_key=key) as opened:
        yield opened


def test_a_verifying_client_delivers_over_tls(house: House) -> None:
    with smtplib.SMTP("127.0.0.1", house.port, local_hostname="client.example") as client:
        client._host = "mx.desk.example"  # type: ignore[attr-defined]
        client.starttls(context=trusting())
        client.sendmail("a@client.example", "support@desk.example", b"Subject: tls\r\n\r\n")
    with house.store.read() as view:
        (peer,) = view.rows.one("SELECT peer FROM journal ORDER BY id DESC LIMIT 1")  # type: ignore[attr-defined]
    assert peer == "127.0.0.1 helo=client.example tls=TLSv1.3"


def test_the_name_is_asked_for_anew_and_login_is_not_offered_inside(house: House) -> None:
    with house.wire() as wire:
        assert "250-STARTTLS" in wire.say("EHLO x").splitlines()
        assert wire.say("STARTTLS")[:3] == "220"
        wire.wrap(trusting(), "mx.desk.example")
        assert wire.say("MAIL FROM:<a@b>")[:3] == "503"
        offered = wire.say("EHLO x")
        assert "STARTTLS" not in offered
        assert "AUTH" not in offered
        assert wire.say("STARTTLS")[:3] == "503"
        assert wire.say("AUTH PLAIN AGEAYg==")[:3] == "500"


def test_whoever_has_left_is_sent_away_without_trouble(tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*write_certificate(tmp_path, name="left.desk.example"))

    async def visit() -> None:
        sent_away: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def guest(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.close()
            try:
                _hang_up(cast("asyncio.Transport", writer.transport), "421 4.3.2 Closing")
                sent_away.set_result(None)
            except BaseException as error:
                sent_away.set_exception(error)

        async with await asyncio.start_server(guest, "127.0.0.1", 0, ssl=context) as server:
            port = server.sockets[0].getsockname()[1]
            _, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=trusting(), server_hostname="left.desk.example"
            )
            await asyncio.wait_for(sent_away, 20)
            writer.transport.abort()

    asyncio.run(visit())


def test_a_second_starttls_in_a_transaction_is_out_of_place(house: House) -> None:
    with house.recipient() as wire:
        assert wire.say("STARTTLS")[:3] == "503"


@pytest.mark.parametrize(
    "injected",
    [
        b"EHLO evil\r\n",
        b"NOOP\r\n",
        b"EHLO evil\r\nMAIL FROM:<evil@evil.example>\r\nRCPT TO:<support@desk.example>\r\n",
        b"EHLO evil\r\nMAIL FROM:<e@e>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n",
        b"RSET",
        b"\r\n",
    ],
)
def test_what_was_pipelined_behind_starttls_is_thrown_away(house: House, injected: bytes) -> None:
    before = len(house.rows())
    with house.wire() as wire:
        wire.say("EHLO x")
        wire.send(b"STARTTLS\r\n" + injected)
        assert wire.reply()[:3] == "220"
        wire.wrap(trusting(), "mx.desk.example")
        assert wire.say("VRFY x")[:3] == "252"
        assert wire.say("MAIL FROM:<a@b>")[:3] == "503"
        assert wire.say("EHLO y")[:3] == "250"
        assert wire.say("RCPT TO:<support@desk.example>")[:3] == "503"
    assert len(house.rows()) == before


def test_what_was_said_before_tls_is_forgotten(house: House) -> None:
    with house.wire() as wire:
        wire.say("EHLO x")
        wire.say("STARTTLS")
        wire.wrap(trusting(), "mx.desk.example")
        wire.say("EHLO x")
        assert wire.say("DATA")[:3] == "503"


def test_old_tls_is_refused(house: House) -> None:
    context = trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLS"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLS"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with house.wire() as wire:
        wire.say("EHLO x")
        wire.say("STARTTLS")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            wire.wrap(context, "mx.desk.example")


def test_a_handshake_that_fails_ends_the_talk_and_nobody_elses(house: House) -> None:
    with house.wire() as other, house.wire() as wire:
        wire.say("EHLO x")
        wire.say("STARTTLS")
        wire.send(b"MAIL FROM:<a@b>\r\n" * 100)
        wire.replies()
        assert other.say("EHLO y")[:3] == "250"


def test_a_renewed_certificate_is_used_without_a_restart(tmp_path: Path) -> None:
    cert, key = write_certificate(tmp_path)
    other = trustme.CA()

    def shake(house: House, authority: trustme.CA) -> None:
        with house.wire() as wire:
            wire.say("EHLO x")
            wire.say("STARTTLS")
            wire.wrap(trusting(authority), "mx.desk.example")
            assert wire.say("EHLO x")[:3] == "250"

    with open_door(tmp_path, tls_cert=cert, tls_key=key) as house:
        shake(house, CA)
        Path(cert).write_bytes(b"half written")
        os.utime(cert, (1, 1))
        shake(house, CA)
        write_certificate(tmp_path, other)
        os.utime(cert, (2, 2))
        shake(house, other)


def test_a_certificate_that_cannot_be_read_is_an_error_at_start(tmp_path: Path) -> None:
    none = str(tmp_path / "none.pem")
    with pytest.raises(FileNotFoundError), open_door(tmp_path, tls_cert=none, tls_key=none):
        pass


def test_openssl_finds_the_certificate_good(house: House, folder: Path) -> None:
    authority = folder / "ca.pem"
    authority.write_bytes(CA.cert_pem.bytes())
    checks = ["-CAfile", str(authority), "-verify_return_error", "-verify_hostname", "mx.desk.example"]
    server = ["-starttls", "smtp", "-connect", f"127.0.0.1:{house.port}", "-crlf"]
    said = run([require("openssl"), "s_client", *server, *checks], stdin="QUIT\n")
    assert said.returncode == 0, said.stderr
    assert "Verify return code: 0 (ok)" in said.stdout
