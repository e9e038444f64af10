"""The desk's keys in Russian: those of the regulation from its rules, the rest here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake.model import Delivery, Event, Source, Status, Ticket
from intake.visible import visible
from intake.wording import moment_words
from tui.line_labels import department_words, line_values, of_the_line
from tui.lookalikes import domain_warning

if TYPE_CHECKING:
    from intake.regulation import Regulation

SOURCES = {
    Source.EMAIL: "электронная почта",
    Source.FORM: "форма обратной связи",
    Source.AGENT: "со слов, завёл сотрудник",
}
DELIVERIES = {
    Delivery.QUEUED: "в очереди",
    Delivery.SENT: "отправлено",
    Delivery.FAILED: "не доставлено",
    Delivery.UNCERTAIN: "неизвестно, ушло ли",
    Delivery.SUPPRESSED: "не отправляется: предел писем",
}
DELIVERY_MARKS = {
    Delivery.QUEUED: "…",
    Delivery.SENT: "✓",
    Delivery.FAILED: "✗",
    Delivery.UNCERTAIN: "?",
    Delivery.SUPPRESSED: "–",
}
EVENTS = {
    "opened": "обращение поступило",
    "contact_offered": "предложен контакт",
    "contact": "контакт",
    "accepted": "взято из «Почты», запись журнала",
    "mentions": "упоминает",
    "assigned": "ответственный",
    "status": "статус",
    "type": "тип",
    "criticality": "критичность",
    "estimate": "трудоёмкость, ч",
    "agreed": "срок завершения, согласованный с клиентом",
    "topic": "тема второй линии",
    "noted": "заметка",
    "replied": "ответ клиенту",
    "acknowledged": "письмо о приёме отправлено",
    "letter_failed": "письмо не доставлено",
    "letter_uncertain": "неизвестно, ушло ли письмо",
    "client_wrote": "написал клиент",
    "auto_arrived": "пришло автоматическое письмо",
    "bounced": "письмо вернулось",
    "delivery_delayed": "доставка письма задерживается",
    "delivery_delivered": "письмо доставлено",
    "delivery_failed": "письмо не доставлено",
    "delivery_relayed": "письмо передано дальше",
    "delivery_expanded": "письмо разослано по списку",
    "imported": "перенесено из другой системы",
    "escalated": "отправлено во вторую линию",
    "dept_wrote": "написало подразделение",
    "dept_unconfirmed": "неподтверждённый ответ подразделения",
    "dept_reminded": "напоминание подразделению",
    "dept_late": "подразделение не ответило в срок",
    "dept_answered": "подразделение ответило",
    "dept_refused": "подразделение отказалось отвечать",
    "dept_asked_back": "подразделение спрашивает",
    "dept_told": "ответили на вопрос подразделения",
    "dept_confirmed": "отправитель подтверждён сотрудником",
    "dept_took": "вопрос взяли в Slack",
    "dept_edited": "ответ в Slack исправлен",
    "dept_deleted": "ответ в Slack удалён",
    "channel_replaced": "отправлено другим каналом",
    "breach": "срок пропущен",
    "reminded": "напоминание клиенту",
    "confirmed": "клиент проверил",
    "rated": "оценка клиента",
    "licensee": "лицензиат",
    "linked": "связано с",
    "mentioned": "упомянут сотрудник",
    "merged": "присоединено к",
    "absorbed": "присоединено другое",
    "unmerged": "снова отдельно",
    "split": "сообщение вынесено в другое обращение",
    "spam": "спам",
    "not_spam": "не спам",
    "snoozed": "отложено до",
    "released": "отделилось",
    "recalled": "отправка письма отменена",
}
CHANGES = frozenset({"contact", "assigned", "status", "type", "criticality", "estimate", "topic", "licensee"})
VALUES = {
    "reaction": "реакция",
    "answer": "ответ",
    "completion": "завершение",
    "escalation": "вторая линия",
    "yes": "работает",
    "no": "не работает",
    "slack": "Slack",
    "mail": "электронная почта",
}
ACTORS = {"client": "клиент", "desk": "служба"}
LETTERS = {
    "acknowledgement": "письмо о приёме",
    "reply": "ответ",
    "escalation": "вопрос подразделению",
    "escalation_reminder": "напоминание подразделению",
    "slack": "вопрос в Slack",
    "slack_reminder": "напоминание в Slack",
    **{f"status_{status}": "письмо о статусе" for status in Status},
}
"""Kinds of letters; all others go to the desk's own people."""
OWN_LETTER = "письмо сотрудникам"


def type_name(regulation: Regulation, ticket: Ticket) -> str:
    """ "Ошибка", with a mark where intake was not sure of it."""
    name = regulation.rules.types.named[ticket.type].name
    return name if ticket.type_sure else f"{name}?"


def status_name(regulation: Regulation, key: str) -> str:
    """ "Требуется информация"."""
    named = regulation.rules.statuses.named.get(key)
    return named.name if named is not None else key


def criticality_name(regulation: Regulation, key: str | None) -> str:
    """ "Высокая"; "не указана" for none."""
    entry = regulation.rules.completion.criticality.get(key or "")
    return entry.name if entry is not None else "не указана"


def topic_name(regulation: Regulation, key: str | None) -> str:
    """ "Правовые вопросы"; "" for none."""
    topic = regulation.rules.second_line.topics.get(key or "")
    return topic.name if topic is not None else ""


def person(name: str, address: str | None) -> str:
    """A name never without the address it came with: names are easily forged."""
    shown, at = shortened(visible(name).strip()), shortened(visible(address or "").strip(), 320)
    if not at:
        return f"{shown} (без адреса)" if shown else "без адреса"
    warning = visible(shortened(domain_warning(address or "")))
    whole = f"{shown} <{at}>" if shown and shown != at else at
    return f"{whole} ({warning})" if warning else whole


def shortened(text: str, longest: int = 120) -> str:
    """A text that stays within its place."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def size_words(size: int) -> str:
    """ "12 КБ"."""
    for unit, factor in (("МБ", 1 << 20), ("КБ", 1 << 10)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}".replace(".0 ", " ").replace(".", ",")
    return f"{size} Б"


def attachment_words(filename: str, content_type: str, size: int) -> str:
    """A file with its real ending in front: a long or deceitful name cannot hide it."""
    shown = visible(filename).strip() or "без имени"
    ending = shown.rpartition(".")[2] if "." in shown else "без расширения"
    return f"[{ending[-16:].lower()}] {shortened(shown)} · {visible(content_type)} · {size_words(size)}"


def event_words(regulation: Regulation, event: Event, names: dict[str, str]) -> str:
    """ "статус: Запрос → Процесс"."""
    words = EVENTS.get(event.kind, visible(event.kind))
    if event.kind in ("replied", "noted", "client_wrote", "acknowledged", "recalled", "imported"):
        return words
    if of_the_line(event.kind):
        said = ", ".join(line_values(event, regulation))
        return f"{words}: {said}" if said else words
    told = (event.after,) if event.kind in ("merged", "absorbed") else (event.before, event.after)
    if event.kind in ("letter_failed", "letter_uncertain"):
        told = (LETTERS.get(event.before or "", OWN_LETTER), event.after)
    values = [_value(regulation, event.kind, value, names) for value in told]
    if event.kind in CHANGES:
        return f"{words}: {values[0] or '—'} → {values[1] or '—'}"
    said = ", ".join(dict.fromkeys(value for value in values if value))
    return f"{words}: {said}" if said else words


def actor_words(event: Event, names: dict[str, str], regulation: Regulation) -> str:
    """Who did it."""
    return ACTORS.get(event.actor) or visible(names.get(event.actor, department_words(regulation, event.actor)))


def _value(regulation: Regulation, kind: str, value: str | None, names: dict[str, str]) -> str:
    if value is None:
        return ""
    rules = regulation.rules
    match kind:
        case "status" | "reminded":
            return status_name(regulation, value)
        case "type":
            return rules.types.named[value].name if value in rules.types.named else visible(value)
        case "criticality":
            return criticality_name(regulation, value)
        case "topic":
            return topic_name(regulation, value) or visible(value)
        case "assigned" | "mentioned":
            return visible(names.get(value, value))
        case "opened":
            return SOURCES.get(Source(value), value) if value in [*Source] else visible(value)
        case "agreed" | "snoozed":
            return _moment(regulation, value)
        case "auto_arrived":
            from tui.mail_lines import RULES

            name = value.partition(":")[0]
            return RULES.get(name) or topic_name(regulation, value) or department_words(regulation, value)
    return VALUES.get(value) or visible(value)


def _moment(regulation: Regulation, value: str) -> str:
    try:
        return moment_words(regulation.zone, datetime.fromisoformat(value))
    except ValueError:
        return visible(value)
