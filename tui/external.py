"""An agent's own editor for a long text."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from intake.errors import Refused


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """What $VISUAL or $EDITOR names. Raises Refused where neither is set."""
    named = environ.get("VISUAL") or environ.get("EDITOR")
    if not named or not named.strip():
        raise Refused("Внешний редактор не задан: установите переменную EDITOR")
    return shlex.split(named)


def edited(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """The text as the editor left it, in a file only this user can read. Raises Refused where it cannot be run."""
    command = editor_command(environ)
    with tempfile.TemporaryDirectory(prefix="otklik-") as folder:
        path = Path(folder) / "letter.txt"
        path.touch(0o600)
        path.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*command, str(path)], check=False)
        except OSError as error:
            raise Refused(f"Редактор {command[0]} не запустился: {error.strerror}") from error
        if done.returncode:
            raise Refused(f"Редактор закончил с кодом {done.returncode}: текст остался прежним")
        return path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").removesuffix("\n")
