"""The house keeps its shape: dependency arrows, small rooms, no traces of the machines it was built on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = "intake"
SHELLS = ("gateway", "storage", "templates", "tui")
LARGEST_FILE, LARGEST_FUNCTION = 350, 50
HEAVY = {"textual", "rich", "peewee", "playhouse", "starlette", "uvicorn", "aiosmtpd", "slack_sdk", "psycopg", "click"}
EFFECTS = {"peewee", "sqlite3", "socket", "asyncio", "threading", "subprocess", "requests", "http", "random", "time"}


@cache
def files() -> tuple[Path, ...]:
    """Every Python file that ships."""
    return tuple(path for name in (CORE, *SHELLS) for path in sorted((ROOT / name).rglob("*.py")))


@cache
def tracked() -> tuple[Path, ...]:
    """Every text that is under version control, or where there is no git, every file that would be."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [name for name in done.stdout.decode().split("\0") if name]
    return tuple(path for path in map(ROOT.joinpath, names) if path.is_file())


def text_of(path: Path) -> str:
    """The text of a file; of mails and other bytes what can be read of it."""
    return path.read_text(encoding="utf-8", errors="replace")


def imported(tree: ast.AST) -> Iterator[str]:
    """Names of modules that the code imports, at its top or late; not what only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield node.module or ""
        yield from imported(node)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def may_import(module: str, other: str) -> bool:
    """The arrows: shells → intake → intake.regulation; only the composition root and the CLI see every shell."""
    room, seen = module.partition(".")[0], other.partition(".")[0]
    if seen not in (CORE, *SHELLS):
        return True
    if is_in(module, "intake.regulation"):
        return is_in(other, "intake.regulation")
    return seen in (room, CORE) or module == "gateway.bootstrap" or is_in(module, "gateway.cli")


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("path", files(), ids=module_of)
def test_dependencies_point_one_way(path: Path) -> None:
    wrong = [name for name in imported(ast.parse(text_of(path))) if not may_import(module_of(path), name)]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "other", "allowed"),
    [
        ("intake.desk", "storage", False),
        ("intake.desk", "gateway.settings", False),
        ("intake.desk", "intake.regulation.rules", True),
        ("intake.regulation.rules", "intake.model", False),
        ("intake.regulation", "intake.regulation.rules", True),
        ("intake.regulations", "intake.errors", True),
        ("storage.store", "intake.ports", True),
        ("storage.store", "gateway.settings", False),
        ("tui.app", "storage", False),
        ("gateway.smtp_door", "storage", False),
        ("gateway.bootstrap", "storage", True),
        ("gateway.cli.serve", "tui.app", True),
        ("tui.app", "textual", True),
    ],
)
def test_the_arrows_are_those_of_the_house(module: str, other: str, allowed: bool) -> None:
    assert may_import(module, other) is allowed


def loaded_by(module: str) -> set[str]:
    """Top-level names that are loaded once a module is, in a fresh interpreter."""
    program = f"import sys, {module}; print(*(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_core_loads_no_shell_and_no_framework() -> None:
    assert not loaded_by("intake.desk") & (HEAVY | set(SHELLS))


def test_the_regulation_is_pure() -> None:
    """No clock, no database, no network: not even imported by its own code, late or early."""
    found = {
        (module_of(path), name)
        for path in files()
        if is_in(module_of(path), "intake.regulation")
        for name in imported(ast.parse(text_of(path)))
        if name.partition(".")[0] in EFFECTS
    }
    assert found == set()


def test_only_storage_knows_peewee() -> None:
    found = {
        module_of(path)
        for path in files()
        for name in imported(ast.parse(text_of(path)))
        if name.partition(".")[0] in ("peewee", "playhouse") and not module_of(path).startswith("storage")
    }
    assert found == set()


@pytest.mark.parametrize("path", files(), ids=module_of)
def test_rooms_are_small(path: Path) -> None:
    text = text_of(path)
    assert len(text.splitlines()) <= LARGEST_FILE
    if path.parent.name == "migrations":
        return  # a step of the schema is one list of tables, and once released it never changes
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LARGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", files(), ids=module_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(text_of(path))
    assert ast.get_docstring(tree) or not tree.body


# Built from parts, so that this file does not hold what it looks for.
TRACES = {
    "registry": "|".join((r"pypi" + r"\.org", r"python" + r"hosted\.org", r"npm" + r"js\.(?:org|com)")),
    "machine": "|".join(
        ("/wo" + r"rk/(?:main|shared|\.library)", "/home/[a-z]+/", "/ro" + r"ot/", r"/opt/(?:pypi|wheels)")
    ),
    "unfinished": "|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bX" + r"XX\b")),
}


@pytest.mark.parametrize("kind", TRACES)
def test_no_file_holds_traces_of_its_making(kind: str) -> None:
    pattern = re.compile(TRACES[kind])
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix not in (".eml", ".mbox", ".png", ".gif")
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_no_empty_promise_is_left_in_the_code() -> None:
    """A body that only raises NotImplementedError answers nothing."""
    found = [
        f"{module_of(path)}:{node.lineno}"
        for path in files()
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
    ]
    assert found == []


def test_every_command_is_documented() -> None:
    from gateway.cli.table import COMMANDS

    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    text = "\n".join(map(text_of, documents))
    there = [name for name, entry in COMMANDS.items() if (ROOT / (entry.module.replace(".", "/") + ".py")).exists()]
    assert [name for name in there if not re.search(rf"\botklik {re.escape(name)}\b", text)] == []


def test_requirements_are_pinned_with_hashes_and_name_no_host() -> None:
    for name in ("base", "build", "dev", "extras"):
        lines = text_of(ROOT / "requirements" / f"{name}.txt").splitlines()
        pins = [line for line in lines if re.match(r"[a-z0-9]", line)]
        assert pins
        assert all(re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ; .*)? \\$", line) for line in pins), name
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", "\n".join(lines))) >= len(pins)
        assert not re.search(r"://|--(?:extra-)?index-url|--find-links", "\n".join(lines))
