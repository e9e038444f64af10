"""otklik.toml, the environment and the defaults."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.settings import SECTIONS, Settings, load_settings
from gateway.settings_sections import DEPARTMENTS, LimitSettings
from gateway.settings_values import duration, size
from intake.errors import ConfigError
from intake.regulation.loader import load_rules, shipped_text
from intake.settings import Department, DeskSettings, Limits

CANARY = "c4nary-S3cret-9f"
Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Settings of a text and an environment."""

    def load_text(text: str = "", **environ: str) -> Settings:
        file = tmp_path / "otklik.toml"
        file.write_text(text, encoding="utf-8")
        return load_settings(file, environ)

    return load_text


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with the canary that only its owner may read."""
    file = tmp_path / "secret"
    file.write_text(f"{CANARY}\n")
    file.chmod(0o600)
    return file


def refusal(load: Load, text: str = "", **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(text, **environ)
    line = str(caught.value)
    assert "\n" not in line
    assert CANARY not in line + repr(caught.value) + str(caught.value.__cause__)
    return line


def test_without_a_file_the_embedded_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.storage.sqlite_file == "var/otklik.db"
    assert (settings.smtp.host, settings.smtp.port) == ("127.0.0.1", 2525)
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert (settings.relay, settings.imap, settings.slack) == (None, (), None)
    assert settings.desk.address == "support@localhost"
    assert settings.desk.aliases == ("support@vitrina-domiland.example",)


def test_the_file_in_the_current_directory_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "otklik.toml").write_text("[smtp]\nport = 2626\n")
    assert load_settings(None, {}).smtp.port == 2626


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_settings(tmp_path / "none.toml", {})


def test_environment_wins_over_file_and_file_over_defaults(load: Load) -> None:
    settings = load("[smtp]\nport = 1\nhost = '::1'\n", OTKLIK_SMTP__PORT="2")
    assert (settings.smtp.host, settings.smtp.port, settings.smtp.max_connections) == ("::1", 2, 200)


def test_an_empty_variable_counts_as_not_set(load: Load) -> None:
    assert load("[smtp]\nport = 1\n", OTKLIK_SMTP__PORT=" ").smtp.port == 1


EVERY_PLAIN_KEY: dict[str, dict[str, Any]] = {
    "desk": {
        "name": "Отдел",
        "address": "desk@example.org",
        "aliases": ["a@example.org"],
        "own_lists": ["l@example.org"],
        "ticket_prefix": "AB",
        "timezone": "Asia/Omsk",
        "reply_address": "plain",
        "hand_over": "1h",
    },
    "storage": {"url": "postgresql://user@host/db", "outbox": "out"},
    "smtp": {
        "host": "0.0.0.0",
        "port": "25",
        "tls_cert": "c.pem",
        "tls_key": "k.pem",
        "max_size": "10M",
        "max_connections": "7",
        "trusted_networks": ["10.0.0.0/8"],
        "authserv_id": "mx.example.org",
    },
    "relay": {
        "host": "relay.example.org",
        "port": "26",
        "username": "u",
        "password": CANARY,
        "security": "tls",
        "envelope_from": "bounce@example.org",
        "ca_file": "ca.pem",
    },
    "web": {
        "host": "::",
        "port": "81",
        "public_url": "https://desk.example.org/",
        "trusted_proxies": ["127.0.0.1"],
        "max_size": "10M",
        "posts": "5",
        "products": ["Витрина", "Заказы"],
        "api": {"keys": f"shop:{CANARY}"},
    },
    "forms": {"site": {"from": "robot@site.example", "fields": {"name": "Имя"}}},
    "slack": {"bot_token": CANARY, "app_token": CANARY, "base_url": "http://127.0.0.1:9"},
    "departments": {
        "legal": {
            "title": "Юристы",
            "email": "law@example.org",
            "senders": ["@law.example.org"],
            "head": "Иванова",
            "slack_channel": "#law",
        }
    },
    "limits": {
        "letters_per_address_hour": "1",
        "letters_per_address_day": "2",
        "letters_per_hour": "3",
        "form_letters_per_address_hour": "2",
        "form_letters_per_address_day": "4",
        "uncertain_pause": "1h30m",
        "old_keys": "365d",
        "undo_window": "10s",
    },
}


def variables(table: dict[str, Any], *path: str) -> dict[str, str]:
    """The table as an environment."""
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict) and key != "fields":
            found |= variables(value, *path, key)
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            found["OTKLIK_" + "__".join((*path, key)).upper()] = text
    return found


def test_every_key_of_a_plain_section_can_come_from_the_environment(load: Load) -> None:
    settings = load("", **variables(EVERY_PLAIN_KEY))
    assert settings.desk.name == "Отдел"
    assert settings.desk.aliases == ("a@example.org",)
    assert settings.smtp.max_size == 10 * 1024**2
    assert settings.relay is not None
    assert settings.relay.password == CANARY
    assert settings.web.links == "https://desk.example.org"
    assert settings.web.api.by_name == {"shop": CANARY}
    assert settings.forms["site"].sender == "robot@site.example"
    assert settings.forms["site"].fields == {"name": "Имя"}
    assert settings.slack is not None
    assert settings.slack.app_token == CANARY
    assert settings.departments["legal"].senders == ("@law.example.org",)
    assert settings.limits.uncertain_pause == timedelta(minutes=90)
    for name, model in SECTIONS.items():
        if name != "imap":
            given = EVERY_PLAIN_KEY[name]
            given = next(iter(given.values())) if name in ("forms", "departments") else given
            keys = {field.alias or key for key, field in model.model_fields.items()}
            assert {key for key in keys if f"{key.removesuffix('_file')}_file" != key or key == "ca_file"} == set(given)


def test_lists_in_the_environment_are_json_or_words_with_commas(load: Load) -> None:
    assert load(OTKLIK_DESK__ALIASES="a@x.org, b@x.org").desk.aliases == ("a@x.org", "b@x.org")
    assert load(OTKLIK_DESK__ALIASES='["a@x.org"]').desk.aliases == ("a@x.org",)
    assert load(OTKLIK_DESK__ALIASES="[]").desk.aliases == ()


def test_mailboxes_come_as_json(load: Load, secret: Path) -> None:
    boxes = [
        {"host": "imap.example.org", "username": "u", "password_file": str(secret), "import_since": "2026-09-01"},
        {
            "host": "h",
            "username": "v",
            "oauth2_token_command": ["token", "v"],
            "security": "starttls",
            "done": "move:A",
        },
    ]
    settings = load('[[imap]]\nhost = "other"', OTKLIK_IMAP=json.dumps(boxes))
    assert [box.host for box in settings.imap] == ["imap.example.org", "h"]
    assert [box.port for box in settings.imap] == [993, 143]
    assert settings.imap[0].password == CANARY
    assert settings.imap[0].import_since == date(2026, 9, 1)


def test_secrets_are_read_from_their_files_and_never_printed(load: Load, secret: Path) -> None:
    keys = secret.with_name("keys")
    keys.write_text(f"# who\nshop:{CANARY}\n")
    keys.chmod(0o640)
    settings = load(
        f'[relay]\nhost="h"\nusername="u"\npassword_file="{secret}"\n[web.api]\nkeys_file="{keys}"\n'
        f'[slack]\nbot_token_file="{secret}"\n[storage]\nurl="postgresql://u:{CANARY}@h/db"\n'
        f'[[imap]]\nhost="h"\nusername="u"\npassword_file="{secret}"\n'
    )
    assert settings.relay is not None
    assert settings.slack is not None
    assert {settings.relay.password, settings.slack.bot_token, settings.imap[0].password} == {CANARY}
    assert settings.web.api.by_name == {"shop": CANARY}
    shown = repr(settings) + str(settings) + repr(settings.imap) + settings.storage.shown
    assert CANARY not in shown
    assert settings.storage.shown == "postgresql://u@h/db"


def test_a_secret_given_directly_takes_the_place_of_its_file(load: Load) -> None:
    text = '[relay]\nhost="h"\nusername="u"\npassword_file="/nowhere"\n'
    relay = load(text, OTKLIK_RELAY__PASSWORD=CANARY).relay
    assert relay is not None
    assert relay.password == CANARY


@pytest.mark.parametrize("mode", [0o604, 0o606, 0o644, 0o602])
def test_a_secret_everybody_may_read_is_refused(load: Load, secret: Path, mode: int) -> None:
    secret.chmod(mode)
    assert "chmod 600" in refusal(load, f'[slack]\nbot_token_file = "{secret}"')


def test_no_refusal_shows_a_secret(load: Load) -> None:
    refusal(load, f'[relay]\nhost = "h"\npassword = "{CANARY}"')
    refusal(load, f'[relay]\nhost = "h"\npasword = "{CANARY}"')
    refusal(load, f'[relay]\nhost = ["{CANARY}"]\npassword_file = 1')
    refusal(load, f'[storage]\nurl = "mysql://u:{CANARY}@h/d"')
    refusal(load, f'[web.api]\nkeys = "x:{CANARY}"')
    refusal(load, OTKLIK_WEB__API__KEYS=CANARY)
    refusal(load, OTKLIK_RELAY__PASSWORD=CANARY)
    refusal(load, OTKLIK_RELAY__PASSWORD=CANARY, OTKLIK_RELAY__HOST="relay.example.org")
    refusal(load, OTKLIK_IMAP=json.dumps([{"host": "h", "password": CANARY}]))
    refusal(load, OTKLIK_IMAP=json.dumps({"password": CANARY}))
    refusal(load, OTKLIK_IMAP=json.dumps([{"host": "h", "username": "u", "password": [CANARY]}]))
    refusal(load, OTKLIK_IMAP=f'{{"password": "{CANARY}')
    refusal(load, f'[slack]\nbot_token = "{CANARY}"')
    refusal(load, f'bot_token = "{CANARY}"')


REFUSED = [
    ("[smtp]\nprot = 1", "[smtp] prot: no such key; did you mean port?"),
    ("[smpt]\nport = 1", "[smpt]: no such section; did you mean smtp?"),
    ('address = "a@b.org"', "address: stands above every section"),
    ("smtp = 1", "[smtp] = 1: not a section"),
    ('[smtp]\nport = "abc"', '[smtp] port = "abc": not a whole number'),
    ("[smtp]\nport = 70000", "[smtp] port = 70000: too large; at most 65535"),
    ("[smtp]\nport = true", "[smtp] port = true: not a number"),
    ('[smtp]\nmax_size = "25X"', "not a size"),
    ('[smtp]\ntls_cert = "c.pem"', "[smtp]: tls_cert and tls_key go together"),
    ('[smtp]\ntrusted_networks = ["10.0.0.300"]', "not a network"),
    ('[desk]\naddress = "support"', '[desk] address = "support": not a mail address'),
    ('[desk]\naddress = "a b@example.org"', "not a mail address"),
    ('[desk]\naddress = "a@example.org\\r\\nBcc: x@y.org"', "not a mail address"),
    ('[desk]\naddress = "<a@example.org>"', "not a mail address"),
    ('[desk]\naliases = ["a@b.org", "c"]', '[desk] aliases number 2 = "c": not a mail address'),
    ('[desk]\naliases = "a@b.org"', "not a list"),
    ('[desk]\nname = "a\\nb"', "control characters"),
    ('[desk]\ntimezone = "Mars/Base"', "no such time zone"),
    ('[desk]\ntimezone = "../../etc/passwd"', "no such time zone"),
    ('[desk]\nreply_address = "minus"', "write 'plus' or 'plain'"),
    ('[desk]\nticket_prefix = "вд"', "not a prefix"),
    (f'[desk]\naddress = "{"a" * 40}@example.org"', "too many for signed addresses"),
    ("[relay]\nport = 25", "[relay] host: missing"),
    ('[relay]\nhost = "h"\nsecurity = "ssl"', "[relay] security"),
    ('[relay]\nhost = "h"\nusername = "u"', "go together"),
    ('[relay]\nhost = "h"\nusername = "u"\npassword_file = "/nowhere/at-all"', "password_file"),
    ("imap = 3", "not a list of mailboxes"),
    ('[imap]\nhost = "h"', "write each as a section [[imap]]"),
    ('[[imap]]\nhost = "h"\nusername = "u"', "[[imap]] number 1: the mailbox needs"),
    ('[[imap]]\nhost = "h"\nusername = "u"\noauth2_token_command = "t"\ndone = "mv:"', 'done = "mv:": not known'),
    ('[[imap]]\nhost = "h"\nusername = "u"\noauth2_token_command = "t"\ndone = "move:"', "no folder"),
    ('[web]\npublic_url = "desk.example.org"', "not a web address"),
    ('[web.api]\nkeysfile = "x"', "[web.api] keysfile: no such key; did you mean keys_file?"),
    ('[forms.site]\nfields = {name = "x"}', "[forms.site] from: missing"),
    ('[forms.site]\nfrom = "a@b.org"\nfields = {nam = "x"}', "fields has no 'nam'"),
    ('[departments.legall]\nemail = "a@b.org"', "did you mean legal?"),
    ("[slack]", "bot_token_file is missing"),
    ('[limits]\nuncertain_pause = "15"', "not a duration"),
    ('[limits]\nuncertain_pause = "9999999d"', "longer than ten years"),
    ("[limits]\nletters_per_hour = -1", "too small; at least 0"),
    ('[storage]\nurl = "mysql://h/d"', "url names no database"),
    ('[storage]\nurl = "sqlite:///:memory:"', "url names no file"),
    ("[smtp", "not TOML"),
    ("\u202e = 1", "not TOML"),
    ('["a\\u001b[2J"]\nx = 1', "␛"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_an_error_is_one_line_with_file_section_key_value_reason(load: Load, text: str, said: str) -> None:
    line = refusal(load, text)
    assert "otklik.toml: " in line
    assert said in line


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OTKLIK_SMTP__PORT", "abc", 'OTKLIK_SMTP__PORT = "abc": not a whole number'),
        ("OTKLIK_SMTP__PRT", "1", "OTKLIK_SMTP__PRT: no such key; did you mean port?"),
        ("OTKLIK_SMPT__PORT", "1", "OTKLIK_SMPT__PORT: no such section; did you mean smtp?"),
        ("OTKLIK_WEB__API", "x", "write OTKLIK_WEB__API__KEY"),
        ("OTKLIK_SMTP__PORT__X", "x", "write OTKLIK_SMTP__KEY"),
        ("OTKLIK_IMAP", "x", "not JSON"),
        ("OTKLIK_IMAP", "[{}]", "OTKLIK_IMAP number 1 host: missing"),
        ("OTKLIK_IMAP__HOST", "x", "no such section"),
        ("OTKLIK_FORMS__SITE__FIELDS", "x", "not JSON"),
    ],
)
def test_an_error_of_the_environment_names_the_variable(load: Load, name: str, value: str, said: str) -> None:
    line = refusal(load, "", **{name: value})
    assert line.startswith("environment: ")
    assert said in line


def test_further_variables_are_nobodys_business(load: Load) -> None:
    assert load(OTKLIK_CONFIG="x", OTKLIK_DEBUG="1", OTHER__X="1") == load()


def test_the_default_aliases_go_with_the_default_address(load: Load) -> None:
    assert load('[desk]\naddress = "a@b.org"').desk.aliases == ()
    assert load('[desk]\nname = "x"').desk.aliases == ("support@vitrina-domiland.example",)


def test_plain_addresses_are_the_default_where_only_imap_brings_mail(load: Load) -> None:
    box = '[[imap]]\nhost = "h"\nusername = "u"\noauth2_token_command = "t"\n'
    assert load(box).desk.reply_address == "plain"
    assert load(box).only_imap
    assert load(box + "[smtp]\n").desk.reply_address == "plus"
    assert not load(box + "[smtp]\n").only_imap
    assert load(box + '[desk]\nreply_address = "plus"\n').desk.reply_address == "plus"
    assert load(box, OTKLIK_SMTP__PORT="25").desk.reply_address == "plus"
    assert load().desk.reply_address == "plus"


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_relays_port_goes_with_its_security(load: Load, security: str, port: int) -> None:
    relay = load(f'[relay]\nhost = "h"\nsecurity = "{security}"').relay
    assert relay is not None
    assert relay.port == port


def test_a_password_is_not_sent_in_the_clear_over_a_network(load: Load) -> None:
    clear = {"OTKLIK_RELAY__SECURITY": "none", "OTKLIK_RELAY__USERNAME": "u", "OTKLIK_RELAY__PASSWORD": CANARY}
    assert "in the clear" in refusal(load, OTKLIK_RELAY__HOST="relay.example.org", **clear)
    assert load(OTKLIK_RELAY__HOST="127.0.0.1", **clear).relay is not None


def test_departments_are_those_of_the_regulation(load: Load) -> None:
    rules = load_rules(shipped_text())
    assert {key: found.title for key, found in load().departments.items()} == dict(rules.second_line.departments)
    assert dict(rules.second_line.departments) == DEPARTMENTS


def test_a_department_keeps_its_title_and_its_email_answers(load: Load) -> None:
    departments = load('[departments.legal]\nemail = "law@b.org"\n[departments.hr]\ntitle = "Кадры"').departments
    assert departments["legal"].title == "Юридический департамент"
    assert departments["legal"].senders == ("law@b.org",)
    assert departments["finance"].email is None
    assert departments["hr"].title == "Кадры"


def test_the_core_is_told_who_speaks_for_a_department(load: Load) -> None:
    table = '[departments.legal]\nemail = "law@b.org"\nsenders = ["ann@b.org", "@law.org"]\nhead = "boss@b.org"'
    legal = load(table).desk_settings().department("legal")
    assert legal is not None
    assert (legal.email, legal.head) == ("law@b.org", "boss@b.org")
    speaking = ("ANN@b.org", "x@law.org", "law@b.org", "x@b.org", None)
    assert [legal.speaks(a) for a in speaking] == [True, True, False, False, False]


def test_the_core_is_told_what_it_has_to_know(load: Load) -> None:
    settings = load(
        '[desk]\naddress="a@b.org"\naliases=["c@b.org"]\n[relay]\nhost="h"\nenvelope_from="e@b.org"\n'
        '[smtp]\nauthserv_id="mx"\n[limits]\nletters_per_hour=5\n'
    )
    told = settings.desk_settings()
    assert told == DeskSettings(
        address="a@b.org",
        departments=tuple(Department(key, title) for key, title in DEPARTMENTS.items()),
        aliases=("c@b.org",),
        envelope_from="e@b.org",
        authserv_id="mx",
        public_url="http://127.0.0.1:8080",
        limits=Limits(letters_per_hour=5),
    )


def test_limits_and_their_defaults_are_those_of_the_core(load: Load) -> None:
    assert set(LimitSettings.model_fields) == {field.name for field in fields(Limits)}
    assert load().desk_settings().limits == Limits()


@given(st.integers(1, 999), st.sampled_from("KMG"))
def test_sizes_are_powers_of_1024(count: int, unit: str) -> None:
    expected = count * 1024 ** ("KMG".index(unit) + 1)
    assert size(f"{count}{unit}") == size(f"{count} {unit.lower()}b") == size(f"{count}{unit}iB") == expected


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_durations_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    expected = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    assert duration(f"{days}d{hours}h{minutes}m{seconds}s") == expected


@given(st.text())
def test_any_text_as_a_file_loads_or_is_refused_in_one_line(text: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8", errors="surrogatepass") as file:
        file.write(text)
        file.flush()
        said = ""
        try:
            load_settings(Path(file.name), {})
        except ConfigError as error:
            said = str(error)
    assert len(said.splitlines()) <= 1
