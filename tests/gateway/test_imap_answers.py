"""FETCH and SEARCH answers as servers really word them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.imap_answers import Listed, bodies, internal_date, listed, uid_set, uids

AT = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b'INTERNALDATE "12-May-2026 11:00:00 +0300"', AT),
        (b'INTERNALDATE "12-MAY-2026 08:00:00 +0000"', AT),
        (b'INTERNALDATE " 2-May-2026 01:30:00 -0130"', datetime(2026, 5, 2, 3, 0, tzinfo=UTC)),
        (b'INTERNALDATE "31-Apr-2026 11:00:00 +0300"', None),
        (b'INTERNALDATE "01-Jan-0001 00:00:00 +1400"', None),
        (b'INTERNALDATE "12-Mai-2026 11:00:00 +0300"', None),
        (b'INTERNALDATE "12-May-2026 11:00:00 +9900"', None),
        (b"INTERNALDATE NIL", None),
        (b"", None),
    ],
)
def test_a_time_is_read_or_none(said: bytes, found: datetime | None) -> None:
    assert internal_date(b"1 (UID 1 " + said + b")") == found


def test_items_come_in_any_order_and_flags_of_others_between() -> None:
    answer = [
        b'2 (RFC822.SIZE 20 INTERNALDATE "12-May-2026 11:00:00 +0300" UID 7)',
        b"9 (FLAGS (\\Seen))",
        b"9 (FLAGS (\\Seen) UID 9)",
        b"1 (UID 5 RFC822.SIZE 10)",
        None,
    ]
    assert listed(answer) == [Listed(5, 10, None), Listed(7, 20, AT)]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ([None], {}),
        ([(b"1 (UID 5 BODY[] {3}", b"abc"), b")"], {5: b"abc"}),
        ([(b"1 (BODY[] {3}", b"abc"), b" UID 5)"], {5: b"abc"}),
        (
            [(b"1 (BODY[] {3}", b"abc"), b" UID 5 FLAGS (\\Seen))", (b"2 (UID 6 BODY[] {0}", b""), b")"],
            {5: b"abc", 6: b""},
        ),
        ([(b"1 (UID 5 BODY[HEADER] {3}", b"abc"), b")"], {5: b"abc"}),
        ([b"1 (UID 5 BODY[] NIL)"], {}),
        ([b'1 (UID 5 BODY[] "")', b'2 (UID 6 BODY[] "a \\"b\\" \\\\")'], {5: b"", 6: b'a "b" \\'}),
        (
            [b"3 (FLAGS (\\Seen) UID 4)", (b"1 (UID 5 BODY[] {16}", b" UID 6 BODY[] {3}"), b")"],
            {5: b" UID 6 BODY[] {3}"},
        ),
        ([(b"1 (FLAGS {3}", b"abc"), b" UID 5)"], {}),
    ],
)
def test_bodies_are_found_whatever_their_wording(answer: list[Any], found: dict[int, bytes]) -> None:
    assert bodies(answer) == found


def test_numbers_of_a_search() -> None:
    assert uids([b"3 1 2", b"", b"10"]) == [1, 2, 3, 10]
    assert uids([None]) == []


@given(st.sets(st.integers(1, 60), min_size=1))
def test_a_sequence_set_names_exactly_its_numbers(numbers: set[int]) -> None:
    said = uid_set(sorted(numbers))
    found: list[int] = []
    for part in said.split(","):
        first, _, last = part.partition(":")
        found += range(int(first), int(last or first) + 1)
    assert found == sorted(numbers)
    assert said.count(",") + 1 == sum(n - 1 not in numbers for n in numbers)
