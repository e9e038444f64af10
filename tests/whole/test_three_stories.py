"""Three tickets from first mail to mark: letters in, letters out, a moved clock, the real store of both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.escalations import Reply
from intake.explaining import explain, words
from intake.forms import FilledForm, form_mail
from intake.model import Criticality, Status, Ticket, Type
from tests.support.departments import ASKING, IT, PRODUCT, answer, asked
from tests.support.desks import TestDesk, a_desk, mail
from tests.support.plain import parsed, plain_text

SETTINGS = replace(ASKING, public_url="https://desk.example")
CLIENT = "Ольга Петрова <olga@roscha.example>"


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url, SETTINGS) as made:
        yield made


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of May 2026 in Moscow."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


def at(desk: TestDesk, day: int, hour: int, minute: int = 0) -> None:
    desk.clock.now = moscow(day, hour, minute)


def last(desk: TestDesk) -> str:
    return plain_text(desk.letters()[-1].raw)


def replied(desk: TestDesk, body: str, identifier: str) -> Ticket:
    """The client answers the last letter, as a mail program does."""
    letter = parsed(desk.letters()[-1].raw)
    quoted = "\n".join(f"> {line}" for line in plain_text(desk.letters()[-1].raw).splitlines())
    raw = mail(
        subject=f"Re: {letter['Subject']}",
        body=f"{body}\n\n12 мая 2026 г., 12:00, Служба поддержки пишет:\n{quoted}",
        sender=CLIENT,
        to=str(letter["Reply-To"]),
        message_id=f"<{identifier}@roscha.example>",
        In_Reply_To=str(letter["Message-ID"]),
    )
    row = desk.receive(raw, rcpt_to=str(letter["Reply-To"]))
    assert row.disposition == "message", (row.disposition, row.cause)
    return desk.ticket(row.ticket)


def why(desk: TestDesk, number: int, kind: str) -> list[str]:
    """The explanation of one deadline, as `otklik explain` prints it."""
    with desk.store.read() as tx:
        ticket, events = tx.tickets.get(number), tx.tickets.events(number)
        escalations = tx.escalations.of(number)
    regulation = desk.regulations.of(ticket.regulation)
    told = explain(ticket, events, regulation, desk.clock(), escalations)
    return [line for one in told if one.kind == kind for line in words(one, regulation, desk.clock())]


def test_a_consultation_with_two_questions_back_and_forth(desk: TestDesk) -> None:
    at(desk, 12, 10, 30)
    number = desk.receive(mail(subject="Выгрузка в 1С", body="Подскажите, как настроить выгрузку в 1С?")).ticket
    assert number is not None
    assert "до 11:30 МСК во вторник, 12 мая" in last(desk)
    assert "до 10:30 МСК в среду, 13 мая" in last(desk)

    at(desk, 12, 11)
    desk.desk.take(number, "anna")
    desk.desk.set_status(number, Status.INFO_NEEDED, "anna", text="Какая у вас версия 1С?")
    at(desk, 12, 15)
    assert replied(desk, "Версия 8.3.", "a1").status is Status.IN_PROGRESS
    at(desk, 12, 15, 30)
    desk.desk.set_status(number, Status.INFO_NEEDED, "anna", text="А номер лицензии?")
    at(desk, 14, 9, 30)
    ticket = replied(desk, "Лицензия 77.", "a2")
    assert (ticket.assignee, ticket.paused) == ("anna", False)
    assert ticket.completion_due == moscow(13, 10, 30) + timedelta(hours=4) + timedelta(hours=42)

    at(desk, 14, 10, 20)
    desk.desk.reply(number, "Включите модуль «Обмен».", "anna")
    desk.desk.close(number, "anna")
    assert "Ответьте цифрой от 1 до 5" in last(desk)
    assert replied(desk, "5, спасибо!", "a3").status is Status.CLOSED
    assert desk.ticket(number).rating == 5
    assert why(desk, number, "completion") == [
        "Завершение: до 15 мая, 08:30 МСК (выполнено в срок)",
        "  завершение, «Консультация»: 24 ч (§5)",
        "  12.05 10:30 – 11:00  идёт подряд, днём и ночью, правило службы: + 30 мин",
        "  12.05 11:00 – 15:00  ждём клиента: Требуется информация, правило службы: не считается",
        "  12.05 15:00 – 15:30  идёт подряд, днём и ночью, правило службы: + 30 мин",
        "  12.05 15:30 – 14.05 09:30  ждём клиента: Требуется информация, правило службы: не считается",
        "  14.05 09:30 – 15.05 08:30  идёт подряд, днём и ночью, правило службы: + 23 ч",
        "  сделано 14 мая, 10:20 МСК",
        "  события, по которым идёт отсчёт:",
        "    12.05 10:30  обращение открыто (клиент)",
        "    12.05 11:00  статус «Запрос» → «Процесс» (anna)",
        "    12.05 11:00  статус «Процесс» → «Требуется информация» (anna)",
        "    12.05 15:00  статус «Требуется информация» → «Процесс» (клиент)",
        "    12.05 15:00  клиент написал (клиент)",
        "    12.05 15:30  статус «Процесс» → «Требуется информация» (anna)",
        "    14.05 09:30  статус «Требуется информация» → «Процесс» (клиент)",
        "    14.05 09:30  клиент написал (клиент)",
        "    14.05 10:20  статус «Процесс» → «Завершено» (anna)",
    ]


def test_a_bug_with_payment_and_verification(desk: TestDesk) -> None:
    at(desk, 12, 18, 30)
    number = desk.receive(mail()).ticket
    assert number is not None
    assert "до 10:30 МСК в среду, 13 мая" in last(desk)
    assert desk.ticket(number).type is Type.BUG

    at(desk, 13, 10, 10)
    desk.desk.take(number, "boris")
    assert desk.desk.set_criticality(number, Criticality.HIGH, "boris").completion_due == moscow(15, 18, 30)
    desk.desk.set_status(number, Status.PAYMENT, "boris", text="Счёт № 7 на выезд специалиста.")
    assert "выставлен счёт" in last(desk)
    at(desk, 15, 10, 10)
    paid = replied(desk, "Оплатили, платёжка во вложении.", "b1")
    assert (paid.status, paid.paused, paid.unread) == (Status.PAYMENT, False, True)
    assert paid.completion_due == moscow(17, 18, 30)

    at(desk, 15, 11)
    desk.desk.set_status(number, Status.IN_PROGRESS, "boris")
    at(desk, 15, 12)
    desk.desk.set_status(number, Status.VERIFICATION, "boris")
    assert "https://desk.example/confirm/" in last(desk)
    at(desk, 18, 12)
    assert desk.desk.confirm(number, works=False, text="Всё ещё ошибка 500").status is Status.IN_PROGRESS
    at(desk, 18, 13)
    desk.desk.set_status(number, Status.VERIFICATION, "boris")
    at(desk, 18, 14)
    closed = desk.desk.confirm(number, works=True)
    assert (closed.status, closed.assignee) == (Status.CLOSED, "boris")
    assert closed.completion_due == moscow(17, 18, 30) + timedelta(days=3, hours=1)
    reasons = "\n".join(why(desk, number, "completion"))
    assert reasons.count("ждём клиента: Оплата") == 1
    assert reasons.count("ждём клиента: Проверка") == 2
    assert "(выполнено в срок)" in reasons


def test_an_improvement_with_an_estimate_and_two_departments(desk: TestDesk) -> None:
    at(desk, 8, 18)
    form = FilledForm("Ольга Петрова", "olga@roscha.example", "Кнопка выгрузки", "Добавьте кнопку выгрузки.")
    number = desk.receive(form_mail(form, "a" * 64, "digest", SETTINGS, desk.clock()), door="form").ticket
    assert number is not None
    assert (desk.ticket(number).type, desk.ticket(number).completion_due) == (Type.IMPROVEMENT, None)
    assert "после оценки" in last(desk)

    at(desk, 8, 18, 20)
    desk.desk.take(number, "anna")
    desk.desk.set_status(number, Status.ANALYSIS, "anna")
    desk.desk.escalate(number, "development", "anna", "Сколько это займёт?")
    questions = asked(desk)
    assert {str(parsed(row.raw)["To"]) for row in questions} == {
        f"Департамент продукта <{PRODUCT}>",
        f"Департамент ИТ <{IT}>",
    }
    assert all("до 19:00 МСК понедельника, 18 мая" in plain_text(row.raw) for row in questions)

    at(desk, 13, 12)
    for count, row in enumerate(questions):
        letter = parsed(row.raw)
        sender = "Пётр <p@product.licensor.example>" if PRODUCT in str(letter["To"]) else IT
        kept = answer(row, f"Часов {count + 6}.", sender=sender, message_id=f"<d{count}@licensor.example>")
        assert desk.receive(kept, rcpt_to=str(letter["Reply-To"])).disposition == "message"
    with desk.store.read() as tx:
        (escalation,) = tx.escalations.of(number)
        internal = [one for one in tx.messages.of(number) if one.direction == "dept_in"]
    assert escalation.answered_at == moscow(13, 12)
    assert {part.outcome for part in escalation.asked} == {Reply.ANSWERED}
    assert {one.text for one in internal} == {"Часов 6.", "Часов 7."}

    at(desk, 13, 15)
    assert desk.desk.set_estimate(number, "13", "anna").completion_due == moscow(14, 19)
    assert why(desk, number, "completion") == [
        "Завершение: до 14 мая, 19:00 МСК (идёт)",
        "  завершение доработки: оценка трудоёмкости 13 ч рабочего времени (§5 и правило службы)",
        "  13.05 15:00 – 19:00  рабочее время, §2: + 4 ч",
        "  13.05 19:00 – 14.05 10:00  вне часов работы, §2: не считается",
        "  14.05 10:00 – 19:00  рабочее время, §2: + 9 ч",
        "  события, по которым идёт отсчёт:",
        "    13.05 15:00  оценена трудоёмкость (anna)",
    ]
    at(desk, 14, 18)
    desk.desk.set_status(number, Status.VERIFICATION, "anna", text="Кнопка готова.")
    at(desk, 15, 11)
    assert replied(desk, "Всё отлично, спасибо", "c1").status is Status.VERIFICATION
    desk.desk.close(number, "anna")
    told = [plain_text(row.raw) for row in desk.letters() if "olga@roscha.example" in str(parsed(row.raw)["To"])]
    assert not [text for text in told if "Часов" in text or "Сколько это займёт" in text]
