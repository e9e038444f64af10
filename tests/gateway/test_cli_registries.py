"""The registries by command: whole files or nothing, every wrong line told, roles for who names himself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Inside, Otklik, Said

DATA = Path(__file__).resolve().parents[1] / "data" / "registries"


@pytest.fixture
def people(inside: Inside, tmp_path: Path) -> Inside:
    """A desk with the sample's agents."""
    for name in ("agents", "licensees", "shifts"):
        shutil.copy(DATA / f"{name}.csv", tmp_path)
    done = inside("agents", "import", "agents.csv")
    assert (done.code, done.err) == (0, "agents.csv: 7 agents stored\n")
    return inside


def rows(said: Said) -> list[dict[str, Any]]:
    assert said.code == 0, said.err
    return [json.loads(line) for line in said.out.splitlines()]


def test_licensees_come_in_and_are_listed(people: Inside) -> None:
    assert Otklik(people.folder)("licensees", "import", "licensees.csv").err == "licensees.csv: 25 licensees stored\n"
    listed = rows(people("licensees", "list", "--json"))
    (one,) = [row for row in listed if row["inn"] == "9885649397"]
    assert (len(listed), one["name"], one["products"]) == (25, 'ООО "УК "Фонарь"', ["Витрина", "Заказы"])
    assert one["contacts"][0]["address"].endswith("@uk-fonar.example")


def test_shifts_come_in_and_their_short_days_are_found(people: Otklik) -> None:
    people = Otklik(people.folder)
    assert people("shifts", "import", "shifts.csv").err == "shifts.csv: 253 shifts stored\n"
    assert len(rows(people("shifts", "list", "--json"))) == 253
    said = people("shifts", "cover", "--from", "2026-10-01", "--weeks", "13", "--json")
    found = {row["date"]: row for row in rows(said)}
    assert "11 days fall short" in said.err
    assert len(found) == 11
    assert found["2026-12-30"] == {
        "date": "2026-12-30",
        "from": "2026-12-30T10:00:00+03:00",
        "to": "2026-12-30T19:00:00+03:00",
        "present": [],
        "short_of": ["people", "technical"],
        "missing": {"people": 3, "technical": 1},
    }
    assert found["2026-10-08"]["short_of"] == ["technical"]


def test_a_dry_run_stores_nothing(people: Inside) -> None:
    for name, count in (("licensees", 25), ("shifts", 253)):
        said = people(name, "import", f"{name}.csv", "--dry-run")
        assert (said.code, said.err) == (0, f"{name}.csv: {count} {name} would be stored\n")
        assert rows(people(name, "list", "--json")) == []


def test_one_wrong_line_keeps_the_whole_file_out_and_each_is_told(people: Inside, tmp_path: Path) -> None:
    text = (tmp_path / "shifts.csv").read_text(encoding="utf-8").splitlines()
    text[3], text[7] = text[3].replace("10:00", "20:00"), "2026-10-02,nobody,10:00,19:00"
    (tmp_path / "shifts.csv").write_text("\n".join(text), encoding="utf-8")
    said = people("shifts", "import", "shifts.csv")
    assert said.code == 1
    assert [line[:13] for line in said.err.splitlines()] == ["shifts.csv:4:", "shifts.csv:8:", "otklik: shift"]
    assert said.err.splitlines()[-1] == "otklik: shifts.csv: 2 wrong lines, nothing stored"
    assert rows(people("shifts", "list", "--json")) == []


def test_a_second_import_changes_nothing(people: Inside) -> None:
    for _ in range(2):
        for name in ("agents", "licensees", "shifts"):
            assert people(name, "import", f"{name}.csv").code == 0
    assert [len(rows(people(name, "list", "--json"))) for name in ("agents", "licensees", "shifts")] == [7, 25, 253]


@pytest.mark.parametrize(
    ("login", "name", "allowed"),
    [
        ("belova", "shifts", False),
        ("orlova", "shifts", True),
        ("orlova", "licensees", False),
        ("zimin", "licensees", True),
        ("orlova", "agents", False),
        ("mallory", "agents", False),
    ],
)
def test_who_names_himself_needs_the_role(people: Inside, login: str, name: str, allowed: bool) -> None:
    said = people(name, "import", f"{name}.csv", "--as", login)
    assert said.code == (0 if allowed else 1), said.err
    assert people(name, "import", f"{name}.csv", "--dry-run", "--as", login).code == said.code


def test_one_of_each_can_be_added(people: Inside) -> None:
    added = ("--name", "ООО «Роща»", "--domain", "roscha.example", "--contacts", "О <o@x.example>, юрист, 8-800")
    assert people("licensees", "add", "7707083893", *added).code == 0
    assert people("licensees", "add", "7707083894", *added).code == 1
    (one,) = rows(people("licensees", "list", "--json"))
    assert one["contacts"][0]["post"] == "юрист"
    assert people("shifts", "add", "2026-10-01", "belova").code == 0
    assert people("shifts", "add", "2026-10-01", "belova", "12:00", "24:00").code == 0
    assert rows(people("shifts", "list", "--json")) == [
        {"date": "2026-10-01", "login": "belova", "start": "12:00", "end": "00:00"}
    ]


def test_a_public_mail_domain_is_told_of(people: Inside) -> None:
    said = people("licensees", "add", "7707083893", "--name", "ТСЖ", "--domain", "mail.ru")
    assert said.code == 0
    assert "anybody can have an address at mail.ru" in said.err


def test_a_ticket_of_a_stranger_is_linked(people: Inside, tmp_path: Path) -> None:
    people("licensees", "import", "licensees.csv")
    (tmp_path / "text").write_text("Не открывается витрина", encoding="utf-8")
    asked = ("open", "--text-file", "text", "--subject", "Вопрос", "--as", "belova", "--email")
    first = people(*asked, "ivan@gmail.com").out.strip()
    known = people(*asked, "gladkih@rechport2.example").out.strip()
    assert [json.loads(people("ticket", key, "--json").out)["licensee"] for key in (first, known)] == [
        None,
        "ООО «СЗ «Речной Порт-2»»",
    ]
    assert people("licensees", "link", first, "9854965699", "--as", "belova").code == 0
    again = people(*asked, "ivan@gmail.com").out.strip()
    assert json.loads(people("ticket", again, "--json").out)["licensee"] == "ООО «СЗ «Речной Порт-2»»"


def test_a_password_comes_from_stdin_and_shows_nowhere(people: Otklik, tmp_path: Path) -> None:
    people = Otklik(people.folder)
    said = people("agents", "passwd", "belova", "--stdin", stdin="верный пароль\n".encode())
    assert (said.code, said.out, said.err) == (0, "", "belova: password set\n")
    assert people("agents", "passwd", "belova", stdin="верный пароль\n".encode()).code == 2
    assert people("agents", "passwd", "nobody", "--stdin", stdin=b"long enough\n").code == 1
    assert people("agents", "passwd", "belova", "--stdin", stdin=b"short\n").code == 1
    assert people("agents", "passwd", "belova", "--stdin", "--as", "gusev", stdin=b"long enough\n").code == 1
    assert people("agents", "passwd", "gusev", "--stdin", "--as", "gusev", stdin=b"long enough\n").code == 0
    kept = b"".join(path.read_bytes() for path in (tmp_path / "var").iterdir() if path.is_file())
    assert b"$argon2id$" in kept
    assert "верный пароль".encode() not in kept
    assert people("agents", "passwd", "belova", "--remove").err == "belova: password removed\n"
