"""Files on this machine: those chosen to go with a letter, and those saved from one. Called on worker threads."""

from __future__ import annotations

import errno
import mimetypes
import os
import secrets
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake.errors import Refused
from intake.letters.enclosures import Enclosure, file_name
from intake.mail.reading import attachment_bytes
from intake.visible import visible
from tui.labels import size_words

if TYPE_CHECKING:
    from tui.workplace import Workplace

MOST_BYTES: Final = 18 << 20
"""Of all files of a letter: base64 makes a third more of them, and 25 MB is what most mail servers take."""
MOST_FILES: Final = 50
LONGEST_NAME: Final = 200
TRIES: Final = 1000
TROUBLES: Final = {
    errno.ENOSPC: "на диске нет места",
    errno.EDQUOT: "место на диске исчерпано",
    errno.EACCES: "нет доступа",
    errno.EPERM: "нет доступа",
    errno.EROFS: "диск только для чтения",
    errno.ENOENT: "такого файла или папки нет",
    errno.ENOTDIR: "это не папка",
    errno.EISDIR: "это папка",
    errno.ENAMETOOLONG: "слишком длинное имя",
    errno.EFBIG: "файл слишком большой для этого диска",
    errno.EIO: "диск не отвечает",
}
_HARMLESS: Final = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


def expanded(typed: str) -> Path:
    """A path as it is typed: ``~`` is the home folder, spaces and quotes around it do not count."""
    return Path(os.path.expanduser(typed.strip().strip("'\"")))


def measured(paths: Iterable[str]) -> list[tuple[str, int]]:
    """The files with their sizes. Raises Refused with the reason where one cannot be sent."""
    found = []
    for name in paths:
        path = expanded(name)
        try:
            if not path.is_file():
                raise Refused(f"{name}: такого файла нет" if not path.exists() else f"{name}: это не файл")
            size = path.stat().st_size
            if not os.access(path, os.R_OK):
                raise Refused(f"{name}: файл нельзя прочитать")
        except OSError as error:
            raise Refused(f"{name}: {trouble_words(error)}") from error
        found.append((str(path.absolute()), size))
    total = sum(size for _, size in found)
    if total > MOST_BYTES:
        raise Refused(f"Вместе {size_words(total)}, а можно не больше {size_words(MOST_BYTES)}")
    if len(found) > MOST_FILES:
        raise Refused(f"Не больше {MOST_FILES} файлов в одном письме")
    return found


def enclosures(paths: Sequence[str]) -> list[Enclosure]:
    """The files as they go with a letter. Raises Refused."""
    found = []
    for name, size in measured(paths):
        try:
            with Path(name).open("rb") as file:
                data = file.read(size + 1)
        except OSError as error:
            raise Refused(f"{name}: {trouble_words(error)}") from error
        found.append(Enclosure(Path(name).name, enclosure_kind(name), data))
    return found


def enclosure_kind(name: str) -> str:
    """The media type a file's name tells."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def completed(typed: str, folders_only: bool = False) -> str | None:
    """What is typed of a path, as far as the names in its folder leave no choice; None where they add nothing."""
    head, _, tail = typed.rpartition("/")
    folder = expanded(head + "/") if "/" in typed else Path()
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                (entry.name + ("/" if entry.is_dir() else ""))
                for entry in entries
                if entry.name.startswith(tail) and (tail or not entry.name.startswith("."))
                if entry.is_dir() or not folders_only
            )
    except OSError:
        return None
    first, last = (found[0], found[-1]) if found else ("", "")
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    common = "".join(letter for letter, _ in same)
    if len(found) > 1 and common == tail:
        common = found[0]
    done = typed[: len(typed) - len(tail)] + common
    return done if found and done != typed and done == visible(done) else None


def safe_name(name: str) -> str:
    """A stranger's file name as one that is harmless here: no folders, no hidden file, nothing invisible."""
    text = visible(file_name(name)).translate(_HARMLESS).strip(". ") or "attachment"
    while len(os.fsencode(text)) > LONGEST_NAME:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[:-1]}{dot}{ending}" if stem and len(ending) <= 16 else text[:-1]
    return text


def save(at: Workplace, number: int, attachment: str, folder: Path) -> Path:
    """Write an attachment to a new file in a folder; what is there is never overwritten. Raises Refused, NotFound."""
    with at.store.read() as tx:
        stored, raw = tx.messages.attachment(number, attachment)
    if not folder.is_dir():
        raise Refused(f"{folder}: такой папки нет")
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        _write(part, attachment_bytes(raw, stored.part))
        return _named(part, folder, safe_name(stored.filename))
    except OSError as error:
        raise Refused(f"{folder}: {trouble_words(error)}, файл не сохранён") from error
    finally:
        part.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """A new file, on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _named(part: Path, folder: Path, name: str) -> Path:
    """The written file under the first name that is free."""
    stem, dot, ending = name.rpartition(".")
    for count in range(1, TRIES):
        more = f" ({count})" if count > 1 else ""
        path = folder / (f"{stem}{more}{dot}{ending}" if stem else f"{name}{more}")
        try:
            _take(part, path)
        except FileExistsError:
            continue
        return path
    raise Refused(f"{folder}: таких файлов там уже слишком много")


def _take(part: Path, path: Path) -> None:
    """Give the file a name unless something has it. Where there are no hard links, the name is taken first."""
    try:
        os.link(part, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        try:
            part.replace(path)
        except OSError:
            path.unlink(missing_ok=True)
            raise


def trouble_words(error: OSError) -> str:
    """Why a file cannot be read or written."""
    return TROUBLES.get(error.errno or 0, f"система отвечает «{error.strerror or type(error).__name__}»")
