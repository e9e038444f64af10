"""Names never stand without the address they came with, and files show what they are."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.letters.asking import ASKED, REMINDED
from intake.letters.posting import KINDS as SLACK
from intake.mail.reports_fields import ACTIONS
from intake.model import Delivery, Event, Source, Status
from intake.regulation import shipped_regulation
from tui.labels import (
    DELIVERIES,
    DELIVERY_MARKS,
    EVENTS,
    LETTERS,
    SOURCES,
    attachment_words,
    event_words,
    person,
    size_words,
)

RULES = shipped_regulation()


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("Ольга Петрова", "olga@roscha.example", "Ольга Петрова <olga@roscha.example>"),
        ("", "olga@roscha.example", "olga@roscha.example"),
        ("olga@roscha.example", "olga@roscha.example", "olga@roscha.example"),
        ("Ольга", None, "Ольга (без адреса)"),
        ("", None, "без адреса"),
        ("boss@bank.example", "thief@evil.example", "boss@bank.example <thief@evil.example>"),
        ("A\u202eB", "a@b.example", "A⟨U+202E⟩B <a@b.example>"),
        ("Дом", "a@xn--7-gtbfs0aas.example", "Дом <a@xn--7-gtbfs0aas.example> (домен {}.example)"),
        ("Банк", "a@bаnk.example", "Банк <a@bаnk.example> (⚠ в домене буквы разных алфавитов)"),
        ("Рф", "a@почта.рф", "Рф <a@почта.рф>"),
        ("x", "a@xn--\u00ff.example", "x <a@xn--\u00ff.example>"),
    ],
)
def test_a_person_is_name_and_address(name: str, address: str | None, shown: str) -> None:
    decoded = b"7-gtbfs0aas".decode("punycode")
    assert person(name, address) == shown.replace("{}", decoded)


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_name_or_address_breaks_the_line_or_grows_without_end(name: str, address: str) -> None:
    shown = person(name, address)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert len(shown) < 700


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ("счёт.pdf", "[pdf] счёт.pdf"),
        ("invoice\u202efdp.exe", "[exe] invoice⟨U+202E⟩fdp.exe"),
        ("фото.jpg" + " " * 80 + ".scr", "[scr] фото.jpg"),
        ("", "[без расширения] без имени"),
        ("README", "[без расширения] README"),
    ],
)
def test_a_file_shows_its_real_ending_first(filename: str, shown: str) -> None:
    assert attachment_words(filename, "application/octet-stream", 10).startswith(shown)


def test_sizes_are_said_in_units() -> None:
    assert [size_words(size) for size in (0, 1023, 1024, 1536, 5 << 20)] == ["0 Б", "1023 Б", "1 КБ", "1,5 КБ", "5 МБ"]


def test_every_state_of_a_letter_and_every_source_has_words() -> None:
    assert set(DELIVERIES) == set(DELIVERY_MARKS) == set(Delivery)
    assert set(SOURCES) == set(Source)


@pytest.mark.parametrize(
    ("kind", "before", "after", "shown"),
    [
        ("status", "request", "in_progress", "статус: Запрос → Процесс"),
        ("assigned", None, "anna", "ответственный: — → Анна"),
        ("type", "bug", "improvement", "тип: Ошибка → Доработка"),
        ("topic", None, "legal", "тема второй линии: — → Правовые вопросы"),
        ("opened", None, "email", "обращение поступило: электронная почта"),
        ("replied", None, "17", "ответ клиенту"),
        ("letter_failed", "reply", "550 \x1b[2J", "письмо не доставлено: ответ, 550 ␛[2J"),
        ("something\x07new", "a", "b", "something␇new: a, b"),
        ("escalated", None, "legal", "отправлено во вторую линию: Правовые вопросы"),
        ("dept_wrote", "legal", "legal", "написало подразделение: Правовые вопросы, Юридический департамент"),
        (
            "dept_late",
            "development",
            "it",
            "подразделение не ответило в срок: Развитие продуктов, доработка, Департамент ИТ",
        ),
        ("dept_took", "legal", "Юлия П.", "вопрос взяли в Slack: Правовые вопросы, Юлия П."),
        ("dept_edited", "legal", "17", "ответ в Slack исправлен: Правовые вопросы"),
        ("dept_confirmed", None, "a@b.example", "отправитель подтверждён сотрудником: a@b.example"),
        (
            "channel_replaced",
            "slack",
            "legal: mail",
            "отправлено другим каналом: Юридический департамент: почта вместо Slack",
        ),
        ("auto_arrived", None, "auto-replied: Auto-Submitted", "пришло автоматическое письмо: автоответ"),
        (
            "letter_failed",
            "slack",
            "Slack: not_in_channel",
            "письмо не доставлено: вопрос в Slack, Slack: not_in_channel",
        ),
        ("breach", None, "reaction", "срок пропущен: реакция"),
        ("spam", None, None, "спам"),
        ("linked", None, "VD-7", "связано с: VD-7"),
    ],
)
def test_events_are_told_in_words(kind: str, before: str | None, after: str | None, shown: str) -> None:
    at = datetime(2026, 5, 12, tzinfo=UTC)
    assert event_words(RULES, Event(at, "anna", kind, before, after), {"anna": "Анна"}) == shown


INTAKE = Path(__file__).resolve().parents[2] / "intake"


def trees() -> dict[str, ast.Module]:
    return {str(path.relative_to(INTAKE)): ast.parse(path.read_text("utf-8")) for path in sorted(INTAKE.rglob("*.py"))}


def texts(node: ast.AST, known: dict[str, list[ast.expr]]) -> set[str]:
    """Every text an expression can be, as far as its names are assigned somewhere; raises where one is not known."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return texts(node.body, known) | texts(node.orelse, known)
        case ast.Dict():
            return set().union(*(texts(value, known) for value in node.values))
        case ast.Subscript():
            return texts(node.value, known)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            return {start + action for action in ACTIONS}
        case ast.Name(id=name) if name in known:
            return set().union(*(texts(value, known) for value in known[name]))
    raise AssertionError(f"what kind is {ast.unparse(node)}?")


def assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """Values by the names they are assigned to."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for name, value in pairs:
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).append(value)
    return found


def test_every_kind_of_event_that_is_written_anywhere_has_words() -> None:
    """A kind without words would stand in a ticket's history as a key."""
    found: set[str] = set()
    constants = {name: assigned(tree) for name, tree in trees().items()}
    for name, tree in trees().items():
        own = dict(constants[name])
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("intake."):
                file = "/".join((node.module or "").split(".")[1:]) + ".py"
                there = constants.get(file, {})
                own = {a.asname or a.name: there[a.name] for a in node.names if a.name in there} | own
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Event" and len(call.args) > 2:
                found |= texts(call.args[2], own)
    assert len(found) > 40
    assert found - set(EVENTS) == set()
    assert not any(words.isascii() for words in EVENTS.values())


def test_every_letter_that_can_fail_is_named() -> None:
    shipped = Event(datetime(2026, 5, 12, tzinfo=UTC), "desk", "letter_failed", "second_line_breach", "550")
    assert event_words(RULES, shipped, {}) == "письмо не доставлено: письмо сотрудникам, 550"
    for kind in (ASKED, REMINDED, *SLACK, "acknowledgement", "reply", *(f"status_{status}" for status in Status)):
        assert kind in LETTERS
