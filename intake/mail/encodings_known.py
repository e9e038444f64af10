"""Charset labels as mails write them, and the codec meant.

Only text codecs are ever reached: a label never calls ``punycode``, ``zlib`` or ``unicode_escape``.
"""

from __future__ import annotations

import re
from encodings.aliases import aliases
from functools import lru_cache

_NOT_TEXT_LIST = (
    "base64_codec bz2_codec hex_codec quopri_codec rot_13 uu_codec zlib_codec mbcs oem undefined idna "
    "punycode  raw_unicode_escape unicode_escape charmap cp037 cp273 cp424 cp500 cp875 cp1026 cp1140 "
    "cp864 tactis "
)
_NOT_TEXT = frozenset(_NOT_TEXT_LIST.split())
_KNOWN = {name: name for name in set(aliases.values()) - _NOT_TEXT} | {
    alias: name for alias, name in aliases.items() if name not in _NOT_TEXT
}
_MEANT = {
    "iso8859_1": "cp1252",
    "latin_1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "cp950",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "koi8_r": "koi8_r",
    "utf_8": "utf_8",
}
_SPELLINGS = {
    "koi8": "koi8_r",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "koi": "koi8_r",
    "koi8_ru": "koi8_u",
    "x_mac_cyrillic": "mac_cyrillic",
    "maccyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "x_mac_roman": "mac_roman",
    "x_mac_ce": "mac_latin2",
    "x_sjis": "cp932",
    "ms_kanji": "cp932",
    "windows_31j": "cp932",
    "ms932": "cp932",
    "x_gbk": "gb18030",
    "gb_2312_80": "gb18030",
    "x_euc_jp": "euc_jp",
    "cp51932": "euc_jp",
    "eucjp": "euc_jp",
    "cp50220": "iso2022_jp_ext",
    "x_windows_949": "cp949",
    "ks_c_5601_1987": "cp949",
    "ks_c_5601": "cp949",
    "x_big5": "cp950",
    "big5_hkscs": "big5hkscs",
    "tis_620": "cp874",
    "windows_874": "cp874",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8",
    "iso_8859_6_i": "iso8859_6",
    "iso_8859_6_e": "iso8859_6",
    "unicode_1_1_utf_7": "utf_7",
    "x_unicode_2_0_utf_7": "utf_7",
    "utf8mb4": "utf_8",
    "utf_8mb4": "utf_8",
    "unicode": "utf_16",
    "unicodefffe": "utf_16_be",
    "cp65001": "utf_8",
    "ansi_x3_110_1983": "cp1252",
}
_NUMBERED = re.compile(r"(?:x_)?(?:cp|win|windows|ansi|ms|ibm|dos|microsoft_cp|windows_cp)_?(\d{3,4})$")
_ISO = re.compile(r"iso_?8859_?(\d{1,2})")
_INSIDE = re.compile(
    r"utf_?8|windows_?125\d|cp125\d|koi8_?[ru]|iso_?8859_?\d{1,2}|gb18030|gb2312|gbk|big5|shift_jis|euc_(?:kr|jp)"
)


@lru_cache(maxsize=512)
def codec_for(label: str) -> str | None:
    """The Python codec that a charset ``label`` means; None for no, unknown or untellable labels."""
    key = re.sub(r"[^a-z0-9]+", "_", label[:80].lower()).strip("_")
    if not key or key in ("unknown", "unknown_8bit", "x_unknown", "8bit", "default", "none", "binary"):
        return None
    return _look_up(key) or _look_up_inside(key)


def _look_up(key: str) -> str | None:
    if key in _SPELLINGS:
        return _SPELLINGS[key]
    if numbered := _NUMBERED.match(key):
        key = "cp" + numbered[1]
    elif iso := _ISO.match(key):
        key = "iso8859_" + iso[1]
    name = _KNOWN.get(key)
    return _MEANT.get(name, name) if name else None


def _look_up_inside(key: str) -> str | None:
    """``utf-8http-equivcontent-type``, ``charset_windows-1251`` and the like."""
    found = _INSIDE.search(key)
    return _look_up(found[0].replace("utf8", "utf_8")) if found else None
