"""A desk with its web door open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.web import Browser, WebHouse, web_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    """A desk at work behind its web door."""
    with web_house(tmp_path) as made:
        yield made


@pytest.fixture
def browser(house: WebHouse) -> Browser:
    """A visitor."""
    return house.browser()
