"""The pages in a real browser, on a phone and a desktop, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.programs import require
from tests.support.web import FILLED, WebHouse, web_house

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("chromium")]
SCREENS = {"phone": (390, 844), "desktop": (1366, 900)}
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
WIDER_THAN_THE_SCREEN = """
    return [...document.querySelectorAll("body *")]
        .filter(node => !node.closest(".trap, .skip, datalist") && node.getBoundingClientRect().width > 0)
        .filter(node => node.getBoundingClientRect().right > window.innerWidth + 1).map(node => node.outerHTML)"""
UNLABELLED = """
    return [...document.querySelectorAll("input:not([type=hidden]), textarea")]
        .filter(node => !node.labels || !node.labels.length).map(node => node.name)"""


@contextmanager
def chromium(profile: Path, screen: str, scripts: bool) -> Iterator[Chrome]:
    """A browser with nothing of its own."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = require("chromium")
    for argument in (*QUIET.split(), f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(require("chromedriver")))
    try:
        width, height = SCREENS[screen]
        size: dict[str, Any] = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": screen == "phone"}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.implicitly_wait(10)
        yield driver
    finally:
        driver.quit()


def fill(driver: Chrome, **values: str) -> None:
    """Type into fields by name."""
    for name, value in values.items():
        field = driver.find_element("name", name)
        field.clear()
        field.send_keys(value)


def assert_sound(driver: Chrome, scripts: bool) -> None:
    """Nothing is wider than the screen, every field has its label, the browser complains of nothing."""
    if scripts:
        assert driver.execute_script(WIDER_THAN_THE_SCREEN) == []
        assert driver.execute_script(UNLABELLED) == []
    told = [entry["message"] for entry in driver.get_log("browser")]  # type: ignore[no-untyped-call]
    assert [line for line in told if "422" not in line] == []


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    (tmp_path / "desk").mkdir()
    with web_house(tmp_path / "desk") as made:
        yield made


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_person_sends_a_form_and_adds_to_it(house: WebHouse, tmp_path: Path, screen: str, scripts: bool) -> None:
    first, second = tmp_path / "первый.txt", tmp_path / "второй.txt"
    first.write_text("1")
    second.write_text("2")
    with chromium(tmp_path / "profile", screen, scripts) as driver:
        driver.get(f"http://127.0.0.1:{house.door.port}/feedback")
        house.desk.clock.forward(seconds=5)
        assert driver.find_element("css selector", "[value=improvement]").is_selected()
        fill(driver, name=FILLED["name"], email="olga@", organisation=FILLED["organisation"])
        driver.find_element("id", "files").send_keys(str(first))
        driver.find_element("id", "submit").click()
        problem = driver.find_element("css selector", "#email-problem:not([hidden])")
        assert "не похож" in problem.text
        assert driver.find_element("name", "name").get_attribute("value") == FILLED["name"]
        assert_sound(driver, scripts)

        fill(driver, email=FILLED["email"], subject=FILLED["subject"], body=FILLED["body"])
        driver.find_element("css selector", "[value=bug]").click()
        driver.find_element("id", "files").send_keys(str(second))
        driver.find_element("id", "submit").click()
        key = driver.find_element("css selector", ".done .key").text
        (ticket,) = house.tickets()
        assert key == ticket.key
        assert_sound(driver, scripts)
        with house.desk.store.read() as tx:
            names = {one.filename for one in tx.messages.of(ticket.number)[0].attachments}
        assert names == ({first.name, second.name} if scripts else {second.name})

        driver.find_element("link text", "Страница обращения").click()
        assert driver.find_element("css selector", ".badge").text == "Запрос"
        house.desk.clock.forward(seconds=5)
        fill(driver, body="Забыли добавить.")
        driver.find_element("id", "submit").click()
        assert "добавлено" in driver.find_element("id", "said").text
        assert "Забыли добавить." in driver.find_element("css selector", ".talk").text
        assert_sound(driver, scripts)


def test_a_double_click_in_a_browser_is_one_ticket(house: WebHouse, tmp_path: Path) -> None:
    from selenium.webdriver import ActionChains

    for scripts in (True, False):
        with chromium(tmp_path / f"profile-{scripts}", "desktop", scripts) as driver:
            driver.get(f"http://127.0.0.1:{house.door.port}/feedback")
            house.desk.clock.forward(seconds=5)
            fill(driver, **{name: FILLED[name] for name in ("name", "email", "subject", "body")})
            button = driver.find_element("id", "submit")
            ActionChains(driver).double_click(button).perform()
            assert driver.find_element("css selector", ".done .key").text == house.tickets()[-1].key
    assert len(house.tickets()) == 2


def test_the_form_can_be_sent_by_keyboard_alone(house: WebHouse, tmp_path: Path) -> None:
    from selenium.webdriver import ActionChains, Keys

    with chromium(tmp_path / "profile", "desktop", True) as driver:
        driver.get(f"http://127.0.0.1:{house.door.port}/feedback")
        house.desk.clock.forward(seconds=5)
        driver.find_element("css selector", "input[name=type]:checked").send_keys(Keys.ARROW_UP)
        order = ["name", "email", "organisation", "product", "subject", "body"]
        keys = ActionChains(driver)
        for name in order:
            keys.send_keys(Keys.TAB).send_keys(FILLED[name])
        keys.send_keys(Keys.TAB).send_keys(Keys.TAB).send_keys(Keys.ENTER).perform()
        assert driver.find_element("css selector", ".done .key").text == house.tickets()[0].key
        assert house.tickets()[0].type == "bug"
