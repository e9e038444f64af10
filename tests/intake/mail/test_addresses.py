import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.addresses import parse_addresses


def read(value: bytes | str, hint: str = "") -> list[tuple[str, str]]:
    octets = value if isinstance(value, bytes) else value.encode()
    return [(found.name, found.address) for found in parse_addresses(octets, hint)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("<a@b.example>", [("", "a@b.example")]),
        ("Anna <a@B.Example>", [("Anna", "a@b.example")]),
        ("Local.Part@B.Example", [("", "Local.Part@b.example")]),
        ('"Doe, John" <j@b.example>, c@d.example', [("Doe, John", "j@b.example"), ("", "c@d.example")]),
        ("Doe, John <j@b.example>", [("Doe, John", "j@b.example")]),
        ("a@b.example (Anna)", [("Anna", "a@b.example")]),
        ("(note) Anna (really) <a@b.example> (end)", [("Anna", "a@b.example")]),
        ("a@b.example (Anna (of (the)) desk)", [("Anna (of (the)) desk", "a@b.example")]),
        ("=?utf-8?B?0JDQvdC90LA=?= <a@b.example>", [("Анна", "a@b.example")]),
        ('"=?utf-8?B?0JDQvdC90LA=?=" <a@b.example>', [("Анна", "a@b.example")]),
        ("=?utf-8?Q?Doe=2C_John?= <j@b.example>", [("Doe, John", "j@b.example")]),
        ("friends: a@b.example, B <c@d.example>;", [("", "a@b.example"), ("B", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ("undisclosed-recipients: ;, a@b.example", [("", "a@b.example")]),
        ("Anna <a@b.example", [("Anna", "a@b.example")]),
        ("Anna <a@b.example, B <c@d.example>", [("Anna", "a@b.example"), ("B", "c@d.example")]),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("Anna a@b.example", [("Anna", "a@b.example")]),
        ("<mailto:a@b.example>", [("", "a@b.example")]),
        ("<@relay.example:a@b.example>", [("", "a@b.example")]),
        ('"quoted local"@b.example', [("", '"quoted local"@b.example')]),
        ("a@[192.0.2.1]", [("", "a@[192.0.2.1]")]),
        ("a@xn--7-8tbhrdg.example", [("", "a@xn--7-8tbhrdg.example")]),
        ("почта@речное.example", [("", "почта@речное.example")]),
        ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
        ("Mail Delivery System <>", [("Mail Delivery System", "")]),
        ("<>", []),
        ("", []),
        (",,,", []),
        ('"back\\"slash" <a@b.example>', [('back"slash', "a@b.example")]),
        ("=?utf-8?Q?Anna_<a@b.example>?=", [("Anna", "a@b.example")]),
        ("=?utf-8?Q?a@b.example?=", [("", "a@b.example")]),
        ('"a@b.example"', [("", "a@b.example")]),
        ("<<a@b.example>>", [("", "a@b.example")]),
        ("a @ b.example", [("", "a@b.example")]),
        ("Anna\r\n <a@b.example>", [("Anna", "a@b.example")]),
        ("=?utf-8?Q?x=0D=0ABcc:_v@e.example?= <a@b.example>", [("x Bcc: v@e.example", "a@b.example")]),
    ],
)
def test_address_lists_as_programs_write_them(value: str, expected: list[tuple[str, str]]) -> None:
    assert read(value) == expected


@pytest.mark.parametrize(
    "value", ["alice@a)bob@b", "alice@a(x)bob@b", "a@b@c", "alice@a.example]bob@b.example", "a@b <"]
)
def test_an_ambiguous_address_is_nobodys(value: str) -> None:
    assert all(
        address not in ("alice@a", "bob@b", "a@b", "alice@a.example", "bob@b.example") for _, address in read(value)
    ) or (value == "a@b <")


def test_raw_names_are_read_in_the_charset_of_the_mail() -> None:
    assert read("Анна <a@b.example>".encode("koi8-r"), "koi8-r") == [("Анна", "a@b.example")]
    assert read("Оксана Бондарь <a@b.example>".encode("cp1251")) == [("Оксана Бондарь", "a@b.example")]


@pytest.mark.parametrize("name", ["х", "Р", "à", "Анна Р", "Р Анна", "Пётр х"])
@pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "cp1251", "cp866"])
def test_no_octet_of_a_raw_name_is_taken_for_a_blank(name: str, charset: str) -> None:
    octets = name.encode(charset, "ignore")
    assert read(b"<a@b.example> (" + octets + b")", charset) == [(octets.decode(charset).strip(), "a@b.example")]
    assert read(octets + b" <a@b.example>", charset) == [(octets.decode(charset).strip(), "a@b.example")]


def test_no_more_than_a_thousand_are_read() -> None:
    assert len(read(", ".join(f"a{number}@b.example" for number in range(3000)))) == 1000


@given(st.text("a@b.,;:<>()\"\\ '[]=?", max_size=60))
def test_any_scrap_gives_clean_addresses(text: str) -> None:
    for name, address in read(text):
        assert not set(name + address) & set("\r\n\0")
        assert not set(address) & set("<>(), ") or address.startswith('"')


@given(st.binary(max_size=100))
def test_any_octets_give_clean_addresses(value: bytes) -> None:
    for name, address in read(value):
        (name + address).encode("utf-8")
        assert not set(name + address) & set("\r\n\0")


@given(
    st.lists(
        st.tuples(
            st.text('abc де,"()<>', max_size=8), st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
        ),
        max_size=5,
    )
)
def test_what_was_written_properly_comes_back(people: list[tuple[str, str]]) -> None:
    def quoted(name: str) -> str:
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

    value = ", ".join(f"{quoted(name)} <{address}>" for name, address in people)
    assert read(value) == [(" ".join(name.split()), address) for name, address in people]
