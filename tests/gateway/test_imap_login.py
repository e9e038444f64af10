"""Nothing secret is said before the server proved who it is."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from gateway.settings import ImapSettings
from tests.support import databases
from tests.support.gateways import eventually
from tests.support.imap_server import ScriptedImap, scripted_imap
from tests.support.mailboxes import Post, a_post, numbered

SECRET = "c4nary-s3cret"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with a_post(databases.sqlite(tmp_path / "desk.db")) as opened:
        yield opened


class Authority:
    """Certificates of somebody."""

    def __init__(self, folder: Path) -> None:
        self.ca = trustme.CA()
        self.file = str(folder / f"{id(self)}.pem")
        self.ca.cert_pem.write_to_path(self.file)

    def context(self, *names: str, **options: Any) -> ssl.SSLContext:
        """A server's."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, **options).configure_cert(context)
        return context


def settings(server: ScriptedImap, **options: Any) -> ImapSettings:
    usual = {"host": "127.0.0.1", "port": server.port, "username": "support"}
    if "oauth2_token_command" not in options:
        usual["password"] = SECRET
    return ImapSettings.model_validate(usual | options)


def fails(post: Post, server: ScriptedImap, why: str, **options: Any) -> None:
    """The door gives up with a reason, and no secret was heard, encrypted or not."""
    door = post.open(settings(server, **options))
    eventually(lambda: why in (door.health().error or ""), what=why)
    eventually(lambda: server.connections > 1, what="another try")
    assert not server.said(SECRET)
    assert not server.said("LOGIN")
    assert not server.said("AUTHENTICATE")
    assert SECRET not in (door.health().error or "")


@pytest.mark.parametrize("case", ["untrusted", "wrong name", "expired"])
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_proves_nothing_gets_no_password(
    tmp_path: Path, post: Post, case: str, security: str
) -> None:
    ours, other = Authority(tmp_path), Authority(tmp_path)
    context = {
        "untrusted": lambda: other.context("127.0.0.1"),
        "wrong name": lambda: ours.context("mail.example"),
        "expired": lambda: ours.context("127.0.0.1", not_after=trustme.datetime.datetime(2024, 1, 1)),  # type: ignore[attr-defined]
    }[case]()
    place = {"tls": context} if security == "tls" else {"starttls": context, "capabilities": "IMAP4rev1 STARTTLS"}
    with scripted_imap(**place) as server:
        fails(post, server, "not to be trusted", security=security, ca_file=ours.file)


def test_without_an_authority_of_ones_own_only_known_ones_count(tmp_path: Path, post: Post) -> None:
    with scripted_imap(tls=Authority(tmp_path).context("127.0.0.1")) as server:
        fails(post, server, "not to be trusted", security="tls")


def test_a_server_that_offers_no_starttls_gets_no_password(post: Post) -> None:
    with scripted_imap(capabilities="IMAP4rev1") as server:
        fails(post, server, "nothing was sent", security="starttls")


def test_a_server_that_refuses_starttls_gets_no_password(post: Post) -> None:
    with scripted_imap(capabilities="IMAP4rev1 STARTTLS") as server:
        fails(post, server, "nothing was sent", security="starttls")


def test_a_server_that_takes_no_password_in_the_clear_gets_none(post: Post) -> None:
    with scripted_imap(capabilities="IMAP4rev1 LOGINDISABLED") as server:
        fails(post, server, "nothing was sent", security="none")


@pytest.mark.parametrize("security", ["none", "starttls"])
def test_a_server_that_greets_us_as_somebody_gets_no_password(post: Post, security: str) -> None:
    with scripted_imap(greeting=b"* PREAUTH hello root\r\n", capabilities="IMAP4rev1 STARTTLS") as server:
        fails(post, server, "nothing was sent", security=security)


def test_a_server_that_repeats_the_password_is_not_quoted(post: Post) -> None:
    def echo(talk: Any, name: str, arguments: str) -> bytes:
        answer: bytes = talk.no(f"no such thing: {name} {arguments}")
        return answer

    with scripted_imap(answers={"LOGIN": echo}) as server:
        door = post.open(settings(server, security="none"))
        error = eventually(lambda: door.health().error)
        assert error is not None
        assert "refused the login" in error
        assert SECRET not in error


def command(folder: Path, *tokens: str) -> tuple[str, ...]:
    """A command that prints one token after another, the last one again and again."""
    stack = folder / "tokens"
    stack.write_text("\n".join(tokens))
    program = (
        "import pathlib, sys; f = pathlib.Path(sys.argv[1]); first, *rest = f.read_text().split();"
        " f.write_text(' '.join(rest or [first])); print(first)"
    )
    return (sys.executable, "-c", program, str(stack))


def test_a_token_by_command_opens_the_mailbox(tmp_path: Path, post: Post) -> None:
    context = Authority(tmp_path)
    with scripted_imap(tls=context.context("127.0.0.1"), tokens=frozenset(["good"]), mails={}) as server:
        door = post.open(
            settings(server, security="tls", ca_file=context.file, oauth2_token_command=command(tmp_path, "good"))
        )
        eventually(lambda: door.health().state == "reading")
        server.mails[1] = numbered(0, 1)[0]
        eventually(lambda: len(post.rows()) == 1)
        assert server.said("user=support\1auth=Bearer good\1\1")


def test_a_token_that_is_refused_is_replaced_at_once(tmp_path: Path, post: Post) -> None:
    with scripted_imap(tokens=frozenset(["first"])) as server:
        door = post.open(settings(server, security="none", oauth2_token_command=command(tmp_path, "first", "second")))
        eventually(lambda: door.health().state == "reading")
        server.tokens = frozenset(["second"])
        server.reset()
        eventually(lambda: server.said("Bearer second") and door.health().state == "reading", what="the new token")
        assert len(server.said("Bearer first")) == 2


def test_a_command_that_fails_is_told_and_tried_again(tmp_path: Path, post: Post) -> None:
    with scripted_imap(tokens=frozenset(["good"])) as server:
        late = tmp_path / "late"
        door = post.open(settings(server, security="none", oauth2_token_command=f"/bin/cat {late}"))
        eventually(lambda: "exit code 1" in (door.health().error or ""))
        assert server.connections == 0, "nobody is called without a token"
        late.write_text("good\n")
        eventually(lambda: door.health().state == "reading")
