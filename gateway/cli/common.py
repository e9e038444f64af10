"""What commands share: the object behind ``ctx.obj``, usual options, and printing that shows strangers' text safely."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake.visible import escaped, visible

if TYPE_CHECKING:
    from gateway.settings import Settings


class App:
    """One call of the command line: which settings, and on whose behalf, worked out when first asked for."""

    def __init__(self) -> None:
        self.config: Path | None = None
        self.command: str | None = None
        self._settings: Settings | None = None

    def use(self, config: Path) -> None:
        """Take settings from this file."""
        self.config = config
        self._settings = None

    @property
    def settings(self) -> Settings:
        """See `gateway.settings.load_settings`."""
        if self._settings is None:
            from gateway.settings import load_settings

            self._settings = load_settings(self.config, os.environ)
        return self._settings

    def login(self, chosen: str | None = None) -> str:
        """The agent a command acts for: ``--as``, or else the account of the operating system. Raises Refused."""
        if chosen is not None and chosen.strip():
            return chosen.strip()
        import getpass

        from intake.errors import Refused

        try:
            return getpass.getuser()
        except (KeyError, OSError):
            raise Refused("this account has no name on this machine; say who acts with --as LOGIN") from None


pass_app = click.make_pass_decorator(App, ensure=True)
as_option = click.option("--as", "login", metavar="LOGIN", help="Act for this agent.  [default: your account's name]")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON; a list as JSON Lines.")


def echo(text: str = "") -> None:
    """Data for stdout; may hold line feeds, everything else that could steer a terminal becomes a mark."""
    click.echo(visible(text, keep_newlines=True))


def say(text: str) -> None:
    """Narration for stderr."""
    click.echo(visible(text, keep_newlines=True), err=True)


def print_json(value: Any) -> None:
    """One JSON value on a line of its own, always UTF-8. Datetimes are written in ISO 8601."""
    import json

    text = json.dumps(value, ensure_ascii=False, default=_plain)
    click.echo((escaped(text) + "\n").encode("utf-8"), nl=False)


def print_table(rows: Iterable[Sequence[Any]], headers: Sequence[str]) -> None:
    """Columns as wide as their widest cell; None is an empty cell. Every cell stays on its line."""
    cells = [[visible("" if cell is None else str(cell)) for cell in row] for row in (headers, *rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _plain(value: Any) -> Any:
    """Values that JSON does not know."""
    from datetime import date
    from decimal import Decimal
    from enum import Enum

    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case Enum():
            return value.value
        case tuple() | set() | frozenset():
            return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
