"""Search on both databases: what is found, in which order, and that the index follows every change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from intake.model import StoredAttachment, Ticket, Type
from intake.ports import NewMessage, Transaction
from storage.search import LONGEST_BODY, StoredSearch, fitted, vector
from tests.support.desks import MORNING, TestDesk, a_desk, mail


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        yield made


def opened(desk: TestDesk, n: int, subject: str, body: str, sender: str = "Ольга Петрова <olga@roscha.example>") -> int:
    row = desk.receive(mail(subject, body, sender, message_id=f"<{n}@x.example>"))
    assert row.ticket is not None
    return row.ticket


def found(desk: TestDesk, words: str, **more: object) -> list[int]:
    with desk.store.read() as tx:
        return [ticket.number for ticket in tx.tickets.find({"words": words, **more})]


@pytest.fixture
def three(desk: TestDesk) -> list[int]:
    return [
        opened(desk, 1, "Не открывается витрина", "После обновления витрины пусто. Счёт ДГ-2024/17."),
        opened(desk, 2, "Предложение", "Добавьте выгрузку заказов в 1С", "Иван Сидоров <ivan@bor.example>"),
        opened(desk, 3, "Вопрос по оплате", "Как оплатить заказ? Витрина работает.", "Анна <anna@roscha.example>"),
    ]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("витрины", [2, 0]),
        ("ВИТРИН", [2, 0]),
        ("витр", [2, 0]),
        ("витрина заказ", [2]),
        ('"открывается витрина"', [0]),
        ('"витрина открывается"', []),
        ("счет", [0]),
        ("ДГ-2024/17", [0]),
        ("1с", [1]),
        ("olga@roscha.example", [0]),
        ("roscha", [2, 0]),
        ("от:roscha.example", [2, 0]),
        ("from:сидоров", [1]),
        ("от:витрина", []),
        ("vd-1002", [1]),
        ("тип:доработка", [1]),
        ("статус:запрос заказ", [2, 1]),
        ("статус:завершено", []),
        ("кому:никому витрина", [2, 0]),
        ("кому:неизвестному", []),
        ("???", []),
        ("'); DROP \\ & | ! <-> : * заказы", []),
        ("", [2, 1, 0]),
    ],
)
def test_both_databases_find_the_same_newest_first(
    desk: TestDesk, three: list[int], query: str, places: list[int]
) -> None:
    desk.desk.set_type(three[1], Type.IMPROVEMENT, "anna")
    assert found(desk, query) == [three[place] for place in places]


def test_pages_go_on_below_a_number(desk: TestDesk, three: list[int]) -> None:
    with desk.store.read() as tx:
        first = tx.tickets.find({"words": "заказ"}, 1)
        rest = tx.tickets.find({"words": "заказ"}, 5, before=first[0].number)
    assert [first[0].number, *(ticket.number for ticket in rest)] == [three[2], three[1]]


def test_columns_narrow_a_search(desk: TestDesk, three: list[int]) -> None:
    desk.desk.take(three[0], "boris")
    assert found(desk, "витрина", assignee="boris") == [three[0]]
    assert found(desk, "кому:Гусев") == [three[0]]
    assert found(desk, "assignee:BORIS статус:процесс") == [three[0]]


def test_notes_letters_and_names_of_files_are_found(desk: TestDesk, three: list[int]) -> None:
    desk.desk.note(three[0], "Похоже на кеширование", "anna")
    desk.desk.reply(three[1], "Сделаем в следующем выпуске", "anna")
    attached = StoredAttachment("a1", "Акт сверки.xlsx", "application/vnd.ms-excel", 10, 2)
    desk.store.write(lambda tx: tx.messages.add(NewMessage(three[2], "in", MORNING, "", "", attachments=(attached,))))
    assert found(desk, "кеширования") == [three[0]]
    assert found(desk, "следующий выпуск") == [three[1]]
    assert found(desk, '"акты сверки"') == [three[2]]


def test_what_the_desk_writes_by_itself_is_not_found(desk: TestDesk, three: list[int]) -> None:
    """Every acknowledgement says the same."""
    assert found(desk, "зарегистрировано") == []


def test_the_index_follows_changes(desk: TestDesk, three: list[int]) -> None:
    with desk.store.read() as tx:
        first = tx.tickets.get(three[0])
        said = tx.messages.of(three[0])[0]
    desk.store.write(lambda tx: tx.tickets.update(first, subject="Совсем другое"))
    desk.store.write(lambda tx: tx.messages.reread(said.id, "Прочитано заново", "Прочитано заново", ()))
    assert found(desk, "совсем другое") == [three[0]]
    assert found(desk, '"пусто"') == []
    desk.store.write(lambda tx: tx.messages.move([said.id], three[1]))
    assert found(desk, "прочитано") == [three[1]]


def test_making_the_index_anew_changes_nothing(desk: TestDesk, three: list[int]) -> None:
    """What was added piece by piece is what a rebuild makes of the tables."""
    desk.clock.forward(hours=1)
    desk.desk.note(three[0], "Заметка о витрине", "anna")

    def documents() -> list[tuple[object, ...]]:
        with desk.store.read() as tx:
            return tx.rows.all("SELECT ticket, head, people, body FROM search_documents ORDER BY ticket")

    before = documents()
    assert desk.store.write(lambda tx: StoredSearch(tx.rows).rebuild()) == 3  # type: ignore[attr-defined]
    assert documents() == before
    assert found(desk, "заметка витрина") == [three[0]]
    desk.desk.note(three[1], "Добавлено после", "anna")
    assert found(desk, "добавлено после") == [three[1]]


def test_similar_tickets_are_closed_and_share_rare_words(desk: TestDesk) -> None:
    texts = [
        ("Обмен с 1С", "Не проходит обмен: ошибка контрольной суммы в пакете номенклатуры"),
        ("Логотип", "Как поменять логотип и цвета шапки"),
        ("Обмен", "Пакет номенклатуры отвергнут, контрольная сумма не сошлась"),
    ]
    numbers = [opened(desk, n, *text) for n, text in enumerate(texts)]
    assert similar(desk, numbers[2]) == []
    for number in numbers[:2]:
        desk.desk.close(number, "anna", text="Готово")
    assert similar(desk, numbers[2]) == [numbers[0]]


def _add(said: NewMessage, tx: Transaction) -> int:
    return tx.messages.add(said)


def similar(desk: TestDesk, number: int) -> list[int]:
    with desk.store.read() as tx:
        alike: list[Ticket] = tx.tickets.similar(number)
    return [ticket.number for ticket in alike]


def test_a_long_conversation_keeps_every_stem_and_its_newest_phrases() -> None:
    body = " ".join(f"слово{n}" for n in range(20_000)) + " начало конца"
    long = " ".join(["шум"] * (LONGEST_BODY // 4)) + " " + body[: LONGEST_BODY // 2] + " начало конца"
    kept = fitted(long)
    assert len(kept) <= LONGEST_BODY
    assert set(long.split()) <= set(kept.split())
    assert kept.endswith("начало конца")


def test_a_long_document_fits_a_tsvector(desk: TestDesk) -> None:
    """PostgreSQL refuses one above 1 MB; a position above 16383 is left out, its word is still found."""
    number = opened(desk, 1, "Журнал", "строки снизу")
    for part in range(2):
        text = " ".join(f"{part}й{n:x}ю" for n in range(9000)) + f" последнее{part}"
        said = NewMessage(number, "in", MORNING + timedelta(minutes=part), text, text)
        desk.store.write(partial(_add, said))
    assert found(desk, "последнее1") == [number]
    assert found(desk, "строки снизу") == [number]
    assert "'a':1" in vector("a", "", "")


def test_a_desk_that_lived_before_the_index_gets_one(store_url: str) -> None:
    with a_desk(store_url) as desk:
        number = opened(desk, 1, "Давняя просьба", "О выгрузке")
        desk.store.write(_unmigrated)
    with a_desk(store_url) as desk:
        assert found(desk, "давние выгрузки") == [number]


def _unmigrated(tx: Transaction) -> None:
    run = tx.rows.run  # type: ignore[attr-defined] # the store's own transaction
    for kind in ("search_index", "search_documents"):
        run(f"DROP TABLE IF EXISTS {kind}")
    run("DELETE FROM schema_migration WHERE name = '0007_search'")
