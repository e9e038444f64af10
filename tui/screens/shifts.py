"""«Смены»: who is on shift in the coming weeks, where §2 is not met, and what waits for those who are not here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.registries import Turn
from tui.acting import act
from tui.keys import both
from tui.roster import Day, Roster, day_line, day_words, hours, roster, summary
from tui.rows import columns, rows
from tui.screens.ask import AskPanel
from tui.screens.choice import Choice, ChoicePanel, Choices
from tui.screens.place import Place
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.queue_list import QueueList
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.model import Agent, Ticket


class RosterRead(Message):
    """The roster has been read."""

    def __init__(self, roster: Roster) -> None:
        super().__init__()
        self.roster = roster


class Done(Message):
    """Something was changed."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


class ShiftsScreen(Place[None]):
    """Days above, the day under the cursor and the tickets of the absent below."""

    HEADING: ClassVar[str] = "Смены"
    HELP: ClassVar[str] = (
        "Смены на ближайшие недели (§2). «✓» — людей хватает каждую рабочую минуту, «!» — не хватает, и сказано кого; "
        "«*» — технический специалист. Внизу — обращения тех, кого сегодня нет: Tab — к ним, t — взять себе. "
        "График меняет руководитель."
    )
    BINDINGS = both(
        [
            Binding("a", "add", "В смену", tooltip="Добавить сотрудника в смену этого дня"),
            Binding("x,delete", "remove", "Из смены", tooltip="Убрать сотрудника из смены этого дня"),
            Binding("t", "take", "Взять", tooltip="Взять себе обращение отсутствующего"),
            Binding("f5", "reload", "Обновить", show=False, tooltip="Прочитать график заново"),
            Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К очереди"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._roster: Roster | None = None

    def compose(self) -> ComposeResult:
        """Title, days, the day, the absent's tickets, keys."""
        yield TitleBar("Смены", "читаю…")
        yield Choices(markup=False, id="days")
        with Vertical(id="below"):
            yield Words(id="day")
            yield Words(id="absent-title")
            yield QueueList(columns, "Обращений отсутствующих нет", id="absent")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read it."""
        self.query_one("#days", Choices).focus()
        self._read()

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        self._read()

    def on_screen_resume(self) -> None:
        """Back from a ticket."""
        if self._roster is not None:
            self._read()

    def _read(self) -> None:
        at = self.at
        self.work_on("roster", lambda: RosterRead(roster(at)))

    @on(RosterRead)
    def _show(self, event: RosterRead) -> None:
        found, self._roster = event.roster, event.roster
        days = self.query_one("#days", Choices)
        before = days.highlighted or 0
        days.clear_options()
        days.add_options([Option(day_line(day, found.agents)) for day in found.days])
        days.highlighted = min(before, len(found.days) - 1)
        self.query_one(TitleBar).tell(f"Смены до {found.days[-1].day:%d.%m}", summary(found))
        self._tell_absent(found)
        self._tell_day()
        self.refresh_bindings()

    def _tell_absent(self, found: Roster) -> None:
        count = len(found.absent)
        words = f"Обращения тех, кого сегодня нет: {count}" if count else "Обращений отсутствующих нет"
        self.query_one("#absent-title", Words).tell(Content.styled(words, "bold"))
        listed = self.query_one("#absent", QueueList)
        listed.display = bool(count)
        listed.show(rows(found.absent, found.regulations, self.at.clock()))

    def _tell_day(self) -> None:
        if (day := self._day()) is not None and self._roster is not None:
            self.query_one("#day", Words).tell(day_words(day, self._roster.agents, self._roster.regulation.zone))

    def _day(self) -> Day | None:
        place = self.query_one("#days", Choices).highlighted
        return None if self._roster is None or place is None else self._roster.days[place]

    @on(OptionList.OptionHighlighted)
    def _point(self) -> None:
        self._tell_day()

    @on(OptionList.OptionSelected)
    def _select(self) -> None:
        self.action_add()

    def why_not(self, action: str) -> str | None:
        """See `Place.why_not`."""
        day = self._day()
        if action in ("add", "remove"):
            if self._roster is None or day is None:
                return "График ещё читается"
            if self._roster.locked is not None:
                return self._roster.locked
            if action == "remove" and not day.turns:
                return "В этот день в смене никого нет"
        if action == "take" and self._ticket() is None:
            return "Обращений отсутствующих нет"
        return None

    def action_add(self) -> None:
        """Who, and from when till when."""
        day, found = self._day(), self._roster
        if not self.may("add") or day is None or found is None:
            return
        there = {turn.login for turn in day.turns}
        people = sorted(found.agents.values(), key=lambda one: (one.login in there, one.name))
        choices = [Choice(one.login, one.name, note=_note(one, one.login in there)) for one in people]
        title = f"В смену {day.day:%d.%m.%Y}"
        self.app.push_screen(ChoicePanel(title, choices), lambda login: self._hours(day, login))

    def _hours(self, day: Day, login: str | None) -> None:
        if login is None or self._roster is None:
            return
        rules = self._roster.regulation.rules.hours
        mine = [turn for turn in day.turns if turn.login == login]
        start, end = (mine[0].start, mine[0].end) if mine else (rules.opens, rules.closes)
        ask = AskPanel(
            f"{day.day:%d.%m.%Y}, {self._roster.agents[login].name}: часы",
            f"{start:%H:%M}–{end:%H:%M}",
            "С какого времени по какое, по часам службы",
            understand=lambda text: "→ {:%H:%M}–{:%H:%M}".format(*hours(text)),
        )
        self.app.push_screen(ask, lambda text: self._add(day, login, text))

    def _add(self, day: Day, login: str, text: str | None) -> None:
        if text is not None:
            desk, me, turn = self.at.desk, self.at.agent.login, Turn(day.day, login, *hours(text))
            self._change(lambda: desk.put_turns([turn], me), f"{day.day:%d.%m}: {login} в смене")

    def action_remove(self) -> None:
        """Who?"""
        day, found = self._day(), self._roster
        if not self.may("remove") or day is None or found is None:
            return
        logins = list(dict.fromkeys(turn.login for turn in day.turns))
        choices = [Choice(one, found.agents[one].name if one in found.agents else one) for one in logins]
        title = f"Из смены {day.day:%d.%m.%Y}"
        self.app.push_screen(ChoicePanel(title, choices), lambda login: self._remove(day, login))

    def _remove(self, day: Day, login: str | None) -> None:
        if login is not None:
            desk, me = self.at.desk, self.at.agent.login
            self._change(lambda: desk.drop_turns(day.day, login, me), f"{day.day:%d.%m}: {login} не в смене")

    def _change(self, change: Callable[[], object], told: str) -> None:
        def work() -> Message:
            change()
            return Done(told)

        self.carry_out("change", work)

    @on(Done)
    def _done(self, event: Done) -> None:
        self.say(event.told)
        self._read()

    def _ticket(self) -> Ticket | None:
        return self.query_one("#absent", QueueList).ticket

    def action_take(self) -> None:
        """Take the ticket of somebody who is not here."""
        ticket = self._ticket()
        if self.may("take") and ticket is not None:
            at, desk, me = self.at, self.at.desk, self.at.agent.login
            take = partial(act, at, ticket, lambda seen: desk.take(ticket.number, me, seen))
            self._change(take, f"{ticket.key}: теперь у вас")

    @on(QueueList.Opened)
    def _opened(self, event: QueueList.Opened) -> None:
        self.desk_app.open_ticket(event.ticket.number)

    def action_reload(self) -> None:
        """Read it again."""
        self._read()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()


def _note(agent: Agent, there: bool) -> str:
    return ", ".join(("уже в смене",) * there + ("технический специалист",) * agent.technical)
