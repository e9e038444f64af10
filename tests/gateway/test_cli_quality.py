"""``otklik import-history`` and ``otklik quality``, on a desk with three months behind it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from intake.regulation import shipped_text
from tests.conftest import Inside, Otklik, Said
from tests.support.quality_faces import NAMES, FigureReader

DATA = Path(__file__).resolve().parents[1] / "data" / "history"
EXPECTED: dict[str, Any] = json.loads((DATA / "history_expected.json").read_text("utf-8"))["months"]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Inside:
    """A desk that took over the samples."""
    folder = tmp_path_factory.mktemp("desk")
    otklik = Otklik(folder)
    for name in ("agents.csv", "history.jsonl"):
        shutil.copy(DATA / name, folder)
    assert otklik("agents", "import", "agents.csv").code == 0
    assert otklik("import-history", "history.jsonl").code == 0
    return Inside(folder)


def month_of(otklik: Otklik, month: str, *options: str) -> dict[str, Any]:
    said = otklik("quality", "--month", month, "--json", *options)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


@pytest.mark.parametrize("month", EXPECTED)
def test_json_holds_every_expected_figure(past: Inside, month: str) -> None:
    found = month_of(past, month)
    assert list(found)[:3] == ["month", "desk", "agents"]
    assert (found["month"], found["desk"], found["agents"]) == (
        month,
        EXPECTED[month]["desk"],
        EXPECTED[month]["agents"],
    )


@pytest.mark.parametrize("month", EXPECTED)
def test_csv_holds_every_expected_figure(past: Inside, month: str) -> None:
    rows = list(csv.DictReader(io.StringIO(past("quality", "--month", month, "--csv").out)))
    found = {row["login"] or "desk": {name: row[name] for name in NAMES} for row in rows}
    expected = {"desk": EXPECTED[month]["desk"], **EXPECTED[month]["agents"]}
    as_text = {who: {n: "" if f[n] is None else str(f[n]) for n in NAMES} for who, f in expected.items()}
    assert found == as_text


@pytest.mark.parametrize(("scope", "section"), [("type", "types"), ("product", "products"), ("licensee", "licensees")])
def test_csv_and_table_list_what_they_are_asked_for(past: Inside, scope: str, section: str) -> None:
    found = month_of(past, "2026-10")[section]
    desk, *rows = csv.DictReader(io.StringIO(past("quality", "--month", "2026-10", "--csv", "--by", scope).out))
    assert (desk["scope"], {row["scope"] for row in rows}) == ("desk", {scope})
    as_text = {key or "-": {n: "" if f[n] is None else str(f[n]) for n in NAMES} for key, f in found.items()}
    assert {row["login"]: {name: row[name] for name in NAMES} for row in rows} == as_text
    assert sum(int(row["sum"]) for row in rows) == int(desk["sum"])
    table = past("quality", "--month", "2026-10", "--by", scope).out.splitlines()
    assert len(table) == 3 + len(found)


@pytest.mark.parametrize("month", EXPECTED)
def test_html_holds_every_expected_figure(past: Inside, month: str) -> None:
    page = past("quality", "--month", month, "--html", "-").out
    reader = FigureReader()
    reader.feed(page)
    expected = {"desk": EXPECTED[month]["desk"], **EXPECTED[month]["agents"]}
    as_text = {who: {n: "" if f[n] is None else str(f[n]) for n in NAMES} for who, f in expected.items()}
    assert {who: reader.rows.get(who) for who in as_text} == as_text
    assert not reader.tags & {"script", "link", "img", "iframe"}
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_says_first_who_needs_help_and_why(past: Inside) -> None:
    page = past("quality", "--month", "2026-10", "--html", "-").out
    asked = page[page.index("Кому нужна помощь") : page.index("По сотрудникам")]
    assert asked.index("Ткаченко Илья Андреевич") < asked.index("Миронова Ксения Павловна")
    assert "за месяц упало с 4,8 до 3,9" in asked
    assert "VD-0241 (2)" in asked
    assert "ещё 2 пятёрки до 4,0" in asked
    assert "Белова" not in asked


def test_the_same_history_again_changes_nothing(past: Inside) -> None:
    said = Otklik(past.folder)("import-history", "history.jsonl", "--json")
    assert json.loads(said.out) == {
        "new": 0,
        "same": 400,
        "replaced": 0,
        "kept": 0,
        "dry_run": False,
        "left_alone": [],
    }


def test_a_month_without_closings_has_no_averages(past: Inside) -> None:
    desk = month_of(past, "2027-01")["desk"]
    assert desk == {**dict.fromkeys(NAMES), "closed": 0, "rated": 0, "sum": 0}


@pytest.mark.parametrize("month", ["2026-13", "2026", "", "26-09", "2026-09-01"])
def test_what_is_no_month_is_wrong_usage(past: Inside, month: str) -> None:
    assert past("quality", "--month", month).code == 2


PLAIN: dict[str, Any] = {"first_reaction_at": None, "status_history": []}


def line(**changes: Any) -> dict[str, Any]:
    return {
        "id": "VD-0007",
        "type": "consultation",
        "topic": None,
        "criticality": None,
        "channel": "email",
        "organisation": "=СУММ(A1)",
        "inn": "9874181798",
        "product": "Витрина",
        "subject": "Нужен доступ",
        "opened_at": "2026-09-01T10:00:00+03:00",
        "first_reaction_at": "2026-09-01T10:09:31+03:00",
        "status_history": [{"status": "Запрос", "at": "2026-09-01T10:00:00+03:00"}],
        "closed_at": "2026-09-30T23:59:59+03:00",
        "assignee": "orlova",
        "rating": 5,
        **changes,
    }


def take(otklik: Otklik, *lines: dict[str, Any] | str, options: tuple[str, ...] = ()) -> Said:
    texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines]
    (otklik.folder / "past.jsonl").write_text("\n".join(texts) + "\n", "utf-8")
    return otklik("import-history", "past.jsonl", *options)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "VD"}, "id 'VD'"),
        ({"type": "wish"}, "type 'wish'"),
        ({"type": None}, "type is missing"),
        ({"opened_at": "2026-09-01T10:00:00"}, "no offset"),
        ({"opened_at": None}, "opened_at is missing"),
        ({"rating": 6}, "rating 6"),
        ({"rating": True}, "rating True"),
        ({"rating": 4.5}, "rating 4.5"),
        ({"topic": "weather"}, "topic 'weather'"),
        ({"status_history": [{"status": "Готово", "at": "2026-09-01T10:00:00+03:00"}]}, "entry 1: status 'Готово'"),
        ({"status_history": [{"status": "Процесс", "at": "soon"}]}, "entry 1: at 'soon'"),
        ({"closed_at": "2026-08-01T10:00:00+03:00"}, "closed_at"),
        ({"first_reaction_at": "2026-08-01T10:00:00+03:00", "status_history": []}, "before opened_at"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken_over(inside: Inside, changes: dict[str, Any], told: str) -> None:
    said = take(inside, line(id="VD-0006"), line(**changes))
    assert said.code == 1
    assert "past.jsonl:2: " in said.err
    assert told in said.err
    assert inside("ticket", "VD-0006").code == 1


def test_every_wrong_line_is_told_at_once(inside: Inside) -> None:
    said = take(inside, "{", line(rating=0), "[]")
    assert [f"past.jsonl:{n}: " in said.err for n in (1, 2, 3)] == [True, True, True]


def test_a_key_that_stands_twice_is_wrong(inside: Inside) -> None:
    assert "past.jsonl:2: id VD-007: its number stands in line 1" in take(inside, line(), line(id="VD-007")).err


def test_a_dry_run_stores_nothing(inside: Inside) -> None:
    assert "1 tickets would be taken over" in take(inside, line(), options=("--dry-run",)).err
    assert inside("ticket", "VD-0007").code == 1


def test_a_ticket_taken_over_is_whole(inside: Inside) -> None:
    take(inside, line(criticality="high", type="bug", product="Платежи"))
    found = json.loads(inside("ticket", "VD-0007", "--json").out)
    assert {
        n: found[n] for n in ("number", "key", "status", "type", "criticality", "assignee", "rating", "product")
    } == {
        "number": 7,
        "key": "VD-0007",
        "status": "closed",
        "type": "bug",
        "criticality": "high",
        "assignee": "orlova",
        "rating": 5,
        "product": "Платежи",
    }
    assert [event["kind"] for event in found["events"]][:4] == ["opened", "assigned", "status", "rated"]
    assert found["reacted_at"].startswith("2026-09-01T10:09:31") or found["reacted_at"].startswith(
        "2026-09-01T07:09:31"
    )


def test_numbering_goes_on_after_the_highest(inside: Inside) -> None:
    take(inside, line(), line(id="VD-2040"), line(id="VD-0031"))
    mail = b"From: a@b.example\r\nTo: support@localhost\r\nSubject: new\r\nMessage-ID: <1@b.example>\r\n\r\ntext\r\n"
    assert inside("intake", "-", stdin=mail).code == 0
    assert json.loads(inside("tickets", "--json", "--limit", "1").out.splitlines()[0])["key"] == "VD-2041"


def test_a_changed_line_replaces_what_came_by_import(inside: Inside) -> None:
    take(inside, line(closed_at=None, rating=None))
    take(inside, line(rating=4))
    found = month_of(inside, "2026-09")
    assert (found["desk"]["closed"], found["desk"]["sum"]) == (1, 4)


def test_a_ticket_worked_on_here_is_left_alone(inside: Inside) -> None:
    assert inside("agents", "add", "orlova", "--name", "О", "--email", "o@d.example", "--role", "lead").code == 0
    take(inside, line(closed_at=None, rating=None))
    (inside.folder / "note.txt").write_text("seen", "utf-8")
    assert inside("note", "VD-0007", "--text-file", "note.txt", "--as", "orlova").code == 0
    assert "left alone: VD-0007" in take(inside, line(rating=4)).err
    assert month_of(inside, "2026-09")["desk"]["closed"] == 0


def test_a_month_ends_at_midnight_of_the_desk(inside: Inside) -> None:
    take(inside, line(), line(id="VD-8", closed_at="2026-09-30T21:00:00+00:00"), line(id="VD-9", assignee=None))
    september, october = month_of(inside, "2026-09"), month_of(inside, "2026-10")
    assert (september["desk"]["closed"], october["desk"]["closed"]) == (2, 1)
    assert september["agents"]["orlova"]["closed"] == 1


def test_csv_holds_no_formula(otklik: Otklik) -> None:
    logins = ("=1+1", "+7", "-x", "@sum")
    take(otklik, *(line(id=f"VD-{n}", assignee=login) for n, login in enumerate(logins, 1)))
    rows = list(csv.reader(io.StringIO(otklik("quality", "--month", "2026-09", "--csv").out)))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row[2] for row in rows[2:]} == {f"'{login}" for login in logins}


def test_a_frozen_month_stays_and_shows_amendments(otklik: Otklik) -> None:
    take(otklik, line(closed_at="2020-09-30T12:00:00+03:00", opened_at="2020-09-01T10:00:00+03:00", **PLAIN))
    frozen = month_of(otklik, "2020-09", "--freeze")
    assert re.fullmatch("[0-9a-f]{64}", frozen["frozen"]["digest"])
    take(
        otklik,
        line(closed_at="2020-09-30T12:00:00+03:00", opened_at="2020-09-01T10:00:00+03:00", **PLAIN | {"rating": 1}),
    )
    after = month_of(otklik, "2020-09")
    assert (after["desk"], after["frozen"]) == (frozen["desk"], frozen["frozen"])
    assert after["amended"]["desk"]["sum"] == 1
    assert after["amendments"] == [
        {"ticket": "VD-0007", "before": {"agent": "orlova", "rating": 5}, "after": {"agent": "orlova", "rating": 1}}
    ]
    assert "VD-0007: orlova, оценка 5 → orlova, оценка 1" in otklik("quality", "--month", "2020-09", "--html", "-").out
    assert "amended since: VD-0007 orlova 5 -> orlova 1" in otklik("quality", "--month", "2020-09").out


def test_a_month_is_frozen_for_good_by_a_lead(otklik: Otklik) -> None:
    for login, role in (("anna", "lead"), ("boris", "agent")):
        assert (
            otklik("agents", "add", login, "--name", login, "--email", f"{login}@x.example", "--role", role).code == 0
        )
    said = otklik("quality", "--month", "2026-09", "--freeze", "--as", "boris")
    assert (said.code, "может только руководитель" in said.err) == (1, True)
    assert otklik("quality", "--month", "2026-09", "--freeze", "--as", "anna").code == 0
    assert month_of(otklik, "2026-09")["frozen"]["by"] == "anna"


def test_a_month_that_is_not_over_can_not_be_frozen(inside: Inside) -> None:
    said = inside("quality", "--month", "2999-01", "--freeze")
    assert (said.code, "not over yet" in said.err) == (1, True)


def test_json_csv_and_html_are_one_at_a_time(inside: Inside) -> None:
    assert inside("quality", "--month", "2020-09", "--json", "--csv").code == 2


@pytest.fixture
def other_rules(past: Inside) -> Path:
    """Lower thresholds, over all closed tickets."""
    text = shipped_text().replace('version = "2.0"', 'version = "3.0"').replace("at_least = 4.7", "at_least = 3.0")
    text = text.replace("at_least = 4.0", "at_least = 2.5").replace("at_most = 3.9", "at_most = 2.4")
    file = past.folder / "other.toml"
    file.write_text(text.replace('denominator = "rated"', 'denominator = "closed"'), "utf-8")
    return file


def level_of(average: float | None, good: float, normal: float) -> str | None:
    if average is None:
        return None
    return "good" if average >= good else "normal" if average >= normal else "unacceptable"


def test_simulating_other_thresholds_and_another_denominator(past: Inside, other_rules: Path) -> None:
    options = ("regulation", "simulate", str(other_rules), "--from", "2026-09-10", "--to", "2026-11-20")
    found = json.loads(past(*options, "--json").out)
    now, then = found["in_force"]["quality"], found["simulated"]["quality"]
    assert list(now) == list(then) == list(EXPECTED)
    for month, expected in EXPECTED.items():
        assert (now[month]["official"], then[month]["official"]) == ("rated", "closed")
        for who, figures in {"desk": expected["desk"], **expected["agents"]}.items():
            if not figures["closed"]:
                continue
            before, after = (side[month] if who == "desk" else side[month]["agents"][who] for side in (now, then))
            assert (before["average"], before["level"]) == (figures["by_rated"], figures["by_rated_level"])
            assert after["average"] == figures["by_closed"]
            assert after["level"] == level_of(figures["by_closed"], 3.0, 2.5)


def test_a_simulation_says_what_would_change(past: Inside, other_rules: Path) -> None:
    said = past("regulation", "simulate", str(other_rules), "--from", "2026-10-01", "--to", "2026-10-31").out
    rows = [re.split(r"\s{2,}", one.strip()) for one in said.splitlines()]
    assert [
        "quality 2026-10",
        "over rated; good 4.7, normal 4.0",
        "over all closed; good 3.0, normal 2.5",
        "changed",
    ] in rows
    desk = EXPECTED["2026-10"]["desk"]
    level = level_of(desk["by_closed"], 3.0, 2.5)
    assert ["desk", f"{desk['by_rated']} {desk['by_rated_level']}", f"{desk['by_closed']} {level}", "changed"] in rows
    assert not [row for row in rows if row[0].startswith("quality 2026-09")]


def test_simulating_the_rules_in_force_changes_nothing(past: Inside) -> None:
    same = past.folder / "same.toml"
    same.write_text(shipped_text(), "utf-8")
    said = past("regulation", "simulate", str(same), "--from", "2026-09-01", "--to", "2026-11-30").out
    assert "quality 2026-09" in said
    assert "changed" not in said
