"""What goes with a letter, and taking it back: files, canned answers, letters of a status, undo."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from intake.errors import Refused
from intake.mail.reading import attachment_bytes, read_message
from intake.model import Delivery, Status
from templates.snippets_rendering import render_snippet, shipped_snippets
from tests.support.desks import TestDesk
from tests.tui.test_compose import writing
from tests.tui.test_ticket import opened
from tests.tui.working import LARGE, LATIN, RUSSIAN, SMALL, Working, work, workplace
from tui import saving
from tui.screens.compose import ComposeScreen
from tui.screens.enclosing import FilesPanel
from tui.screens.files import FolderPanel
from tui.screens.pick import PickPanel
from tui.screens.review import ReviewScreen
from tui.screens.ticket import TicketScreen
from tui.widgets.fields import Editor
from tui.widgets.path_field import PathField
from tui.workplace import Canned


def kept(desk: TestDesk, kind: str) -> str | None:
    with desk.store.read() as tx:
        return tx.people.draft("anna", 1001, kind)


async def sent(agent: Working) -> None:
    """From the text through the review to the ticket."""
    await agent.press("ctrl+s")
    await agent.until(lambda: isinstance(agent.app.screen, ReviewScreen))
    await agent.press("ctrl+s")
    await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))


def test_files_go_with_a_letter_are_seen_before_and_come_back_with_it(desk: TestDesk, tmp_path: Path) -> None:
    (tmp_path / "счёт май.pdf").write_bytes(b"%PDF-1.4 \x00\xff")
    (tmp_path / "лишнее.txt").write_text("нет")

    async def script(agent: Working) -> None:
        await writing(agent, "Счёт приложен.")
        await agent.press("f2")
        await agent.until(lambda: isinstance(agent.app.screen, FilesPanel))
        for name in ("сч", "лишнее.txt", "нет.pdf"):
            field = agent.app.screen.query_one(PathField)
            field.value = f"{tmp_path}/{name}"
            field.cursor_position = len(field.value)
            if name == "сч":
                await agent.press("tab")
                await agent.until(lambda field=field: field.value.endswith("счёт май.pdf"))  # type: ignore[misc]
            await agent.press("enter")
            await agent.sees(name)
        await agent.sees("такого файла нет")
        await agent.press("ctrl+d")
        await agent.sees("[pdf] счёт май.pdf", "Всего 11 Б из 18 МБ")
        await agent.press("escape")
        await agent.sees("Файлы: счёт май.pdf 11 Б")
        await agent.press("ctrl+s")
        await agent.sees("Файл: [pdf] счёт май.pdf · application/pdf · 11 Б")
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))
        await agent.press("u")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))
        await agent.sees("Счёт приложен.", "Файлы: счёт май.pdf 11 Б")
        await sent(agent)

    work(workplace(desk), script)
    (letter,) = [one for one in desk.letters() if one.kind == "reply"]
    (file,) = read_message(letter.raw).attachments
    assert file.filename == "счёт май.pdf"
    assert attachment_bytes(letter.raw, file.part) == b"%PDF-1.4 \x00\xff"
    assert kept(desk, "reply_files") is None


def test_a_canned_answer_is_seen_filled_in_and_put_at_the_cursor(desk: TestDesk, layout: str) -> None:
    at = replace(workplace(desk), canned=Canned(shipped_snippets, render_snippet))

    async def script(agent: Working) -> None:
        await writing(agent, "Начало. Конец.")
        await agent.press(*("left" for _ in "Конец."))
        await agent.press("f3")
        await agent.until(lambda: isinstance(agent.app.screen, PickPanel) and agent.app.screen._picks)
        assert isinstance(agent.app.screen, PickPanel)
        text = agent.app.screen._picks[0].preview
        await agent.sees(text.split("\n")[0])
        await agent.press("enter")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))
        assert agent.app.screen.query_one(Editor).text == f"Начало. {text}Конец."

    work(at, script, layout=layout)


@pytest.mark.parametrize(("size", "layout"), [(SMALL, RUSSIAN), (LARGE, LATIN)], ids=["80x24", "140x40"])
def test_a_letter_is_taken_back_by_one_key_and_opens_as_a_draft(
    desk: TestDesk, layout: str, size: tuple[int, int]
) -> None:
    async def script(agent: Working) -> None:
        await writing(agent, "Не то письмо")
        await sent(agent)
        await agent.sees("вернуть письмо VD-1001, 15 с")
        await agent.press("u")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))
        await agent.sees("черновик восстановлен", "Не то письмо")

    work(workplace(desk), script, size, layout)
    assert [letter.kind for letter in desk.letters()] == ["acknowledgement"] * 3
    assert desk.ticket(1001).status is Status.REQUEST


def test_what_has_left_is_not_taken_back_and_the_key_says_why(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("u")
        await agent.until(lambda: any("не отправляли" in said for said in agent.toasts()))
        await agent.press("r")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))
        await agent.type("Письмо")
        await sent(agent)
        desk.clock.forward(seconds=16)
        await agent.press("u")
        await agent.until(lambda: any("уже отправляется" in said for said in agent.toasts()))

    work(workplace(desk), script)
    assert desk.letters()[-1].kind == "reply"


@pytest.mark.parametrize("added", ["", "Оплатите до пятницы."])
def test_the_letter_of_a_status_is_seen_whole_before_it_leaves(desk: TestDesk, layout: str, added: str) -> None:
    desk.desk.take(1001, "anna")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("s")
        await agent.sees("статус", "Оплата")
        await agent.press("5")
        await agent.sees("«Оплата» и письмо клиенту")
        await agent.press("1")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))
        await agent.sees("«Оплата», письмо: Ольга Петрова")
        await agent.type(added)
        await agent.press("ctrl+s")
        await agent.sees("ещё не отправлено", "Тема: [VD-1001]", *filter(None, [added]))
        assert desk.ticket(1001).status is Status.IN_PROGRESS
        assert desk.letters()[-1].kind == "acknowledgement"
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))
        await agent.sees("Оплата")

    work(workplace(desk), script, SMALL, layout)
    letter = desk.letters()[-1]
    assert (letter.kind, letter.state) == ("status_payment", Delivery.QUEUED)
    assert added in read_message(letter.raw).text
    assert desk.ticket(1001).status is Status.PAYMENT
    assert kept(desk, "status_payment") is None


def with_file(desk: TestDesk, name: str, data: bytes = b"hello") -> str:
    """A reply that carries a file, as an attachment of VD-1001; its id."""
    from intake.letters.enclosures import Enclosure

    desk.desk.reply(1001, "Файл", "anna", [Enclosure(name, "text/plain", data)])
    with desk.store.read() as tx:
        return tx.messages.of(1001)[-1].attachments[0].id


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a\x00b\x1b[31m.txt", ".bashrc", "..", "", "счёт\u202efdp.exe", "x" * 400 + ".pdf",
     "я" * 300 + ".docx", "CON:stream.txt", "a/b\\c.txt"],
)  # fmt: skip
def test_a_saved_file_stays_in_its_folder_under_a_harmless_name(name: str) -> None:
    safe = saving.safe_name(name)
    assert Path(safe).name == safe
    assert not safe.startswith(".")
    assert safe.isprintable()
    assert len(safe.encode()) <= saving.LONGEST_NAME


def test_an_attachment_is_saved_and_never_overwrites(desk: TestDesk, layout: str, tmp_path: Path) -> None:
    with_file(desk, "отчёт.txt")
    folder = tmp_path / "загрузки"
    folder.mkdir()
    (folder / "отчёт.txt").write_text("чужое")

    async def script(agent: Working) -> None:
        agent.app.folder = str(folder)
        await opened(agent)
        await agent.press("f2")
        await agent.sees("VD-1001: сохранить", "[txt] отчёт.txt")
        await agent.press("1")
        await agent.until(lambda: isinstance(agent.app.screen, FolderPanel))
        await agent.press("enter")
        await agent.until(lambda: any("Сохранено" in said for said in agent.toasts()))

    work(workplace(desk), script, layout=layout)
    assert (folder / "отчёт.txt").read_text() == "чужое"
    assert (folder / "отчёт (2).txt").read_bytes() == b"hello"


def test_a_link_in_the_folder_is_not_followed(desk: TestDesk, tmp_path: Path) -> None:
    file = with_file(desk, "отчёт.txt")
    (tmp_path / "отчёт.txt").symlink_to(tmp_path / "elsewhere")
    assert saving.save(workplace(desk), 1001, file, tmp_path).name == "отчёт (2).txt"
    assert not (tmp_path / "elsewhere").exists()


def test_too_much_is_refused_with_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x" * 600)
    (tmp_path / "b").write_bytes(b"x" * 600)
    monkeypatch.setattr(saving, "MOST_BYTES", 1000)
    assert saving.measured([str(tmp_path / "a")]) == [(str(tmp_path / "a"), 600)]
    with pytest.raises(Refused, match="не больше 1000 Б"):
        saving.measured([str(tmp_path / "a"), str(tmp_path / "b")])


@pytest.mark.parametrize(
    ("trouble", "told"), [(errno.ENOSPC, "на диске нет места"), (errno.EIO, "диск не отвечает"), (None, "")]
)
def test_of_a_file_that_could_not_be_written_nothing_is_left(
    desk: TestDesk, tmp_path: Path, trouble: int | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full says so when its cache is written; one without hard links takes the file all the same."""
    file = with_file(desk, "отчёт.txt", b"x" * 100_000)
    folder = tmp_path / "загрузки"
    folder.mkdir()

    def fails(*_: object, **__: object) -> None:
        raise OSError(trouble or errno.EPERM, "no")

    monkeypatch.setattr(os, "link" if trouble is None else "fsync", fails)
    if trouble is None:
        assert saving.save(workplace(desk), 1001, file, folder).read_bytes() == b"x" * 100_000
        assert saving.save(workplace(desk), 1001, file, folder).name == "отчёт (2).txt"
        assert len(list(folder.iterdir())) == 2
        return
    with pytest.raises(Refused, match=f"{told}, файл не сохранён"):
        saving.save(workplace(desk), 1001, file, folder)
    assert list(folder.iterdir()) == []
