"""The description of the API (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from gateway.web.backstage import MAX_FILES
from gateway.web.fields import LONGEST, REQUIRED
from gateway.web.json_body import KEY_PATTERN, LONGEST_NAME
from intake.model import Type

_TIME = {"type": "string", "format": "date-time"}
_MEANING = {
    "name": "Who asks.",
    "email": "Where the answer goes.",
    "organisation": "The licensee.",
    "product": "The product it is about.",
    "type": "What kind of request it is; an improvement where nothing is said.",
    "subject": "A few words.",
    "body": "The request itself.",
}


_SEEN = "[!-~\u00a1-\u167f\u1681-\u1fff\u3040-\ud7ff]"
"""A character that can be seen."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LOCAL = rf"({_ATOM}{{1,64}}|{_ATOM}{{1,31}}\.{_ATOM}{{1,32}}|{_ATOM}{{1,20}}\.{_ATOM}{{1,21}}\.{_ATOM}{{1,21}})"
_ADDRESS = rf"^{_LOCAL}@([A-Za-z0-9]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.){{1,4}}[A-Za-z]{{2,24}}$"
"""Not every address that is taken: of longer names and other alphabets the desk knows more than a pattern can say."""
_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


def _text(name: str) -> dict[str, Any]:
    about: dict[str, Any] = {"type": "string", "maxLength": LONGEST[name], "description": _MEANING[name]}
    if name in REQUIRED:
        return {**about, "minLength": 1, "pattern": _ADDRESS if name == "email" else _SEEN}
    if name == "type":
        kinds = [*map(str, Type), None]
        return {"enum": kinds, "default": "improvement", "description": _MEANING[name]}
    return {**about, "type": ["string", "null"]}


def _answer(description: str, schema: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content, **({"headers": headers} if headers else {})}


_RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
_POST: dict[str, Any] = {
    "operationId": "createRequest",
    "summary": "Open a request",
    "description": "The request is kept durably before it is answered.",
    "security": [{"key": []}],
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same key with the same request is answered with the same ticket, however often.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 256, "pattern": KEY_PATTERN},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request"}}},
    },
    "responses": {
        "201": _answer("A ticket with its deadlines.", "Ticket"),
        "202": _answer("Kept; it becomes a ticket soon.", "Kept"),
        "400": _answer("Not JSON, or a header is wrong.", "Error"),
        "401": _answer("No key of this desk.", "Error", {"WWW-Authenticate": {"schema": {"type": "string"}}}),
        "408": _answer("It took too long to arrive.", "Error"),
        "409": _answer("Another request was sent under this Idempotency-Key.", "Error"),
        "413": _answer("Larger than this desk takes.", "Error"),
        "415": _answer("Not application/json.", "Error"),
        "422": _answer("A field is wrong.", "Error"),
        "429": _answer("Too many wrong keys.", "Error", _RETRY),
        "503": _answer("Not now; try again.", "Error", _RETRY),
    },
}
_SCHEMAS: dict[str, Any] = {
    "Request": {
        "type": "object",
        "additionalProperties": False,
        "required": list(REQUIRED),
        "properties": {
            **{name: _text(name) for name in LONGEST},
            "files": {"type": ["array", "null"], "maxItems": MAX_FILES, "items": {"$ref": "#/components/schemas/File"}},
        },
    },
    "File": {
        "type": "object",
        "additionalProperties": False,
        "required": ["base64"],
        "properties": {
            "filename": {"type": "string", "maxLength": LONGEST_NAME},
            "content_type": {"type": "string"},
            "base64": {"type": "string", "contentEncoding": "base64", "pattern": _BASE64},
        },
    },
    "Ticket": {
        "type": "object",
        "required": ["key", "type", "opened_at", "reaction_due", "completion_due"],
        "properties": {
            "key": {"type": "string", "examples": ["VD-1042"]},
            "type": {"type": "string", "enum": [*map(str, Type)]},
            "opened_at": _TIME,
            "reaction_due": _TIME,
            "completion_due": {"type": ["string", "null"], "format": "date-time"},
        },
    },
    "Kept": {"type": "object", "required": ["journal"], "properties": {"journal": {"type": "integer"}}},
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "field"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "field": {"type": ["string", "null"]},
                },
            }
        },
    },
}
DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "otklik", "version": "1", "description": "Requests to a support desk from other programs."},
    "paths": {"/api/v1/requests": {"post": _POST}},
    "components": {
        "schemas": _SCHEMAS,
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
    },
}
