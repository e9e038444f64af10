"""Logs to stderr, one event a line; what strangers wrote is neutralised like everywhere it is shown."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from intake.visible import visible


def log_to_stderr() -> None:
    """See `log_to`."""
    log_to(sys.stderr)


def log_to(stream: TextIO) -> None:
    """Time, level, event, facts; values never hold control characters."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _neutral,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def _neutral(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: visible(value) if isinstance(value, str) and key != "exception" else value for key, value in event.items()
    }
