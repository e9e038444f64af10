"""People at their mail programs: mutt answers from a real mailbox, msmtp hands letters in."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

import pexpect  # type: ignore[import-untyped] # it ships no types

from tests.support.programs import require, run


def msmtp(port: int, sender: str, recipient: str, raw: bytes) -> None:
    """Hand a letter in."""
    program = require("msmtp")
    line = [program, "--host=127.0.0.1", f"--port={port}", "--tls=off", "--auth=off", f"--from={sender}", recipient]
    done = run(line, stdin=raw.decode("utf-8").replace("\r\n", "\n"))
    assert done.returncode == 0, done.stderr


def mutt_reply(
    folder: Path,
    port: int,
    maildir: Path,
    sender: str,
    text: str,
    *,
    to_all: bool = False,
    more: str = "",
    to: str = "",
) -> None:
    """Open a mailbox in mutt, answer its newest letter (from ``to``, as two of one second have no order) above the
    quoted text, and send that by msmtp. ``more`` is a line of its configuration."""
    program, sending = require("mutt"), require("msmtp")
    editor = folder / "editor"
    said = folder / "said.txt"
    said.write_text(f"{text}\n\n", encoding="utf-8")
    editor.write_text(f'#!/bin/sh\ncat {shlex.quote(str(said))} "$1" > "$1.new" && mv "$1.new" "$1"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    address = sender.rpartition("<")[2].rstrip(">")
    name = sender.partition("<")[0].strip()
    command = f"{sending} --host=127.0.0.1 --port={port} --tls=off --auth=off --from={address}"
    chosen = f"<limit>~f {to}<enter>" if to else ""
    rc = folder / "muttrc"
    rc.write_text(
        "\n".join(
            [
                f'set folder="{folder}" mbox_type=Maildir realname="{name}" from="{address}" use_from',
                f'set sendmail="{command}" use_envelope_from=no editor="{editor}"',
                "set include=yes fast_reply autoedit=no edit_headers=no copy=no sort=date sig_dashes=no",
                "set reply_to=yes charset=utf-8 send_charset=utf-8 quit=yes markers=no",
                f'set attribution="%d, %n пишет:" record="" postponed="{folder}/postponed"',
                more,
                f'push "{chosen}<last-entry><{"group-reply" if to_all else "reply"}><send-message><quit>"',
                "",
            ]
        ),
        encoding="utf-8",
    )
    env = {**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", "HOME": str(folder)}
    child = pexpect.spawn(program, ["-n", "-F", str(rc), "-f", str(maildir)], env=env, timeout=30, dimensions=(40, 120))
    try:
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
