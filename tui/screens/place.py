"""What every place has: work on threads that comes back as messages, and words for what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import on
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.worker import get_current_worker

from intake.errors import NotFound, OtklikError, StoreUnavailable
from intake.visible import visible
from tui.keys import both

if TYPE_CHECKING:
    from tui.app import DeskApp
    from tui.workplace import Workplace

R = TypeVar("R")


class Failed(Message):
    """Work that did not succeed."""

    def __init__(self, group: str, error: Exception) -> None:
        super().__init__()
        self.group = group
        self.error = error


class Place(Screen[R]):
    """A screen of the desk. ``HEADING`` and ``HELP`` are what F1 says above the keys."""

    HEADING: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    BINDINGS = both(Screen.BINDINGS)

    @property
    def desk_app(self) -> DeskApp:
        """The application."""
        return cast("DeskApp", self.app)

    @property
    def at(self) -> Workplace:
        """The desk and who sits at it."""
        return self.desk_app.workplace

    @property
    def standing(self) -> bool:
        """Whether the place can be shown things: not while it is taken down."""
        return self.is_running and self.is_attached and self.display

    def work_on(self, group: str, work: Callable[[], Message]) -> None:
        """Read on a thread; the message ``work`` returns, or `Failed`, comes to this place. What still runs in the
        group is not waited for any more, and what has not begun when the place is left never does."""

        def run() -> None:
            said = _outcome(group, work)
            if not get_current_worker().is_cancelled:
                self.post_message(said)

        self.run_worker(run, group=group, exclusive=True, thread=True)

    def carry_out(self, group: str, work: Callable[[], Message]) -> None:
        """As `work_on`, for what changes something: it is done in its turn, even when the place is left meanwhile."""

        def run() -> None:
            self.post_message(_outcome(group, work))

        self.desk_app.errands.run(run)

    def say(self, text: str, severity: Any = "information", title: str = "") -> None:
        """A toast; what strangers wrote in it is harmless."""
        self.notify(visible(text, keep_newlines=True), title=visible(title), severity=severity, markup=False, timeout=4)

    async def _on_message(self, message: Message) -> None:
        """Results that come while the place is taken down have nowhere to be shown; Textual's own messages pass."""
        if self.standing or not type(message).__module__.startswith("tui."):
            await super()._on_message(message)

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        event.stop()
        self.failed(event)

    def failed(self, event: Failed) -> None:
        """Every face turns errors into words once; this is the screen's. A place that has its own words says them here:
        a handler of its own would be called besides this one."""
        self.say(error_words(event.error), "error" if not isinstance(event.error, OtklikError) else "warning")

    def action_press_key(self, key: str) -> None:
        """A key of the key bar was clicked."""
        self.app.simulate_key(key)

    def desk_changed(self) -> None:
        """Somebody changed something: read again what is shown."""

    def unsaved(self) -> Callable[[], None] | None:
        """What has to be done, on a thread, before the screen may close."""
        return None

    def tick(self) -> None:
        """A second has passed."""

    def why_not(self, action: str) -> str | None:
        """Why an action makes no sense here and now; None when it does."""
        del action
        return None

    def may(self, action: str) -> bool:
        """Whether an action makes sense here and now; says why where it does not."""
        reason = self.why_not(action)
        if reason is not None:
            self.say(reason, "warning")
        return reason is None


class Panel(ModalScreen[R], Place[R]):
    """A place above another one."""

    BINDINGS = both([*Screen.BINDINGS, ("escape", "dismiss", "Назад")])


def _outcome(group: str, work: Callable[[], Message]) -> Message:
    try:
        return work()
    except Exception as error:
        return Failed(group, error)


def error_words(error: Exception) -> str:
    """An error in Russian, without internals."""
    if isinstance(error, StoreUnavailable):
        return "База данных сейчас недоступна: ничего не изменено, попробуйте ещё раз"
    if isinstance(error, NotFound):
        return "Такого обращения нет"
    if isinstance(error, OtklikError):
        return str(error)
    return f"Не получилось: {type(error).__name__}. Ничего не изменено"
