"""Colleagues named in notes get one letter, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.desk.mentions import mentioned
from intake.model import Agent
from tests.support.desks import TestDesk, a_desk, mail

PEOPLE = [
    Agent("anna", "Анна", "a@d.example"),
    Agent("boris", "Борис", "b@d.example"),
    Agent("o.k", "О", "", active=False),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "logins"),
    [
        ("@boris посмотри", ["boris"]),
        ("(@Boris), и ещё @boris.", ["boris"]),
        ("пишите на me@boris.example или boris@boris", []),
        ("@anna сама себе", []),
        ("@o.k @никто @", []),
    ],
)
def test_a_note_calls_active_colleagues_once(text: str, logins: list[str]) -> None:
    assert [agent.login for agent in mentioned(text, PEOPLE, "anna")] == logins


def test_a_named_colleague_gets_one_letter_and_the_ticket_an_event(desk: TestDesk) -> None:
    number = desk.receive(mail()).ticket
    assert number is not None
    before = len(desk.letters())
    desk.desk.note(number, "@boris, глянь. @boris!", "anna")
    new = desk.letters()[before:]
    assert [(letter.kind, [r[0] for r in letter.recipients]) for letter in new] == [
        ("mention", ["boris@vitrina-domiland.example"])
    ]
    with desk.store.read() as tx:
        events = [(event.kind, event.after) for event in tx.tickets.events(number)]
    assert ("mentioned", "boris") in events
    desk.desk.note(number, "просто заметка", "anna")
    assert len(desk.letters()) == before + 1
