"""A minute of coverage-guided fuzzing for each reader in CI, some seconds elsewhere; found inputs stay tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS
from tests.support.programs import ROOT

CORPUS = Path(__file__).parent / "corpus"
SECONDS = os.environ.get("FUZZ_SECONDS") or ("60" if os.environ.get("CI") == "true" else "5")
KEPT = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", KEPT, ids=[f"{path.parent.name}-{path.name[:14]}" for path in KEPT])
def test_what_was_found_once_stays_mended(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_new_is_found(name: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="the fuzzer has no wheel for this Python")
    line = [sys.executable, "-m", "tests.fuzz.run", name, SECONDS, str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=240, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
