"""Health and metrics over the real door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from gateway.web.health import Signs
from intake.model import Letter
from intake.registries import Turn
from tests.support.desks import mail
from tests.support.web import FILLED, Browser, WebHouse, web_house


def figures(browser: Browser) -> dict[str, float]:
    """Every sample by its name and labels."""
    text = browser.get("/metrics").body.decode()
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_desk_at_work_is_well(browser: Browser) -> None:
    answer = browser.get("/healthz")
    assert (answer.status, answer.json) == (200, {"status": "ok", "problems": []})
    assert browser.ask("HEAD", "/healthz").status == 200


def test_a_part_that_died_is_named(tmp_path: Path) -> None:
    with web_house(tmp_path, signs=Signs(worker=lambda: False, sender=lambda: False)) as house:
        answer = house.browser().get("/healthz")
        assert answer.status == 503
        assert answer.json["problems"] == ["processing has stopped", "sending has stopped"]


def test_what_other_parts_say_is_passed_on(tmp_path: Path) -> None:
    with web_house(tmp_path, signs=Signs(problems=lambda: ["1 of 2 mailboxes can't be read"])) as house:
        answer = house.browser().get("/healthz")
        assert (answer.status, answer.json["problems"]) == (503, ["1 of 2 mailboxes can't be read"])


def test_mail_and_letters_that_wait_too_long_are_named(tmp_path: Path) -> None:
    with web_house(tmp_path, works=False) as house:
        house.desk.receive(mail())
        house.desk.arrive(mail(message_id="<second@roscha.example>", subject="Второе"))
        assert house.browser().get("/healthz").status == 200
    with web_house(tmp_path, works=False) as house:
        house.desk.clock.forward(hours=2)
        answer = house.browser().get("/healthz")
        assert answer.status == 503
        assert [problem.partition(" ")[0] for problem in answer.json["problems"]] == ["mail", "letters"]


def test_letters_that_the_brake_holds_are_named_and_counted(tmp_path: Path) -> None:
    with web_house(tmp_path, works=False) as house:
        now = house.desk.clock()
        held = Letter("acknowledgement", None, "<a@x>", ("o@x.example",), b"x", True, "d@x.example", reason="held: x")
        house.desk.store.write(lambda tx: tx.outbox.add(replace(held, not_before=now + timedelta(hours=1)), now))
        answer = house.browser().get("/healthz")
        assert (answer.status, answer.json["problems"]) == (503, ["1 automatic letters are held by the desk's ceiling"])
        assert figures(house.browser())["otklik_outbox_held"] == 1


def test_a_database_that_takes_nothing_is_named(tmp_path: Path) -> None:
    with web_house(tmp_path, works=False) as house:
        house.desk.store.close()
        answer = house.browser().get("/healthz")
        assert (answer.status, answer.json["problems"]) == (503, ["the database can't be written"])


def test_metrics_count_what_came_what_became_of_it_and_what_leaves(house: WebHouse, browser: Browser) -> None:
    before = figures(browser)
    assert before["otklik_journal_oldest_seconds"] == 0
    house.receive(mail())
    house.submit(browser, {**FILLED, "email": "anna@bereg.example"})
    house.desk.clock.forward(hours=5)
    after = figures(browser)
    assert after["otklik_arrivals_total form"] == after["otklik_arrivals_total smtp"] == 1
    assert after["otklik_journal_rows ticket"] == 2
    assert after["otklik_outbox_letters queued"] == 2
    assert after["otklik_tickets open"] == after["otklik_tickets overdue"] == 2
    assert after["otklik_http_requests_total POST feedback 303"] == 1


def test_metrics_tell_how_the_desk_stands_now(house: WebHouse, browser: Browser) -> None:
    before = figures(browser)
    assert before["otklik_queue_length"] == before["otklik_reactions_today"] == 0
    assert not [name for name in before if name.startswith("otklik_reaction_minutes_today")]
    first, _ = (house.receive(mail(message_id=f"<{n}@roscha.example>", subject=f"Вопрос {n}")) for n in (1, 2))
    house.desk.clock.forward(minutes=90)
    house.desk.desk.take(first.number, "boris")
    house.desk.store.write(lambda tx: tx.shifts.put([Turn(date(2026, 5, 12), "boris", time(10), time(19))]))
    after = figures(browser)
    assert (after["otklik_queue_length"], after["otklik_queue_overdue"]) == (2, 1)
    assert after["otklik_reactions_today"] == 1
    assert after["otklik_reaction_minutes_today 0.5"] == after["otklik_reaction_minutes_today 0.95"] == 90
    assert [
        after[f"otklik_shift_{who} {kind}"] for who in ("people", "technical") for kind in ("present", "needed")
    ] == [
        *(1, 3),
        *(1, 1),
    ]


def test_what_strangers_ask_for_makes_no_labels(browser: Browser) -> None:
    for number in range(20):
        browser.get(f"/nothing/{number}")
        browser.ask(f"METHOD{number}", "/feedback")
    labels = [name for name in figures(browser) if name.startswith("otklik_http_requests_total")]
    assert len(labels) <= 6


def test_a_scrape_tells_nobody_s_name(house: WebHouse, browser: Browser) -> None:
    house.submit(browser, FILLED)
    text = browser.get("/metrics").text
    assert "roscha" not in text
    assert "Ольга" not in text
