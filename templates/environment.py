"""The Jinja2 environment all templates share."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2 import Environment

_COUNTED = re.compile(r"(?<=\d) (?=[а-яА-Я])")


@cache
def environment() -> Environment:
    """Templates from this package; a name that is not in the context is an error, HTML is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    made = Environment(
        loader=PackageLoader("templates", ""),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    made.filters["paragraphs"] = paragraphs
    made.filters["quoted"] = quoted
    made.filters["glued"] = glued
    return made


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: escaped, line ends kept."""
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))


def quoted(text: str) -> str:
    """Plain text as a quotation (RFC 3676 4.5): "> " before each line, ">" before one that is quoted already."""
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.split("\n"))


def glued(words: str) -> str:
    """Words in which no line ends between a number and what it counts."""
    return _COUNTED.sub("\u00a0", words)
