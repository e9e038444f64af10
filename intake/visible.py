"""The one place where a stranger's text is made harmless to show: terminal, log, page, export."""

from __future__ import annotations

import re

# General categories Cc, Cf, Zl, Zp and Cs of Unicode 16, the blank letters, and the variation selectors and tags that
# can carry text nobody sees. Soft hyphens (U+00AD) stay.
CONTROLS = "\u0000-\u0008\u000b-\u001f\u007f-\u009f"
FORMATS = (
    "\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
HIDDEN = re.compile(f"[\t\n{CONTROLS}{FORMATS}]")
HIDDEN_IN_LINES = re.compile(f"[{CONTROLS}{FORMATS}]")
# Emoji sequences of UTS 51: a presentation selector behind its base, a joiner between two pictographs.
PICTOGRAPH = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
EMOJI_PART = re.compile(rf"(?<=[{PICTOGRAPH}#*0-9])[\ufe0e\ufe0f]|(?<=[{PICTOGRAPH}\ufe0f])\u200d(?=[{PICTOGRAPH}])")


def visible(text: str, keep_newlines: bool = False) -> str:
    """The text with every control, escape, direction and zero-width character as a visible mark.

    ``\\x1b`` becomes ``␛``, U+202E becomes ``⟨U+202E⟩``. Joiners and selectors of emoji survive, and soft hyphens.
    ``keep_newlines`` leaves line feeds and tabs. Nothing is left to do in a second run.
    """
    return (HIDDEN_IN_LINES if keep_newlines else HIDDEN).sub(_mark, text)


def escaped(json_text: str) -> str:
    """JSON text with the same characters as ``\\uXXXX``: the same value, harmless in a terminal."""
    return HIDDEN.sub(_escape, json_text)


def _mark(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if EMOJI_PART.match(match.string, match.start()):
        return char
    return f"\u27e8U+{code:04X}\u27e9"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
