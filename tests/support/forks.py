"""A program that tests start and kill again and again: what it needs is loaded once, and each of its lives is a fork.

``python -m tests.support.forks MODULE ALSO...`` reads lines of JSON, each the arguments of a life of ``MODULE.main``,
and answers with its process id and, when it is over, its exit code."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from tests.support.programs import ROOT, stop


@dataclass(frozen=True, slots=True)
class Life:
    """One of them; the next begins when it is over."""

    parent: subprocess.Popen[bytes]
    pid: int

    def kill(self) -> None:
        """SIGKILL, where it is not over yet."""
        if not _said(self.parent, 0):
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> int:
        """Its exit code, that of a signal negative. Raises TimeoutError."""
        return _number(self.parent, seconds)


@dataclass(frozen=True, slots=True)
class Forks:
    """The program, loaded."""

    parent: subprocess.Popen[bytes]

    def start(self, *arguments: str) -> Life:
        """A life of it."""
        assert self.parent.stdin is not None
        self.parent.stdin.write(json.dumps(arguments).encode() + b"\n")
        return Life(self.parent, _number(self.parent, 60))


@contextmanager
def forks(module: str, *also: str) -> Iterator[Forks]:
    """The program of a module, with what it would load late."""
    line = [sys.executable, "-m", __name__, module, *also]
    with subprocess.Popen(
        line, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    ) as parent:
        try:
            yield Forks(parent)
        finally:
            stop(parent)


def _number(parent: subprocess.Popen[bytes], seconds: float) -> int:
    assert parent.stdout is not None
    if not _said(parent, seconds):
        raise TimeoutError(f"{parent.args!r} said nothing for {seconds} s")
    return int(parent.stdout.readline())


def _said(parent: subprocess.Popen[bytes], seconds: float) -> bool:
    assert parent.stdout is not None
    return bool(select.select([parent.stdout], [], [], seconds)[0])


def main(module: str, *also: str) -> None:
    """Fork for each line of stdin."""
    program, *_ = (import_module(name) for name in (module, *also))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(program, json.loads(line))
        _say(child)
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _live(program: ModuleType, arguments: list[str]) -> None:
    code = 1
    try:
        program.main(*arguments)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _say(number: int) -> None:
    os.write(sys.stdout.fileno(), b"%d\n" % number)


if __name__ == "__main__":
    main(*sys.argv[1:])
