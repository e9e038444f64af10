"""No sequence of mails, verbs, relay's answers, crashes and weeks breaks what always holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.intake.desk_model.machine import DeskMachine
from tests.support import databases
from tests.support.postgres import Cluster

ALWAYS_THE_SAME = settings(
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""A failure names its steps; it is not made shorter, which would take longer than a test may."""


def run(places: Iterator[Path] | Iterator[str], examples: int) -> None:
    """Live that many desks' lives."""
    lives = settings(ALWAYS_THE_SAME, max_examples=examples, stateful_step_count=40)
    run_state_machine_as_test(lambda: DeskMachine(next(places)), settings=lives)  # type: ignore[arg-type]


def test_no_sequence_breaks_what_always_holds(tmp_path: Path) -> None:
    run((tmp_path / str(number) for number in count()), 20)


@pytest.mark.postgres
def test_no_sequence_breaks_it_on_postgresql(postgres: Cluster) -> None:
    with ExitStack() as databases_made:
        run((databases_made.enter_context(databases.postgresql(postgres)) for _ in count()), 5)
