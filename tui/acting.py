"""Doing something to a ticket that may have changed since the agent saw it. Runs on worker threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from intake.errors import Conflict
from intake.model import Direction, Ticket
from tui import labels

if TYPE_CHECKING:
    from intake.regulation import Regulation
    from tui.reading import TicketFile
    from tui.workplace import Workplace

TRIES = 4


class Changed(Conflict):
    """Somebody changed what matters; ``ticket`` is how it stands now, the text says what is new."""

    def __init__(self, ticket: Ticket, differences: list[str]) -> None:
        super().__init__(f"{ticket.key} изменилось, пока вы его смотрели: {'; '.join(differences)}")
        self.ticket = ticket
        self.differences = differences


def act(at: Workplace, seen: Ticket, do: Callable[[int], Ticket]) -> Ticket:
    """Call ``do`` with the version that was seen; with a newer one where only the desk's own bookkeeping moved on.

    Raises Changed where a person or the client changed something meanwhile, and whatever ``do`` raises.
    """
    expected = seen.version
    for _ in range(TRIES):
        try:
            return do(expected)
        except Conflict as conflict:
            with at.store.read() as tx:
                now = tx.tickets.get(seen.number)
                names = {agent.login: agent.name for agent in tx.people.agents(active=False)}
            told = differences(at.regulations.of(now.regulation), seen, now, names)
            if told:
                raise Changed(now, told) from conflict
            expected = now.version
    raise Conflict(f"{seen.key} всё время меняется, попробуйте ещё раз")


def differences(regulation: Regulation, before: Ticket, now: Ticket, names: dict[str, str]) -> list[str]:
    """What a colleague or the client changed, in words; bookkeeping (read marks, delivery) is not told."""
    told = []
    if now.status is not before.status:
        told.append(f"статус теперь «{labels.status_name(regulation, now.status)}»")
    if now.assignee != before.assignee:
        told.append(f"теперь ведёт {names.get(now.assignee, now.assignee)}" if now.assignee else "вернулось в очередь")
    if now.type is not before.type:
        told.append(f"тип теперь «{regulation.rules.types.named[now.type].name}»")
    if now.criticality is not before.criticality:
        told.append(f"критичность: {labels.criticality_name(regulation, now.criticality).lower()}")
    if now.topic != before.topic:
        told.append(f"тема: {labels.topic_name(regulation, now.topic) or 'нет'}")
    if now.estimate_hours != before.estimate_hours:
        told.append(f"трудоёмкость: {now.estimate_hours or 'нет'} ч")
    if now.awaiting_since is not None and now.awaiting_since != before.awaiting_since:
        told.append("клиент написал новое сообщение")
    if now.contact_address != before.contact_address:
        told.append(f"контакт: {labels.person(now.contact_name, now.contact_address)}")
    return told


def news(before: TicketFile, now: TicketFile) -> list[str]:
    """What is new in a ticket for somebody who has it open: `differences`, and what was written."""
    told = differences(now.regulation, before.ticket, now.ticket, dict(now.names))
    known = {message.id for message in before.messages}
    for message in now.messages:
        if message.id in known or message.automatic:
            continue
        who = labels.person(message.sender_name, message.sender_address)
        if message.direction is Direction.IN:
            told = [words for words in told if not words.startswith("клиент написал")]
            told.append(f"новое сообщение: {who}")
        elif message.author is not None:
            kind = "ответ отправил" if message.direction is Direction.OUT else "заметка:"
            told.append(f"{kind} {now.names.get(message.author, message.author)}")
    return told
