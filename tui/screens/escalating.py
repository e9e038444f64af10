"""Asking departments, and answering what they ask back: topic, question, the whole of it before it leaves."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.letters.asking import due_words
from intake.letters.posting import KINDS as SLACK_KINDS
from intake.letters.posting import StoredPost
from intake.visible import visible
from tui import labels
from tui.acting import Changed
from tui.conversation import body, heading
from tui.keys import both
from tui.letters import ReadLetter, read_letter
from tui.reading import TicketFile, ticket_file
from tui.screens.choice import Choice, ChoicePanel, Choices
from tui.screens.material import MaterialPanel, Shown
from tui.screens.review import ReviewScreen
from tui.screens.writing import Writing
from tui.second_line import Outlook, showable
from tui.second_line_lines import channels_words
from tui.widgets.bars import KeyBar
from tui.widgets.fields import Editor
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.desk.escalating import QuestionDraft
    from intake.escalations import Asked, Escalation, OpenPart
    from intake.model import Ticket
    from intake.regulation import Regulation
    from tui.workplace import Workplace

RULE = "─" * 60


class QuestionDrafted(Message):
    """The question is written as it would leave, and read back."""

    def __init__(self, letter: ReadLetter, send: Callable[[int], Ticket]) -> None:
        super().__init__()
        self.letter, self.send = letter, send


class Accepted(Message):
    """The agent has been told of the change: from now on this state is the one that was seen."""

    def __init__(self, file: TicketFile) -> None:
        super().__init__()
        self.file = file


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


class LineWriting(Writing):
    """What is written to departments."""

    @abstractmethod
    def side(self, file: TicketFile) -> list[Content]:
        """What stands beside the text."""

    @abstractmethod
    def draft(self, at: Workplace, text: str) -> QuestionDraft:
        """The letters that would leave. Runs on a worker thread."""

    @abstractmethod
    def send(self, at: Workplace, draft: QuestionDraft) -> Ticket:
        """Queue them. Runs on a worker thread."""

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
            return QuestionDrafted(read_question(draft, rules), lambda _: self.send(at, draft))

        self.work_on("send", work)

    @on(QuestionDrafted)
    def _review(self, event: QuestionDrafted) -> None:
        assert self.file is not None
        self.app.push_screen(QuestionReview(self.file, event.letter, event.send), self._reviewed)

    def _reviewed(self, result: bool | Changed | None) -> None:
        if isinstance(result, Changed) and self.file is not None:
            self._refused = f"⚠ {result}. Отправить всё равно — ещё раз Ctrl+S"
            self.warn(self._refused)
            at, number = self.at, self.number
            self.work_on("accept", lambda: Accepted(ticket_file(at, number)))
        elif result is True and self.file is not None:
            self.say(f"{self.file.ticket.key}: {self.SENT}")
            self.finished()

    @on(Accepted)
    def _accept(self, event: Accepted) -> None:
        self.file = event.file
        self._tell_answered()

    SENT: ClassVar[str] = "вопрос в очереди на отправку"


class AskScreen(LineWriting):
    """A question to the departments of a topic."""

    HEADING: ClassVar[str] = "Вопрос подразделениям"
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
        self._shown: Shown | None = None

    def begun(self) -> None:
        """What goes along, until the agent chooses otherwise."""
        assert self.file is not None
        self._shown = Shown.usual(self.file.messages)
        self._tell_answered()

    def title_of(self, file: TicketFile) -> str:
        """See `Writing.title_of`."""
        return f"{file.ticket.key} · вторая линия: {self._outlook.name}"

    def side(self, file: TicketFile) -> list[Content]:
        """See `LineWriting.side`."""
        asked = self._outlook.asked
        assert asked is not None, "a topic that cannot be asked about is not chosen"
        lines = asked_lines(asked, asked.asked, file.regulation)
        if self._shown is not None:
            told = showable(file.messages)
            files = sum(len(m.attachments) for m in told)
            lines.append(
                Content(
                    f"Увидят: сообщений {len(self._shown.messages)} из {len(told)}, файлов {len(self._shown.files)} из"
                    f" {files} (F2)"
                )
            )
        last = file.last_heard()
        if last is not None:
            now, zone = self.at.clock(), self.at.zone
            lines += [Content(""), heading(last, file.names, now, zone), body(last, unfolded=False)]
        return lines

    def draft(self, at: Workplace, text: str) -> QuestionDraft:
        """See `LineWriting.draft`."""
        shown = self._shown
        messages = None if shown is None else sorted(shown.messages)
        files = None if shown is None else sorted(shown.files)
        return at.desk.draft_question(self.number, self._outlook.topic, at.agent.login, text, messages, files)

    def send(self, at: Workplace, draft: QuestionDraft) -> Ticket:
        """See `LineWriting.send`."""
        return at.desk.send_question(draft)

    def action_material(self) -> None:
        """Choose what goes along."""
        if self.file is not None and self._shown is not None:
            panel = MaterialPanel(showable(self.file.messages), self._shown, self.at.zone)
            self.app.push_screen(panel, self._chosen)

    def _chosen(self, shown: Shown | None) -> None:
        if shown is not None:
            self._shown = shown
            self._tell_answered()


class TellScreen(LineWriting):
    """The answer to what a department asks back."""

    HEADING: ClassVar[str] = "Ответ подразделению"
    HELP: ClassVar[str] = (
        "Ответ на вопрос подразделения уйдёт в ту же ветку Slack или письмом в тот же разговор, срок подразделения "
        "(§7) начнётся заново. Ctrl+S показывает всё целиком. Черновик сохраняется сам."
    )
    SENT: ClassVar[str] = "ответ подразделению в очереди на отправку"
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

    def send(self, at: Workplace, draft: QuestionDraft) -> Ticket:
        """See `LineWriting.send`."""
        return at.desk.send_telling(draft)


def asked_lines(escalation: Escalation, parts: Sequence[Asked], regulation: Regulation) -> list[Content]:
    """Whom a question goes to, over what (§8) and until when (§7)."""
    lines = []
    for asked in parts:
        missing = [channel for channel in escalation.channels if channel not in asked.channels]
        names = {"slack": "Slack", "mail": "почта"}
        instead = f" ({', '.join(names.get(c, c) for c in missing)} не настроен)" if missing else ""
        lines.append(Content.assemble((visible(asked.title), "bold"), f": {channels_words(asked)}{instead}"))
    topic = labels.topic_name(regulation, escalation.topic)
    first = parts[0]
    lines.append(Content(f"{topic}: ответ {due_words(escalation, first, regulation)}"))
    return lines


def read_question(draft: QuestionDraft, regulation: Regulation) -> ReadLetter:
    """Letters and posts as their readers get them, one below the other."""
    escalation = draft.question.escalation
    texts: list[str] = []
    files: list[str] = []
    for asked, letter, _ in draft.letters:
        if letter.kind in SLACK_KINDS:
            head, text = [f"Slack, {letter.recipients[0].removeprefix('slack:')}"], post_text(letter.raw)
        else:
            read = read_letter(letter.raw)
            head, text = [f"{title}: {value}" for title, value in read.headers], read.text
            files += read.files
        texts.append("\n".join([f"{asked.title} · {head[0]}", *head[1:], "", text.strip()]))
    parts = [asked for asked, _, _ in draft.letters]
    who = "; ".join(dict.fromkeys(f"{asked.title} ({channels_words(asked)})" for asked in parts))
    headers = (("Кому", who), ("Ответ", due_words(escalation, parts[0], regulation)))
    return ReadLetter(headers, f"\n\n{RULE}\n\n".join(texts), tuple(dict.fromkeys(files)))


def post_text(raw: bytes) -> str:
    """The words of a post, as Slack shows them."""
    found = []
    for block in StoredPost.read(raw).arguments["blocks"]:
        if block["type"] == "section":
            found.append(block["text"]["text"])
        elif block["type"] == "actions":
            found.append("  ".join(f"[{element['text']['text']}]" for element in block["elements"]))
        else:
            found += [element["text"] for element in block["elements"]]
    shown = "\n\n".join(found)
    for escaped, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(escaped, character)
    return shown
