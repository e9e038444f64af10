"""Export and import: equal, byte for byte, between databases of each kind; all or nothing."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from intake.errors import NotFound, Refused
from storage import export, import_, open_store
from storage.tables import tables
from tests.support import databases
from tests.support.desks import a_desk, mail


def lived(url: str) -> None:
    """A desk with something of most kinds."""
    with a_desk(url) as desk:
        first = desk.receive(mail("Не открывается", "Ошибка \u202e500 в витрине")).ticket
        desk.receive(mail("Другое", "Как оплатить?", message_id=None))
        desk.receive(b"garbage \xff\x00 without a head")
        assert first is not None
        desk.desk.take(first, "anna")
        desk.desk.note(first, "Посмотрю", "anna")
        desk.desk.reply(first, "Исправлено", "anna")
        desk.desk.close(first, "anna", text="Готово")
        desk.store.write(lambda tx: tx.people.keep_draft("anna", first, "reply", "черновик", desk.clock()))
        desk.store.write(lambda tx: tx.passwords.set("anna", "$argon2id$secret"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("secrets", [False, True])
def test_a_second_export_equals_the_first(store_url: str, tmp_path: Path, secrets: bool) -> None:
    lived(store_url)
    counts = export(store_url, str(tmp_path / "first"), secrets)
    copy = databases.sqlite(tmp_path / "copy" / "desk.db")
    assert import_(copy, str(tmp_path / "first")) == counts
    export(copy, str(tmp_path / "second"), secrets)
    first = files(tmp_path / "first")
    assert first == files(tmp_path / "second")
    assert counts["journal"] == 3
    assert len([name for name in first if name.endswith(".eml")]) == counts["journal"] + counts["outbox"]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (tmp_path / "first").rglob("*")} == {0}


def test_an_imported_desk_goes_on(store_url: str, empty_url: str, tmp_path: Path) -> None:
    if store_url.partition(":")[0] == empty_url.partition(":")[0] == "sqlite":
        empty_url = f"sqlite:///{tmp_path}/other.db"
    lived(store_url)
    export(store_url, str(tmp_path / "out"))
    open_store(empty_url).close()
    import_(empty_url, str(tmp_path / "out"))
    with a_desk(empty_url) as desk:
        row = desk.receive(mail("Третье", "Новый вопрос", message_id="<third@x.example>"))
        assert desk.ticket(row.ticket).key == "VD-1004"
        with desk.store.read() as tx:
            assert [t.number for t in tx.tickets.find({"words": "витрина"})] == [1001]


def test_secrets_stay_at_home(store_url: str, tmp_path: Path) -> None:
    lived(store_url)
    export(store_url, str(tmp_path / "out"))
    store = open_store(store_url)
    with store.read() as tx:
        keys = json.loads(tx.notes.value("signing_keys") or "[]")
    store.close()
    everything = b"".join(files(tmp_path / "out").values())
    assert keys
    assert not any(key.encode() in everything for key in [*keys, "$argon2id$secret"])


def test_a_desk_that_has_something_is_left_alone(store_url: str, tmp_path: Path) -> None:
    lived(store_url)
    export(store_url, str(tmp_path / "out"))
    with pytest.raises(Refused, match="not empty"):
        import_(store_url, str(tmp_path / "out"))


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("events.jsonl", lambda text: text[: text.rindex(b"{")]),
        ("events.jsonl", lambda text: text + b"{\n"),
        ("messages.jsonl", lambda text: text.replace(b'"sender_name"', b'"name"', 1)),
        ("manifest.json", lambda text: text.replace(b"0001_desk", b"0001_else")),
        ("journal/raw/1.eml", None),
    ],
)
def test_a_damaged_export_changes_nothing(store_url: str, tmp_path: Path, file: str, change: object) -> None:
    lived(store_url)
    export(store_url, str(tmp_path / "out"))
    path = tmp_path / "out" / file
    path.write_bytes(change(path.read_bytes())) if callable(change) else path.unlink()
    copy = databases.sqlite(tmp_path / "copy" / "desk.db")
    with pytest.raises(Refused):
        import_(copy, str(tmp_path / "out"))
    store = open_store(copy)
    with store.read() as tx:
        assert tx.tickets.find({}) == []
    store.close()


def test_nothing_is_overwritten(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="overwrites"):
        export(store_url, str(tmp_path / "out"))
    with pytest.raises(NotFound):
        import_(store_url, str(tmp_path / "out"))


def test_every_table_is_exported_but_the_index(store_url: str) -> None:
    """Also one that a later migration adds."""
    store = open_store(store_url)
    store.write(lambda tx: tx.rows.run("CREATE TABLE later (id BIGINT PRIMARY KEY, said TEXT)"))  # type: ignore[attr-defined]
    with store.read() as tx:
        named = {table.name for table in tables(tx.rows)}
    store.close()
    assert {"later", "tickets", "journal", "outbox", "ratings", "escalations", "shifts"} <= named
    assert not any(name.startswith("search_") for name in named)
