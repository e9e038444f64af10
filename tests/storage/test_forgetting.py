"""Erasing a person: nothing left to find, counts kept, the mails not taken again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from intake.errors import NotFound, Refused
from intake.model import Direction, Disposition
from storage import forget, scrub
from storage.tables import tables
from tests.support.desks import TestDesk, a_desk, mail

CANARY = "Канарейкина"
WORD = "kanareyka7f3"
ADDRESS = f"{WORD}@roscha.example"
SENDER = f"Зоя {CANARY} <{ADDRESS.title()}>"


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        yield made


def everything(desk: TestDesk) -> str:
    """Every value of every table, index included."""
    with desk.store.read() as tx:
        rows = tx.rows
        found = [row for table in tables(rows) for row in table.rows(rows)]
        found += [{"": row} for row in rows.all("SELECT head, people, body FROM search_documents")]
    said = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row.values()] for row in found]).lower()
    return said.replace("\\\\", "\\")


def traces(text: str) -> list[str]:
    encoded = repr(CANARY.encode())[2:-1].lower()
    return [sign for sign in (CANARY.lower(), WORD, encoded) if sign in text]


def lived(desk: TestDesk) -> tuple[bytes, int, int]:
    """A ticket of the person's own, one of a colleague's that he wrote to, mails that became nothing."""
    raw = mail(f"{CANARY} просит", f"Меня зовут {CANARY}, {WORD}", SENDER, message_id="<own@roscha.example>")
    own = desk.receive(raw).ticket
    other = desk.receive(mail("Другое", f"Спросите {ADDRESS}", message_id="<other@roscha.example>")).ticket
    assert own is not None
    assert other is not None
    key = desk.ticket(other).key
    desk.receive(
        mail(f"Re: [{key}]", f"Я {CANARY}", SENDER, message_id="<b@r.example>", In_Reply_To="<other@roscha.example>")
    )
    desk.receive(mail("Автоответ", WORD, SENDER, message_id="<auto@r.example>", Auto_Submitted="auto-replied"))
    desk.desk.note(own, f"{CANARY} звонила", "anna")
    desk.desk.reply(own, f"Уважаемая {CANARY}!", "anna")
    desk.desk.note(other, f"Зоя {CANARY} подтвердила", "anna")
    desk.store.write(lambda tx: tx.people.keep_draft("anna", own, "reply", CANARY, desk.clock()))
    desk.desk.close(own, "anna", text=f"Закрыто, {CANARY}")
    return raw, own, other


def test_nothing_of_the_person_is_left_in_any_table(desk: TestDesk, store_url: str) -> None:
    _, own, other = lived(desk)
    assert len(traces(everything(desk))) == 3
    done = forget(store_url, ADDRESS, desk.clock())
    assert traces(everything(desk)) == []
    assert (done.tickets, done.shared) == ({own}, {other})
    with desk.store.read() as tx:
        assert tx.tickets.find({"words": CANARY}) == []
        assert [m.text for m in tx.messages.of(own)] == ["удалено"] * len(tx.messages.of(own))


def test_what_others_tickets_took_over_of_the_person_goes_too(desk: TestDesk, store_url: str) -> None:
    """His ticket merged into another's, his question quoted to him and to a department, a ticket that is now somebody
    else's."""
    secret = f"Пароль от кабинета {CANARY[:8]}-9137"
    other = desk.receive(mail("Другое", "Не грузится каталог", message_id="<other@roscha.example>")).ticket
    own = desk.receive(mail("Вход по паролю 9137", secret, SENDER, message_id="<own@roscha.example>")).ticket
    given = desk.receive(mail("Доступ 9137", secret, SENDER, message_id="<given@roscha.example>")).ticket
    assert own is not None
    assert other is not None
    assert given is not None
    desk.desk.reply(own, "Смотрим.", "anna")
    desk.desk.merge(own, other, "anna")
    desk.desk.set_contact(given, "petr@bor.example", "anna")
    desk.desk.reply(given, "Здравствуйте!", "anna")
    quoting = f"Понятно.\n\n12.05.2026 11:00, поддержка:\n> {secret}\n"
    desk.receive(mail("Re", quoting, message_id="<q@r.example>", In_Reply_To="<other@roscha.example>"))
    desk.clock.forward(hours=2)
    desk.desk.watch()
    assert "9137" in everything(desk)
    forget(store_url, ADDRESS, desk.clock())
    left = everything(desk)
    assert [sign for sign in ("9137", "паролю", repr("паролю".encode())[2:-1]) if sign in left] == []
    with desk.store.read() as tx:
        assert [m.text for m in tx.messages.of(other) if m.direction is Direction.IN][::2] == [
            "Не грузится каталог",
            "Понятно.",
        ]
        raws = [bytes(letter.raw) for letter in desk.letters()]
    assert not [raw for raw in raws if "9137" in readable(raw)]


def readable(raw: bytes) -> str:
    found = message_from_bytes(raw, policy=policy.default)
    texts = [part.get_payload(decode=True) for part in found.walk() if not part.is_multipart()]
    return "\n".join([str(found["Subject"]), *(text.decode() for text in texts if isinstance(text, bytes))])


def test_tickets_counts_and_clocks_stay(desk: TestDesk, store_url: str) -> None:
    _, own, _ = lived(desk)
    before = desk.ticket(own)
    with desk.store.read() as tx:
        kinds = [(event.at, event.kind) for event in tx.tickets.events(own)]
        messages = len(tx.messages.of(own))
    forget(store_url, ADDRESS, desk.clock())
    after = desk.ticket(own)
    kept = ("number", "key", "type", "status", "opened_at", "reacted_at", "answered_at", "closed_at", "completion_due")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (after.subject, after.contact_name, after.contact_address) == ("удалено", "удалено", None)
    with desk.store.read() as tx:
        assert [(event.at, event.kind) for event in tx.tickets.events(own)] == kinds
        assert len(tx.messages.of(own)) == messages


def test_others_keep_their_data(desk: TestDesk, store_url: str) -> None:
    _, _, other = lived(desk)
    forget(store_url, ADDRESS, desk.clock())
    ticket = desk.ticket(other)
    assert (ticket.contact_name, ticket.contact_address) == ("Ольга Петрова", "olga@roscha.example")
    with desk.store.read() as tx:
        assert any("Спросите удалено" in message.text for message in tx.messages.of(other))


def test_no_letter_to_the_person_leaves_any_more(desk: TestDesk, store_url: str) -> None:
    lived(desk)
    forget(store_url, ADDRESS, desk.clock())
    later = desk.clock.forward(days=3)
    empty = [letter.id for letter in desk.letters() if not letter.raw]
    assert empty
    leased = desk.store.write(lambda tx: tx.outbox.lease(later, desk.clock.forward(hours=1), 50))
    assert {letter.id for letter in leased}.isdisjoint(empty)
    assert all(letter.raw for letter in leased)


@pytest.mark.parametrize("changed", [b"", b"X-Relay: added\r\n"])
@pytest.mark.parametrize("door", ["smtp", "imap"])
def test_a_rescan_does_not_bring_the_mails_back(desk: TestDesk, store_url: str, door: str, changed: bytes) -> None:
    """By the same door the row is known; by another, or changed on its way, it is ignored and not kept."""
    raw, *_ = lived(desk)
    forget(store_url, ADDRESS, desk.clock())
    with desk.store.read() as tx:
        tickets = len(tx.tickets.find({}))
    row = desk.arrive(changed + raw, door)
    desk.process()
    assert (row == 0) is (door == "smtp" and not changed)
    if row:
        with desk.store.read() as tx:
            kept = tx.journal.get(row)
        assert (kept.disposition, kept.raw, kept.sender) == (Disposition.IGNORED, b"", None)
    with desk.store.read() as tx:
        assert len(tx.tickets.find({})) == tickets
    assert traces(everything(desk)) == []


def test_a_new_mail_of_the_person_is_welcome(desk: TestDesk, store_url: str) -> None:
    lived(desk)
    forget(store_url, ADDRESS, desk.clock())
    row = desk.receive(mail("Новое", "Новый вопрос", SENDER, message_id="<new@roscha.example>"))
    assert row.disposition is Disposition.TICKET


def test_erased_mail_is_not_read_again_and_gives_no_attachment(desk: TestDesk, store_url: str) -> None:
    octets = base64.b64encode(b"data").decode()
    head = f'Content-Type: application/pdf; name="{WORD}.pdf"\nContent-Transfer-Encoding: base64'
    body = f"--b\n\n{WORD}\n--b\n{head}\n\n{octets}\n--b--"
    raw = mail("Файл", body, SENDER).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")
    row = desk.receive(raw)
    forget(store_url, ADDRESS, desk.clock())
    assert row.ticket is not None
    with desk.store.read() as tx:
        attached = [one for message in tx.messages.of(row.ticket) for one in message.attachments]
        assert [one.filename for one in attached] == ["удалено"]
        with pytest.raises(NotFound, match="gone"):
            tx.messages.attachment(row.ticket, attached[0].id)
    with pytest.raises(Refused, match="gone"):
        desk.store.write(lambda tx: tx.journal.reopen(row.id, desk.clock()))
    assert traces(everything(desk)) == []


def test_an_agent_is_not_forgotten_by_mistake(desk: TestDesk, store_url: str) -> None:
    with pytest.raises(Refused, match="agent"):
        forget(store_url, "Anna@vitrina-domiland.example", desk.clock())


def test_after_the_scrub_no_octet_is_left_in_the_files(tmp_path: Path) -> None:
    """The database, its log and its shared memory, while another connection stays open."""
    with a_desk(tmp_path) as desk:
        lived(desk)
        for n in range(30):
            desk.receive(mail(f"{CANARY} {n}", f"{WORD} {n} " * 50, SENDER, message_id=f"<{n}@roscha.example>"))
        signs = [WORD.encode(), WORD.title().encode(), CANARY.encode(), CANARY.lower().encode(), CANARY.encode()[:-4]]

        def left() -> list[bytes]:
            whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
            return [sign for sign in signs if sign in whole]

        assert len(left()) == len(signs)
        url = f"sqlite:///{tmp_path}/desk.db"
        forget(url, ADDRESS, desk.clock())
        scrub(url)
        assert left() == []
