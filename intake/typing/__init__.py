"""Type, second-line topic and criticality of a mail, each with the words it rests on and a confidence."""

from intake.typing.judge import classify
from intake.typing.verdict import Evidence, Guess, Typing

__all__ = ["Evidence", "Guess", "Typing", "classify"]
