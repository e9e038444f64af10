"""One story on PostgreSQL from the first mail to the client's "works", by letters and commands alone: two departments
asked, one asking back, their answer quoted to the client, letters of a status, the page that closes it."""

from __future__ import annotations

import re
import smtplib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.bootstrap import build
from gateway.settings import load_settings
from tests.support import databases
from tests.support.gateways import DESK, Gateway, Relay, eventually, gateway, relay
from tests.support.mail_manners import answered
from tests.support.postgres import Cluster
from tests.whole.test_second_line import CLIENT, DEPARTMENTS, everything_to, read, send

pytestmark = pytest.mark.postgres
PRODUCT, IT = "product@licensor.example", "it@licensor.example"
BACK, YES, NO = "Какой именно отчёт нужен?", "Сделаем в марте, бюджет согласован.", "Нагрузку выдержим, сервер куплен."
ASKED, TOLD = "Возьмёмся ли за выгрузку для Рощи?", "Нужен отчёт по бронированиям."


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    with databases.postgresql(postgres) as made:
        yield made


def test_two_departments_answer_the_client_hears_the_quote_and_confirms(tmp_path: Path, url: str) -> None:
    with relay() as sink, gateway(tmp_path, sink.port, f"{DEPARTMENTS}\n{NO_UNDO}", url) as desk:
        send(desk.smtp_port, CLIENT, DESK, "Сделайте выгрузку отчёта.", Message_ID="<1@roscha.example>")
        number = str(eventually(lambda: desk.json("tickets"), what="the ticket")[0]["number"])
        verb(desk, "escalate", number, "development", text=ASKED)
        to_it, to_product = question(sink, IT), question(sink, PRODUCT)
        reply(desk, "outlook word", to_it, NO, IT)
        reply(desk, "gmail", to_product, BACK, PRODUCT)
        eventually(lambda: asked(desk, number)["answered_at"], what="both answers")
        verb(desk, "answered", number, "development", "--department", "product", "--question")
        verb(desk, "clarify", number, "development", "--department", "product", text=TOLD)
        assert asked(desk, number)["answered_at"] is None
        told = question(sink, PRODUCT, 2)
        assert to_product["Message-ID"] in told["References"]
        reply(desk, "yandex", told, YES, PRODUCT, "<again@licensor.example>")
        eventually(lambda: asked(desk, number)["answered_at"], what="the answer to what was told")
        quoted = quote(desk, int(number), YES)
        verb(desk, "reply", number, text=f"Ответ разработчиков:\n{quoted}")
        verb(desk, "status", number, "verification", text="Готово, проверьте.")
        page = eventually(lambda: confirm_page(sink), what="the letter with the page")
        assert urllib.request.urlopen(page, timeout=20).status == 200
        assert desk.json("ticket", number)[0]["status"] == "verification"
        assert pressed(page, "yes") == 303
        ticket = desk.json("ticket", number)[0]
        assert ticket["status"] == "closed"
        answers = [(m["department"], m["text"]) for m in ticket["messages"] if m["direction"] == "dept_in"]
        assert sorted(answers) == sorted([("it", NO), ("product", BACK), ("product", YES)])
        eventually(lambda: len(sink.to(CLIENT)) == 4, what="acknowledgement, answer, check, closing")
        heard = everything_to(sink, CLIENT)
        assert YES in heard
        assert not [words for words in (ASKED, TOLD, BACK, NO) if words in heard]
        (month,) = desk.json("departments", "--month", asked(desk, number)["escalated_at"][:7])
        assert {key: one["in_time"] for key, one in month["departments"].items()} == {"product": 1, "it": 1}


NO_UNDO = '[limits]\nundo_window = "0s"'


def verb(desk: Gateway, *words: str, text: str = "") -> None:
    """A command of an agent, its text on stdin."""
    more = ("--text-file", "-") if text else ()
    desk.cli(*words, *more, "--as", "anna", stdin=text.encode())


def asked(desk: Gateway, number: str) -> dict[str, Any]:
    """The question as it stands."""
    found: dict[str, Any] = desk.json("ticket", number)[0]["escalations"][0]
    return found


def question(sink: Relay, address: str, count: int = 1) -> Any:
    """The latest letter to a department, once there are so many."""
    letters = eventually(lambda: sink.to(address) if len(sink.to(address)) >= count else [], what=f"mail to {address}")
    return read(letters[-1])


def reply(desk: Gateway, manner: str, letter: Any, words: str, sender: str, name: str = "") -> None:
    """Answer as a mail program does, handed in as a mail server does."""
    to, message_id = str(letter["Reply-To"]), name or f"<{manner.replace(' ', '-')}@licensor.example>"
    raw = answered(manner, bytes(letter), words, sender, to, message_id)
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=20) as server:
        server.sendmail(sender, [to], raw)


def quote(desk: Gateway, number: int, words: str) -> str:
    """The department's answer as the agents' screen quotes it."""
    message = next(m["id"] for m in desk.json("ticket", str(number))[0]["messages"] if m["text"] == words)
    parts = build(load_settings(desk.config, {}))
    try:
        return parts.desk.quote_answer(number, message)
    finally:
        parts.close()


def confirm_page(sink: Relay) -> str:
    """The address of the page that asks whether it works, "" until it was mailed."""
    found = re.search(r"http://\S+/confirm/[\w.-]+", everything_to(sink, CLIENT))
    return found[0] if found else ""


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Not followed."""


def pressed(page: str, works: str) -> int:
    """The client's answer; the status of the page's."""
    body = urllib.parse.urlencode({"works": works, "comment": ""}).encode()
    try:
        return int(urllib.request.build_opener(_Still).open(page, body, timeout=20).status)
    except urllib.error.HTTPError as answer:
        return answer.code
