"""Days as notices name them: «3 ноября», «15.06», «понедельника», "the end of the week"."""

from __future__ import annotations

import re

from intake.mail.folding import listed

DATE, OTHER_DAY = "§", "¶"
"""What stands for a date, and for a day told without one, in what `with_days_marked` gives."""

_MONTHS = listed("""
    января; февраля; марта; апреля; мая; июня; июля; августа; сентября; октября; ноября; декабря; січня; лютого;
    березня; квітня; травня; червня; липня; серпня; вересня; жовтня; листопада; грудня; january; february; march;
    april; may; june; july; august; september; october; november; december; jan; feb; mar; apr; jun; jul; aug; sept?;
    oct; nov; dec; janvier; février; mars; avril; juin; juillet; août; septembre; octobre; novembre; décembre;
    enero; febrero; marzo; abril; mayo; junio; julio; agosto; septiembre; octubre; noviembre; diciembre; gennaio;
    febbraio; aprile; maggio; giugno; luglio; settembre; ottobre; novembre; dicembre; stycznia; lutego; marca;
    kwietnia; maja; czerwca; lipca; sierpnia; września; października; listopada; grudnia; januar; februar; märz; mai;
    juni; juli; oktober; dezember
""")
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_YEAR = r"(?:,? \d{4})?(?: ?(?:г|года|року)\b)?"
_DATE = re.compile(
    rf"(?<![\w.])(?<!\d-)(?:(?:\d{{1,2}} ?[-–—] ?)?\d{{1,2}}(?:-?го|-?е|\.|st|nd|rd|th)? (?:of |de )?{_MONTH}\b{_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b"
    rf"|\d{{1,2}}[./]\d{{1,2}}(?:[./]\d{{2,4}})?\b{_YEAR})(?![\w:])"
)
_OTHER = re.compile(
    r"\b(?:(?:понедельник|вторник|сред|четверг|пятниц|суббот|воскресень)[а-я]{0,2}|понеділ[а-яіїє]{2,4}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|(?:конца|начала|середины) (?:(?:этой|следующей) )?(?:дня|недели|месяца|года)|(?:следующей|будущей) недели"
    r"|(?:the end of the |next )(?:day|week|month)|20\d\d (?:года|року)|(?<=до |по |со )\d{1,2}(?:-?го|-?е)?(?= |$)"
    r"|(?<=с )\d{1,2}(?:-?го|-?е)?(?= |$)|(?<=from )\d{1,2}(?= to ))(?![\w:])"
)


def with_days_marked(text: str) -> str:
    """``text``, folded, with one character for each day it names. Linear."""
    return _OTHER.sub(OTHER_DAY, _DATE.sub(DATE, text))
