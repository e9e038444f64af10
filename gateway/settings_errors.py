"""One line for each thing that can be wrong with settings: file, section, key, value, why, what to do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from intake.errors import ConfigError
from intake.visible import visible

if TYPE_CHECKING:
    from pydantic import ValidationError

    from gateway.settings_sources import Raw

ENVIRONMENT = "environment"
LONGEST_VALUE = 60
REASONS = {
    "missing": "missing; set it",
    "int_type": "not a whole number; write one",
    "int_parsing": "not a whole number; write one",
    "int_from_float": "not a whole number; write one",
    "string_type": 'not a text; write it in quotes, like "…"',
    "string_too_short": "empty; write something or take the key out",
    "tuple_type": 'not a list; write it in brackets, like ["…"]',
    "dict_type": "not a table; write it as {key = value}",
    "model_type": "not a section; write it as a table",
    "greater_than_equal": "too small; at least {ge} is needed",
    "less_than_equal": "too large; at most {le} is possible",
    "literal_error": "not known; write {expected}",
}


def meant(word: str, known: Iterable[str]) -> str:
    """What to do about a word that is not known."""
    choices = list(known)
    near = get_close_matches(word.lower(), choices, 1, 0.6)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(choices)}"


def unknown_section(source: str, name: str, value: Any, known: list[str]) -> ConfigError:
    """A table the file does not have, or a key outside of every table."""
    if isinstance(value, dict | list):
        return ConfigError(f"{source}: [{_plain(name)}]: no such section; {meant(name, known)}")
    return ConfigError(f"{source}: {_plain(name)}: stands above every section; put it below the line of its [section]")


def unknown_variable(name: str, section: str, known: list[str]) -> ConfigError:
    """A variable whose section does not exist."""
    return ConfigError(f"{ENVIRONMENT}: {_plain(name)}: no such section; {meant(section, known)}")


def complaint(raw: Raw, place: tuple[str, ...], value: str, reason: str) -> ConfigError:
    """About the value at a place of the file or of the environment."""
    if variable := raw.origin(place):
        inside = _inside(place, raw.variables)
        return ConfigError(f"{ENVIRONMENT}: {' '.join(filter(None, (variable, inside)))}{_equals(value)}: {reason}")
    if not place:
        return ConfigError(f"{raw.source}: {reason}")
    section, key = _section(place)
    return ConfigError(f"{raw.source}: {' '.join(filter(None, (section, key)))}{_equals(value)}: {reason}")


def from_validation(raw: Raw, error: ValidationError, models: Mapping[str, Any]) -> ConfigError:
    """The first of pydantic's complaints in our words, and how many more there are."""
    problems = error.errors(include_url=False)
    problem = problems[0]
    place = tuple(str(part) for part in problem["loc"])
    reason = _reason(problem, _keys(place, models))
    value = "" if _is_secret(place) or _is_table(problem) else _written(problem["input"])
    one = complaint(raw, place, value, reason)
    return ConfigError(f"{one} (and {len(problems) - 1} more)") if len(problems) > 1 else one


def _reason(problem: Any, known: list[str]) -> str:
    kind = problem["type"]
    if problem["loc"] == ("imap",):
        return "not a list of mailboxes; write each as a section [[imap]]"
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    if kind == "extra_forbidden":
        return f"no such key; {meant(str(problem['loc'][-1]), known)}"
    if kind in REASONS:
        return REASONS[kind].format(**problem.get("ctx", {}))
    return str(problem["msg"])


def _keys(place: tuple[str, ...], models: Mapping[str, Any]) -> list[str]:
    """The keys of the section that a place is in; secrets are not among them."""
    model = models.get(place[0]) if place else None
    for part in place[1:-1]:
        field = model.model_fields.get(part) if model else None
        model = field.annotation if field and hasattr(field.annotation, "model_fields") else model
    fields = model.model_fields if model else {}
    return [field.alias or name for name, field in fields.items() if f"{name}_file" not in fields]


def _is_table(problem: Any) -> bool:
    """Whether the value is a whole section, or of a key unknown here: either may hold a secret."""
    return isinstance(problem["input"], dict | list) or problem["type"] == "extra_forbidden"


def _is_secret(place: tuple[str, ...]) -> bool:
    words = ("password", "token", "keys", "secret", "url")
    return any(part.endswith(words) for part in place[1:] if not part.endswith(("public_url", "base_url")))


def _section(place: tuple[str, ...]) -> tuple[str, str]:
    """``("smtp", "port")`` → ``[smtp]``, ``port``; ``("imap", "0", "host")`` → ``[[imap]] 1``, ``host``."""
    if place[0] == "imap":
        number = f" number {int(place[1]) + 1}" if len(place) > 1 and place[1].isdigit() else ""
        return f"[[imap]]{number}", _key(place[2:])
    deep = 2 if place[0] in ("departments", "forms") or place[:2] == ("web", "api") else 1
    return f"[{_plain('.'.join(place[:deep]))}]", _key(place[deep:])


def _inside(place: tuple[str, ...], variables: Mapping[tuple[str, ...], str]) -> str:
    """What of a variable's own JSON is meant."""
    at = next(n for n in range(len(place), 0, -1) if place[:n] in variables)
    return _key(place[at:])


def _key(parts: tuple[str, ...]) -> str:
    """A key, and which one of its values, counted from one."""
    return _plain(" ".join(f"number {int(part) + 1}" if part.isdigit() else part for part in parts))


def _equals(value: str) -> str:
    return f" = {value}" if value else ""


def _written(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _plain(text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…")


def _plain(text: str) -> str:
    return visible(text)
