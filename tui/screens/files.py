"""Saving files that came with a ticket's messages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from intake.visible import visible
from tui import labels
from tui.reading import ticket_file
from tui.saving import expanded, save
from tui.screens.ask import AskPanel
from tui.screens.choice import Choice
from tui.screens.ticket_place import TicketPlace
from tui.widgets.bars import KeyBar
from tui.widgets.path_field import PathField
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.model import StoredAttachment, Ticket
    from tui.workplace import Workplace

ALL = ""


class FolderPanel(AskPanel):
    """Asks for a folder."""

    HELP: ClassVar[str] = "Папка на этом компьютере. Tab дописывает путь, Enter — сохранить, Esc — ничего не делать."

    def compose(self) -> ComposeResult:
        """Title, field, hint."""
        with Vertical(classes="box"):
            yield Words(Content.styled(visible(self._title), "bold"), classes="box-title")
            yield PathField(self._value, id="answer", folders_only=True)
            yield Words(Content.styled(visible(self._hint), "dim"))
            yield KeyBar()


class AttachmentsRead(Message):
    """The files of a ticket, newest first."""

    def __init__(self, ticket: Ticket, files: Sequence[StoredAttachment]) -> None:
        super().__init__()
        self.ticket, self.files = ticket, files


class Saved(Message):
    """Files were written."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self.paths = paths


class FileVerbs(TicketPlace):
    """Save attachments."""

    FILES: ClassVar[list[BindingType]] = [
        Binding("f2", "save_files", "Файлы", show=False, tooltip="Сохранить вложение на этот компьютер")
    ]

    def action_save_files(self) -> None:
        """Which of them?"""
        if ticket := self.ready("save_files"):
            at = self.at
            self.work_on("files", lambda: AttachmentsRead(ticket, _files(at, ticket.number)))

    @on(AttachmentsRead)
    def _offer_files(self, event: AttachmentsRead) -> None:
        files = event.files
        if not files:
            self.say(f"{event.ticket.key}: вложений нет", "warning")
            return
        choices = [
            Choice(file.id, labels.attachment_words(file.filename, file.content_type, file.size)) for file in files
        ]
        if len(files) > 1:
            choices.insert(0, Choice(ALL, f"Все файлы: {len(files)}"))
        title = f"{event.ticket.key}: сохранить"
        self.choose(title, choices, None, lambda key: self._to_folder(event.ticket, files, key))

    def _to_folder(self, ticket: Ticket, files: Sequence[StoredAttachment], key: str) -> None:
        wanted = [file.id for file in files if key in (ALL, file.id)]
        hint = "Файл с таким именем не заменяется: рядом появится «имя (2)»"
        panel = FolderPanel(f"{ticket.key}: в какую папку?", self.desk_app.folder, hint)
        self.app.push_screen(panel, lambda folder: self._save_files(ticket.number, wanted, folder))

    def _save_files(self, number: int, wanted: Sequence[str], folder: str | None) -> None:
        if folder is not None:
            at, place = self.at, expanded(folder or ".")
            self.desk_app.folder = folder
            self.carry_out("saving", lambda: Saved([save(at, number, file, place) for file in wanted]))

    @on(Saved)
    def _saved(self, event: Saved) -> None:
        more = f" и ещё {len(event.paths) - 1}" if len(event.paths) > 1 else ""
        self.say(f"Сохранено: {event.paths[0]}{more}")


def _files(at: Workplace, number: int) -> list[StoredAttachment]:
    return [file for message in reversed(ticket_file(at, number).messages) for file in message.attachments]
