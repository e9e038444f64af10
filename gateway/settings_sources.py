"""Where settings come from: the TOML file, over it the environment, secrets from their files."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.settings_errors import ENVIRONMENT, complaint, unknown_section, unknown_variable
from intake.errors import ConfigError

DEFAULT_FILE = Path("otklik.toml")
PREFIX = "OTKLIK_"
NESTED = {"web": ("api",)}
TABLES = ("departments", "forms")
LARGEST_FILE = 1024**2


@dataclass(slots=True)
class Raw:
    """Values as they were written, and for those of the environment the variable they came from."""

    source: str
    values: dict[str, Any]
    variables: dict[tuple[str, ...], str] = field(default_factory=dict)

    def origin(self, place: tuple[str, ...]) -> str | None:
        """The variable that gave the value at this place, or the section it stands in."""
        return next((self.variables[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.variables), None)


def read_file(path: Path | None) -> Raw:
    """The TOML file; the default one may be absent. Raises ConfigError."""
    chosen = path or DEFAULT_FILE
    import tomllib

    try:
        with chosen.open("rb") as file:
            text = file.read(LARGEST_FILE + 1)
        if len(text) > LARGEST_FILE:
            raise ConfigError(f"{chosen}: larger than a configuration can be; name the right file with --config")
        return Raw(str(chosen), tomllib.loads(text.decode("utf-8-sig")))
    except FileNotFoundError:
        if path is None:
            return Raw(str(chosen), {})
        raise ConfigError(f"{chosen}: no such file; name one with --config, or write one with otklik init") from None
    except OSError as error:
        raise ConfigError(f"{chosen}: can't be read ({error.strerror}); name a readable file with --config") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{chosen}: not UTF-8 text; save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{chosen}: not TOML: {' '.join(str(error).split())}; correct that line") from None


def overlay(raw: Raw, environ: Mapping[str, str], models: Mapping[str, Any]) -> None:
    """Lay ``OTKLIK_SECTION__KEY`` over the file's values. An empty variable counts as not set."""
    for name in sorted(environ):
        value = environ[name]
        if not name.startswith(PREFIX) or not value.strip():
            continue
        if name == "OTKLIK_IMAP":
            raw.values["imap"] = _json(name, value)
            raw.variables["imap",] = name
        elif "__" in name:
            _lay(raw, name, value, models)


def _lay(raw: Raw, name: str, value: str, models: Mapping[str, Any]) -> None:
    path = [part.lower() for part in name.removeprefix(PREFIX).split("__")]
    nested = path[0] in TABLES or (path[0] in NESTED and path[1] in NESTED[path[0]])
    if path[0] not in models or path[0] == "imap":
        raise unknown_variable(name, path[0], [m for m in models if m != "imap"])
    if len(path) != (3 if nested else 2) or not all(path):
        depth = "NAME__" if path[0] in TABLES else "API__" if path[:2] == ["web", "api"] else ""
        expected = f"{path[0].upper()}__{depth}KEY"
        raise ConfigError(f"{ENVIRONMENT}: {name}: not the name of a key; write {PREFIX}{expected}")
    model = models[path[0]]
    if nested and path[0] in NESTED:
        model = model.model_fields[path[1]].annotation
    table = raw.values
    for part in path[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise ConfigError(f"{raw.source}: [{'.'.join(path[:-1])}]: not a section; write it as a table")
    key = path[-1]
    known = model.model_fields.get(key)
    table[key] = _several(name, value, str(known.annotation)) if known else value
    if f"{key}_file" in model.model_fields:
        table.pop(f"{key}_file", None)
    raw.variables[tuple(path)] = name


def _several(name: str, value: str, annotation: str) -> Any:
    """A list from JSON or from words with commas, a table from JSON, anything else as it stands."""
    if annotation.startswith("dict") or (value.lstrip().startswith("[") and "tuple" in annotation):
        return _json(name, value)
    if annotation.startswith("tuple"):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _json(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ConfigError(f"{ENVIRONMENT}: {name}: not JSON; write it as JSON in one line") from None


def read_secrets(raw: Raw, models: Mapping[str, Any]) -> None:
    """Read every file that a key ``X_file`` names into X; X itself may only come from the environment."""
    for name, value in raw.values.items():
        if name not in models:
            raise unknown_section(raw.source, name, value, list(models))
        if name == "imap":
            for place, box in enumerate(value if isinstance(value, list) else []):
                _read_section(raw, ("imap", str(place)), box, models["imap"])
        elif name in TABLES:
            for key, table in value.items() if isinstance(value, dict) else []:
                _read_section(raw, (name, key), table, models[name])
        else:
            _read_section(raw, (name,), value, models[name])


def _read_section(raw: Raw, place: tuple[str, ...], table: Any, model: Any) -> None:
    if not isinstance(table, dict):
        return
    for nested in NESTED.get(place[0], ()) if len(place) == 1 else ():
        _read_section(raw, (*place, nested), table.get(nested), model.model_fields[nested].annotation)
    for key in [k for k in model.model_fields if f"{k}_file" in model.model_fields]:
        named = f"{key}_file"
        if key in table and raw.origin((*place, key)) is None:
            raise complaint(
                raw, (*place, key), "", f"a secret does not stand here; put it into a file named by {named}"
            )
        if isinstance(table.get(named), str) and key not in table:
            table[key] = _secret(raw, (*place, named), table[named])


def _secret(raw: Raw, place: tuple[str, ...], name: str) -> str:
    """What a secret's file holds, stripped. Refused where everybody on the machine may read it."""
    path = Path(os.path.expanduser(name))
    try:
        with path.open("rb") as file:
            if stat.S_ISREG(mode := os.fstat(file.fileno()).st_mode) and mode & 0o007:
                reason = "everybody on this machine may read or change that file; chmod 600 it"
                raise complaint(raw, place, name, reason)
            content = file.read(LARGEST_FILE)
        text = content.decode("utf-8").strip()
    except OSError as error:
        reason = f"can't be read ({error.strerror or 'error'}: {path.absolute()}); name a file this account may read"
        raise complaint(raw, place, name, reason) from None
    except UnicodeDecodeError:
        raise complaint(raw, place, name, "not a text file; put the secret alone into it") from None
    if not text:
        raise complaint(raw, place, name, "that file is empty; put the secret into it")
    return text
