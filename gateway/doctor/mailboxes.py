"""Checks of the IMAP mailboxes: connection, certificate, login, folders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gateway.doctor.findings import Finding, Patient, fail, ok

if TYPE_CHECKING:
    from gateway.imap_session import ImapSession
    from gateway.settings import ImapSettings

SECONDS = 15.0


def mailboxes(patient: Patient) -> Iterator[Finding]:
    """Each of them; nothing in it is changed."""
    for settings in patient.settings.imap:
        yield from _mailbox(settings)


def _mailbox(settings: ImapSettings) -> Iterator[Finding]:
    from gateway.imap_errors import in_words, is_known

    name = f"imap {settings.username}"
    try:
        session = session_of(settings)
    except Exception as error:
        if not is_known(error):
            raise
        yield fail(name, f"{settings.host}:{settings.port}: {in_words(error)}", "correct that [[imap]]")
        return
    try:
        yield from _folders(name, settings, session)
    except Exception as error:
        if not is_known(error):
            raise
        yield fail(name, in_words(error), "correct folder in that [[imap]]")
    finally:
        session.box.client.shutdown()


def _folders(name: str, settings: ImapSettings, session: ImapSession) -> Iterator[Finding]:
    found = session.select(settings.folder)
    if not found.writable:
        yield fail(name, f"{settings.folder} is read-only: mail can't be marked as done", "widen its rights")
    target = settings.done.partition(":")[2]
    if target and not session.box.folder.exists(target):
        yield ok(name, f"{target} is not there yet; the first mail makes it")
    yield ok(name, f"{settings.folder} holds {found.exists} mails (UIDVALIDITY {found.uidvalidity})")


def session_of(settings: ImapSettings) -> ImapSession:
    """A session, logged in. Raises what `imap_errors.is_known` knows."""
    from gateway.imap_login import open_session
    from gateway.imap_tokens import TokenCommand

    command = settings.oauth2_token_command
    return open_session(settings, TokenCommand(command) if command else None, SECONDS)
