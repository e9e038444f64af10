"""``otklik inspect``: what intake makes of raw mails, without storing anything."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

import click

from gateway.cli.common import App, pass_app, say

if TYPE_CHECKING:
    from intake.mail.message import Message
    from intake.screening import OwnAddresses

Job = tuple[bytes, str]
LARGEST_FILE = 64 * 1024 * 1024
_AHEAD = 64
_AHEAD_OCTETS = 32 * 1024 * 1024
_FILES_A_WORKER = 40


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@pass_app
@click.pass_context
def command(ctx: click.Context, app: App, files: tuple[str, ...]) -> None:
    """Print what intake makes of each raw mail: one JSON object a line, in the order given. Nothing is stored.

    Broken mail is still a mail: exit 0. A file that can't be opened is told on stderr, and the exit is 1 at the end.
    """
    from gateway.cli.lessons import model_in_use
    from intake.reading import own_addresses

    own = own_addresses(app.settings.desk_settings())
    failed = False
    for line in lines(files, own, model_in_use(app.settings.storage)):
        if line is None:
            failed = True
        else:
            click.echo(line.encode("utf-8"), nl=False)
    ctx.exit(1 if failed else 0)


def lines(files: tuple[str, ...], own: OwnAddresses, model: str = "") -> Iterator[str | None]:
    """A line for each file in order, None for one that can't be opened. Few mails are in memory at a time. ``model``
    as `Lessons.model` tells it."""
    from gateway.reading import ReadingPool

    workers = max(1, min(os.cpu_count() or 1, len(files) // _FILES_A_WORKER))
    waiting: deque[tuple[int, Future[str] | None]] = deque()
    ahead = 0
    read, read_head = partial(inspected, own, model), partial(inspected_header, own, model)
    with ReadingPool(read, read_head, processes=workers) as pool:
        for name in files:
            raw = _contents(name)
            waiting.append((0, None) if raw is None else (len(raw), pool.submit((raw, name))))
            ahead += waiting[-1][0]
            while len(waiting) > _AHEAD * workers or ahead > _AHEAD_OCTETS:
                ahead -= waiting[0][0]
                yield _line(*waiting.popleft())
        while waiting:
            yield _line(*waiting.popleft())


def _line(_size: int, future: Future[str] | None) -> str | None:
    return None if future is None else future.result()


def _contents(name: str) -> bytes | None:
    try:
        with open(name, "rb") as file:
            return file.read(LARGEST_FILE)
    except OSError as error:
        say(f"otklik inspect: {name}: {error.strerror}")
        return None


def inspected(own: OwnAddresses, model: str, job: Job) -> str:
    """The line for one mail: read, screened, typed."""
    from intake.mail.reading import read_message

    return _printed(read_message(job[0]), own, model, job[1])


def inspected_header(own: OwnAddresses, model: str, job: Job) -> str:
    """The line for a mail whose reading had to be stopped."""
    from intake.mail.reading import read_header_only

    return _printed(read_header_only(job[0]), own, model, job[1])


def _printed(message: Message, own: OwnAddresses, model: str, name: str) -> str:
    import json

    from intake.mail.inspection import inspection
    from intake.model import Envelope
    from intake.reading import judged
    from intake.typing import desk_model
    from intake.visible import escaped

    reading = judged(message, Envelope(), own, desk_model(model))
    verdict, typing = reading.verdict, reading.typing
    made = inspection(
        message,
        name,
        auto_submitted=verdict.automatic,
        no_auto_answer=verdict.no_auto_answer,
        bounce=verdict.bounce,
        type_=typing.type.value,
        topic=typing.topic.value,
        criticality=typing.criticality.value,
    )
    return escaped(json.dumps(made, ensure_ascii=False)) + "\n"
