"""Mails a second to durable tickets with acknowledgements in the outbox, beside aiosmtpd that keeps nothing.

All take the same mails from the same clients in one run. The desk is the real gateway with a relay that is away, so
that letters stay in the outbox: on SQLite (WAL, FULL), and where it is installed on a PostgreSQL of its own that waits
for its disk too. Run: python tests/bench/bench_desk.py [mails]
"""

from __future__ import annotations

import smtplib
import sys
import tempfile
import threading
import time
from pathlib import Path

from aiosmtpd.controller import Controller

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from storage import open_store
from storage.store import DatabaseStore
from tests.support.databases import postgresql
from tests.support.gateways import DESK, Gateway
from tests.support.ports import free_port
from tests.support.postgres import cluster

CLIENTS = 8
TEXT = (
    "Добрый день! В личном кабинете поставщика с утра не открывается список заказов: крутится загрузка, потом ошибка."
    " Кэш чистили, другой браузер пробовали. Подскажите, что делать.\r\n\r\nС уважением,\r\nОльга Петрова\r\n"
)


def mails(count: int, charset: str = "utf-8") -> list[tuple[str, bytes]]:
    made = []
    for n in range(count):
        charset = ("utf-8", "koi8-r", "windows-1251")[n % 3]
        head = (
            f"From: Olga <o{n}@x.example>\r\nTo: {DESK}\r\nSubject: zakaz {n}\r\nMessage-ID: <{n}@x.example>\r\n"
            f"Date: Tue, 12 May 2026 10:59:00 +0300\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        )
        made.append((f"o{n}@x.example", head.encode() + (TEXT + f"Номер {n}\r\n").encode(charset)))
    return made


def deliver(port: int, letters: list[tuple[str, bytes]]) -> None:
    def client(mine: list[tuple[str, bytes]]) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as connection:
            for sender, raw in mine:
                connection.sendmail(sender, [DESK], raw)

    threads = [threading.Thread(target=client, args=(letters[n::CLIENTS],)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Nothing:
    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return "250 ok"


def bare(letters: list[tuple[str, bytes]]) -> float:
    port = free_port()
    controller = Controller(Nothing(), hostname="127.0.0.1", port=port)
    controller.start()
    began = time.perf_counter()
    deliver(port, letters)
    took = time.perf_counter() - began
    controller.stop()
    return len(letters) / took


def desk(letters: list[tuple[str, bytes]], url: str = "") -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(Path(folder), free_port(), url=url)
        gateway.start()
        store = open_store(url or f"sqlite:///{folder}/desk.db", migrate=False)
        began = time.perf_counter()
        deliver(gateway.smtp_port, letters)
        taken = time.perf_counter() - began
        while kept(store, "outbox") < len(letters):
            time.sleep(0.01)
        done = time.perf_counter() - began
        assert kept(store, "tickets") == len(letters)
        store.close()
        gateway.stop()
    return len(letters) / taken, len(letters) / done


def kept(store: DatabaseStore, table: str) -> int:
    with store.read() as tx:
        return tx.rows.count(f"SELECT COUNT(*) FROM {table}")


def compare(letters: list[tuple[str, bytes]], nothing: float, name: str, url: str = "") -> None:
    taken, done = desk(letters, url)
    print(
        f"{len(letters)} mails, {CLIENTS} clients, {name}: bare aiosmtpd {nothing:.0f}/s; kept {taken:.0f}/s", end="; "
    )
    print(f"tickets with their letters {done:.0f}/s: {taken / nothing:.2f} and {done / nothing:.2f} of bare")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    letters = mails(count)
    server = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    for _ in range(2):
        nothing = bare(letters)
        compare(letters, nothing, "SQLite")
        if server:
            with cluster() as postgres, postgresql(postgres) as url:
                compare(letters, nothing, "PostgreSQL", url)


if __name__ == "__main__":
    main()
