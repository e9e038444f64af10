"""A vote in a letter: «5», «Оценка: 4, спасибо», «5!». What says anything else is a letter to be read."""

from __future__ import annotations

import re

from intake.mail.folding import folded, listed
from intake.thanks import is_bare_thanks

_MAX_CHARS = 300
_SPELLED = {"один": 1, "единица": 1, "два": 2, "двойка": 2, "три": 3, "тройка": 3, "четыре": 4, "четверка": 4}
_SPELLED |= {"пять": 5, "пятерка": 5, "пятерочка": 5}
_VOTING = frozenset(
    listed("""
    оценка; оцениваю; оцениваем; оценю; оценил; оценила; ставлю; ставим; поставлю; поставим; балл; балла; баллов;
    звезда; звезды; звезд; моя; наша; мой; наш; мы; я; на; за; работу; вашу; вам; качество; обслуживание; поддержку;
    помощь; решение; отметка; голос; голосую; здравствуйте; добрый; день; вечер; доброе; утро; твердая; твердую;
    конечно; однозначно; rating; score; mark; vote; my; our; stars; star; points; point; hello; hi
""")
)
_OUT_OF = re.compile(r"(?<=\d)\s*(?:/|из|out of)\s*(?:5|пяти)(?!\d)", re.I)
_NUMBER = re.compile(r"[-−–—]?\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_CLOSING = re.compile(r"^\s*(?:с уважением|с наилучшими|--|best regards|kind regards|regards|отправлено с|sent from)")


def vote_in(text: str, lowest: int = 1, highest: int = 5) -> int | None:
    """The mark that ``text``, what somebody newly wrote, gives and nothing beside it; None for anything else.

    One whole number within the scale (figures, or spelled out in Russian), and no words but those of voting and thanks.
    """
    body = _body(text)
    if not body or len(body) > _MAX_CHARS or "?" in body:
        return None
    rest = _OUT_OF.sub(" ", body) if highest == 5 else body
    figures = _NUMBER.findall(rest)
    words = [folded(word) for word in _WORD.findall(rest)]
    spelled = [word for word in words if word in _SPELLED]
    marks = [int(f) if f.isdecimal() else None for f in figures] + [_SPELLED[word] for word in spelled]
    if len(marks) != 1 or marks[0] is None or not lowest <= marks[0] <= highest:
        return None
    return marks[0] if _says_nothing_else(_NUMBER.sub(" ", rest)) else None


def _body(text: str) -> str:
    """What stands before closing words, without the signs that make a figure a keycap."""
    lines: list[str] = []
    for line in text.replace("\ufe0f", "").replace("\u20e3", "").strip().splitlines():
        if _CLOSING.match(line.lower()):
            break
        lines.append(line)
    return "\n".join(lines).strip().replace("ё", "е").replace("Ё", "Е")


def _says_nothing_else(rest: str) -> bool:
    unknown = [word for word in _WORD.findall(rest) if folded(word) not in _VOTING and folded(word) not in _SPELLED]
    return not unknown or is_bare_thanks(" ".join(unknown))
