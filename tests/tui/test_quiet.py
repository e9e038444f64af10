"""The screen costs nothing to those who do not open it, and knows no shell but itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import ROOT

MODULES = sorted((ROOT / "tui").rglob("*.py"))


def loaded(statement: str) -> set[str]:
    """The top-level modules a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["tui", "gateway.cli.tui", "gateway.cli.demo", "tui.workplace"])
def test_textual_is_loaded_only_when_a_screen_opens(module: str) -> None:
    assert not loaded(f"import {module}") & {"textual", "rich", "peewee"}


def test_the_screen_itself_loads_no_database_and_no_doors() -> None:
    assert not loaded("import tui.app") & {"peewee", "starlette", "aiosmtpd", "storage", "gateway", "templates"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_screen_imports_nothing_of_other_shells(path: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    assert not names & {"gateway", "storage", "templates", "tests"}
