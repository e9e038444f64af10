"""A text for a ticket, with the conversation beside it. Nothing typed is ever lost."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import SuspendNotSupported
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from intake.errors import Refused
from intake.visible import visible
from tui.acting import news
from tui.conversation import body, heading
from tui.drafts import Draft, files_kind
from tui.external import edited
from tui.reading import TicketFile, ticket_file
from tui.screens.place import Failed, Place
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.fields import Editor
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

SAVE_AFTER = 0.4


class Opened(Message):
    """The ticket, what was typed before, and the files that were chosen."""

    def __init__(self, file: TicketFile, typed: str, paths: tuple[str, ...]) -> None:
        super().__init__()
        self.file, self.typed, self.paths = file, typed, paths


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


class Writing(Place[None]):
    """``draft_name`` is under which the text is kept."""

    def __init__(self, number: int, draft_name: str) -> None:
        super().__init__()
        self.number, self.draft_name = number, draft_name
        self.file: TicketFile | None = None
        self.paths: tuple[str, ...] = ()
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
                yield Words(id="enclosed")
            yield Words(id="answered")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the ticket and the draft; what is typed meanwhile goes behind it."""
        self.query_one(Editor).focus()
        at, number = self.at, self.number
        self._draft = draft = Draft(at, number, self.draft_name)
        self._files = files = Draft(at, number, files_kind(self.draft_name))
        self.work_on(
            "open",
            lambda: Opened(ticket_file(at, number, read=True), draft.read(), tuple(files.read().splitlines())),
        )

    @on(Opened)
    def _begin(self, event: Opened) -> None:
        self.file, self.paths = event.file, event.paths
        editor = self.query_one(Editor)
        if event.typed:
            with self.prevent(TextArea.Changed):
                editor.text = event.typed + editor.text
            editor.move_cursor(editor.document.end)
        self._tell("черновик восстановлен" if event.typed else "")
        self._tell_answered()
        self.begun()
        self._keep()

    def begun(self) -> None:
        """The ticket and the draft are there."""

    @abstractmethod
    def title_of(self, file: TicketFile) -> str:
        """What is being written."""

    def _tell(self, state: str) -> None:
        if self.file is not None:
            self.query_one(TitleBar).tell(self.title_of(self.file), state)

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

            self.carry_out("draft", work)

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

    def keep_paths(self, paths: tuple[str, ...]) -> None:
        """Other files go with the letter from now on."""
        self.paths = paths
        self._turn += 1
        files, turn, lines = self._files, self._turn, "\n".join(paths)

        def work() -> Message:
            files.keep(lines, turn)
            return Kept(turn - 1)

        self.carry_out("draft", work)
        self._keep()

    def finished(self) -> None:
        """What was written has gone its way: no draft is left of it."""
        self._done = True
        draft, files, turn = self._draft, self._files, self._turn + 1

        def clear() -> Message:
            draft.keep("", turn)
            files.keep("", turn)
            return Kept(turn)

        self.carry_out("draft", clear)
        self.dismiss()

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
        self.warn(f"⚠ Пока вы пишете: {'; '.join(told)}" if told else self._refused)

    def warn(self, words: str) -> None:
        """A line above the text."""
        self.query_one("#changed", Words).tell(Content(visible(words)))
        self.set_class(bool(words), "-changed")

    def on_screen_resume(self) -> None:
        """Back from another place: what changed meanwhile has been shown there or is shown here."""
        self.desk_changed()

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

    def failed(self, event: Failed) -> None:
        """What could not be kept is said so, and tried again with the next key."""
        if event.group == "draft":
            self._tell("черновик не сохранён: база недоступна")
        elif event.group == "open":
            self.dismiss()
        super().failed(event)
