"""The second line in words: rows of its list, what is under the cursor, the part of a ticket's facts, the month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from intake.escalations import Asked, Escalation, OpenPart, Reply
from intake.explaining import shares_words
from intake.letters.asking import due_words
from intake.regulation.errors import OutsideCalendar
from intake.second_line import begun, due_of
from intake.visible import visible
from intake.waiting import shares
from intake.wording import duration_words
from tui import labels, times
from tui.line_labels import CHANNELS
from tui.widgets.cells import Column, fitted, laid_out

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from intake.departments import Figures
    from intake.regulation import Regulation
    from tui.reading import TicketFile
    from tui.second_line import MonthOfLine
    from tui.times import Level

WAITING, OVERDUE, DOUBTFUL, LOST = "ждём", "просрочено", "ответ?", "не дошло"
STATES = {Reply.ANSWERED: "ответ", Reply.REFUSED: "отказ", Reply.QUESTION: "вопрос"}
KEYS = "F7 ответили, F8 отказ, F9 спрашивают, F3 ответить им"
NEAR = timedelta(hours=4)
ROOMY = 130
COLUMNS = ("спрошено", "в срок", "с опозд.", "ждём", "просрочено", "медиана, ч", "ждали, ч")
SHORT_COLUMNS = ("спрош", "в срок", "позже", "ждём", "проср", "мед, ч", "всего")
WIDE_MONTH = 120


def state_words(escalation: Escalation, asked: Asked, regulation: Regulation, now: datetime) -> str:
    """ждём, просрочено, ответ, вопрос, отказ; "не ждём" where the other department's answer was enough."""
    if asked.outcome is not None:
        return STATES[asked.outcome]
    if asked not in escalation.waiting:
        return "не ждём"
    return OVERDUE if now > due_of(escalation, asked, regulation) else WAITING


def part_state(part: OpenPart, regulation: Regulation, now: datetime) -> str:
    """`state_words`, and whether somebody unconfirmed has written; не дошло where the question never arrived."""
    if is_lost(part):
        return LOST
    state = state_words(part.escalation, part.asked, regulation, now)
    return f"{state}, {DOUBTFUL}" if part.doubtful is not None and part.asked.outcome is None else state


def is_lost(part: OpenPart) -> bool:
    """Whether the desk waits for somebody who was never reached."""
    return part.lost and part.doubtful is None and part.asked in part.escalation.waiting


def level_of(part: OpenPart, regulation: Regulation, now: datetime) -> Level:
    """How pressing it is."""
    if part.asked.outcome is not None:
        return "none"
    if is_lost(part):
        return "overdue"
    left = working_left(due_of(part.escalation, part.asked, regulation), regulation, now)
    return "overdue" if left < timedelta(0) else "near" if left <= NEAR else "running"


def working_left(due: datetime, regulation: Regulation, now: datetime) -> timedelta:
    """Working time until a deadline; less than none once it is over, even outside working hours."""
    try:
        left = regulation.working.between(now, due)
    except OutsideCalendar:
        left = due - now
    return left if now <= due or left < timedelta(0) else timedelta(microseconds=-1)


def due_cell(part: OpenPart, regulation: Regulation, now: datetime) -> str:
    """ "чт 14.05 19:00 · 26 ч": date and hour, and the working time left or over; of an answer, when it came."""
    if part.asked.answered_at is not None:
        return date_hour(regulation.zone, part.asked.answered_at)
    due = due_of(part.escalation, part.asked, regulation)
    return f"{date_hour(regulation.zone, due)} · {hours_words(working_left(due, regulation, now))}"


def date_hour(zone: ZoneInfo, at: datetime) -> str:
    """ "чт 14.05 19:00"."""
    local = at.astimezone(zone)
    return f"{times.WEEKDAYS[local.weekday()]} {local:%d.%m %H:%M}"


def hours_words(amount: timedelta) -> str:
    """Working time, never in days, which would not be the calendar's: "26 ч", "4 ч 5 мин", "−3 ч"."""
    minus, size = ("−", -amount) if amount < timedelta(0) else ("", amount)
    hours = size // timedelta(hours=1)
    return minus + (f"{hours} ч" if hours >= 10 else duration_words(size).replace("меньше минуты", "<1 мин"))


def short_title(title: str) -> str:
    """ "Юридический" for "Юридический департамент": the column says the rest."""
    short = " ".join(word for word in visible(title).split() if word.casefold() != "департамент")
    return short[:1].upper() + short[1:] or visible(title)


def channels_words(asked: Asked) -> str:
    """ "Slack, почта"."""
    return ", ".join(CHANNELS.get(channel, channel) for channel in asked.channels)


def columns(width: int) -> list[Column]:
    """The columns of the list for a width."""
    found = [
        Column("mark", "", 3),
        Column("key", "Номер", 9),
        Column("state", "Состояние", 12),
        Column("due", "Срок · раб. время", 25 if width >= ROOMY else 23),
        Column("department", "Департамент", 13),
    ]
    if width >= ROOMY:
        found += [Column("topic", "Тема второй линии", 24), Column("channels", "Канал", 13)]
        found.append(Column("asked", "Спрошено", 15))
    return laid_out([*found, Column("subject", "Тема")], width)


def part_row(part: OpenPart, regulation: Regulation, width: int, now: datetime) -> Content:
    """A part as a row: ``!`` is late, ``●`` an answer to deal with, ``?`` one whose sender is unconfirmed."""
    level = level_of(part, regulation, now)
    mark = "!" if level == "overdue" else "?" if part.doubtful is not None else "●" if part.asked.outcome else " "
    state = part_state(part, regulation, now)
    cells = {
        "mark": f" {mark}",
        "key": part.key,
        "state": state.partition(",")[0],
        "due": due_cell(part, regulation, now),
        "department": short_title(part.asked.title),
        "topic": labels.topic_name(regulation, part.escalation.topic),
        "channels": channels_words(part.asked),
        "asked": date_hour(regulation.zone, begun(part.escalation, part.asked)),
        "subject": part.subject or "(без темы)",
    }
    look = {"overdue": "bold $error", "near": "bold $warning", "running": "", "none": "$accent"}[level]
    pieces = [
        Content.styled(fitted(visible(cells[c.name]), c.width), look if c.name in ("mark", "state", "due") else "")
        for c in columns(width)
    ]
    return Content("").join(pieces)


def heading_row(width: int) -> Content:
    """The names of the columns."""
    return Content.styled("".join(fitted(c.title, c.width) for c in columns(width)), "dim")


def part_lines(part: OpenPart, regulation: Regulation, names: Mapping[str, str], now: datetime) -> Content:
    """What is under the cursor of the list, in a few lines."""
    escalation, asked = part.escalation, part.asked
    who = visible(names.get(escalation.by, escalation.by))
    others = [f"{short_title(a.title)}: {state_words(escalation, a, regulation, now)}" for a in escalation.asked]
    lines = [
        Content.assemble((part.key, "bold"), "  ", (visible(part.subject) or "(без темы)", "bold")),
        Content(f"{labels.topic_name(regulation, escalation.topic)} · {'; '.join(others)} · {channels_words(asked)}"),
        Content(
            f"Ответ {due_words(escalation, asked, regulation)}; спрошено"
            f" {date_hour(regulation.zone, begun(escalation, asked))}, {who}"
        ),
        Content.assemble(("Вопрос: ", "dim"), _line(escalation.question) or "переписка с клиентом"),
    ]
    if is_lost(part):
        lines.append(
            Content.styled("Вопрос не дошёл: почему, сказано в обращении у письма; спросите заново", "bold $error")
        )
    if part.said:
        title = "Не подтверждено: " if part.doubtful is not None else "Ответ: "
        lines.append(Content.assemble((title, "bold $warning" if part.doubtful else "bold $accent"), _line(part.said)))
    return Content("\n").join(lines)


def part_choice(part: OpenPart, regulation: Regulation, now: datetime) -> tuple[str, str]:
    """A part as one of several to choose from: what it is, how it stands."""
    topic = labels.topic_name(regulation, part.escalation.topic)
    return f"{visible(part.asked.title)} — {topic}", part_state(part, regulation, now)


def line_facts(file: TicketFile, now: datetime) -> list[Content]:
    """The second line's part of a ticket's facts: how each question stands, and whose time the ticket took."""
    if not file.escalations:
        return []
    lines = [Content(""), Content.styled("Вторая линия", "bold $primary"), Content.styled(KEYS, "dim")]
    for escalation in file.escalations:
        regulation = file.asked_under[escalation.regulation]
        lines.append(Content.styled(labels.topic_name(regulation, escalation.topic), "bold"))
        for asked in escalation.asked:
            lines += _asked_lines(escalation, asked, regulation, now)
    try:
        found = shares(file.ticket, file.events, file.escalations, file.regulation, now)
    except OutsideCalendar:
        return lines
    return [*lines, Content(""), *(Content(visible(words)) for words in shares_words(found))]


def _asked_lines(escalation: Escalation, asked: Asked, regulation: Regulation, now: datetime) -> list[Content]:
    state = state_words(escalation, asked, regulation, now)
    sign, style = ("! ", "bold $error") if state == OVERDUE else ("", "bold $accent" if asked.outcome else "")
    due = due_of(escalation, asked, regulation)
    when = f", {date_hour(regulation.zone, asked.answered_at)}" if asked.answered_at is not None else ""
    left = f" ({hours_words(working_left(due, regulation, now))})" if asked in escalation.waiting else ""
    return [
        Content.assemble(f"{visible(asked.title)}: ", (f"{sign}{state}{when}{left}", style)),
        Content(f"  {due_words(escalation, asked, regulation)}"),
        Content.styled(
            f"  {channels_words(asked)}, спрошено {date_hour(regulation.zone, escalation.escalated_at)}", "dim"
        ),
    ]


def month_lines(month: MonthOfLine, width: int) -> Content:
    """The month's table: each department, its topics below; what it means beneath."""
    if not month.found.departments:
        return Content("В этом месяце вторую линию ни о чём не спрашивали")
    cell = 13 if width >= WIDE_MONTH else 7
    titles = COLUMNS if width >= WIDE_MONTH else SHORT_COLUMNS
    first = max(20, min(46, width - cell * len(titles) - 2))
    lines = [Content.styled(" " * first + "".join(title.rjust(cell) for title in titles), "dim")]
    for one in month.found.departments:
        lines.append(_figures(visible(one.title), one.figures, first, cell, "bold"))
        lines += [_figures(f"  {visible(name)}", counted, first, cell, "") for _, name, counted in one.topics]
    lines.append(_figures("Все", month.found.everybody, first, cell, "bold $primary"))
    own, client = _decimal(month.found.own), _decimal(month.found.client)
    beneath = f"По тем же обращениям: своё время службы {own} ч, ждали клиента {client} ч. Часы рабочие."
    return Content("\n").join([*lines, Content(""), Content(beneath)])


def _figures(title: str, counted: Figures, first: int, cell: int, style: str) -> Content:
    median = "—" if counted.median is None else _decimal(counted.median)
    whole = (counted.asked, counted.in_time, counted.late, counted.open, counted.overdue)
    cells = [*map(str, whole), median, _decimal(counted.waited)]
    return Content.styled(fitted(title, first) + "".join(value.rjust(cell) for value in cells), style)


def _decimal(amount: timedelta) -> str:
    return f"{amount / timedelta(hours=1):.1f}".replace(".", ",")


def _line(text: str) -> str:
    return " ".join(visible(text).split())
