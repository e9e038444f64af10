"""Words of letters and pages: Jinja2 templates, one context dataclass each. A stranger's text is only ever data."""

from templates.letters_rendering import render_letter

__all__ = ["render_letter"]
