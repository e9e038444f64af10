"""From the TOML text of a regulation to `Rules`: every key is read once, checked, and none is left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from intake.regulation.errors import RegulationError
from intake.regulation.rules import Entry, Rules
from intake.regulation.section_hours import read_completion, read_hours, read_reaction, read_shift
from intake.regulation.section_quality import read_quality, read_second_line
from intake.regulation.section_tickets import read_statuses, read_terms, read_types
from intake.regulation.table import Table

SHIPPED = "regulation-2.0.toml"


def shipped_text() -> str:
    """The TOML text of the regulation that comes with the package."""
    from importlib.resources import files

    return files("intake.regulation").joinpath(SHIPPED).read_text(encoding="utf-8")


def load_rules(text: str, source: str = SHIPPED) -> Rules:
    """The rules of a TOML text; ``source`` is how errors call it. Raises `RegulationError`, always one line."""
    import tomllib
    from decimal import Decimal

    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ArithmeticError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise RegulationError(f"{source}: not TOML: {reason}") from error
    return _read(Table(source, "", values), tuple(_entries(values)))


def _read(root: Table, entries: tuple[Entry, ...]) -> Rules:
    terms_clause, terms = read_terms(root.table("terms"))
    rules = Rules(
        version=root.text("version"),
        title=root.text("title"),
        product=root.text("product"),
        terms_clause=terms_clause,
        terms=terms,
        hours=read_hours(root.table("hours")),
        shift=read_shift(root.table("shift")),
        types=read_types(root.table("types")),
        statuses=read_statuses(root.table("statuses")),
        reaction=read_reaction(root.table("reaction")),
        completion=read_completion(root.table("completion")),
        quality=read_quality(root.table("quality")),
        second_line=read_second_line(root.table("second_line"), root.table("channels")),
        entries=entries,
    )
    root.finish()
    return rules


def _entries(values: Mapping[str, object], path: str = "", clause: str | None = None) -> Iterator[Entry]:
    """Every value in the file's order; what lies under "own" rests on no clause."""
    for key, value in values.items():
        place = f"{path}.{key}" if path else key
        if key == "clause":
            continue
        if isinstance(value, dict):
            within = None if key == "own" else value.get("clause", clause)
            yield from _entries(value, place, within)
        else:
            yield Entry(place, value, clause)
