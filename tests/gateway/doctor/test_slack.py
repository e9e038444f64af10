"""Slack's tokens are tried on a server that speaks its API; nothing is posted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.doctor.patients import levels, patient, said

pytest.importorskip("slack_sdk")


@contextmanager
def slack(good: str, asked: list[str]) -> Iterator[str]:
    """Takes one token; the URL of its API."""

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            known = self.headers["Authorization"] == f"Bearer {good}"
            answer = {"ok": True, "team": "Витрина"} if known else {"ok": False, "error": "invalid_auth"}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def test_a_token_is_taken_or_refused(tmp_path: Path) -> None:
    asked: list[str] = []
    with slack("xoxb-1", asked) as url:
        good = {"bot_token": "xoxb-1", "app_token": "xoxb-1", "base_url": url}
        assert levels(patient(tmp_path, slack=good), "slack") == ["ok", "ok"]
        ((level, words), _) = said(patient(tmp_path, slack={**good, "bot_token": "xoxb-2"}), "slack")
        assert (level, "invalid_auth" in words, "xoxb" in words) == ("fail", True, False)
        assert levels(patient(tmp_path, slack={"bot_token": "xoxb-1", "base_url": url}), "slack") == ["ok", "warn"]
    assert {path.rpartition("/")[2] for path in asked} == {"auth.test", "apps.connections.open"}


def test_a_slack_that_is_away_is_a_failure(tmp_path: Path) -> None:
    settings = {"bot_token": "xoxb-1", "base_url": "http://127.0.0.1:1/api"}
    assert levels(patient(tmp_path, slack=settings), "slack")[0] == "fail"
