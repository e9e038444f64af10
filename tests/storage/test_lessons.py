"""What agents say of tickets is kept as lessons, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.model import Criticality, Status, Type
from storage import export, forget, import_, open_store
from tests.support.desks import TestDesk, a_desk, mail


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as desk:
        yield desk


def arrived(desk: TestDesk, number: int, body: str, sender: str = "olga@roscha.example") -> int:
    row = desk.receive(mail(f"Обращение {number}", body, f"Ольга <{sender}>", message_id=f"<{number}@roscha.example>"))
    assert row.ticket is not None
    return row.ticket


def said(desk: TestDesk) -> dict[str, dict[str, str | None]]:
    with desk.store.read() as tx:
        return {lesson.subject: dict(lesson.said) for lesson in tx.lessons.corrected()}


def test_the_last_word_on_each_question_is_the_lesson(desk: TestDesk) -> None:
    number = arrived(desk, 1, "Баннер наверху обрезан")
    desk.desk.set_type(number, Type.IMPROVEMENT, "boris")
    desk.desk.set_topic(number, "development", "boris")
    desk.desk.set_type(number, Type.BUG, "anna")
    desk.desk.set_criticality(number, Criticality.LOW, "anna")
    desk.desk.set_topic(number, None, "anna")
    with desk.store.read() as tx:
        (lesson,) = tx.lessons.corrected()
    assert (lesson.subject, lesson.text) == ("Обращение 1", "Баннер наверху обрезан")
    assert lesson.said == {"type": "bug", "topic": None, "criticality": "low"}
    assert (lesson.by, lesson.writer, lesson.ticket) == ("anna", "olga@roscha.example", number)


def test_only_what_was_answered_is_told(desk: TestDesk) -> None:
    number = arrived(desk, 1, "Как выгрузить заказы?")
    desk.desk.set_topic(number, "legal", "boris")
    assert said(desk) == {"Обращение 1": {"topic": "legal"}}


def test_spam_and_what_nobody_judged_teach_nothing(desk: TestDesk) -> None:
    arrived(desk, 1, "Не открывается витрина")
    spam = arrived(desk, 2, "Купите слона")
    desk.desk.set_type(spam, Type.BUG, "boris")
    desk.desk.spam(spam, "boris")
    assert said(desk) == {}


def test_the_limit_takes_the_latest(desk: TestDesk) -> None:
    for number in range(1, 4):
        desk.desk.set_topic(arrived(desk, number, f"Письмо {number}"), "legal", "boris")
    with desk.store.read() as tx:
        assert [lesson.subject for lesson in tx.lessons.corrected(2)] == ["Обращение 2", "Обращение 3"]


def test_what_was_closed_without_a_word_is_confirmed(desk: TestDesk) -> None:
    left, judged = (arrived(desk, n, "СРОЧНО! Не открывается витрина ни у кого, ошибка 502") for n in (1, 2))
    desk.desk.set_topic(judged, "legal", "boris")
    for number in (left, judged):
        desk.desk.assign(number, "boris", "boris")
        desk.desk.set_status(number, Status.CLOSED, "boris")
    with desk.store.read() as tx:
        (lesson,) = tx.lessons.confirmed()
    ticket = desk.ticket(left)
    assert lesson.ticket == left
    assert (lesson.said["type"], lesson.said["topic"]) == (ticket.type, ticket.topic)


def test_the_erased_teach_nothing(desk: TestDesk, store_url: str) -> None:
    for number, sender in ((1, "olga@roscha.example"), (2, "petr@roscha.example")):
        desk.desk.set_topic(arrived(desk, number, f"Письмо {number}", sender), "legal", "boris")
    forget(store_url, "olga@roscha.example", desk.clock())
    assert list(said(desk)) == ["Обращение 2"]


def test_the_latest_model_is_in_use_and_the_last_few_are_kept(desk: TestDesk) -> None:
    with desk.store.read() as tx:
        assert (tx.lessons.model_version(), tx.lessons.model()) == (0, (0, ""))
    versions = [
        desk.store.write(lambda tx, n=n: tx.lessons.put_model(f"model {n}", "{}", desk.clock()))  # type: ignore[misc]
        for n in range(7)
    ]
    with desk.store.read() as tx:
        assert tx.lessons.model() == (versions[-1], "model 6")
        assert tx.rows.count("SELECT COUNT(*) FROM typing_models") == 5


def test_lessons_and_model_travel_with_exports(desk: TestDesk, store_url: str, empty_url: str, tmp_path: Path) -> None:
    desk.desk.set_topic(arrived(desk, 1, "Нужен юрист"), "legal", "boris")
    desk.store.write(lambda tx: tx.lessons.put_model("a model", "{}", desk.clock()))
    export(store_url, str(tmp_path / "out"))
    open_store(empty_url).close()
    import_(empty_url, str(tmp_path / "out"))
    store = open_store(empty_url)
    with store.read() as tx:
        assert [lesson.said for lesson in tx.lessons.corrected()] == [{"topic": "legal"}]
        assert tx.lessons.model()[1] == "a model"
    store.close()
