"""Registries from CSV: what is there is read whole, what is wrong is told with its line, all of it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial
from pathlib import Path

import pytest

from intake.inn import why_no_inn
from intake.model import Role
from intake.registries import Contact
from intake.registry_files import WrongLines, agents_from_csv, licensees_from_csv, turns_from_csv

DATA = Path(__file__).resolve().parents[1] / "data" / "registries"
AGENTS = "login,full_name,email,role,is_technical\n"
LICENSEES = "inn,name,kind,domain,licence_no,licensed_since,products,contacts\n"
SHIFTS = "date,login,start,end\n"
PEOPLE = {"anna", "boris"}
INN = "7707083893"
READERS: dict[str, Callable[[bytes, str], Sequence[object]]] = {
    "agents": agents_from_csv,
    "licensees": licensees_from_csv,
    "shifts": partial(turns_from_csv, logins=PEOPLE),
}


def read(name: str) -> bytes:
    return (DATA / name).read_bytes()


def wrong(text: str, kind: str) -> tuple[str, ...]:
    """What is said of a file."""
    with pytest.raises(WrongLines) as caught:
        READERS[kind](text.encode(), "f.csv")
    return caught.value.lines


def test_agents_are_read_with_role_and_skill() -> None:
    agents = agents_from_csv(read("agents.csv"), "agents.csv")
    assert len(agents) == 7
    assert [a.login for a in agents if a.technical] == ["gusev", "tkachenko", "zimin"]
    assert [a.login for a in agents if a.role is not Role.AGENT] == ["orlova", "zimin"]


def test_licensees_are_read_with_domains_products_and_contacts() -> None:
    licensees = {one.inn: one for one in licensees_from_csv(read("licensees.csv"), "licensees.csv")}
    assert len(licensees) == 25
    first = licensees["9870884493"]
    assert (first.licence_no, first.licensed_since, len(first.products)) == ("ВД-2024/001", date(2024, 3, 11), 9)
    assert first.contacts[1] == Contact(
        "Дмитрий Савельев", "d.saveliev@kedrovaya-roscha.example", "ИТ-менеджер", "+7 (495) 000-11-02"
    )
    assert licensees["9885649397"].name == 'ООО "УК "Фонарь"'
    assert licensees["9874181798"].name == "ООО «УК «Ласточкин Дом», филиал «Юг»"
    assert all(contact.phone and contact.post for one in licensees.values() for contact in one.contacts)


def test_shifts_are_read() -> None:
    logins = {agent.login for agent in agents_from_csv(read("agents.csv"), "agents.csv")}
    turns = turns_from_csv(read("shifts.csv"), "shifts.csv", logins)
    assert len(turns) == 253
    assert {(turn.start, turn.end) for turn in turns} == {(time(10), time(19))}


@pytest.mark.parametrize("end", ["24:00", "00:00", "0:00"])
def test_a_turn_may_end_at_midnight(end: str) -> None:
    (turn,) = turns_from_csv(f"{SHIFTS}2026-10-01,anna,9:30,{end}\n".encode(), "f", PEOPLE)
    assert turn.minutes == (570, 1440)


def test_windows_line_ends_a_byte_order_mark_and_further_columns_do_not_matter() -> None:
    text = "\ufeffnote,login,date,start,end\r\n,boris,2026-10-01,10:00,19:00\r\n\r\n"
    (turn,) = turns_from_csv(text.encode(), "f", PEOPLE)
    assert turn.login == "boris"


def test_a_post_may_hold_commas_and_be_left_out() -> None:
    contacts = "А <a@x.example>, директор, в отпуске, +7 495 000; Б <b@x.example>; В <c@x.example>, 8-800, доб. 5"
    row = f'{INN},Х,,x.example,,,,"{contacts}"\n'
    (one,) = licensees_from_csv((LICENSEES + row).encode(), "f")
    assert [(c.post, c.phone) for c in one.contacts][:2] == [("директор, в отпуске", "+7 495 000"), ("", "")]


def test_domains_are_kept_as_they_are_compared() -> None:
    (one,) = licensees_from_csv(f"{LICENSEES}{INN},Х,,Речное7.Example; x.example,,,,\n".encode(), "f")
    assert one.domains == ("xn--7-itba5afj4c.example", "x.example")


WRONG = [
    ("agents", AGENTS + "a b,А,a@x.example,agent,true\n", 2, "letters, digits"),
    ("agents", AGENTS + "anna,,a@x.example,agent,true\n", 2, "full_name is empty"),
    ("agents", AGENTS + "anna,А,nowhere,agent,true\n", 2, "no mail address"),
    ("agents", AGENTS + "anna,А,a@x.example,boss,true\n", 2, "none of agent, lead, admin"),
    ("agents", AGENTS + "anna,А,a@x.example,agent,yes\n", 2, "true or false"),
    ("agents", AGENTS + "anna,А,a@x.example,agent,true\n" * 2, 3, "stands in line 2 already"),
    ("agents", AGENTS + "anna,А\n", 2, "2 cells where the header has 5"),
    ("agents", AGENTS + "\n\nanna,А\n", 4, "2 cells"),
    (
        "agents",
        AGENTS + 'anna,"two\nlines",a@x.example,agent,true\nanna,А,a@x.example,agent,true\n',
        4,
        "line 2 already",
    ),
    ("agents", AGENTS + 'anna,"А"x,a@x.example,agent,true\n', 2, "not CSV"),
    ("agents", AGENTS + 'anna,"А\n', 2, "not CSV"),
    ("agents", "login,full_name\n", 1, "no column email, role, is_technical"),
    ("agents", "login,login,full_name,email,role,is_technical\n", 1, "column login stands twice"),
    ("agents", "", 1, "no header"),
    ("licensees", f"{LICENSEES}7707083894,Х,,,,,,\n", 2, "checksum"),
    ("licensees", f"{LICENSEES}770708389,Х,,,,,,\n", 2, "10 or 12 digits, not 9"),
    ("licensees", f"{LICENSEES}{INN},,,,,,,\n", 2, "name is empty"),
    ("licensees", f"{LICENSEES}{INN},Х,,olga@x.example,,,,\n", 2, "domain 'olga@x.example' is none"),
    ("licensees", f"{LICENSEES}{INN},Х,,,,11.03.2024,,\n", 2, "is no day"),
    ("licensees", f"{LICENSEES}{INN},Х,,,,2024-02-30,,\n", 2, "is no day"),
    ("licensees", f"{LICENSEES}{INN},Х,,,,,,Ольга\n", 2, "write Name <address>, post, phone"),
    ("licensees", f"{LICENSEES}{INN},Х,,,,,,Ольга <olga>\n", 2, "no mail address"),
    ("licensees", f"{LICENSEES}{INN},Х,,,,,,\n{INN},У,,,,,,\n", 3, "stands in line 2 already"),
    ("shifts", SHIFTS + "2026-10-01,vera,10:00,19:00\n", 2, "no agent of this desk"),
    ("shifts", SHIFTS + "2026-10-1,anna,10:00,19:00\n", 2, "is no day"),
    ("shifts", SHIFTS + "2026-10-01,anna,10:00,25:00\n", 2, "is no time"),
    ("shifts", SHIFTS + "2026-10-01,anna,10,19\n", 2, "is no time"),
    ("shifts", SHIFTS + "2026-10-01,anna,19:00,10:00\n", 2, "is not after"),
    ("shifts", SHIFTS + "2026-10-01,anna,10:00,10:00\n", 2, "is not after"),
    ("shifts", SHIFTS + "2026-10-01,anna,10:00,14:00\n2026-10-01,anna,13:59,19:00\n", 3, "stands in line 2 already"),
]


@pytest.mark.parametrize(("kind", "text", "line", "why"), WRONG)
def test_a_wrong_line_is_told_with_its_number(kind: str, text: str, line: int, why: str) -> None:
    (said,) = wrong(text, kind)
    assert said.startswith(f"f.csv:{line}: ")
    assert why in said


def test_every_wrong_line_is_told_at_once() -> None:
    rows = "anna,А,a@x.example,agent,true\nboris,Б,b,agent,true\nvera,В,v@x.example,chief,true\n"
    assert [said[:8] for said in wrong(AGENTS + rows, "agents")] == ["f.csv:3:", "f.csv:4:"]


def test_other_bytes_than_utf_8_are_told_with_their_line() -> None:
    raw = (AGENTS + "anna,Анна,a@x.example,agent,true\n").encode("cp1251")
    with pytest.raises(WrongLines, match=r"f:2: not UTF-8"):
        agents_from_csv(raw, "f")


def test_turns_that_touch_are_two() -> None:
    text = SHIFTS + "2026-10-01,anna,10:00,14:00\n2026-10-01,anna,14:00,19:00\n"
    assert len(turns_from_csv(text.encode(), "f", PEOPLE)) == 2


@pytest.mark.parametrize(
    ("inn", "right"),
    [
        (INN, True),
        ("500100732259", True),
        ("9870884493", True),
        ("500100732258", False),
        ("500100732249", False),
        ("7707083839", False),
        ("0000000000", False),
        ("77070838931", False),
        ("７707083893", False),
        ("770708389 ", False),
        ("", False),
    ],
)
def test_an_inn_is_known_by_its_checksum(inn: str, right: bool) -> None:
    assert (why_no_inn(inn) is None) is right


def test_no_two_agents_have_one_address() -> None:
    rows = "anna,Анна,anna@licensor.example,lead,false\nboris,Борис,Anna@Licensor.example,agent,true\n"
    assert wrong(AGENTS + rows, "agents") == ("f.csv:3: boris: email Anna@Licensor.example is anna's already",)


def test_a_file_of_a_spreadsheet_s_habits_is_told_what_to_do() -> None:
    semicolons = LICENSEES.replace(",", ";") + f"{INN};ООО «Роща»;;;;;;\n"
    assert wrong(semicolons, "licensees")[0].endswith("cells are divided by semicolons: write commas")
    with pytest.raises(WrongLines, match=r"f\.csv:2: not UTF-8: byte 0xce; save it as UTF-8"):
        licensees_from_csv((LICENSEES + f"{INN},ООО Роща,,,,,,\n").encode("cp1251"), "f.csv")
