"""Every key acts in both keyboard layouts."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

import tui.screens
import tui.widgets
from tests.support.desks import TestDesk
from tests.tui.working import Working, work, workplace
from tui.app import DeskApp
from tui.keys import LATIN, RUSSIAN, both, is_russian, key_name, other_layout, shown_key, twin


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("r", "к"),
        ("R", "К"),
        ("ctrl+s", "ctrl+ы"),
        ("ctrl+shift+k", "ctrl+shift+л"),
        ("slash", "full_stop"),
        ("question_mark", "comma"),
        ("left_square_bracket", "х"),
        ("super+c", "super+с"),
        ("ctrl+slash", "ctrl+full_stop"),
        ("alt+semicolon", "alt+ж"),
        ("enter", None),
        ("f1", None),
        ("ctrl+left", None),
        ("shift+tab", None),
        ("1", None),
        ("к", None),
        ("backspace", None),
    ],
)
def test_the_twin_is_what_the_same_key_gives_in_the_other_layout(key: str, other: str | None) -> None:
    assert twin(key) == other


def test_the_layouts_are_told_apart_letter_by_letter() -> None:
    assert len(set(LATIN)) == len(LATIN) == len(RUSSIAN)
    assert {twin(letter) for letter in "abcdefghijklmnopqrstuvwxyz"} <= set("абвгдежзийклмнопрстуфхцчшщъыьэюя")


@given(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.sampled_from(["", "ctrl+", "alt+", "ctrl+shift+"]))
def test_doubling_adds_the_twin_and_takes_nothing_away(letter: str, modifier: str) -> None:
    key = modifier + letter
    made = {binding.key for binding in Binding.make_bindings(both([Binding(key, "act", "Дело")]))}
    assert {key, twin(key)} <= made
    assert made <= {key, twin(key), letter.upper(), twin(letter.upper())}


def test_capitals_act_too_unless_they_mean_something_else() -> None:
    found = BindingsMap(both([("n", "next"), ("N", "previous"), ("t", "take")])).key_to_bindings
    actions = {key: bindings[0].action for key, bindings in found.items()}
    assert actions == {
        "n": "next",
        "т": "next",
        "N": "previous",
        "Т": "previous",
        "t": "take",
        "T": "take",
        "е": "take",
        "Е": "take",
    }


@given(st.text(alphabet=sorted({*LATIN, *RUSSIAN} - {","}), max_size=20))
def test_key_names_are_those_of_textual(text: str) -> None:
    for character in text:
        assert next(iter(Binding.make_bindings([(character, "act")]))).key == key_name(character)


@pytest.mark.parametrize(("typed", "meant"), [("dpznm", "взять"), ("мв-1042", "vd-1042"), ("hjof", "роща")])
def test_a_text_typed_in_the_wrong_layout_is_understood(typed: str, meant: str) -> None:
    assert other_layout(typed) == meant


def test_keys_are_shown_as_they_are_on_the_keyboard() -> None:
    shown = [shown_key(key, russian) for key in ("ctrl+s", "slash", "enter", "f1") for russian in (False, True)]
    assert shown == ["^s", "^ы", "/", ".", "Enter", "Enter", "F1", "F1"]
    assert [is_russian(key) for key in ("r", "ctrl+ы", "enter", "1")] == [False, True, None, None]


def own_classes() -> Iterator[type[DOMNode]]:
    """Every class of the screen that can have keys."""
    yield DeskApp
    for package in (tui.screens, tui.widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == module.name:
                    yield value


@pytest.mark.parametrize("kind", sorted(set(own_classes()), key=str), ids=lambda kind: kind.__name__)
def test_every_binding_of_every_class_has_its_twin(kind: type[DOMNode]) -> None:
    assert kind._merged_bindings is not None
    keys = kind._merged_bindings.key_to_bindings
    for key, bindings in keys.items():
        other = twin(key)
        if other is None or is_russian(key):
            continue
        if other == "full_stop" or key not in ("full_stop", "comma"):
            assert [b.action for b in keys.get(other, [])] == [b.action for b in bindings], (key, other)


PLACES = {
    "queue": [],
    "ticket": ["enter"],
    "letter": ["enter", "r"],
    "search": ["slash"],
    "palette": ["ctrl+p"],
    "help": ["f1"],
    "status": ["s"],
    "estimate": ["down", "down", "e"],
    "whole": ["enter", "g"],
    "shifts": ["7"],
    "link": ["l"],
    "snooze": ["z"],
    "files": ["enter", "r", "f2"],
    "snippets": ["enter", "r", "f3"],
}


@pytest.mark.parametrize("place", PLACES)
def test_every_live_binding_acts_by_its_twin(desk: TestDesk, place: str) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1003")
        for key in PLACES[place]:
            before = agent.app.screen
            await agent.press(key)
            if key not in ("down", "up"):
                await agent.until(lambda before=before: agent.app.screen is not before, key)  # type: ignore[misc]
                await agent.pilot.pause(0.2)
        active = agent.app.screen.active_bindings
        lonely = [
            (key, twin(key))
            for key, entry in active.items()
            if (other := twin(key)) is not None
            and not is_russian(key)
            and key not in ("full_stop", "comma")
            and (other not in active or active[other].binding.action != entry.binding.action)
        ]
        assert not lonely

    work(workplace(desk), script)
