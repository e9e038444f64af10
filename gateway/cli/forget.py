"""``otklik forget``: a person's data, erased."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.acting import acting
from gateway.cli.common import as_option, json_option, print_json, say
from gateway.cli.parts import opened

if TYPE_CHECKING:
    from collections.abc import Iterable

BEYOND = (
    "backups and exports made before (otklik db backup, otklik export, pg_dump, copies of the disk): remove or redo",
    "mailboxes the mail was fetched from, the mail server's and relay's queues and logs",
    "copies that letters took into other people's mailboxes: agents, departments, other licensees",
    "Slack: threads about the tickets erased here",
    "weights in the typing model, where it was taught by these mails; it holds no words of one person alone:"
    " otklik typing train weighs anew",
)
BEYOND_SERVER = "PostgreSQL's write-ahead log, replicas, and freed space in its files until VACUUM FULL"


@click.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_option
@json_option
@click.pass_context
def command(ctx: click.Context, address: str, yes: bool, login: str | None, as_json: bool) -> None:
    """Erase the data of the person at ADDRESS for good; tickets and figures stay, without names and texts.

    The same mails are not taken again should a door bring them. Repeat it where it says it could not finish."""
    import sys

    from intake.errors import Refused
    from intake.letters.addresses import valid_address
    from storage import forget, scrub

    if not valid_address(address.strip()):
        raise click.BadParameter(f"{address!r} is not an address", param_hint="ADDRESS")
    settings = ctx.obj.settings
    with opened(ctx) as parts:
        parts.desk.require("forget", acting(parts, login))
        if address.strip().lower() in {own.lower() for own in (parts.desk_settings.address, *settings.desk.aliases)}:
            raise Refused(f"{address} is the desk's own address")
        now = parts.clock()
    if not yes and sys.stdin.isatty():
        click.confirm(f"Erase everything {address} wrote, for good?", abort=True, err=True)
    done = forget(settings.storage.url, address, now)
    files = _remove_letters(Path(settings.storage.outbox), done.letters)
    scrub(settings.storage.url)
    beyond = BEYOND if settings.storage.sqlite_file is not None else (*BEYOND, BEYOND_SERVER)
    counts: dict[str, int | list[int]] = {
        "tickets": sorted(done.tickets),
        "shared": sorted(done.shared),
        "messages": len(done.messages),
        "arrivals": len(done.arrivals),
        "letters": len(done.letters),
        "files": files,
    }
    if as_json:
        print_json({**counts, "out_of_reach": beyond})
        return
    say(f"erased: {', '.join(f'{name} {_shown(value)}' for name, value in counts.items())}")
    say("out of reach, yours to see to:")
    for line in beyond:
        say(f"  {line}")


def _shown(value: int | list[int]) -> str:
    return str(value) if isinstance(value, int) else str(len(value))


def _remove_letters(folder: Path, letters: Iterable[int]) -> int:
    """Letters that were written to files instead of leaving; how many."""
    wanted = {str(letter) for letter in letters}
    found = [path for path in folder.glob("*-*") if path.name.partition("-")[0] in wanted]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
