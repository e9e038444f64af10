"""``otklik typing``: learn types and topics from examples and corrections, and see how well that goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.common import App, echo, json_option, pass_app, print_json, say

if TYPE_CHECKING:
    from intake.typing.examples import Example
    from intake.typing.measure import Tally
    from intake.typing.teaching import Comparison, Taught

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
corrections_option = click.option("--no-corrections", is_flag=True, help="Leave out what agents corrected.")
folds_option = click.option(
    "--folds", type=click.IntRange(FEWEST, MOST), default=5, show_default=True, help="Parts to hold back in turn."
)


@click.group()
def command() -> None:
    """Learn how mails are typed, and see how well that goes."""


@command.command()
@examples_option
@own_option
@corrections_option
@folds_option
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Only write the whole model to FILE; what the desk uses stays as it is.",
)
@click.pass_context
def train(
    ctx: click.Context,
    files: tuple[Path, ...],
    no_shipped: bool,
    no_corrections: bool,
    folds: int,
    output: Path | None,
) -> None:
    """Learn from the shipped examples, from FILEs, and from what agents corrected; put the desk's model in use.

    It judges type, topic or criticality only where it does better on the desk's mails, held back from learning, than
    the model that comes with the package, and no worse on the package's examples. A running gateway takes it up within
    a minute. Same lessons, same model. Words that only one person wrote are left out of it.
    """
    lessons = gathered(ctx.obj, files, no_shipped=no_shipped, no_corrections=no_corrections)
    say(f"learning from {len(lessons.shipped)} examples of the package and {len(lessons.own)} of the desk")
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(lessons, folds, output)
        echo(str(output))
        return
    if not lessons.own:
        say("nobody has corrected anything: the package's own model knows all of this")
        echo("unchanged")
        return
    result = taught_by(lessons, folds)
    for line in compared(result.compared):
        say(line)
    echo("unchanged" if result.model is None else f"model {put(ctx, result.model.packed(), figures(result))}")


@command.command()
@click.pass_context
def reset(ctx: click.Context) -> None:
    """Judge by the package's own model again. What agents corrected stays, to be learnt from another time."""
    echo(f"model {put(ctx, '', '{}')}")


@command.command()
@examples_option
@own_option
@corrections_option
@folds_option
@json_option
@pass_app
def test(app: App, files: tuple[Path, ...], no_shipped: bool, no_corrections: bool, folds: int, as_json: bool) -> None:
    """Judge examples held back from learning by the lexicon, the model alone and both, and print how they did.

    Where agents corrected something, how the package's model and one taught by them do on the desk's own mails.
    """
    from intake.typing.measure import choose_shares, cross_validate, tallies

    lessons = gathered(app, files, no_shipped=no_shipped, no_corrections=no_corrections)
    judged = cross_validate([*lessons.shipped, *lessons.own], folds=folds)
    shares = choose_shares(judged)
    found = tallies(judged, shares)
    result = taught_by(lessons, folds) if lessons.own else None
    if as_json:
        told: dict[str, object] = {name: {q: as_dict(tally) for q, tally in by.items()} for name, by in found.items()}
        print_json(told if result is None else told | {"desk": plain(result.compared)})
        return
    echo(f"{len(judged)} examples, {folds} parts held back in turn\n")
    for question in found["lexicon"]:
        echo(table(question, {name: by[question] for name, by in found.items()}, judge_of(shares[question])))
    for line in compared(result.compared) if result else ():
        echo(line)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Examples of the package, those of the desk (FILEs and corrections), and mails that agents let stand."""

    shipped: list[Example]
    own: list[Example]
    confirmed: list[Example]


def gathered(app: App, files: Iterable[Path], *, no_shipped: bool, no_corrections: bool) -> Gathered:
    """Everything to learn from, each mail once; a desk's own word on a shipped mail takes its place."""
    from gateway.cli.lessons import taught
    from intake.typing.examples import read_examples, shipped_examples
    from intake.typing.own_examples import examples_of

    corrected, confirmed = ([], []) if no_corrections else taught(app.settings.storage)
    own = {(e.subject, e.text): e for e in examples_of(corrected)}
    for file in files:
        try:
            own.update({(e.subject, e.text): e for e in read_examples(file)})
        except (ValueError, OSError) as error:
            raise click.UsageError(str(error)) from None
    shipped = [] if no_shipped else [e for e in shipped_examples() if (e.subject, e.text) not in own]
    if len(shipped) + len(own) < MOST:
        raise click.UsageError(
            f"{len(shipped) + len(own)} examples are too few to learn from: at least {MOST} are needed"
        )
    return Gathered(shipped, list(own.values()), examples_of(confirmed))


def taught_by(lessons: Gathered, folds: int) -> Taught:
    """The desk's model, compared with the package's."""
    from intake.typing import load_model
    from intake.typing.teaching import teach

    return teach(lessons.shipped, lessons.own, load_model(), confirmed=lessons.confirmed, folds=folds)


def write_whole(lessons: Gathered, folds: int, output: Path) -> None:
    """A model of everything, in a file."""
    from intake.typing.measure import train as learn

    model = learn([*lessons.shipped, *lessons.own], folds=folds)
    model.save(output)
    for question, share in model.lexicon_share.items():
        say(f"{question}: {judge_of(share)}; asks below {model.sure[question]:.2f}")


def put(ctx: click.Context, text: str, told: str) -> int:
    """Put a model in use on the desk; its version."""
    from gateway.cli.parts import opened

    with opened(ctx) as parts:
        now = parts.clock()
        return parts.store.write(lambda tx: tx.lessons.put_model(text, told, now))


def figures(result: Taught) -> str:
    """How a model was judged, as JSON."""
    import json

    return json.dumps(plain(result.compared), sort_keys=True)


def plain(found: Mapping[str, Comparison]) -> dict[str, dict[str, object]]:
    from dataclasses import asdict

    return {question: {**asdict(one), "better": one.better} for question, one in found.items()}


def compared(found: Mapping[str, Comparison]) -> list[str]:
    """A line for each question: how both models did on the desk's mails, and which is to judge."""
    lines = []
    for question, one in found.items():
        judge = "what agents taught" if one.better else "the package's model"
        lines.append(
            f"{question}: {one.asked} mails of the desk, {one.corrected} corrected; right: the package's model"
            f" {one.package_right}, the taught one {one.taught_right}; {judge} judges"
        )
    return lines


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
