"""File name endings and media types, a small fixed table: the same on every machine."""

from __future__ import annotations

_TABLE = {
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eml": "message/rfc822",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".htm": "text/html",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".log": "text/plain",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rtf": "application/rtf",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".vcf": "text/vcard",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
_PREFERRED = {"image/jpeg": ".jpg", "text/html": ".html", "text/plain": ".txt", "image/tiff": ".tif"}
_ENDINGS = (
    {kind: ending for ending, kind in _TABLE.items()}
    | _PREFERRED
    | {
        "text/rtf": ".rtf",
        "text/xml": ".xml",
        "text/x-vcard": ".vcf",
        "image/jpg": ".jpg",
        "application/pgp-keys": ".asc",
    }
)


def type_of(filename: str) -> str:
    """The media type a file name's ending tells, application/octet-stream when it tells none."""
    dot = filename.rfind(".")
    return _TABLE.get(filename[dot:].lower(), "application/octet-stream") if dot >= 0 else "application/octet-stream"


def extension_of(content_type: str) -> str:
    """The usual ending for a media type, with its dot; ``.bin`` when there is none."""
    return _ENDINGS.get(content_type, ".txt" if content_type.startswith("text/") else ".bin")
