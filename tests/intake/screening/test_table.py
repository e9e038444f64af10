"""What the rules answer, one by one and together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.message import Address, Message
from intake.screening import TABLE, Envelope, OwnAddresses, may_write_to, screen
from tests.support.growth import is_in_proportion

from .samples import OWN

PERSON = (Address("Пётр Петров", "petrov@client.example"),)
LETTER = Message(sender=PERSON, subject="Не открывается кабинет", text="Пишет «500».", reply="Пишет «500».")


def with_headers(*headers: tuple[str, str], message: Message = LETTER) -> Message:
    return replace(message, headers=headers)


def test_an_ordinary_letter_gets_its_answer() -> None:
    verdict = screen(LETTER, OWN, Envelope("petrov@client.example", ("support@vitrina.example",)))
    assert (verdict.rule, verdict.becomes, verdict.letter_allowed) == ("ordinary", "ticket", True)


def test_rules_have_names_of_their_own_and_a_question() -> None:
    names = [rule.name for rule in TABLE]
    assert len(set(names)) == len(names)
    assert all(rule.question.__doc__ for rule in TABLE)


@pytest.mark.parametrize("mail_from", ["", "<>", " <> ", "<MAILER-DAEMON>"])
def test_the_null_return_path_forbids_a_letter_in_every_spelling(mail_from: str) -> None:
    verdict = screen(LETTER, OWN, Envelope(mail_from))
    assert (verdict.rule, verdict.letter_allowed, verdict.becomes) == ("null-return-path", False, "ticket")


def test_the_envelope_counts_before_the_return_path_field() -> None:
    mail = with_headers(("return-path", "<>"))
    assert not screen(mail, OWN).letter_allowed
    assert screen(mail, OWN, Envelope("petrov@client.example")).letter_allowed


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("auto-submitted", "auto-replied", "auto-replied"),
        ("auto-submitted", "Auto-Replied (vacation)", "auto-replied"),
        ("auto-submitted", "auto-generated", "auto-generated"),
        ("auto-submitted", "auto-notified; owner-email=x", "auto-generated"),
        ("x-autoreply", "yes", "auto-reply-field"),
        ("x-autorespond", "", "ordinary"),
        ("x-autorespond", "Re: вопрос", "auto-reply-field"),
        ("x-auto-reply-from", "a@b.example", "auto-reply-field"),
        ("x-autoresponder", "1", "auto-reply-field"),
        ("x-mail-autoreply", "true", "auto-reply-field"),
        ("x-fc-machinegenerated", "true", "auto-reply-field"),
        ("x-post-messageclass", "9; Autoresponder", "auto-reply-field"),
        ("x-cron-env", "<SHELL=/bin/sh>", "auto-reply-field"),
        ("delivered-to", "autoresponder@client.example", "auto-reply-field"),
        ("precedence", "auto_reply", "auto-reply-precedence"),
        ("precedence", "bulk", "bulk"),
        ("precedence", "list", "bulk"),
        ("list-id", "<club.lists.example>", "list"),
        ("list-unsubscribe", "<mailto:u@esp.example>", "list"),
        ("x-spam-flag", "YES", "marked-spam"),
        ("x-spam-status", "Yes, score=9", "marked-spam"),
        ("x-auto-response-suppress", "OOF, AutoReply", "suppression-asked"),
        ("auto-submitted", "no", "ordinary"),
        ("x-autoreply", "no", "ordinary"),
        ("precedence", "normal", "ordinary"),
        ("x-spam-flag", "NO", "ordinary"),
        ("x-spam-status", "No, score=-1", "ordinary"),
        ("x-auto-response-suppress", "DR, RN", "ordinary"),
        ("delivered-to", "support@vitrina.example", "ordinary"),
    ],
)
def test_one_field_decides(name: str, value: str, rule: str) -> None:
    verdict = screen(with_headers((name, value)), OWN)
    assert verdict.rule == rule
    assert verdict.letter_allowed == (rule == "ordinary")


def test_a_wish_for_silence_does_not_make_a_mail_automatic() -> None:
    verdict = screen(with_headers(("x-auto-response-suppress", "All")), OWN)
    assert (verdict.auto_submitted, verdict.no_auto_answer, verdict.becomes) == (False, True, "ticket")


def test_every_rule_that_says_yes_is_named_and_the_first_decides() -> None:
    mail = with_headers(("auto-submitted", "auto-replied"), ("list-id", "<club.lists.example>"), ("precedence", "bulk"))
    verdict = screen(mail, OWN)
    assert verdict.rule == "auto-replied"
    assert set(verdict.also) >= {"list", "bulk"}
    assert verdict.becomes == "automatic"


def test_a_report_comes_before_everything_else() -> None:
    mail = with_headers(("x-failed-recipients", "a@b.example"), ("list-id", "<x.lists.example>"))
    mail = replace(mail, sender=(Address("", "mailer-daemon@mx.example"),), subject="Mail delivery failed")
    verdict = screen(mail, OWN)
    assert (verdict.rule, verdict.becomes, verdict.bounce) == ("delivery-failed", "report", True)


def test_lists_that_are_our_own_mailbox_are_ordinary() -> None:
    for field in (
        ("list-id", "Поддержка <support-ru.groups.example>"),
        ("list-post", "<mailto:support-ru@groups.example>"),
    ):
        assert screen(with_headers(field, ("precedence", "list")), OWN).letter_allowed
        assert screen(with_headers(field), OwnAddresses()).rule == "list"


@pytest.mark.parametrize(
    "local", ["noreply", "no-reply", "do-not-reply", "donotreply", "shop-noreply", "notifications"]
)
def test_a_mailbox_nobody_reads_opens_a_ticket_without_a_letter(local: str) -> None:
    verdict = screen(replace(LETTER, sender=(Address("", f"{local}@shop.example"),)), OWN)
    assert (verdict.rule, verdict.becomes, verdict.letter_allowed) == ("noreply-sender", "ticket", False)


@pytest.mark.parametrize(
    "local", ["petrov", "reply", "support", "info", "robotov", "botanik", "alertov", "noreplyev.i"]
)
def test_other_mailboxes_are_peoples(local: str) -> None:
    assert screen(replace(LETTER, sender=(Address("", f"{local}@client.example"),)), OWN).letter_allowed


def test_our_own_letters_are_ignored() -> None:
    for address in ("support@vitrina.example", "Support@Vitrina.Example", "support+vd-1.abc@vitrina.example"):
        verdict = screen(replace(LETTER, sender=(Address("", address),)), OWN)
        assert (verdict.rule, verdict.becomes) == ("own-letter", "ignored")


def test_an_answer_that_only_mentions_our_ids_is_not_our_own_letter() -> None:
    mail = replace(LETTER, in_reply_to=("<vd-1.1@vitrina.example>",), message_id="<x@client.example>")
    assert screen(mail, OWN).rule == "ordinary"


def test_what_a_forms_robot_sends_is_a_persons() -> None:
    mail = with_headers(
        ("auto-submitted", "auto-generated"), message=replace(LETTER, sender=(Address("", "robot@site.example"),))
    )
    verdict = screen(mail, OWN)
    assert (verdict.rule, verdict.letter_allowed, verdict.auto_submitted) == ("form-robot", True, False)


@pytest.mark.parametrize("sender", [(), (Address("Иван", ""),), (Address("", "ivan"),)])
def test_without_a_sender_there_is_a_ticket_and_no_letter(sender: tuple[Address, ...]) -> None:
    verdict = screen(replace(LETTER, sender=sender), OWN)
    assert (verdict.rule, verdict.becomes, verdict.letter_allowed) == ("no-sender", "ticket", False)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("petrov@client.example", True),
        ("a.b+c@sub.client.example", True),
        ("o'neil@client.example", True),
        ("predsedatel@xn--7-itba5afj4c.example", True),
        ("predsedatel@речное7.example", True),
        ("support@vitrina.example", False),
        ("SUPPORT+x@vitrina.example", False),
        ("support-ru@groups.example", False),
        ("robot@site.example", False),
        ("noreply@client.example", False),
        ("mailer-daemon@client.example", False),
        ("club-bounces@lists.example", False),
        ("petrov@client.example\nBcc: x@y.example", False),
        ("petrov@client.example\r\n", False),
        ("petrov@client.example, x@y.example", False),
        ("Пётр <petrov@client.example>", False),
        ('"a b"@client.example', False),
        ("petrov@[192.0.2.1]", False),
        ("petrov@192.0.2.1", False),
        ("petrov@localhost", False),
        ("petrov@client..example", False),
        ("petrov@-client.example", False),
        (".petrov@client.example", False),
        ("petrov", False),
        ("@client.example", False),
        ("", False),
        ("x" * 65 + "@client.example", False),
        ("x@" + "y" * 64 + ".example", False),
        ("x@" + "y." * 130 + "example", False),
        ("петров@client.example", False),
        ("a@b@client.example", False),
    ],
)
def test_letters_go_to_one_plain_address_only(address: str, allowed: bool) -> None:
    assert may_write_to(address, OWN) is allowed


TEXTS = st.text(max_size=300) | st.sampled_from(
    ["Автоответ: ", "Re: ", "[VD-1] ", "Прочитано: ", "Я в отпуске до", "\u0130" * 40]
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            ["auto-submitted", "precedence", "list-id", "return-path", "from", "content-type", "x-mailer", "x-spam"]
        ),
        TEXTS,
    ),
    max_size=6,
)


@given(TEXTS, TEXTS, TEXTS, HEADERS, st.none() | TEXTS)
@settings(deadline=None)
def test_screening_never_raises_and_bounces_get_no_letter(
    subject: str, body: str, address: str, headers: list[tuple[str, str]], mail_from: str | None
) -> None:
    mail = Message(
        sender=(Address(subject, address),),
        subject=subject,
        text=body,
        reply=body,
        headers=tuple(headers),
        content_types=(body,),
    )
    verdict = screen(mail, OWN, Envelope(mail_from))
    assert verdict.why
    assert not (verdict.letter_allowed and (verdict.auto_submitted or verdict.no_auto_answer or verdict.bounce))
    assert may_write_to(address, OWN) in (True, False)


@pytest.mark.parametrize(
    "piece", ["re: ", "[a] ", "автоответ ", "(auto ", "> > ", "я в отпуске до ", "<a@", "a.", "list-", "((", "!!"]
)
def test_time_grows_no_faster_than_the_mail(piece: str) -> None:
    def of(count: int) -> Callable[[], object]:
        text = piece * count
        headers = (("list-id", text), ("content-type", text), ("auto-submitted", text), ("x-mailer", text))
        mail = Message(
            sender=(Address(text, text),), subject=text, text=text, reply=text, headers=headers, content_types=(text,)
        )
        return lambda: (screen(mail, OWN, Envelope(text)), may_write_to(text, OWN))

    assert is_in_proportion(of(4_000), of(16_000), 10)
