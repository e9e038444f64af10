"""Writing: a letter to the client or a note, with the conversation beside it. Nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import SuspendNotSupported
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from intake.errors import Refused
from intake.visible import visible
from tui import labels
from tui.acting import Changed, news
from tui.conversation import body, heading
from tui.drafts import Draft
from tui.external import edited
from tui.keys import both
from tui.letters import ReadLetter, read_letter
from tui.reading import TicketFile, ticket_file
from tui.screens.place import Failed, Place
from tui.screens.review import ReviewScreen
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.fields import Editor
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from intake.desk import Draft as LetterDraft

SAVE_AFTER = 0.4


class Opened(Message):
    """The ticket and what was typed before."""

    def __init__(self, file: TicketFile, typed: str) -> None:
        super().__init__()
        self.file, self.typed = file, typed


class Refreshed(Message):
    """The ticket as it stands now."""

    def __init__(self, file: TicketFile) -> None:
        super().__init__()
        self.file = file


class Kept(Message):
    """The draft is in the database."""

    def __init__(self, turn: int) -> None:
        super().__init__()
        self.turn = turn


class Drafted(Message):
    """The letter is written, and read back."""

    def __init__(self, draft: LetterDraft, letter: ReadLetter, text: str) -> None:
        super().__init__()
        self.draft, self.letter, self.text = draft, letter, text


class Accepted(Message):
    """The agent has been told of the change: from now on this state is the one that was seen."""

    def __init__(self, file: TicketFile) -> None:
        super().__init__()
        self.file = file


class Noted(Message):
    """The note is stored."""


class ComposeScreen(Place[None]):
    """``kind``: reply or note."""

    HEADING: ClassVar[str] = "Письмо или заметка"
    HELP: ClassVar[str] = (
        "Черновик сохраняется сам, Esc возвращает к обращению и ничего не теряет. Ctrl+S показывает письмо целиком, "
        "таким, каким оно уйдёт; заметку — сохраняет. Если обращение изменилось, пока вы пишете, об этом будет "
        "сказано, а текст останется."
    )
    BINDINGS = both(
        [
            Binding("ctrl+s", "finish", "Дальше", tooltip="Показать письмо целиком; заметку сохранить"),
            Binding("f4", "editor", "Редактор", tooltip="Писать в своём редакторе ($EDITOR)"),
            Binding("escape", "leave", "Назад", tooltip="К обращению; черновик останется"),
        ]
    )

    def __init__(self, number: int, kind: str) -> None:
        super().__init__()
        self.number, self.kind = number, kind
        self.file: TicketFile | None = None
        self._turn = 0
        self._kept = 0
        self._timer: Timer | None = None
        self._done = False
        self._refused = ""

    def compose(self) -> ComposeResult:
        """Title, what changed meanwhile, the text with what is answered, keys."""
        yield TitleBar("Читаю…")
        yield Words(id="changed")
        with Horizontal(id="compose-body"):
            with Vertical(id="writing"):
                yield Editor(id="text", soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
            yield Words(id="answered")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the ticket and the draft; what is typed meanwhile goes behind it."""
        self.query_one(Editor).focus()
        self._draft = Draft(self.at, self.number, self.kind)
        at, number, draft = self.at, self.number, self._draft
        self.work_on("open", lambda: Opened(ticket_file(at, number, read=True), draft.read()))

    @on(Opened)
    def _begin(self, event: Opened) -> None:
        self.file = event.file
        editor = self.query_one(Editor)
        if event.typed:
            with self.prevent(TextArea.Changed):
                editor.text = event.typed + editor.text
            editor.move_cursor(editor.document.end)
        self._tell("черновик восстановлен" if event.typed else "")
        self._tell_answered()
        self._keep()

    def _tell(self, state: str) -> None:
        if self.file is None:
            return
        ticket = self.file.ticket
        title = f"{ticket.key} · заметка, её увидят только сотрудники"
        if self.kind == "reply":
            title = f"{ticket.key} · письмо: {labels.person(ticket.contact_name, ticket.contact_address)}"
        self.query_one(TitleBar).tell(title, state)

    def _tell_answered(self) -> None:
        file = self.file
        last = file.last_heard() if file is not None else None
        if file is None or last is None:
            return
        now, zone = self.at.clock(), self.at.zone
        self.query_one("#answered", Words).tell(
            Content("\n").join([heading(last, file.names, now, zone), Content(""), body(last, unfolded=False)])
        )

    def on_key(self, event: events.Key) -> None:
        """What is typed before the editor has the keys is not lost."""
        editor = self.query_one(Editor)
        if event.is_printable and event.character and not editor.has_focus:
            event.stop()
            editor.insert(event.character)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._turn += 1
        self._tell("…")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAVE_AFTER, self._keep)

    def _keep(self, leaving: bool = False) -> None:
        if self.file is None and not leaving:
            return  # the draft that was kept before is not known yet
        if self.standing and (keep := self.unsaved()) is not None:
            turn = self._turn

            def work() -> Message:
                keep()
                return Kept(turn)

            self.work_on("draft", work, exclusive=False)

    @on(Kept)
    def _say_kept(self, event: Kept) -> None:
        self._kept = max(self._kept, event.turn)
        if event.turn == self._turn:
            self._tell(f"черновик сохранён {self.at.clock().astimezone(self.at.zone):%H:%M}")

    def unsaved(self) -> Callable[[], None] | None:
        """See `Place.unsaved`."""
        if self._done or self._turn == self._kept:
            return None
        draft, text, turn = self._draft, self.query_one(Editor).text, self._turn
        if self.file is None:
            return lambda: draft.keep(draft.read() + text, turn)
        return partial(draft.keep, text, turn)

    def desk_changed(self) -> None:
        """Somebody may have changed the ticket that is being answered."""
        if self.file is not None:
            at, number = self.at, self.number
            self.work_on("file", lambda: Refreshed(ticket_file(at, number)))

    @on(Refreshed)
    def _compare(self, event: Refreshed) -> None:
        if self.file is None:
            return
        told = news(self.file, event.file)
        self._warn(f"⚠ Пока вы пишете: {'; '.join(told)}" if told else self._refused)

    def _warn(self, words: str) -> None:
        self.query_one("#changed", Words).tell(Content(visible(words)))
        self.set_class(bool(words), "-changed")

    def on_screen_resume(self) -> None:
        """Back from the review: what changed meanwhile has been shown there or is shown here."""
        self.desk_changed()

    def action_finish(self) -> None:
        """Show the letter as it would leave; store a note."""
        if self.file is None:
            return
        text, number, me, desk = self.query_one(Editor).text, self.number, self.at.agent.login, self.at.desk
        if not text.strip():
            self.say("Пока нечего отправить: напишите текст", "warning")
            return
        self._keep()
        self._refused = ""
        if self.kind == "note":
            turn = self._turn + 1

            def note() -> Message:
                desk.note(number, text, me)
                self._draft.keep("", turn)
                return Noted()

            self.work_on("send", note)
            return

        def letter() -> Message:
            draft = desk.draft_reply(number, text, me)
            return Drafted(draft, read_letter(draft.letter.raw), text)

        self.work_on("send", letter)

    @on(Drafted)
    def _review(self, event: Drafted) -> None:
        assert self.file is not None
        review = ReviewScreen(self.file, event.draft, event.letter, event.text)
        self.app.push_screen(review, self._reviewed)

    def _reviewed(self, result: bool | Changed | None) -> None:
        if isinstance(result, Changed) and self.file is not None:
            self.say(str(result), "warning", "Письмо не отправлено, текст на месте")
            at, number = self.at, self.number
            self._refused = f"⚠ {result}. Отправить всё равно — ещё раз Ctrl+S"
            self._warn(self._refused)
            self.work_on("accept", lambda: Accepted(ticket_file(at, number)))
        elif result is True:
            self._finished("Письмо в очереди на отправку")

    @on(Accepted)
    def _accept(self, event: Accepted) -> None:
        self.file = event.file
        self._tell_answered()

    @on(Noted)
    def _noted(self) -> None:
        self._finished("Заметка сохранена")

    def _finished(self, told: str) -> None:
        self._done = True
        assert self.file is not None
        self.say(f"{self.file.ticket.key}: {told}")
        draft, turn = self._draft, self._turn + 1

        def clear() -> Message:
            draft.keep("", turn)
            return Kept(turn)

        self.work_on("draft", clear, exclusive=False)
        self.dismiss()

    def action_editor(self) -> None:
        """Hand the text to the agent's own editor."""
        editor = self.query_one(Editor)
        try:
            with self.app.suspend():
                text = edited(editor.text)
        except SuspendNotSupported:
            self.say("Этот терминал не отдаёт экран другой программе", "warning")
        except Refused as refusal:
            self.say(str(refusal), "warning")
        else:
            editor.text = text
            editor.move_cursor(editor.document.end)

    def action_leave(self) -> None:
        """Go back; what was typed is kept first."""
        self._keep(leaving=True)
        self.dismiss()

    def on_failed(self, event: Failed) -> None:
        """What could not be kept is said so, and tried again with the next key."""
        if event.group == "draft":
            self._tell("черновик не сохранён: база недоступна")
        elif event.group == "open":
            self.dismiss()
        super().on_failed(event)
