"""Asking departments, and answering what they ask back: topic, question, the whole of it before it leaves."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.visible import visible
from tui.conversation import body, heading
from tui.keys import both
from tui.question_lines import asked_lines, read_question
from tui.screens.choice import Choice, ChoicePanel, Choices
from tui.screens.letter_writing import Drafted, LetterWriting
from tui.screens.material import MaterialPanel, Shown, shown_words
from tui.screens.review import ReviewScreen
from tui.second_line import Outlook, showable
from tui.second_line_lines import channels_words
from tui.widgets.bars import KeyBar
from tui.widgets.fields import Editor
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.desk.escalating import QuestionDraft
    from intake.escalations import OpenPart
    from intake.model import Ticket
    from intake.regulation import Regulation
    from tui.reading import TicketFile
    from tui.workplace import Workplace


class TopicPanel(ChoicePanel):
    """Closes with the topic to ask about. Below: who is asked, over what, until when, why it is offered."""

    HELP: ClassVar[str] = (
        "Тема определяет, какие подразделения спросить, каким каналом (§8) и до какого срока ждать (§7). «•» стоит у "
        "темы, которую подсказывает текст обращения. Enter или цифра — выбрать, Esc — не спрашивать."
    )

    def __init__(self, ticket: Ticket, found: Sequence[Outlook], regulation: Regulation) -> None:
        suggested = next((one.topic for one in found if one.suggested), None)
        choices = [Choice(one.topic, one.name, one.why_not) for one in found]
        super().__init__(f"{ticket.key}: что спросить у второй линии", choices, suggested)
        self._found, self._regulation = found, regulation

    def compose(self) -> ComposeResult:
        """Title, topics, what the one under the cursor means."""
        with Vertical(classes="box"):
            yield Words(Content.styled(visible(self._title), "bold"), classes="box-title")
            options = [Option(self._prompt(n, c), id=str(n)) for n, c in enumerate(self._choices)]
            yield Choices(*options, markup=False, id="choices")
            yield Words(id="why")
            yield Words(id="outlook")
            yield KeyBar()

    @on(OptionList.OptionHighlighted)
    def _look(self, event: OptionList.OptionHighlighted) -> None:
        one = self._found[event.option_index]
        lines = asked_lines(one.asked, one.asked.asked, self._regulation) if one.asked is not None else []
        if one.suggested:
            words = ", ".join(f"«{visible(word)}»" for word in one.evidence[:6])
            lines.append(Content.styled(f"Подсказано текстом: {words}" if words else "Тема обращения", "dim"))
        self.query_one("#outlook", Words).tell(Content("\n").join(lines))


class QuestionReview(ReviewScreen):
    """Everything that would leave, one letter or post below the other."""

    HEADING: ClassVar[str] = "Вопрос перед отправкой"
    HELP: ClassVar[str] = "Так вопрос увидят подразделения. Ctrl+S или Enter — отправить, Esc — вернуться и править."


class LineWriting(LetterWriting):
    """What is written to departments. ``SENT`` says that it is queued."""

    REVIEW: ClassVar[type[ReviewScreen]] = QuestionReview
    SENT: ClassVar[str]

    @abstractmethod
    def side(self, file: TicketFile) -> list[Content]:
        """What stands beside the text."""

    @abstractmethod
    def draft(self, at: Workplace, text: str) -> QuestionDraft:
        """The letters that would leave. Runs on a worker thread."""

    @abstractmethod
    def send(self, at: Workplace, draft: QuestionDraft, seen: int) -> Ticket:
        """Queue them; ``seen`` is the version of the ticket. Runs on a worker thread."""

    def _tell_answered(self) -> None:
        if self.file is not None:
            self.query_one("#answered", Words).tell(Content("\n").join(self.side(self.file)))

    def action_finish(self) -> None:
        """Show it as it would leave."""
        if self.file is None:
            return
        self._keep()
        self._refused = ""
        at, text = self.at, self.query_one(Editor).text

        def work() -> Message:
            draft = self.draft(at, text)
            rules = at.regulations.of(draft.question.escalation.regulation)
            return Drafted(read_question(draft, rules), lambda seen: self.send(at, draft, seen))

        self.work_on("send", work)

    def sent(self, file: TicketFile) -> None:
        """See `LetterWriting.sent`."""
        self.say(f"{file.ticket.key}: {self.SENT}")


class AskScreen(LineWriting):
    """A question to the departments of a topic."""

    HEADING: ClassVar[str] = "Вопрос подразделениям"
    SENT: ClassVar[str] = "вопрос в очереди на отправку"
    UNSENT: ClassVar[str] = "Вопрос не отправлен, текст на месте"
    HELP: ClassVar[str] = (
        "Напишите, что нужно узнать. F2 — какие сообщения и файлы увидит подразделение. Ctrl+S показывает целиком "
        "каждое письмо и пост, которые уйдут. Черновик сохраняется сам, Esc ничего не теряет."
    )
    BINDINGS = both(
        [
            Binding("ctrl+s", "finish", "Дальше", tooltip="Показать вопрос целиком, таким, каким он уйдёт"),
            Binding("f2", "material", "Что показать", tooltip="Выбрать сообщения и файлы, которые увидят"),
            Binding("f4", "editor", "Редактор", tooltip="Писать в своём редакторе ($EDITOR)"),
            Binding("escape", "leave", "Назад", tooltip="К обращению; черновик останется"),
        ]
    )

    def __init__(self, number: int, outlook: Outlook) -> None:
        super().__init__(number, f"ask_{outlook.topic}")
        self._outlook = outlook
        self._chosen: Shown | None = None

    def begun(self) -> None:
        """What goes along, until the agent chooses otherwise."""
        self._tell_answered()

    def title_of(self, file: TicketFile) -> str:
        """See `Writing.title_of`."""
        return f"{file.ticket.key} · вторая линия: {self._outlook.name}"

    def side(self, file: TicketFile) -> list[Content]:
        """See `LineWriting.side`."""
        asked = self._outlook.asked
        assert asked is not None, "a topic that cannot be asked about is not chosen"
        lines = asked_lines(asked, asked.asked, file.regulation)
        lines.append(Content(shown_words(showable(file.messages), self._chosen, asked.used)))
        last = file.last_heard()
        if last is not None:
            now, zone = self.at.clock(), self.at.zone
            lines += [Content(""), heading(last, file.names, now, zone), body(last, unfolded=False)]
        return lines

    def draft(self, at: Workplace, text: str) -> QuestionDraft:
        """See `LineWriting.draft`."""
        chosen = self._chosen
        messages = None if chosen is None else sorted(chosen.messages)
        files = None if chosen is None else sorted(chosen.files)
        return at.desk.draft_question(self.number, self._outlook.topic, at.agent.login, text, messages, files)

    def send(self, at: Workplace, draft: QuestionDraft, seen: int) -> Ticket:
        """See `LineWriting.send`."""
        return at.desk.send_question(draft, seen)

    def action_material(self) -> None:
        """Choose what goes along."""
        asked = self._outlook.asked
        if self.file is None or asked is None:
            return
        usual = Shown.usual(self.file.messages, "mail" in asked.used)
        panel = MaterialPanel(showable(self.file.messages), self._chosen or usual, self.at.zone)

        def chosen(shown: Shown | None) -> None:
            if shown is not None:
                self._chosen = None if shown == usual else shown
                self._tell_answered()

        self.app.push_screen(panel, chosen)


class TellScreen(LineWriting):
    """The answer to what a department asks back."""

    HEADING: ClassVar[str] = "Ответ подразделению"
    HELP: ClassVar[str] = (
        "Ответ на вопрос подразделения уйдёт в ту же ветку Slack или письмом в тот же разговор, срок подразделения "
        "(§7) начнётся заново. Ctrl+S показывает всё целиком. Черновик сохраняется сам."
    )
    SENT: ClassVar[str] = "ответ подразделению в очереди на отправку"
    UNSENT: ClassVar[str] = "Ответ не отправлен, текст на месте"
    BINDINGS = both(
        [
            Binding("ctrl+s", "finish", "Дальше", tooltip="Показать ответ целиком, таким, каким он уйдёт"),
            Binding("f4", "editor", "Редактор", tooltip="Писать в своём редакторе ($EDITOR)"),
            Binding("escape", "leave", "Назад", tooltip="К обращению; черновик останется"),
        ]
    )

    def __init__(self, part: OpenPart) -> None:
        super().__init__(part.number, f"tell_{part.asked.id}")
        self._part = part

    def title_of(self, file: TicketFile) -> str:
        """See `Writing.title_of`."""
        return f"{file.ticket.key} · ответ подразделению: {self._part.asked.title}"

    def side(self, file: TicketFile) -> list[Content]:
        """See `LineWriting.side`."""
        part = self._part
        lines = [
            Content.styled(f"{visible(part.asked.title)} · {channels_words(part.asked)}", "bold"),
            Content.assemble(("Спросили их: ", "dim"), visible(part.escalation.question) or "переписка с клиентом"),
        ]
        answer = next((m for m in file.messages if m.id == part.asked.answer), None)
        if answer is not None:
            now, zone = self.at.clock(), self.at.zone
            lines += [Content(""), heading(answer, file.names, now, zone), body(answer, unfolded=False)]
        return lines

    def draft(self, at: Workplace, text: str) -> QuestionDraft:
        """See `LineWriting.draft`."""
        part = self._part
        return at.desk.draft_telling(part.number, part.escalation.topic, at.agent.login, text, part.asked.department)

    def send(self, at: Workplace, draft: QuestionDraft, seen: int) -> Ticket:
        """See `LineWriting.send`."""
        return at.desk.send_telling(draft, seen)
