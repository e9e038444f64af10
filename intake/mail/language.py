"""The language of a text by its script and commonest words: a hint for people, nothing rests on it."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 4000
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = {
    "ru": "и в не на что с по как это у к вы мы для за от до из но так же при или если уже есть нет ещё здравствуйте",
    "uk": "і в не на що з по як це у до ви ми для за від та але так при або якщо вже є ні ще доброго дня",
    "be": "і ў не на што з па як гэта у да вы мы для за ад але так пры або калі ўжо ёсць",
    "bg": "и в не на че с по как това у към вие ние за от до из но при или ако вече е са се да",
    "kk": "және бұл үшін мен бар емес жоқ осы бір деп сіз біз керек болды",
    "en": "the a and to of in is it you that for on with this are we have not be our your please hello can from i",
    "de": "der die das und ist nicht ein eine zu in mit auf für wir sie ich den dem bitte von im haben wird",
    "fr": "le la les et est une un des de pour dans que nous vous je avec sur pas bonjour du au ce merci",
    "es": "el la los y es una un de que en para por con no se nos hola gracias del al lo como su",
    "it": "il la i e è un una di che per con non in si ci grazie del della sono come buongiorno",
    "pt": "o a os e é um uma de que em para por com não se obrigado do da ao como seu olá",
    "nl": "de het een en is niet van voor met op wij u ik dat in te zijn bedankt hallo",
    "pl": "i w nie na że z się jest do to jak dla za od po ale czy proszę dzień dobry",
    "tr": "ve bir bu için ile de da değil çok var yok ne merhaba olarak",
}
_STOP_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_TELLING = (("uk", re.compile("[іїєґІЇЄҐ]")), ("be", re.compile("[ўЎ]")), ("kk", re.compile("[әғқңұһӘҒҚҢҰҺ]")))


def language_of(text: str) -> str | None:
    """An ISO 639-1 code, None when there is too little to tell by."""
    sample = text[:_SAMPLE]
    cyrillic, latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    if not sample.isascii():
        for language, script in _SCRIPTS:
            if len(script.findall(sample)) * 3 > max(cyrillic, latin, 3):
                return language
    if cyrillic * 4 >= latin and cyrillic >= 3:
        return _among_cyrillic(sample)
    return _by_stop_words(sample, ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr"), None) if latin >= 3 else None


def _among_cyrillic(sample: str) -> str:
    letters = len(_CYRILLIC.findall(sample))
    for language, telling in reversed(_TELLING):
        if len(telling.findall(sample)) * 50 > letters:
            return language
    return _by_stop_words(sample, ("ru", "bg"), "ru") or "ru"


def _by_stop_words(sample: str, languages: tuple[str, ...], default: str | None) -> str | None:
    words = Counter(_WORD.findall(sample.lower()))
    scores = {language: sum(words[word] for word in _STOP_WORDS[language]) for language in languages}
    best = max(languages, key=lambda language: scores[language])
    return best if scores[best] else default
