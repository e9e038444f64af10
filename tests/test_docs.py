"""What the documents show works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gateway.cli.table import COMMANDS
from gateway.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [
    pytest.param(found[1], id=f"{path.stem}-{number}")
    for path in DOCUMENTS
    for number, found in enumerate(
        re.finditer(r"^```toml\n(.*?)^```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    )
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_settings_loads(example: str, tmp_path: Path) -> None:
    for name in re.findall(r'_file = "/etc/otklik/([a-z-]+)"', example):
        (tmp_path / name).write_text("name:secret")
        (tmp_path / name).chmod(0o600)
    file = tmp_path / "otklik.toml"
    file.write_text(example.replace("/etc/otklik", str(tmp_path)), encoding="utf-8")
    assert load_settings(file, {}).desk.address
    assert tomllib.loads(example)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_command_a_document_names_is_one(path: Path) -> None:
    named = set(re.findall(r"\botklik(?: --config \S+)? ([a-z][a-z-]+)\b", "\n".join(code_of(path.read_text("utf-8")))))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_link_inside_the_house_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def code_of(text: str) -> list[str]:
    """What stands in backquotes, and lines of blocks that call otklik by its path."""
    blocks = re.findall(r"^```(?:sh|ini)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    calls = [
        line[found.start() :]
        for block in blocks
        for line in block.splitlines()
        if (found := re.search(r"(?<=/bin/)otklik\b", line))
    ]
    return [*re.findall(r"`([^`\n]+)`", text), *calls]
