"""A folder being read through one session: what came is kept, then marked as read or moved, in that order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from gateway import imap_notes as notes
from gateway.imap_errors import CommandRefused
from gateway.imap_fetching import bodies, chunks, fetch, parts
from gateway.imap_folders import destination

if TYPE_CHECKING:
    from gateway.imap_answers import Listed
    from gateway.imap_reader import Reader
    from gateway.imap_session import ImapSession, Selected
    from intake.mailboxes import MailboxMark
    from intake.model import Arrival

CLOCKS_DIFFER = timedelta(hours=1)
"""How far a server's clock may be behind ours without a mail being taken for older than it is."""
log = structlog.get_logger("imap")


class Mailbox:
    """One folder and how far it has been read. `open` first and now and then, `read` whenever there may be news.

    ``stopped`` is asked between portions.
    """

    def __init__(
        self, reader: Reader, session: ImapSession, mark: MailboxMark, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        self.kept = 0
        self.trouble: str | None = None
        """Why mail that was kept could not be marked or moved, if so."""
        self._reader = reader
        self._session = session
        self._stopped = stopped
        self._mark = self._stored = mark
        self._stored_at = reader.clock()
        self._target: str | None = None
        self._writable = True
        self._ask_again_at: datetime | None = None

    def open(self) -> None:
        """Open the folder and see that its mark is about it. Raises CommandRefused: there is no such folder."""
        selected = self._session.select(self._reader.folder)
        if selected.writable != self._writable:
            self.trouble = None if selected.writable else "the folder is read-only for us: what was kept stays as it is"
        self._writable = selected.writable
        mark = self._placed(selected)
        if mark != self._stored:
            self._put(mark)

    def read(self) -> None:
        """Take everything that is new, and finish what an earlier reader left."""
        if self._behind:
            self._settle_left()
        for window in parts(self._session.uids_from(self._mark.kept_uid + 1), self._reader.limits.window):
            if not self._take(window):
                break
        else:
            self._ask_for_held()
        now = self._reader.clock()
        if self._mark != self._stored or now - self._stored_at > timedelta(seconds=self._reader.limits.lease / 3):
            self._put(self._mark)

    @property
    def _behind(self) -> bool:
        """Whether something that is kept was not marked or moved."""
        return self._mark.settled_uid < self._mark.kept_uid

    def _placed(self, selected: Selected) -> MailboxMark:
        """The mark for the folder as it is: its first, one for a folder made anew, one that reaches further back."""
        mark, wanted = self._mark, self._reader.import_since
        afresh = replace(mark, uidvalidity=selected.uidvalidity, whole_from=selected.uidnext, held={})
        afresh = replace(afresh, kept_uid=0, settled_uid=0)
        if mark.uidvalidity == 0:
            if wanted is not None:
                return replace(afresh, since=wanted)
            since = self._reader.clock() - CLOCKS_DIFFER if selected.exists else None
            return replace(afresh, kept_uid=selected.uidnext - 1, settled_uid=selected.uidnext - 1, since=since)
        rolled_back = selected.uidnext_told and selected.uidnext <= mark.kept_uid
        if mark.uidvalidity != selected.uidvalidity or rolled_back:
            log.warning("imap folder was made anew and is read again", mailbox=self._reader.place)
            return afresh
        if wanted is not None and mark.since is not None and wanted < mark.since:
            return replace(mark, since=wanted, kept_uid=0, settled_uid=0)
        return mark

    def _wanted(self, uids: Sequence[int]) -> list[Listed]:
        """Those of them that are still there and ours to take."""
        mark, asked = self._mark, set(uids)
        found = [item for item in self._session.listed(uids) if item.uid in asked]
        return [
            item
            for item in found
            if item.uid >= mark.whole_from or mark.since is None or item.arrived is None or item.arrived >= mark.since
        ]

    def _take(self, window: Sequence[int]) -> bool:
        """Whether everything of it was dealt with; False: told to stop."""
        for chunk in chunks(self._wanted(window), self._reader.limits):
            if self._stopped():
                return False
            self._keep(chunk)
        settled = self._mark.settled_uid if self._behind else window[-1]
        self._mark = replace(self._mark, kept_uid=window[-1], settled_uid=settled)
        return True

    def _keep(self, chunk: Sequence[Listed]) -> None:
        """Fetch, commit, then mark or move."""
        behind, mark = self._behind, self._mark
        fetched = fetch(self._session, chunk, self._reader.place, self._reader.limits)
        arrivals = [self._reader.arrival(raw, item.arrived) for item, raw in fetched.mails]
        held = {**mark.held, **dict.fromkeys(fetched.held, 1)}
        self._put(replace(mark, kept_uid=chunk[-1].uid, held=held), arrivals)
        if self._finished([item.uid for item, _ in fetched.mails]) and not behind:
            self._mark = replace(self._mark, settled_uid=self._mark.kept_uid)

    def _put(self, mark: MailboxMark, arrivals: Sequence[Arrival] = ()) -> None:
        new = self._reader.put(mark, arrivals)
        self._mark = self._stored = mark
        self._stored_at = self._reader.clock()
        self.kept += new
        if new:
            self._reader.on_kept()
        if arrivals:
            log.info("imap mail kept", mailbox=self._reader.place, mails=len(arrivals), new=new)

    def _settle_left(self) -> None:
        """Mark or move what is kept and was left as it was: by a crash, or because the server refused."""
        mark = self._mark
        left = [uid for uid in self._session.uids_from(mark.settled_uid + 1) if uid <= mark.kept_uid]
        for window in parts(left, self._reader.limits.window):
            if not self._finished([item.uid for item in self._wanted(window) if item.uid not in mark.held]):
                return
        if self._writable:
            self.trouble = None
        self._mark = replace(mark, settled_uid=mark.kept_uid)

    def _finished(self, uids: Sequence[int]) -> bool:
        """Whether the server did what is to be done with kept mail; a refusal is remembered as trouble."""
        if not self._writable or not uids:
            return True
        kind, _, folder = self._reader.done.partition(":")
        try:
            if kind == "move":
                self._target = self._target or destination(self._session, folder, self._reader.folder)
                self._session.move(uids, self._target)
            else:
                self._session.mark_read(uids)
        except CommandRefused as error:
            self.trouble, self._target = f"mail that was kept stays as it is: {error}", None
            log.warning("imap mail not marked or moved", mailbox=self._reader.place, why=str(error))
            return False
        return True

    def _ask_for_held(self) -> None:
        """Once in a while: mails the server would not give. In the end a note is kept in their place."""
        now, held = self._reader.clock(), dict(self._mark.held)
        if not held:
            return
        if self._ask_again_at is None or now >= self._ask_again_at:
            waited, self._ask_again_at = self._ask_again_at, now + timedelta(seconds=self._reader.limits.held_pause)
            if waited is None:
                return
            there = {item.uid: item for item in self._session.listed(sorted(held))}
            self._mark = replace(self._mark, held={uid: tries for uid, tries in held.items() if uid in there})
            for item in there.values():
                self._ask_for(item)

    def _ask_for(self, item: Listed) -> None:
        place, mark = self._reader.place, self._mark
        raw = bodies(self._session, [item.uid], place).get(item.uid)
        tries = mark.held[item.uid] + 1
        if raw is None and tries < self._reader.limits.held_tries:
            self._mark = replace(mark, held={**mark.held, item.uid: tries})
            return
        if raw is None:
            raw = notes.not_given(self._session.header(item.uid), place)
        rest = {uid: count for uid, count in mark.held.items() if uid != item.uid}
        self._put(replace(mark, held=rest), [self._reader.arrival(raw, item.arrived)])
        self._finished([item.uid])
