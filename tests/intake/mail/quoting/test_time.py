"""Time grows with the size of a mail and no faster, whatever stands in it."""

from __future__ import annotations

import time

import pytest

from intake.mail.quoting import new_text

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


def _seconds(text: str, html: str | None = None) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        new_text(text, html)
        best = min(best, time.process_time() - start)
    return best


def _of_size(pattern: str, size: int) -> str:
    return (pattern * (size // len(pattern) + 1))[:size]


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_twice_the_text_takes_no_more_than_about_twice_the_time(pattern: str) -> None:
    once, twice = (_seconds(_of_size(pattern, size)) for size in (200_000, 400_000))
    assert twice < 2.5 * once + 0.02


@pytest.mark.parametrize("pattern", _TAGS)
def test_twice_the_html_takes_no_more_than_about_twice_the_time(pattern: str) -> None:
    once, twice = (_seconds("a b\n" * 1000, _of_size(pattern, size)) for size in (100_000, 200_000))
    assert twice < 2.5 * once + 0.02
