"""Lines that stand between the new text and an older mail."""

from __future__ import annotations

import re

from intake.mail.quoting import headers_block
from intake.mail.quoting.fields import Field

ORIGINAL = (
    # English, Russian, Ukrainian, Belarusian, Bulgarian
    "original message",
    "original appointment",
    "original email",
    "original mail",
    "reply message",
    "replied message",
    "исходное сообщение",
    "исходное письмо",
    "исходное почтовое сообщение",
    "исходная встреча",
    "оригинальное сообщение",
    "оригинальное письмо",
    "первоначальное сообщение",
    "original-nachricht",
    "вихідне повідомлення",
    "оригінальне повідомлення",
    "початкове повідомлення",
    "первинне повідомлення",
    "зыходнае паведамленне",
    "оригинално съобщение",
    # German, French, Spanish, Italian, Portuguese
    "ursprüngliche nachricht",
    "ursprüngliche mail",
    "originalnachricht",
    "originalmail",
    "urspr. nachricht",
    "ursprünglicher termin",
    "message d'origine",
    "message d’origine",
    "message original",
    "message initial",
    "courriel d'origine",
    "mensaje original",
    "correo original",
    "messaggio originale",
    "messaggio di origine",
    "mensagem original",
    "e-mail original",
    # Dutch, the north
    "oorspronkelijk bericht",
    "origineel bericht",
    "oorspronkelijk e-mailbericht",
    "ursprungligt meddelande",
    "originalmeddelande",
    "ursprungligt brev",
    "opprinnelig melding",
    "oprindelig meddelelse",
    "oprindelig besked",
    "oprindelig mail",
    "original meddelelse",
    "alkuperäinen viesti",
    "originaalkiri",
    "algsõnum",
    # Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Turkish, Greek, Lithuanian, Latvian
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "wiadomość pierwotna",
    "původní zpráva",
    "původní e-mail",
    "pôvodná správa",
    "eredeti üzenet",
    "mesaj original",
    "mesajul original",
    "izvorna poruka",
    "originalna poruka",
    "izvirno sporočilo",
    "orijinal ileti",
    "orijinal mesaj",
    "özgün ileti",
    "αρχικό μήνυμα",
    "originalus laiškas",
    "pirminis pranešimas",
    "sākotnējais ziņojums",
    # Chinese, Japanese, Korean
    "原始邮件",
    "邮件原件",
    "原始郵件",
    "元のメッセージ",
    "オリジナルメッセージ",
    "원본 메시지",
    "원본 메일",
)
FORWARDED = (
    "forwarded message",
    "forwarded email",
    "forwarded by",
    "forwarded mail",
    "begin forwarded message",
    "start of forwarded message",
    "пересылаемое сообщение",
    "пересылаемое письмо",
    "пересланное сообщение",
    "пересланное письмо",
    "переслано",
    "перенаправленное сообщение",
    "перенаправленное письмо",
    "переадресованное сообщение",
    "переадресовано",
    "начало пересылаемого сообщения",
    "начало переадресованного сообщения",
    "начало переадресованного письма",
    "начало пересылаемого письма",
    "начало перенаправленного сообщения",
    "начало пересланного сообщения",
    "переслане повідомлення",
    "переслано",
    "перенаправлене повідомлення",
    "переадресоване повідомлення",
    "початок переадресованого повідомлення",
    "початок листа, що пересилається",
    "пересланае паведамленне",
    "препратено съобщение",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "weitergeleitete mail",
    "message transféré",
    "message transmis",
    "message réexpédié",
    "début du message transféré",
    "début du message réexpédié",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "inizio del messaggio inoltrato",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "vidarebefordrat meddelande",
    "vidarebefordrat brev",
    "vidarebefordrat mail",
    "vidarebefordrat mejl",
    "videresendt melding",
    "videresendt meddelelse",
    "videresendt besked",
    "start på videresendt besked",
    "begynnelse på videresendt melding",
    "edelleenlähetetty viesti",
    "välitetty viesti",
    "välitetty viesti / fwd.msg",
    "välitetty viesti alkaa",
    "przekazana wiadomość",
    "przekazywana wiadomość",
    "treść przekazanej wiadomości",
    "początek przekazywanej wiadomości",
    "wiadomość przekazana dalej",
    "přeposlaná zpráva",
    "předaná zpráva",
    "začátek přeposílané zprávy",
    "preposlaná správa",
    "preposlaná správa --- forwarded message",
    "začiatok preposlanej správy",
    "továbbított üzenet",
    "továbbított levél kezdete",
    "mesaj redirecționat",
    "începe mesajul redirecționat",
    "proslijeđena poruka",
    "započni proslijeđenu poruku",
    "posredovano sporočilo",
    "yönlendirilmiş ileti",
    "iletilen ileti",
    "iletilmiş mesaj",
    "ileti başlangıcı",
    "προωθημένο μήνυμα",
    "persiųstas laiškas",
    "转发的邮件",
    "转发邮件",
    "转发邮件信息",
    "轉寄郵件",
    "転送されたメッセージ",
    "転送メッセージ",
    "전달된 메시지",
    "전달된 메일",
)
REPLY_ABOVE = (
    "reply above this line",
    "type your reply above this line",
    "write above this line",
    "reply above the line",
    "ответьте выше этой линии",
    "ответ выше этой линии",
    "ответ выше этой черты",
    "ответ выше этой строки",
    "пишите выше этой линии",
    "пишите ответ выше этой линии",
    "напишите ответ выше этой линии",
    "введите ответ выше этой линии",
    "введите ответ выше этой строки",
    "antworten sie über dieser zeile",
    "répondez au-dessus de cette ligne",
)
ENDS = (
    "конец пересылаемого",
    "конец пересылаемого письма",
    "конец переадресованного",
    "конец пересланного",
    "конец перенаправленного",
    "кінець пересланого",
    "кінець повідомлення",
    "кінець переадресованого",
    "end of forwarded",
    "end forwarded",
    "end of original",
    "ende der weitergeleiteten",
    "fin du message transféré",
    "fin du message transmis",
    "fin del mensaje reenviado",
    "fine messaggio inoltrato",
    "fine del messaggio inoltrato",
    "fim da mensagem",
    "einde doorgestuurd",
    "koniec przekazanej",
)
_UNDECORATED = frozenset(
    phrase for phrase in FORWARDED if phrase.startswith(("begin ", "start ", "начало ", "початок "))
)
_BARE = frozenset(ORIGINAL + FORWARDED)
_HEADS = frozenset(phrase[:3] for phrase in _BARE)
_FRAME = "-_=*~#—–―>+•. \t\u00a0:"
_ENDED = (
    *("anfang der", "début du", "inicio del", "inizio ", "início da", "początek ", "začátek ", "začiatok "),
    *("begynnelse ", "välitetty viesti alkaa", "továbbított levél", "începe ", "započni ", "vidarebefordrat mejl"),
    "ileti baş",
)
_RULE = re.compile(r"(?:[-_=*~—–―─━][ \t]?){3,}+$")
_GLUED = re.compile(r"[-_]{2,12} ?([^-_\d]{6,50}?) ?[-_]{4,12} ?([^\W\d_][^:：]{1,20}[:：]) ?\S")
_GROUPWISE = re.compile(r".{0,300}\d[^>]{0,40}>{3}$")


def is_rule(key: str) -> bool:
    """A line of nothing but dashes, underscores, stars and the like, three at least."""
    return key[0] in "-_=*~—–―─━" and _RULE.match(key) is not None


def _folded(text: str) -> str:
    """In lower case; the Turkish capital İ gives a plain i."""
    return text.casefold().replace("i\u0307", "i")


def _words(key: str) -> tuple[str, int, int]:
    """What is written on the line, and how many frame characters stand before and after it."""
    rest = key.lstrip(_FRAME)
    words = rest.rstrip(_FRAME)
    return _folded(words), len(key) - len(rest), len(rest) - len(words)


def may_divide(key: str) -> bool:
    """Cheap question before the dear one: does the line begin as dividers do?"""
    return key[0] in _FRAME or _folded(key[:3])[:3] in _HEADS


def divides(key: str) -> bool:
    """A line such as «-----Original Message-----», «Begin forwarded message:», «---- Переслано … ----»."""
    if is_glued(key):
        return True
    if len(key) > 160:
        return False
    words, before, after = _words(key)
    if before >= 2 and (words in _BARE or words.startswith(_FORWARDED_BY)):
        return True
    if before >= 2 and any(phrase in words for phrase in REPLY_ABOVE):
        return True
    if key[-1] in ":：" and (words in _UNDECORATED or (words in _BARE and words.startswith(_ENDED))):
        return True
    return bool(after >= 2 and words in _BARE)


_FORWARDED_BY = (
    "forwarded by ",
    "forwarded message from ",
    "forwarded message (",
    "пересылаемое сообщение от ",
    "переслано ",
)


def is_glued(key: str) -> bool:
    """«-------- Original message --------From: …»: Samsung's program, its line breaks lost."""
    if len(key) < 20 or key[0] not in "-_" or not (found := _GLUED.match(key)):
        return False
    return _folded(found[1].strip()) in _BARE and headers_block.field(found[2]) is Field.FROM


def may_divide_bare(key: str) -> bool:
    """A divider without its dashes, as BlackBerry writes it: believed only above a header block."""
    return len(key) < 60 and key.rstrip(": ").casefold() in _BARE


def ends_forward(key: str) -> bool:
    """«-------- Конец пересылаемого сообщения --------» and its like."""
    if len(key) > 160 or key[0] not in "-=*_—–":
        return False
    return _words(key)[0].startswith(ENDS)


def is_groupwise(key: str, depth: int) -> bool:
    """GroupWise: ``>>> Anna Belova <a@b.example> 10/05/26 12:05 PM >>>`` above an unmarked older mail."""
    return depth == 3 and key.endswith(">>>") and _GROUPWISE.match(key) is not None
