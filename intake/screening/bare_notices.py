"""Absence notices and receipts of very few words: «В отпуске до 15.06», "I am not in today", «Ваше письмо получено».

People use the same words and say something besides. So every clause must be a responder's from its first word to its
last; one clause more, and a person wrote it.
"""

from __future__ import annotations

import re

from intake.mail.folding import folded, listed
from intake.screening.notice_days import DATE, OTHER_DAY, with_days_marked

_MAX_CHARS = 600
_MAX_CLAUSES = 10
_PIECES: dict[str, str] = {}


def _any(alternatives: str) -> str:
    """One of ``alternatives``; ``<name>`` stands for a piece above."""
    joined = "|".join(listed(alternatives))
    return "(?:" + re.sub(r"<(\w+)>", lambda found: _PIECES[found[1]], joined) + ")"


_PIECES["date"] = DATE
_PIECES["day"] = f"[{DATE}{OTHER_DAY}]"
_PIECES["period"] = (
    _any("""
    (?:до|по|с|со|з|від|until|till?|from|to|through|since|bis|bis zum|vom|ab|zum|do|od|jusqu'au|du|au|hasta|fino
    al|del|al|hasta el|dal) <day>; <day> ?[-–—] ?<day>
""")
    + r"(?: ?\(?(?:включительно|inclusive|einschließlich)\)?)?"
)
_PIECES["today"] = _any("""
    сегодня; сьогодні; today; heute; this week; на этой неделе; эту неделю; целый день; весь день;
    oggi; hoy; aujourd'hui; dzisiaj
""")
_PIECES["now"] = _any("сейчас; временно; пока; в настоящее время; currently; derzeit; aktuell; зараз; тимчасово")
_PIECES["place"] = r"(?: (?:на (?:рабочем )?месте|в офисе|на работе|в городе|на связи|на місці|в офісі|на роботі))?"
_PIECES["who"] = _any("(?:я |i am |i'm |ich bin |bin |jestem |będę )?(?:<now> )?(?:нахожусь |перебуваю )?")
_PIECES["state"] = _PIECES["who"] + _any(r"""
    (?:в|на|у) (?:[а-я]{4,16} )?(?:отпуске|командировке|больничном|отгуле|декрете|отъезде|учебе|сессии|обучении);
    (?:в|на|у) (?:відпустці|відрядженні|лікарняному); отпуске по уходу за ребенком; отсутствую<place>;
    відсутн(?:ій|я)<place>; не работаю; не працюю; вне офиса; поза офісом; не в офисе; нет на месте; нет в офисе;
    (?:меня|мене) (?:[а-я]{4,9} )?(?:нет|не будет|немає|не буде)<place>; недоступ(?:ен|на); (?:у меня )?выходной;
    out of (?:the )?office; away(?: from (?:the office|my desk))?; not in(?: the office)?; off(?: work)?; ooo;
    on (?:[a-z]{4,9} )?(?:leave|vacation|holiday|pto); on a business trip; nicht im (?:büro|haus|dienst); im urlaub;
    abwesend; auf dienstreise; krankgeschrieben; nicht erreichbar; w delegacji; na urlopie; na zwolnieniu;
    (?:je suis |je serai )(?:actuellement )?(?:absente?(?: du bureau)?|en congés?|en vacances|en déplacement);
    (?:estoy |estaré )(?:fuera de la oficina|de vacaciones|ausente|de viaje|de baja); nieobecn[ya]; poza biurem;
    (?:sono |sarò )(?:assente|fuori ufficio|fuori sede|in ferie|in trasferta)
""")
_PIECES["noun"] = _any("""
    (?:[а-я]{4,16} )?(?:отпуск|отгул|больничный|командировка|выходной|отъезд); відпустка; відрядження; лікарняний;
    (?:annual |sick |parental |maternity )?(?:leave|vacation|holiday); (?:mein )?urlaub; dienstreise; elternzeit
""")
_DATED = re.compile(
    _any("""
    (?:<today> |<period>,? )?<state>(?: (?:<today>|<period>))+; (?:я )?(?:<today>|<period>),? <state>;
    (?:<now> )?<state>,? (?:on (?:¶,? )?)?<date>(?: <today>)?; <noun>:? (?:<period>|<date>);
    (?:меня|мене) <today> (?:нет|не будет|немає|не буде)<place>; я <today> выходн(?:ой|ая)
""")
)
_UNDATED = re.compile(_PIECES["state"])
_BACK = re.compile(
    _any("""
    (?:я )?(?:отвечу|вернусь|буду|выйду|выхожу)(?: вам| всем| на работ[еу]| в офисе| на месте)*(?: (?:в|с|со|после))?
    <day>;
    (?:отвечу|отвечу вам|отвечу всем) (?:по возвращении|после возвращения|позже)(?: <day>)?;
    (?:i will |i'll |will )?(?:be )?(?:back|reply|respond|return)(?: to you)? (?:on |in |from |by )?(?:<day>|my return);
    (?:bin )?(?:wieder )?(?:ab )?(?:am )?<day> (?:wieder )?(?:erreichbar|zurück|da)
""")
)
_PIECES["turn"] = _any("""
    пишите; звоните; обращайтесь; прошу обращаться; просьба обращаться; звертайтеся; please contact; contact;
    please call; call
""")
_PIECES["heading"] = _any("""
    по (?:[а-я]{4,12} ){0,2}вопросам; по (?:срочн|неотложн)[а-я]{2,3}; в срочных случаях; срочн(?:о|ое|ые вопросы);
    (?:все |рабочие )?вопросы(?: решает| адресуйте| направляйте)?; если срочно; терміново;
    з (?:[а-яіїє]{4,12} ){0,2}питань;
    for urgent (?:matters|issues|requests); in urgent cases; if urgent; urgent; vertretung; in dringenden fällen
""")
_INSTEAD = re.compile(
    _any("""
    <heading>(?:,? <turn>)?; <turn>; (?:меня )?(?:замещает|заменяет|подменяет)(?: меня)?
""")
)
_WHOM = frozenset(
    listed("""
    к; на; по; в; и; или; либо; его; ее; моему; моей; моим; коллеге; коллегам; заместителю; помощнику; заместитель;
    коллега; почту; адрес; адресу; почте; телефону; телефон; номеру; номер; email; e-mail; mail; тел; моб; доб;
    до; my; colleague; colleagues; deputy; assistant; at; on; via; or; and; to; the; by; phone; mail; an; frau; herr
""")
)
_THANKS = re.compile(
    _any("""
    (?:большое )?(?:спасибо|благодар(?:им|ю)(?: вас)?) за (?:ваше )?(?:письмо|обращение|сообщение|запрос);
    что (?:написали|обратились)(?: (?:к )?нам)?; дяку(?:ємо|ю) за (?:ваш )?(?:лист|звернення);
    thank(?:s| you)(?: very much)? for (?:contacting us|getting in touch);
    thank(?:s| you)(?: very much)? for your (?:e-?mail|message|letter|e?i?nquiry)
""")
)
_PIECES["letter"] = _any("""
    письмо; обращение; сообщение; запрос; заявк[ау]; лист; звернення; e-?mail; message; request; enquiry
""")
_PIECES["taken"] = (
    "(?:получен|принят|зарегистрирован|доставлен|отриман|прийнят|зареєстрован)[оаы]?"
    r"(?: нами)?(?: в (?:работу|обработку))?(?: под номером [\w/#№-]{1,20})?"
)
_TAKEN = re.compile(
    _any(r"""
    (?:ваш[еау]? |данное )<letter>(?: (?:№|n|#) ?[\w/-]{1,20})?(?: (?:было|была|был|успешно))* <taken>;
    мы (?:его |ее )?получили(?: его| ее| ваше <letter>)?; (?:we have |we've |we )received (?:it|your <letter>);
    your <letter> (?:has been|was) received
""")
)
_PIECES["soon"] = _any("""
    в ближайшее (?:рабочее )?время; в течение .{1,30}; как можно (?:скорее|быстрее); в кратчайшие сроки;
    в рабочее время; в порядке очереди; найближчим часом; протягом .{1,30}; as soon as (?:possible|we can); shortly;
    soon; within .{1,30}
""")
_PROMISE = re.compile(
    r"(?:(?:оно|она|он|мы|наш[иа]?|it|we|our team|one of our [a-z]{4,12}) )?"
    r"(?:(?:менеджер|специалист|сотрудник|оператор)[а-я]{0,2} )?(?:обязательно )?"
    + _any("""
    ответ(?:им|ит|ят); свяж(?:емся|ется|утся); рассмотр(?:им|ит); будет (?:рассмотрен|обработан|прочитан)[оа]?;
    ответ будет (?:направлен|дан|предоставлен|подготовлен); відповімо;
    will (?:reply|respond|get back|be in touch|answer|be processed|be reviewed|be answered)
""")
    + f"(?: на него| на нее| вам| с вами| его| ее| to you| to it)* {_PIECES['soon']}"
)
_COURTESY = re.compile(
    _any("""
    (?:здравствуйте|добрый день|доброго дня|доброго времени суток)(?: коллеги)?; уважаем[а-я]{2} [а-я ]{3,30};
    коллеги; спасибо; благодарю; извините; приношу извинения; с уважением; хорошего дня; вітаю; добрий день; дякую;
    (?:hello|hi)(?: all| team)?; dear [a-z ]{3,30}; thanks; thank you; (?:best |kind )?regards; sorry; guten tag;
    hallo;
    mit freundlichen grüßen; viele grüße; danke
""")
)
_CLAUSE = re.compile(r"[;:!…\n]|[.](?=\s|$)|,(?=\s)|\s[-–—]\s|\s(?:и|and|und|та)\s")
_DOTTED = re.compile(
    r"(?<=\d)\.(?=\s+(?:(?:г|года|включительно)\b|(?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-z]{0,6}\b))|\b(?:г|р|доб|вн|тел|моб|им)\.(?=\s)"
)
_BOTH_DAYS = re.compile(r"сегодня и завтра(?= меня)", re.IGNORECASE)
_CAPITAL = r"(?:[A-ZА-ЯЁІЇЄ][\w.'-]*|[\d+()№/-]+|\S+@\S+|доб|тел|моб|вн|ext)"
_PERSON = re.compile(rf"{_CAPITAL}(?: {_CAPITAL}){{0,4}}")


def is_bare_absence(text: str) -> bool:
    """Does ``text`` tell nothing but that its writer is away, from when or until when, and whom to turn to?"""
    clauses = _clauses(text)
    told = [clause for clause in clauses if _DATED.fullmatch(with_days_marked(folded(clause)))]
    if not told:
        return False
    rest = (clause for clause in clauses if clause not in told and not _PERSON.fullmatch(clause))
    return all(_is_of_a_notice(clause) for clause in rest)


def is_bare_receipt(text: str) -> bool:
    """Does ``text`` say nothing but that the letter has come, or thanks for it, and that somebody will see to it?"""
    clauses = [folded(clause) for clause in _clauses(text)]
    received = [clause for clause in clauses if _THANKS.fullmatch(clause) or _TAKEN.fullmatch(clause)]
    promised = [clause for clause in clauses if _PROMISE.fullmatch(clause)]
    if not promised or not received:
        return False
    return all(_COURTESY.fullmatch(clause) for clause in clauses if clause not in (*received, *promised))


def _is_of_a_notice(clause: str) -> bool:
    plain = folded(clause)
    marked = with_days_marked(plain)
    if any(kind.fullmatch(marked) for kind in (_UNDATED, _BACK, _COURTESY, _THANKS)):
        return True
    turn = _INSTEAD.match(plain)
    return turn is not None and all(map(_names_somebody, clause.split()[len(turn.group().split()) :]))


def _names_somebody(word: str) -> bool:
    """A name, a number, an address or a small word that leads to one."""
    return not word[0].islower() or "@" in word or word.strip(",.()").lower() in _WHOM


def _clauses(text: str) -> list[str]:
    """The clauses of a short text, none when it is long or asks something."""
    if len(text) > _MAX_CHARS or "?" in text:
        return []
    plain = _BOTH_DAYS.sub("сегодня", _DOTTED.sub("", text))
    clauses = [" ".join(clause.split()).strip(" .,*_-–—()") for clause in _CLAUSE.split(plain)]
    written = [clause for clause in clauses if clause]
    return written if len(written) <= _MAX_CLAUSES else []
