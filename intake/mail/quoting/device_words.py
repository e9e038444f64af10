"""What the lines are made of that mail programs add under a text, by language."""

from __future__ import annotations

from intake.mail.quoting.wordlists import words

BEGINNINGS = (
    "sent from|from my|sent via|sent with|sent using|sent by|sent on|get|download|send from|sent through|composed on",
    "written on",
    "отправлено с|отправлено со|отправлено из|отправлено через|отправлено от|отправлено при помощи",
    "отправлено используя",
    "послано с|послано из|послано со|написано с|скачать|получить|получите|загрузить|загрузите|скачайте|создано в",
    "создано с",
    "отправил с|отправила с|отправлена с|отправлено в|отправлен с",
    "простите за краткость|извините за краткость",
    "надіслано з|надіслано із|відправлено з|відправлено із|надіслано за|надіслано через|отримати|отримайте",
    "завантажити",
    "вислано з|адпраўлена з|изпратено от|изпратено с|вземете",
    "von meinem|von meiner|gesendet von|gesendet mit|gesendet über|gesendet via|gesendet aus",
    "diese nachricht wurde von meinem",
    "holen sie sich|hol dir|outlook für|laden sie",
    "envoyé de|envoyé depuis|envoyé avec|envoyé à partir de|envoyé à partir|envoyé d'|envoyé via|télécharger",
    "obtenez|obtenir",
    "provenance :|provenance",
    "enviado desde|enviado con|enviado de|enviado do|enviado da|enviado pelo|enviado a partir|enviado através",
    "enviado via",
    "enviada do|obtener|obtenga|obtén|obter|obtenha|descargar|enviat des|baixar",
    "inviato da|inviato dal|inviato dall'|inviato con|inviato tramite|scarica|ottieni",
    "verzonden vanaf|verzonden met|verzonden via|verstuurd vanaf|verstuurd met|verstuurd via|download",
    "skickat från|skickat med|hämta|sendt fra|sendt med|hent|få|lähetetty|hanki",
    "wysłane z|wysłano z|wysłano za|pobierz|uzyskaj|odesláno z|odesláno ze|odoslané z|získejte|získajte|stáhnout",
    "získat",
    "gönderildi|poslano z|poslano s|preuzmite|trimis de|trimis din|descărcați|elküldve|küldve|στάλθηκε από",
    "發自|发自|發送自|发送自|从我的|從我的|來自我的|来自我的|获取|傳送自|送信元|iphoneから送信|私の",
)
_WORDS = (
    # the small words
    "my mobile phone cell device smartphone tablet handheld wireless a an the on for over with from via using by "
    "of and in "
    "to app application free secure email e-mail mail mailbox network smart phone computer powered encrypted",
    "fast new pro",
    "please excuse brevity typos any the autocorrect mistakes errors pardon forgive",
    "моего моей мой моя мобильного мобильной мобильный устройства устройстве телефона смартфона планшета приложения "
    "приложение почты почта почтой почте почтовый клиент клиента для на с из со через помощью программы айфона "
    "айфон айпада "
    "нового личного компьютера рабочего веб-версии сервиса ящика под управлением системы защищенной защищённой по "
    "андроид андроида самсунг самсунга хуавей ксиаоми сяоми яблока ipad телефон смартфон устройство умного",
    "простите извините за мою возможные краткость опечатки ошибки создано пожалуйста",
    "мого моєї мобільного мобільної пристрою телефону смартфону планшета застосунку програми пошти пошта айфону "
    "допомогою "
    "додатку застосунку мобільному",
    "för til o program systemu du dra nytt denne enhed enhet min",
    "за і й та моят мобилен телефон устройство",
    "meinem meiner mein iphone gesendet handy mobiltelefon telefon tablet gerät mit der die das dem des von aus "
    "app für "
    "verschickt versendet mobilgerät smartphone unterwegs beziehen herunterladen laden abrufen",
    "mon ma mes de du des depuis téléphone mobile portable tablette appareil l'application application courrier "
    "pour sur "
    "un une le la les à partir d'un mon l'appli messagerie",
    "mi mis mí móvil celular teléfono dispositivo aplicación correo para el la los desde meu minha dispositivo "
    "telemóvel "
    "telefone aplicativo aplicação do da no na android",
    "mio mia dal dalla dispositivo cellulare telefono tablet posta per il lo mijn een toestel mobiel telefoon "
    "mobiele voor "
    "het min mitt mobil telefon telefonen mobilen fra från till til puhelimestani laitteesta minun puhelimesta",
    "sähköposti",
    "mojego mojej telefonu urządzenia smartfona tabletu aplikacji programu poczty dla mého mojeho telefonu "
    "zařízení mobilu "
    "aplikace pošty pro ze môjho mobilného zariadenia moj mog uređaja iphone'umdan cihazımdan telefonumdan için "
    "edinin 'den pe meu mea "
    "cep telefonu ücretsiz készülékemről iphone-omról mobilról από το κινητό μου συσκευή pentru",
    "的 我的 iphone 发送 設備 手机 手機 郵件 邮件 mail送信 から送信 携帯",
)
MAKES = words(
    "iphone ipad ipod ios apple icloud watch mac macos macbook android samsung galaxy huawei honor xiaomi redmi "
    "poco mi miui "
    "oneplus oppo vivo realme nokia lumia htc sony xperia lg lenovo motorola moto pixel nexus google gmail "
    "blackberry "
    "verizon t-mobile at&t at sprint vodafone orange telekom 3g 4g 5g lte 4g-lte windows phone outlook "
    "outlook.com hotmail "
    "yahoo yahoo! aol proton protonmail tutanota tuta zoho spark bluemail aquamail k-9 k9 edison newton airmail "
    "mailbird "
    "thunderbird front fastmail mymail mail.ru mail.ru® mailru яндекс яндекс.почты яндекс.почта яндекс.почте "
    "яндекса yandex "
    "yandex.mail рамблер рамблера рамблер/почты rambler gmx web.de freenet t-online exchange activesync nine "
    "meizu zte asus "
    "alcatel doogee tecno infinix itel fly philips bq dexp tele2 мегафон билайн мтс xfinity comcast evernote "
    "superhuman "
    "canary typeapp em treo palm facebook vk вконтакте sailfish ubuntu kindle surface iphone6 touch wiko "
    "fairphone virgin "
    "bell rogers telus o2 free libero virgilio orange sfr wp onet interia seznam seznam.cz centrum mailspring "
    "mimestream "
    "мобильного мобильной устройство смартфон планшет планшета ukr.net i.ua bigmir "
    "spike mailbox handset битрикс24 bitrix24 amocrm "
    "readdle myoffice мойофис r7 р7 почты@mail.ru windows10 айфона айфон iphone'umdan iphone-omról iphonesta "
    "iphonestani iphone发送 ipad发送 iphoneから送信 самсунг самсунга андроид андроида хуавей ксиаоми ipadста "
    "iphone、 почты mail почта телефона смартфона айпада мобильного планшета мобільного телефону смартфону handy "
    "smartphone "
    "mobile phone téléphone móvil celular telemóvel cellulare telefoon mobiel mobil telefon telefonu telefone "
    "teléfono cell "
    "telefono mobiltelefon puhelimestani cihazımdan handheld tablet mobilu 手机 手機 携帯 device устройства пристрою"
)
SMALL = words(*_WORDS) | MAKES
