"""The sender's new words, over collections of mails in the manner of every common program and language."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import intake.typing
from intake.mail.quoting import new_text
from tests.intake.mail.quoting.collection import Case, cases, normal

_CASES = cases()


@pytest.mark.parametrize("case", [case for case in _CASES if not case.held_back], ids=lambda case: case.name)
def test_reply_is_what_the_sender_newly_wrote(case: Case) -> None:
    found = new_text(case.text, case.html)
    assert normal(found.reply) == normal(case.reply)
    assert normal(found.signature) == normal(case.signature)


def _words(text: str) -> Counter[str]:
    return Counter((normal(text) or "").split())


def test_mails_that_rules_were_not_fitted_to_are_cut_rightly() -> None:
    """Of the held-back third: nearly all exactly right, no new word lost, hardly a quoted one leaked."""
    held = [case for case in _CASES if case.held_back]
    replies = [(case, new_text(case.text, case.html).reply) for case in held]
    exact = sum(normal(reply) == normal(case.reply) for case, reply in replies)
    lost = [case.name for case, reply in replies if _words(case.reply) - _words(reply)]
    leaked = [case.name for case, reply in replies if _words(reply) - _words(case.reply)]
    assert exact >= 0.92 * len(held)
    assert lost == []
    assert len(leaked) <= 0.08 * len(held)


def test_requests_without_history_are_returned_whole() -> None:
    """Several hundred requests in the words of clients: none holds anything that is not new."""
    folder = Path(intake.typing.__file__).parent / "examples"
    lines = [line for path in folder.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [text for line in lines if "\n>" not in (text := str(json.loads(line)["body"]))]
    assert len(texts) > 100
    assert [text for text in texts if new_text(text).reply.split() != text.split()] == []


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_any_kind_are_understood(ending: str) -> None:
    text = "Да.\n\n05.10.2026 12:05, Анна Белова пишет:\n> Верно?\n".replace("\n", ending)
    assert new_text(text).reply == "Да."


@pytest.mark.parametrize("text", ["", "\n\n", " ", "\ufeff", ">", "-- ", "--\n", "\u2028", "\x00"])
def test_hardly_anything_is_no_error(text: str) -> None:
    assert new_text(text).reply.strip("\x00\ufeff -\u2028") == ""


def test_marks_of_pictures_are_left_out() -> None:
    assert new_text("Вот [cid:image002.png@01DD3F8A.11C0D2E0] снимок\n[cid:a@b]\nКонец").reply.split() == [
        "Вот",
        "снимок",
        "Конец",
    ]


def test_invisible_characters_hide_no_introduction() -> None:
    text = "Ок\n\n\u200eOn Mon, Oct 5, 2026 at 12:05 PM Anna \u200e<belova@desk.example>\u200e wrote:\n\n> Ок?"
    assert new_text(text).reply == "Ок"
