"""The files a new desk begins with."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from gateway.settings import SECTIONS, load_settings
from intake.regulation.loader import load_rules, shipped_text
from tests.conftest import Otklik


def test_both_files_are_written_for_their_owner_alone(otklik: Otklik) -> None:
    answer = otklik("init", "new/desk")
    folder = otklik.folder / "new" / "desk"
    assert (answer.code, answer.out) == (0, "")
    for name in ("otklik.toml", "regulation.toml"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert (folder / "regulation.toml").read_text(encoding="utf-8") == shipped_text()
    load_rules(shipped_text())


def test_what_is_written_loads_as_the_defaults(otklik: Otklik) -> None:
    otklik("init")
    assert load_settings(otklik.folder / "otklik.toml", {}) == load_settings(None, {})


def test_nothing_is_ever_overwritten(otklik: Otklik) -> None:
    (otklik.folder / "regulation.toml").write_text("mine")
    answer = otklik("init", ".")
    assert answer.code == 1
    assert "regulation.toml is there already" in answer.err
    assert (otklik.folder / "regulation.toml").read_text() == "mine"
    assert not (otklik.folder / "otklik.toml").exists()


def test_every_key_stands_in_the_file_with_its_explanation(otklik: Otklik) -> None:
    otklik("init")
    text = (otklik.folder / "otklik.toml").read_text(encoding="utf-8")
    for name, model in SECTIONS.items():
        begin = re.search(rf"^# \[+{name}[.\]]", text, re.MULTILINE)
        assert begin, name
        part = text[begin.start() :].partition("\n\n")[0]
        for key, field in model.model_fields.items():
            if f"{key}_file" in model.model_fields or key == "api":
                continue
            assert f"\n# {field.alias or key} = " in part, key
            assert field.description, key
            assert field.description.split()[0] in part, key
    assert "\n# [web.api]\n# keys_file = " in text


def test_every_shown_value_can_be_set(otklik: Otklik, tmp_path: Path) -> None:
    """Take every comment sign away: the examples have to load too."""
    otklik("init")
    text = (tmp_path / "otklik.toml").read_text(encoding="utf-8")
    secrets = tmp_path / "etc"
    secrets.mkdir()
    for name in ("password", "api-keys", "slack-bot", "slack-app"):
        (secrets / name).write_text("name:secret")
        (secrets / name).chmod(0o600)
    lines = [line.removeprefix("# ") for line in text.replace("/etc/otklik", str(secrets)).splitlines()]
    file = tmp_path / "all.toml"
    file.write_text("\n".join(line for line in lines if not line.startswith("oauth2_token_command")), encoding="utf-8")
    settings = load_settings(file, {})
    assert settings.relay is not None
    assert settings.slack is not None
    assert settings.imap[0].password == "name:secret"
    assert settings.departments["it"].senders == ("it@example.org",)
