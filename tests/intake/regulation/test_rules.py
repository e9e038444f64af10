from __future__ import annotations

import re
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from intake.regulation import Rules, load_rules, shipped_text
from intake.regulation.rules import Entry

TEXT = (Path(__file__).parents[2] / "data" / "regulation-2.0.ru.txt").read_text(encoding="utf-8")
RULES = load_rules(shipped_text())


def section(number: int) -> str:
    """The text of one clause."""
    found = re.search(rf"^{number}\. (.+?)(?=^{number + 1}\. |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found
    return found.group(1)


def entries(clause: str) -> list[Entry]:
    return [entry for entry in RULES.entries if entry.clause == clause]


def flat(text: str) -> str:
    return text.strip().rstrip(".;")


def bullets(number: int) -> list[tuple[str, str]]:
    """The terms of a clause and what they mean: "- term — meaning"."""
    pairs = re.findall(r"^- (.+?) [–—-] (.+)$", section(number), re.MULTILINE)
    return [(flat(term), flat(meaning)) for term, meaning in pairs]


def test_every_clause_of_the_text_stands_in_the_rules() -> None:
    numbers = re.findall(r"^(\d+)\. ", TEXT, re.MULTILINE)
    assert numbers == list("12345678")
    assert {f"§{number}" for number in numbers} == {entry.clause for entry in RULES.entries if entry.clause}


def test_the_head_of_the_text_is_the_head_of_the_rules() -> None:
    assert f"{RULES.title} (Версия {RULES.version})" in TEXT
    assert RULES.product in TEXT


@pytest.mark.parametrize(("number", "count"), [(1, 4), (3, 3), (4, 6)])
def test_every_term_is_there_in_the_words_of_its_clause(number: int, count: int) -> None:
    known = {
        1: list(RULES.terms.values()),
        3: list(RULES.types.named.values()),
        4: [named for key, named in RULES.statuses.named.items() if key != "closed"],
    }[number]
    told = bullets(number)
    assert len(told) == len(known) == count
    for (term, meaning), named in zip(told, known, strict=True):
        assert term.startswith(named.name)
        assert (named.short in term) == bool(named.short) or not named.short
        assert meaning == named.definition


def test_hours_and_shift_are_those_of_the_second_clause() -> None:
    assert f"с {RULES.hours.opens:%H:%M} до {RULES.hours.closes:%H:%M}" in section(2)
    assert f"не менее {RULES.shift.people} человек, включая технического специалиста" in section(2)
    assert RULES.shift.technical == 1


def test_terms_are_those_of_the_fifth_clause() -> None:
    assert f"не более {RULES.reaction.minutes} минут в часы работы СП" in section(5)
    assert f"{RULES.completion.consultation_hours} часа для консультации" in section(5)
    assert f"{RULES.completion.bug_hours} часов для ошибки" in section(5)


def test_levels_are_those_of_the_sixth_clause() -> None:
    told = re.findall(r"^- (\S+) уровень.*? — ([\d,]+) балла и (\S+?)\.$", section(6), re.MULTILINE)
    known = [RULES.quality.good, RULES.quality.normal, RULES.quality.unacceptable]
    assert len(told) == 3
    for (name, bound, side), level in zip(told, known, strict=True):
        assert name == level.name
        assert Decimal(bound.replace(",", ".")) == level.bound
        assert (side == "ниже") == (level is RULES.quality.unacceptable)


def rows(number: int) -> list[list[str]]:
    return [line.split("\t") for line in section(number).splitlines() if line.count("\t") == 2][1:]


def test_topics_are_those_of_the_seventh_clause_in_its_order() -> None:
    known = list(RULES.second_line.topics.values())
    assert len(rows(7)) == len(known) == 8
    for (name, asked, term), topic in zip(rows(7), known, strict=True):
        assert (name, term.split()[0]) == (topic.name, str(topic.working_days))
        titles = [RULES.second_line.departments[key] for key in topic.departments]
        expected = ["Департамент продукта", "Департамент ИТ"] if asked == "Департаменты продукта и ИТ" else [asked]
        assert titles == expected


def test_channels_are_those_of_the_eighth_clause() -> None:
    names = {"Slack": "slack", "электронная почта": "mail"}
    assert len(rows(8)) == 8
    for (name, channels, term), topic in zip(rows(8), RULES.second_line.topics.values(), strict=True):
        assert (name, term.split()[0]) == (topic.name, str(topic.working_days))
        assert topic.channels == tuple(names[channel] for channel in channels.split(", "))


def test_keys_are_the_fixed_ones() -> None:
    assert list(RULES.types.named) == ["consultation", "bug", "improvement"]
    assert list(RULES.statuses.named) == [
        "request",
        "info_needed",
        "in_progress",
        "analysis",
        "payment",
        "verification",
        "closed",
    ]
    assert list(RULES.second_line.topics) == [
        "legal",
        "settlements",
        "promotion",
        "development",
        "system_errors",
        "data_edit",
        "joint_events",
        "joint_pr",
    ]
    assert list(RULES.second_line.departments) == ["legal", "finance", "marketing", "product", "it"]


def test_what_the_text_does_not_say_is_the_desk_s_own() -> None:
    own = {entry.key for entry in RULES.entries if entry.clause is None and "." in entry.key}
    assert {key for key in own if ".own." not in key} == set()
    assert {
        "completion.own.clock",
        "reaction.own.official",
        "quality.own.denominator",
        "statuses.own.closed.name",
        "second_line.own.complete",
        "hours.own.confirmed_through",
    } <= own


def test_defaults_of_the_own_rules() -> None:
    assert RULES.completion.clock == "calendar"
    assert {key: entry.hours for key, entry in RULES.completion.criticality.items()} == {
        "critical": 24,
        "high": 72,
        "medium": 168,
        "low": 336,
    }
    assert (RULES.reaction.official, RULES.quality.denominator, RULES.second_line.complete) == (
        "human",
        "rated",
        "both",
    )
    assert (RULES.statuses.reopen_days, RULES.quality.rating_days, RULES.hours.confirmed_through) == (14, 7, 2027)
    assert all(wait.close_after_days == 0 for wait in RULES.statuses.reminders.values())


def test_rules_and_calendar_travel_with_the_package() -> None:
    found = {path.name for path in files("intake.regulation").iterdir()}
    assert {"regulation-2.0.toml", "calendar-2.0.json"} <= found
    assert isinstance(RULES, Rules)
