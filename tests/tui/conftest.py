"""A desk with some tickets, and both ways of looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks import TestDesk, a_desk, mail
from tests.tui.working import LARGE, LATIN, RUSSIAN, SMALL


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """VD-1001 a bug, VD-1002 a question ten minutes later, VD-1003 a wish another ten minutes later."""
    with a_desk(tmp_path) as made:
        made.receive(mail())
        made.clock.forward(minutes=10)
        made.receive(
            mail(
                "Как подключить второй дом?",
                "Добрый день! Подскажите, как подключить второй дом к витрине?",
                "Игорь Лаптев <laptev@ozero.example>",
                message_id="<second@ozero.example>",
            )
        )
        made.clock.forward(minutes=10)
        made.receive(
            mail(
                "Добавьте выгрузку в Excel",
                "Просим добавить в отчёты новую кнопку: выгрузку в Excel.",
                "Нина Жукова <zhukova@melnica.example>",
                message_id="<third@melnica.example>",
            )
        )
        yield made


@pytest.fixture(params=[SMALL, LARGE], ids=["80x24", "140x40"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """The two sizes of window that are promised."""
    found: tuple[int, int] = request.param
    return found


@pytest.fixture(params=[LATIN, RUSSIAN])
def layout(request: pytest.FixtureRequest) -> str:
    """The keyboard layout that is on."""
    found: str = request.param
    return found
