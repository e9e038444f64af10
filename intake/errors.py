"""The family of errors the core raises. Each face (command line, toast, page) turns one into words once."""

from __future__ import annotations


class OtklikError(Exception):
    """Something that has a name here; ``str(error)`` is one line without secrets."""


class ConfigError(OtklikError):
    """Configuration or rules are wrong: file, section, key, value, why, what to do. Exit 2."""


class NotFound(OtklikError):
    """No such ticket, letter, journal row, agent."""


class Refused(OtklikError):
    """The rules do not allow it; the text says why, in the words of whoever asked."""


class Conflict(OtklikError):
    """Somebody changed it since it was read. The caller keeps what was typed and shows the newer state."""


class AskedMeanwhile(Conflict):
    """The client was asked for a mark since the letter that asks him was drafted: it has to be drafted anew."""


class StoreUnavailable(OtklikError):
    """The database could not keep it now (busy, full, broken): answer 451 / 503 / exit 75 and let them retry."""
