"""A wheel of the house holds everything it needs to run."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("gateway", "intake", "storage", "templates", "tui")


def shipped() -> set[str]:
    """Every file of the five rooms that is not a by-product."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    return {
        str(path.relative_to(ROOT))
        for path in found
        if path.suffix != ".pyc" and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a wheel that is built from a copy of the tree."""
    import shutil

    copy = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    line = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*line, "--no-build-isolation", "-w", str(copy / "out"), str(copy)], check=True, timeout=120)
    (built,) = (copy / "out").glob("otklik-*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_every_file_of_the_house_is_in_the_wheel(wheel: set[str]) -> None:
    assert sorted(shipped() - wheel) == []


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    assert sorted(name for name in wheel - shipped() if ".dist-info/" not in name) == []


def test_data_is_among_it(wheel: set[str]) -> None:
    kinds = (
        "intake/regulation/*.toml",
        "intake/regulation/*.json",
        "templates/letters/*.html",
        "storage/migrations/*.py",
    )
    assert all(any(Path(name).match(kind) for name in wheel) for kind in kinds)


def test_the_command_is_installed_by_it(wheel: set[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"otklik": "gateway.cli:main"}
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel)


def test_what_is_installed_is_what_is_asked_for() -> None:
    """The project's dependencies and requirements/base.in name the same packages."""
    import re

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = (ROOT / "requirements" / "base.in").read_text(encoding="utf-8").splitlines()

    def names(lines: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~! ]", line)[0] for line in lines if line and not line.startswith(("#", "-"))}

    assert names(project["dependencies"]) == names(listed)
    extras = (ROOT / "requirements" / "extras.in").read_text(encoding="utf-8").splitlines()
    assert names([name for extra in project["optional-dependencies"].values() for name in extra]) == names(extras)
