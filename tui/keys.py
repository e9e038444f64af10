"""Keys that act in both keyboard layouts: every binding gets its twin of the Russian layout (ЙЦУКЕН).

A terminal tells which character was typed, not which key was pressed, so ``r`` and ``к`` are different keys to
Textual. The twin of a binding is what the same key gives in the other layout, with the same modifiers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from textual.binding import Binding, BindingType
from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, key_to_character

LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./" + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?' + "@#$^&|"
RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю." + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ," + '"№;:?/'
TO_RUSSIAN = dict(zip(LATIN, RUSSIAN, strict=True))
TO_LATIN = {russian: latin for latin, russian in reversed(TO_RUSSIAN.items()) if russian not in TO_RUSSIAN}


def twin(key: str) -> str | None:
    """The same key in the Russian layout: ``r`` → ``к``, ``ctrl+s`` → ``ctrl+ы``, ``slash`` → ``full_stop``.

    None for keys that are the same in both (``enter``, ``f1``, digits).
    """
    modifiers, plus, name = key.strip().rpartition("+")
    character = name if len(name) == 1 else key_to_character(REPLACED_KEYS.get(name, name))
    other = TO_RUSSIAN.get(character or "")
    return None if other is None else modifiers + plus + key_name(other)


def key_name(character: str) -> str:
    """What Textual calls the key that gives a character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def both(bindings: Iterable[BindingType]) -> list[BindingType]:
    """The bindings, acting in both layouts and with Caps Lock on where the capital has no meaning of its own."""
    known = list(Binding.make_bindings(bindings))
    taken = {binding.key for binding in known}
    doubled: list[BindingType] = []
    for binding in known:
        keys = [binding.key]
        if len(binding.key) == 1 and binding.key.islower() and binding.key.upper() not in taken:
            keys.append(binding.key.upper())
        keys += [other for key in tuple(keys) if (other := twin(key)) is not None and other not in taken]
        doubled += [binding.with_key(key, binding.key_display) for key in keys]
    return doubled


def other_layout(text: str) -> str:
    """What was meant by a text typed in the wrong layout: "dpznm" → "взять", "мв" → "vd"."""
    table = TO_LATIN if any(character in TO_LATIN for character in text if character.isalpha()) else TO_RUSSIAN
    return "".join(table.get(character, character) for character in text)


def is_russian(key: str) -> bool | None:
    """Whether a key can only have been typed in the Russian layout; None where it tells nothing."""
    character = key.rpartition("+")[2]
    if len(character) != 1 or not character.isalpha():
        return None
    return character.lower() in RUSSIAN


def shown_key(key: str, russian: bool) -> str:
    """A key as the key bar and the help write it: ``^s``, ``F1``, ``/``; in the layout that is on."""
    name = (twin(key) or key) if russian else key
    modifiers, _, last = name.rpartition("+")
    character = last if len(last) == 1 else key_to_character(REPLACED_KEYS.get(last, last))
    shown = NAMES.get(last) or (character if character and character.isprintable() else last)
    prefix = "".join(MODIFIERS.get(part, part + "+") for part in modifiers.split("+") if part)
    return prefix + (shown.upper() if last.startswith("f") and last[1:].isdecimal() else shown)


MODIFIERS = {"ctrl": "^", "shift": "⇧", "alt": "Alt+"}
NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "space": "Пробел",
    "backspace": "Backspace",
    "delete": "Del",
}
