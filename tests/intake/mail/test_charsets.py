import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.charsets import decode_text
from intake.mail.encodings_known import codec_for

RUSSIAN = "Здравствуйте! Просим продлить лицензию на «Платежи» до конца года."
UKRAINIAN = "Доброго дня! Прошу підключити вітрину для нового будинку, дякую."
CYRILLIC = ["cp1251", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5", "utf-8"]


@pytest.mark.parametrize(
    "label", ["", "utf-8", "us-ascii", "iso-8859-1", "x-unknown", "nope", "koi8-r", "windows-1252"]
)
@pytest.mark.parametrize("really", CYRILLIC)
def test_cyrillic_is_read_whatever_the_label_says(really: str, label: str) -> None:
    octets = RUSSIAN.encode(really, "ignore")
    assert decode_text(octets, label)[0] == octets.decode(really)


@pytest.mark.parametrize("really", ["cp1251", "koi8-u", "utf-8"])
def test_ukrainian_is_read_without_a_label(really: str) -> None:
    assert decode_text(UKRAINIAN.encode(really))[0] == UKRAINIAN


@pytest.mark.parametrize("word", ["Иван", "Оксана Бондарь", "Реестр выплат № 118.csv", "ПРИВЕТ, ДОРОГИЕ", "Счёт № 5"])
@pytest.mark.parametrize("really", ["cp1251", "koi8-r", "utf-8"])
def test_short_unlabelled_words_are_read(really: str, word: str) -> None:
    octets = word.encode(really, "ignore")
    assert decode_text(octets)[0] == octets.decode(really)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("gb2312", "中文测试邮件"),
        ("GBK", "中文测试邮件"),
        ("gb18030", "中文测试𠀀"),
        ("big5", "繁體中文測試"),
        ("iso-2022-jp", "こんにちは、テスト"),
        ("shift_jis", "こんにちは、テスト"),
        ("euc-jp", "こんにちは、テスト"),
        ("euc-kr", "안녕하세요 테스트"),
        ("ks_c_5601-1987", "안녕하세요"),
        ("utf-7", "Привет + мир"),
        ("utf-16", "Привет"),
        ("utf-16le", "Привет"),
        ("iso-8859-2", "Zażółć gęślą"),
        ("iso-8859-7", "Καλημέρα"),
        ("windows-1255", "שלום"),
        ("tis-620", "สวัสดี"),
        ("hz-gb-2312", "中文"),
    ],
)
def test_every_charset_is_read_by_its_label(label: str, text: str) -> None:
    codec = {"ks_c_5601-1987": "euc-kr", "utf-16le": "utf-16-le"}.get(label, label)
    octets = text.encode(codec)
    read, warning = decode_text(octets, label)
    assert (read, warning) == (text, "")


@pytest.mark.parametrize("text", ["Grüße aus München, café déjà vu", "Größe", "naïve Zürich"])
@pytest.mark.parametrize("label", ["", "utf-8", "us-ascii", "iso-8859-1"])
def test_western_text_is_not_taken_for_cyrillic(text: str, label: str) -> None:
    assert decode_text(text.encode("latin-1"), label)[0] == text


def test_ascii_under_a_wide_label_stays_ascii() -> None:
    assert decode_text(b"plain words", "utf-16")[0] == "plain words"


def test_japanese_without_a_label_is_known_by_its_escapes() -> None:
    assert decode_text("こんにちは".encode("iso-2022-jp"))[0] == "こんにちは"


def test_a_cut_character_does_not_change_the_charset() -> None:
    octets = RUSSIAN.encode()[:-2]
    read, _ = decode_text(octets, "utf-8")
    assert read.startswith(RUSSIAN[:-3])


def test_the_hint_decides_for_bytes_too_few_to_judge() -> None:
    assert decode_text("№".encode("cp866"), "", "cp866")[0] == "№"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF8", "utf_8"),
        ("cp-1251", "cp1251"),
        ("win-1251", "cp1251"),
        ("windows1251", "cp1251"),
        ("x-cp1251", "cp1251"),
        ("ISO8859-5", "iso8859_5"),
        ("koi8r", "koi8_r"),
        ("utf-8http-equivcontent-type", "utf_8"),
        ('"windows-1251"', "cp1251"),
        ("latin1", "cp1252"),
        ("", None),
        ("unknown-8bit", None),
        ("nonsense", None),
    ],
)
def test_labels_as_mails_write_them(label: str, codec: str | None) -> None:
    assert codec_for(label) == codec


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "zlib", "base64", "rot13", "unicode_escape", "undefined", "mbcs", "cp037"]
)
def test_a_label_never_calls_a_codec_that_is_no_mail_charset(label: str) -> None:
    assert codec_for(label) is None


@given(st.binary(max_size=300), st.text(max_size=30))
def test_decoding_never_raises_and_leaves_no_nul_or_surrogate(octets: bytes, label: str) -> None:
    text, _ = decode_text(octets, label, label)
    assert "\0" not in text
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=80))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode_text(text.encode(), "utf-8")[0] == text


def test_vendors_characters_in_japanese_mail_are_read() -> None:
    octets = b"\x1b$B-!\x1b(B \x1b$B4]?t;z\x1b(B"
    assert decode_text(octets, "iso-2022-jp") == ("① 丸数字", "")


def test_octets_that_would_be_control_characters_in_utf8_are_what_the_label_says() -> None:
    assert decode_text("Цена: 5 €".encode("cp1251"), "windows-1251")[0] == "Цена: 5 €"
    assert decode_text(b"\xc2\x80", "windows-1250") == ("Â€", "")
