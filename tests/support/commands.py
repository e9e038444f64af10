"""The command line as tests call it: in a process of its own, or inside theirs."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.programs import ROOT


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Otklik:
    """The command in a process of its own, in a folder of its own, without the tester's environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Ours, less every OTKLIK_ variable."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        return {**own, "PYTHONPATH": str(ROOT), **(extra or {})}

    def __call__(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, prefix: Sequence[str] = ()
    ) -> Said:
        """Run ``otklik ARGUMENTS`` to its end."""
        line = [*prefix, sys.executable, "-c", "from gateway.cli import main; main()", *arguments]
        done = subprocess.run(
            line, input=stdin, capture_output=True, timeout=120, check=False, cwd=self.folder, env=self.environment(env)
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


class Inside(Otklik):
    """The command in the tester's own process: the same folder, environment, streams and exit code, without the third
    of a second that a process takes to start. Not for ``serve``, and not for what a process itself does: signals,
    broken pipes, locales."""

    def __call__(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, prefix: Sequence[str] = ()
    ) -> Said:
        """Run ``otklik ARGUMENTS`` to its end."""
        assert not prefix
        from gateway.cli import otklik as group
        from gateway.cli.errors import run

        given, out, err = (io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8") for raw in (stdin, b"", b""))
        with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
            patched.setattr(sys, "stdin", given)
            patched.chdir(self.folder)
            for name, value in (env or {}).items():
                patched.setenv(name, value)
            code = run(group, arguments)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())
        return Said(code, *texts)
