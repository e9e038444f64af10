"""Folders beside the one that is read: where mail that is done goes, and where a provider's filter puts spam."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gateway.imap_errors import CommandRefused, shortened

if TYPE_CHECKING:
    from imap_tools import FolderInfo

    from gateway.imap_session import ImapSession

SPAM_NAMES = frozenset(
    ("junk", "spam", "bulk", "bulk mail", "junk mail", "junk e-mail", "junk email", "спам", "нежелательная почта")
)
_PERSONAL = re.compile(rb'\(\("((?:[^"\\]|\\.)*)" (?:"\\?(.)"|NIL)')
_LISTED = re.compile(rb'\(([^)]*)\) (?:"\\?."|NIL) (.+)')


def destination(session: ImapSession, wanted: str, source: str) -> str:
    """The folder that mail moves to, created where there is none; ``/`` in its name divides levels.

    Raises CommandRefused: it can't be created, or is the folder that is read.
    """
    prefix, delimiter = _namespace(session)
    name = wanted.strip(" /").replace("/", delimiter or "/")
    if name.casefold() == source.casefold():
        raise CommandRefused(f"mail of {source} can't be moved to {source} itself")
    names = dict.fromkeys((name if name.startswith(prefix) else prefix + name, name))
    for candidate in names:
        if session.box.folder.exists(candidate):
            return candidate
    refusals = []
    for candidate in names:
        refusal = _created(session, candidate)
        if refusal is None:
            return candidate
        refusals.append(refusal)
    raise CommandRefused(f"folder {name} can't be created: {refusals[0]}")


def _created(session: ImapSession, name: str) -> str | None:
    """Create a folder and show it in mail programs; why it could not be."""
    from imap_tools import MailboxFolderCreateError, MailboxFolderSubscribeError

    try:
        session.box.folder.create(name)
    except MailboxFolderCreateError as error:
        return shortened(error.command_result[1][-1])
    try:
        session.box.folder.subscribe(name, True)
    except MailboxFolderSubscribeError:
        return None  # a folder nobody subscribed to is one all the same
    return None


def _namespace(session: ImapSession) -> tuple[str, str]:
    """What stands before every name of ours ("" mostly), and what divides levels (RFC 2342)."""
    if "NAMESPACE" in session.abilities:
        said = session.command(session.box.client.namespace)
        found = _PERSONAL.match(said[-1]) if said and isinstance(said[-1], bytes) else None
        if found is not None:
            return found[1].decode("ascii", "replace"), (found[2] or b"").decode("ascii", "replace")
    root = session.box.folder.list("", "")
    return "", root[0].delim if root and root[0].delim != "NIL" else ""


def unread_spam(session: ImapSession, source: str) -> int:
    """How many unread mails the provider's filter has put aside; 0 where there is no such folder to be seen."""
    from imap_tools import ImapToolsError

    try:
        name = spam_folder(session)
        if name is None or name.casefold() == source.casefold():
            return 0
        return session.box.folder.status(name, ("UNSEEN",)).get("UNSEEN", 0)
    except (CommandRefused, ImapToolsError):
        return 0


def spam_folder(session: ImapSession) -> str | None:
    """The folder a provider's filter sorts mail into, by its special use (RFC 6154) or by its name."""
    marked = _marked_as_spam(session) if "SPECIAL-USE" in session.abilities else None
    return marked or next((info.name for info in session.box.folder.list() if _is_spam(info)), None)


def _marked_as_spam(session: ImapSession) -> str | None:
    from imap_tools.imap_utf7 import utf7_decode

    client = session.box.client
    session.command(client.xatom, "LIST", "(SPECIAL-USE)", '""', '"*"')
    for line in client.response("LIST")[1]:
        found = _LISTED.match(line) if isinstance(line, bytes) else None
        if found is not None and rb"\junk" in found[1].lower().split():
            return utf7_decode(re.sub(rb"\\(.)", rb"\1", found[2].strip(b'"')))
    return None


def _is_spam(info: FolderInfo) -> bool:
    last = info.name.rpartition(info.delim)[2] if info.delim and info.delim != "NIL" else info.name
    return r"\junk" in {flag.lower() for flag in info.flags} or last.casefold() in SPAM_NAMES
