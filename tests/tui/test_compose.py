"""Writing: nothing typed is lost, a letter is seen whole, what changed meanwhile is told."""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from intake.errors import Refused
from intake.mail.reading import read_message
from intake.model import Delivery, Direction, Status
from tests.support.desks import TestDesk, mail
from tests.tui.test_ticket import opened
from tests.tui.working import LARGE, Working, work, workplace
from tui.drafts import Draft
from tui.external import edited
from tui.letters import read_letter
from tui.screens.compose import ComposeScreen
from tui.screens.review import ReviewScreen
from tui.screens.ticket import TicketScreen
from tui.widgets.fields import Editor


async def writing(agent: Working, text: str, key: str = "r", number: int = 1001) -> None:
    """Go to a ticket and type a letter or a note."""
    await opened(agent, number)
    await agent.press(key)
    await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))
    await agent.until(lambda: agent.app.screen.query(Editor))
    await agent.type(text)


def kept(desk: TestDesk, kind: str = "reply") -> str | None:
    """The draft in the database."""
    with desk.store.read() as tx:
        return tx.people.draft("anna", 1001, kind)


def test_a_letter_is_written_seen_whole_and_sent(desk: TestDesk, layout: str, size: tuple[int, int]) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Добрый день!\nУже чиним.")
        await agent.press("ctrl+s")
        await agent.sees(
            "ещё не отправлено", "Кому: Ольга Петрова <olga@roscha.example>", "Тема: [VD-1001]", "Уже чиним."
        )
        await agent.sees("Уже чиним.", "Анна Белова", "> Добрый день! После обновления")
        assert len(desk.letters()) == 3
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))
        await agent.until(lambda: any("очередь" in said.lower() or "в очереди" in said for said in agent.toasts()))
        await agent.sees("Уже чиним.", "в очереди")

    work(workplace(desk), script, size, layout)
    letter = desk.letters()[-1]
    assert letter.kind == "reply"
    assert read_message(letter.raw).reply.startswith("Добрый день!\nУже чиним.")
    assert desk.ticket(1001).assignee == "anna"
    assert kept(desk) is None


def test_a_draft_is_kept_as_it_is_typed_and_restored(desk: TestDesk, layout: str) -> None:
    async def first(agent: Working) -> None:
        await writing(agent, "Недописанное пис")
        await agent.until(lambda: kept(desk) == "Недописанное пис", "kept while it is typed")
        await agent.sees("черновик сохранён")
        await agent.type("ьмо")
        await agent.press("escape")
        await agent.until(lambda: kept(desk) == "Недописанное письмо", "kept when it is left")
        await agent.press("r")
        await agent.sees("черновик восстановлен", "Недописанное письмо")

    async def second(agent: Working) -> None:
        await writing(agent, "!")
        await agent.sees("Недописанное письмо!")

    work(workplace(desk), first, layout=layout)
    work(workplace(desk), second, layout=layout)


def test_what_is_typed_before_the_draft_was_read_goes_behind_it(desk: TestDesk) -> None:
    desk.store.write(lambda tx: tx.people.keep_draft("anna", 1001, "reply", "Черновик. ", desk.clock()))

    async def script(agent: Working) -> None:
        await opened(agent)
        agent.app.compose_letter(1001, "reply")
        await agent.pilot.press("Д", "а")
        await agent.until(lambda: kept(desk) == "Черновик. Да", "both are kept")
        await agent.sees("Черновик. Да")

    work(workplace(desk), script)


def test_closing_the_screen_keeps_what_was_typed_last(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Последние слова")
        await agent.press("ctrl+q")
        await agent.until(lambda: not agent.app.is_running or agent.app._exit)

    work(workplace(desk), script)
    assert kept(desk) == "Последние слова"


def test_what_is_typed_is_kept_though_every_thread_is_busy(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Послед")
        await agent.until(lambda: kept(desk) == "Послед")
        free = threading.Event()
        busy = [asyncio.get_running_loop().run_in_executor(None, free.wait) for _ in range(64)]
        try:
            await agent.type("ние слова")
            await agent.press("escape")
            await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))
        finally:
            free.set()
            await asyncio.gather(*busy)

    work(workplace(desk), script)
    assert kept(desk) == "Последние слова"


def test_a_note_that_is_being_stored_is_stored_once(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Спросить у Бориса", "m")
        free = threading.Event()

        def wait() -> None:
            free.wait()

        agent.app.errands.run(wait)
        try:
            await agent.press("ctrl+s", "ctrl+s", "escape")
            await agent.until(lambda: any("уже сохраняется" in said for said in agent.toasts()))
        finally:
            free.set()
        await agent.sees("Заметка для своих · Анна Белова", "Спросить у Бориса")

    work(workplace(desk), script)
    with desk.store.read() as tx:
        assert [m.text for m in tx.messages.of(1001) if m.direction is Direction.NOTE] == ["Спросить у Бориса"]
    assert kept(desk, "note") is None


def test_a_note_is_stored_and_never_leaves(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Спросить у Бориса", "m")
        await agent.sees("её увидят только сотрудники")
        await agent.press("ctrl+s")
        await agent.sees("Заметка для своих · Анна Белова", "Спросить у Бориса")

    letters = len(desk.letters())
    work(workplace(desk), script, layout=layout)
    with desk.store.read() as tx:
        assert [m.text for m in tx.messages.of(1001) if m.direction is Direction.NOTE] == ["Спросить у Бориса"]
    assert len(desk.letters()) == letters
    assert kept(desk, "note") is None


def test_an_empty_letter_is_not_sent_and_said_so(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, " ")
        await agent.press("ctrl+s")
        await agent.until(lambda: any("напишите текст" in said for said in agent.toasts()))
        assert isinstance(agent.app.screen, ComposeScreen)

    work(workplace(desk), script)


def test_what_changes_while_one_writes_is_told_at_once(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Отвечаю")
        desk.desk.take(1001, "boris")
        await agent.sees("Пока вы пишете", "теперь ведёт Борис Гусев", "Отвечаю")

    work(workplace(desk), script, LARGE)


def test_a_stale_letter_is_not_sent_its_text_stays_and_the_change_is_shown(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Отвечаю на первое письмо")
        await agent.press("ctrl+s")
        await agent.sees("ещё не отправлено")
        answer = desk.letters()[0].message_id
        desk.receive(
            mail("Re: Не открывается", "Уже само прошло!", message_id="<2@roscha.example>", In_Reply_To=answer)
        )
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen), "back at the text")
        await agent.sees("новое сообщение: Ольга Петрова", "Отвечаю на первое письмо", "Отправить всё равно")
        assert not [letter for letter in desk.letters() if letter.kind == "reply"]
        await agent.sees("Уже само прошло!")
        await agent.press("ctrl+s")
        await agent.sees("ещё не отправлено")
        await agent.press("ctrl+s")
        await agent.until(lambda: [letter for letter in desk.letters() if letter.kind == "reply"], "sent knowingly")

    work(workplace(desk), script, LARGE, layout)


def test_delivery_of_the_acknowledgement_is_no_reason_to_hold_a_letter(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Отвечаю")
        await agent.press("ctrl+s")
        await agent.sees("ещё не отправлено")
        letter = desk.letters()[0]
        desk.store.write(lambda tx: desk.desk.letter_settled(tx, replace(letter, state=Delivery.SENT), desk.clock()))
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))

    work(workplace(desk), script)
    assert desk.ticket(1001).acknowledged_at is not None
    assert desk.letters()[-1].kind == "reply"


def test_escape_in_the_review_goes_back_to_the_text(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Текст")
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, ReviewScreen))
        await agent.press("escape")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))
        assert agent.app.screen.query_one(Editor).text == "Текст"
        assert desk.ticket(1001).status is Status.REQUEST

    work(workplace(desk), script)


def test_where_the_screen_cannot_be_given_away_the_editor_key_says_so(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Текст")
        await agent.press("f4")
        await agent.until(lambda: any("не отдаёт экран" in said for said in agent.toasts()))

    work(workplace(desk), script)


def test_an_editor_of_ones_own_gets_the_text_and_gives_it_back(tmp_path: Path) -> None:
    program = tmp_path / "editor.py"
    program.write_text(
        "import os, stat, sys\n"
        "path = sys.argv[1]\n"
        "assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, oct(os.stat(path).st_mode)\n"
        "text = open(path, encoding='utf-8').read()\n"
        "open(path, 'w', encoding='utf-8').write(text.replace('черновик', 'письмо') + '\\n')\n"
    )
    environ = {"EDITOR": f"{sys.executable} {program}"}
    assert edited("Это черновик", environ) == "Это письмо"


@pytest.mark.parametrize("environ", [{}, {"EDITOR": " "}, {"EDITOR": "/no/such/editor"}, {"EDITOR": "false"}])
def test_an_editor_that_cannot_be_run_is_refused_in_words(environ: dict[str, str]) -> None:
    with pytest.raises(Refused):
        edited("Текст", environ)


def test_a_slow_older_saving_never_beats_a_newer_one(desk: TestDesk) -> None:
    draft = Draft(workplace(desk), 1001, "reply")
    draft.keep("новое", 2)
    draft.keep("старое", 1)
    assert draft.read() == "новое"
    draft.keep("", 3)
    assert draft.read() == ""


def test_a_letter_is_read_back_from_its_bytes(desk: TestDesk) -> None:
    made = workplace(desk).desk.draft_reply(1001, "Текст\nв две строки", "anna")
    letter = read_letter(made.letter.raw)
    titles = [title for title, _ in letter.headers]
    assert titles == ["От", "Кому", "Ответ придёт на", "Тема"]
    assert letter.text.startswith("Текст\nв две строки")
