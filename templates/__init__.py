"""Words of letters and pages: Jinja2 templates, one context dataclass each. A stranger's text is only ever data."""

from templates.letters_rendering import render_letter
from templates.pages_rendering import WebPages

__all__ = ["WebPages", "render_letter"]
