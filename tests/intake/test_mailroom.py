"""«Почта»: what was set aside can be seen, and becomes a ticket where an agent says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.errors import Refused
from intake.mailroom import SET_ASIDE, Mailroom
from intake.model import Disposition, JournalRow, OutboxRow
from intake.ports import Outcome
from tests.support.desks import TestDesk, a_desk, mail


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        yield made


def room(desk: TestDesk) -> Mailroom:
    return Mailroom(desk.store, desk.receiver, lambda row: desk.worker._reader.submit(row).result(), desk.clock)


def newsletter(n: int = 1) -> bytes:
    return mail(f"Скидки {n}", message_id=f"<n{n}@roscha.example>", List_Id="<n.example>", Precedence="list")


def letters_to(desk: TestDesk, row: JournalRow) -> list[OutboxRow]:
    return [letter for letter in desk.letters() if letter.ticket == row.ticket]


@pytest.mark.parametrize(
    ("raw", "becomes"),
    [
        (newsletter(), Disposition.IGNORED),
        (mail("Автоответ", "Я в отпуске.", Auto_Submitted="auto-replied"), Disposition.IGNORED),
        (mail(X_Spam_Flag="YES"), Disposition.QUARANTINED),
    ],
)
def test_what_was_set_aside_becomes_a_ticket_without_a_letter(desk: TestDesk, raw: bytes, becomes: Disposition) -> None:
    row = desk.receive(raw)
    assert row.disposition is becomes
    assert row.cause
    after = room(desk).accept(row.id, "anna")
    assert after.disposition is Disposition.TICKET
    assert letters_to(desk, after) == []
    with desk.store.read() as tx:
        events = tx.tickets.events(after.ticket or 0)
    assert [(e.actor, e.kind, e.after) for e in events][-1] == ("anna", "accepted", str(row.id))
    with pytest.raises(Refused, match="is ticket of ticket"):
        room(desk).accept(row.id, "boris")


def test_what_belongs_to_a_ticket_joins_it(desk: TestDesk) -> None:
    first = desk.receive(mail())
    row = desk.receive(mail(X_Spam_Flag="YES", message_id="<2@x>", In_Reply_To="<first@roscha.example>"))
    after = room(desk).accept(row.id, "anna")
    assert (after.disposition, after.ticket) == (Disposition.MESSAGE, first.ticket)


def test_what_could_not_be_processed_is_acknowledged_once_it_can(desk: TestDesk) -> None:
    row = desk.arrive(mail())
    desk.store.write(lambda tx: tx.journal.finish(row, Outcome(Disposition.QUARANTINED, "RuntimeError: once")))
    after = room(desk).replay(row)
    assert after.disposition is Disposition.TICKET
    assert [letter.kind for letter in letters_to(desk, after)] == ["acknowledgement"]


def test_what_fails_again_is_quarantined_again(desk: TestDesk) -> None:
    row = desk.receive(newsletter())
    assert row.ticket is None
    desk.store.write(lambda tx: tx.notes.set_value("broken", "1"))

    class Broken:
        def receive(self, batch: object) -> list[object]:
            from intake.receiving import Received

            del batch
            return [Received(row.id, error=RuntimeError("again"))]

    broken = Mailroom(
        desk.store,
        Broken(),  # type: ignore[arg-type] # stands for code that has a mistake
        lambda row: desk.worker._reader.submit(row).result(),
        desk.clock,
    )
    after = broken.accept(row.id, "anna")
    assert (after.disposition, after.cause) == (Disposition.QUARANTINED, "RuntimeError: again")


def test_a_ticket_is_not_made_twice_and_an_erased_mail_not_at_all(desk: TestDesk) -> None:
    row = desk.receive(mail())
    with pytest.raises(Refused, match="nothing is set aside"):
        room(desk).accept(row.id, "anna")
    gone = desk.receive(newsletter(2))
    desk.store.write(lambda tx: tx.rows.run("UPDATE journal SET raw = ? WHERE id = ?", (b"", gone.id)))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="raw mail is gone"):
        room(desk).accept(gone.id, "anna")


def test_pages_go_back_without_gaps(desk: TestDesk) -> None:
    for n in range(7):
        desk.arrive(newsletter(n))
        desk.arrive(mail(f"Спам {n}", message_id=f"<s{n}@x>", X_Spam_Flag="YES"))
        desk.arrive(mail(f"Вопрос {n}", message_id=f"<q{n}@x>"))
    desk.process()
    seen: list[int] = []
    while page := room(desk).page(SET_ASIDE, 4, seen[-1] if seen else None):
        seen += [row.id for row in page]
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 14
