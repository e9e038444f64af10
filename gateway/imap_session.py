"""A connection to an IMAP server: what the door asks of it, one method each. Blocking; every wait has an end."""

from __future__ import annotations

import contextlib
import imaplib
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from gateway import imap_answers as answers
from gateway.imap_errors import CommandRefused, shortened

if TYPE_CHECKING:
    from io import BufferedReader

    from imap_tools import BaseMailBox

    from gateway.imap_answers import Listed
    from gateway.imap_wake import Wake

_NEWS = "EXISTS"
"""The untagged answer that says how many mails there are: it comes when there are more (RFC 9051 7.4.1)."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder as it was when it was opened."""

    uidvalidity: int
    uidnext: int
    uidnext_told: bool
    exists: int
    writable: bool


class ImapSession:
    """A logged-in connection.

    Methods raise CommandRefused where the server says no and the connection lives; OSError or ``IMAP4.abort`` where
    it does not.
    """

    def __init__(self, box: BaseMailBox) -> None:
        self.box = box
        self._client = box.client
        said = self.command(self._client.capability)
        words = b" ".join(line for line in said if isinstance(line, bytes))
        self.abilities = frozenset(words.decode("ascii", "replace").upper().split())

    def command(self, run: Callable[..., tuple[str, list[Any]]], *arguments: str) -> list[Any]:
        """Run a command of imaplib's; its untagged answers."""
        try:
            status, said = run(*arguments)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise CommandRefused(shortened(error)) from None
        if status != "OK":
            raise CommandRefused(shortened(said[-1] if said else status))
        return said

    def select(self, folder: str) -> Selected:
        """Open a folder; read-only where the server gives no more. Raises CommandRefused: there is none."""
        from imap_tools import MailboxFolderSelectError

        writable = True
        try:
            try:
                self.box.folder.set(folder)
            except imaplib.IMAP4.readonly:
                writable = False
                self.box.folder.set(folder, readonly=True)
        except MailboxFolderSelectError as error:
            raise CommandRefused(f"folder {folder}: {shortened(error.command_result[1][-1])}") from None
        uidnext, uidvalidity, exists = (self._told(name) for name in ("UIDNEXT", "UIDVALIDITY", "EXISTS"))
        uids = [] if uidnext else self.uids_from(1)
        return Selected(
            uidvalidity=uidvalidity or 1,
            uidnext=uidnext or max(uids, default=0) + 1,
            uidnext_told=uidnext is not None,
            exists=exists or 0,
            writable=writable,
        )

    def uids_from(self, first: int) -> list[int]:
        """UIDs of the open folder from ``first`` on."""
        self._client.untagged_responses.clear()  # imaplib piles up news of mails until the folder is opened anew
        return [uid for uid in answers.uids(self._uid("SEARCH", "UID", f"{first}:*")) if uid >= first]

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Sizes and times of those that are still there."""
        return answers.listed(self._uid("FETCH", answers.uid_set(uids), "(UID RFC822.SIZE INTERNALDATE)"))

    def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Whole mails, as they are, not marked as read."""
        return answers.bodies(self._uid("FETCH", answers.uid_set(uids), "(UID BODY.PEEK[])"))

    def header(self, uid: int) -> bytes:
        """The header of a mail; empty where it can't be had."""
        try:
            return answers.bodies(self._uid("FETCH", str(uid), "(UID BODY.PEEK[HEADER])")).get(uid, b"")
        except CommandRefused:
            return b""

    def mark_read(self, uids: Sequence[int]) -> None:
        """Set ``\\Seen``."""
        self._uid("STORE", answers.uid_set(uids), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails (RFC 6851); by hand where the server can't. Never expunges what others marked as deleted:
        without UIDPLUS (RFC 4315) the originals stay, marked as read and deleted."""
        from imap_tools.utils import encode_folder

        numbers, target = answers.uid_set(uids), encode_folder(folder)
        if "MOVE" in self.abilities:
            self._uid("MOVE", numbers, target)
            return
        self._uid("COPY", numbers, target)
        self._uid("STORE", numbers, "+FLAGS.SILENT", r"(\Seen \Deleted)")
        if "UIDPLUS" in self.abilities:
            self._uid("EXPUNGE", numbers)

    def wait(self, wake: Wake, probe: float, poll: float) -> None:
        """Until something may be new, it is time to look, or the bell rings; then hear that the server is there."""
        if _NEWS in self._client.untagged_responses:
            return  # told beside an answer since the last `uids_from`: IDLE would not tell it again
        if "IDLE" in self.abilities:
            self._idle(wake, probe)
        else:
            wake.wait(poll)
            self.command(self._client.noop)

    def _idle(self, wake: Wake, seconds: float) -> None:
        """IDLE (RFC 2177); a server that refuses it is not asked again."""
        client = self._client
        tag = client._command("IDLE")
        while client._get_response() is not None:  # news may come before the go-ahead
            if client.tagged_commands[tag]:
                del client.tagged_commands[tag]
                self.abilities -= {"IDLE"}
                return
        if _NEWS not in client.untagged_responses and not self._read_already():
            wake.wait(seconds, client.sock.fileno())
        client.send(b"DONE\r\n")
        self.box.consume_until_tagged_response(tag)

    def log_out(self) -> None:
        """Say goodbye."""
        with contextlib.suppress(Exception):
            self._client.logout()

    def hang_up(self) -> None:
        """Close the connection without waiting for anybody."""
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def abort(self) -> None:
        """End every wait for the server; callable from another thread."""
        with contextlib.suppress(OSError):
            self._client.sock.shutdown(socket.SHUT_RDWR)

    def _uid(self, command: str, *arguments: Any) -> list[Any]:
        return self.command(self._client.uid, command, *arguments)

    def _told(self, name: str) -> int | None:
        """A number the server told when the folder was opened."""
        said = self._client.untagged_responses.get(name)
        last = said[-1] if said else b""
        return int(last) if isinstance(last, bytes) and last.isdigit() else None

    def _read_already(self) -> bool:
        """Whether news came together with an answer before it: then the socket has nothing to tell any more."""
        with _unblocked(self._client.sock):
            try:
                return bool(cast("BufferedReader", self._client.file).peek(1))
            except OSError:
                return False


@contextmanager
def _unblocked(sock: socket.socket) -> Iterator[None]:
    before = sock.gettimeout()
    sock.settimeout(0)
    try:
        yield
    finally:
        sock.settimeout(before)
