import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.flowed import unflow


@pytest.mark.parametrize(
    ("text", "delsp", "expected"),
    [
        ("one \ntwo", False, "one two"),
        ("one\ntwo", False, "one\ntwo"),
        ("one \ntwo", True, "onetwo"),
        ("  stuffed", False, " stuffed"),
        (" From here", False, "From here"),
        ("> quoted \n> on\nmine", False, "> quoted on\nmine"),
        (">> deep\n> less", False, ">> deep\n> less"),
        ("> soft \nmine", False, "> soft \nmine"),
        ("words \n-- \nAnna", False, "words \n-- \nAnna"),
        ("-- \nAnna", False, "-- \nAnna"),
        ("> > odd", False, "> > odd"),
        ("", False, ""),
    ],
)
def test_flowed_lines_are_joined(text: str, delsp: bool, expected: str) -> None:
    assert unflow(text, delsp) == expected


@given(st.text("ab> -\n", max_size=80), st.booleans())
def test_no_letter_is_lost(text: str, delsp: bool) -> None:
    assert [char for char in unflow(text, delsp) if char in "ab-"] == [char for char in text if char in "ab-"]
