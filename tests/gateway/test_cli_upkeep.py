"""Upkeep as an administrator does it: export, import, forget, prune, search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.eml_relay import EmlRelay
from tests.conftest import Inside, Otklik
from tests.support.desks import mail

PERSON = "kanareyka7f3@roscha.example"


@pytest.fixture
def desk(inside: Inside) -> Inside:
    """A desk with two tickets; ``var/outbox`` has their acknowledgements as a gateway would have written them."""
    for n, sender in enumerate((f"Зоя <{PERSON}>", "Олег <oleg@bor.example>")):
        raw = mail("Витрина", f"Не открывается {n}", sender, message_id=f"<{n}@x.example>", to="support@localhost")
        assert inside("intake", "-", stdin=raw).code == 0
    letters = [json.loads(line) for line in inside("outbox", "list", "--json").out.splitlines()]
    folder = inside.folder / "var" / "outbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for letter in letters:
        to = letter["to"][0]
        (folder / f"{letter['id']}-acknowledgement-VD-{letter['ticket']}.eml").write_text(f"To: {to}\n\nЗдравствуйте")
    return inside


def octets(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_forgotten_person_is_in_no_file_of_the_desk(desk: Inside) -> None:
    assert PERSON.encode() in octets(desk.folder / "var")
    said = Otklik(desk.folder)("forget", PERSON, "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert (told["tickets"], told["files"]) == ([1001], 1)
    assert "backups" in told["out_of_reach"][0]
    assert PERSON.partition("@")[0].encode() not in octets(desk.folder / "var")
    assert len(desk("tickets", "--json").out.splitlines()) == 2
    assert b"oleg@bor.example" in octets(desk.folder / "var" / "outbox")


def test_names_of_letter_files_are_those_of_the_relay(tmp_path: Path) -> None:
    """`forget` finds them by the id they begin with."""
    from datetime import UTC, datetime

    from intake.model import Delivery, OutboxRow

    row = OutboxRow(17, 1, "reply", "<a@b>", Delivery.QUEUED, 0, datetime(2026, 5, 12, tzinfo=UTC), None, None, "a@b.c")
    assert EmlRelay(tmp_path).path(row).name.startswith("17-")


def test_only_who_may_forgets(desk: Inside) -> None:
    assert (
        desk("agents", "add", "root", "--name", "Администратор", "--role", "admin", "--email", "r@d.example").code == 0
    )
    assert desk("agents", "add", "boris", "--name", "Борис", "--role", "agent", "--email", "b@d.example").code == 0
    refused = desk("forget", PERSON, "--as", "boris")
    assert (refused.code, "администратор" in refused.err) == (1, True)
    assert desk("forget", "no address").code == 2
    assert desk("forget", "support@localhost", "--as", "root").code != 0


def test_an_export_comes_back_equal(desk: Otklik, tmp_path: Path) -> None:
    desk = Otklik(desk.folder)
    assert desk("export", "out").code == 0
    other = {"OTKLIK_STORAGE__URL": f"sqlite:///{tmp_path}/other/desk.db"}
    said = desk("import", "out", env=other)
    assert said.code == 0, said.err
    assert desk("import", "out", env=other).code == 1
    assert desk("export", "again", env=other).code == 0
    assert octets(desk.folder / "out") == octets(desk.folder / "again")


def test_pruned_mails_leave_the_texts(desk: Inside) -> None:
    raw = mail("Старое", "Старый вопрос", message_id="<old@x.example>", to="support@localhost")
    assert desk("intake", "-", "--received-at", "2020-05-12T10:00:00+03:00", stdin=raw).code == 0
    said = Otklik(desk.folder)("db", "prune", "--raw-older-than", "730d")
    assert "raw of 1 arrivals" in said.err
    number = json.loads(desk("tickets", "--search", "старое", "--json").out)["number"]
    assert "Старый вопрос" in desk("ticket", str(number)).out
    replayed = desk("journal", "replay", "3")
    assert (replayed.code, "gone" in replayed.err) == (1, True)
    assert "Старый вопрос" in desk("ticket", str(number)).out
    assert desk("db", "prune", "--raw-older-than", "soon").code == 2


def test_search_by_command(desk: Inside) -> None:
    found = Otklik(desk.folder)("tickets", "--search", "витрины от:bor.example", "--json")
    assert [json.loads(line)["number"] for line in found.out.splitlines()] == [1002]
    assert "2 tickets" in desk("db", "reindex").err
    assert desk("ticket", "1001", "--similar").code == 0


def test_a_snippet_is_kept_and_previewed(desk: Inside) -> None:
    (desk.folder / "own.txt").write_text("{{ name }}, по {{ key }} ответим {{ completion }}.")
    (desk.folder / "bad.txt").write_text("{{ key.__class__ }}")
    assert Otklik(desk.folder)("snippets", "add", "legal", "свой", "--text-file", "own.txt").code == 0
    assert desk("snippets", "add", "legal", "плохой", "--text-file", "bad.txt").code == 1
    assert desk("snippets", "add", "никакой", "x", "--text-file", "own.txt").code == 2
    assert desk("snippets", "preview", "1002", "свой").out.startswith("Олег, по VD-1002 ответим до ")
    wrong = desk("snippets", "preview", "1002", "нет такой")
    assert (wrong.code, "there are act, clarify" in wrong.err) == (1, True)
    assert desk("snippets", "list", "--topic", "никакой").code == 2
    assert "clarify  Чтобы разобраться с обращением VD-1, уточните" in desk("snippets", "list").out
    names = [
        json.loads(line)["name"] for line in desk("snippets", "list", "--topic", "legal", "--json").out.splitlines()
    ]
    assert names[0] == "свой"
    assert "clarify" in names
