"""The real gateway as a process of its own, with a relay that keeps what it takes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.commands import Inside
from tests.support.ports import free_port, wait_for_port
from tests.support.programs import ROOT

T = TypeVar("T")
DESK = "support@vitrina-domiland.example"


@dataclass
class Relay:
    """Takes every letter and remembers it."""

    port: int = field(default_factory=free_port)
    letters: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    _controller: Controller | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.letters.append((envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        return "250 taken"

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Be away."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[bytes]:
        """The letters one address got."""
        return [raw for _, rcpt, raw in self.letters if address in rcpt]


@contextmanager
def relay() -> Iterator[Relay]:
    """A relay that is there."""
    made = Relay()
    made.start()
    try:
        yield made
    finally:
        made.stop()


@dataclass
class Gateway:
    """``otklik serve`` in a folder of its own, on a SQLite file there or the database of ``url``. ``cli`` runs other
    commands on the same desk."""

    folder: Path
    relay_port: int | None
    extra: str = ""
    url: str = ""
    smtp_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        lines = [
            "[desk]",
            f'address = "{DESK}"',
            "[storage]",
            f'url = "{self.url or f"sqlite:///{self.folder}/desk.db"}"',
            f'outbox = "{self.folder}/outbox"',
            "[smtp]",
            f"port = {self.smtp_port}",
            "[web]",
            f"port = {self.web_port}",
        ]
        if self.relay_port is not None:
            lines += ["[relay]", 'host = "127.0.0.1"', f"port = {self.relay_port}", 'security = "none"']
        self.config.write_text("\n".join([*lines, self.extra, ""]), encoding="utf-8")

    @property
    def config(self) -> Path:
        """Its otklik.toml."""
        return self.folder / "otklik.toml"

    def start(self) -> None:
        """Start it and wait until the door is open."""
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            self._command("serve"), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, env=self._env()
        )
        log.close()
        wait_for_port(self.smtp_port)
        wait_for_port(self.web_port)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM, and how it ended."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(15)

    def cli(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run ``otklik`` on this desk."""
        done = subprocess.run(
            self._command(*arguments), input=stdin, capture_output=True, cwd=self.folder, env=self._env(), timeout=120
        )
        if check:
            assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        """The JSON Lines a command prints; asked inside this process, for it is asked again and again."""
        said = Inside(self.folder)(*self._arguments(*arguments, "--json"))
        assert said.code == 0, said.err
        return [json.loads(line) for line in said.out.splitlines()]

    def assert_no_leak(self) -> None:
        """See `tests.support.leaks`."""
        from gateway.settings import load_settings
        from storage import open_store
        from tests.support.leaks import assert_no_leak

        settings = load_settings(self.config, {})
        store = open_store(settings.storage.url)
        try:
            assert_no_leak(store, settings.desk_settings())
        finally:
            store.close()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "gateway.cli", *self._arguments(*arguments)]

    def _arguments(self, *arguments: str) -> list[str]:
        return [*arguments[:1], "--config", str(self.config), *arguments[1:]]

    def _env(self) -> Mapping[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextmanager
def gateway(
    folder: Path, relay_port: int | None = None, extra: str = "", url: str = "", smtp_port: int | None = None
) -> Iterator[Gateway]:
    """A running gateway, stopped at the end; none of its letters may have told anybody outside what is internal."""
    made = Gateway(folder, relay_port, extra, url, smtp_port or free_port())
    made.start()
    try:
        yield made
        made.assert_no_leak()
    finally:
        made.stop()


def eventually(find: Callable[[], T], seconds: float = 60, what: str = "it") -> T:
    """What ``find`` returns once it is true; asked less and less often, so that what it waits for gets on."""
    deadline, pause = time.monotonic() + seconds, 0.02
    while True:
        found = find()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} never came about"
        time.sleep(pause)
        pause = min(pause * 1.3, 0.3)
