"""``otklik agents``: the registry of the desk's people."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from gateway.cli.acting import acting
from gateway.cli.common import json_option, print_json, print_table, say
from gateway.cli.parts import opened
from gateway.cli.registry import as_option, dry_run_option, file_argument, read_csv, told
from intake.model import Role

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
@as_option
@click.pass_context
def add(
    ctx: click.Context,
    login: str,
    name: str,
    email: str,
    role: str,
    technical: bool,
    inactive: bool,
    by: str | None,
) -> None:
    """Add an agent, or replace the one of that LOGIN."""
    from intake.registry_files import agent_of

    row = {"login": login.strip(), "full_name": name, "email": email.strip(), "role": role}
    agent = agent_of({**row, "is_technical": str(technical).lower()})
    with opened(ctx) as parts:
        parts.desk.put_agents([replace(agent, active=not inactive)], acting(parts, by))
    say(f"{agent.login}: {agent.role}")


@command.command("import")
@file_argument
@dry_run_option
@as_option
@click.pass_context
def import_(ctx: click.Context, file: str, dry_run: bool, by: str | None) -> None:
    """Add agents from CSV: login,full_name,email,role,is_technical. All or nothing."""
    from intake.registry_files import agents_from_csv

    agents = read_csv(file, agents_from_csv)
    with opened(ctx) as parts:
        if dry_run:
            parts.desk.require("agents", acting(parts, by))
        else:
            parts.desk.put_agents(agents, acting(parts, by))
    told(file, len(agents), "agents", dry_run)


@command.command("passwd")
@click.argument("login")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from the first line of stdin.")
@click.option("--remove", is_flag=True, help="Take the password away: no log-in until there is a new one.")
@as_option
@click.pass_context
def passwd(ctx: click.Context, login: str, from_stdin: bool, remove: bool, by: str | None) -> None:
    """Set the password with which LOGIN opens the screen on PostgreSQL; on SQLite none is asked for."""
    if remove and from_stdin:
        raise click.UsageError("--stdin and --remove do not go together")
    password = None
    if from_stdin:
        password = sys.stdin.buffer.readline().decode("utf-8").rstrip("\r\n")
    elif not remove:
        if not sys.stdin.isatty():
            raise click.UsageError("no terminal to type a password at; write it to stdin and give --stdin")
        password = str(click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True))
    with opened(ctx) as parts:
        parts.desk.set_password(login, password, acting(parts, by))
    say(f"{login}: password {'removed' if password is None else 'set'}")
