"""Programs that tests talk to: found, run for a while, stopped by the process they are."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def require(program: str) -> str:
    """The path of a program. Without it the test is skipped; where ``CI=true`` it fails instead."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin:/usr/local/sbin")
    if found is not None:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{program} is not installed, and CI has to have it")
    pytest.skip(f"{program} is not installed")


def run(arguments: Sequence[str], timeout: float = 60, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program to its end; what it said, whatever its exit code. Raises TimeoutExpired (it is stopped then)."""
    return subprocess.run(
        arguments, input=stdin, capture_output=True, text=True, timeout=timeout, check=False, errors="replace"
    )


@contextmanager
def started(
    arguments: Sequence[str], ready: str | None = None, env: Mapping[str, str] | None = None, timeout: float = 60
) -> Iterator[tuple[subprocess.Popen[bytes], re.Match[str] | None]]:
    """A program in the background, from the line of its stdout that ``ready`` matches; ended with the block.

    Its folder and import path are the project's. Its stderr is the test's.
    """
    process = subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        start_new_session=True,
    )
    try:
        yield process, None if ready is None else wait_for_line(process, ready, timeout)
    finally:
        stop(process)


def wait_for_line(process: subprocess.Popen[bytes], pattern: str, timeout: float = 60) -> re.Match[str]:
    """Read a program's stdout up to a line that matches."""
    assert process.stdout is not None
    seen: list[str] = []
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        line = process.stdout.readline().decode("utf-8", "replace")
        if found := re.search(pattern, line):
            return found
        if not line:
            break
        seen.append(line)
    pytest.fail(f"{process.args!r} never said {pattern!r}; it said {''.join(seen)!r}")


def stop(process: subprocess.Popen[bytes], patience: float = 10) -> int:
    """End a program, with those it started where it leads a session: politely, then not. Its exit code."""
    leads = process.poll() is None and os.getpgid(process.pid) == process.pid
    if process.poll() is None:
        _signal(process, signal.SIGTERM, leads)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            _signal(process, signal.SIGKILL, leads)
            process.wait(patience)
    if process.stdout is not None:
        process.stdout.close()
    return process.returncode


def _signal(process: subprocess.Popen[bytes], number: signal.Signals, group: bool) -> None:
    if group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
