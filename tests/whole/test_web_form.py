"""From the form to the letter and back by its link, over the real command."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.support.gateways import eventually, gateway, relay
from tests.support.web import FILLED, Browser, path_of


def linked(letter: bytes, port: int) -> str | None:
    """The licensee's page a letter names."""
    from intake.mail.reading import read_message

    found = re.search(rf"http://127\.0\.0\.1:{port}(/t/\S+)", read_message(letter).text)
    return found[1] if found else None


def test_a_form_becomes_a_ticket_a_letter_and_a_page(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("shop:the-key\n")
    keys.chmod(0o600)
    with relay() as sink, gateway(tmp_path, sink.port, f'[web.api]\nkeys_file = "{keys}"\n') as desk:
        browser = Browser(desk.web_port)
        token = browser.get("/feedback").token
        time.sleep(1.6)  # what the time trap asks of a person
        answer = browser.post("/feedback", {"token": token, **FILLED}, [("лог.txt", "text/plain", b"log")])
        assert answer.status == 303
        page = browser.get(path_of(answer.location))
        (told,) = desk.json("tickets")
        assert told["key"] in page.text
        assert (told["source"], told["type"], told["product"]) == ("form", "bug", "Отчёты")

        (letter,) = eventually(lambda: sink.to(FILLED["email"]), what="the letter")
        assert FILLED["subject"].encode() not in letter
        link = linked(letter, desk.web_port)
        assert link is not None
        assert FILLED["body"] in browser.get(link).text

        said = browser.api(FILLED, key="the-key", Idempotency_Key="1")
        assert (said.status, said.json["key"]) == (201, "VD-1002")

        desk.kill()
        desk.start()
        assert browser.api(FILLED, key="the-key", Idempotency_Key="1").json == said.json
        assert browser.get("/healthz").status == 200
        assert len(desk.json("tickets")) == 2
        began = time.monotonic()
        assert desk.stop() == 0
        assert time.monotonic() - began < 10
