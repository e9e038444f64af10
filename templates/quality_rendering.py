"""The printed report of a month: one page of HTML that needs nothing beside it and runs nothing."""

from __future__ import annotations

from dataclasses import fields

from intake.quality import labels
from intake.quality.page import QualityPage
from templates import quality_charts
from templates.environment import environment


def render_quality(page: QualityPage) -> str:
    """The report as HTML with inline SVG."""
    values = {f.name: getattr(page, f.name) for f in fields(page)}
    template = environment().get_template("pages/quality.html")
    return template.render(values, charts=quality_charts, figure=labels.figure).strip() + "\n"
