"""A filled-in form as a mail of our own, and back."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import Refused
from intake.forms import UNPROVEN, FilledForm, as_told, form_mail, request_digest
from intake.letters.enclosures import Enclosure
from intake.letters.headers import single_line
from intake.mail.reading import attachment_bytes
from intake.model import Disposition, Envelope, JournalRow, Source, Type
from intake.reading import own_addresses, read
from intake.settings import DeskSettings
from tests.support.desks import DESK_ADDRESS, MORNING, a_desk

SETTINGS = DeskSettings(address=DESK_ADDRESS)
LINES = st.text(min_size=1, max_size=200).map(single_line).filter(bool)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=300)
FORM = FilledForm("Ольга", "olga@roscha.example", "Тема", "Текст", "ООО «Роща»", "Отчёты", Type.BUG)


def row(raw: bytes, door: str = "form") -> JournalRow:
    return JournalRow(1, MORNING, door, "", Envelope(), None, None, Disposition.NEW, None, None, 0, raw)


def written(form: FilledForm) -> bytes:
    return form_mail(form, "a" * 64, "digest", SETTINGS, MORNING)


@given(name=LINES, subject=LINES, organisation=LINES, product=LINES, body=TEXTS, kind=st.sampled_from([*Type, None]))
def test_what_was_filled_in_is_what_is_told(
    name: str, subject: str, organisation: str, product: str, body: str, kind: Type | None
) -> None:
    form = FilledForm(name, "olga@roscha.example", subject, body, organisation, product, kind)
    kept = row(written(form))
    reading = as_told(kept, read(kept.raw, kept.envelope, own_addresses(SETTINGS)), SETTINGS)
    message, notes = reading.message, reading.form
    assert notes is not None
    (sender,) = message.sender
    assert sender.address == form.email
    assert squeezed(sender.name) == squeezed(name)
    assert squeezed(message.subject) == squeezed(subject)
    assert (squeezed(notes.organisation), squeezed(notes.product)) == (squeezed(organisation), squeezed(product))
    assert notes.type == kind
    assert message.reply == message.text
    assert squeezed(message.text) == squeezed(body)
    assert reading.verdict.becomes == "ticket"
    assert reading.verdict.letter_allowed
    if kind is not None:
        assert (reading.typing.type.value, reading.typing.type.sure) == (kind.value, True)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@given(data=st.lists(st.binary(max_size=400), max_size=4), names=st.lists(LINES, min_size=4, max_size=4))
def test_files_arrive_octet_for_octet(data: list[bytes], names: list[str]) -> None:
    files = tuple(Enclosure(name, "text/plain", octets) for name, octets in zip(names, data, strict=False))
    raw = written(FilledForm("a", "a@b.example", "s", "b", files=files))
    found = read(raw, Envelope(), own_addresses(SETTINGS)).message.attachments
    assert [attachment_bytes(raw, one.part) for one in found] == list(data)


@given(
    values=st.lists(st.text(max_size=60), min_size=5, max_size=5),
    ending=st.sampled_from(["", "\r\nBcc: victim@mail.example", "\nX-Otklik-Form-Type: bug", "\r\n\r\n<b>"]),
)
def test_no_value_makes_a_header_of_its_own(values: list[str], ending: str) -> None:
    name, subject, organisation, product, body = (value + ending for value in values)
    raw = written(FilledForm(name, "a@b.example", subject, body, organisation, product))
    names = [
        line.partition(b":")[0].lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] != b" "
    ]
    known = {b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"}
    known |= {b"content-transfer-encoding", b"x-otklik-form-organisation", b"x-otklik-form-product"}
    assert set(names) <= known | {b"x-otklik-form-request"}
    assert len(names) == len(set(names))


@pytest.mark.parametrize("email", ["", "a", "a@b>\r\nRCPT TO:<c@d.example>", "a b@c.example", '"a"@b.example'])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Refused):
        written(FilledForm("a", email, "s", "b"))


def test_what_was_asked_can_be_told_from_another_request() -> None:
    assert request_digest(written(FORM)) == "digest"
    assert request_digest(b"Subject: x\r\n\r\n") == ""


def test_the_same_submission_has_the_same_message_id() -> None:
    own = own_addresses(SETTINGS)
    ids = {read(form_mail(FORM, key, "", SETTINGS, MORNING), Envelope(), own).message.message_id for key in "aab"}
    assert len(ids) == 2


@pytest.mark.parametrize("door", ["smtp", "imap", "pipe"])
def test_a_mail_from_outside_that_claims_to_be_a_form_is_a_mail(tmp_path: Path, door: str) -> None:
    with a_desk(tmp_path) as desk:
        ticket = desk.ticket(desk.receive(written(FORM), door=door).ticket)
        assert (ticket.source, ticket.product, ticket.licensee) == (Source.EMAIL, None, None)
        with desk.store.read() as tx:
            assert UNPROVEN not in tx.messages.of(ticket.number)[0].warnings


@pytest.mark.parametrize(("door", "warned"), [("form", True), ("api", False)])
def test_a_form_from_our_own_door_is_believed(tmp_path: Path, door: str, warned: bool) -> None:
    with a_desk(tmp_path) as desk:
        ticket = desk.ticket(desk.receive(written(FORM), door=door).ticket)
        assert (ticket.source, ticket.product, ticket.licensee) == (Source.FORM, "Отчёты", "ООО «Роща»")
        assert (ticket.type, ticket.type_sure) == (Type.BUG, True)
        with desk.store.read() as tx:
            assert (UNPROVEN in tx.messages.of(ticket.number)[0].warnings) is warned


def test_a_form_whose_words_look_like_a_machine_s_is_a_person_s_request(tmp_path: Path) -> None:
    form = FilledForm(
        "Ольга", "olga@roscha.example", "Автоматический ответ: нет на месте", "Я в отпуске до понедельника."
    )
    with a_desk(tmp_path) as desk:
        assert desk.receive(written(form), door="form").disposition is Disposition.TICKET
        assert len(desk.letters()) == 1


def test_a_form_in_the_desk_s_own_name_opens_a_ticket_without_a_letter(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        row = desk.receive(written(FilledForm("a", DESK_ADDRESS, "s", "b")), door="form")
        assert row.disposition is Disposition.TICKET
        assert desk.letters() == []


def test_a_form_read_again_keeps_all_of_its_text(tmp_path: Path) -> None:
    body = "Слова\n-- \nи ещё слова\n> и цитата"
    with a_desk(tmp_path) as desk:
        kept = desk.receive(written(FilledForm("a", "a@b.example", "s", body)), door="form")
        desk.receiver.read_again(kept, read(kept.raw, kept.envelope, own_addresses(desk.settings)))
        with desk.store.read() as tx:
            assert tx.messages.of(kept.ticket or 0)[0].text == body


def test_an_address_typed_into_the_form_gets_a_letter_an_hour_and_three_a_day(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        for number in range(50):
            desk.receive(form_mail(FORM, str(number), "", desk.settings, desk.clock()), door="form")
            desk.clock.forward(minutes=20)
        leaving = [letter.created_at for letter in desk.letters() if letter.state.value != "suppressed"]
        assert len(leaving) == 3
        assert all((b - a).total_seconds() >= 3600 for a, b in pairwise(leaving))


def test_the_same_address_still_gets_an_answer_to_each_mail(tmp_path: Path) -> None:
    from tests.support.desks import mail

    with a_desk(tmp_path) as desk:
        desk.receive(written(FORM), door="form")
        for number in range(3):
            desk.receive(mail(sender="olga@roscha.example", message_id=f"<{number}@roscha.example>"))
        assert [letter.state.value for letter in desk.letters()] == ["queued"] * 4
