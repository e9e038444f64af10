"""A letter greets once: the agent's own greeting takes the place of ours."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from intake.letters.greetings import greets
from intake.model import Status
from tests.support.desks import TestDesk, a_desk, mail
from tests.support.plain import plain_text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Здравствуйте, Ольга!", True),
        ("  Добрый день!\nСчёт во вложении.", True),
        ("«Доброе утро»", True),
        ("Уважаемая Ольга Петровна!", True),
        ("Hello Olga,", True),
        ("Счёт во вложении. Здравствуйте.", False),
        ("Добрые люди подсказали", False),
        ("Highlights are below", False),
        ("", False),
    ],
)
def test_a_greeting_is_known_where_the_text_begins(text: str, found: bool) -> None:
    assert greets(text) is found


def said(desk: TestDesk) -> str:
    return plain_text(desk.letters()[-1].raw)


def test_a_status_letter_greets_once_and_says_what_the_agent_wrote_first(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        desk.receive(mail())
        desk.desk.set_status(1001, Status.INFO_NEEDED, "anna", text="Здравствуйте, Ольга! Какая у вас версия?")
        text = said(desk)
        assert text.startswith("Здравствуйте, Ольга!")
        assert text.count("Здравствуйте") == 1
        assert text.index("Какая у вас версия?") < text.index("нужны дополнительные сведения")


def test_a_letter_does_not_say_that_an_agreed_date_waits(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        desk.receive(mail())
        desk.desk.set_status(1001, Status.PAYMENT, "anna")
        assert "срок обращения не идёт" in said(desk)
        desk.desk.set_status(1001, Status.IN_PROGRESS, "anna")
        desk.desk.agree(1001, desk.clock() + timedelta(days=9), "anna")
        desk.desk.set_status(1001, Status.PAYMENT, "anna")
        assert "срок обращения не идёт" not in said(desk)
