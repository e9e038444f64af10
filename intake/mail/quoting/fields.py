"""Names of the header fields that mail programs write above an older mail, by language."""

from __future__ import annotations

from enum import Enum

from intake.mail.quoting.wordlists import words


class Field(Enum):
    """What a header field of a quoted mail is about. SENT is a word only mail programs use, DATE anyone might."""

    FROM = "from"
    SENT = "sent"
    DATE = "date"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    OTHER = "other"


_WORDS = {
    Field.FROM: (
        "from",  # English
        "от|от кого|отправитель",  # Russian
        "від|від кого|відправник|ад|ад каго|изпратено от",  # Ukrainian, Belarusian, Bulgarian
        "von|absender",  # German
        "de|expéditeur|provenance|remitente|remetente",  # French, Spanish, Portuguese, Romanian
        "da|mittente",  # Italian
        "van|afzender",  # Dutch
        "från|avsändare|fra|afsender|avsender|lähettäjä|saatja|frá",  # the north
        "od|nadawca|odesílatel|odosielateľ|pošiljatelj",  # Polish, Czech, Slovak, Croatian, Slovene
        "feladó|expeditor|expeditorul|de la|kimden|gönderen|από|nuo|no|prej|šalje",
        "发件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|מאת|من|từ|người gửi|dari|จาก",
    ),
    Field.SENT: (
        "sent|date sent",
        "отправлено|отправленные|отправлена|послано|время отправки|дата отправки",
        "надіслано|відправлено|надіслані|адпраўлена|изпратено",
        "gesendet|gesendet am|envoyé|envoyé le|enviado|enviado el|enviado em|enviada em|enviada|enviat|trimis",
        "inviato|verzonden|skickat|sendt|lähetetty|saadetud",
        "wysłano|wysłane|odesláno|odoslané|poslano|elküldve|küldve|gönderildi|gönderilme tarihi|gönderme tarihi",
        "gönderilen",
        "στάλθηκε|εστάλη|išsiųsta|nosūtīts|发送时间|傳送時間|寄件日期|送信日時|보낸 날짜|보낸 시간|נשלח|đã gửi|dikirim",
    ),
    Field.DATE: (
        "date|datum|дата|дата и время|data|fecha|dato|päivämäärä|päiväys|pvm|kuupäev|dátum|dată|tarih|ημερομηνία",
        "ημ/νία",
        "日期|日付|日時|날짜|תאריך|ngày|tanggal|laiks|дата/время|time|время",
    ),
    Field.TO: (
        "to|кому|получатель|получатели|кому/to|до|за|каму",
        "an|empfänger|à|pour|destinataire|para|destinatario|destinatário|a|per|aan|till|til|vastaanottaja|saaja",
        "kellele",
        "do|dla|komu|pro|pre|za|prima|adresat|címzett|către|destinatarul|kime|alıcı|προς|kam|kam/to",
        "收件人|收件者|宛先|받는 사람|받는사람|אל|đến|kepada",
    ),
    Field.CC: (
        "cc|bcc|copy|копия|скрытая копия|копія|прихована копія|копия кому|копія кому|копие",
        "kopie|kopie (cc)|kopie an|copie à|copie|copia|con copia|cópia|kopia|kopi|kopio|dw|udw|másolatot kap|másolat",
        "bilgi|κοιν.|κοιν",
        "kópia|kopija|抄送|副本|ccへ|참조|עותק",
    ),
    Field.SUBJECT: (
        "subject|re|тема|тема сообщения|предмет|относно|тэма",
        "betreff|betr.|betreft|onderwerp|objet|sujet|asunto|oggetto|assunto|ämne|emne|aihe|teema|efni",
        "temat|předmět|predmet|zadeva|naslov|tárgy|subiect|subiectul|konu|θέμα|tema|temats",
        "主题|主題|主旨|件名|제목|נושא|chủ đề|tiêu đề|perihal|subjek",
    ),
    Field.OTHER: (
        "reply-to|reply to|importance|priority|attachments|attachment|categories|when|where|organizer|required",
        "optional",
        "ответить|важность|приоритет|вложения|вложение|вложено|кому ответить|сообщение|sensitivity|signed by",
        "mailed-by",
        "важливість|вкладення|wichtigkeit|anlagen|anlage|priorität|antwort an|antworten an|importance|pièces jointes",
        "répondre à|prioridad|datos adjuntos|adjuntos|responder a|importancia|importanza|allegati|priorità",
        "rispondi a",
        "importância|anexos|responder para|urgentie|bijlagen|antwoord aan|prioritet|bilagor|vedlegg|vedhæftede filer",
        "svar til|svara till|vastaus|odpověď na|odpowiedź-do|odpovedať-pre|odgovori na|válaszcím|răspuns către",
        "yanıt adresi|ответ-кому|кому відповісти|відповісти",
        "tärkeys|liitteet|ważność|załączniki|odpowiedz do|důležitost|přílohy|önem|ekler|重要性|附件|添付ファイル",
    ),
}
NAMES: dict[str, Field] = {}
for _field, _rows in _WORDS.items():
    for _row in _rows:
        for _name in _row.split("|"):
            NAMES.setdefault(_name, _field)

RAW = words(
    "received|return-path|delivered-to|x-mailer|x-spam-status|x-spam-score|x-originating-ip|x-received|mime-version|"
    "dkim-signature|authentication-results|arc-seal|arc-message-signature|content-type|content-transfer-encoding|"
    "received-spf|x-google-smtp-source|list-id|list-unsubscribe|precedence|auto-submitted|message-id|references|"
    "in-reply-to|x-yandex-spam|x-mras|x-priority|thread-index|thread-topic|user-agent|envelope-to|errors-to",
    separator="|",
)
"""Fields no mail program shows above a quoted mail: who pastes these pastes raw headers."""
