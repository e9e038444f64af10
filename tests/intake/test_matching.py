"""Which ticket a message belongs to, and that nobody gets into one who has no part in it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.mail.message import Address, Message
from intake.matching import match
from intake.model import Delivery, Disposition, Envelope
from intake.settings import DeskSettings
from intake.signing import Signer, new_key
from tests.intake.screening.samples import machines
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail

FORGED = 100_000
LOOP_FIELDS = re.compile(
    r"(?im)^(?:auto-submitted|x-auto[\w-]*|precedence|list-[\w-]+|in-reply-to|references|x-otklik-[\w-]+|reply-to"
    r"|x-loop|return-path|message-id|sender)\s*:.*(?:\r?\n[ \t].*)*\r?\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path) as made:
        yield made


def three(desk: TestDesk) -> list[int]:
    """Three tickets of Olga's, one of a stranger's."""
    found = [
        desk.receive(mail(f"Вопрос {n}", f"Вопрос номер {n}: как быть?", message_id=f"<{n}@roscha.example>")).ticket
        for n in range(3)
    ]
    other = desk.receive(mail("Чужое", "Как настроить?", "igor@ozero.example", message_id="<o@ozero.example>")).ticket
    return [number or 0 for number in (*found, other)]


@pytest.mark.parametrize(
    ("subject", "joins"),
    [
        ("Re: [{1}] Вопрос", 1),
        ("Re: [{3}] и [{2}]", 2),
        ("[VD-9999] [{0}] [{1}]", 0),
        ("Fwd: [{3}] чужое", None),
        ("[VD-9999] такого нет", None),
        ("{1} без скобок", None),
    ],
)
def test_of_several_tags_the_first_that_is_the_senders_joins(desk: TestDesk, subject: str, joins: int | None) -> None:
    numbers = three(desk)
    keys = [desk.ticket(number).key for number in numbers]
    row = desk.receive(mail(subject.format(*keys), "Ещё.", message_id="<again@roscha.example>"))
    if joins is None:
        assert row.disposition is Disposition.TICKET
        assert row.ticket not in numbers
    else:
        assert (row.disposition, row.ticket) == (Disposition.MESSAGE, numbers[joins])


def test_merged_tickets_are_followed_to_the_end(desk: TestDesk) -> None:
    first, second, third, _ = three(desk)
    key, thread = desk.ticket(first).key, "<0@roscha.example>"
    desk.desk.merge(first, second, "anna")
    desk.desk.merge(second, third, "anna")
    address = desk.signer.reply_address(DESK_ADDRESS, key)
    found = [
        desk.receive(mail("Re", "Адресом.", message_id="<a@x>"), rcpt_to=address),
        desk.receive(mail("Re", "Веткой.", message_id="<b@x>", In_Reply_To=thread)),
        desk.receive(mail(f"Re: [{key}]", "Темой.", message_id="<c@x>")),
    ]
    assert [row.ticket for row in found] == [third] * 3


def test_a_message_id_the_relay_rewrote_leaves_the_subject(desk: TestDesk) -> None:
    first = desk.receive(mail())
    key = desk.ticket(first.ticket).key
    row = desk.receive(
        mail(
            f"Re: [{key}] x", "Ответ.", message_id="<2@x>", In_Reply_To="<rewritten@relay.example>", References="<r@r>"
        )
    )
    assert (row.ticket, row.cause) == (first.ticket, "joined by subject")


def test_any_of_several_references_may_match_the_newest_first(desk: TestDesk) -> None:
    first, second, *_ = three(desk)
    row = desk.receive(
        mail("Re", "Ответ.", message_id="<2@x>", References="<0@roscha.example> <1@roscha.example> <unknown@z>")
    )
    assert row.ticket == second != first


def test_references_to_nothing_of_ours_open_a_ticket(desk: TestDesk) -> None:
    three(desk)
    row = desk.receive(mail("Re: Наш разговор", "Как?", message_id="<2@x>", References="<a@b.example> <c@d.example>"))
    assert row.disposition is Disposition.TICKET


def test_a_colleague_in_copy_gains_nothing(desk: TestDesk) -> None:
    first = desk.receive(mail(Cc="Пётр <petr@gmail.com>, support+vd-1001@vitrina-domiland.example"))
    key = desk.ticket(first.ticket).key
    row = desk.receive(mail(f"Re: [{key}] x", "Дайте.", "petr@gmail.com", message_id="<p@x>"))
    assert row.ticket != first.ticket
    assert "petr@gmail.com" not in {
        a for one in desk.letters() if one.ticket == first.ticket for a, *_ in one.recipients
    }


def test_neighbours_at_a_public_provider_are_strangers(desk: TestDesk) -> None:
    first = desk.receive(mail(sender="olga@mail.ru"))
    key = desk.ticket(first.ticket).key
    assert desk.receive(mail(f"[{key}]", "Я тоже.", "eve@mail.ru", message_id="<e@x>")).ticket != first.ticket


def test_no_forged_name_passes() -> None:
    signer, stranger = Signer((new_key(),)), Signer((new_key(),))
    chance = random.Random(1)
    noise = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=FORGED + 26))
    passed = 0
    for n in range(FORGED):
        key = f"VD-{n % 5000}"
        token = noise[n : n + 26] if n % 10 else stranger.token("address", key.lower())
        if n % 3:
            passed += signer.ticket_of_address(f"support+{key.lower()}.{token}@d.example") is not None
        else:
            passed += signer.ticket_of_message_id(f"<{key.lower()}.{n:012x}.{token}@d.example>") is not None
    assert passed == 0


def test_no_forged_tag_or_reference_joins(desk: TestDesk) -> None:
    numbers = three(desk)
    keys = [desk.ticket(number).key for number in numbers]
    stranger = Signer((new_key(),))
    joined = 0
    with desk.store.read() as tx:
        for n in range(1_500):
            key, eve = keys[n % 4], f"eve{n}@evil.example"
            message = Message(
                sender=(Address("", eve),),
                subject=f"Re: [{key}] [{keys[0]}] {n}",
                in_reply_to=(stranger.message_id(key, f"{n:x}", "vitrina-domiland.example"),),
                references=tuple(f"<{n - i}@roscha.example.evil>" for i in range(5)),
                to=(Address("", stranger.reply_address(DESK_ADDRESS, key)),),
            )
            found = match(tx, message, Envelope(eve, (DESK_ADDRESS,)), eve, desk.signer, desk.settings)
            joined += found.ticket is not None
    assert joined == 0


def test_two_desks_that_answer_each_other_fall_silent(tmp_path: Path) -> None:
    """Whatever marks an automatic letter is taken off on the way, and every mail gets another Message-ID."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    here, there = DeskSettings(address="support@a.example"), DeskSettings(address="help@b.example", ticket_prefix="HD")
    with a_desk(folders[0], here) as a, a_desk(folders[1], there) as b:
        a.receive(mail("Вопрос", "Не работает вход.", there.address, here.address), rcpt_to=here.address)
        carried, given = 0, {id(a): 0, id(b): 0}
        for _ in range(20):
            for one, other in ((a, b), (b, a)):
                letters = [letter for letter in one.letters() if letter.state is Delivery.QUEUED]
                for letter in letters[given[id(one)] :]:
                    head, _, body = letter.raw.decode().partition("\r\n\r\n")
                    other.arrive(f"{LOOP_FIELDS.sub('', head)}\r\n{body}".encode(), rcpt_to=other.settings.address)
                    carried += 1
                given[id(one)] = len(letters)
                other.process()
        assert 0 < carried <= 6


def test_no_machine_gets_an_automatic_answer(tmp_path: Path) -> None:
    settings = DeskSettings(
        address="support@vitrina.example",
        own_lists=("support-ru@groups.example", "vitrina-help@lists.example"),
        forms=(("robot@site.example", (("email", "E-mail"),)),),
    )
    samples = [one for one in machines() if not one.letter_allowed]
    assert len(samples) > 40
    with a_desk(tmp_path, settings) as desk:
        for one in samples:
            path = re.match(rb"Return-Path: <([^>]*)>", one.raw)
            desk.arrive(one.raw, mail_from=path[1].decode() if path else None, rcpt_to=settings.address)
        desk.process()
        assert desk.letters() == []
