"""The desk for the length of one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

    from gateway.bootstrap import Parts


@contextmanager
def opened(ctx: click.Context) -> Iterator[Parts]:
    """Put the desk together from the command's settings, and close it after."""
    from gateway.bootstrap import build

    parts = build(ctx.obj.settings)
    try:
        yield parts
    finally:
        parts.close()
