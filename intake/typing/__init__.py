"""Type, second-line topic and criticality of a mail, each with the words it rests on and a confidence."""

from intake.typing.judge import classify
from intake.typing.linear import Model, desk_model, load_model
from intake.typing.verdict import Evidence, Guess, Typing

__all__ = ["Evidence", "Guess", "Model", "Typing", "classify", "desk_model", "load_model"]
