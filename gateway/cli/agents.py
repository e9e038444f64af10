"""``otklik agents``: the registry of the desk's people."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from gateway.cli.common import json_option, print_json, print_table, say
from gateway.cli.parts import opened
from intake.errors import OtklikError
from intake.model import Agent, Role

COLUMNS = ("login", "full_name", "email", "role", "is_technical")


@click.group()
def command() -> None:
    """Keep the registry of agents."""


@command.command("list")
@click.option("--all", "everybody", is_flag=True, help="Those who left, too.")
@json_option
@click.pass_context
def list_(ctx: click.Context, everybody: bool, as_json: bool) -> None:
    """Agents by login."""
    with opened(ctx) as parts, parts.store.read() as tx:
        found = tx.people.agents(active=not everybody)
    rows = [
        {
            "login": a.login,
            "full_name": a.name,
            "email": a.email,
            "role": a.role,
            "is_technical": a.technical,
            "active": a.active,
        }
        for a in found
    ]
    if as_json:
        for row in rows:
            print_json(row)
    else:
        print_table([tuple(row.values()) for row in rows], (*COLUMNS, "active"))


@command.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Full name, as it stands under letters.")
@click.option("--email", required=True)
@click.option("--role", type=click.Choice([r.value for r in Role]), default="agent", show_default=True)
@click.option("--technical", is_flag=True, help="Counts as the technical specialist of a shift (§2).")
@click.option("--inactive", is_flag=True, help="Has left; past work keeps the name.")
@click.pass_context
def add(ctx: click.Context, login: str, name: str, email: str, role: str, technical: bool, inactive: bool) -> None:
    """Add an agent, or replace the one of that LOGIN."""
    agent = _agent({"login": login, "full_name": name, "email": email, "role": role}, technical, not inactive)
    with opened(ctx) as parts:
        parts.store.write(lambda tx: tx.people.put_agents([agent]))
    say(f"{agent.login}: {agent.role}")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.pass_context
def import_(ctx: click.Context, file: str, dry_run: bool) -> None:
    """Add agents from CSV: login,full_name,email,role,is_technical. All or nothing."""
    agents = _read(file)
    with opened(ctx) as parts:
        if not dry_run:
            parts.store.write(lambda tx: tx.people.put_agents(agents))
    say(f"{file}: {len(agents)} agents {'would be ' if dry_run else ''}stored")


def _read(file: str) -> list[Agent]:
    try:
        text = Path(file).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OtklikError(f"{file}: cannot be read as UTF-8: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise OtklikError(f"{file}:1: no column {', '.join(missing)}")
    agents: dict[str, Agent] = {}
    for row in reader:
        where = f"{file}:{reader.line_num}"
        if row["is_technical"] not in ("true", "false"):
            raise OtklikError(f"{where}: is_technical is {row['is_technical']!r}: write true or false")
        try:
            agent = _agent(row, row["is_technical"] == "true", active=True)
        except OtklikError as error:
            raise OtklikError(f"{where}: {error}") from None
        if agent.login in agents:
            raise OtklikError(f"{where}: login {agent.login} stands twice")
        agents[agent.login] = agent
    return list(agents.values())


def _agent(row: dict[str, str], technical: bool, active: bool) -> Agent:
    from intake.letters.addresses import valid_address

    login = row["login"].strip()
    if not login or not all(c.isalnum() or c in "._-" for c in login):
        raise OtklikError(f"login {login!r}: letters, digits, dot, dash and underscore only")
    if not row["full_name"].strip():
        raise OtklikError(f"{login}: full_name is empty")
    if not valid_address(row["email"].strip()):
        raise OtklikError(f"{login}: email {row['email']!r} is no mail address")
    if row["role"] not in list(Role):
        raise OtklikError(f"{login}: role {row['role']!r} is none of {', '.join(Role)}")
    return Agent(login, row["full_name"].strip(), row["email"].strip(), Role(row["role"]), technical, active)
