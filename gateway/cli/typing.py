"""``otklik typing``: learn types and topics from examples and corrections, and see how well that goes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.common import App, echo, json_option, pass_app, print_json, say

if TYPE_CHECKING:
    from intake.typing.examples import Example
    from intake.typing.measure import Tally

FEWEST, MOST = 2, 20

examples_option = click.option(
    "--examples",
    "files",
    metavar="FILE.jsonl",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Further labelled mails: subject, body, type, topic, criticality on each line. May be given several times.",
)
own_option = click.option("--no-shipped", is_flag=True, help="Leave out the examples that come with the package.")
folds_option = click.option(
    "--folds", type=click.IntRange(FEWEST, MOST), default=5, show_default=True, help="Parts to hold back in turn."
)


@click.group()
def command() -> None:
    """Learn how mails are typed, and see how well that goes."""


@command.command()
@examples_option
@own_option
@folds_option
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the model.  [default: typing-model.json beside the database]",
)
@pass_app
def train(app: App, files: tuple[Path, ...], no_shipped: bool, folds: int, output: Path | None) -> None:
    """Learn from the shipped examples, from FILEs, and from what agents corrected; write the desk's model.

    The model judges a question only where it beat the lexicon on examples held back. Same examples, same model.
    """
    from intake.typing.linear import model_path
    from intake.typing.measure import train as learn

    examples = gathered(files, no_shipped=no_shipped)
    say(f"learning from {len(examples)} examples")
    model = learn(examples, folds=folds)
    target = output or model_path(app.settings.storage.url)
    target.parent.mkdir(parents=True, exist_ok=True)
    model.save(target)
    for question, share in model.lexicon_share.items():
        say(f"{question}: {judge_of(share)}; asks below {model.sure[question]:.2f}")
    echo(str(target))


@command.command()
@examples_option
@own_option
@folds_option
@json_option
def test(files: tuple[Path, ...], no_shipped: bool, folds: int, as_json: bool) -> None:
    """Judge examples held back from learning by the lexicon, the model alone and both, and print how they did."""
    from intake.typing.measure import choose_shares, cross_validate, tallies

    examples = gathered(files, no_shipped=no_shipped)
    judged = cross_validate(examples, folds=folds)
    shares = choose_shares(judged)
    found = tallies(judged, shares)
    if as_json:
        print_json({name: {q: as_dict(tally) for q, tally in by.items()} for name, by in found.items()})
        return
    echo(f"{len(examples)} examples, {folds} parts held back in turn\n")
    for question in found["lexicon"]:
        echo(table(question, {name: by[question] for name, by in found.items()}, judge_of(shares[question])))


def gathered(files: Iterable[Path], *, no_shipped: bool) -> list[Example]:
    """All examples, each mail once, later labels first: what an agent corrects outweighs what was shipped."""
    from intake.typing.examples import read_examples, shipped_examples

    found = {} if no_shipped else {(e.subject, e.text): e for e in shipped_examples()}
    for file in files:
        try:
            found.update({(e.subject, e.text): e for e in read_examples(file)})
        except (ValueError, OSError) as error:
            raise click.UsageError(str(error)) from None
    examples = list(found.values())
    if len(examples) < MOST:
        raise click.UsageError(f"{len(examples)} examples are too few to learn from: at least {MOST} are needed")
    return examples


def judge_of(share: float | None) -> str:
    """In words who judges a question."""
    if share is None:
        return "the lexicon judges alone"
    return "the model judges with the lexicon's rules" + (f" and {share:g} of its scores" if share else "")


def as_dict(tally: Tally) -> dict[str, object]:
    """One tally for JSON."""
    labels = tally.labels()
    return {
        "asked": tally.asked,
        "accuracy": round(tally.accuracy, 4),
        "labels": {label: {"precision": tally.precision(label), "recall": tally.recall(label)} for label in labels},
        "confusion": {right: {given: tally.pairs[right, given] for given in labels} for right in labels},
    }


def table(question: str, tallied: dict[str, Tally], judge: str) -> str:
    """Accuracy, precision / recall for each label, and the confusion of what is used in the end."""
    last = tallied["combined"]
    labels = last.labels()
    lines = [f"{question}: {judge}", "", f"{'':<14}" + "".join(f"{name:>16}" for name in tallied)]
    lines.append(f"{'accuracy':<14}" + "".join(f"{tally.accuracy:>16.1%}" for tally in tallied.values()))
    for label in labels:
        cells = (f"{percent(tally.precision(label))} / {percent(tally.recall(label))}" for tally in tallied.values())
        lines.append(f"{label:<14}" + "".join(f"{cell:>16}" for cell in cells))
    lines += ["", f"{'is, judged →':<14}" + "".join(f"{label[:9]:>10}" for label in labels)]
    for right in labels:
        lines.append(f"{right:<14}" + "".join(f"{last.pairs[right, given] or '·':>10}" for given in labels))
    return "\n".join(lines) + "\n"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
