"""Fuzz one target: ``python -m tests.fuzz.run TARGET SECONDS FOLDER [SEED]``.

What grows the coverage goes to FOLDER, an input that fails to the corpus. With a seed the same inputs come in the same
order.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

atheris: Any = import_module("atheris")
CORPUS = Path(__file__).parent / "corpus"
SAMPLES = Path(__file__).resolve().parents[1] / "data" / "eml"
LONGEST = 4096


def main() -> None:
    """Instrument, load, fuzz."""
    name, seconds, found, *seed = sys.argv[1:]
    with atheris.instrument_imports(include=["intake"]):
        from tests.fuzz.targets import TARGETS

        TARGETS[name](b"From: a@b.example\r\n\r\nx")
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=10",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={folder}/",
        "-verbosity=0",
        *(f"-seed={number}" for number in seed),
        found,
        str(SAMPLES),
        str(folder),
    ]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
