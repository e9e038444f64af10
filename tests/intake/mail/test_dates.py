from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.dates import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 2 Nov 2026 10:11:22 +0300", "2026-11-02T10:11:22+03:00"),
        ("2 Nov 2026 10:11:22 +0300 (MSK)", "2026-11-02T10:11:22+03:00"),
        ("Mon, 2 Nov 2026 10:11 +0300", "2026-11-02T10:11:00+03:00"),
        ("Mon, 2 Nov 26 10:11:22 GMT", "2026-11-02T10:11:22+00:00"),
        ("Mon, 02 Nov 2026 10:11:22 EST", "2026-11-02T10:11:22-05:00"),
        ("Mon, 02 Nov 2026 10:11:22 MSK", "2026-11-02T10:11:22+03:00"),
        ("Mon, 02 Nov 2026 10:11:22 GMT+3", "2026-11-02T10:11:22+03:00"),
        ("Mon, 02 Nov 2026 10:11:22 +03:00", "2026-11-02T10:11:22+03:00"),
        ("Mon, 02 Nov 2026 10:11:22 -0000", "2026-11-02T10:11:22+00:00"),
        ("Mon, 02 Nov 2026 10:11:22", "2026-11-02T10:11:22+00:00"),
        ("Mon, 02 Nov 2026 10:11:22 XYZ", "2026-11-02T10:11:22+00:00"),
        ("Mon, 02 Nov 2026 10:11:22 +9900", "2026-11-02T10:11:22+00:00"),
        ("Пн, 2 ноя 2026 10:11:22 +0300", "2026-11-02T10:11:22+03:00"),
        ('"Mon, 02 Nov 2026 10:11:22 +0300"', "2026-11-02T10:11:22+03:00"),
        ("Mon, 02 Nov 2026 10:11:60 +0300MSK", "2026-11-02T10:11:59+03:00"),
        ("2026-11-02T10:11:22Z", "2026-11-02T10:11:22+00:00"),
        ("2026-11-02 10:11:22+03:00", "2026-11-02T10:11:22+03:00"),
        ("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T09:55:06-06:00"),
    ],
)
def test_dates_are_read(text: str, expected: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "99 Foo 2026", "Mon, 31 Feb 2026 10:00:00 +0300", "0", "1 " * 1000, "(" * 1000]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(
    st.text(max_size=60)
    | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d{1,3}:\d{1,3}(:\d+)? [+-]?\w{1,6}")
)
def test_dates_are_aware_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or found.utcoffset() is not None
    assert found is None or datetime.fromisoformat(found.isoformat()) == found
