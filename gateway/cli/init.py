"""``otklik init``: a commented otklik.toml, every key with its line and its default, and the shipped regulation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.common import say
from intake.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.settings_sections import Section


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=Path(), metavar="[DIR]")
def command(directory: Path) -> None:
    """Write a commented otklik.toml and regulation.toml into DIR (default: here). Files that are there stay."""
    files = {"otklik.toml": settings_text(), "regulation.toml": regulation_text()}
    there = [name for name in files if (directory / name).exists()]
    if there:
        raise Refused(
            f"{directory / there[0]} is there already and stays as it is; name another folder or move it away"
        )
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in files.items():
        write_new(directory / name, text)
        say(f"wrote {directory / name}")


def write_new(path: Path, text: str) -> None:
    """Create a file that only its owner may read. Raises Refused where there is one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Refused(f"{path} can't be written: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def regulation_text() -> str:
    """The rules as they are shipped."""
    from intake.regulation.loader import shipped_text

    return shipped_text()


def settings_text() -> str:
    """otklik.toml from the settings themselves: every key is a comment that shows its default."""
    from gateway.settings import SECTIONS, ApiSettings

    parts = [HEAD]
    for name, section in SECTIONS.items():
        if name == "departments":
            parts += _departments(section)
        else:
            title = {"imap": "[[imap]]", "forms": "[forms.site]"}.get(name, f"[{name}]")
            parts.append(_section(title, section))
        if name == "web":
            parts.append(_section("[web.api]", ApiSettings))
    return "\n".join(parts)


HEAD = """\
## Settings of otklik. "# key = value" shows the default, or an example where there is none: take the sign away, and
## that of the section above it, to set it. Every key of a section can come from the environment too, as
## OTKLIK_SECTION__KEY (nested: OTKLIK_WEB__API__KEYS_FILE), the mailboxes as JSON in OTKLIK_IMAP, and a secret itself
## instead of its file, as OTKLIK_RELAY__PASSWORD. Paths are relative to the folder that otklik is started in. Sizes
## are written like "25M", durations like "15m", "2h", "5d". The rules of the desk are not here: see regulation.toml.
"""
WIDTH = 118
COMMENT_COLUMN = 40
EXAMPLES = {
    "host": '"mail.example.org"',
    "username": '"support@example.org"',
    "password_file": '"/etc/otklik/password"',
    "envelope_from": '"support@example.org"',
    "ca_file": '"/etc/otklik/ca.pem"',
    "tls_cert": '"/etc/otklik/cert.pem"',
    "tls_key": '"/etc/otklik/key.pem"',
    "authserv_id": '"mx.example.org"',
    "oauth2_token_command": '["/usr/local/bin/token", "support@example.org"]',
    "import_since": "2026-09-01",
    "public_url": '"https://desk.example.org"',
    "keys_file": '"/etc/otklik/api-keys"',
    "from": '"robot@site.example"',
    "fields": '{name = "Имя", email = "E-mail"}',
    "bot_token_file": '"/etc/otklik/slack-bot"',
    "app_token_file": '"/etc/otklik/slack-app"',
    "base_url": '"http://127.0.0.1:9000/api"',
    "email": '"legal@example.org"',
    "senders": '["legal@example.org"]',
    "head": '"head@example.org"',
    "slack_channel": '"#support-legal"',
}


def _departments(section: type[Section]) -> Iterator[str]:
    """The first with every key explained, the others with their keys."""
    from gateway.settings_sections import DEPARTMENTS

    for place, (key, title) in enumerate(DEPARTMENTS.items()):
        examples = {name: text.replace("legal", key) for name, text in EXAMPLES.items()}
        yield _section(f"[departments.{key}]", section, {**examples, "title": f'"{title}"'}, brief=place > 0)


def _section(title: str, section: type[Section], examples: Mapping[str, str] = EXAMPLES, brief: bool = False) -> str:
    lines = [] if brief else [f"## {section.__doc__}"]
    lines.append(f"# {title}")
    for name, field in section.model_fields.items():
        if f"{name}_file" in section.model_fields or not field.description:
            continue
        key = field.alias or name
        default = examples.get(key) if field.is_required() or not field.default else None
        line = f"# {key} = {default or _toml(field.default)}"
        lines += [line] if brief else _explained(line, field.description)
    return "\n".join(lines) + "\n"


def _explained(line: str, description: str) -> list[str]:
    """Beside the key where there is room, else above it."""
    from textwrap import wrap

    beside = f"{line:<{COMMENT_COLUMN}}  # {description}"
    if len(beside) <= WIDTH:
        return [beside]
    return [*wrap(description, WIDTH, initial_indent="## ", subsequent_indent="## "), line]


def _toml(value: Any) -> str:
    """A default as it is written in the file."""
    from json import dumps

    if isinstance(value, int) and value >= 1024**2 and value % 1024**2 == 0:
        return f'"{value // 1024**2}M"'
    return dumps(value, ensure_ascii=False)
