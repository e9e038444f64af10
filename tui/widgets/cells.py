"""Words in columns of a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` 0: what the others leave."""

    name: str
    title: str
    width: int = 0


def laid_out(columns: Sequence[Column], width: int) -> list[Column]:
    """The columns with every width known."""
    rest = width - sum(column.width for column in columns)
    return [column if column.width else replace(column, width=max(8, rest)) for column in columns]


def fitted(text: str, width: int) -> str:
    """The text in exactly so many columns, one of them a gap; what does not fit ends in an ellipsis."""
    room = width - 1
    if cell_len(text) > room:
        text = set_cell_size(text, max(0, room - 1)).rstrip() + "…"
    return set_cell_size(text, width)
