"""The IMAP door: a thread per mailbox that fetches mail, and marks or moves it once it is kept."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog

from gateway.imap_errors import LoginRefused, in_words, is_known
from gateway.imap_folders import unread_spam
from gateway.imap_limits import ImapLimits
from gateway.imap_login import open_session
from gateway.imap_mailbox import Mailbox
from gateway.imap_reader import Reader
from gateway.imap_tokens import TokenCommand
from gateway.imap_wake import Wake

if TYPE_CHECKING:
    from gateway.imap_session import ImapSession
    from gateway.settings import ImapSettings
    from intake.ports import Store

LAST_MOMENTS = 1.0
"""Seconds a thread gets whose connection was cut."""
log = structlog.get_logger("imap")


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """How a mailbox does. ``state`` connecting|reading|elsewhere (another gateway reads it)|failing|stopped.

    ``error`` is why it fails, ``trouble`` what hinders nothing but wants looking at, ``spam`` how many mails lie
    unread in the provider's spam folder.
    """

    mailbox: str
    state: str = "connecting"
    connected_since: datetime | None = None
    last_read_at: datetime | None = None
    error: str | None = None
    failing_since: datetime | None = None
    trouble: str | None = None
    kept: int = 0
    spam: int = 0


class ImapDoor:
    """One mailbox. ``zone`` is what ``import_since`` is a day in; ``on_kept`` is called after each commit of new mail,
    in the mailbox's thread. Whatever goes wrong is tried again and told by `health`; it never ends the thread."""

    def __init__(
        self,
        settings: ImapSettings,
        store: Store,
        clock: Callable[[], datetime],
        on_kept: Callable[[], None],
        zone: tzinfo,
        limits: ImapLimits | None = None,
    ) -> None:
        self.settings = settings
        self.limits = limits or ImapLimits()
        day = settings.import_since
        self._reader = Reader(
            account=f"{settings.host.lower()}/{settings.username}",
            folder=settings.folder,
            done=settings.done,
            import_since=datetime(day.year, day.month, day.day, tzinfo=zone) if day is not None else None,
            owner=uuid4().hex,
            store=store,
            clock=clock,
            on_kept=on_kept,
            limits=self.limits,
        )
        command = settings.oauth2_token_command
        self._tokens = TokenCommand(command) if command else None
        self._clock = clock
        self._health = MailboxHealth(self._reader.place)
        self._wake = Wake()
        self._session: ImapSession | None = None
        self._spam_looked_at = -self.limits.spam_look
        self._thread = threading.Thread(target=self._run, name=f"otklik-imap-{settings.username}", daemon=True)

    def start(self) -> None:
        """Begin to read. Trouble with the mailbox is not the caller's."""
        self._thread.start()

    def stop(self, grace: float) -> None:
        """Finish the commit under way and hang up; what takes longer than ``grace`` seconds is cut."""
        if not self._thread.is_alive():
            self._wake.close()
            return
        self._wake.ring()
        self._thread.join(grace)
        session = self._session
        if self._thread.is_alive() and session is not None:
            session.abort()
            self._thread.join(LAST_MOMENTS)

    def health(self) -> MailboxHealth:
        """How it does just now; callable from any thread."""
        return self._health

    def _run(self) -> None:
        failures = 0
        while not self._wake.rung:
            had_token = self._tokens is not None and self._tokens.cached
            try:
                self._visit()
                pause, failures = self.limits.lease / 4, 0
            except LoginRefused as error:
                self._failed(error)
                pause = 0.0 if had_token else self._pause(failures := 99)
            except Exception as error:
                failures = 1 if self._health.state == "reading" else failures + 1
                self._failed(error)
                pause = self._pause(failures)
            self._wake.wait(pause)
        self._tell(state="stopped", connected_since=None)
        self._wake.close()

    def _visit(self) -> None:
        """Connect and read until the bell rings; return at once where somebody else reads this mailbox."""
        mark = self._reader.take()
        if mark is None:
            self._tell(state="elsewhere", connected_since=None, error=None, failing_since=None)
            return
        try:
            self._session = session = open_session(self.settings, self._tokens, self.limits.answer)
            try:
                self._read(session, Mailbox(self._reader, session, mark, lambda: self._wake.rung))
                session.log_out()
            finally:
                self._session = None
                session.hang_up()
        finally:
            with contextlib.suppress(Exception):
                self._reader.give_back()

    def _read(self, session: ImapSession, mailbox: Mailbox) -> None:
        connected, kept_before, opened = self._clock(), self._health.kept, -self.limits.probe
        while not self._wake.rung:
            if time.monotonic() - opened >= self.limits.probe:
                mailbox.open()  # anew: some servers go on showing a folder that was deleted meanwhile
                opened = time.monotonic()
            mailbox.read()
            self._tell(
                state="reading",
                connected_since=connected,
                last_read_at=self._clock(),
                error=None,
                failing_since=None,
                trouble=mailbox.trouble,
                kept=kept_before + mailbox.kept,
            )
            self._look_for_spam(session)
            if not self._wake.rung:
                session.wait(self._wake, self.limits.probe, self.limits.poll)

    def _look_for_spam(self, session: ImapSession) -> None:
        """Licensees' mail that the provider took for spam is theirs to get back: say that there is some."""
        now = time.monotonic()
        if now - self._spam_looked_at < self.limits.spam_look:
            return
        self._spam_looked_at = now
        found = unread_spam(session, self._reader.folder)
        if found > self._health.spam:
            log.warning("unread mail in the spam folder", mailbox=self._reader.place, mails=found)
        self._tell(spam=found)

    def _failed(self, error: Exception) -> None:
        """Write down why; a token that was refused is not shown again."""
        if self._tokens is not None and isinstance(error, LoginRefused):
            self._tokens.forget()
        if self._wake.rung:
            return
        why = in_words(error)
        if is_known(error):
            log.warning("imap mailbox not read", mailbox=self._reader.place, why=why)
        else:
            log.exception("imap mailbox not read", mailbox=self._reader.place)
        since = self._health.failing_since or self._clock()
        self._tell(state="failing", connected_since=None, error=why, failing_since=since)

    def _pause(self, failures: int) -> float:
        """Seconds before the next try: more with each failure, and never the same for all gateways at once."""
        longest = self.limits.longest_pause
        return min(longest, self.limits.first_pause * 2.0 ** min(failures - 1, 30)) * random.uniform(0.5, 1)

    def _tell(self, **changes: Any) -> None:
        self._health = replace(self._health, **changes)
