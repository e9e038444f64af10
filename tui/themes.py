"""Two looks, made for long days: low contrast between areas, high contrast of text, few colours that mean something."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="otklik-dark",
    primary="#7aa2f7",
    secondary="#5f7ea8",
    accent="#e0af68",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#d5d9e6",
    background="#16181d",
    surface="#1d1f24",
    panel="#272930",
    dark=True,
    variables={"footer-key-foreground": "#7aa2f7", "block-cursor-background": "#33415e", "quiet": "#8b909c"},
)
LIGHT = Theme(
    name="otklik-light",
    primary="#2456a6",
    secondary="#5b708f",
    accent="#9a5b00",
    warning="#8a5200",
    error="#b3203a",
    success="#2f6f2a",
    foreground="#20242c",
    background="#f6f6f4",
    surface="#eeeeeb",
    panel="#e2e2de",
    dark=False,
    variables={"footer-key-foreground": "#2456a6", "block-cursor-background": "#c9d8f0", "quiet": "#6d7178"},
)
THEMES = {"dark": DARK, "light": LIGHT}
