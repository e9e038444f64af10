"""The API's JSON, read strictly: known fields, texts, files in base64, nothing deep, nothing that is no JSON."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as BadBase64
from dataclasses import dataclass
from typing import Any, NoReturn

from gateway.web.backstage import MAX_FILES
from gateway.web.fields import LONGEST
from intake.letters.enclosures import Enclosure

FILE_KEYS = ("filename", "content_type", "base64")
LONGEST_NAME = 255
KEY_PATTERN = "^[!-~]([ -~]{0,254}[!-~])?$"
"""What an Idempotency-Key looks like."""


class BadJson(Exception):
    """What is wrong, in a sentence; ``field`` where it is one's."""

    def __init__(self, message: str, field: str | None = None, status: int = 422, code: str = "invalid") -> None:
        super().__init__(message)
        self.field = field
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Given:
    """Texts by field, and files."""

    values: dict[str, str]
    files: tuple[Enclosure, ...]


def given(body: bytes, max_size: int) -> Given:
    """The fields of a request; ``max_size`` octets are allowed for all files together. Raises BadJson."""
    read = _parsed(body)
    if not isinstance(read, dict):
        raise BadJson("Send a JSON object.", status=400, code="invalid_json")
    for name in read:
        if name not in LONGEST and name != "files":
            known = ", ".join([*LONGEST, "files"])
            raise BadJson(f"There is no such field; there are {known}.", _shown(name), code="unknown_field")
    values: dict[str, str] = {}
    for name in LONGEST:
        value = read.get(name)
        if value is not None and not isinstance(value, str):
            raise BadJson("Send a string.", name)
        if name == "type" and value == "":
            raise BadJson("This value is not valid.", name)
        values[name] = value or ""
    return Given(values, _files(read.get("files"), max_size))


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_json)
    except (ValueError, RecursionError):
        raise BadJson("The body is not valid JSON in UTF-8.", status=400, code="invalid_json") from None


def _no_json(name: str) -> NoReturn:
    raise ValueError(name)


def _files(value: Any, max_size: int) -> tuple[Enclosure, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_FILES:
        raise BadJson(f"Send a list of at most {MAX_FILES} files.", "files")
    files = tuple(_file(one) for one in value)
    if sum(len(file.data) for file in files) > max_size:
        raise BadJson("The files are larger than this desk takes.", "files", 413, "too_large")
    return files


def _file(value: Any) -> Enclosure:
    if not isinstance(value, dict) or not set(value) <= set(FILE_KEYS) or "base64" not in value:
        raise BadJson("A file is {filename, content_type, base64}.", "files")
    if not all(isinstance(text, str) for text in value.values()):
        raise BadJson("Filename, content type and base64 of a file are strings.", "files")
    name = value.get("filename", "")
    if len(name) > LONGEST_NAME:
        raise BadJson(f"A file name has at most {LONGEST_NAME} characters.", "files")
    try:
        data = b64decode(value["base64"].encode("ascii"), validate=True)
    except (BadBase64, ValueError):
        raise BadJson("The content of a file is not base64.", "files") from None
    return Enclosure(name, value.get("content_type", ""), data)


def _shown(name: str) -> str:
    return name[:60]
