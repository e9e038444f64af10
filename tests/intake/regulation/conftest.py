from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import settings

from intake.regulation import Regulation, shipped_regulation
from tests.intake.regulation.slow_model import MinuteModel

# A shared machine may pause any example for longer than Hypothesis allows one to take.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def regulation() -> Regulation:
    return shipped_regulation()


@pytest.fixture(scope="session")
def slow() -> MinuteModel:
    """Moscow from December 2024 to March 2028, on the library's own working days."""
    russia = country_holidays("RU", years=range(2024, 2029), language="ru")
    zone = ZoneInfo("Europe/Moscow")
    first, last = datetime(2024, 12, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)
    return MinuteModel(zone, first, last, russia.is_working_day)
