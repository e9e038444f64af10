"""Logs to stderr, one event a line; what strangers wrote is neutralised like everywhere it is shown."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from intake.visible import visible


def log_to_stderr() -> None:
    """See `log_to`."""
    log_to(sys.stderr)


def log_to(stream: TextIO) -> None:
    """Time, level, event, facts; values never hold control characters.

    A stream that is gone (a closed pipe, a full disk) loses lines, never mail: writing to it raises nothing."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _neutral,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Forgiving(stream))),
        cache_logger_on_first_use=False,
    )


class _Forgiving:
    """A stream whose troubles are its own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As far as it goes."""
        with suppress(OSError, ValueError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """As far as it goes."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def _neutral(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: visible(value) if isinstance(value, str) and key != "exception" else value for key, value in event.items()
    }
