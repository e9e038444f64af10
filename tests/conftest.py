"""What every test may ask for."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import databases
from tests.support.postgres import CARELESS, Cluster, cluster

# A busy machine is no fault of the code: how long an example takes is never what a test is about.
settings.register_profile("house", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


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
        return {**own, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), **(extra or {})}

    def __call__(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, prefix: Sequence[str] = ()
    ) -> Said:
        """Run ``otklik ARGUMENTS`` to its end."""
        import subprocess
        import sys

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
