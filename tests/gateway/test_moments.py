"""Times on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import click
import pytest

from gateway.cli.moments import moment_of

MOSCOW = ZoneInfo("Europe/Moscow")


def test_a_date_alone_means_closing_time_of_the_desks_zone() -> None:
    assert moment_of("2026-05-14", MOSCOW, time(19)) == datetime(2026, 5, 14, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "9999-12-31", "завтра"])
def test_a_time_that_some_zone_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        moment_of(text, MOSCOW, time(19))
