"""The words of automatic answers, in lower case with «е» for «ё», by language where they differ."""

from __future__ import annotations

from intake.mail.folding import listed

#: A subject that is one of these, or begins with one and a separator, is an automatic answer's.
AUTO_SUBJECTS = listed("""
    автоответ; автоответчик; автоматический ответ; автоматическое уведомление об отсутствии;
    автоматическое сообщение об отсутствии; автоматическое уведомление; автоматическое сообщение;
    автоматическое подтверждение; авто-ответ; авто ответ; нет на месте; меня нет на месте; нет на рабочем месте;
    меня нет в офисе; не в офисе; вне офиса; я вне офиса; я в отпуске; нахожусь в отпуске; уведомление об отсутствии;
    сообщение об отсутствии; отсутствие на рабочем месте; отсутствую на рабочем месте; отсутствую; отсутствие;
    отпуск; в отпуске; в командировке; автоматична відповідь; автовідповідь; немає на місці; поза офісом;
    я у відпустці; out of office; out of the office; out-of-office; ooo; i am out of the office;
    i'm out of the office; i am out of office; i am currently out of the office; i am away; away from the office;
    away from my desk; away from my mail; automatic reply; automatic response; automatic answer; automated reply;
    automated response; auto reply; auto-reply; autoreply; auto response; auto-response; autoresponse; auto respond;
    autoresponder; auto-responder; auto; vacation; vacation reply; vacation message; on vacation; on holiday;
    annual leave; on annual leave; on leave; on maternity leave; abwesenheitsnotiz; abwesenheit;
    automatische antwort; automatische abwesenheitsnotiz; autom. antwort; réponse automatique; reponse automatique;
    message automatique; absence du bureau; absent du bureau; absent; absence; respuesta automática;
    respuesta automatica; fuera de la oficina; fuera de oficina; ausente de la oficina; risposta automatica;
    fuori sede; fuori ufficio; assente; resposta automática; resposta automatica; ausência temporária;
    automatisch antwoord; afwezigheidsbericht; afwezig; automatyczna odpowiedź; autoodpowiedź; poza biurem;
    nieobecność; automatická odpověď; mimo kancelář; automatikus válasz; răspuns automat; automatiskt svar; frånvaro;
    frånvarande; autosvar; automatisk svar; fraværende; automaattinen vastaus; poissaolo; otomatik yanıt;
    otomatik cevap; automaatvastus; automatinis atsakymas; automātiska atbilde; автоматичен отговор;
    odpowiedź automatyczna; informacja o nieobecności; automatická odpoveď; automatski odgovor; samodejni odgovor;
    abwesenheitsmeldung; abwesenheitsassistent; abwesenheitsnachricht; message d'absence; absence de bureau;
    réponse d'absence; notification d'absence; aviso de ausencia; respuesta de ausencia; messaggio di assenza;
    aviso de ausência; ausente do escritório; niet op kantoor; niet aanwezig; ikke til stede; házon kívül;
    távolléti értesítés; absent de la birou; ofis dışında; відсутній на робочому місці; відсутність на робочому місці;
    отсутствует на рабочем месте; автоматический отклик; автоматическая отправка ответа; автоадказ;
    自動返信; 自動回覆; 不在办公室; 부재중 자동 응답; мгновенный ответ: нет на месте;
    аутоматски одговор; αυτόματη απάντηση; 自动答复; 自动回复; 自動応答; 不在通知; 자동 회신
""")

#: Subjects of the list above that a person may well use: these need the body to agree.
COMMON_SUBJECTS = frozenset(
    listed("""
    auto; absent; absence; assente; afwezig; abwesenheit; vacation; on vacation; on holiday; annual leave; on leave;
    ooo; отпуск; в отпуске; в командировке; отсутствие; отсутствую; автоответчик; autoresponder; auto-responder;
    автоматическое уведомление; автоматическое сообщение; message automatique; vacation message; nieobecność;
    poissaolo; frånvaro; frånvarande; fraværende; я в отпуске; я у відпустці; нахожусь в отпуске; i am away;
    не в офисе; auto response; auto respond
""")
)

#: The mail says of itself that a machine made it.
SELF_DECLARED = listed("""
    (автоматический ответ); [автоматический ответ]; (автоответ); [автоответ]; (automatic reply); (auto-reply);
    письмо создано роботом; сообщение создано роботом; письмо отправлено роботом; это автоматический ответ;
    это автоматическое сообщение; это автоматическое уведомление; это автоматическое письмо; это автоответ;
    это автоматически сгенерированн; это автоматически созданн; данное письмо сформировано автоматически;
    данное сообщение сформировано автоматически; данное письмо создано автоматически;
    данное сообщение создано автоматически; письмо сформировано автоматически; сообщение сформировано автоматически;
    письмо отправлено автоматически; сообщение отправлено автоматически; письмо создано автоматически;
    сообщение создано автоматически; письмо сгенерировано автоматически; сообщение сгенерировано автоматически;
    с вами говорит автоответчик; вам отвечает автоответчик; отвечает робот; this is an automatic reply;
    this is an automatic response; this is an automatic message; this is an automated reply;
    this is an automated response; this is an automated message; this is an automated e-mail;
    this is an automated email; this is an auto-reply; this is an auto reply; this is an autoreply;
    this is an auto-generated; this is an automatically generated; this message was automatically generated;
    this message was generated automatically; this email was automatically generated;
    this e-mail was automatically generated; this mail is generated automatically; automatically generated message;
    automatically generated response; dies ist eine automatische; diese nachricht wurde automatisch;
    ceci est un message automatique; ceci est une réponse automatique; este es un mensaje automático;
    este es un mensaje automatico; questo è un messaggio automatico; це автоматична відповідь;
    це автоматичне повідомлення
""")

#: Tells that a machine wrote only together with other words: people say so, too.
DO_NOT_ANSWER = listed("""
    на него не нужно отвечать; отвечать на него не нужно; отвечать на это письмо не нужно;
    не отвечайте на это письмо; не отвечайте на данное письмо; не отвечайте на это сообщение;
    на это письмо не нужно отвечать; please do not reply to this; do not reply to this e-mail;
    do not reply to this email; do not reply to this message
""")

#: The writer is away …
ABSENT = listed("""
    нахожусь в отпуск; нахожусь в ежегодном; нахожусь в декрет; нахожусь на больничн; нахожусь в командировк;
    нахожусь вне офиса; нахожусь не в офисе; сейчас в отпуск; сейчас не в офис; сейчас нет в офис;
    сейчас нет на месте; я в отпуск; в отпуске до; в отпуске с_; в отпуске по; ухожу в отпуск; в ежегодном отпуск;
    в очередном отпуск; в декретном отпуск; отпуске по уходу; в командировке до; в командировке с_;
    в командировке по; я в командировке; на больничном до; на больничном с_; я на больничном; на конференции до;
    на обучении до; меня нет на месте; меня нет в офис; меня нет на работе; меня не будет; буду отсутствовать;
    буду вне офиса; отсутствую на рабочем; отсутствую в офис; отсутствую до; отсутствую с_; отсутствую по;
    временно отсутствую; не работаю до; вне офиса; я у відпустці; перебуваю у відпустці; буду відсутн;
    am out of the office; am out of office; i'm out of the office; i'm out of office; currently out of the office;
    currently out of office; will be out of the office; will be out of office; am currently away; am away from;
    i am away; i'm away; will be away; am on vacation; am on annual leave; am on leave; am on holiday;
    on maternity leave; on parental leave; on annual leave; am travelling; not in the office;
    out of the office until; out of the office from; bin ich nicht im; bin nicht im büro; nicht im büro;
    nicht im haus; im urlaub; bin ich abwesend; bin abwesend; je suis absent; serai absent;
    je suis actuellement absent; je suis en congé; estoy fuera de; estaré fuera; estaré ausente; estoy de vacaciones;
    sono fuori; sarò assente; sono assente; estou ausente; estarei ausente; estou de férias; ben ik afwezig;
    ik ben afwezig; met vakantie; jestem nieobecn; będę nieobecn; przebywam na urlopie
""")

#: … and what a machine says besides: whom to turn to, when the answer comes, what happens to the letter.
REDIRECTS = listed("""
    по срочным вопросам; по всем срочным вопросам; по неотложным вопросам; по всем вопросам обращайтесь;
    по всем вопросам, пожалуйста; по рабочим вопросам; по вопросам; в срочных случаях; в случае необходимости;
    если вопрос срочный; если ваш вопрос срочный; для срочных вопросов; в мое отсутствие; на время моего отсутствия;
    в период моего отсутствия; меня замещает; меня замеща; замещает меня; обязанности исполняет; обращайтесь к;
    обращаться к; обратитесь к; прошу обращаться; просьба обращаться; отвечу после возвращ; отвечу по возвращ;
    отвечу вам после; отвечу вам по возвращ; отвечу на ваше письмо; отвечу на письмо; отвечу на все письма;
    отвечу, как только вернусь; отвечу когда вернусь; отвечу, когда вернусь; отвечу сразу после; после моего возвращ;
    по возвращении; ваше письмо не пересылается; письмо не пересылается; письмо не будет перенаправл;
    письма не пересылаются; ваше письмо будет прочитано; ваше сообщение будет прочитано; ваше письмо получено;
    ваше письмо получил; ваше сообщение получено; доступ к почте ограничен; доступа к почте нет;
    доступ к почте будет ограничен; доступ к почте отсутствует; без доступа к почте; ограниченный доступ к почте;
    нет доступа к почте; не имею доступа к почте; почту не читаю; почту не проверяю; почта не проверяется;
    спасибо за ваше письмо; благодарю за ваше письмо; благодарю за письмо; спасибо за письмо; з термінових питань;
    for urgent matters; for urgent issues; for urgent requests; for urgent; for anything urgent; if urgent;
    if your matter is urgent; if it is urgent; if you need immediate; if you require immediate;
    for immediate assistance; in case of emergency; in urgent cases; in my absence; during my absence;
    please contact; please call; limited access to; no access to; without access to; will respond when i return;
    will reply when i return; will respond upon; will reply upon; will get back to you; when i return;
    upon my return; on my return; after my return; your message will not be forwarded;
    your e-mail will not be forwarded; your email will not be forwarded; thank you for your email;
    thank you for your e-mail; thank you for your message; thanks for your email; nicht weitergeleitet;
    in dringenden; wenden sie sich; en cas d'urgence; à mon retour; en caso de urgencia; a mi regreso;
    in caso di urgenza; al mio rientro; em caso de urgência; in dringende gevallen; bij dringende;
    w pilnych sprawach
""")

#: What people ask for.
REQUESTS = listed("""
    прошу; просим; просьба; отключите; включите; настройте; настроить; исправьте; проверьте; посмотрите; уберите;
    измените; изменить; поменять; добавьте; сделайте; помогите; разберитесь; подскажите; поясните; нужно; нужна;
    нужен; хотим; хотели бы; хочу; как_; почему; зачем; когда_; где_; ошибк; не приход; не отправля; жалуются;
    please_; can you; could you; how to; how do; why_; we want; i want; we need; settings; error
""")

#: Another desk's receipt for our letter.
ACKNOWLEDGED = listed("""
    ваше обращение зарегистрировано; ваше обращение принято; ваш запрос зарегистрирован; ваш запрос принят;
    ваша заявка зарегистрирована; ваша заявка принята; ваше письмо зарегистрировано; обращению присвоен номер;
    заявке присвоен номер; запросу присвоен номер; зарегистрирована заявка; your request has been received;
    your request has been registered; your ticket has been; a ticket has been created; ticket has been opened;
    we have received your request; we've received your request; we have received your email;
    we have received your message; thank you for contacting; has been assigned ticket
""")

CHALLENGE_SUBJECTS = listed("""
    please confirm your message; please confirm your e-mail; confirm your email to; confirm your message;
    your message to; your mail to; verify your email to; sender verification; message requires confirmation;
    request for confirmation; confirmation required; please verify your message; challenge; подтвердите отправку;
    подтвердите ваше письмо; подтвердите, что вы; подтверждение отправителя; подтверждение отправки письма;
    требуется подтверждение; проверка отправителя
""")

CHALLENGE_BODIES = listed("""
    spamarrest; boxbe; tmda; mailblocks; in order to deliver your message; to have your message delivered;
    to deliver your message, please; your message will be delivered after you; before your message can be delivered;
    is being held; has been held; awaiting moderator approval; awaiting approval; verify that you are a human;
    verify you are a real person; prove you are human; i use a spam filter; confirm that you are a human;
    to confirm, reply to this; reply to this message to confirm; click the link below to confirm that you sent;
    one-time confirmation; protected by a challenge; подтвердите, что вы не робот; подтвердить, что вы не робот;
    чтобы ваше письмо было доставлено; чтобы письмо было доставлено; для доставки вашего письма; для доставки письма;
    письмо будет доставлено после; ваше письмо задержано; ваш адрес не находится в списке;
    ваше письмо ожидает подтверждения
""")

RECEIPT_SUBJECTS = listed("""
    прочитано:; прочтено:; не прочитано:; непрочитано:; удалено без прочтения:; уведомление о прочтении;
    отчет о прочтении; подтверждение прочтения; доставлено:; read:; not read:; read receipt; return receipt;
    read notification; delivered:; deleted:; gelesen:; ungelesen:; lesebestätigung; lu:; lu :; non lu;
    confirmation de lecture; leído:; letto:; conferma di lettura; lido:; gelezen:; przeczytano:; прочитане:
""")

RECEIPT_BODIES = listed("""
    прочитано; прочтено; было прочитан; было открыто; открыто получателем; удалено без прочтения;
    удалено не прочитанным; доставлено следующим получателям; было доставлено; уведомление о прочтении;
    подтверждение о прочтении; подтверждает, что сообщение; was read on; was read at; was deleted without being read;
    has been displayed; was displayed; has been opened; this is a return receipt; return receipt; this is a receipt;
    your message was delivered; has been delivered to the following; wurde gelesen; wurde am; a été lu; se ha leído;
    è stato letto; foi lida
""")

CALENDAR_WORDS = listed("""
    has accepted this invitation; has declined this invitation; has replied "maybe"; accepted your invitation;
    declined your invitation; принимает приглашение; принял приглашение; приняла приглашение; принял(а) приглашение;
    отклонил приглашение; отклонила приглашение; отклонил(а) приглашение; отклоняет приглашение; method:reply
""")

CALENDAR_ANSWERS = listed("""
    принято; отклонено; под вопросом; предварительно; принято предварительно; предложено новое время; accepted;
    declined; tentative; tentatively accepted; new time proposed; zugesagt; abgelehnt; mit vorbehalt; accepté;
    refusé; provisoire; aceptada; aceptado; rechazada; accettato; rifiutato; прийнято; відхилено
""")


def first_of(words: tuple[str, ...], text: str) -> str | None:
    """The first of ``words`` that stands in ``text``, both folded."""
    return next((word for word in words if word in text), None)
