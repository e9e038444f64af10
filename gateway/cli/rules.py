"""The rules a command goes by: the desk's stored versions, or the shipped ones where there is no desk yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

    from intake.regulation import Regulation


def rules_in_force(ctx: click.Context) -> Callable[[datetime], Regulation]:
    """The regulation in force at an instant. Nothing is created: a database that is not there has no versions."""
    from zoneinfo import ZoneInfo

    settings = ctx.obj.settings
    file = settings.storage.sqlite_file
    if file is not None and not Path(file).exists():
        from intake.regulation import shipped_regulation

        shipped = shipped_regulation(ZoneInfo(settings.desk.timezone))
        return lambda _at: shipped
    from intake.regulations import Regulations
    from storage import open_store

    store = open_store(settings.storage.url)
    try:
        return Regulations(store, settings.desk.timezone).at
    finally:
        store.close()
