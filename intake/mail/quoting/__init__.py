"""What the sender wrote this time: the text of a mail without quoted history, without signature."""

from intake.mail.quoting.reply import NewText, new_text

__all__ = ["NewText", "new_text"]
