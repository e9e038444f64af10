"""What goes wrong with a mailbox, in words."""

from __future__ import annotations

import imaplib
import ssl

from intake.errors import OtklikError


class ImapTrouble(OtklikError):
    """The mailbox can't be read now."""


class LoginRefused(ImapTrouble):
    """The server did not take the name and the password or token."""


class CommandRefused(ImapTrouble):
    """The server said NO or BAD to one command; the connection lives."""


def is_known(error: BaseException) -> bool:
    """Whether it is trouble of servers, networks and stores, not a fault of ours."""
    from imap_tools import ImapToolsError

    return isinstance(error, OtklikError | OSError | imaplib.IMAP4.error | ImapToolsError)


def in_words(error: BaseException) -> str:
    """One line about why a mailbox can't be read, without secrets."""
    if isinstance(error, OtklikError):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not to be trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no encrypted connection: {error.reason or type(error).__name__}"
    if isinstance(error, TimeoutError):
        return "the server does not answer"
    if isinstance(error, OSError):
        return f"no connection: {error.strerror or type(error).__name__}"
    if isinstance(error, imaplib.IMAP4.error):
        return f"the connection broke: {shortened(error)}"
    return type(error).__name__


def shortened(said: object) -> str:
    """A server's words, on one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200]
