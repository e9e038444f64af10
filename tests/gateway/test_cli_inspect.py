"""``otklik inspect``, called as a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "eml").glob("*.eml"))
KEY_LIST = (
    "message_id in_reply_to references from reply_to to cc subject date text reply attachments auto_submitted "
    "no_auto_answer bounce language type topic criticality warnings file"
)
KEYS = KEY_LIST.split()


def inspect(*files: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from gateway.cli import main; main()", "inspect", *map(str, files)]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, capture_output=True, timeout=120, cwd=folder, env=environ, check=False)


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def test_every_mail_gives_one_object_in_order() -> None:
    done = inspect(*SAMPLES, *SAMPLES)
    assert (done.returncode, done.stderr) == (0, b"")
    found = objects(done)
    assert [each["file"] for each in found] == [str(path) for path in (*SAMPLES, *SAMPLES)]
    assert all(list(each) == KEYS for each in found)


def test_the_object_says_what_the_mail_says(tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(
        b"From: Anna <Anna@Firm.Example>\r\nTo: desk@vitrina.example\r\nMessage-ID: <1@x>\r\nIn-Reply-To: <0@x>\r\n"
        b"Date: Mon, 2 Nov 2026 10:11:22 +0300\r\nSubject: =?utf-8?B?0KHRh9GR0YI=?=\r\n"
        b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF"
    )
    (found,) = objects(inspect("x.eml", folder=tmp_path))
    assert found["from"] == [{"name": "Anna", "address": "anna@firm.example"}]
    assert (found["message_id"], found["in_reply_to"], found["references"]) == ("<1@x>", ["<0@x>"], [])
    assert (found["subject"], found["date"], found["file"]) == ("Счёт", "2026-11-02T10:11:22+03:00", "x.eml")
    assert found["attachments"] == [
        {"filename": "a.pdf", "content_type": "application/pdf", "size": 4, "inline": False, "content_id": None}
    ]


@pytest.mark.parametrize("raw", [b"", b"\0\xff", b"no header", b"Content-Type: multipart/mixed\r\n\r\n"])
def test_broken_mail_is_no_failure(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(raw)
    done = inspect(tmp_path / "x.eml")
    assert (done.returncode, len(objects(done))) == (0, 1)


def test_a_file_that_cannot_be_opened_is_told_after_the_others_are_done(tmp_path: Path) -> None:
    done = inspect(tmp_path / "none.eml", SAMPLES[0], tmp_path)
    assert done.returncode == 1
    assert [each["file"] for each in objects(done)] == [str(SAMPLES[0])]
    assert len(done.stderr.splitlines()) == 2


def test_no_control_character_reaches_the_terminal_and_none_is_lost(tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes("Subject: x\r\n\r\na\x1b[2Jb\x9b31mc\u202ed\u2028e".encode())
    done = inspect(tmp_path / "x.eml")
    assert not set(done.stdout.decode()) & set("\x1b\x9b\u202e\u2028")
    assert objects(done)[0]["text"] == "a\x1b[2Jb\x9b31mc\u202ed\u2028e"


def test_a_file_name_that_is_no_text_is_given_back(tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff.eml")
    Path(name).write_bytes(b"Subject: x\r\n\r\n")
    assert objects(inspect(name))[0]["file"] == name
