"""Run the command line; what goes wrong becomes one line on stderr and an exit code, here and nowhere else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from gateway.cli.common import App
from gateway.cli.group import LazyGroup
from gateway.cli.table import Entry
from intake.errors import ConfigError, OtklikError, StoreUnavailable
from intake.visible import visible

DONE, FAILED, INTERRUPTED = 0, 1, 130
ANY = Entry("", "")


def run(group: LazyGroup, args: Sequence[str] | None = None) -> int:
    """Call the group; the exit code is 0 done, 1 the answer is no or the work failed, 2 wrong usage or configuration,
    75 the mail is not kept (`Entry.trouble`), 130 interrupted."""
    _bear_any_character()
    app = App()
    try:
        _complete(group)
        with group.make_context("otklik", list(sys.argv[1:] if args is None else args), obj=app) as context:
            group.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as wanted:
        return _flushed(wanted.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _misused(error)
    except (KeyboardInterrupt, EOFError, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        return _failed(error, group.entries.get(app.command or "", ANY))
    return DONE


def _failed(error: Exception, entry: Entry) -> int:
    """Say it in one line. OTKLIK_DEBUG=1 shows the traceback of what has no name in `intake.errors`."""
    match error:
        case ConfigError():
            code = entry.misconfigured
        case StoreUnavailable():
            code = entry.trouble
        case OtklikError():
            code = FAILED
        case _:
            code = entry.trouble
            if os.environ.get("OTKLIK_DEBUG") == "1":
                import traceback

                traceback.print_exception(error)
    text = " ".join(str(error).split())
    known = isinstance(error, OtklikError)
    click.echo(f"otklik: {visible(text if known else f'{type(error).__name__}: {text}')}", err=True)
    return code


def _misused(error: click.ClickException) -> int:
    """In one line, with the place to look: click's own form takes four."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path, hint = (context.command_path, f" (see {context.command_path} --help)") if context else ("otklik", "")
    click.echo(f"{path}: {visible(' '.join(error.format_message().split()))}{hint}", err=True)
    return error.exit_code


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    return code


def _reader_left() -> int:
    """Whoever read our output had enough (`otklik tickets | head`). Python must not try to flush at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _bear_any_character() -> None:
    """A terminal that can't show a character gets its number instead of an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _complete(group: click.Group) -> None:
    """Answer a shell that asks for completions."""
    if asked := os.environ.get("_OTKLIK_COMPLETE"):
        from click.shell_completion import shell_complete

        raise click.exceptions.Exit(shell_complete(group, {}, "otklik", "_OTKLIK_COMPLETE", asked))
