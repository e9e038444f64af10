"""Colleagues named in a note: ``@anna``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from intake.model import Agent

SHOWN: Final = 600
_NAMED = re.compile(r"(?<![\w.@+-])@(\w(?:[\w.-]*\w)?)")


def mentioned(text: str, people: Sequence[Agent], by: str) -> list[Agent]:
    """The active colleagues a note calls, each once, in the order of the text; never its author. An address in the
    text calls nobody."""
    known = {agent.login.casefold(): agent for agent in people if agent.active and agent.login != by}
    logins = dict.fromkeys(name.casefold() for name in _NAMED.findall(text))
    return [known[login] for login in logins if login in known]


def lines_for(author: str, text: str) -> tuple[str, ...]:
    """What the letter to them says."""
    shown = text.strip()
    return (f"{author} упоминает вас в заметке:", *(shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…").splitlines())
