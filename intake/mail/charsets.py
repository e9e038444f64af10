"""Bytes to text in any charset, rightly labelled or not. Never raises.

The label is tried strictly; bytes that can't be so labelled are read as UTF-8, then by the judge of Cyrillic
charsets, then by charset-normalizer, and last with replacement characters.
"""

from __future__ import annotations

import re

from intake.mail.cyrillic import CODECS as CYRILLIC
from intake.mail.cyrillic import judge, plausibility, runs_share
from intake.mail.encodings_known import codec_for

_CLASSES = {
    "seven_bit": "utf_7 hz iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr",
    "wide": "utf_16 utf_16_le utf_16_be utf_32 utf_32_le utf_32_be",
    "multi_byte": "gb18030 cp950 big5hkscs cp949 johab cp932 shift_jis_2004 shift_jisx0213 euc_jp euc_jis_2004",
    "latin": "cp1252 cp1250 cp1254 cp1257 cp437 cp850 cp852 mac_roman iso8859_2 iso8859_3 iso8859_4 iso8859_9 "
    "iso8859_10 iso8859_13 iso8859_14 iso8859_15 iso8859_16 ascii",
}
_SEVEN_BIT, _WIDE, _MULTI_BYTE, _LATIN = (frozenset(names.split()) for names in _CLASSES.values())
_RELATIVES = {"cp950": ("big5hkscs", "gb18030"), "cp932": ("shift_jis_2004",), "iso2022_jp_ext": ("iso2022_jp_2004",)}
_BOMS = ((b"\xef\xbb\xbf", "utf_8"), (b"\xff\xfe\x00\x00", "utf_32"), (b"\xff\xfe", "utf_16"), (b"\xfe\xff", "utf_16"))
_LONE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
_JAPANESE = frozenset(("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_ext"))
_HIGH = re.compile(rb"[\x80-\xff]")
_KANA = re.compile("[\u3040-\u30ff]")
_GUESS_SAMPLE = 4096
_GUESSABLE = ["gb18030", "big5", "cp949", "cp1253", "cp1255", "cp1256", "cp1250", "cp874"]
_FEW = 12
_ENOUGH_TO_REFUTE = 24
_CLEARLY_CYRILLIC = 0.55


def decode_text(data: bytes, label: str = "", hint: str = "") -> tuple[str, str]:
    """``data`` as text without NULs and lone surrogates, and a warning, "" when the label was right.

    ``hint`` names a charset the rest of the mail is in, for bytes that have no label of their own.
    """
    codec = codec_for(label) if label else None
    if data.isascii() and codec not in _SEVEN_BIT and codec not in _WIDE:
        if codec is None and b"\x1b$" in data:
            return _escaped_japanese(data)
        return _cleaned(data.decode("ascii")), ""
    text = _by_label(data, codec) if codec else None
    if text is not None:
        return _cleaned(text), ""
    text, guessed = _by_content(data, codec, codec_for(hint) if hint else None)
    if not label:
        return _cleaned(text), "" if guessed == "utf_8" else f"text without a charset, read as {guessed}"
    return _cleaned(text), f"charset {label[:40]!a} is wrong, read as {guessed}"


def _cleaned(text: str) -> str:
    return _LONE.sub("", text) if _LONE.search(text) else text


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _by_label(data: bytes, codec: str) -> str | None:
    """The text as labelled, None where the label can't be true."""
    if codec == "utf_8":
        return _strict(data[3:] if data.startswith(b"\xef\xbb\xbf") else data, codec)
    if codec in _WIDE:
        return _wide(data, codec)
    if codec in _SEVEN_BIT or codec in _MULTI_BYTE:
        tried = (_strict(data, name) for name in (codec, *_RELATIVES.get(codec, ())))
        found = next((text for text in tried if text is not None), None)
        return _vendor_japanese(data) if found is None and codec in _JAPANESE else found
    if (real := _strict(data, "utf_8")) is not None and not _CONTROLS.search(real):
        return None
    text = _strict(data, codec)
    if text is None and codec in ("cp1252", "cp1251"):
        text = data.decode(codec, "replace") if data.count(0x98) + data.count(0x81) < 3 else None
    return None if text is None or _belied(data, codec, text) else text


def _vendor_japanese(data: bytes) -> str | None:
    """ISO-2022-JP with vendors' characters in its empty rows (①, ㈱), which JIS X 0213 has in the same places."""
    return _strict(data.replace(b"\x1b$B", b"\x1b$(Q").replace(b"\x1b$@", b"\x1b$(Q"), "iso2022_jp_2004")


def _belied(data: bytes, codec: str, text: str) -> bool:
    """Whether an 8-bit label is refuted by what the bytes read like in another charset."""
    if codec in _LATIN:
        return runs_share(data) > 0.6 and judge(data)[1] > _CLEARLY_CYRILLIC
    if (codec not in CYRILLIC and codec != "koi8_r") or len(_HIGH.findall(data[:1500])) < _ENOUGH_TO_REFUTE:
        return False
    own = plausibility(text[:1500])
    if own > 0.45:
        return False
    best, score = judge(data)
    return best != codec.replace("koi8_r", "koi8_u") and score > _CLEARLY_CYRILLIC and score > own + 0.35


def _wide(data: bytes, codec: str) -> str | None:
    """UTF-16 and UTF-32, believed only where the octets look like it."""
    for mark, marked in _BOMS[1:]:
        if data.startswith(mark):
            return _strict(data[: len(data) // 2 * 2], marked)
    little, big = _highest_share(data[1:2000:2]), _highest_share(data[:2000:2])
    if b"\x00" not in data and max(little, big) < 0.4:
        return None
    if codec == "utf_16":
        codec = "utf_16_le" if little > big else "utf_16_be"
    return _strict(data, codec)


def _highest_share(octets: bytes) -> float:
    """How many of ``octets`` are the commonest among them: of the high halves of UTF-16 letters most are equal."""
    return max(map(octets.count, set(octets)), default=0) / max(len(octets), 1)


def _escaped_japanese(data: bytes) -> tuple[str, str]:
    codec = "iso2022_kr" if b"\x1b$)C" in data else "iso2022_jp_ext"
    text = _strict(data, codec)
    return (
        (_cleaned(data.decode("ascii")), "")
        if text is None
        else (_cleaned(text), f"text without a charset, read as {codec}")
    )


def _by_content(data: bytes, codec: str | None, hint: str | None) -> tuple[str, str]:
    for mark, marked in _BOMS:
        if data.startswith(mark) and (text := _strict(data, marked)) is not None:
            return text.lstrip("\ufeff"), marked
    if (text := _strict(data, "utf_8")) is not None:
        return text, "utf_8"
    if (text := _damaged_utf8(data)) is not None:
        return text, "utf_8"
    if hint and hint != "utf_8" and (text := _by_label(data, hint)) is not None:
        return text, hint
    return _by_frequency(data, codec)


def _damaged_utf8(data: bytes) -> str | None:
    """Mostly UTF-8: a character cut at the end, a few foreign bytes."""
    text = data.decode("utf_8", "replace")
    broken = text.count("\ufffd")
    whole = sum(ch > "\x7f" for ch in text[:20_000]) - broken
    return text if broken <= 3 + whole // 20 and whole > 3 * broken else None


def _by_frequency(data: bytes, codec: str | None) -> tuple[str, str]:
    best, score = judge(data)
    if score > 0.4 and runs_share(data) > 0.4:
        return data.decode(best, "replace"), best
    if codec in _MULTI_BYTE:
        return data.decode(codec, "replace"), codec
    if runs_share(data) < 0.5:
        return data.decode("cp1252", "replace"), "cp1252"
    guessed = _japanese(data) or _guess(data) or (best if score > 0 else "cp1252")
    return data.decode(guessed, "replace"), guessed


def _japanese(data: bytes) -> str | None:
    """EUC or Shift JIS by its kana, which no other charset's bytes give in such number."""
    for codec in ("euc_jp", "cp932"):
        text = _strict(data, codec) or ""
        if len(_KANA.findall(text)) * 5 > sum(ch > "\x7f" for ch in text) > 0:
            return codec
    return None


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    sample = data[:_GUESS_SAMPLE]
    if len(_HIGH.findall(sample)) < _FEW:
        return None
    match = from_bytes(sample, cp_isolation=_GUESSABLE).best()
    return match.encoding if match is not None else None
