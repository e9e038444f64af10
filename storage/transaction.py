"""One connection dressed as the nouns of the desk."""

from __future__ import annotations

from functools import cached_property

from storage.escalations import StoredEscalations
from storage.gauges import StoredGauges
from storage.journal import StoredJournal
from storage.lessons import StoredLessons
from storage.licensees import StoredLicensees
from storage.mailboxes import StoredMailboxes
from storage.messages import StoredMessages
from storage.notes import StoredNotes, StoredRules
from storage.outbox import StoredOutbox
from storage.people import StoredPeople
from storage.ratings import StoredRatings
from storage.rows import Rows
from storage.shifts import StoredPasswords, StoredShifts
from storage.snippets import StoredSnippets
from storage.tickets import StoredTickets
from storage.tombstones import StoredTombstones


class StoredTransaction:
    """See `intake.ports.Transaction`."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    @cached_property
    def journal(self) -> StoredJournal:
        """What arrived."""
        return StoredJournal(self.rows)

    @cached_property
    def tickets(self) -> StoredTickets:
        """Tickets and events."""
        return StoredTickets(self.rows)

    @cached_property
    def messages(self) -> StoredMessages:
        """Conversations."""
        return StoredMessages(self.rows)

    @cached_property
    def outbox(self) -> StoredOutbox:
        """Letters."""
        return StoredOutbox(self.rows)

    @cached_property
    def people(self) -> StoredPeople:
        """Agents and drafts."""
        return StoredPeople(self.rows)

    @cached_property
    def rules(self) -> StoredRules:
        """Versions of the regulation."""
        return StoredRules(self.rows)

    @cached_property
    def notes(self) -> StoredNotes:
        """Named values."""
        return StoredNotes(self.rows)

    @cached_property
    def mailboxes(self) -> StoredMailboxes:
        """How far mailboxes were read."""
        return StoredMailboxes(self.rows)

    @cached_property
    def ratings(self) -> StoredRatings:
        """Votes and frozen months."""
        return StoredRatings(self.rows)

    @cached_property
    def escalations(self) -> StoredEscalations:
        """Questions to departments."""
        return StoredEscalations(self.rows)

    @property
    def tombstones(self) -> StoredTombstones:
        """What is left of erased mails."""
        return StoredTombstones(self.rows)

    @cached_property
    def snippets(self) -> StoredSnippets:
        """Canned answers."""
        return StoredSnippets(self.rows)

    @cached_property
    def lessons(self) -> StoredLessons:
        """What agents said of mails."""
        return StoredLessons(self.rows)

    @cached_property
    def gauges(self) -> StoredGauges:
        """Figures."""
        return StoredGauges(self.rows)

    @cached_property
    def licensees(self) -> StoredLicensees:
        """Organisations."""
        return StoredLicensees(self.rows)

    @cached_property
    def shifts(self) -> StoredShifts:
        """The roster."""
        return StoredShifts(self.rows)

    @cached_property
    def passwords(self) -> StoredPasswords:
        """Hashes of passwords."""
        return StoredPasswords(self.rows)
