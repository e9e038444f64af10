"""What every test may ask for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import databases
from tests.support.commands import Inside, Otklik, Said
from tests.support.postgres import CARELESS, Cluster, cluster

__all__ = ["Inside", "Otklik", "Said"]

# A busy machine is no fault of the code: how long an example takes is never what a test is about.
settings.register_profile("house", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

LONG = (
    "tests/fuzz/test_fuzz.py::test_nothing_new_is_found",
    "tests/whole/test_server_restarts.py",
    "tests/whole/test_kill_loop.py",
    "tests/whole/test_two_gateways.py",
    "tests/whole/test_imap_mail.py",
    "tests/whole/",
    "tests/storage/test_upgrades.py",
    "tests/gateway/test_imap_survival.py",
    "tests/gateway/test_smtp_survival.py",
    "tests/tui/test_hostile.py",
)
"""What takes longest, begun first: at the end no worker is left alone with it."""
DEAR = ("captured", "past", "wheel")
"""Fixtures of whole modules that are worth making in one worker alone."""


def pytest_xdist_auto_num_workers() -> int | None:
    """Two for a core: most of the long tests wait for servers, restarts and pauses."""
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else 2 * (os.cpu_count() or 1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first, fuzzers one after the other as each is to have a core, and what shares dear things together."""
    items.sort(key=lambda item: next((n for n, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG)))
    for item in items:
        if item.nodeid.startswith(LONG):
            item.add_marker(pytest.mark.timeout(900))
        shared = [name for name in DEAR if name in getattr(item, "fixturenames", ())]
        for group in ["fuzz"] if item.nodeid.startswith(LONG[0]) else shared:
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture
def inside(tmp_path: Path) -> Inside:
    """The command line, run in the test's own process and folder, on a database that has its tables already."""
    databases.sqlite(tmp_path / "var" / "otklik.db")
    return Inside(tmp_path)


@pytest.fixture
def otklik(tmp_path: Path) -> Otklik:
    """The command line, run in the test's own folder."""
    return Otklik(tmp_path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server, for tests that leave it running."""
    with cluster(**CARELESS) as made:
        yield made


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: Cluster = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=BOTH)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database with today's tables: the test runs on each kind."""
    if request.param == "sqlite":
        yield databases.sqlite(tmp_path / "desk.db")
        return
    with databases.postgresql(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(autouse=True)
def _logs_of_one_test_stay_its_own() -> Iterator[None]:
    """A log configured for a test's own stderr would be written to a closed file by the next."""
    yield
    if "structlog" in sys.modules:
        sys.modules["structlog"].reset_defaults()


@pytest.fixture(autouse=True)
def _no_settings_of_the_tester(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk configured in the tester's environment is none of the tests' business."""
    for name in [name for name in os.environ if name.startswith("OTKLIK_")]:
        monkeypatch.delenv(name)
