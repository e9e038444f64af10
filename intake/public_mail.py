"""Mail providers where anybody can have an address."""

from __future__ import annotations

from intake.mail.folding import listed

PUBLIC_MAIL_DOMAINS = frozenset(
    listed("""
    yandex.ru; ya.ru; yandex.com; yandex.by; yandex.kz; yandex.ua; yandex.com.tr; narod.ru; mail.ru; bk.ru; list.ru;
    inbox.ru; internet.ru; xmail.ru; mail.ua; vk.com; corp-mail.ru; rambler.ru; lenta.ru; autorambler.ru;
    myrambler.ru; ro.ru; rambler.ua; r0.ru; pochta.ru; fromru.com; front.ru; hotbox.ru; hotmail.ru; krovatka.su;
    land.ru; mail15.com; mail333.com; nm.ru; nightmail.ru; nxt.ru; pisem.net; pochtamt.ru; pop3.ru; rbcmail.ru;
    smtp.ru; qip.ru; e1.ru; ngs.ru; km.ru; sibmail.com; newmail.ru; tut.by; i.ua; ukr.net; meta.ua; bigmir.net;
    online.ua; email.ua; ua.fm; mail.kz; inbox.lv; inbox.lt; e-mail.ua; gmail.com; googlemail.com; outlook.com;
    hotmail.com; live.com; live.ru; msn.com; outlook.de; outlook.fr; hotmail.co.uk; hotmail.de; hotmail.fr;
    hotmail.it; hotmail.es; live.co.uk; live.fr; windowslive.com; passport.com; icloud.com; me.com; mac.com;
    yahoo.com; yahoo.co.uk; yahoo.de; yahoo.fr; yahoo.it; yahoo.es; yahoo.co.jp; yahoo.co.in; ymail.com;
    rocketmail.com; myyahoo.com; aol.com; aim.com; protonmail.com; proton.me; pm.me; protonmail.ch; tutanota.com;
    tutanota.de; tuta.io; tuta.com; tutamail.com; keemail.me; gmx.de; gmx.net; gmx.com; gmx.at; gmx.ch; web.de;
    t-online.de; freenet.de; arcor.de; mail.de; posteo.de; mailbox.org; fastmail.com; fastmail.fm; zoho.com;
    zohomail.com; zohomail.eu; mail.com; email.com; usa.com; hey.com; hushmail.com; runbox.com; disroot.org;
    riseup.net; orange.fr; wanadoo.fr; free.fr; laposte.net; sfr.fr; libero.it; virgilio.it; tiscali.it; alice.it;
    seznam.cz; centrum.cz; wp.pl; o2.pl; onet.pl; interia.pl; op.pl; gazeta.pl; abv.bg; mail.bg; freemail.hu;
    citromail.hu; centrum.sk; azet.sk; comcast.net; verizon.net; att.net; sbcglobal.net; cox.net; btinternet.com;
    bk.com; qq.com; 163.com; 126.com; yeah.net; sina.com; sina.cn; sohu.com; foxmail.com; naver.com; hanmail.net;
    daum.net; rediffmail.com; uol.com.br; bol.com.br; terra.com.br; duck.com; simplelogin.com; mozmail.com;
    privaterelay.appleid.com; mailinator.com; guerrillamail.com; 10minutemail.com; yopmail.com; temp-mail.org
""")
)


def is_public_mail_domain(domain: str) -> bool:
    """Can anybody have an address at ``domain``? Such a domain says nothing about an organisation."""
    return domain.strip().rstrip(".").lower() in PUBLIC_MAIL_DOMAINS
