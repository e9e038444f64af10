"""A department answers from whatever program it has: the desk sees what was written, and nothing else."""

from __future__ import annotations

from pathlib import Path

from intake.model import Direction
from tests.support.departments import ASKING, TOPICS, asked, parsed
from tests.support.desks import a_desk, mail
from tests.support.mail_manners import MANNERS, answered


def said_in(manner: str) -> str:
    """What is answered in one program: paragraphs, a list, and a line that looks like a field."""
    return f"Расторгнуть можно, пишу из {manner}.\nТема: договор № 5.\n\n1) срок 30 дней;\n2) форма письменная."


def test_each_program_brings_exactly_the_new_words_and_stops_its_departments_clock(tmp_path: Path) -> None:
    """One ticket, eight questions to nine departments, each answered in another program."""
    with a_desk(tmp_path, ASKING) as desk:
        desk.receive(mail())
        for topic in TOPICS:
            desk.desk.escalate(1001, topic, "anna", f"Вопрос по теме {topic}: можно ли?")
        desk.desk.mark_read(1001)
        letters = asked(desk)
        for number, (manner, letter) in enumerate(zip(MANNERS, letters, strict=True)):
            desk.clock.forward(minutes=1)
            to = str(parsed(letter)["Reply-To"])
            sender = letter.recipients[0][0].replace("product@", "petr@product.")
            raw = answered(manner, letter.raw, said_in(manner), sender, to, f"<m{number}@licensor.example>")
            desk.receive(raw, rcpt_to=to)
        with desk.store.read() as tx:
            came = [m for m in tx.messages.of(1001) if m.direction is Direction.DEPT_IN]
            parts = [part for e in tx.escalations.of(1001) for part in e.asked]
        assert dict(zip(MANNERS, (m.text for m in came), strict=True)) == {m: said_in(m) for m in MANNERS}
        assert not any(m.unconfirmed or m.automatic for m in came)
        assert [part.answer for part in parts] == [m.id for m in came]
        assert desk.ticket(1001).unread
