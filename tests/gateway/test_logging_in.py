"""Who opens the screen: on a database server with a password, on a file of one's own without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from gateway.bootstrap import Parts, build
from gateway.cli.acting import logged_in
from gateway.settings import load_settings
from intake.errors import Refused
from intake.model import Agent
from tests.support import databases
from tests.support.postgres import Cluster


def opened(url: str) -> Parts:
    parts = build(load_settings(None, {"OTKLIK_STORAGE__URL": url}))
    parts.desk.put_agents([Agent("anna", "Анна", "anna@desk.example"), Agent("boris", "Борис", "boris@desk.example")])
    return parts


@pytest.fixture
def on_server(postgres: Cluster) -> Iterator[Parts]:
    with databases.postgresql(postgres) as url:
        parts = opened(url)
        parts.desk.set_password("anna", "верный пароль")
        yield parts
        parts.close()


def trying(parts: Parts, login: str, typed: str) -> Result:
    """What comes of typing a password."""
    command = click.Command("try", callback=lambda: click.echo(logged_in(parts, login).login))
    return CliRunner().invoke(command, input=f"{typed}\n")


@pytest.mark.postgres
def test_the_right_password_lets_in_and_is_not_shown(on_server: Parts) -> None:
    said = trying(on_server, "anna", "верный пароль")
    assert said.stdout == "anna\n"
    assert "верный" not in said.output


@pytest.mark.postgres
@pytest.mark.parametrize(("login", "typed"), [("anna", "чужой пароль"), ("boris", "верный пароль"), ("vera", "x")])
def test_anything_else_does_not(on_server: Parts, login: str, typed: str) -> None:
    said = trying(on_server, login, typed)
    assert isinstance(said.exception, Refused)
    assert said.stdout == ""


def test_on_a_file_nobody_is_asked(tmp_path: Path) -> None:
    parts = opened(databases.sqlite(tmp_path / "desk.db"))
    try:
        assert logged_in(parts, "boris").login == "boris"
    finally:
        parts.close()
