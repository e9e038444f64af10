"""Mails a second through the SMTP door, each durable, beside aiosmtpd that throws them away.

    python -m tests.bench.smtp_door [MAILS] [ROUNDS]

Needs Postfix's smtp-source. Both servers run as programs of their own and take turns, so that a busy machine slows
both; the ratio is what counts.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.support.programs import ROOT, require, run, started

READY = r"listening on (\d+)"
SESSIONS = 50
SHAPES = {"a connection a mail": [], "connections reused": ["-d"], "50 KB mails": ["-l", "50000"]}


async def bare() -> None:
    """Stock aiosmtpd with a handler that does nothing, in its event loop."""
    from aiosmtpd.smtp import SMTP

    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(object(), hostname="bare", loop=loop), "127.0.0.1", 0, backlog=1024)
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def speed(port: int, mails: int, options: list[str]) -> float:
    """Mails a second."""
    arguments = [
        "-s",
        str(SESSIONS),
        "-m",
        str(mails),
        *options,
        "-f",
        "a@client.example",
        "-t",
        "support@desk.example",
    ]
    began = time.perf_counter()
    said = run([require("smtp-source"), *arguments, f"127.0.0.1:{port}"], timeout=300)
    if said.returncode:
        raise SystemExit(f"smtp-source: {said.stderr}")
    return mails / (time.perf_counter() - began)


def main(mails: int = 3000, rounds: int = 3) -> None:
    """Measure, print."""
    alone = str(ROOT / "tests" / "gateway" / "smtp_alone.py")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "desk" / "otklik.db"
        with (
            started([sys.executable, "-m", "tests.bench.smtp_door", "bare"], READY) as (_, bare_port),
            started([sys.executable, alone, str(database), "0"], READY) as (_, door_port),
        ):
            assert bare_port is not None
            assert door_port is not None
            for name, options in SHAPES.items():
                pairs = [
                    (speed(int(bare_port[1]), mails, options), speed(int(door_port[1]), mails, options))
                    for _ in range(rounds)
                ]
                ratio = statistics.median(door / nothing for nothing, door in pairs)
                nothing, door = (statistics.median(side) for side in zip(*pairs, strict=True))
                print(f"{name}: bare {nothing:.0f}, door {door:.0f} mails/s, ratio {ratio:.2f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["bare"]:
        asyncio.run(bare())
    else:
        main(*map(int, sys.argv[1:]))
