"""The agents' screen. Importing this package loads nothing; `tui.app` loads Textual."""
