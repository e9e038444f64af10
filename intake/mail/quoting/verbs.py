"""How introductions say «wrote», by language; all in lower case."""

from __future__ import annotations

import re

from intake.mail.quoting.wordlists import words

_VERBS = (
    "wrote|writes|said|replied|has written",  # English
    "написал|написала|написали|написал(а)|написал-а|написал/а|пишет|писал|писала|писали|писал(а)|пишете|писали вы",
    "сообщил|сообщила|сообщил(а)|ответил|ответила|ответил(а)",  # Russian
    "написав|написала|написав(ла)|написав(-ла)|пише|писав|писала|пишуть|піша|пісаў|напісаў|напісаў(ла)|написа|пише",
    "schrieb|schrieben|schreibt|hat geschrieben|schrieb am",  # German
    "a écrit|a écrit |écrit|à écrit|ont écrit|écrivait|écrivit",  # French
    "escribió|escribio|escribe|ha escrito|va escriure|ha escrit",  # Spanish, Catalan
    "ha scritto|scrive|scrisse",  # Italian
    "escreveu|escreve",  # Portuguese
    "schreef|schreven|geschreven|het volgende geschreven|heeft geschreven",  # Dutch
    "skrev|skriver|följande",  # Swedish, Danish, Norwegian
    "kirjoitti|kirjoittaa|kirjutas|skrifaði|raksta|rakstīja|rašė|parašė",  # Finnish, Estonian, Icelandic, Baltic
    "napisał|napisała|napisał(a)|napisał/a|pisze|napisali|pisał",  # Polish
    "napsal|napsala|napsal(a)|napsal/a|píše|napísal|napísala|napísal(a)|napisal|napisal(a)|napisao|napisao je",
    "napisala",
    "je napisao/la|je napisao|piše|írta|ezt írta|a scris|scris|yazdı|şunları yazdı|şunu yazdı|έγραψε|έγραψαν",
    "đã viết|viết|menulis|เขียน|כתב|כתבה|كتب|写道|写到|寫道|写信|さんは書きました|が書きました|wrote|작성|님이 작성",
)
_FORMS = sorted({form.strip() for row in _VERBS for form in row.split("|")}, key=len, reverse=True)
VERB = re.compile(
    r"(?<![^\W_])(?:" + "|".join(map(re.escape, _FORMS)) + r")(?![^\W_])|写道|寫道|の?メール\s?[:：]$|작성\s?[:：]?$"
)

ADDRESSED = re.compile(
    r"(?:вы|ты|в[иі]|you|sie|du|vous|tu|usted|lei|você|u|je|ty|pan|pani)\s"
    r"(?:писали|писал|писала|писал\(а\)|написали|написал|пишете|пишешь|спрашивали|писал\(-а\)|wrote|asked|said|write"
    r"|schrieben|schriebst|avez écrit|as écrit|escribió|ha scritto|escreveu|schreef|skrev)\b"
)
"""«Вы писали …:», «You wrote …:»: an introduction without a name."""

SIMPLE = words(
    "вы ты вi ви ты пользователь пользователя user от from клиент автор участник написал(а) the на in kullanıcı "
    "von zitat citando citation citování quotando quoting selon spake thus цитирую цитата "
    "lietotājs "
    "odesílatel користувач utilisateur usuario gebruiker użytkownik benutzer uživatel используя через via"
)
"""Words of a bare introduction that are neither name nor verb."""
