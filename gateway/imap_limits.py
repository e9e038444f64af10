"""How long and how much the IMAP door waits for and takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImapLimits:
    """Seconds, octets, numbers of mails.

    A link that died silently is found after ``probe`` and ``answer`` at the latest; IDLE is begun anew with each
    probe, so well within the 29 minutes of RFC 2177.
    """

    answer: float = 20.0
    """For each piece of a server's answer, and for connecting."""
    probe: float = 50.0
    """IDLE without news, before the server has to show that it is there."""
    poll: float = 30.0
    """Between looks where the server has no IDLE."""
    first_pause: float = 1.0
    """Before the second try after trouble; doubled with each try, shortened by chance."""
    longest_pause: float = 60.0
    lease: float = 120.0
    """A mailbox is its reader's for this long; renewed while it is read."""
    spam_look: float = 600.0
    """Between looks into the spam folder."""
    held_pause: float = 300.0
    """Before a mail is asked for again that the server would not give."""
    held_tries: int = 3
    mails: int = 50
    """Fetched with one command, kept with one commit."""
    octets: int = 8 << 20
    """The same, by size; a mail that is larger comes alone."""
    largest: int = 50 << 20
    """A larger mail stays where it is; a note about it comes in its place."""
    header: int = 1 << 18
    """How much of such a mail's header the note carries."""
    window: int = 500
    """UIDs whose sizes and times are asked for with one command."""
