"""Letters that say «спасибо» and nothing else: they reopen nothing."""

from __future__ import annotations

import re

from intake.mail.folding import folded, listed

_MAX_CHARS = 400
_MAX_WORDS = 25
_MAX_NAMES = 2

_THANKS = frozenset(
    listed("""
    спасибо; спасибки; спс; благодарю; благодарим; благодарен; благодарна; благодарны; признателен; признательна;
    признательны; thanks; thank; thx; cheers; дякую; дякуємо; danke; gracias; merci; spasibo
""")
)
_CONTENT = frozenset(
    listed("""
    ок; окей; оке; ok; okay; работает; заработало; заработала; заработал; получилось; помогло; решено; решилось;
    исправлено; понял; поняла; поняли; понятно; ясно; принято; принял; приняла; отлично; супер; works; working;
    fixed; solved; resolved; great; perfect; got; rabotaet
""")
)
_SOLVED = frozenset(
    listed("""
    решен; решена; решено; решился; решилась; закрыт; закрыта; снят; снята; исчерпан; solved; fixed; resolved
""")
)
_TROUBLE = frozenset(listed("вопрос; проблема; ошибка; question; problem; issue"))
_COMPANY = frozenset(
    listed("""
    большое; огромное; огромная; вам; вас; тебе; за; помощь; ответ; оперативность; оперативный; оперативную; быстрый;
    быструю; быстро; скорый; подробный; подробное; разъяснение; разъяснения; разъяснили; информацию; инфо; пояснение;
    пояснения; поддержку; решение; содействие; внимание; работу; консультацию; реакцию; да; все; теперь; получил;
    получила; получили; хорошо; класс; исправилось; разобрались; разобрался; разобралась; можно; закрывать;
    закрывайте; закройте; закрыть; заявку; обращение; тикет; очень; сердечное; и; у; нас; меня; мы; я; это; уже;
    наша; наш; дуже; щиро; допомогу; відповідь; коллеги; команда; здравствуйте; добрый; день; вечер; доброе; утро;
    привет; всего; доброго; хорошего; дня; увидел; увидела; вижу; выручили; помогли; от; души; той; то; так; вроде;
    снова; a; the; you; u; very; much; so; for; your; help; reply; answer; quick; fast; support; all; it; now; fine;
    well; good; everything; is; again; many; lot; everyone; team; best; regards; kind; hi; hello; that; this; my;
    our; prompt; response; assistance; bolshoe; vse
""")
)
_CLOSING = re.compile(
    r"^\s*(?:с уважением|с наилучшими|--|best regards|kind regards|regards|отправлено с|sent from)", re.I | re.M
)
_SENTENCE = re.compile(r"[.!;\n…]+")
_WORD = re.compile(r"[^\W\d_]+")
_ONCE_MORE = re.compile(r"\bеще раз\b|\bonce again\b", re.I)


def is_bare_thanks(text: str) -> bool:
    """Does ``text``, what somebody newly wrote, only thank or confirm?

    Every word must be one of thanks; a name beside the thanks may stand. A question, a figure, a negation, anything
    unknown makes it a letter to be read.
    """
    body = _CLOSING.split(text.strip(), maxsplit=1)[0]
    if not body.strip() or len(body) > _MAX_CHARS or "?" in body or re.search(r"\d|https?:", body):
        return False
    sentences = [_WORD.findall(part) for part in _SENTENCE.split(_ONCE_MORE.sub(" ", body.replace("ё", "е")))]
    words = {folded(word) for sentence in sentences for word in sentence}
    if sum(map(len, sentences)) > _MAX_WORDS or not words & (_THANKS | _CONTENT):
        return False
    return all(_is_thanks(sentence) for sentence in sentences)


def _is_thanks(sentence: list[str]) -> bool:
    words = {folded(word) for word in sentence}
    if words & _TROUBLE and not words & _SOLVED:
        return False
    known = _THANKS | _CONTENT | _SOLVED | _TROUBLE | _COMPANY
    unknown = [word for word in sentence if folded(word) not in known]
    named = len(unknown) <= _MAX_NAMES and all(word[0].isupper() for word in unknown)
    return not unknown or (named and bool(words & _THANKS))
