"""What strangers wrote can't steer what shows it."""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.visible import escaped, visible
from tests.support.growth import is_in_proportion

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
BLANK_LETTERS = "\u034f\u115f\u1160\u3164\uffa0"


def steers(char: str) -> bool:
    """Independent of the module's own list: what Unicode says of the character."""
    return char != "\u00ad" and (unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in BLANK_LETTERS)


def test_every_steering_code_point_of_unicode_becomes_a_mark() -> None:
    left = [hex(code) for code in range(sys.maxunicode + 1) if steers(chr(code)) and visible(chr(code)) == chr(code)]
    assert left == []


def test_every_other_code_point_that_can_be_seen_survives() -> None:
    seen = ("L", "N", "P", "S", "Zs", "Mc")
    changed = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)).startswith(seen)
        and chr(code) not in BLANK_LETTERS
        and visible(chr(code)) != chr(code)
    ]
    assert changed == []


@given(ANY_TEXT)
def test_nothing_that_steers_is_left_outside_of_emoji(text: str) -> None:
    assert not [char for char in visible(text) if steers(char) and char != "\u200d"]


@given(ANY_TEXT)
def test_a_joiner_is_left_only_between_pictographs(text: str) -> None:
    shown = visible(f"a\u200d{text}\u200db")
    assert shown.startswith("a⟨U+200D⟩")
    assert shown.endswith("⟨U+200D⟩b")


@given(ANY_TEXT, st.booleans())
def test_a_second_run_changes_nothing(text: str, keep: bool) -> None:
    assert visible(visible(text, keep), keep) == visible(text, keep)


@given(ANY_TEXT)
def test_lines_kept_are_the_lines_that_came(text: str) -> None:
    assert visible(text, keep_newlines=True).split("\n") == [visible(part, True) for part in text.split("\n")]
    assert "\n" not in visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("invoice\u202efdp.exe", "invoice⟨U+202E⟩fdp.exe"),
        ("a\x7fb\r", "a␡b␍"),
        ("два\nряда\tтут", "два␊ряда␉тут"),
        ("\U000e0041hidden", "⟨U+E0041⟩hidden"),
        ("\ud83d", "⟨U+D83D⟩"),
        ("за\u00adмок", "за\u00adмок"),
        (
            "👩\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 1\ufe0f⃣ 🧑🏽\u200d💻",
            "👩\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 1\ufe0f⃣ 🧑🏽\u200d💻",
        ),
        ("pay\u200dpal", "pay⟨U+200D⟩pal"),
        ("обычный текст", "обычный текст"),
    ],
)
def test_marks(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(
    st.recursive(ANY_TEXT | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner))
)
def test_escaped_json_is_the_same_value_and_steers_nothing(value: object) -> None:
    text = escaped(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == json.loads(json.dumps(value))
    assert not [char for char in text if steers(char)]


def test_work_grows_with_the_length_only() -> None:
    for part in ("обычный текст\n", "\x1b[31m", "\u200d", "👩\u200d"):
        small, large = (partial(visible, part * count, keep_newlines=True) for count in (10_000, 80_000))
        assert is_in_proportion(small, large, 20), part
