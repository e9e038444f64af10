"""Into an IMAP server: an encrypted connection that was verified, then the account."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from typing import TYPE_CHECKING, Any

from gateway.imap_errors import ImapTrouble, LoginRefused, shortened
from gateway.imap_session import ImapSession

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

    from gateway.imap_tokens import TokenCommand
    from gateway.settings import ImapSettings

_LATER = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")
"""RFC 5530: the server can't just now; nothing is wrong with the password."""


def open_session(settings: ImapSettings, tokens: TokenCommand | None, seconds: float) -> ImapSession:
    """Connect and log in. Nothing secret is sent before the server's certificate was verified, and an encryption that
    was asked for is never done without. Raises LoginRefused, ImapTrouble, OSError, ``IMAP4.error``."""
    secret = tokens.token() if tokens is not None else settings.password or ""
    box = _connected(settings, seconds)
    try:
        _log_in(box, settings.username, secret, tokens is not None)
        return ImapSession(box)
    except BaseException:
        with contextlib.suppress(Exception):
            box.client.shutdown()
        raise


def _connected(settings: ImapSettings, seconds: float) -> BaseMailBox:
    from imap_tools import MailBox, MailBoxUnencrypted

    host, port = settings.host, settings.port
    if settings.security == "none":
        return MailBoxUnencrypted(host, port, timeout=seconds)
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.security == "tls":
        return MailBox(host, port, timeout=seconds, ssl_context=context)
    box = MailBoxUnencrypted(host, port, timeout=seconds)
    try:
        _start_tls(box.client, context)
    except BaseException:
        with contextlib.suppress(Exception):
            box.client.shutdown()
        raise
    return box


def _start_tls(client: imaplib.IMAP4, context: ssl.SSLContext) -> None:
    try:
        client.starttls(context)
    except imaplib.IMAP4.error as error:
        raise ImapTrouble(f"no STARTTLS, so nothing was sent: {shortened(error)}") from None


def _log_in(box: BaseMailBox, name: str, secret: str, is_token: bool) -> None:
    from imap_tools import MailboxLoginError

    if box.client.state == "AUTH":
        raise ImapTrouble("the server takes us for somebody who is logged in already (PREAUTH); nothing was sent")
    if "LOGINDISABLED" in box.client.capabilities and not is_token:
        raise ImapTrouble("the server takes no password on this connection; nothing was sent")
    try:
        if is_token:
            _authenticate(box.client, name, secret)
        elif name.isascii() and secret.isascii():
            box.login(name, secret, initial_folder=None)
        else:
            box.login_utf8(name, secret, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except MailboxLoginError as error:
        raise _refusal(error.command_result[1][-1], secret) from None
    except imaplib.IMAP4.error as error:
        raise _refusal(error, secret) from None


def _authenticate(client: imaplib.IMAP4, name: str, token: str) -> None:
    """XOAUTH2: the token first; what the server asks after that is answered by nothing, and it says why it refused."""
    answers = iter([f"user={name}\1auth=Bearer {token}\1\1".encode()])

    def answer(_challenge: bytes) -> bytes:
        return next(answers, b"")

    client.authenticate("XOAUTH2", answer)


def _refusal(said: Any, secret: str) -> ImapTrouble:
    """The server's words, less the secret, should it have repeated it."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    text = shortened(words.replace(secret, "…")) if secret else shortened(words)
    if any(code in text.upper() for code in _LATER):
        return ImapTrouble(f"no login just now: {text}")
    return LoginRefused(f"the server refused the login: {text}")
