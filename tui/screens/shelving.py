"""Tickets put together, taken apart, put away, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from intake.errors import Refused
from intake.model import Status, Ticket
from intake.when import FORMS, moment_ahead, understood
from tui import finding
from tui.keys import other_layout
from tui.screens.ask import AskPanel
from tui.screens.choice import Choice
from tui.screens.ticket_place import TicketPlace

if TYPE_CHECKING:
    from datetime import datetime

    from intake.model import TicketMessage

YES, NO = "yes", ""


class AbsorbedRead(Message):
    """What became part of a ticket lately."""

    def __init__(self, ticket: Ticket, absorbed: Sequence[Ticket]) -> None:
        super().__init__()
        self.ticket, self.absorbed = ticket, absorbed


class MessagesRead(Message):
    """What can be taken out of a ticket."""

    def __init__(self, ticket: Ticket, messages: Sequence[TicketMessage]) -> None:
        super().__init__()
        self.ticket, self.messages = ticket, messages


class ShelvingVerbs(TicketPlace):
    """Merge, link, split, spam, snooze, licensee."""

    SHELVING: ClassVar[list[BindingType]] = [
        Binding("z", "snooze", "Отложить", show=False, tooltip="Убрать из очереди до времени или до слова клиента"),
        Binding("i", "licensee", "Лицензиат", show=False, tooltip="Указать, чьё обращение (§1)"),
        Binding(
            "j", "merge", "Объединить", show=False, tooltip="Сделать частью другого обращения; в течение часа — вернуть"
        ),
        Binding("l", "link", "Связать", show=False, tooltip="Отметить, что два обращения связаны"),
        Binding("x", "split", "Вынести", show=False, tooltip="Сделать сообщение клиента отдельным обращением"),
        Binding("delete", "spam", "Спам", show=False, tooltip="Убрать как спам: без письма и не в счёт"),
    ]

    def refusal(self, action: str, ticket: Ticket) -> str | None:
        """See `TicketPlace.refusal`."""
        match action:
            case "spam" if ticket.spam:
                return f"{ticket.key} уже отмечено как спам"
            case "snooze" if ticket.status is Status.CLOSED:
                return f"{ticket.key} завершено, откладывать нечего"
            case "split" | "snooze" if ticket.merged_into is not None:
                return f"{ticket.key} стало частью другого обращения"
        return super().refusal(action, ticket)

    def action_snooze(self) -> None:
        """Until when? What was understood stands below what is typed."""
        ticket = self.ready("snooze")
        if ticket is None:
            return
        if ticket.snoozed_until is not None and ticket.snoozed_until > self.at.clock():
            until = moment_ahead(ticket.snoozed_until, self.at.clock(), self.rules_of(ticket))
            choices = [Choice("show", "Вернуть в очередь сейчас"), Choice("again", "Отложить до другого времени")]
            self.choose(f"{ticket.key} отложено: {until}", choices, None, partial(self._snoozed, ticket))
        else:
            self._snoozed(ticket, "again")

    def _snoozed(self, ticket: Ticket, how: str) -> None:
        if how == "show":
            desk, me = self.at.desk, self.at.agent.login
            self.do(ticket, "снова в очереди", lambda seen: desk.snooze(ticket.number, None, me, seen))
            return
        ask = AskPanel(
            f"{ticket.key}: отложить до",
            hint=f"{FORMS}. Если клиент напишет раньше, обращение вернётся само",
            understand=lambda text: self._said(ticket, text),
        )
        self.app.push_screen(ask, lambda text: self._snooze(ticket, text))

    def _until(self, ticket: Ticket, text: str) -> datetime:
        """What was typed, in either keyboard layout. Raises Refused."""
        now, rules = self.at.clock(), self.rules_of(ticket)
        try:
            return understood(text, now, rules)
        except Refused:
            try:
                return understood(other_layout(text), now, rules)
            except Refused:
                pass
            raise

    def _said(self, ticket: Ticket, text: str) -> str:
        return f"→ {moment_ahead(self._until(ticket, text), self.at.clock(), self.rules_of(ticket))}"

    def _snooze(self, ticket: Ticket, text: str | None) -> None:
        if text is None:
            return
        try:
            until = self._until(ticket, text).astimezone(UTC)
        except Refused as refusal:
            self.say(str(refusal), "warning")
            return
        desk, me = self.at.desk, self.at.agent.login
        told = f"отложено: {moment_ahead(until, self.at.clock(), self.rules_of(ticket))}"
        self.do(ticket, told, lambda seen: desk.snooze(ticket.number, until, me, seen))

    def action_spam(self) -> None:
        """Put it away, after asking."""
        if ticket := self.ready("spam"):
            choices = [Choice(YES, "Да, это спам: убрать без письма"), Choice(NO, "Нет, оставить как есть")]
            hint = "Обращение завершится, клиент ничего не получит, в отчёты оно не войдёт"
            self.choose(f"{ticket.key}: спам?", choices, NO, lambda answer: self._spam(ticket, answer), hint)

    def _spam(self, ticket: Ticket, answer: str) -> None:
        if answer:
            desk, me = self.at.desk, self.at.agent.login
            self.do(ticket, "спам", lambda seen: desk.spam(ticket.number, me, seen))

    def action_link(self) -> None:
        """Relate it to another one."""
        if ticket := self.ready("link"):
            self.pick(
                f"{ticket.key}: связать с",
                partial(finding.other_tickets, self.at, ticket),
                lambda key: self._link(ticket, int(key)),
                "Номер, тема, имя, адрес",
            )

    def _link(self, ticket: Ticket, other: int) -> None:
        desk, me = self.at.desk, self.at.agent.login
        self.do(ticket, "обращения связаны", lambda _: desk.link(ticket.number, other, me))

    def action_licensee(self) -> None:
        """Say whose it is."""
        if ticket := self.ready("licensee"):
            self.pick(
                f"{ticket.key}: чьё обращение? Адрес клиента запомнится",
                partial(finding.licensees, self.at, ticket),
                lambda inn: self._to_licensee(ticket, inn),
                "Название, ИНН или домен",
            )

    def _to_licensee(self, ticket: Ticket, inn: str) -> None:
        desk, me = self.at.desk, self.at.agent.login
        told = "лицензиат указан" if inn else "привязка к лицензиату снята"
        self.do(ticket, told, lambda seen: desk.set_licensee(ticket.number, inn or None, me, seen))

    def action_merge(self) -> None:
        """Make it part of another one; what was merged within the hour can be taken apart again."""
        ticket = self.ready("merge")
        if ticket is None:
            return
        if ticket.merged_into is not None:
            self._offer_unmerge(ticket, [ticket])
            return
        at = self.at
        self.work_on("absorbed", lambda: AbsorbedRead(ticket, finding.absorbed(at, ticket, at.clock())))

    @on(AbsorbedRead)
    def _merge(self, event: AbsorbedRead) -> None:
        if event.absorbed:
            self._offer_unmerge(event.ticket, event.absorbed)
        else:
            self._pick_target(event.ticket)

    def _offer_unmerge(self, ticket: Ticket, merged: Sequence[Ticket]) -> None:
        choices = [Choice(str(one.number), f"Вернуть {one.key} отдельно") for one in merged]
        if ticket.merged_into is None:
            choices.append(Choice(YES, "Присоединить к другому обращению"))
        choices.append(Choice(NO, "Ничего не менять"))
        self.choose(f"{ticket.key}: объединение", choices, None, lambda key: self._unmerge(ticket, key))

    def _unmerge(self, ticket: Ticket, key: str) -> None:
        if key == YES:
            self._pick_target(ticket)
        elif key:
            desk, me, number = self.at.desk, self.at.agent.login, int(key)
            self.do(ticket, "снова отдельное обращение", lambda _: desk.unmerge(number, me))

    def _pick_target(self, ticket: Ticket) -> None:
        self.pick(
            f"{ticket.key}: сделать частью",
            partial(finding.other_tickets, self.at, ticket),
            lambda key: self._confirm_merge(ticket, int(key)),
            "Номер, тема, имя, адрес",
        )

    def _confirm_merge(self, ticket: Ticket, into: int) -> None:
        choices = [Choice(YES, f"Да, перенести переписку {ticket.key} туда"), Choice(NO, "Нет, оставить отдельно")]
        hint = "Новые письма пойдут туда же. Отменить можно в течение часа той же клавишей"
        title = f"{ticket.key}: сделать частью № {into}?"
        self.choose(title, choices, YES, lambda answer: self._join(ticket, into, answer), hint)

    def _join(self, ticket: Ticket, into: int, answer: str) -> None:
        if answer:
            desk, me = self.at.desk, self.at.agent.login
            told = f"теперь здесь и переписка {ticket.key}; j — вернуть"
            self.do(ticket, told, lambda seen: desk.merge(ticket.number, into, me, seen), go=into)

    def action_split(self) -> None:
        """Make one of the client's messages a ticket of its own."""
        if ticket := self.ready("split"):
            at = self.at
            self.work_on("messages", lambda: MessagesRead(ticket, finding.splittable(at, ticket)))

    @on(MessagesRead)
    def _split(self, event: MessagesRead) -> None:
        ticket = event.ticket
        if not event.messages:
            self.say(f"{ticket.key}: у клиента здесь одно сообщение, выносить нечего", "warning")
            return
        lines = [(message.id, *finding.message_line(self.at, message)) for message in event.messages]
        choices = [Choice(str(key), title, note=begins) for key, title, begins in lines]
        self.choose(f"{ticket.key}: вынести сообщение", choices, None, lambda key: self._split_off(ticket, int(key)))

    def _split_off(self, ticket: Ticket, message: int) -> None:
        desk, me = self.at.desk, self.at.agent.login
        self.do(ticket, "отдельное обращение, связано с прежним", lambda _: desk.split(ticket.number, message, me))
