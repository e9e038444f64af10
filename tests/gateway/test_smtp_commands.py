from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.smtp_commands import DataReader, Path, read_path

NASTY = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a", b"\x00", b"\xff", b"\r\n."]), max_size=40
).map(b"".join)
LONG = 10_000


@pytest.mark.parametrize(
    ("arg", "path"),
    [
        ("FROM:<a@b.example>", Path("a@b.example", {})),
        ("from: <a@b.example>", Path("a@b.example", {})),
        ("FROM:<>", Path("", {})),
        ("FROM: < a@b.example > ", Path("a@b.example", {})),
        ("FROM:a@b.example", Path("a@b.example", {})),
        ("FROM:<a@b> SIZE=1 body=8BITMIME SMTPUTF8", Path("a@b", {"SIZE": "1", "BODY": "8BITMIME", "SMTPUTF8": None})),
        ('FROM:<"a b"@c.example>', Path('"a b"@c.example', {})),
        (r'FROM:<"a\"b"@c.example>', Path(r'"a\"b"@c.example', {})),
        ("FROM:<@x.example,@y.example:a@b.example>", Path("@x.example,@y.example:a@b.example", {})),
        ("FROM:<root>", Path("root", {})),
        ("FROM:<пётр@пример.рф>", Path("пётр@пример.рф", {})),
        ("FROM:<a@b.example", None),
        ("FROM:a@b.example>", None),
        ("FROM:<a@b.example>x", None),
        ("FROM:<a@b.example> =", None),
        ("FROM:<a@b.example> SIZE=", None),
        ("FROM:<a@b.example> SIZE=1=2", None),
        ("FROM:<a b@c.example>", None),
        ("FROM:<a@b.example\r>", None),
        ("FROM:<a\x00@b.example>", None),
        ('FROM:<"a@b.example>', None),
        ("FROM:", None),
        ("FROM", None),
        ("TO:<a@b.example>", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_path_is_read_as_the_grammar_says(arg: str | None, path: Path | None) -> None:
    assert read_path("FROM:", arg) == path


@given(st.text(max_size=100))
def test_no_path_holds_line_ends(text: str) -> None:
    path = read_path("TO:", "TO:" + text)
    assert path is None or not any(c in path.address for c in "\r\n\0<>")


def fed(stream: bytes, cuts: list[int]) -> tuple[bytes | None, bytes | None, int]:
    """What a reader makes of a stream cut there: the mail, what is left, the octets seen by it."""
    reader, at = DataReader(LONG), 0
    for cut in [*sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]:
        rest = reader.feed(stream[at:cut])
        if rest is not None:
            return reader.mail(), rest + stream[cut:], reader.seen
        at = cut
    return None, None, reader.seen


@given(NASTY, NASTY, st.lists(st.integers(0, 200), max_size=8))
def test_cuts_change_nothing(before: bytes, after: bytes, cuts: list[int]) -> None:
    stream = before + b"\r\n.\r\n" + after
    assert fed(stream, cuts)[:2] == fed(stream, [])[:2]


@given(NASTY)
def test_only_crlf_dot_crlf_ends_a_mail(text: bytes) -> None:
    assert (fed(text, [])[0] is not None) == (b"\r\n.\r\n" in b"\r\n" + text)


@given(NASTY, st.lists(st.integers(0, 200), max_size=5), NASTY)
def test_a_stuffed_mail_comes_out_as_it_went_in(text: bytes, cuts: list[int], after: bytes) -> None:
    mail = text + b"\r\n"
    stuffed = (b"\r\n" + mail).replace(b"\r\n.", b"\r\n..")[2:]
    assert fed(stuffed + b".\r\n" + after, cuts)[:2] == (mail, after)


def test_the_empty_mail_ends_at_once() -> None:
    assert fed(b".\r\nQUIT\r\n", [])[:2] == (b"", b"QUIT\r\n")


@pytest.mark.parametrize("octets", [99, 100, 101, 150, 5000])
def test_a_mail_over_the_limit_is_not_held_but_its_end_is_found(octets: int) -> None:
    reader = DataReader(100)
    for _ in range(octets - 2):
        assert reader.feed(b"x") is None
        assert reader.held <= 100 * 4 // 3 + 16
    assert reader.feed(b"\r\n.\r\nNOOP") == b"NOOP"
    mail = reader.mail()
    assert (mail == b"x" * (octets - 2) + b"\r\n") if octets <= 100 else mail is None


def test_dots_that_were_stuffed_do_not_count() -> None:
    reader = DataReader(300)
    assert reader.feed(b"..\r\n" * 100 + b".\r\n") == b""
    assert reader.mail() == b".\r\n" * 100
