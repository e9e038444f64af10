"""Other rules tried on what was: who would be asked, and until when."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from intake.escalations import Asked, Escalation
from intake.model import Source, Status, Ticket, Type
from intake.regulation import Regulation, calendar_for, load_rules, shipped_regulation, shipped_text
from intake.simulating import Comparison, Load, compare

SHIPPED = shipped_regulation()
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


def under(*changes: tuple[str, str]) -> Regulation:
    text = shipped_text().replace('version = "2.0"', 'version = "2.1"')
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    rules = load_rules(text)
    return Regulation(rules, calendar_for(rules), ZoneInfo("Europe/Moscow"))


def ticket(number: int, topic: str | None) -> Ticket:
    key = f"VD-{number}"
    return Ticket(number, key, Type.BUG, Status.REQUEST, "", Source.EMAIL, MONDAY, "2.0", topic=topic)


def question(number: int, topic: str, *departments: str, answered_at: datetime | None) -> Escalation:
    due = SHIPPED.second_line_due(topic, MONDAY).at
    parts = tuple(Asked(name, name, ("mail",), answered_at) for name in departments)
    return Escalation(number, topic, "anna", "", "2.0", MONDAY, due, ("slack",), parts, answered_at)


def compared(other: Regulation) -> Comparison:
    wednesday = datetime(2026, 6, 3, 9, tzinfo=UTC)
    past = [
        (ticket(1, "legal"), (), [question(1, "legal", "legal", answered_at=wednesday)]),
        (ticket(2, "joint_pr"), (), []),
        (ticket(3, None), (), []),
    ]
    return compare(past, lambda _: SHIPPED, other, datetime(2026, 6, 30, tzinfo=UTC))


def test_a_shorter_term_moves_the_question_and_makes_its_answer_late() -> None:
    found = compared(under(('departments = ["legal"], working_days = 3', 'departments = ["legal"], working_days = 1')))
    assert (found.now.load["legal"], found.then.load["legal"]) == (Load(1, 1, 0), Load(1, 1, 1))
    due = (datetime(2026, 6, 4, 16, tzinfo=UTC), datetime(2026, 6, 2, 16, tzinfo=UTC))
    assert found.moved == [("VD-1", "legal answer_due", *due)]


def test_a_topic_of_other_departments_shifts_their_load() -> None:
    legal = 'departments = ["legal"], working_days'
    press = 'joint_pr = { name = "Совместный PR в СМИ", departments = ["marketing"]'
    found = compared(
        under((legal, 'departments = ["finance", "legal"], working_days'), (press, press.replace("marketing", "it")))
    )
    assert found.now.load == {"legal": Load(1, 1, 0), "marketing": Load(1)}
    assert found.then.load == {"legal": Load(1, 1, 0), "finance": Load(1, 1, 0), "it": Load(1)}


def test_a_topic_the_other_rules_do_not_know_falls_to_nobody() -> None:
    found = compare([(ticket(1, "gone"), (), [])], lambda _: SHIPPED, under(), MONDAY)
    assert (found.now.load, found.moved) == ({}, [])
