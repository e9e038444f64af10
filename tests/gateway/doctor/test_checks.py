"""Each check of `otklik doctor`: what it calls sound, what not, and that it says what to do."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from gateway.doctor import examine
from intake.model import Agent, Letter, Role
from intake.typing.linear import load_model, package_mark
from storage import open_store
from storage.store import DatabaseStore
from tests.gateway.doctor.patients import NOW, levels, patient, said
from tests.support import databases
from tests.support.arrivals import arrival
from tests.support.door import open_door
from tests.support.ports import free_port
from tests.support.postgres import Cluster, cluster
from tests.support.sinks import smtp_sink

RELAY = {"host": "127.0.0.1", "port": 1, "security": "none"}


def test_letters_that_the_brake_holds_are_told(tmp_path: Path) -> None:
    store = open_store(databases.sqlite(tmp_path / "desk.db"))
    letter = Letter("acknowledgement", None, "<a@x>", ("o@x.example",), b"x", True, "d@x.example", reason="held: x")
    assert levels(patient(tmp_path, store), "letters") == []
    store.write(lambda tx: tx.outbox.add(replace(letter, not_before=NOW + timedelta(hours=1)), NOW))
    ((level, words),) = said(patient(tmp_path, store), "letters")
    store.close()
    assert (level, words.startswith("1 automatic ones are held")) == ("warn", True)


def test_a_typing_model_that_an_upgrade_set_aside_is_told_until_it_is_learnt_again(
    tmp_path: Path, store: DatabaseStore
) -> None:
    own = replace(load_model(), package=package_mark(), _of_word={})

    def put(text: str) -> list[tuple[str, str]]:
        store.write(lambda tx: tx.lessons.put_model(text, "{}", NOW))
        return said(patient(tmp_path, store), "typing")

    assert said(patient(tmp_path, store), "typing") == []
    ((level, words),) = put(replace(own, package="before the upgrade", _of_word={}).packed())
    assert (level, "otklik typing train" in words) == ("warn", True)
    assert [level for level, _ in put("what no version wrote")] == ["warn"]
    assert [level for level, _ in put(own.packed())] == ["ok"]
    assert put("") == []


@contextmanager
def foreign_listener() -> Iterator[int]:
    """Hangs up on whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    listener.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DatabaseStore]:
    made = open_store(databases.sqlite(tmp_path / "desk.db"))
    yield made
    made.close()


def test_all_that_is_not_well_says_what_to_do(tmp_path: Path) -> None:
    findings = list(examine(patient(tmp_path, relay=RELAY, departments={})))
    assert {one.level for one in findings} == {"ok", "warn", "fail"}
    for one in findings:
        assert bool(one.todo) is (one.level != "ok"), one
        assert "\n" not in str(one)


@pytest.mark.parametrize(
    ("address", "relay", "level"),
    [
        ("support@localhost", None, "warn"),
        ("support@localhost", RELAY, "fail"),
        ("support@mailserver", RELAY, "fail"),
        ("support@desk.example", RELAY, "ok"),
    ],
)
def test_the_desks_address_is_one_that_answers_reach(
    tmp_path: Path, address: str, relay: dict[str, object] | None, level: str
) -> None:
    assert levels(patient(tmp_path, desk={"address": address}, relay=relay), "desk") == [level]


def test_a_clock_that_was_never_set_is_found(tmp_path: Path) -> None:
    assert levels(patient(tmp_path, now=datetime(1970, 1, 2, tzinfo=UTC)), "time") == ["fail"]
    assert levels(patient(tmp_path), "time") == ["ok"]


def test_departments_nobody_can_ask_are_named(tmp_path: Path) -> None:
    emails = {key: {"email": f"{key}@x.example"} for key in ("legal", "finance", "marketing", "product")}
    ((level, words),) = said(patient(tmp_path, departments=emails), "departments")
    assert (level, "in it;" in words) == ("warn", True)
    assert levels(patient(tmp_path, departments={**emails, "it": {"email": "it@x.example"}}), "departments") == ["ok"]


def test_a_database_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    assert levels(patient(tmp_path), "database") == ["warn"]
    assert list(tmp_path.iterdir()) == []


def test_a_sound_database_takes_what_is_written_and_keeps_nothing_of_the_trial(
    tmp_path: Path, store: DatabaseStore
) -> None:
    examined = patient(tmp_path, store)
    assert levels(examined, "database") == levels(examined, "files") == ["ok"]
    with store.read() as tx:
        assert tx.notes.value("doctor") is None


def test_a_damaged_database_is_found(tmp_path: Path, store: DatabaseStore) -> None:
    store.write(lambda tx: [tx.journal.keep(arrival(n)) for n in range(400)])
    store.close()
    path = tmp_path / "desk.db"
    with path.open("r+b") as file:
        for page in range(path.stat().st_size // 4096 - 12, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    assert levels(patient(tmp_path), "database")[0] == "fail"


def test_files_others_may_read_are_found(tmp_path: Path, store: DatabaseStore) -> None:
    (tmp_path / "outbox").mkdir(mode=0o755)
    (tmp_path / "outbox").chmod(0o755)
    ((level, words),) = said(patient(tmp_path, store), "files")
    assert (level, "chmod" in words) == ("fail", True)
    (tmp_path / "outbox").chmod(0o700)
    (tmp_path / "desk.db").chmod(0o640)
    assert levels(patient(tmp_path), "files") == ["fail"]


def test_a_password_in_a_file_others_may_read_is_found_and_not_shown(tmp_path: Path) -> None:
    config = tmp_path / "otklik.toml"
    config.touch()
    config.chmod(0o644)
    examined = patient(tmp_path, config=config, storage={"url": "postgresql://otklik:s3cret@127.0.0.1:1/desk"})
    assert levels(examined, "configuration") == ["fail"]
    config.chmod(0o600)
    assert levels(examined, "configuration") == ["ok"]
    assert not [one for one in examine(examined) if "s3cret" in str(one)]


@pytest.mark.parametrize(
    ("now", "level"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), "ok"),
        (datetime(2027, 10, 31, tzinfo=UTC), "ok"),
        (datetime(2027, 11, 1, tzinfo=UTC), "warn"),
        (datetime(2027, 12, 31, 22, tzinfo=UTC), "fail"),
        (datetime(2028, 3, 1, tzinfo=UTC), "fail"),
    ],
)
def test_a_calendar_without_a_decree_is_told_from_november_on(tmp_path: Path, now: datetime, level: str) -> None:
    assert levels(patient(tmp_path, now=now), "regulation") == [level]


def test_somebody_works_here_and_one_of_them_is_technical(tmp_path: Path, store: DatabaseStore) -> None:
    assert levels(patient(tmp_path, store), "agents") == ["warn"]
    store.write(lambda tx: tx.people.put_agents([Agent("anna", "Anna", "a@x.example", Role.LEAD)]))
    assert levels(patient(tmp_path, store), "agents") == ["warn"]
    store.write(lambda tx: tx.people.put_agents([Agent("boris", "Boris", "b@x.example", technical=True)]))
    assert levels(patient(tmp_path, store), "agents") == ["ok"]


def test_mail_of_the_future_tells_of_a_clock_set_back(tmp_path: Path, store: DatabaseStore) -> None:
    store.write(lambda tx: tx.journal.keep(arrival(1, NOW + timedelta(hours=1))))
    assert levels(patient(tmp_path, store), "journal") == ["fail"]


def test_a_relay_that_does_not_answer_is_a_failure(tmp_path: Path) -> None:
    assert levels(patient(tmp_path, relay={**RELAY, "port": free_port()}), "relay") == ["fail"]


@pytest.mark.postfix
def test_a_relay_that_answers_is_sound_and_one_without_starttls_is_not(tmp_path: Path) -> None:
    with smtp_sink() as port:
        assert levels(patient(tmp_path, relay={**RELAY, "port": port}), "relay") == ["ok"]
        assert levels(patient(tmp_path, relay={"host": "127.0.0.1", "port": port}), "relay") == ["fail"]


def test_a_door_is_free_ours_or_somebody_elses(tmp_path: Path) -> None:
    with open_door(tmp_path) as house:
        assert "running" in said(patient(tmp_path, smtp={"port": house.port}), "smtp")[0][1]
    with foreign_listener() as port:
        assert levels(patient(tmp_path, smtp={"port": port}), "smtp") == ["fail"]
        assert levels(patient(tmp_path, web={"port": port}), "web") == ["fail"]
    assert levels(patient(tmp_path, smtp={"port": free_port()}), "smtp") == ["ok"]
    assert levels(patient(tmp_path, smtp={"port": 25252, "host": "192.0.2.1"}), "smtp") == ["fail"]


def test_a_certificate_has_to_fit_its_key(tmp_path: Path) -> None:
    for name in ("one", "other"):
        issued = trustme.CA().issue_cert("desk.example")
        issued.private_key_pem.write_to_path(tmp_path / f"{name}.key")
        issued.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.pem")
    pair = {"port": 0, "tls_cert": f"{tmp_path}/one.pem", "tls_key": f"{tmp_path}/one.key"}
    assert levels(patient(tmp_path, smtp=pair), "smtp") == ["ok", "ok"]
    assert levels(patient(tmp_path, smtp={**pair, "tls_key": f"{tmp_path}/other.key"}), "smtp") == ["fail", "ok"]
    assert levels(patient(tmp_path, smtp={**pair, "tls_key": f"{tmp_path}/none.key"}), "smtp") == ["fail", "ok"]


@pytest.mark.parametrize(
    ("url", "level"),
    [
        (None, "warn"),
        ("http://127.0.0.1:8080", "warn"),
        ("http://desk.example", "warn"),
        ("https://desk.example", "ok"),
    ],
)
def test_links_in_letters_lead_somewhere_clients_reach(tmp_path: Path, url: str | None, level: str) -> None:
    web = {"port": free_port(), **({"public_url": url} if url else {})}
    assert levels(patient(tmp_path, relay=RELAY, web=web), "web") == ["ok", level]


@pytest.mark.postgres
def test_a_server_is_examined_like_a_file(tmp_path: Path) -> None:
    with cluster() as server, databases.postgresql(server) as url:
        store = open_store(url)
        assert levels(patient(tmp_path, store, storage={"url": url}), "database") == ["ok"]
        store.close()
        server.stop("fast")
        assert levels(patient(tmp_path, storage={"url": url}), "database") == ["fail"]
        server.start()


@pytest.mark.postgres
def test_a_server_that_does_not_wait_for_its_disk_is_found(tmp_path: Path, postgres: Cluster) -> None:
    with databases.postgresql(postgres) as url:
        store = open_store(url)
        found = said(patient(tmp_path, store, storage={"url": url}), "database")
        assert any(level == "fail" and "fsync = off" in words for level, words in found)
        store.close()
