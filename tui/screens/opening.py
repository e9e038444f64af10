"""A ticket on a licensee's behalf (§3: a request made to an employee): a form, kept while it is filled in."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, TextArea

from intake.forms import FilledForm
from intake.model import Type
from tui.drafts import Draft
from tui.keys import both
from tui.screens.choice import Choice, ChoicePanel
from tui.screens.place import Failed, Place
from tui.screens.writing import SAVE_AFTER
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.fields import Editor, Field
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.workplace import Workplace

NO_TICKET, DRAFT = 0, "open"
FIELDS = {
    "email": "E-mail, на него уйдёт подтверждение",
    "name": "Имя",
    "organisation": "Организация",
    "product": "Продукт",
    "subject": "Тема",
}
FROM_TEXT = ""


class FormRead(Message):
    """What was filled in before."""

    def __init__(self, said: dict[str, str], types: dict[str, str]) -> None:
        super().__init__()
        self.said, self.types = said, types


class FormKept(Message):
    """It is in the database."""


class TicketOpened(Message):
    """There is a ticket."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class OpenScreen(Place[None]):
    """Closes by itself when the ticket is there, and shows it."""

    HEADING: ClassVar[str] = "Новое обращение за лицензиата"
    HELP: ClassVar[str] = (
        "То, с чем обратились к вам лично, по телефону или в переписке (§3). Tab — к следующему полю, F2 — тип, "
        "Ctrl+S — завести: клиенту уйдёт письмо о приёме. Esc — назад, заполненное сохранится."
    )
    BINDINGS = both(
        [
            Binding("ctrl+s", "finish", "Завести", tooltip="Завести обращение; клиенту уйдёт письмо о приёме"),
            Binding("f2", "kind", "Тип", tooltip="Выбрать тип обращения (§3)"),
            Binding("escape", "leave", "Назад", tooltip="Назад; заполненное сохранится"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._type = FROM_TEXT
        self._turn = self._kept = 0
        self._timer: Timer | None = None
        self._ready = self._opening = False
        self._types: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Title, fields, text, keys."""
        yield TitleBar(self.HEADING)
        with Vertical(id="form"):
            for name, title in FIELDS.items():
                yield Field(id=f"form-{name}", placeholder=title, classes="line")
            yield Words(id="form-type")
            yield Editor(id="text", soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read what was filled in before."""
        self.query_one("#form-email", Field).focus()
        self._tell_type()
        self._draft = draft = Draft(self.at, NO_TICKET, DRAFT)
        at = self.at
        self.work_on("open", lambda: FormRead(json.loads(draft.read() or "{}"), _types(at)))

    @on(FormRead)
    def _begin(self, event: FormRead) -> None:
        with self.prevent(Input.Changed, TextArea.Changed):
            for name in FIELDS:
                field = self.query_one(f"#form-{name}", Field)
                field.value = field.value or event.said.get(name, "")
            editor = self.query_one(Editor)
            editor.text = editor.text or event.said.get("body", "")
        self._type, self._types = self._type or event.said.get("type", FROM_TEXT), event.types
        self._ready = True
        self._tell_type()
        if event.said:
            self.query_one(TitleBar).tell(self.HEADING, "черновик восстановлен")

    def _said(self) -> dict[str, str]:
        said = {name: self.query_one(f"#form-{name}", Field).value for name in FIELDS}
        return {**said, "body": self.query_one(Editor).text, "type": self._type}

    def _tell_type(self) -> None:
        name = self._types.get(self._type, "определится по тексту")
        self.query_one("#form-type", Words).tell(Content.assemble(("Тип: ", "dim"), name, ("  F2 — выбрать", "dim")))

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._turn += 1
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAVE_AFTER, self._keep)

    def unsaved(self) -> Callable[[], None] | None:
        """See `Place.unsaved`."""
        if not self._ready or self._turn == self._kept:
            return None
        said = self._said()
        text = json.dumps(said, ensure_ascii=False) if any(value.strip() for value in said.values()) else ""
        return partial(self._draft.keep, text, self._turn)

    def _keep(self) -> None:
        if self.standing and (keep := self.unsaved()) is not None:
            self._kept = self._turn

            def work() -> Message:
                keep()
                return FormKept()

            self.carry_out("draft", work)

    @on(FormKept)
    def _say_kept(self) -> None:
        self.query_one(TitleBar).tell(self.HEADING, f"сохранено {self.at.clock().astimezone(self.at.zone):%H:%M}")

    def action_kind(self) -> None:
        """Which type."""
        choices = [Choice(key, name) for key, name in self._types.items()]
        choices.append(Choice(FROM_TEXT, "Определить по тексту"))
        self.app.push_screen(ChoicePanel("Тип обращения (§3)", choices, self._type), self._to_type)

    def _to_type(self, key: str | None) -> None:
        if key is not None:
            self._type = key
            self._tell_type()
            self._typed()

    def action_finish(self) -> None:
        """Open it."""
        said = self._said()
        lacking = [title for name, title in FIELDS.items() if name in ("email", "subject") and not said[name].strip()]
        if not said["body"].strip():
            lacking.append("текст обращения")
        if lacking:
            self.say(f"Не заполнено: {'; '.join(lacking)}", "warning")
            return
        if self._opening:
            self.say("Уже заводится")
            return
        self._opening = True
        form = FilledForm(
            said["name"].strip(),
            said["email"].strip(),
            said["subject"].strip(),
            said["body"],
            said["organisation"].strip(),
            said["product"].strip(),
            Type(said["type"]) if said["type"] else None,
        )
        self._turn += 1
        self.carry_out("opening", partial(_opened, self.at, self._draft, form, self._turn))

    @on(TicketOpened)
    def _show(self, event: TicketOpened) -> None:
        self._kept = self._turn
        self.say("Обращение заведено, клиенту уйдёт письмо о приёме")
        self.desk_app.open_ticket(event.number, instead=True)

    def failed(self, event: Failed) -> None:
        """The form stays as it is."""
        self._opening = False
        super().failed(event)

    def action_leave(self) -> None:
        """Go back; what was filled in is kept."""
        self._keep()
        self.dismiss()


def _types(at: Workplace) -> dict[str, str]:
    return {key: entry.name for key, entry in at.regulations.at(at.clock()).rules.types.named.items()}


def _opened(at: Workplace, draft: Draft, form: FilledForm, turn: int) -> Message:
    """Open a ticket, after which no draft is left. Runs on a worker thread."""
    assert at.open_for is not None, "the screen is not opened without it"
    number = at.open_for(form, at.agent.login)
    draft.keep("", turn)
    return TicketOpened(number)
