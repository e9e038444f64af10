"""A client's mark in a real browser, with and without scripts: opening a link votes for nothing, two clicks vote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gateway.settings import WebSettings
from tests.support.desks import mail
from tests.support.web import web_house
from tests.whole.test_web_pages import assert_sound, chromium

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("chromium")]


def assert_it_says(driver: Chrome, mark: str) -> None:
    """The answer to a click may still be on its way, and the page before it in its place."""
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.support.wait import WebDriverWait

    waiting = WebDriverWait(driver, 20, ignored_exceptions=[WebDriverException])
    waiting.until(lambda _: mark in driver.find_element("id", "said").text)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_client_votes_with_two_clicks(tmp_path: Path, scripts: bool) -> None:
    (tmp_path / "desk").mkdir()
    with web_house(tmp_path / "desk", web=WebSettings(port=0, public_url="http://desk.example"), works=False) as house:
        row = house.desk.receive(mail())
        assert row.ticket is not None
        house.desk.desk.close(row.ticket, "boris")
        with house.desk.store.read() as tx:
            letter = tx.messages.of(row.ticket)[-1].text
        links = [word for word in letter.split() if "/rate/" in word]
        here = f"http://127.0.0.1:{house.door.port}"
        with chromium(tmp_path / "profile", "phone", scripts) as driver:
            for link in links:
                driver.get(link.replace("http://desk.example", here))
                assert_sound(driver, scripts)
            assert house.desk.ticket(row.ticket).rating is None

            driver.get(links[1].replace("http://desk.example", here))
            driver.find_element("css selector", "button[type=submit]").click()
            assert_it_says(driver, "4")
            assert house.desk.ticket(row.ticket).rating == 4
            assert_sound(driver, scripts)

            driver.find_element("css selector", "input[value='5']").click()
            driver.find_element("name", "comment").send_keys("Теперь всё хорошо")
            driver.find_element("css selector", "button[type=submit]").click()
            assert_it_says(driver, "5")
            assert house.desk.ticket(row.ticket).rating == 5
