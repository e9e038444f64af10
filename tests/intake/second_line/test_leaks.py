"""What every scenario is held to at its end: nothing internal has left. Here it is shown that the check can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from intake.model import Letter
from tests.support.departments import ASKING, answer, asked, parsed
from tests.support.desks import TestDesk, a_desk, mail
from tests.support.leaks import fragments, leaks

CLIENT = "olga@roscha.example"
QUESTION, ANSWER, NOTE = "Можно ли расторгнуть договор?", "Договор ничтожен с начала.", "Клиент нам уже не доверяет."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path, ASKING) as made:
        made.receive(mail())
        made.desk.escalate(1001, "legal", "anna", QUESTION)
        letter = asked(made)[0]
        made.receive(answer(letter, ANSWER), rcpt_to=str(parsed(letter)["Reply-To"]))
        made.desk.note(1001, NOTE, "anna")
        made.desk.reply(1001, "Добрый день! Отвечаем.", "anna")
        yield made
        made.store.write(_never_happened)


def _never_happened(tx: Any) -> None:
    """What was forged is not to fail the check at the end."""
    tx.outbox._rows.run("UPDATE outbox SET raw = ? WHERE kind = 'forged'", (b"",))


def forged(desk: TestDesk, change: Callable[[EmailMessage], object], to: str = CLIENT) -> list[str]:
    """What is found once such a letter has left."""
    letter = EmailMessage()
    letter["To"], letter["Subject"] = to, "Ответ"
    change(letter)
    if letter.get_content_maintype() == "text" and not letter.get_payload():
        letter.set_content("Ничего особенного.")
    row = Letter("forged", 1001, "<forged@x.example>", (to,), letter.as_bytes(), False, "")
    desk.store.write(lambda tx: tx.outbox.add(row, desk.clock()))
    return leaks(desk.store, desk.settings)


def header(name: str, value: Callable[[TestDesk], str]) -> Callable[[TestDesk], Callable[[EmailMessage], object]]:
    def of(desk: TestDesk) -> Callable[[EmailMessage], object]:
        def change(letter: EmailMessage) -> None:
            del letter[name]
            letter[name] = value(desk)

        return change

    return of


def body(text: str, **how: Any) -> Callable[[TestDesk], Callable[[EmailMessage], object]]:
    return lambda _desk: lambda letter: letter.set_content(text, **how)


def thread(desk: TestDesk) -> str:
    return str(parsed(asked(desk)[0])["Message-ID"])


def token(desk: TestDesk) -> str:
    return str(parsed(asked(desk)[0])["Reply-To"])


@pytest.mark.parametrize(
    "leak",
    [
        body(f"Добрый день!\n> {QUESTION}"),
        body("Добрый день!\n\n> Договор\n> ничтожен\n> с начала.", cte="base64"),
        body(f"<p>Вот: <b>{NOTE}</b></p>", subtype="html"),
        header("Subject", lambda _: NOTE),
        header("References", lambda desk: f"<a@b.example> {thread(desk)}"),
        header("In-Reply-To", lambda _: "<answer@licensor.example>"),
        header("Reply-To", token),
    ],
    ids=["question", "answer, wrapped", "note, only in HTML", "subject", "thread", "their id", "address"],
)
def test_a_leak_is_found_wherever_it_stands(
    desk: TestDesk, leak: Callable[[TestDesk], Callable[[EmailMessage], object]]
) -> None:
    assert leaks(desk.store, desk.settings) == []
    assert forged(desk, leak(desk))


@pytest.mark.parametrize("to", ["anna@vitrina-domiland.example", "legal@licensor.example"])
def test_who_is_inside_may_read_it(desk: TestDesk, to: str) -> None:
    assert forged(desk, lambda letter: letter.set_content(f"{NOTE} {ANSWER}"), to) == []


def test_a_stranger_may_not_whoever_he_is(desk: TestDesk) -> None:
    assert forged(desk, lambda letter: letter.set_content(ANSWER), "nobody@nowhere.example")


def test_an_agent_may_quote_an_answer_by_his_own_act(desk: TestDesk) -> None:
    with desk.store.read() as tx:
        said = next(m for m in tx.messages.of(1001) if m.text == ANSWER)
    desk.desk.reply(1001, f"Юристы пишут:\n{desk.desk.quote_answer(1001, said.id)}", "anna")
    assert leaks(desk.store, desk.settings) == []


def test_the_clients_own_words_are_no_secret(desk: TestDesk) -> None:
    desk.desk.note(1001, "Пишет: после обновления не открывается витрина", "anna")
    assert forged(desk, lambda letter: letter.set_content("После обновления не открывается витрина?")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("раз два", []),
        ("> Да, но\n> не сегодня, друг", ["да, но не сегодня,", "но не сегодня,", "не сегодня, друг", "сегодня, друг"]),
        ("недоразумение", ["недоразумение"]),
    ],
)
def test_fragments_are_the_shortest_runs_of_whole_words(text: str, found: list[str]) -> None:
    assert list(fragments(text)) == found
