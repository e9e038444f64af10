"""What was filled in, checked: the same rules for form and API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from intake.forms import FilledForm
from intake.letters.addresses import valid_address
from intake.letters.enclosures import Enclosure
from intake.letters.headers import single_line
from intake.model import Type
from intake.reading import own_addresses
from intake.screening.recipients import may_write_to

if TYPE_CHECKING:
    from intake.settings import DeskSettings

Fault = Literal["required", "too_long", "invalid", "unreachable", "own_address"]

LONGEST: dict[str, int] = {
    "name": 200,
    "email": 254,
    "organisation": 300,
    "product": 200,
    "type": 20,
    "subject": 300,
    "body": 100_000,
}
REQUIRED = ("name", "email", "subject", "body")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field and what is wrong with it."""

    field: str
    fault: Fault


def checked(
    values: Mapping[str, str], files: tuple[Enclosure, ...], default: Type, desk: DeskSettings
) -> FilledForm | list[Wrong]:
    """The form that was filled in, or everything that is wrong with it."""
    given = {name: _cleaned(name, values.get(name, "")) for name in LONGEST}
    wrong = [Wrong(name, "required") for name in REQUIRED if not given[name]]
    wrong += [Wrong(name, "too_long") for name, most in LONGEST.items() if len(given[name]) > most]
    told = {one.field for one in wrong}
    fault = _email_fault(given["email"], desk)
    if fault is not None and "email" not in told:
        wrong.append(Wrong("email", fault))
    kind = _type(given["type"], default)
    if kind is None and "type" not in told:
        wrong.append(Wrong("type", "invalid"))
    if wrong:
        order = list(LONGEST)
        return sorted(wrong, key=lambda one: order.index(one.field))
    return FilledForm(
        name=given["name"],
        email=given["email"],
        subject=given["subject"],
        body=given["body"],
        organisation=given["organisation"],
        product=given["product"],
        type=kind,
        files=files,
    )


def _cleaned(name: str, value: str) -> str:
    line = single_line(value[: LONGEST[name] + 1000])
    if not line.strip():
        return ""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip("\n") if name == "body" else line


def _email_fault(address: str, desk: DeskSettings) -> Fault | None:
    own = own_addresses(desk)
    if not valid_address(address) or "." not in address.rpartition("@")[2]:
        return "invalid"
    if own.holds(address) or own.is_list(address):
        return "own_address"
    return None if may_write_to(address, own) else "unreachable"


def _type(value: str, default: Type) -> Type | None:
    if not value:
        return default
    return next((kind for kind in Type if kind.value == value), None)
