"""A ticket as its licensee may see it: plain words, and nothing that was said inside the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from intake.clocks import counts_working_time
from intake.model import Delivery, Direction, Status, StoredAttachment, Ticket, TicketMessage
from intake.pages import FileLink, Said, TicketView
from intake.visible import visible
from intake.wording import deadline_words, moment_words, zone_label

if TYPE_CHECKING:
    from intake.ports import Transaction
    from intake.regulation import Regulation

LONGEST_TEXT = 50_000
STATUS_WORDS = {
    Status.REQUEST: "Обращение получено. Сотрудник поддержки скоро ответит или возьмёт его в работу.",
    Status.INFO_NEEDED: "Нам нужны сведения от вас. Ответьте, пожалуйста, на последнее сообщение.",
    Status.IN_PROGRESS: "Сотрудник поддержки работает над обращением.",
    Status.ANALYSIS: "Изучаем, можно ли решить задачу и каким способом.",
    Status.PAYMENT: "Ждём оплаты выставленного счёта.",
    Status.VERIFICATION: "Мы закончили работу. Проверьте, пожалуйста, всё ли в порядке, и напишите нам.",
    Status.CLOSED: "Обращение завершено. Если вопрос остался, напишите здесь же.",
}
_SIZES = ((1024**2, "МБ"), (1024, "КБ"))


def client_view(tx: Transaction, ticket: Ticket, regulation: Regulation, link: str, now: datetime) -> TicketView:
    """Everything the page of a ticket shows; files are found under ``link``."""
    status = regulation.rules.statuses.named[ticket.status]
    names = {agent.login: agent.name for agent in tx.people.agents(active=False)}
    shown = shown_messages(tx, ticket.number, now)
    return TicketView(
        key=ticket.key,
        subject=visible(ticket.subject),
        status=ticket.status.value,
        status_name=status.name,
        status_words=STATUS_WORDS[ticket.status],
        category=_category(ticket.status, regulation),
        type_name=regulation.rules.types.named[ticket.type].name,
        facts=tuple(_facts(ticket, regulation, now)),
        messages=tuple(_said(message, ticket, names, regulation, link, now) for message in shown),
    )


def shown_messages(tx: Transaction, ticket: int, now: datetime) -> list[TicketMessage]:
    """What client and desk said to each other: no notes, no departments, no strangers, nothing automatic, and no
    letter that its agent can still take back."""
    return [
        message
        for message in tx.messages.of(ticket)
        if message.direction in (Direction.IN, Direction.OUT)
        and not (message.automatic or message.unconfirmed)
        and not _held(tx, message, now)
    ]


def _held(tx: Transaction, message: TicketMessage, now: datetime) -> bool:
    if message.delivery is not Delivery.QUEUED or message.outbox is None:
        return False
    letter = tx.outbox.get(message.outbox)
    return not letter.attempts and letter.next_try_at is not None and letter.next_try_at > now


def completion_words(ticket: Ticket, regulation: Regulation) -> str | None:
    """The date of completion; None where it is promised only after an estimate."""
    due = ticket.completion_due
    if due is None:
        return None
    return deadline_words(regulation, ticket.opened_at, due, working=counts_working_time(ticket, regulation))


def hours_words(regulation: Regulation, now: datetime) -> str:
    """When the desk works."""
    hours = regulation.rules.hours
    return f"по рабочим дням с {hours.opens:%H:%M} до {hours.closes:%H:%M} {zone_label(regulation.zone, now)}"


def size_words(octets: int) -> str:
    """ "1,4 МБ"."""
    for unit, name in _SIZES:
        if octets >= unit:
            tenths = round(octets * 10 / unit)
            return f"{tenths // 10}{f',{tenths % 10}' if tenths % 10 else ''} {name}"
    return f"{octets} Б"


def _category(status: Status, regulation: Regulation) -> str:
    if status is Status.CLOSED:
        return "done"
    return "client" if status.value in regulation.rules.statuses.waits_for_client else "desk"


def _facts(ticket: Ticket, regulation: Regulation, now: datetime) -> Iterable[tuple[str, str]]:
    yield "Получено", moment_words(regulation.zone, ticket.opened_at, now)
    if ticket.status is Status.CLOSED:
        if ticket.closed_at is not None:
            yield "Завершено", moment_words(regulation.zone, ticket.closed_at, now)
        return
    if ticket.reacted_at is None and ticket.reaction_due is not None:
        words = deadline_words(regulation, ticket.opened_at, ticket.reaction_due)
        yield "Ответим или возьмём в работу", _late(words, ticket.reaction_due, now)
    elif ticket.answer_due is not None:
        words = deadline_words(regulation, ticket.awaiting_since or ticket.opened_at, ticket.answer_due)
        yield "Ответим на ваше сообщение", _late(words, ticket.answer_due, now)
    completion = completion_words(ticket, regulation)
    if ticket.paused:
        yield "Срок завершения", "приостановлен, пока мы ждём вас"
    elif completion is None or ticket.completion_due is None:
        yield "Срок завершения", "сообщим после оценки трудоёмкости"
    else:
        yield "Срок завершения", _late(completion, ticket.completion_due, now)


def _late(words: str, due: datetime, now: datetime) -> str:
    return f"{words}. Срок прошёл, мы торопимся" if due < now else words


def _said(
    message: TicketMessage,
    ticket: Ticket,
    names: dict[str, str],
    regulation: Regulation,
    link: str,
    now: datetime,
) -> Said:
    ours = message.direction is Direction.OUT
    text = message.text.strip()
    return Said(
        ours=ours,
        who=visible(names.get(message.author or "", message.sender_name) if ours else _author(message, ticket)),
        at=moment_words(regulation.zone, message.at, now),
        text=visible(text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…", keep_newlines=True),
        files=tuple(_file(one, link) for one in message.attachments),
    )


def _author(message: TicketMessage, ticket: Ticket) -> str:
    address = (message.sender_address or "").lower()
    if address and address == (ticket.contact_address or "").lower():
        return "Вы"
    return message.sender_name or address or "Вы"


def _file(one: StoredAttachment, link: str) -> FileLink:
    return FileLink(visible(one.filename) or "файл без имени", size_words(one.size), f"{link}/files/{one.id}")
