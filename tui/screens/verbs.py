"""What agents do to a ticket, wherever it stands: in the queue under the cursor, or opened."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from intake.model import Criticality, Status, Ticket, Type
from tui import labels
from tui.reading import colleagues
from tui.screens.ask import AskPanel
from tui.screens.choice import Choice
from tui.screens.contacting import ContactVerbs
from tui.screens.files import FileVerbs
from tui.screens.shelving import ShelvingVerbs
from tui.screens.statuses import StatusVerbs
from tui.screens.undoing import UndoVerbs

NOBODY = ""


class ColleaguesRead(Message):
    """Who a ticket can be given to."""

    def __init__(self, ticket: Ticket, people: list[tuple[str, str]]) -> None:
        super().__init__()
        self.ticket = ticket
        self.people = people


class TicketVerbs(StatusVerbs, ShelvingVerbs, ContactVerbs, FileVerbs, UndoVerbs):
    """Verbs for a place that shows tickets."""

    FIRST: ClassVar[list[BindingType]] = [
        Binding("t", "take", "Взять", tooltip="Взять обращение себе; новое перейдёт в «Процесс»"),
        Binding("r", "reply", "Ответить", tooltip="Написать клиенту"),
    ]
    REST: ClassVar[list[BindingType]] = [
        Binding("m", "note", "Заметка", tooltip="Записать то, что увидят только сотрудники"),
        *StatusVerbs.STATUSES,
        Binding("y", "type", "Тип", show=False, tooltip="Исправить тип (§3)"),
        Binding("k", "criticality", "Критичность", show=False, tooltip="Указать критичность ошибки (§5)"),
        Binding("e", "estimate", "Трудоёмкость", show=False, tooltip="Оценить доработку в рабочих часах (§5)"),
        Binding("p", "topic", "Тема", show=False, tooltip="Указать тему второй линии (§7)"),
        Binding("a", "assign", "Назначить", show=False, tooltip="Передать обращение или вернуть в очередь"),
        *ShelvingVerbs.SHELVING,
        *ContactVerbs.CONTACTS,
        *FileVerbs.FILES,
    ]
    ALWAYS: ClassVar[list[BindingType]] = UndoVerbs.ANYWHERE
    VERBS: ClassVar[frozenset[str]] = frozenset(binding.action for binding in Binding.make_bindings([*FIRST, *REST]))

    def refusal(self, action: str, ticket: Ticket) -> str | None:
        """See `TicketPlace.refusal`."""
        match action:
            case "take" if ticket.assignee == self.at.agent.login:
                return f"{ticket.key} уже у вас"
            case "take" if ticket.status is Status.CLOSED:
                return f"{ticket.key} завершено"
            case "reply" if ticket.contact_address is None:
                return f"{ticket.key}: нет адреса, на который можно написать"
            case "reply" if ticket.merged_into is not None:
                return f"{ticket.key} объединено с другим: отвечают в том обращении"
            case "criticality" if ticket.type is not Type.BUG:
                return "Критичность бывает только у ошибки"
            case "estimate" if ticket.type is not Type.IMPROVEMENT:
                return "Трудоёмкость оценивают только у доработки"
        return super().refusal(action, ticket)

    def action_take(self) -> None:
        """Take it."""
        if ticket := self.ready("take"):
            desk, me = self.at.desk, self.at.agent.login
            self.do(ticket, "теперь у вас", lambda seen: desk.take(ticket.number, me, seen))

    def action_reply(self) -> None:
        """Write to the client."""
        if ticket := self.ready("reply"):
            self.desk_app.compose_letter(ticket.number, "reply")

    def action_note(self) -> None:
        """Write a note."""
        if ticket := self.ready("note"):
            self.desk_app.compose_letter(ticket.number, "note")

    def action_type(self) -> None:
        """Correct the type."""
        if ticket := self.ready("type"):
            named = self.rules_of(ticket).rules.types.named
            choices = [Choice(key, entry.name) for key, entry in named.items()]
            self.choose(f"{ticket.key}: тип обращения (§3)", choices, ticket.type, lambda k: self._to_type(ticket, k))

    def _to_type(self, ticket: Ticket, key: str) -> None:
        desk, me = self.at.desk, self.at.agent.login
        name = self.rules_of(ticket).rules.types.named[key].name
        self.do(ticket, f"тип «{name}»", lambda seen: desk.set_type(ticket.number, Type(key), me, seen))

    def action_criticality(self) -> None:
        """How critical a bug is."""
        if ticket := self.ready("criticality"):
            entries = self.rules_of(ticket).rules.completion.criticality
            choices = [Choice(key, e.name, note=f"завершить за {e.hours} ч") for key, e in entries.items()]
            choices.append(Choice(NOBODY, "не указана"))
            current = ticket.criticality or NOBODY
            self.choose(f"{ticket.key}: критичность", choices, current, lambda key: self._to_criticality(ticket, key))

    def _to_criticality(self, ticket: Ticket, key: str) -> None:
        desk, me, chosen = self.at.desk, self.at.agent.login, Criticality(key) if key else None
        told = f"критичность: {labels.criticality_name(self.rules_of(ticket), chosen).lower()}"
        self.do(ticket, told, lambda seen: desk.set_criticality(ticket.number, chosen, me, seen))

    def action_topic(self) -> None:
        """The second-line topic."""
        if ticket := self.ready("topic"):
            topics = self.rules_of(ticket).rules.second_line.topics
            choices = [*(Choice(key, topic.name) for key, topic in topics.items()), Choice(NOBODY, "нет")]
            current = ticket.topic or NOBODY
            self.choose(f"{ticket.key}: тема (§7)", choices, current, lambda key: self._to_topic(ticket, key))

    def _to_topic(self, ticket: Ticket, key: str) -> None:
        desk, me, name = self.at.desk, self.at.agent.login, labels.topic_name(self.rules_of(ticket), key)
        self.do(ticket, f"тема: {name or 'нет'}", lambda seen: desk.set_topic(ticket.number, key or None, me, seen))

    def action_estimate(self) -> None:
        """Estimate an improvement."""
        if ticket := self.ready("estimate"):
            ask = AskPanel(
                f"{ticket.key}: трудоёмкость, рабочих часов",
                ticket.estimate_hours or "",
                "Срок завершения отсчитывается от этой минуты в часы работы СП (§5)",
            )
            self.app.push_screen(ask, lambda hours: self._to_estimate(ticket, hours))

    def _to_estimate(self, ticket: Ticket, hours: str | None) -> None:
        if hours is not None:
            desk, me = self.at.desk, self.at.agent.login
            told = f"трудоёмкость {hours.strip()} ч"
            self.do(ticket, told, lambda seen: desk.set_estimate(ticket.number, hours, me, seen))

    def action_assign(self) -> None:
        """Give it to somebody."""
        if ticket := self.ready("assign"):
            at = self.at
            self.work_on("people", lambda: ColleaguesRead(ticket, colleagues(at)))

    @on(ColleaguesRead)
    def _assign(self, event: ColleaguesRead) -> None:
        ticket = event.ticket
        choices = [Choice(login, f"{name} ({login})") for login, name in event.people]
        choices.append(Choice(NOBODY, "Вернуть в очередь"))
        current = ticket.assignee or NOBODY
        names = dict(event.people)
        self.choose(f"{ticket.key}: кто ведёт", choices, current, lambda key: self._to_agent(ticket, key, names))

    def _to_agent(self, ticket: Ticket, login: str, names: dict[str, str]) -> None:
        if login == (ticket.assignee or NOBODY):
            return
        desk, me = self.at.desk, self.at.agent.login
        told = f"теперь ведёт {names[login]}" if login else "возвращено в очередь"
        self.do(ticket, told, lambda seen: desk.assign(ticket.number, login or None, me, seen))
