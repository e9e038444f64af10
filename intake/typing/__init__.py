"""Type, second-line topic and criticality of a mail, each with the words it rests on and a confidence."""

from intake.typing.judge import classify
from intake.typing.linear import Model, load_model, model_path
from intake.typing.verdict import Evidence, Guess, Typing

__all__ = ["Evidence", "Guess", "Model", "Typing", "classify", "load_model", "model_path"]
