"""Migrates a database in processes that kill themselves after their first, second, third … statement, until one ends:
``python -m tests.support.killed_migrations URL`` prints how many were killed."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import peewee

from storage import open_store

MOST = 2000


def main(url: str) -> int:
    """The number of kills."""
    for kills in range(MOST):
        child = os.fork()
        if child == 0:
            _killed_after(kills + 1)
            open_store(url).close()
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status == 0:
            return kills
        assert os.WIFSIGNALED(status), status
    raise AssertionError("never done")


def _killed_after(statements: int) -> None:
    database: Any = peewee.Database
    execute = database._execute_cursor
    seen = 0

    def counted(*args: Any, **options: Any) -> Any:
        nonlocal seen
        result = execute(*args, **options)
        seen += 1
        if seen == statements:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    database._execute_cursor = counted


if __name__ == "__main__":
    print(main(sys.argv[1]))  # noqa: T201
