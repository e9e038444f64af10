"""The bare app the screen is held against: Textual's own table of as many rows, with its header and footer."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header


class Bare(App[None]):
    """A table and nothing else."""

    def compose(self) -> ComposeResult:
        """Header, table, footer."""
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one(DataTable)
        table.add_columns("Номер", "Срок", "Тип", "От кого", "Тема")
        for number in range(1001, 1001 + int(sys.argv[1])):
            table.add_row(f"VD-{number}", "через 42 мин", "Ошибка", "Ольга Петрова", f"Вопрос {number}")
        table.focus()


if __name__ == "__main__":
    Bare().run()
