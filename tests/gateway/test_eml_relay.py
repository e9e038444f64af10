"""Without a relay each letter is a file, whole or not there."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.eml_relay import EmlRelay
from intake.letters.outcomes import Trouble
from intake.model import Delivery
from tests.gateway.test_relay import letter, no, states


@pytest.mark.parametrize(
    ("kind", "raw", "name"),
    [
        ("acknowledgement", b"Subject: x\r\nX-Otklik-Ticket: VD-1042\r\n\r\ntext\r\n", "1-acknowledgement-VD-1042.eml"),
        ("reply", b"Subject: x\r\n\r\nX-Otklik-Ticket: VD-7\r\n", "1-reply-.eml"),
        ("../../evil", b"X-Otklik-Ticket: ../../x\r\n\r\n", "1-_evil-.eml"),
    ],
)
def test_a_letter_is_written_under_its_name(tmp_path: Path, kind: str, raw: bytes, name: str) -> None:
    folder = tmp_path / "var" / "outbox"
    row = replace(letter("a@x.org", "b@x.org", raw=raw), kind=kind)
    sent = asyncio.run(EmlRelay(folder).send(row, no))
    assert states(sent) == {"a@x.org": Delivery.SENT, "b@x.org": Delivery.SENT}
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name).read_bytes() == raw
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_repetition_is_the_same_file(tmp_path: Path) -> None:
    relay = EmlRelay(tmp_path)
    for _ in range(2):
        asyncio.run(relay.send(letter("a@x.org"), no))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_is_a_link_elsewhere_is_not_followed(tmp_path: Path) -> None:
    relay, secret = EmlRelay(tmp_path), tmp_path / "secret"
    secret.write_bytes(b"keep")
    path = relay.path(letter("a@x.org"))
    os.symlink(secret, path.with_suffix(".part"))
    os.symlink(secret, path)
    sent = asyncio.run(relay.send(letter("a@x.org"), no))
    assert sent.trouble is Trouble.AWAY
    assert secret.read_bytes() == b"keep"


def test_a_folder_that_can_not_be_written_keeps_letters_waiting(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    folder.write_bytes(b"a file")
    relay = EmlRelay(folder)
    sent = asyncio.run(relay.send(letter("a@x.org"), no))
    assert (states(sent), sent.trouble) == ({"a@x.org": Delivery.QUEUED}, Trouble.AWAY)
