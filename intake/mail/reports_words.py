"""The words mail systems use when they could not, or not yet, deliver a letter.

All in lower case with «е» for «ё»; they are looked for as plain substrings, so the cost is linear.
"""

from __future__ import annotations

from intake.mail.folding import listed

FAILURE_SUBJECTS = listed("""
    mail failed; returning to sender; error during delivery; processing error; undelivered mail; undeliverable;
    undeliverd; undelivered message; undelivered:; non recapitabile; nondeliverable; non-deliverable; non delivery;
    non-delivery; nondelivery; delivery status notification; delivery status notice; mail delivery failed;
    mail delivery failure; mail delivery error; mail delivery problem; mail delivery status; delivery failure;
    delivery failed; delivery error; delivery problem; delivery unsuccessful; delivery has failed; delivery report;
    delivery notification; failed delivery; failed mail; failure delivery; failure notice; failure notification;
    mail failure; message delivery failure; message undeliverable; message not delivered;
    message status - undeliverable; not delivered; could not be delivered; couldn't be delivered;
    cannot be delivered; can't be delivered; was not delivered; wasn't delivered; unable to deliver; unknown user;
    user unknown; mail error; mail system error; mail returned; message returned; returned mail; returned message;
    returned to sender; returning message to sender; returned e-mail; error sending message; error delivering mail;
    nondeliverable mail; message bounced; bounced mail; bounce notification; mailbox full; mail rejected;
    message rejected; email rejected; rejected mail; permanent failure; недоставленное сообщение;
    недоставленное письмо; недоставленная почта; недоставлено; недоставка; не доставлено; не доставлена;
    не удалось доставить; не удается доставить; не может быть доставлено; невозможно доставить; доставка не удалась;
    доставка невозможна; ошибка доставки; ошибка при доставке; сбой доставки; сбой при доставке; отчет о доставке;
    отчет о недоставке; уведомление о недоставке; уведомление о доставке; уведомление о состоянии доставки;
    уведомление о статусе доставки; состояние доставки; статус доставки; возврат письма; возврат сообщения;
    возвращенное письмо; возвращенное сообщение; письмо возвращено; сообщение отклонено; письмо отклонено;
    сообщение заблокировано; письмо заблокировано; message blocked; mail blocked; повідомлення заблоковано;
    повiдомлення не доставлено; повідомлення не доставлено; недоставлене; не вдалося доставити; лист не доставлено;
    unzustellbar; nicht zugestellt; nicht zustellbar; zustellung fehlgeschlagen; zustellungsbenachrichtigung;
    echec de la remise; échec de la remise; échec de remise; échec de la livraison; échec de distribution; non remis;
    non distribu; no se puede entregar; no entregado; no se pudo entregar; error de entrega;
    notificación de estado de entrega; onbestelbaar; niet bezorgd; niet afgeleverd; mancato recapito;
    mancata consegna; impossibile recapitare; não entregue; não foi possível entregar; niedostarcz; nie dostarczono;
    nie można dostarczyć; teslim edilemedi; nedoručitel; nedorucitel; 退信; 传输失败; 投递失败; 配信不能; 未送达
""")

DELAY_SUBJECTS = listed("""
    delivery status notification (delay); mail delivery warning; delayed mail;
    mail delayed; message delayed; delivery delayed;
    delivery is delayed; delivery delay; delayed delivery; delayed 24 hours; delayed:; (delayed);
    still being retried; not yet been delivered; could not send message for past; доставка задерживается;
    задержка доставки; доставка письма задерживается; доставка сообщения задерживается; доставка задержана;
    письмо задерживается; сообщение задерживается; отложенная доставка; доставка отложена; пока не доставлено;
    еще не доставлено; verzögert; retard de remise; retardé; retrasad; opóźni
""")

FAILURE_BODIES = listed("""
    delivery problems; user not known; user not found; unknown host; no valid recipients; was automatically rejected;
    requested action not taken; was aborted after; message rejected; has been rejected; was rejected; host unknown;
    адресат не найден; отклонено; письмо отклонен; не принял; не был принят; возвращен отправителю;
    i'm sorry to have to inform you that your message could not; unable to deliver your message;
    wasn't able to deliver your message; was unable to deliver; were unable to deliver;
    not able to deliver your message; could not deliver; couldn't deliver; could not be delivered;
    couldn't be delivered; can't be delivered; cannot be delivered; cannot deliver; can not deliver;
    could not be sent; was not delivered; was undeliverable; is undeliverable; not delivered to;
    did not reach the following recipient; did not reach some or all; delivery has failed to these recipients;
    delivery to the following recipient; delivery attempts; delivery failed; delivery failure; delivery error;
    delivery unsuccessful; the following addresses had permanent; permanent fatal errors; permanent error;
    this is a permanent error; giving up; i've given up; address not found; message not delivered; message blocked;
    recipient address rejected; returned to sender; returning message; return message to sender; user unknown;
    unknown user; no such user; unknown recipient; recipient unknown; mailbox is full; mailbox full;
    mailbox unavailable; quota exceeded; over quota; does not like recipient; undeliverable to;
    undeliverable message; transcript of session follows; ----- the following addresses; failed addresses follow;
    failed recipient; no account by that name; not listed in; вынуждены сообщить; не может быть доставлен;
    не может быть отправлен; не могло быть доставлен; не было доставлен; не был доставлен; не была доставлен;
    не доставлено; не удалось доставить; не удается доставить; не удалось выполнить доставку; не удалась доставка;
    не удалось отправить; невозможно доставить; доставка не удалась; доставка невозможна; ошибка доставки;
    сбой доставки; не существует; не найден; переполнен; пользователь не найден; адрес не найден;
    адрес получателя отклонен; попытка доставки; неизвестный пользователь; ящик заблокирован; ящик недоступен;
    user is terminated; недоступен; не вдалося доставити; konnte nicht zugestellt werden; konnten nicht zugestellt;
    nicht zugestellt; n'a pas pu être remis; n'a pas pu être distribu; no se pudo entregar; no se ha podido entregar;
    kon niet worden bezorgd; non è stato possibile recapitare; nie może zostać dostarczon
""")

DELAY_BODIES = listed("""
    has been postponed; we will continue to try; you do not need to resend; do not need to resend;
    don't need to resend; this is a warning message only; this is only a warning; warning message only;
    has not yet been delivered; has not been delivered yet; not yet been delivered; delivery is delayed;
    delivery to these recipients or groups is delayed; has been delayed; will be retried; will keep trying;
    will continue to try; will continue trying; keep trying to deliver; still trying; will retry for;
    delivery attempts will continue; delivery incomplete; no action is required; отправлять письмо повторно не нужно;
    повторно отправлять не нужно; не нужно отправлять повторно; попытки будут продолж; попытки доставки будут;
    попытки доставить; попытки продолжатся; попыток доставки; это только предупреждение; это лишь предупреждение;
    только предупреждение; доставка задерживается; доставка задержана; доставка отложена; еще не доставлено;
    пока не доставлено; пока не удалось доставить; пока не удается доставить; wird weiterhin versucht
""")

RETURNED_COPY_MARKS = listed("""
    copy of the message; copy of your message; original message follow; lines of your original message;
    original message header;
    original message text; unsent message follows; undelivered message follows; returned message follows;
    message header follows; message headers follow; your message follows; text of your message; contents of message;
    ----- original message; --- original message; --- undelivered message; --- below this line; --- returned mail;
    ----- message header; исходное сообщение; исходное письмо; оригинал сообщения; оригинал письма; копия сообщения;
    копия письма; копия вашего; заголовки сообщения; заголовки письма; заголовки исходного; текст вашего;
    ursprüngliche nachricht; message d'origine; mensaje original
""")

DAEMON_NAMES = listed("""
    mail delivery subsystem; mail delivery system; mail delivery service; mail delivery agent; mail delivery;
    mail subsystem; mail system; mail administrator; mail router mailer; internet mail delivery; delivery subsystem;
    system administrator; postmaster; mailer-daemon; mailer daemon; почтовая система; система доставки почты;
    подсистема доставки почты; служба доставки почты; системный администратор
""")

#: How mail systems introduce themselves in their first lines.
INTRODUCTIONS = listed("""
    this message was created automatically by mail delivery software; this is the mail system at host;
    this is an automatically generated delivery status notification; this report relates to a message you sent;
    this is the mail delivery system; this is the qmail-send program; this is a permanent error;
    message from interscan; failed recipients; your message with subject; could not deliver message to;
    this is the postfix program; это письмо создано автоматически; это сообщение создано автоматически;
    это письмо отправлено почтовым сервером; это письмо создано почтовой системой;
    это сообщение создано почтовой системой; это автоматическое уведомление о недоставке;
    это автоматически созданное уведомление о состоянии доставки
""")

MACHINE_SUBJECT_STARTS = listed("""
    автоответ; автоматический ответ; automatic reply; auto reply; autoreply; out of office
""")
