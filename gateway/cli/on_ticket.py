"""What every agent's verb begins with: the desk opened, the agent known, the ticket found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

import click

from gateway.cli.common import as_option
from gateway.cli.parts import opened

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.desk import Desk


@dataclass(frozen=True, slots=True)
class Hand:
    """An agent at a ticket: ``number`` is the one he ``named``, ``by`` his login."""

    parts: Parts
    number: int
    named: str
    by: str

    @property
    def desk(self) -> Desk:
        """The desk's verbs."""
        return self.parts.desk


def on_ticket(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command of that name whose first argument is a ticket: calls the function with a `Hand` and its own
    parameters. Raises NotFound for the ticket, Refused for the agent."""

    def made(verb: Callable[..., None]) -> click.Command:
        @wraps(verb)
        def command(ctx: click.Context, number: str, login: str | None, **given: Any) -> None:
            with opened(ctx) as parts:
                agent = parts.desk.agent(ctx.obj.login(login))
                verb(Hand(parts, parts.desk.number_of(number), number, agent.login), **given)

        bound: Callable[..., Any] = click.pass_context(cast("Any", command))
        return click.command(name)(click.argument("number")(as_option(bound)))

    return made
