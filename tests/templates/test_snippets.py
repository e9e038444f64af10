"""Snippets: shipped ones render whole, and those that agents write can do nothing but say a few words."""

from __future__ import annotations

import pytest

from intake.errors import Refused
from intake.snippets import ANY, Snippet, SnippetWords, offered
from templates.snippets_rendering import render_snippet, shipped_snippets

WORDS = SnippetWords("VD-1042", "Ольга {{ key }} <b>", "до 10:30 МСК в среду", "до 18:00 МСК в пятницу")
BARE = SnippetWords("VD-1042", "", None, None)


@pytest.mark.parametrize("snippet", shipped_snippets(), ids=lambda snippet: snippet.name)
@pytest.mark.parametrize("words", [WORDS, BARE])
def test_shipped_snippets_render_with_and_without_names(snippet: Snippet, words: SnippetWords) -> None:
    text = render_snippet(snippet.text, words)
    assert words.key in text
    assert "None" not in text
    assert "\n\n\n" not in text


def test_what_a_stranger_wrote_is_no_template() -> None:
    assert render_snippet("{{ name }}", WORDS) == "Ольга {{ key }} <b>\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{ unknown }}",
        "{{ key",
        "{{ key.__class__ }}",
        "{{ key['__class__'] }}",
        "{{ ''.__class__.__mro__ }}",
        "{% for a in name %}x{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ key|center(1000000000) }}",
        "{% include 'letters/reply.txt' %}",
        "{{ range(10) }}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "x" * 20_001,
    ],
)
def test_a_snippet_that_does_more_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        render_snippet(text, WORDS)


def test_own_snippets_stand_for_shipped_ones_and_the_topic_comes_first() -> None:
    shipped = [Snippet(ANY, "hello", "shipped"), Snippet("legal", "law", "l"), Snippet("it", "other", "o")]
    found = offered([*shipped, Snippet(ANY, "hello", "own")], "legal")
    assert [(one.name, one.text) for one in found] == [("law", "l"), ("hello", "own")]
