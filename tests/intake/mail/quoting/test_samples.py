"""Whole raw mails: the new text and signature of each, read as the desk reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.mail.html_text import html_to_text
from intake.mail.quoting import new_text
from intake.mail.reading import read_message
from tests.intake.mail.quoting.collection import normal

_FOLDER = Path(__file__).parents[3] / "data" / "eml"
_INDEX = [json.loads(line) for line in (_FOLDER / "index.jsonl").read_text(encoding="utf-8").splitlines()]
_WRITTEN = [entry for entry in _INDEX if entry["expected"]["reply"] is not None and "reply_is" not in entry["expected"]]
_DRAWN = "06_"
"""The HTML of this one names its picture, its text doesn't."""


@pytest.mark.parametrize("entry", _WRITTEN, ids=lambda entry: entry["file"])
def test_reply_and_signature_of_raw_mails(entry: dict[str, dict[str, str]]) -> None:
    message = read_message((_FOLDER / str(entry["file"])).read_bytes())
    assert normal(message.reply) == normal(entry["expected"]["reply"])
    assert normal(message.signature) == normal(entry["expected"]["signature"])


@pytest.mark.parametrize(
    "entry", [entry for entry in _WRITTEN if entry["file"][:3] != _DRAWN], ids=lambda entry: entry["file"]
)
def test_text_and_html_of_a_mail_give_the_same_reply(entry: dict[str, dict[str, str]]) -> None:
    html = read_message((_FOLDER / str(entry["file"])).read_bytes()).html
    if html is not None:
        assert normal(new_text(html_to_text(html), html).reply) == normal(entry["expected"]["reply"])
