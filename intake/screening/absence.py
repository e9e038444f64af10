"""Absence notices without a telling header or subject: texts of which every sentence is a responder's."""

from __future__ import annotations

import re

from intake.mail.folding import folded, listed

_MAX_CHARS = 1_500
_MAX_SENTENCES = 25
_SHORT = 8
_END = re.compile(r"(?!(?<=\d)\.\s+[^\W\dA-ZА-ЯЁ]|(?<=\s\d)\.\s|(?<=\s\d\d)\.\s)[.!;…](?=\s|$)|\n")


def _any(alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(listed(alternatives)))


_AWAY = _any(r"""
    (?<!был )(?<!была )(?<!были )\bв (?:[а-я]{4,14} ){0,2}отпуск; во время отпуска;
    в связи с (?:[а-я]{4,14} )?отпуском; в (?:служебной |рабочей )?поездке; недоступ[а-я]{2} (?:с|до|по)\b; \booo\b;
    business trip; командировк; на больничном; в декрет; отсутству; отсутствовать; \bболею\b; в отъезде;
    за пределами офиса; меня (?:[а-я]{4,9} ){0,2}(?:нет|не будет)\b; \bуволил(?:ся|ась)\b; участвую в; на учебе;
    на сессии; в пути\b; буду (?:[а-я]{4,9} )?недоступ; не в сети; вне зоны доступа; у від(?:рядженні|'їзді);
    поза офісом; хворію; (?:ушла|ушел) в (?:[а-я]{4,14} )?отпуск; не будет (?:на связи|в офисе); вне офиса; не в офисе;
    выходной; за границей; я в дороге; рабочий день (?:окончен|завершен);
    (?:офис|компания|организация|бухгалтерия|отдел|склад|канцелярия)[^,]{0,30} (?:закрыт|не работает); не работаю;
    больше не (?:использу|работа); нахожусь на\b; на (?:конференции|обучении|выставке); у відпустці; відсутн;
    на лікарнян; мене (?:немає|не буде); out of (?:the )?office; \baway\b; not in (?:the office|today); time off;
    on (?:[a-z]{4,9} )?(?:leave|vacation|holidays?|maternity|pto)\b; travell?ing; attending (?:a|an|the)\b;
    no longer (?:with|work|in use|monitored|employed|active|valid); i have (?:left|moved on);
    \bbe off\b; ящик (?:больше )?не (?:использу|провер)[а-я]{2,4}; office (?:is|will be) closed;
    \bout (?:today|this week|until|sick|ill)\b; in (?:a |all-day )?(?:training|meetings)\b;
    off (?:work|today|sick|until)\b; (?:offices|we|shop|company) (?:is|are|will be) closed;
    nicht (?:im (?:büro|haus)|erreichbar); im urlaub; unterwegs\b; auf (?:fortbildung|seminar|messe); arrêt maladie;
    en formation; maternité; de permiso; di permesso; in malattia; in trasferta; w delegacji; poza biurem; chory\b;
    chora\b; ziek\b; abwesend; außer haus; elternzeit; dienstreise; krankgeschrieben; absente?\b; en congés?\b;
    en déplacement; en vacances; fuera de; de vacaciones; estoy de (?:baja|viaje); fuori; assente; in ferie; ausente;
    de férias; afwezig; met vakantie; nieobecn; na urlopie; na zwolnieni; på semester; tjänsteledig; på ferie;
    na dovolené; lomalla
""")
_OWN = _any(r"""
    \b(?:я|меня|мне|мо[йяеию]|мо(?:ем|его|ей)|мы|наш[а-я]{0,3}|вы написали)\b;
    \b(?:нахожусь|отсутствую|буду|болею|участвую|уволил(?:ся|ась)|хворію)\b;
    ^(?:сейчас |временно |[сд]о? \d[^,]{0,25} )?(?:в|на|вне|не в) [а-я ]{0,20}(?:отпуск|командиров|офис|больнич|декрет);
    ^(?:уехала?|ушла|ушел) в; у від(?:рядженні|пустці); в отпуске (?:до|по|с) \d; находится в (?:[а-я]{4,14} )?отпуск;
    больше не; недоступ; выходн; в связи с (?:[а-я]{4,14} )?отпуском; отсутстви[еяю]; не работает; закрыт;
    рабочий день; \b(?:перебуваю|мене)\b; \b(?:i|i'm|my|me|our|we|mailbox|ooo)\b; ^(?:currently )?(?:out of|away|on);
    no longer; offices? (?:is|are|will); \b(?:ich|meine?[rsnm]?|wir)\b; \b(?:je|j'|mon|nous|actuellement)\b;
    \b(?:estoy|estaré|estamos|mi|me)\b; \b(?:sono|sarò|siamo|mio)\b; \b(?:jestem|będę|przebywam)\b; \b(?:ik|ben)\b;
    \b(?:estou|estarei)\b; \b(?:jag|jeg|jsem|olen)\b
""")
_BACK = _any(r"""
    отвеч[уа]; ответим; ответ (?:поступит|будет|возможен); ответы? мо[гж][а-я]{1,2}; задержива; вернусь; вернемся;
    выйду; выхожу; при первой возможности; смогу посмотреть; slow to (?:respond|reply); возвращ; свяж(?:усь|емся);
    прочитаю; просматриваю; смогу ответить; повернусь; відповім; повернення;
    \b(?:reply|respond|answer|return|get back|be back|back (?:on|in))\b; reopen; be answered;
    checking (?:e-?mail|mail|my); zurück; antworte; wieder erreichbar; unregelmäßig; retour; vous répond; consulte mes;
    regreso; responder; rientro; risponder; powroci; odpowiem; terug; antwoord; återkommer; svarar; odpovím
""")
_INSTEAD = _any(r"""
    по (?:[а-я]{3,14} ){0,2}вопросам; вопросы по [а-я ]{3,30} [-–—] к_;
    вопросы? ?[-–—:(]; обращай; обратит; обращат; обратись; замеща; заместит;
    исполняет; если срочно; срочн; дежурн; \bping\b; экстренн; неотложн; пишите; звоните; дублируйте; вопросы решает;
    вопросы [а-я ]{0,30}теперь к; \bза меня\b; мои (?:задачи|обязанности|дела|вопросы) вед; срочное;
    ^по [а-я]{4,14} ?[-–—:]; reach out to; main line; vertretung; proszę (?:kontaktować|pisać|dzwonić); звертайтеся;
    по авариям; терміново; телефонуйте; з [а-яіїє ]{0,20}питань; contact; urgent; in my absence; emergency; immediate;
    reach me; direct all; covering for me; please write to; for (?:billing|sales|support|everything else|anything);
    dringend; wenden sie; ansprechpartner; vertritt mich; en cas d; contactez; en caso; contacte con; in caso;
    per urgenze; contattare; em caso; pilnych; kontakt z; dringende zaken; bij dringende; brådskande; naléhav
""")
_TAKEN = _any(r"""
    (?:письмо|сообщение|обращение|письма|почта|почту)[^,]{0,40}(?:получ|прочита|рассмотр|доставлен|пересыл|пересл);
    (?:письмо|сообщение|обращение|письма|почта|почту)[^,]{0,40}(?:перенаправ|чита|провер);
    (?:спасибо|благодар[а-я]{1,4}) за (?:ваше |твое )?(?:письмо|сообщение|обращение); получили ваше письмо;
    доступ[а-я]{0,2} к почте; доступ[а-я]{0,2} к (?:интернету|электронной); не (?:могу|смогу) ответить; с задержкой;
    нерегулярно; ограничен; автоматическ; автоответ; рабоч(?:ее|ие) (?:время|дни); дякую за (?:ваш )?лист;
    thank(?:s| you) for (?:your|the) (?:e-?mail|message|letter|mail|writing); thank you for contacting;
    (?:no|limited|without) (?:e-?mail access|access to);
    limited connectivity; delayed; thanks for reaching; not be forwarded; automatic;
    vielen dank; weitergeleitet; merci (?:de|pour) votre; gracias por; grazie per; dziękuję za; bedankt voor;
    děkuji za; tack för; obrigad
""")
_COURTESY = _any(r"""
    здравствуй; добр(?:ый|ого|ое); уважаем; приветств; коллеги; извин; сожалени; с уважением; наилучш; всего хорошего;
    всего доброго; хорошего дня; спасибо; благодарю; с наступающ; с праздник; понимани; hello; \bhi\b; dear; regards;
    sorry; sincerely; greetings; guten; sehr geehrte; freundlich; grüße; bonjour; cordialement; hola; saludos;
    buongiorno; saluti; dzień dobry; pozdrawiam; olá; \bhej\b; dobrý; вітаю; добрий; доброго
""")
_CONTACT = _any(r"""@; \d{2,}; \bтел; \bмоб; \bвн\b; \bдоб\b; e-?mail; phone; mobile; \bext\b""")
_MATTER = listed("""
    сегодня; завтра; вчера; today; tomorrow; yesterday; ошибк; не работает кабинет; кабинет не работает; _вход_;
    так и не работает; все еще; по-прежнему; проблем; вложени; прилага; приложил; прикреп; пришлю; вышлю; отправлю;
    логин; пароль; проверил; соглас; перенес; созвон; давайте; поэтому; _но_; однако; _да,; _нет,; коротко;
    прошу передать; прошу направ; нужно; можно продл; а вот; до этого; подпишем; подписать; некому; на время отпуск;
    так что; потому; _за нее_; _за него_; à sa place; proszę przesłać; нужен; перевірте; верните; закрой; закройте;
    закрийте; откройте; удалите; пришлите; вышлите; отправьте; измените; подключ; исправ; помогите; сделайте; закажите;
    оплат; подпишет; bug; error; attached; let's; invoice; deploy; _but_; _so_; _also_; the problem; i checked;
    therefore; because; please close; please send; please fix; please ship; deshalb; daher; schicken sie;
    unterschrieben; donc; pouvez-vous; ci-joint; adjunt; por eso; quindi; proszę zamkn; dlatego; тож_
""")


_HOURS = re.compile(r"\b(?:с|from) \d{1,2}[:.]\d\d")
_UNTIL_HOUR = re.compile(r"(?<!\d )(?:до|после|until|till|after) \d{1,2}:\d\d")


def is_absence_notice(text: str) -> bool:
    """Does ``text`` tell that its writer is away and what to do meanwhile, and nothing else?

    People tell of absences, too; they go on to say something, or tell of somebody else's. So every sentence must be
    one of a notice: away, back, whom to turn to, the letter has come, a greeting, a name or a number.
    """
    whole = f" {folded(text)}"
    if not whole.strip() or len(whole) > _MAX_CHARS or "?" in whole or any(word in whole for word in _MATTER):
        return False
    if _UNTIL_HOUR.search(whole) and not _HOURS.search(whole):
        return False
    sentences = [part.strip() for part in _END.split(text) if part.strip(" -–—_*\t")]
    if len(sentences) > _MAX_SENTENCES or not all(_belongs(sentence) for sentence in sentences):
        return False
    if not any(_AWAY.search(plain) and _OWN.search(plain) for plain in map(folded, sentences)):
        return False
    return any(kind.search(whole) for kind in (_BACK, _INSTEAD, _TAKEN))


def _belongs(sentence: str) -> bool:
    plain = folded(sentence)
    if any(kind.search(plain) for kind in (_AWAY, _BACK, _INSTEAD, _TAKEN)) or _is_name(sentence):
        return True
    return len(plain.split()) <= _SHORT and any(kind.search(plain) for kind in (_COURTESY, _CONTACT))


def _is_name(sentence: str) -> bool:
    """A few words that all begin with a capital, or initials."""
    words = sentence.replace(",", " ").replace(".", " ").split()
    return len(words) <= 5 and all(word[0].isupper() or not word[0].isalpha() for word in words)
