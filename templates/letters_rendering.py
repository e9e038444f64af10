"""From a letter's context to its subject, text and HTML."""

from __future__ import annotations

from dataclasses import fields

from intake.letters.contexts import (
    AcknowledgementContext,
    Context,
    DepartmentContext,
    Rendered,
    ReplyContext,
    StaffContext,
    StatusContext,
)
from templates.environment import environment

_NAMES: dict[type, str] = {
    AcknowledgementContext: "acknowledgement",
    ReplyContext: "reply",
    StatusContext: "status",
    StaffContext: "staff",
    DepartmentContext: "department",
}


def render_letter(context: Context) -> Rendered:
    """See `intake.letters.writing.Templates`."""
    name = _NAMES[type(context)]
    values = {f.name: getattr(context, f.name) for f in fields(context)}
    made = environment()
    subject, text, html = (
        made.get_template(f"letters/{name}.{part}").render(values) for part in ("subject.txt", "txt", "html")
    )
    return Rendered(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")
