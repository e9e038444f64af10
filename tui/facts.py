"""What is known of a ticket, as text: beside the queue, above and beside a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.content import Content

from intake.clocks import AGREED
from intake.contacts import offered_contact
from intake.model import Status, Ticket, Type
from intake.visible import visible
from intake.wording import deadline_words
from tui import labels, times
from tui.second_line_lines import line_facts

if TYPE_CHECKING:
    from intake.regulation import Regulation
    from intake.regulation.countdown import Countdown
    from tui.reading import TicketFile

STYLES = {"overdue": "bold $error", "near": "bold $warning", "running": "", "none": "dim"}


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline of a ticket: what of, how it stands, when exactly and why, and what it rests on."""

    title: str
    state: times.Due
    exact: str
    rests_on: str


def preview(ticket: Ticket | None, regulation: Regulation | None, now: datetime, zone: ZoneInfo) -> Content:
    """A ticket in some lines, the most important first."""
    if ticket is None or regulation is None:
        return Content("")
    lines = [
        Content.styled(visible(ticket.subject) or "(без темы)", "bold"),
        Content(labels.person(ticket.contact_name, ticket.contact_address)),
        Content(" · ".join(_state(ticket, regulation))),
        Content(""),
    ]
    for promise in promises(ticket, regulation, now):
        lines += promise_lines(promise)
    lines += [Content(""), _pair("Поступило", times.moment(zone, ticket.opened_at, now))]
    lines.append(_pair("Лицензиат", licensee_words(ticket)))
    return Content("\n").join(lines)


def headline(file: TicketFile, now: datetime) -> Content:
    """The line under a ticket's title: state, and the nearest deadline."""
    ticket = file.ticket
    due = times.next_due(file.regulation, ticket, now)
    kind = times.KINDS.get(ticket.next_due_kind or "", "")
    words = f"{kind}: {due.words}" if kind else due.words
    sign = "! " if due.level == "overdue" else ""
    state = " · ".join(_state(ticket, file.regulation, file.names))
    return Content.assemble((sign + words, STYLES[due.level]), (f" · {state}", "dim"))


def facts(file: TicketFile, now: datetime, zone: ZoneInfo) -> Content:
    """Everything about a ticket but its conversation."""
    ticket, regulation = file.ticket, file.regulation
    lines = [Content.styled("Сроки", "bold $primary")]
    for promise in promises(ticket, regulation, now):
        lines += promise_lines(promise)
    lines += [Content(""), Content.styled("Обращение", "bold $primary")]
    lines += [_pair(title, value) for title, value in _known(file, now, zone)]
    lines += line_facts(file, now)
    return Content("\n").join(lines)


def history(file: TicketFile, now: datetime, zone: ZoneInfo) -> Content:
    """What happened to a ticket, newest first."""
    names = dict(file.names)
    lines = [Content.styled("События", "bold $primary")]
    for event in reversed(file.events):
        when = times.moment(zone, event.at, now)
        words = labels.event_words(file.regulation, event, names)
        lines.append(
            Content.assemble(
                (f"{when} ", "dim"), words, (f" — {labels.actor_words(event, names, file.regulation)}", "dim")
            )
        )
    return Content("\n").join(lines)


def promises(ticket: Ticket, regulation: Regulation, now: datetime) -> Iterator[Promise]:
    """The deadlines of a ticket (§5), those kept and those that run."""
    if ticket.reaction_due is not None:
        made = regulation.reaction(ticket.opened_at)
        yield _promise(ticket, regulation, "Реакция", "reaction", made, ticket.reaction_due, ticket.reacted_at, now)
    if ticket.answer_due is not None and ticket.awaiting_since is not None:
        made = regulation.next_answer(ticket.awaiting_since)
        yield _promise(ticket, regulation, "Ответ", "answer", made, ticket.answer_due, None, now)
    yield _completion(ticket, regulation, now)


def promise_lines(promise: Promise) -> list[Content]:
    """A deadline in words with its clause."""
    style = STYLES[promise.state.level]
    sign = "! " if promise.state.level == "overdue" else ""
    lines = [Content.assemble((f"{promise.title}: ", "bold"), (sign + promise.state.words, style))]
    if promise.exact:
        lines.append(Content.styled(f"  {promise.exact}", ""))
    lines.append(Content.styled(f"  {promise.rests_on}", "dim"))
    return lines


def _promise(
    ticket: Ticket,
    regulation: Regulation,
    title: str,
    kind: str,
    made: Countdown,
    due: datetime,
    kept: datetime | None,
    now: datetime,
) -> Promise:
    rests_on = _rests_on(made)
    working = times.counts_working_time(regulation, ticket, kind)
    exact = deadline_words(regulation, made.since, due, working=working)
    if kept is not None:
        late = "с опозданием" if kept > due else "в срок"
        when = times.moment(regulation.zone, kept, now)
        return Promise(title, times.Due(f"{when}, {late}", "overdue" if kept > due else "none"), exact, rests_on)
    return Promise(title, times.due_words(regulation, ticket, kind, due, now), exact, rests_on)


def _completion(ticket: Ticket, regulation: Regulation, now: datetime) -> Promise:
    due = ticket.completion_due
    if ticket.agreed_due is not None and due is not None:
        agreed = regulation.agreed(ticket.opened_at, due, AGREED)
        return _promise(ticket, regulation, "Завершение", "completion", agreed, due, ticket.closed_at, now)
    made = regulation.completion(
        ticket.type,
        ticket.opened_at,
        criticality=ticket.criticality,
        estimate_hours=ticket.estimate_hours,
        estimated_at=ticket.estimated_at,
    )
    if made is None:
        why = f"{regulation.rules.completion.clause}: срок доработки — по оценке трудоёмкости"
        return Promise("Завершение", times.Due("нужна оценка", "none"), "", why)
    if ticket.paused or due is None:
        return Promise("Завершение", times.Due("стоит: ждём клиента", "none"), "", _rests_on(made))
    return _promise(ticket, regulation, "Завершение", "completion", made, due, ticket.closed_at, now)


def _rests_on(made: Countdown) -> str:
    if made.clause is None:
        return f"{made.rule} (правило службы)"
    return f"{made.clause}: {made.rule}" + (" (в этих пределах — правило службы)" if made.own_rule else "")


def _state(ticket: Ticket, regulation: Regulation, names: Mapping[str, str] | None = None) -> list[str]:
    who = (names or {}).get(ticket.assignee or "", ticket.assignee)
    found = [labels.type_name(regulation, ticket)]
    if ticket.type is Type.BUG and ticket.criticality is not None:
        found.append(labels.criticality_name(regulation, ticket.criticality).lower())
    found += [labels.status_name(regulation, ticket.status), visible(f"ведёт {who}") if who else "свободно"]
    return found


def _known(file: TicketFile, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    ticket, regulation = file.ticket, file.regulation
    yield "Контакт", labels.person(ticket.contact_name, ticket.contact_address)
    offered = offered_contact(file.events)
    if offered is not None:
        yield "Предложен контакт", f"{labels.person('', offered)} (d — принять)"
    yield "Лицензиат", licensee_words(ticket)
    if ticket.product:
        yield "Продукт", visible(ticket.product)
    yield "Тип", labels.type_name(regulation, ticket) + ("" if ticket.type_sure else " определён неуверенно")
    yield "Статус", labels.status_name(regulation, ticket.status)
    if ticket.type is Type.BUG:
        yield "Критичность", labels.criticality_name(regulation, ticket.criticality)
    if ticket.estimate_hours is not None:
        yield "Трудоёмкость", f"{ticket.estimate_hours} ч"
    if ticket.topic:
        yield "Тема", labels.topic_name(regulation, ticket.topic)
    assignee = ticket.assignee
    yield "Ведёт", visible(f"{file.names.get(assignee, assignee)} ({assignee})") if assignee else "свободно"
    yield "Источник", labels.SOURCES[ticket.source]
    yield "Поступило", times.moment(zone, ticket.opened_at, now)
    acknowledged = ticket.acknowledged_at
    yield "Письмо о приёме", times.moment(zone, acknowledged, now) if acknowledged else "не отправлено"
    if ticket.answered_at is not None:
        yield "Первый ответ", times.moment(zone, ticket.answered_at, now)
    if ticket.status is Status.CLOSED and ticket.closed_at is not None:
        yield "Завершено", times.moment(zone, ticket.closed_at, now)
    if ticket.rating is not None:
        yield "Оценка", str(ticket.rating)
    yield "Регламент", visible(ticket.regulation)


def licensee_words(ticket: Ticket) -> str:
    """Whose it is; an unknown sender (§1) is marked, with the key that links him."""
    return visible(ticket.licensee) if ticket.licensee else "⚠ отправитель неизвестен, i — связать"


def _pair(title: str, value: str) -> Content:
    return Content.assemble((f"{title}: ", "dim"), value)
