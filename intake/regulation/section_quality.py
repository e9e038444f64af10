"""Reads the sections of quality (§6) and of the second line (§7 and §8)."""

from __future__ import annotations

from decimal import Decimal

from intake.regulation.rules import Channel, Level, LevelKey, Quality, SecondLine, Topic
from intake.regulation.table import Table

CHANNELS: dict[str, Channel] = {"slack": "slack", "mail": "mail"}
MOST_DAYS = 3650


def read_quality(table: Table) -> Quality:
    """The section ``quality``; no figure, once rounded, may fall between two levels."""
    own = table.table("own")
    table.choice("period", {"month": "month"})
    lowest = own.whole("lowest", 0, 100)
    highest = own.whole("highest", lowest + 1, 100)
    quality = Quality(
        clause=table.clause(),
        good=_level(table, "good", "at_least"),
        normal=_level(table, "normal", "at_least"),
        unacceptable=_level(table, "unacceptable", "at_most"),
        denominator=own.choice("denominator", {"rated": "rated", "closed": "closed"}),
        round_to=own.decimal("round_to"),
        lowest=lowest,
        highest=highest,
        rating_days=own.whole("rating_days", 0, MOST_DAYS),
        ask_again_days=own.whole("ask_again_days", 0, MOST_DAYS),
        alarm_at_most=own.whole("alarm_at_most", lowest, highest),
    )
    _check_levels(table, own, quality)
    own.finish()
    table.finish()
    return quality


def _level(table: Table, key: LevelKey, bound: str) -> Level:
    entry = table.table(key)
    level = Level(key, entry.text("name"), entry.decimal(bound))
    entry.finish()
    return level


def _check_levels(table: Table, own: Table, quality: Quality) -> None:
    step = quality.round_to
    if step != Decimal(1).scaleb(step.adjusted()) or step > 1:
        own.refuse("round_to", "must be 1, 0.1, 0.01 …")
    if not quality.unacceptable.bound < quality.normal.bound < quality.good.bound:
        table.refuse("normal", "levels must lie in the order unacceptable, normal, good")
    if quality.normal.bound - quality.unacceptable.bound > step:
        table.refuse("unacceptable", f"figures rounded to {step} would fall between unacceptable and normal")


def read_second_line(table: Table, channels: Table) -> SecondLine:
    """The sections ``second_line`` and ``channels``; both have the same topics."""
    own, channels_own = table.table("own"), channels.table("own")
    departments = table.table("departments")
    titles = {key: departments.text(key) for key in departments.names()}
    topics = table.table("topics")
    found = {key: _topic(topics.table(key), key, titles, channels) for key in topics.names()}
    if not found:
        table.refuse("topics", "names no topic")
    second_line = SecondLine(
        clause=table.clause(),
        channels_clause=channels.clause(),
        departments=titles,
        topics=found,
        complete=own.choice("complete", {"both": "both", "one": "one"}),
        remind_days_before=own.wholes("remind_days_before", 0, MOST_DAYS),
        fallback=channels_own.choice("fallback", CHANNELS),
    )
    for part in (own, table, channels_own, channels):
        part.finish()
    return second_line


def _topic(entry: Table, key: str, departments: dict[str, str], channels: Table) -> Topic:
    topic = Topic(
        key=key,
        name=entry.text("name"),
        departments=entry.choices("departments", {name: name for name in departments}),
        working_days=entry.whole("working_days", 1, 365),
        channels=channels.choices(key, CHANNELS),
    )
    if not topic.departments:
        entry.refuse("departments", "names no department")
    if not topic.channels:
        channels.refuse(key, "names no channel")
    entry.finish()
    return topic
