"""What agents do with questions to departments, from an opened ticket and from the list of the second line."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from intake.escalations import OpenPart, Reply
from intake.visible import visible
from tui import labels
from tui.screens.choice import Choice, ChoicePanel, unless_none
from tui.screens.place import Place
from tui.second_line import Outlook, answers, outlooks, quote_into_reply, ticket_parts
from tui.second_line_lines import date_hour, part_choice

if TYPE_CHECKING:
    from intake.model import Ticket, TicketMessage

MARKED = {
    Reply.ANSWERED: "ответ получен",
    Reply.REFUSED: "отказ отмечен",
    Reply.QUESTION: "вопрос подразделения отмечен: F3 — ответить им",
}
MARKS = {"answered": Reply.ANSWERED, "refused": Reply.REFUSED, "asked_back": Reply.QUESTION}


class PartsRead(Message):
    """A ticket's questions to departments, for a verb that waits for them."""

    def __init__(self, verb: str, parts: tuple[OpenPart, ...], own: OpenPart | None) -> None:
        super().__init__()
        self.verb, self.parts, self.own = verb, parts, own


class AnswersRead(Message):
    """What departments wrote about a ticket."""

    def __init__(self, number: int, found: Sequence[TicketMessage], wanted: int | None) -> None:
        super().__init__()
        self.number, self.found, self.wanted = number, found, wanted


class Quoted(Message):
    """An answer is in the draft for the client."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class OutlooksRead(Message):
    """What can be asked about a ticket."""

    def __init__(self, ticket: Ticket, found: Sequence[Outlook]) -> None:
        super().__init__()
        self.ticket, self.found = ticket, found


class Marked(Message):
    """A department's part was marked."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


class LineVerbs(Place[Any]):
    """Verbs for a place that shows a ticket with questions to departments, or such questions."""

    ASK: ClassVar[Binding] = Binding("w", "escalate", "2 линия", tooltip="Спросить подразделения второй линии (§7, §8)")
    LINE: ClassVar[list[BindingType]] = [
        ASK,
        Binding(
            "o",
            "quote_answer",
            "Ответ клиенту",
            show=False,
            tooltip="Процитировать ответ подразделения в письмо клиенту",
        ),
        Binding(
            "f7",
            "answered",
            "Отвечено",
            show=False,
            tooltip="Подразделение ответило; подтвердить неподтверждённый ответ",
        ),
        Binding("f8", "refused", "Отказ", show=False, tooltip="Подразделение отказалось отвечать"),
        Binding("f9", "asked_back", "Вопрос", show=False, tooltip="Подразделение само спрашивает"),
        Binding(
            "f3",
            "tell",
            "Ответить им",
            show=False,
            tooltip="Ответить на вопрос подразделения: в ту же ветку или письмом",
        ),
    ]

    @abstractmethod
    def line_number(self) -> int | None:
        """The number of the ticket that verbs act on."""

    def line_part(self) -> OpenPart | None:
        """The part under the cursor; None where a ticket's parts are to be chosen from."""
        return None

    def line_message(self) -> int | None:
        """The message under the cursor."""
        return None

    @abstractmethod
    def changed_line(self) -> None:
        """A verb has changed something."""

    def why_not(self, action: str) -> str | None:
        """See `Place.why_not`."""
        if action in LINE_VERBS and self.line_number() is None:
            return "Здесь нет обращения"
        return super().why_not(action)

    def _line_ticket(self, action: str) -> int | None:
        return self.line_number() if self.may(action) else None

    def action_answered(self) -> None:
        """Mark that a department has answered."""
        self._with_parts("answered")

    def action_refused(self) -> None:
        """Mark that it will not answer."""
        self._with_parts("refused")

    def action_asked_back(self) -> None:
        """Mark that it asks something itself."""
        self._with_parts("asked_back")

    def action_tell(self) -> None:
        """Answer its question."""
        self._with_parts("tell")

    def _with_parts(self, verb: str) -> None:
        number = self._line_ticket(verb)
        if number is not None:
            at, own = self.at, self.line_part()
            self.work_on("line-parts", lambda: PartsRead(verb, ticket_parts(at, number), own))

    @on(PartsRead)
    def _parts_read(self, event: PartsRead) -> None:
        latest = {part.escalation.topic: part.escalation.id for part in event.parts}
        known = [part for part in event.parts if latest[part.escalation.topic] == part.escalation.id]
        if event.own is not None:
            known = [part for part in known if part.asked.id == event.own.asked.id]
        fits = [part for part in known if _fits(event.verb, part)]
        if not known:
            self.say("Подразделения об этом обращении не спрашивали: w — спросить", "warning")
        elif not fits:
            self.say(_why_none(event.verb, known), "warning")
        else:
            self._one_of(fits, lambda part: self._do_with(event.verb, part))

    def _one_of(self, parts: Sequence[OpenPart], do: Callable[[OpenPart], None]) -> None:
        if len(parts) == 1:
            do(parts[0])
            return
        now, choices = self.at.clock(), []
        for part in parts:
            title, state = part_choice(part, self.at.regulations.of(part.escalation.regulation), now)
            choices.append(Choice(str(part.asked.id), title, note=state))
        waiting = next((p for p in parts if p.asked.outcome is None), parts[0])
        by_id = {str(part.asked.id): part for part in parts}
        self._choose(f"{parts[0].key}: какое подразделение", choices, str(waiting.asked.id), lambda k: do(by_id[k]))

    def _do_with(self, verb: str, part: OpenPart) -> None:
        if verb == "tell":
            from tui.screens.escalating import TellScreen

            self.app.push_screen(TellScreen(part))
        elif part.doubtful is not None and part.asked.outcome is None:
            self._vouch(part, MARKS[verb])
        else:
            self._mark(part, MARKS[verb], None)

    def _vouch(self, part: OpenPart, reply: Reply) -> None:
        """Somebody unconfirmed has written: is that the department's word?"""
        choices = [
            Choice("yes", "Да, это пишет подразделение", note=" ".join(visible(part.said).split())[:120]),
            Choice("no", "Нет; отметить без этого сообщения"),
            Choice("", "Ничего не отмечать"),
        ]
        title = f"{part.key}: отправитель не подтверждён. Это {part.asked.title}?"
        doubtful = part.doubtful
        self._choose(title, choices, None, lambda k: self._mark(part, reply, doubtful if k == "yes" else None, k))

    def _mark(self, part: OpenPart, reply: Reply, message: int | None, how: str = "yes") -> None:
        if not how:
            return
        desk, me, number = self.at.desk, self.at.agent.login, part.number
        topic, department = part.escalation.topic, part.asked.department

        def mark() -> Message:
            desk.answered(number, topic, me, department, reply, message)
            return Marked(f"{part.key}, {part.asked.title}: {MARKED[reply]}")

        self.carry_out("line-mark", mark)

    @on(Marked)
    def _marked(self, event: Marked) -> None:
        self.say(event.told)
        self.changed_line()

    def action_quote_answer(self) -> None:
        """Quote a department's answer into the letter to the client."""
        number = self._line_ticket("quote_answer")
        if number is not None:
            at, part = self.at, self.line_part()
            wanted = self.line_message() or (part.asked.answer if part is not None else None)
            self.work_on("line-answers", lambda: AnswersRead(number, answers(at, number), wanted))

    @on(AnswersRead)
    def _answers_read(self, event: AnswersRead) -> None:
        known = {str(message.id): message for message in event.found}
        if not known:
            self.say("Подразделения ещё ничего не ответили", "warning")
        elif str(event.wanted) in known or len(known) == 1:
            self._quote(event.number, event.wanted if str(event.wanted) in known else event.found[0].id)
        else:
            choices = [
                Choice(
                    key,
                    f"{date_hour(self.at.zone, m.at)} {labels.shortened(m.sender_name or m.sender_address or '', 40)}",
                    note=" ".join(m.text.split())[:60] + (" (не подтверждено)" if m.unconfirmed else ""),
                )
                for key, m in known.items()
            ]
            self._choose("Какой ответ процитировать", choices, None, lambda key: self._quote(event.number, int(key)))

    def _quote(self, number: int, message: int | None) -> None:
        assert message is not None
        at = self.at

        def quote() -> Message:
            quote_into_reply(at, number, message)
            return Quoted(number)

        self.carry_out("line-quote", quote)

    @on(Quoted)
    def _quoted(self, event: Quoted) -> None:
        self.desk_app.compose_letter(event.number, "reply")

    def action_escalate(self) -> None:
        """Ask departments."""
        number = self._line_ticket("escalate")
        if number is None:
            return
        at = self.at

        def look() -> Message:
            with at.store.read() as tx:
                ticket = tx.tickets.get(number)
            return OutlooksRead(ticket, outlooks(at, ticket))

        self.work_on("line-outlooks", look)

    @on(OutlooksRead)
    def _outlooks_read(self, event: OutlooksRead) -> None:
        from tui.screens.escalating import AskScreen, TopicPanel

        number, by_topic = event.ticket.number, {one.topic: one for one in event.found}

        def chosen(topic: str | None) -> None:
            if topic is not None:
                self.app.push_screen(AskScreen(number, by_topic[topic]))

        rules = self.at.regulations.of(event.ticket.regulation)
        self.app.push_screen(TopicPanel(event.ticket, event.found, rules), chosen)

    def _choose(self, title: str, choices: list[Choice], current: str | None, chosen: Callable[[str], None]) -> None:
        self.app.push_screen(ChoicePanel(title, choices, current), unless_none(chosen))


def _fits(verb: str, part: OpenPart) -> bool:
    if verb == "tell":
        return part.asked.answered_at is not None
    return part.asked.outcome is not MARKS[verb] or part.doubtful is not None


def _why_none(verb: str, parts: Sequence[OpenPart]) -> str:
    if verb == "tell":
        return "Подразделение ещё ничего не ответило; F9 — отметить, что оно спрашивает само"
    return f"{parts[0].asked.title}: это уже отмечено"


LINE_VERBS = frozenset({"escalate", "quote_answer", "answered", "refused", "asked_back", "tell"})
