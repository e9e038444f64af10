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
from intake.quality.page import QualityPage
from templates.environment import environment
from templates.quality_rendering import render_quality

_NAMES: dict[type, str] = {
    AcknowledgementContext: "acknowledgement",
    ReplyContext: "reply",
    StatusContext: "status",
    StaffContext: "staff",
    DepartmentContext: "department",
}


def render_letter(context: Context | QualityPage) -> Rendered:
    """See `intake.letters.writing.Templates`."""
    if isinstance(context, QualityPage):
        return Rendered(context.title, "", render_quality(context))
    name = _NAMES[type(context)]
    values = {f.name: getattr(context, f.name) for f in fields(context)}
    made = environment()
    subject, text, html = (
        made.get_template(f"letters/{name}.{part}").render(values) for part in ("subject.txt", "txt", "html")
    )
    return Rendered(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")
