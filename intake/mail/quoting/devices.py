"""Lines that mail programs add by themselves: «Отправлено с iPhone», "Sent from my iPhone", "Get Outlook for iOS".

A line is one when it begins as such lines do and says nothing else: every further word names a device, a program or is
one of the small words between. "Sent from my desk, is much easier" therefore stays a sentence.
"""

from __future__ import annotations

import re

from intake.mail.quoting.device_words import BEGINNINGS, MAKES, SMALL

_STARTS = tuple(sorted((form for row in BEGINNINGS for form in row.split("|")), key=len, reverse=True))
_HEADS = frozenset(form[:3] for form in _STARTS)
_LINK = re.compile(r"[<(\[]?(?:https?://|mailto:|www\.)[^\s<>()\[\]]{1,300}[>)\]]?|<[^<>\s]{1,300}>")
_SPLIT = re.compile(r"[\s,;:!()\[\]<>|/«»\"“”™®*_]+|\.(?:\s|$)|\s[-–—]\s")
_MODEL = re.compile(r"[A-Z0-9][\w+-]{0,14}$", re.ASCII)
_ITSELF = re.compile(
    r"(?:(?:这|此)?(?:封邮件)?(?:从|發自|发自|來自|来自|從)我的.{1,20}|(?:私の)?(?:iPhone|iPad|Android|携帯)から送信"
    r"|나의 .{2,20}에서 보냄"
    r"|.{0,12}iPhone에서 보냄|iPhone'umdan gönderildi|Lähetetty .{2,30}(?:sta|stä|stani)|(?:נשלח מה|נשלח מ).{2,20}"
    r"|Von meinem? .{2,30} (?:gesendet|geschickt|versendet)"
    r"|Outlook (?:for|для|für|pour|para|per|voor|för|til|dla|pro) (?:iOS|Android)(?: \w{4,12})?"
    r"|(?:iOS|Android) için Outlook.{0,12}"
    r"|iPhone-omról küldve|أُرسلت من .{2,12})\.?$",
    re.IGNORECASE,
)
_STEMS = ("iphon", "ipad", "samsung", "huawei", "xiaomi", "android", "outlook", "айфон", "самсунг", "андроид")
_LONGEST = 160


def is_device_line(key: str) -> bool:
    """Whether a mail program wrote this line under the text."""
    key = _bare(key)
    low = key.casefold()
    if len(low) > 400 or not low or (low[:3] not in _HEADS and not _ITSELF.match(key)):
        return False
    bare = _LINK.sub(" ", key).strip()
    if len(bare) > _LONGEST:
        return False
    if _ITSELF.match(bare):
        return True
    low = bare.casefold()
    start = next((form for form in _STARTS if low.startswith(form)), None)
    if start is None:
        return False
    return _names_a_device(bare[len(start) :], start)


def _bare(key: str) -> str:
    """The line without marks around it and without the brackets that hold all of it."""
    key = key.strip("*_ ").lstrip("[-—– ")
    while len(key) > 2 and (key[0], key[-1]) in (("(", ")"), ("<", ">")):
        key = key[1:-1].strip()
    return key


def _names_a_device(rest: str, start: str) -> bool:
    words = [word.rstrip(".'’") for word in _SPLIT.split(rest) if word.strip(".'’-")]
    if not words or len(words) > 18 or (rest[:1].isalpha() and start[-1] != "'"):
        return False
    named = False
    for word in words:
        low = word.casefold()
        if low in MAKES or low.startswith(_STEMS):
            named = True
        elif low not in SMALL and not _MODEL.match(word):
            return False
    return named or start.endswith(("meinem", "краткость")) or _is_own_model(words, start)


def _is_own_model(words: list[str], start: str) -> bool:
    """Sent from my X5: an unknown make, but written as makes are."""
    return (
        start == "sent from" and words[0].casefold() == "my" and len(words) > 1 and _MODEL.match(words[-1]) is not None
    )


def is_link(key: str) -> bool:
    """The rest of a wrapped device line: a link and nothing else."""
    return key[:1] in "<([h" and _LINK.fullmatch(key) is not None
