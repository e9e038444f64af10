"""Time grows with the size of a mail and no faster, whatever stands in it."""

from __future__ import annotations

from functools import partial

import pytest

from intake.mail.quoting import new_text
from tests.support.growth import is_in_proportion

_INTRODUCTION = "On Mon, Oct 5, 2026 at 12:05 PM A <a@b.example> wrote:"
_PATTERNS = [
    ">",
    "> ",
    "\n",
    " \n",
    "a:\n",
    "1@a:\n",
    f"{_INTRODUCTION}\n",
    f"{_INTRODUCTION} ",
    f"a\n\n{_INTRODUCTION}\n\n",
    "From: a\n",
    "From: a\nSent: 1.1.2026\n",
    "To: a@b.example;\n a@b.example;\n",
    "-",
    "--\n",
    "-- \n",
    "_",
    "----\nКому: a\n",
    "On ",
    "1",
    "05.10.2026 ",
    "@",
    "a@",
    "> a\nb\n",
    "> a\n\n",
    "> a:\n",
    "AB> c d\n",
    "[cid:a",
    "[image:",
    "Sent from my iPhone\n",
    "Sent from my ",
    "-----Original Message-----\n",
    "---- Конец пересылаемого сообщения ----\n",
    ">>> 1 >>>\n",
    "\u00a0",
    "\u200b",
    "\t>\n",
    "mon, ",
    "Вы писали:\n",
    "--\nP.S. a\n\n",
    "<https://",
]
_TAGS = [
    "<blockquote type=cite>",
    "<blockquote type=cite>a</blockquote>b ",
    '<div class="gmail_quote">x<blockquote>y</blockquote>',
    "<hr id=zwchr>a",
    "<b><p gmail_attr>",
    "<table gmail_quote>",
    "<p gmail_quote=1 ",
]


def _of_size(pattern: str, size: int) -> str:
    return (pattern * (size // len(pattern) + 1))[:size]


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_twice_the_text_takes_no_more_than_about_twice_the_time(pattern: str) -> None:
    once, twice = (partial(new_text, _of_size(pattern, size)) for size in (200_000, 400_000))
    assert is_in_proportion(once, twice, 2.5, 0.01)


@pytest.mark.parametrize("pattern", _TAGS)
def test_twice_the_html_takes_no_more_than_about_twice_the_time(pattern: str) -> None:
    once, twice = (partial(new_text, "a b\n" * 1000, _of_size(pattern, size)) for size in (100_000, 200_000))
    assert is_in_proportion(once, twice, 2.5, 0.01)
