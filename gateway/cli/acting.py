"""On whose behalf a command of upkeep acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.model import Agent


def acting(parts: Parts, login: str | None) -> str | None:
    """The agent of ``--as``, whose role decides; None without it, and while the desk has no agents: whoever may open
    the desk's database could change it anyway. Raises Refused."""
    if login is None or not login.strip():
        return None
    with parts.store.read() as tx:
        nobody = not tx.people.agents(active=False)
    return None if nobody else parts.desk.agent(login.strip()).login


def logged_in(parts: Parts, login: str) -> Agent:
    """The agent who opens the screen. On a database server he proves it with his password; on SQLite the account that
    owns the file does. Raises Refused."""
    agent = parts.desk.agent(login)
    if parts.settings.storage.sqlite_file is not None:
        return agent
    import click

    from intake.errors import Refused

    password = str(click.prompt(f"Пароль {agent.login}", hide_input=True, err=True))
    if not parts.desk.check_password(agent.login, password):
        raise Refused(f"{agent.login}: wrong password, or none was set yet: otklik agents passwd {agent.login}")
    return agent
