"""Sixty raw mails of tests/data/eml and what should be read out of each (index.jsonl)."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from intake.mail.reading import attachment_bytes, read_message

FOLDER = Path(__file__).parents[2] / "data" / "eml"
INDEX = [json.loads(line) for line in (FOLDER / "index.jsonl").read_text(encoding="utf-8").splitlines()]
MORE_FOUND = {"14_new_winmail_dat.eml": ["Протокол разногласий.txt"], "46_bad_missing_boundary.eml": ["1.png"]}
each_sample = pytest.mark.parametrize("entry", INDEX, ids=[entry["file"] for entry in INDEX])


def normal(text: str | None) -> str | None:
    """What two texts are compared by."""
    if text is None:
        return None
    text = re.sub(r"[\s\u00a0]+", " ", unicodedata.normalize("NFC", text).replace("\0", ""))
    kept = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf") and char != "\ufffc")
    return re.sub(r" +", " ", kept).strip()


@each_sample
def test_header_and_sender(entry: dict[str, Any]) -> None:
    message, wanted = read_message((FOLDER / entry["file"]).read_bytes()), entry["expected"]
    assert normal(message.subject or None) == normal(wanted["subject"])
    sender = message.sender[0] if message.sender else None
    assert (sender.address.lower() if sender else None) == wanted["from"]
    assert normal((sender.name or None) if sender else None) == normal(wanted["from_name"])


@each_sample
def test_attachments(entry: dict[str, Any]) -> None:
    raw = (FOLDER / entry["file"]).read_bytes()
    found, wanted = read_message(raw).attachments, entry["expected"]
    more = MORE_FOUND.get(entry["file"], [])
    assert [normal(each.filename) for each in found] == [normal(name) for name in wanted["attachments"] + more]
    assert {normal(each.filename) for each in found if each.inline} == {
        normal(name) for name in wanted.get("inline", [])
    }
    assert [len(attachment_bytes(raw, each.part)) for each in found] == [each.size for each in found]


@each_sample
def test_text_and_new_text(entry: dict[str, Any]) -> None:
    message, wanted = read_message((FOLDER / entry["file"]).read_bytes()), entry["expected"]
    for paragraph in f"{wanted['reply'] or ''}\n{wanted['signature'] or ''}".split("\n"):
        assert (normal(paragraph) or "") in (normal(message.text) or "")
    if wanted["reply"] is not None and wanted.get("reply_is") != "part":
        assert normal(message.reply) == normal(wanted["reply"])
        assert normal(message.signature) == normal(wanted["signature"])


@each_sample
def test_delivery_reports(entry: dict[str, Any]) -> None:
    message = read_message((FOLDER / entry["file"]).read_bytes())
    assert (message.report is not None) == entry["expected"]["bounce"]
