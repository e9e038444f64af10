"""``otklik ticket``: one ticket whole."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.common import echo, json_option, print_json, print_table
from gateway.cli.parts import opened


@click.command()
@click.argument("number")
@click.option("--similar", is_flag=True, help="Closed tickets that resemble it, instead of the ticket itself.")
@json_option
@click.pass_context
def command(ctx: click.Context, number: str, similar: bool, as_json: bool) -> None:
    """Show ticket NUMBER (1042 or VD-1042) with its conversation and history."""
    from intake.views import View

    with opened(ctx) as parts:
        found = parts.desk.number_of(number)
        view = View(parts.desk_settings.timezone)
        with parts.store.read() as tx:
            if similar:
                _list([view.ticket(one) for one in tx.tickets.similar(found)], as_json)
                return
            whole = view.whole(tx, tx.tickets.get(found))
    if as_json:
        print_json(whole)
        return
    _print(whole)


def _list(found: list[dict[str, Any]], as_json: bool) -> None:
    if not as_json:
        print_table(
            [(t["key"], t["type"], t["closed_at"], t["subject"]) for t in found], ("key", "type", "closed", "subject")
        )
        return
    for one in found:
        print_json(one)


def _print(whole: dict[str, Any]) -> None:
    echo(f"{whole['key']}  {whole['subject']}")
    echo(" · ".join((whole["type"], whole["status"], whole["assignee"] or "free", _who(whole["contact"]))))
    for name in ("opened_at", "reaction_due", "acknowledged_at", "reacted_at", "completion_due", "closed_at"):
        if whole[name]:
            echo(f"  {name.replace('_', ' '):16} {whole[name]}")
    if whole["offered_contact"]:
        echo(f"  offered contact  {whole['offered_contact']}  (otklik contact {whole['key']})")
    for asked in whole["escalations"]:
        when = f"answered {asked['answered_at']}" if asked["answered_at"] else f"due {asked['answer_due']}"
        parts = [(a["department"], ", ".join(a["channels"]), a["outcome"] or "waited for") for a in asked["answers"]]
        who = "; ".join(f"{department} by {channels}: {outcome}" for department, channels, outcome in parts)
        echo(f"  asked {asked['topic']:10} {when}  ({who})")
    for message in whole["messages"]:
        state = f" [{message['delivery']}]" if message["delivery"] else ""
        asked = f" ({message['department']} by {message['channel']})" if message["department"] else ""
        marks = "".join(f" [{mark}]" for mark in ("automatic", "unconfirmed") if message[mark])
        who = _who(message["from"])
        echo(f"\n--- {message['direction']}{asked} {message['at']} {who}{state}{marks}{_checked(message)}")
        echo(message["text"].rstrip())
        for attached in message["attachments"]:
            echo(f"  + {attached['filename']} ({attached['content_type']}, {attached['size']} octets) {attached['id']}")
    echo()
    for event in whole["events"]:
        change = " → ".join(filter(None, (event["from"], event["to"])))
        echo(f"  {event['at']}  {event['actor']}: {event['kind']} {change}".rstrip())


def _checked(message: dict[str, Any]) -> str:
    """What our relay said of the sender, in a few words."""
    found = message["authentication"]
    if found is None or found["verified"] is None:
        return ""
    told = ", ".join(f"{name}={found[name]}" for name in ("dkim", "spf", "dmarc") if found[name])
    return f" [sender {'verified' if found['verified'] else 'probably forged'}: {told}]"


def _who(person: dict[str, Any]) -> str:
    return f"{person['name']} <{person['address'] or 'no address'}>".strip()
