"""Names of downloaded files."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.downloads import disposition, download, harmless


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("отчёт.pdf", "отчёт.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        (".htaccess", "htaccess"),
        ("\u200b.htaccess", "htaccess"),
        ("..\u200b/.\u202eprofile", "profile"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "a__Set-Cookie_ x=1.txt"),
        ("", "attachment"),
        ("...", "attachment"),
        ("-rf", "rf"),
    ],
)
def test_a_name_is_a_plain_name(name: str, expected: str) -> None:
    assert harmless(name).replace("\r\n", "__") in (expected, expected.replace("__", ""))


@given(st.text(max_size=80))
def test_no_name_leaves_its_folder_hides_or_steers(name: str) -> None:
    safe = harmless(name)
    assert safe
    assert safe[0] not in ".-~ "
    assert not re.search(r'[/\\<>:"|?*]', safe)
    assert not any(unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") for char in safe)
    value = disposition(name)
    assert value.isascii()
    assert value.isprintable()
    assert re.fullmatch(r'attachment; filename="[^"\\]*"; filename\*=UTF-8\'\'[A-Za-z0-9%._~-]+', value)
    assert unquote(value.rpartition("''")[2]) == safe


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "x\r\ny", ""])
def test_what_can_hold_a_script_is_octets(kind: str) -> None:
    assert download("a", kind, b"").headers["content-type"] == "application/octet-stream"
