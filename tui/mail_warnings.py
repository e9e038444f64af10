"""What was odd about a mail, in the agents' language. The reader tells it in English, one short phrase each."""

from __future__ import annotations

import re
from typing import Final

from intake.visible import visible

_PHRASES: Final = (
    (r"attachment: (.+)", "вложение: {}"),
    (r"charset '(.+)' is wrong, read as (.+)", "кодировка «{}» указана неверно, прочитано как {}"),
    (r"text without a charset, read as (.+)", "кодировка не указана, прочитано как {}"),
    (r"base64 is damaged, (\d+) octets left out", "base64 повреждён, пропущено байт: {}"),
    ("base64 is damaged", "base64 повреждён"),
    ("base64 is cut short", "base64 обрывается"),
    ("not base64 as labelled", "помечено как base64, но это простой текст"),
    ("uuencoded part could not be read", "часть в uuencode не прочиталась"),
    ("no header", "в письме нет заголовков"),
    ("no blank line after the header", "после заголовков нет пустой строки"),
    ("header line wrapped without indent", "строка заголовка перенесена без отступа"),
    ("header is over the limit and was cut", "заголовки слишком длинные, показаны не все"),
    ("text is over the limit and was cut", "текст слишком длинный, показан не весь; целиком он в исходном письме"),
    (r"more than (\d+) parts, the rest is left out", "в письме больше {} частей, остальные не прочитаны"),
    (r"parts nested deeper than (\d+)", "части вложены глубже {} уровней, дальше не прочитано"),
    ("multipart without its boundary", "граница частей письма не указана"),
    ("boundary does not occur", "указанной границы частей в письме нет"),
    ("parts without a header that announces them", "в письме части, о которых не сказано в заголовках"),
    ("multipart without parts, read as text", "письмо из частей, а частей нет: прочитано как текст"),
    ("no mail but a binary file", "это не письмо, а двоичный файл"),
    ("empty", "письмо пустое"),
    (r"could not be read: (\w+)", "письмо не прочиталось ({}); оно сохранено целиком"),
    ("could not be read within limits", "письмо слишком сложное и прочитано не целиком; оно сохранено"),
    ("address typed into a form, not proven", "адрес введён в форму и не подтверждён"),
    ("edited in Slack", "исправлено в Slack"),
    ("deleted in Slack", "удалено в Slack"),
)
_LONGEST: Final = 200


def warning_words(warning: str) -> str:
    """``warning`` in Russian; one that is not known as it is. What strangers wrote in it is harmless."""
    for pattern, words in _PHRASES:
        if found := re.fullmatch(pattern, warning):
            return words.format(*map(warning_words, found.groups()))
    return visible(warning)[:_LONGEST]
