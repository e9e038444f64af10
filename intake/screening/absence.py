"""Absence notices without a telling header or subject: texts of which every sentence is a responder's."""

from __future__ import annotations

import re

from intake.mail.folding import folded, listed

_MAX_CHARS = 1_500
_MAX_SENTENCES = 25
_SHORT = 8
_END = re.compile(r"[.!;…](?=\s|$)|\n")


def _any(alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(listed(alternatives)))


_AWAY = _any(r"""
    (?<!был )(?<!была )(?<!были )\bв (?:[а-я]{4,14} ){0,2}отпуск; во время отпуска;
    в связи с (?:[а-я]{4,14} )?отпуском; в (?:служебной |рабочей )?поездке; недоступ[а-я]{2} (?:с|до|по)\b; \booo\b;
    business trip; командировк; на больничном; в декрет; отсутству; отсутствовать; меня (?:сейчас )?(?:нет|не будет);
    не будет (?:на связи|в офисе); вне офиса; не в офисе; выходной; за границей;
    (?:офис|компания|организация)[^,]{0,30} (?:закрыт|не работает); не работаю; больше не (?:использу|работа);
    на (?:конференции|обучении|выставке); у відпустці; відсутн; out of (?:the )?office; \baway\b;
    on (?:annual |parental |maternity |sick )?(?:leave|vacation|holiday); travell?ing;
    no longer (?:with|work|in use); office (?:is|will be) closed; nicht im (?:büro|haus); im urlaub; abwesend;
    absente?\b; en congé; fuera de; de vacaciones; fuori; assente; ausente; de férias; afwezig; nieobecn; na urlopie
""")
_BACK = _any(r"""
    отвеч[уа]; ответим; ответ (?:поступит|будет); ответы? мо[гж][а-я]{1,2}; задержива; вернусь; вернемся; выйду;
    выхожу; возвращ; свяж(?:усь|емся); \b(?:reply|respond|answer|return|get back|be back|back (?:on|in))\b; zurück;
    antworte; retour; regreso; rientro; повернусь; відповім
""")
_INSTEAD = _any(r"""
    по (?:[а-я]{3,14} ){0,2}вопросам; вопросы? ?[-–—:(]; обращай; обратит; обращат; обратись; замеща; заместит;
    исполняет; если срочно; срочн; дежурн; \bping\b; экстренн; неотложн; пишите; звоните; дублируйте;
    з [а-яіїє ]{0,20}питань; contact; urgent; in my absence; emergency; immediate; reach me; dringend; wenden sie;
    en cas d; en caso; in caso; em caso; pilnych; bij dringende
""")
_TAKEN = _any(r"""
    (?:письмо|сообщение|обращение|письма|почта|почту)[^,]{0,40}(?:получ|прочита|рассмотр|доставлен|пересыл|пересл);
    (?:письмо|сообщение|обращение|письма|почта|почту)[^,]{0,40}(?:перенаправ|чита|провер);
    (?:спасибо|благодар[а-я]{1,4}) за (?:ваше |твое )?(?:письмо|сообщение|обращение); доступ[а-я]{0,2} к почте;
    доступ[а-я]{0,2} к (?:интернету|электронной); не (?:могу|смогу) ответить; с задержкой; нерегулярно; ограничен;
    автоматическ; автоответ; рабоч(?:ее|ие) (?:время|дни);
    thank(?:s| you) for (?:your|the) (?:e-?mail|message|letter|mail|writing); (?:no|limited|without) access to;
    limited connectivity; delayed; thanks for reaching; not be forwarded; automatic; vielen dank; weitergeleitet;
    merci (?:de|pour) votre; gracias por; grazie per
""")
_COURTESY = _any(r"""
    здравствуй; добр(?:ый|ого|ое); уважаем; приветств; коллеги; извин; сожалени; с уважением; наилучш;
    всего хорошего; всего доброго; хорошего дня; спасибо; благодарю; с наступающ; с праздник; понимани; hello;
    \bhi\b; dear; regards; sorry; sincerely; guten tag; bonjour; hola; вітаю; добрий
""")
_CONTACT = _any(r"""@; \d{2,}; \bтел; \bмоб; \bвн\b; \bдоб\b; e-?mail; phone; mobile; \bext\b""")
_MATTER = listed("""
    сегодня; завтра; вчера; today; tomorrow; yesterday; ошибк; не работает кабинет; кабинет не работает; _вход_;
    так и не работает; все еще; по-прежнему; проблем; вложени; прилага; приложил; прикреп; пришлю; вышлю; отправлю;
    логин; пароль; проверил; соглас; перенес; созвон; давайте; поэтому; _но_; однако; _да,; _нет,; коротко;
    прошу передать; прошу направ; нужно; можно продл; а вот; до этого; подпишем; подписать; некому; на время отпуск;
    bug; error; attached; let's; invoice; deploy; _but_; _so_; _also_; the problem; i checked
""")


def is_absence_notice(text: str) -> bool:
    """Does ``text`` tell that somebody is away and what to do meanwhile, and nothing else?

    People tell of absences, too; they go on to say something. So every sentence must be one of a notice: away, back,
    whom to turn to, the letter has come, a greeting, a name or a number.
    """
    whole = f" {folded(text)}"
    if not whole.strip() or len(whole) > _MAX_CHARS or "?" in whole or any(word in whole for word in _MATTER):
        return False
    sentences = [part.strip() for part in _END.split(text) if part.strip(" -–—_*\t")]
    if len(sentences) > _MAX_SENTENCES or not all(_belongs(sentence) for sentence in sentences):
        return False
    return bool(_AWAY.search(whole)) and any(kind.search(whole) for kind in (_BACK, _INSTEAD, _TAKEN))


def _belongs(sentence: str) -> bool:
    plain = folded(sentence)
    if any(kind.search(plain) for kind in (_AWAY, _BACK, _INSTEAD, _TAKEN)) or _is_name(sentence):
        return True
    return len(plain.split()) <= _SHORT and any(kind.search(plain) for kind in (_COURTESY, _CONTACT))


def _is_name(sentence: str) -> bool:
    """A few words that all begin with a capital, or initials."""
    words = sentence.replace(",", " ").replace(".", " ").split()
    return len(words) <= 5 and all(word[0].isupper() or not word[0].isalpha() for word in words)
