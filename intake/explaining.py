"""Why each deadline of a ticket is what it is: from when, how much, which time counted and which did not, and by
which clause. Plain data, and Russian words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from intake.clocks import completion, course, ended
from intake.model import Event, Ticket
from intake.regulation.segments import CLOSED_NAME
from intake.second_line import begun
from intake.wording import duration_words, moment_words, working_hours_words

if TYPE_CHECKING:
    from intake.escalations import Asked, Escalation
    from intake.regulation import Countdown, Regulation, Segment
    from intake.waiting import Shares

State = Literal["met", "late", "running", "overdue", "paused", "unset"]
_STATES = {
    "met": "выполнено в срок",
    "late": "выполнено с опозданием",
    "running": "идёт",
    "overdue": "просрочено",
    "paused": "на паузе",
    "unset": "ещё не отсчитывается",
}
_ESTIMATE = "срок доработки определяется по оценке трудоёмкости, её ещё нет"
_MARKS = {
    "opened": "обращение открыто",
    "client_wrote": "клиент написал",
    "assigned": "назначено",
    "replied": "отправлен ответ клиенту",
    "status": "статус",
    "escalated": "вопрос отправлен во вторую линию",
    "dept_answered": "подразделение ответило",
    "estimate": "оценена трудоёмкость",
    "agreed": "срок согласован с клиентом",
}
_TURNS = {
    "reaction": frozenset({"opened", "assigned", "replied", "status", "escalated"}),
    "completion": frozenset({"opened", "client_wrote", "status", "estimate", "agreed"}),
    "answer": frozenset({"client_wrote"}),
    "second_line": frozenset({"escalated", "dept_answered"}),
}
"""What begins, stops or ends each clock; other events of the same instant have no part in it."""
_ACTORS = {"client": "клиент", "desk": "служба"}
_KINDS = {
    "working": "рабочее время",
    "night": "вне часов работы",
    "weekend": "выходной",
    "holiday": "праздник",
    "elapsed": "идёт подряд, днём и ночью",
    "pause": "ждём клиента",
    "day_of_sending": "день отправки",
    "working_day": "рабочий день",
}
TITLES = {
    "reaction": "Реакция",
    "answer": "Ответ на новое сообщение",
    "completion": "Завершение",
    "second_line": "Вторая линия",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One deadline. ``done_at`` is when what it asks for happened; ``due`` None while a pause without an end lasts
    or where the rules set none, which ``rule`` then says."""

    kind: str
    state: State
    since: datetime
    due: datetime | None
    done_at: datetime | None
    rule: str
    clause: str | None
    own_rule: bool
    provisional: bool
    segments: tuple[Segment, ...]
    marks: tuple[Event, ...] = ()


def explain(
    ticket: Ticket,
    events: Sequence[Event],
    regulation: Regulation,
    now: datetime,
    escalations: Sequence[Escalation] = (),
) -> list[Explanation]:
    """The deadlines of a ticket under the version of the regulation it is bound to, in the order they begin, and those
    of its questions to the second line."""
    so_far = course(events, regulation.rules.statuses.pauses_completion)
    found = [_explained("reaction", regulation, regulation.reaction(ticket.opened_at), so_far.reacted_at, now)]
    term = completion(ticket, so_far if so_far.closed_at is None else ended(so_far), regulation)
    if term is None:
        found.append(_unset(ticket, regulation))
    else:
        found.append(_explained("completion", regulation, term, so_far.closed_at, now))
    if so_far.awaiting_since is not None and so_far.reacted_at is not None:
        found.append(_explained("answer", regulation, regulation.next_answer(so_far.awaiting_since), None, now))
    found += [one for asked in escalations for one in _second_line(asked, regulation, now)]
    return [replace(one, marks=_marks(one, events)) for one in found]


def _second_line(escalation: Escalation, regulation: Regulation, now: datetime) -> list[Explanation]:
    """The term of a question; that of each department where one was told something and its own began anew."""

    def term(part: Asked, done_at: datetime | None) -> Explanation:
        countdown = regulation.second_line(escalation.topic, begun(escalation, part))
        return _explained("second_line", regulation, countdown, done_at, now)

    if len({begun(escalation, part) for part in escalation.asked}) == 1:
        return [term(escalation.asked[0], escalation.answered_at)]
    each = [(part.title, term(part, part.answered_at or escalation.answered_at)) for part in escalation.asked]
    return [replace(one, rule=f"{one.rule}, {title}") for title, one in each]


def _unset(ticket: Ticket, regulation: Regulation) -> Explanation:
    """An improvement's completion before its estimate."""
    clause = regulation.rules.completion.clause
    return Explanation("completion", "unset", ticket.opened_at, None, None, _ESTIMATE, clause, False, False, ())


def _marks(one: Explanation, events: Sequence[Event]) -> tuple[Event, ...]:
    pauses = [segment for segment in one.segments if segment.kind == "pause"]
    turns = {at for segment in pauses for at in (segment.start, segment.end)}
    turns |= {at for at in (one.since, one.done_at) if at is not None and one.state != "unset"}
    return tuple(event for event in events if event.at in turns and event.kind in _TURNS[one.kind])


def _explained(
    kind: str, regulation: Regulation, countdown: Countdown, done_at: datetime | None, now: datetime
) -> Explanation:
    deadline = regulation.deadline(countdown)
    due = None if deadline is None else deadline.at
    until = due or now
    return Explanation(
        kind,
        _state(due, done_at, now),
        countdown.since,
        due,
        done_at,
        countdown.rule,
        countdown.clause,
        countdown.own_rule,
        deadline is not None and deadline.provisional,
        regulation.explain(countdown, max(until, countdown.since)),
    )


def _state(due: datetime | None, done_at: datetime | None, now: datetime) -> State:
    if due is None:
        return "paused"
    if done_at is not None:
        return "met" if done_at <= due else "late"
    return "running" if now <= due else "overdue"


def words(explanation: Explanation, regulation: Regulation, now: datetime) -> list[str]:
    """An explanation as lines for people."""
    zone = regulation.zone
    due = "без срока" if explanation.state == "unset" else "без срока, пока ждём клиента"
    if explanation.due is not None:
        due = f"до {moment_words(zone, explanation.due, now)}"
    lines = [f"{TITLES[explanation.kind]}: {due} ({_STATES[explanation.state]})"]
    lines.append(f"  {explanation.rule} ({source_words(explanation.clause, explanation.own_rule)})")
    lines += [f"  {_segment_words(segment, regulation)}" for segment in explanation.segments]
    if explanation.done_at is not None:
        lines.append(f"  сделано {moment_words(zone, explanation.done_at, now)}")
    if explanation.marks:
        lines.append("  события, по которым идёт отсчёт:")
        lines += [f"    {_mark_words(event, regulation)}" for event in explanation.marks]
    if explanation.provisional:
        lines.append("  предварительно: производственный календарь этого года ещё не утверждён")
    return lines


def shares_words(found: Shares) -> list[str]:
    """Whose turn it was, as lines for people."""
    total = working_hours_words(found.total)
    lines = [f"Чья была очередь (рабочее время, всего {total}):", f"  служба: {working_hours_words(found.desk)}"]
    lines += [f"  {one.title}: {working_hours_words(one.amount)}" for one in found.departments]
    return [*lines, f"  клиент: {working_hours_words(found.client)}"]


def source_words(clause: str | None, own_rule: bool) -> str:
    """What a deadline rests on: "§5", "§5 и правило службы", "правило службы"."""
    if clause is None:
        return "правило службы"
    return f"{clause} и правило службы" if own_rule else clause


def _segment_words(segment: Segment, regulation: Regulation) -> str:
    zone = regulation.zone
    start, end = segment.start.astimezone(zone), segment.end.astimezone(zone)
    same_day = start.date() == (end - timedelta(microseconds=1)).date()
    until = f"{end:%H:%M}" if same_day and end.date() == start.date() else f"{end:%d.%m %H:%M}"
    kind = _KINDS[segment.kind]
    what = segment.name if segment.kind in ("holiday", "working_day") and segment.name else kind
    if segment.kind == "pause" and segment.name:
        what = segment.name if segment.name == CLOSED_NAME else f"{kind}: {segment.name}"
    length = duration_words(segment.end - segment.start)
    counts = "не считается"
    if segment.counted:
        counts = "считается" if segment.kind == "working_day" else f"+ {length}"
    return f"{start:%d.%m %H:%M} – {until}  {what}, {segment.clause or 'правило службы'}: {counts}"


def _mark_words(event: Event, regulation: Regulation) -> str:
    what = _MARKS[event.kind]
    if event.kind == "status":
        named = regulation.rules.statuses.named
        what += " →".join([f" «{named[key].name}»" for key in (event.before, event.after) if key and key in named])
    elif event.kind == "assigned" and event.after:
        what += f": {event.after}"
    return f"{event.at.astimezone(regulation.zone):%d.%m %H:%M}  {what} ({_ACTORS.get(event.actor, event.actor)})"
