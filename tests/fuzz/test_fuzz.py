"""A minute of coverage-guided fuzzing for each reader in CI, some seconds elsewhere; found inputs stay tests.

The seed is fixed, so that a failure tells of the code and not of the day; ``make fuzz`` goes new ways for longer.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS
from tests.support.programs import ROOT

CORPUS = Path(__file__).parent / "corpus"
SECONDS = os.environ.get("FUZZ_SECONDS") or ("60" if os.environ.get("CI") == "true" else "5")
SEED = "7"
KEPT = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", KEPT, ids=[f"{path.parent.name}-{path.name[:14]}" for path in KEPT])
def test_what_was_found_once_stays_mended(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_new_is_found(name: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="the fuzzer has no wheel for this Python")
    line = [sys.executable, "-m", "tests.fuzz.run", name, SECONDS, str(tmp_path), SEED]
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=240, cwd=ROOT, env=env)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-400:]}\n{_inputs(name)}"


def _inputs(name: str) -> str:
    """The inputs that failed, to be kept under a name of their own."""
    found = sorted((CORPUS / name).glob("*-" + "[0-9a-f]" * 40))
    return "\n".join(f"{path.name}: {base64.b64encode(path.read_bytes()).decode()}" for path in found)
