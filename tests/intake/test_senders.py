"""What is believed of a sender, and what subjects and short answers tell."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.authentication import Authentication, authentication
from intake.mail.message import Address, Message
from intake.public_mail import is_public_mail_domain
from intake.screening import OwnAddresses
from intake.senders import answer_address, identity
from intake.subjects import bare_subject, ticket_keys_in
from intake.thanks import is_bare_thanks
from tests.support.growth import is_in_proportion

OWN = OwnAddresses(addresses=frozenset({"support@vitrina.example"}))
AUTHOR = Address("Пётр", "petrov@client.example")
OURS = "mx.vitrina.example"


def mail(*results: str, author: Address = AUTHOR, below: tuple[str, ...] = ()) -> Message:
    top = (("received", "by mx.vitrina.example"), *(("authentication-results", result) for result in results))
    rest = (("received", "by mail.client.example"), *(("authentication-results", result) for result in below))
    return Message(sender=(author,), headers=(*top, *rest))


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (f"{OURS}; dmarc=pass header.from=client.example", Authentication(dmarc="pass", verified=True)),
        (f"{OURS}; spf=pass smtp.mailfrom=client.example", Authentication(spf="pass", verified=True)),
        (f"{OURS}; spf=pass smtp.mailfrom=bounces@mail.client.example", Authentication(spf="pass", verified=True)),
        (f"{OURS}; spf=pass smtp.mailfrom=esp.example", Authentication(spf="pass")),
        (f"{OURS}; dkim=pass header.d=client.example header.s=x", Authentication(dkim="pass", verified=True)),
        (f"{OURS}; dkim=pass header.i=@client.example", Authentication(dkim="pass", verified=True)),
        (f"{OURS}; dkim=pass header.d=evil-client.example", Authentication(dkim="pass")),
        (
            f"{OURS}; dkim=fail (bad; signature=pass) header.d=client.example",
            Authentication(dkim="fail", verified=False),
        ),
        (
            f"{OURS} 1; dkim=fail header.d=esp.example; dkim=pass header.d=client.example; dmarc=pass",
            Authentication(dkim="pass", dmarc="pass", verified=True),
        ),
        (
            f"{OURS}; spf=pass smtp.mailfrom=client.example; dmarc=fail header.from=client.example",
            Authentication(spf="pass", dmarc="fail", verified=False),
        ),
        (f"{OURS}; spf=softfail smtp.mailfrom=client.example", Authentication(spf="softfail", verified=False)),
        (f"{OURS}; spf=none; dkim=none", Authentication(spf="none", dkim="none")),
        (f"{OURS}; none", Authentication()),
        ("MX.Vitrina.Example; dmarc=pass", Authentication(dmarc="pass", verified=True)),
        ("mx.evil.example; dmarc=pass header.from=client.example", Authentication()),
        (f"evil.example ({OURS}); dmarc=pass", Authentication()),
        (f"{OURS}.evil.example; dmarc=pass", Authentication()),
        (f'evil.example; x="{OURS}; dmarc=pass"', Authentication()),
        (f'{OURS}; spf=none reason="; dmarc=pass"', Authentication(spf="none")),
        ("", Authentication()),
    ],
)
def test_only_our_own_relays_word_is_believed(result: str, expected: Authentication) -> None:
    assert authentication(mail(result), OURS) == expected


def test_results_that_came_with_the_mail_are_not_ours() -> None:
    assert authentication(mail(below=(f"{OURS}; dmarc=pass",)), OURS) == Authentication()


def test_the_topmost_word_on_a_method_counts() -> None:
    found = authentication(
        mail(f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass; spf=pass smtp.mailfrom=client.example"), OURS
    )
    assert (found.dmarc, found.spf, found.verified) == ("fail", "pass", False)


def test_without_a_relay_of_our_own_nothing_is_believed() -> None:
    assert authentication(mail(f"{OURS}; dmarc=pass"), None) == Authentication()


@pytest.mark.parametrize(
    "results",
    [
        'spf=pass smtp.mailfrom="x header.d=client.example"@evil.example',
        'spf=pass smtp.mailfrom="x smtp.mail=a@client.example"@evil.example; dmarc=none',
        r'spf=pass smtp.mailfrom="a\"; dmarc=pass b"@evil.example',
        r'spf=pass smtp.mailfrom="a\"; dkim=pass header.d=client.example"@evil.example',
        "spf=pass smtp.helo=evil;dmarc=pass; dmarc=fail header.from=client.example",
        "spf=pass header.d=client.example smtp.mailfrom=a@evil.example",
        "spf=pass smtp.mailfrom=a@evil.example; dmarc=pass header.from=evil.example",
    ],
)
def test_nothing_a_stranger_may_write_into_his_envelope_confirms_him(results: str) -> None:
    assert authentication(mail(f"{OURS}; {results}"), OURS).verified is not True


def test_it_is_the_author_shown_who_is_confirmed() -> None:
    nobody, author = Address("", "x y@evil.example"), AUTHOR
    message = replace(mail(f"{OURS}; spf=pass smtp.mailfrom=evil.example"), sender=(nobody, author))
    assert identity(message) == author
    assert authentication(message, OURS).verified is None


def test_a_confirmed_domain_may_be_told_in_ascii() -> None:
    author = Address("", "hi@почта.example")
    told = "dkim=pass header.d=xn--80a1acny.example; dmarc=pass header.from=xn--80a1acny.example"
    assert authentication(mail(f"{OURS}; {told}", author=author), OURS).verified is True


def test_identity_is_the_first_valid_from_and_never_reply_to() -> None:
    other = Address("", "boss@client.example")
    assert identity(Message(sender=(Address("x", "broken"), AUTHOR, other), reply_to=(other,))) == AUTHOR
    assert identity(Message(reply_to=(other,))) is None


@pytest.mark.parametrize(
    ("author", "reply_to", "goes_to"),
    [
        ("petrov@client.example", (), "petrov@client.example"),
        ("petrov@client.example", ("office@client.example",), "office@client.example"),
        ("petrov@client.example", ("Office@Client.Example",), "Office@Client.Example"),
        ("petrov@client.example", ("victim@other.example",), "petrov@client.example"),
        ("petrov@client.example", ("a@client.example", "b@client.example"), "petrov@client.example"),
        ("petrov@client.example", ("noreply@client.example",), "petrov@client.example"),
        ("petrov@gmail.com", ("victim@gmail.com",), "petrov@gmail.com"),
        ("support@vitrina.example", ("petrov@client.example",), None),
        ("noreply@client.example", ("petrov@client.example",), None),
        ("broken", ("petrov@client.example",), None),
    ],
)
def test_letters_never_go_to_a_third_party(author: str, reply_to: tuple[str, ...], goes_to: str | None) -> None:
    message = Message(sender=(Address("", author),), reply_to=tuple(Address("", address) for address in reply_to))
    found = answer_address(message, OWN)
    assert (found.address if found else None) == goes_to


@pytest.mark.parametrize(
    "domain", ["gmail.com", "Yandex.RU", "mail.ru", "bk.ru", "list.ru", "inbox.ru", "rambler.ru", "outlook.com."]
)
def test_public_mail_tells_nothing_of_an_organisation(domain: str) -> None:
    assert is_public_mail_domain(domain)
    assert not is_public_mail_domain(f"x.{domain}")


@pytest.mark.parametrize(
    ("subject", "keys"),
    [
        ("[VD-1042] Доступ", ("VD-1042",)),
        ("Re: [vd-7] и [VD-8] и [VD-7]", ("VD-7", "VD-8")),
        ("RE: [ VD–9 ] тема", ("VD-9",)),
        ("VD-1042 без скобок", ()),
        ("[XX-1] [VDX-2] [VD-]", ()),
        ("", ()),
    ],
)
def test_ticket_keys_are_read_from_the_subject(subject: str, keys: tuple[str, ...]) -> None:
    assert ticket_keys_in(subject, "VD") == keys


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Доступ", "Доступ"),
        ("RE: FW: Fwd: HA: На: Ответ: Отв: Пересл: AW: SV: Доступ", "Доступ"),
        ("Re[2]: Re(3): Re^4: Доступ", "Доступ"),
        ("[VD-1] Re: [VD-1] Доступ", "Доступ"),
        ("Re: Доступ [VD-1]", "Доступ"),
        ("  Доступ   к  витрине ", "Доступ к витрине"),
        ("Рекламация: дом 7", "Рекламация: дом 7"),
        ("На складе пусто", "На складе пусто"),
        ("Реквизиты", "Реквизиты"),
        ("[XX-1] Доступ", "[XX-1] Доступ"),
        ("Re:", ""),
    ],
)
def test_a_subject_is_bared_of_prefixes_and_tags(subject: str, bare: str) -> None:
    assert bare_subject(subject, "VD") == bare
    assert bare_subject(bare_subject(subject, "VD"), "VD") == bare


@pytest.mark.parametrize(
    "text",
    [
        "Спасибо!",
        "спасибо, всё работает!",
        "ок, благодарю",
        "thanks!",
        "Thank you very much for your quick help!",
        "Спасибо, Марина Сергеевна!",
        "Добрый день! Большое спасибо за помощь, всё получилось. Можно закрывать.\n\nС уважением,\nИван Петров, +7 495",
        "Спасибо, вопрос решён.",
        "Ок",
        "Всё работает, спасибо!",
        "Благодарим за оперативность!",
        "Спасибо ещё раз!",
        "Дякую!",
    ],
)
def test_bare_thanks_are_known(text: str) -> None:
    assert is_bare_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "Спасибо, но не работает",
        "Спасибо. Ещё вопрос:",
        "Спасибо. Не помогло.",
        "Спасибо, а когда обновление",
        "Всё работает?",
        "Спасибо за ответ, проблема осталась.",
        "Спасибо, у нас проблема",
        "Не работает",
        "Спасибо, жду.",
        "Спасибо! Теперь пропал отчёт.",
        "Спасибо, пришлите счёт на 10 домов",
        "Закройте заявку",
        "Добрый день!",
        "Thanks, but it does not work",
        "Спасибо " * 40,
        "Спасибо\nИ подскажите, где отчёт",
    ],
)
def test_thanks_with_anything_more_are_a_letter_to_be_read(text: str) -> None:
    assert not is_bare_thanks(text)


@given(st.text(max_size=400), st.text(max_size=10))
@settings(deadline=None)
def test_nothing_raises_on_any_text(text: str, prefix: str) -> None:
    message = replace(mail(text), subject=text, reply_to=(Address(text, text),), sender=(Address("", text),))
    assert authentication(message, prefix).verified in (True, False, None)
    assert isinstance(is_bare_thanks(text), bool)
    assert len(bare_subject(text, prefix)) <= len(text)
    assert all(key.startswith(prefix) for key in ticket_keys_in(text, prefix))
    assert answer_address(message, OWN) is None or identity(message) is not None


@pytest.mark.parametrize("piece", ["re: ", "[vd-", "(", '"', ";", "dkim=pass ", "спасибо ", "\\"])
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def read(text: str) -> None:
        authentication(mail(text), OURS)
        bare_subject(text, "VD")
        ticket_keys_in(text, "VD")
        is_bare_thanks(text)

    small, large = (partial(read, f"{OURS}; " + piece * count) for count in (4_000, 16_000))
    assert is_in_proportion(small, large, 10)
