"""Days and times as introductions write them. Every pattern is tried on a few hundred characters only."""

from __future__ import annotations

import re

_MONTHS = (
    "янв фев мар апр мая май мае июн июл авг сен окт ноя дек",  # Russian, Bulgarian
    "січ лют бер квіт трав чер лип серп вер жовт лист груд",  # Ukrainian
    "студз сак крас чэр ліп жні кас снеж",  # Belarusian
    "jan feb mar apr may jun jul aug sep oct nov dec",  # English
    "jän mär mai okt dez",  # German
    "janv févr fév mars avr juin juil août aout déc",  # French
    "ene abr ago dic set",  # Spanish
    "gen mag giu lug ott",  # Italian
    "fev out",  # Portuguese
    "mrt maart mei maj",  # Dutch, the north
    "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",  # Finnish
    "sty lut kwi cze lip sie wrz paź lis gru",  # Polish
    "led úno bře dub kvě čvn čvc červ srp zář říj pros",  # Czech
    "jún júl máj sij velj ožu tra svi kol ruj stu",  # Slovak, Croatian
    "ocak oca şub mart nis haz tem ağu eyl eki kas ara",  # Turkish
    "ian iun iul noi",  # Romanian
    "szept ápr márc",  # Hungarian
    "ιαν φεβ μαρ απρ μαΐ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",  # Greek
    "saus vas kov bal geg birž liep rugp rugs spal lapkr gruod",  # Lithuanian
    "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",  # Hebrew
    "thg tháng agu des қаң ақп нау сәу мам мау шіл там қыр қаз қар жел",  # Vietnamese, Indonesian, Kazakh
)
_STEMS = frozenset(stem.casefold() for row in _MONTHS for stem in row.split())
_WEEKDAYS = (
    "пн вт ср чт пт сб вс понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье",
    "нд понеділок вівторок середа середу четвер п'ятниця п'ятницю пʼятниця пʼятницю субота суботу неділя неділю",
    "аўт аў чц няд панядзелак аўторак серада чацвер пятніца субота нядзеля",
    "mon tue wed thu fri sat sun tues thur thurs monday tuesday wednesday thursday friday saturday sunday",
    "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
    "lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche",
    "mié jue vie sáb dom lunes martes miércoles jueves viernes sábado domingo",
    "gio sab lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "seg ter qua qui sex segunda terça quarta quinta sexta segunda-feira terça-feira quarta-feira quinta-feira",
    "sexta-feira ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "mån tis ons tors fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag man tir tor lør søn mandag",
    "tirsdag",
    "lørdag ti ke to pe la su maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
    "pon wt śr czw pt sob niedz poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "po út st čt pá so ne pondělí úterý středa čtvrtek pátek neděle ut št pi pondelok utorok streda štvrtok piatok",
    "e t k n r l p δευ τρί τετ πέμ παρ σάβ κυρ δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή",
    "h sze cs szo v hétfő kedd szerda csütörtök péntek szombat vasárnap mie joi vin sâm dum luni marți miercuri vineri",
    "пон уто сре чет пет суб нед",
    "uto sri čet pet sub ned ponedjeljak utorak srijeda četvrtak petak subota nedjelja tor sre",
    "pirmd otrd trešd ceturtd piektd sestd svētd pr an tr kt pn št sk дс сс бс жм жс ж th cn sen sel rab kam jum min",
    "g m dl dt dc dj dv ds dg א׳ ב׳ ג׳ ד׳ ה׳ ו׳ שבת lk",
    "pzt sal çar per cum cmt paz pazartesi salı çarşamba perşembe cuma cumartesi pazar",
)
_BEFORE = (
    "on at the am dana på вкл pada tanggal 在 于 בתאריך יום",
    "den um le el il em op om w dniu dnia dne dňa în in na u giorno dia data den d à a al ai kl klo",
    "в во от на у о об з від вiд письме сообщении листі kuupäev στις vào pada lúc ngày date datum dato utc gmt",
)
_OPENERS = frozenset(word.casefold() for row in (*_WEEKDAYS, *_BEFORE) for word in row.split())
_DATE = re.compile(
    r"(?<![\w.])(?:"
    r"\d{1,4}(?:([./-])\s?\d{1,2}\1\s?\d{2,4}\b)"  # 05.10.2026, 5. 10. 2026, 2026-10-05, 10/5/26
    r"|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}\b"  # 2026/10/5
    r"|\d{4}(?:\.|\s[mг]\.)?\s([^\W\d_]{3,12})\.?\s\d{1,2}\b"  # 2026. okt. 5.
    r"|\d{1,2}(?:st|nd|rd|th|er|º)?\.?[\s-](?:de\s|of\s)?([^\W\d_]{3,12})"  # 5 окт. 2026
    r"|([^\W\d_]{3,12})(?:\.?\s|-)\d{1,2}(?:st|nd|rd|th)?(?!\w|:\d)"  # October 5th, 2026; March-19-11
    r")|(?<!\d)\d{2,4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)
_MONTH_FIRST = 4
_TIME = re.compile(
    r"(?<!\d)\d{1,2}\s?[:：]\s?\d{2}(?!\d)|(?<!\d)\d{1,2}\s?[h時时点시]\s?\d{0,2}(?!\w)"
    r"|(?<!\d)\d{1,2}\s?[時时시]|\b(?:kl|klo|ore|um|at|às)\.?\s\d{1,2}[.h]\d{2}\b"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d\d?([./-])\d\d?\1\d\d(?!\d)")
_ADDRESS = re.compile(r"[\w+]@[\w\[]")
_LEAD = re.compile(r"([^\s,.;<>()|*\-]{1,16})[.,]{0,2}\s{0,2}$")
_CLOCK = re.compile(r"(?:\d{1,2}:\d{2}(?::\d{2})?|(?:19|20)\d\d|[2-7])$")
_FRAME = "-*>|_~=\"'«([ \t\u00a0"


def dates(text: str) -> list[tuple[int, int]]:
    """Where days stand in ``text`` (lower case): start and end of each."""
    found = []
    at = 0
    while match := _DATE.search(text, at):
        group = match.lastindex if match.lastindex and match.lastindex > 1 else None
        if group is None or _is_month(match[group]):
            found.append(match.span())
            at = match.end()
        else:
            at = match.end(group) if group == _MONTH_FIRST else match.start(group)
    return found


def _is_month(word: str) -> bool:
    word = word.removeprefix("ב")
    return word[:3] in _STEMS or word[:4] in _STEMS or word[:5] in _STEMS


def opening(text: str, start: int) -> int:
    """Where the phrase begins that names the day at ``start``: «On Mon, », «В письме от », «----- On »."""
    while found := _LEAD.search(text, max(0, start - 20), start):
        if found[1] not in _OPENERS and not _CLOCK.match(found[1]):
            break
        start = found.start()
    return len(text[:start].rstrip(_FRAME))


def names_a_day(word: str) -> bool:
    """Whether a word (lower case) is a month, a weekday or one that leads up to a day."""
    return word in _OPENERS or _is_month(word)


def has_date(text: str) -> bool:
    """Whether a day is named with its month; ``text`` in any case."""
    return bool(dates(text.casefold()))


def has_time(text: str) -> bool:
    """Whether a time of day stands in the text (lower case)."""
    return _TIME.search(text) is not None


def has_year(text: str) -> bool:
    """Whether a year of this or the last century stands in the text, or a day in figures."""
    return _YEAR.search(text) is not None


def has_address(text: str) -> bool:
    """Whether something like a mail address stands in the text."""
    return "@" in text and _ADDRESS.search(text) is not None
