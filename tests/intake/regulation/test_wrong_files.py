from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.regulation import RegulationError, load_rules, shipped_text
from tests.intake.regulation.building import changed


def refusal(text: str) -> str:
    with pytest.raises(RegulationError) as caught:
        load_rules(text, "desk.toml")
    words = str(caught.value)
    assert "\n" not in words
    return words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "\nminutes = 60 ",
            "\nminutes = 0 ",
            "desk.toml: [reaction] minutes = 0: must be a whole number from 1 to 100000",
        ),
        ("\nminutes = 60 ", "\nminutes = true ", "desk.toml: [reaction] minutes = true: must be a whole number"),
        ("\nminutes = 60 ", "\nminutes = 60.5 ", "desk.toml: [reaction] minutes = 60.5: must be a whole number"),
        ("\nminutes = 60 ", '\nminutes = "60" ', "desk.toml: [reaction] minutes = '60': must be a whole number"),
        ("\nminutes = 60 ", "\nminuts = 60 ", "desk.toml: [reaction] minutes: missing"),
        ("\nminutes = 60 ", "\nminutes = 60\nhours = 1 ", "desk.toml: [reaction] hours = 1: unknown key"),
        ('version = "2.0"', "version = 2.0", "desk.toml: version = 2.0: must be a line of text"),
        ('version = "2.0"', 'version = "2.0"\nvalid = 1', "desk.toml: valid = 1: unknown key"),
        ('version = "2.0"', 'version = " "', "desk.toml: version = ' ': must be a line of text"),
        ('opens = "10:00"', 'opens = "25:00"', "[hours] opens = '25:00': must be a time of day"),
        ('opens = "10:00"', 'opens = "1000"', "[hours] opens = '1000': must be a time of day"),
        ('opens = "10:00"', 'opens = "19:00"', "[hours] closes = '19:00': must be after opens"),
        (
            "extra_days_off = [] ",
            'extra_days_off = ["2026-07-20"] ',
            "[hours.own] extra_days_off = ['2026-07-20']: must be",
        ),
        ("extra_days_off = [] ", "extra_days_off = [2026-07-20, 2026-07-20] ", "2026-07-20 stands twice"),
        ("[hours.own.short_days]\n", '[hours.own.short_days]\nmonday = "1:00"\n', "[hours.own.short_days] monday"),
        (
            "[hours.own.short_days]\n",
            '[hours.own.short_days]\n2026-12-30 = "09:00"\n',
            "2026-12-30 = '09:00': must be after",
        ),
        ("technical = 1 ", "technical = 4 ", "[shift] technical = 4: must be a whole number from 0 to 3"),
        (
            'feedback_form = "improvement"',
            'feedback_form = "wish"',
            "[types.own] feedback_form = 'wish': must be one of",
        ),
        (
            'closed = ["in_progress"]',
            'closed = ["nowhere"]',
            "[statuses.own.transitions] closed = ['nowhere']: 'nowhere' is none",
        ),
        ('closed = ["in_progress"]', 'closed = ["closed"]', "closed = ['closed']: a status doesn't lead to itself"),
        ('closed = ["in_progress"]', 'closed = ["analysis"]', "[statuses.own] reopens_to = 'in_progress': the table"),
        (
            'pauses_completion = ["info_needed", "payment", "verification"]',
            'pauses_completion = ["analysis"]',
            "[statuses.own] pauses_completion = ['analysis']: only statuses of waits_for_client",
        ),
        (
            'clock = "calendar" ',
            'clock = "sundial" ',
            "[completion.own] clock = 'sundial': must be one of calendar, working",
        ),
        (
            '"Критическая", hours = 24 ',
            '"Критическая", hours = 337 ',
            "[completion.own.criticality.critical] hours = 337",
        ),
        ("at_least = 4.7", "at_least = 3.0", "[quality] normal"),
        ("at_most = 3.9", "at_most = 3.8", "[quality] unacceptable"),
        ("round_to = 0.1 ", "round_to = 0.2 ", "[quality.own] round_to = 0.2: must be"),
        ("round_to = 0.1 ", "round_to = nan ", "[quality.own] round_to = NaN: must be a number above 0"),
        ('departments = ["finance"]', 'departments = ["treasury"]', "[second_line.topics.settlements] departments"),
        ('departments = ["finance"]', "departments = []", "departments = []: names no department"),
        (
            'joint_pr = ["slack"]',
            'joint_pr = ["pigeon"]',
            "[channels] joint_pr = ['pigeon']: 'pigeon' is none of slack, mail",
        ),
        ('joint_pr = ["slack"]', "", "[channels] joint_pr: missing"),
        (
            'joint_pr = ["slack"]',
            'joint_pr = ["slack"]\nweather = ["mail"]',
            "[channels] weather = ['mail']: unknown key",
        ),
        ("remind_days_before = [1, 0]", "remind_days_before = [-1]", "[second_line.own] remind_days_before = [-1]"),
        ('[reaction]\nclause = "§5"', '[reaction]\nclause = "5"', "[reaction] clause = '5': must name a clause"),
        ("[reaction.own]", "[reaction.mine]", "[reaction] own: missing"),
        ("[shift.own]\ncheck_ahead_weeks = 4 ", "[shift]\nown = 4 ", "desk.toml: not TOML: "),
    ],
)
def test_a_wrong_value_is_one_line_that_says_where_and_why(old: str, new: str, words: str) -> None:
    assert words in refusal(changed((old, new)))


@pytest.mark.parametrize(
    "text", ["", "[reaction", "a = 1e999999999999", "a = " + "[" * 100_000, "\x00", "\ufeffversion = 1"]
)
def test_what_is_no_rules_file_is_one_line_too(text: str) -> None:
    assert refusal(text).startswith("desk.toml: ")


@given(st.data())
def test_a_file_with_a_line_left_out_is_read_or_refused(data: st.DataObject) -> None:
    lines = shipped_text().splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    try:
        rules = load_rules("\n".join(lines[:place] + lines[place + 1 :]))
    except RegulationError:
        return
    told = {entry.key for entry in rules.entries}
    left_out = {entry.key for entry in load_rules(shipped_text()).entries} - told
    assert all(key.startswith(("statuses.own.refusals.", "statuses.own.reminders.")) for key in left_out)
