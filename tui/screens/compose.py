"""A letter to the client, or a note: written here, a letter seen whole before it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from intake.desk.recalling import draft_kind
from intake.errors import Refused
from intake.visible import visible
from tui import labels
from tui.keys import both, shown_key
from tui.letters import read_letter
from tui.saving import enclosures, measured
from tui.screens.enclosing import FilesPanel
from tui.screens.letter_writing import Drafted, LetterWriting
from tui.screens.pick import PickPanel
from tui.screens.place import Failed
from tui.snippets import offered_snippets
from tui.undo import Sent
from tui.widgets.fields import Editor
from tui.widgets.words import Words

if TYPE_CHECKING:
    from intake.model import Status
    from tui.reading import TicketFile
    from tui.workplace import Workplace

NOTE = "note"


class Noted(Message):
    """The note is stored."""


class Measured(Message):
    """The chosen files, with their sizes or what is wrong with them."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class ComposeScreen(LetterWriting):
    """``kind``: reply or note. With a ``status`` the letter is the one that tells the client of it, what is typed is
    added to it, and the ticket is moved when it is sent."""

    HEADING: ClassVar[str] = "Письмо или заметка"
    HELP: ClassVar[str] = (
        "Черновик сохраняется сам, Esc возвращает к обращению и ничего не теряет. Ctrl+S показывает письмо целиком, "
        "таким, каким оно уйдёт; заметку — сохраняет. Отправленное письмо можно вернуть, пока оно ждёт. Если обращение "
        "изменилось, пока вы пишете, об этом будет сказано, а текст останется."
    )
    BINDINGS = both(
        [
            Binding("ctrl+s", "finish", "Дальше", tooltip="Показать письмо целиком; заметку сохранить"),
            Binding("f2", "files", "Файлы", tooltip="Приложить файлы к письму или убрать их"),
            Binding("f3", "snippets", "Заготовки", tooltip="Вставить готовый ответ под курсор"),
            Binding("f4", "editor", "Редактор", tooltip="Писать в своём редакторе ($EDITOR)"),
            Binding("escape", "leave", "Назад", tooltip="К обращению; черновик останется"),
        ]
    )

    def __init__(self, number: int, kind: str, status: Status | None = None) -> None:
        super().__init__(number, NOTE if kind == NOTE else draft_kind(status))
        self.kind, self.status = kind, status
        self._noting = False

    def title_of(self, file: TicketFile) -> str:
        """See `Writing.title_of`."""
        ticket = file.ticket
        if self.kind == NOTE:
            return f"{ticket.key} · заметка, её увидят только сотрудники"
        to = labels.person(ticket.contact_name, ticket.contact_address)
        if self.status is None:
            return f"{ticket.key} · письмо: {to}"
        return f"{ticket.key} · «{labels.status_name(file.regulation, self.status)}», письмо: {to}"

    def begun(self) -> None:
        """Say what a status letter needs, and which files are chosen."""
        if self.status is not None:
            self._refused = "Текст письма о статусе готов. Допишите своё, если нужно; Ctrl+S покажет всё целиком"
            self.warn(self._refused)
        self._measure()

    def why_not(self, action: str) -> str | None:
        """See `Place.why_not`."""
        if action == "files" and self.kind == NOTE:
            return "К заметке файлы не прикладываются"
        if action == "files" and self.status is not None:
            return "К письму о статусе файлы не прикладываются: отправьте их ответом (r)"
        return None

    def action_files(self) -> None:
        """Choose files."""
        if self.may("files") and self.file is not None:
            self.app.push_screen(FilesPanel(self.file.ticket.key, self.paths), self._chosen)

    def _chosen(self, paths: tuple[str, ...] | None) -> None:
        if paths is not None and paths != self.paths:
            self.keep_paths(paths)
            self._measure()

    def _measure(self) -> None:
        paths = self.paths
        if paths:
            self.work_on("measure", lambda: Measured(_enclosed(paths)))
        else:
            self._tell_enclosed(Measured(""))

    @on(Measured)
    def _tell_enclosed(self, event: Measured) -> None:
        self.query_one("#enclosed", Words).tell(Content(visible(event.words)))
        self.set_class(bool(event.words), "-enclosed")

    def action_snippets(self) -> None:
        """Insert a canned answer."""
        if self.file is not None:
            find = partial(offered_snippets, self.at, self.file)
            panel = PickPanel("Заготовки ответов", find, "Название или слова", previews=True)
            self.app.push_screen(panel, self._insert)

    def _insert(self, text: str | None) -> None:
        if text:
            editor = self.query_one(Editor)
            editor.replace(text, *sorted((editor.selection.start, editor.selection.end)))
            editor.focus()

    def action_finish(self) -> None:
        """Show the letter as it would leave; store a note."""
        if self.file is None:
            return
        text, at, number = self.query_one(Editor).text, self.at, self.number
        if not text.strip() and self.status is None:
            self.say("Пока нечего отправить: напишите текст", "warning")
            return
        if self._noting:
            self.say("Заметка уже сохраняется")
            return
        self._keep()
        self._refused = ""
        if self.kind == NOTE:
            self._noting = True
            self.carry_out("note", partial(_note, at, number, text))
        elif self.status is None:
            self.work_on("send", partial(_reply, at, number, text, self.paths))
        else:
            self.work_on("send", partial(_status, at, number, text, self.status))

    def sent(self, file: TicketFile) -> None:
        """See `LetterWriting.sent`."""
        ticket, window = file.ticket, self.at.settings.limits.undo_window
        self.desk_app.sent = Sent(self.number, ticket.key, self.status, self.paths, self.at.clock() + window)
        key = shown_key("u", self.desk_app.russian)
        wait = f", уйдёт через {window.seconds} с; {key} — вернуть" if window else ""
        self.say(f"{ticket.key}: Письмо в очереди на отправку{wait}")

    def action_leave(self) -> None:
        """See `Writing.action_leave`; a note that is being stored has to be heard of first."""
        if self._noting:
            self.say("Заметка уже сохраняется")
        else:
            super().action_leave()

    def failed(self, event: Failed) -> None:
        """See `Place.failed`."""
        self._noting = self._noting and event.group != "note"
        super().failed(event)

    @on(Noted)
    def _noted(self) -> None:
        assert self.file is not None
        self.say(f"{self.file.ticket.key}: Заметка сохранена")
        self.finished()


def _enclosed(paths: Sequence[str]) -> str:
    """ "Файлы: счёт.pdf 120 КБ · акт.pdf 80 КБ"; what is wrong with them where something is."""
    try:
        found = measured(paths)
    except Refused as refusal:
        return f"⚠ Файлы: {refusal}. F2 — исправить"
    return "Файлы: " + " · ".join(f"{path.rpartition('/')[2]} {labels.size_words(size)}" for path, size in found)


def _note(at: Workplace, number: int, text: str) -> Message:
    at.desk.note(number, text, at.agent.login)
    return Noted()


def _reply(at: Workplace, number: int, text: str, paths: Sequence[str]) -> Message:
    me = at.agent.login
    draft = at.desk.draft_reply(number, text, me, enclosures(paths))
    return Drafted(read_letter(draft.letter.raw), lambda seen: at.desk.send(draft, text, me, seen, held=True))


def _status(at: Workplace, number: int, text: str, status: Status) -> Message:
    me = at.agent.login
    draft = at.desk.draft_status(number, status, me, text)
    if draft.letter is None:
        raise Refused("Письма об этом статусе не будет: смените статус без письма")
    return Drafted(read_letter(draft.letter[0].raw), lambda seen: at.desk.move(draft, me, seen, held=True))
