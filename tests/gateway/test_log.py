"""Logs are for people; losing them loses nothing else."""

from __future__ import annotations

import io

import structlog

from gateway.log import log_to


def test_a_stream_that_is_gone_raises_nothing() -> None:
    stream = io.StringIO()
    log_to(stream)
    structlog.get_logger().info("before", subject="a\x1b[2Jb")
    assert "before" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    stream.close()
    structlog.get_logger().info("after")
