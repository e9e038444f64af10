"""Every command: the module that holds it, the name it has there, one line of help."""

from __future__ import annotations

from dataclasses import dataclass

TEMPORARY = 75  # EX_TEMPFAIL of sysexits: an MTA keeps the mail and tries again


@dataclass(frozen=True, slots=True)
class Entry:
    """A command not yet imported. ``trouble`` is its exit code where the desk itself could not do the work: what is
    not the caller's fault. ``misconfigured`` is that for a wrong configuration."""

    module: str
    help: str
    attribute: str = "command"
    trouble: int = 1
    misconfigured: int = 2


def _cli(name: str, text: str, attribute: str = "command") -> Entry:
    return Entry(f"gateway.cli.{name}", text, attribute)


COMMANDS: dict[str, Entry] = {
    "serve": _cli("serve", "Run the gateway: doors, processing, deadlines, delivery."),
    "tui": _cli("tui", "Open the agents' screen."),
    "demo": _cli("demo", "Try a throw-away desk with sample data."),
    "init": _cli("init", "Write a commented otklik.toml and regulation.toml."),
    "doctor": _cli("doctor", "Check configuration, database and connections, and say what to do."),
    "inspect": _cli("inspect", "Show what intake makes of raw mails, storing nothing."),
    "intake": Entry("gateway.cli.intake", "Take raw mails as if delivered.", "command", TEMPORARY, TEMPORARY),
    "clock": _cli("clock", "Work out deadlines for JSON Lines on stdin."),
    "tickets": _cli("tickets", "List tickets."),
    "ticket": _cli("ticket", "Show one ticket whole."),
    "assign": _cli("verbs", "Give a ticket to an agent.", "assign"),
    "reply": _cli("verbs", "Write to the client.", "reply"),
    "note": _cli("verbs", "Write a note that only agents see.", "note"),
    "status": _cli("verbs", "Set a ticket's status.", "status"),
    "type": _cli("verbs", "Set a ticket's type.", "type_"),
    "topic": _cli("verbs", "Set a ticket's second-line topic.", "topic"),
    "criticality": _cli("verbs", "Set how critical a bug is.", "criticality"),
    "estimate": _cli("verbs", "Set an improvement's estimate in working hours.", "estimate"),
    "agree": _cli("verbs", "Set the date of completion agreed with the client.", "agree"),
    "escalate": _cli("second_line", "Ask the departments of a topic.", "escalate"),
    "answered": _cli("second_line", "Say that a department has answered.", "answered"),
    "clarify": _cli("second_line", "Answer what a department asks back.", "clarify"),
    "close": _cli("verbs", "Close a ticket.", "close"),
    "merge": _cli("shelving", "Make a ticket part of another.", "merge"),
    "split": _cli("shelving", "Make a message a ticket of its own.", "split"),
    "link": _cli("shelving", "Name another ticket as related.", "link"),
    "spam": _cli("shelving", "Put a ticket away as spam.", "spam"),
    "snooze": _cli("shelving", "Hide a ticket until a time.", "snooze"),
    "open": _cli("open", "Open a ticket on a licensee's behalf."),
    "attachment": _cli("attachment", "Save an attachment to a file."),
    "explain": _cli("explain", "Explain each deadline of a ticket and the clause it rests on."),
    "journal": _cli("journal", "See what came in and what became of it."),
    "outbox": _cli("outbox", "See what leaves and how far it is."),
    "quality": _cli("quality", "Work out a month's quality of the desk and each agent."),
    "departments": _cli("departments", "Work out a month's second line."),
    "regulation": _cli("regulation", "Show and check the rules the desk lives by."),
    "agents": _cli("agents", "Keep the registry of agents."),
    "licensees": _cli("licensees", "Keep the registry of licensees."),
    "shifts": _cli("shifts", "Keep the roster of shifts and check its cover."),
    "import-history": _cli("import_history", "Take over tickets from another system."),
    "db": _cli("db", "Migrate, back up and check the database."),
    "export": _cli("export", "Write everything as JSON Lines and .eml."),
    "import": _cli("import_", "Read back what export wrote."),
    "forget": _cli("forget", "Erase a person's data."),
    "keys": _cli("keys", "Replace the keys that sign addresses and links."),
    "contact": _cli("contact", "Say who a ticket's client is."),
    "snippets": _cli("snippets", "Keep the canned answers agents start letters from."),
    "typing": _cli("typing", "Learn types and topics from agents' corrections."),
}
