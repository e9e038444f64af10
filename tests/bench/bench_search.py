"""Search over many tickets: how quick a rare word, a common one, a page far back and likeness are, and what keeping the
index costs. Run: python tests/bench/bench_search.py [tickets]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from intake.model import Source, Status, Ticket, Type
from intake.ports import NewMessage, Transaction
from storage import open_store
from storage.search import StoredSearch
from storage.store import DatabaseStore
from tests.support.desks import MORNING

SEED = 7
BATCH = 200
QUERIES = {
    "a rare word": "редкость777",
    "a very common word": "витрина",
    "two common words": "витрина заказ",
    "a phrase": '"не открывается витрина"',
    "a beginning": "редк",
    "an address": "olga77@firm77.example",
    "a field and a word": "от:firm77.example витрина",
    "nothing": "небывальщина",
}


def fill(store: DatabaseStore, count: int) -> float:
    """Tickets with one message of about 60 words each; seconds."""
    dice = random.Random(SEED)
    pool = [f"слово{n}" for n in range(4000)]
    began = time.perf_counter()
    for first in range(1, count + 1, BATCH):
        drawn = [(n, " ".join(dice.choices(pool, k=55))) for n in range(first, min(first + BATCH, count + 1))]

        def work(tx: Transaction, drawn: list[tuple[int, str]] = drawn) -> None:
            for n, words in drawn:
                add(tx, n, words)

        store.write(work)
    return time.perf_counter() - began


def add(tx: Transaction, n: int, words: str) -> None:
    at = MORNING + timedelta(minutes=n)
    address = f"olga{n % 500}@firm{n % 500}.example"
    status = Status.CLOSED if n % 2 else Status.REQUEST
    ticket = Ticket(
        n, f"VD-{n}", Type.BUG, status, f"Витрина {n}", Source.EMAIL, at, "2.0", "Ольга", address, updated_at=at
    )
    text = f"Добрый день, не открывается витрина, заказ {n}. {words}" + (" редкость777" if n % 5000 == 77 else "")
    tx.tickets.insert(ticket)
    tx.messages.add(NewMessage(n, "in", at, text, text, sender_name="Ольга", sender_address=address))


def milliseconds(work: Callable[[], Any], times: int = 15) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def measure(store: DatabaseStore, count: int) -> None:
    with store.read() as tx:
        for name, query in QUERIES.items():
            found = len(tx.tickets.find({"words": query}, 50))
            took = milliseconds(partial(tx.tickets.find, {"words": query}, 50))
            print(f"{name:26} {took:8.2f} ms  {found} found")
        back = milliseconds(lambda: tx.tickets.find({"words": "витрина"}, 50, before=count // 10))
        print(f"{'a page far back':26} {back:8.2f} ms")
        print(f"{'closed ones like it':26} {milliseconds(lambda: tx.tickets.similar(count, 5)):8.2f} ms")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="otklik-search-") as folder:
        path = Path(folder) / "desk.db"
        store = open_store(f"sqlite:///{path}")
        print(f"seed {SEED}, {count} tickets of one message: added in {fill(store, count):.1f} s")
        measure(store, count)
        began = time.perf_counter()
        store.write(lambda tx: StoredSearch(tx.rows).rebuild())  # type: ignore[attr-defined]
        print(f"{'all made anew':26} {time.perf_counter() - began:8.2f} s")
        print(f"{'the file':26} {path.stat().st_size / 1e6:8.1f} MB")
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
