"""The gateway of a throw-away desk, in a process of its own: ``python -m gateway.demo_gateway CONFIG SECONDS``."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path


def main(config: Path, shift: timedelta) -> None:
    """Serve with a clock that is moved by ``shift``; says its SMTP port on stdout once it listens."""
    from gateway.bootstrap import build
    from gateway.demo import DemoClock
    from gateway.log import log_to_stderr
    from gateway.serve import serve
    from gateway.settings import load_settings

    log_to_stderr()
    parts = build(load_settings(config, {}), DemoClock(shift))
    try:
        asyncio.run(serve(parts, lambda gateway: print(gateway.smtp.port, flush=True)))  # noqa: T201 - for the parent
    finally:
        parts.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), timedelta(seconds=float(sys.argv[2])))
