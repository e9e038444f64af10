"""Snippets, shipped and rendered. Agents write them, so they run in a sandbox that knows a few words and no loops."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from intake.errors import Refused
from intake.snippets import Snippet, SnippetWords

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

LONGEST: Final = 20_000
_FILTERS: Final = ("capitalize", "default", "lower", "trim", "upper")


def shipped_snippets() -> list[Snippet]:
    """Those of this package: ``snippets/TOPIC.NAME.txt``."""
    found = []
    for file in files(__package__).joinpath("snippets").iterdir():
        topic, name, kind = (*file.name.split("."), "", "")[:3]
        if kind == "txt":
            found.append(Snippet(topic, name, file.read_text("utf-8")))
    return sorted(found, key=lambda snippet: (snippet.topic, snippet.name))


def render_snippet(text: str, words: SnippetWords) -> str:
    """A snippet's text, filled in. Raises Refused with the reason where it names or does what it may not."""
    from jinja2 import TemplateError, UndefinedError, nodes

    if len(text) > LONGEST:
        raise Refused(f"Заготовка длиннее {LONGEST} знаков")
    try:
        tree = _environment().parse(text)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, _allowed()):
                raise Refused(f"Заготовка, строка {node.lineno}: {type(node).__name__} здесь нельзя")
        made = _environment().from_string(tree)
        return made.render(asdict(words)).strip() + "\n"
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        known = f"; есть {', '.join(asdict(words))}" if isinstance(error, UndefinedError) else ""
        raise Refused(f"Заготовка{f', строка {line}' if line else ''}: {error.message}{known}") from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise Refused(f"Заготовка: {error}") from error


@cache
def _allowed() -> tuple[Any, ...]:
    from jinja2 import nodes

    return (
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.If,
        nodes.Const,
        nodes.Filter,
        nodes.Compare,
        nodes.Operand,
        nodes.Not,
        nodes.And,
        nodes.Or,
        nodes.CondExpr,
    )


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    made.tests.clear()
    return made
