"""What holds for any text whatever."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from intake.mail.quoting import new_text
from tests.intake.mail.quoting.collection import cases

_LINES = [line for case in cases() for line in case.text.split("\n")]
_ODD = [
    "",
    " ",
    ">",
    ">>",
    "> ",
    "-- ",
    "--",
    "—",
    "_" * 30,
    "-" * 20,
    "\t> a",
    "P.S. ещё",
    "\ufeff",
    "\u2028x",
    "a" * 600,
]
_PIECES = st.sampled_from([*_LINES, *_ODD])
_MAILS = st.lists(_PIECES | st.text(max_size=30), max_size=40).map("\n".join)
_CONTAINERS = ["<blockquote type=cite>", "<blockquote>", "</blockquote>", '<div class="gmail_quote">', "<hr id=zwchr>"]
_MARKUP = [
    "<div>",
    "</div>",
    "<br>",
    '<div id="divRplyFwdMsg">',
    "<p>",
    "</p>",
    "<table><tr><td>",
    "&nbsp;",
    "<",
    "<!--",
]
_TAGS = st.sampled_from([*_CONTAINERS, *_MARKUP])


def _is_subsequence(few: Iterable[str], many: Iterable[str]) -> bool:
    rest = iter(many)
    return all(word in rest for word in few)


@given(_MAILS)
def test_words_of_reply_stand_in_the_text_in_the_same_order(text: str) -> None:
    assert _is_subsequence("".join(new_text(text).reply.split()), "".join(text.split()))


@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    new_text(text)


@given(_MAILS, st.lists(_TAGS | _PIECES, max_size=40).map("".join))
def test_any_html_beside_any_text_is_read_without_error(text: str, html: str) -> None:
    found = new_text(text, html)
    assert _is_subsequence("".join(found.reply.split()), "".join(text.split()))


@given(st.lists(st.sampled_from(["Прошу прислать акт", "когда будет готово?", "", "1) дом", "спасибо"]), max_size=20))
def test_plain_words_are_returned_whole(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert new_text(text).reply.split() == text.split()


@given(st.lists(st.sampled_from(["Прошу прислать акт", "Да, верно.", "когда?", "> старое", "", "-- "]), max_size=20))
def test_cutting_twice_changes_nothing(lines: list[str]) -> None:
    once = new_text("\n".join(["Ответ ниже", "Анна Белова wrote:", "> давнее", *lines])).reply
    assert new_text(once).reply == once
