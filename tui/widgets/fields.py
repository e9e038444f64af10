"""Textual's fields for text, with every key in both layouts."""

from __future__ import annotations

from textual.widgets import Input, TextArea

from tui.keys import both


class Field(Input):
    """One line."""

    BINDINGS = both(Input.BINDINGS)


class Editor(TextArea):
    """Several lines."""

    BINDINGS = both(TextArea.BINDINGS)
