"""otklik.toml, the environment and the embedded defaults as one frozen value: `load_settings`.

Paths are relative to the current directory. The environment wins over the file, the file over the defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from gateway.settings_errors import from_validation, meant
from gateway.settings_sections import (
    DEPARTMENTS,
    DepartmentSettings,
    DeskSection,
    FormSettings,
    ImapSettings,
    LimitSettings,
    RelaySettings,
    Section,
    SlackSettings,
    SmtpSettings,
    StorageSection,
)
from gateway.settings_sources import overlay, read_file, read_secrets
from gateway.settings_web import ApiSettings, WebSettings
from intake.settings import Department, DeskSettings, Limits

__all__ = [
    "SECTIONS",
    "ApiSettings",
    "DepartmentSettings",
    "DeskSection",
    "FormSettings",
    "ImapSettings",
    "LimitSettings",
    "RelaySettings",
    "Settings",
    "SlackSettings",
    "SmtpSettings",
    "StorageSection",
    "WebSettings",
    "load_settings",
]

SECTIONS: dict[str, type[Section]] = {
    "desk": DeskSection,
    "storage": StorageSection,
    "smtp": SmtpSettings,
    "relay": RelaySettings,
    "imap": ImapSettings,
    "web": WebSettings,
    "forms": FormSettings,
    "slack": SlackSettings,
    "departments": DepartmentSettings,
    "limits": LimitSettings,
}


class Settings(Section):
    """Everything the gateway, the screen and the commands are told from outside."""

    desk: DeskSection = DeskSection()
    storage: StorageSection = StorageSection()
    smtp: SmtpSettings = SmtpSettings()
    relay: RelaySettings | None = None
    imap: tuple[ImapSettings, ...] = ()
    web: WebSettings = WebSettings()
    forms: dict[str, FormSettings] = Field(default={})
    slack: SlackSettings | None = None
    departments: dict[str, DepartmentSettings] = Field(default={}, validate_default=True)
    limits: LimitSettings = LimitSettings()

    @model_validator(mode="before")
    @classmethod
    def _plain_where_only_imap(cls, data: Any) -> Any:
        """Mail providers that are read by IMAP often deliver no plus-addresses."""
        desk = data.get("desk", {})
        if not data.get("imap") or "smtp" in data or not isinstance(desk, dict) or "reply_address" in desk:
            return data
        return {**data, "desk": {**desk, "reply_address": "plain"}}

    @model_validator(mode="before")
    @classmethod
    def _departments_of_the_regulation(cls, data: Any) -> Any:
        """The departments of §7 have their titles; a further one needs its own."""
        given = data.get("departments", {})
        if not isinstance(given, dict):
            return data
        for key, table in given.items():
            if key not in DEPARTMENTS and isinstance(table, dict) and not table.get("title"):
                raise ValueError(
                    f"[departments.{key}] has no title and is not of the regulation; {meant(key, DEPARTMENTS)}"
                )
        named = {key: {"title": title} for key, title in DEPARTMENTS.items()}
        merged = {k: {**named.get(k, {}), **t} if isinstance(t, dict) else t for k, t in given.items()}
        return {**data, "departments": {**named, **merged}}

    @property
    def only_imap(self) -> bool:
        """Whether mail comes from mailboxes alone: [[imap]] is set and [smtp] is not."""
        return bool(self.imap) and "smtp" not in self.model_fields_set

    def desk_settings(self) -> DeskSettings:
        """What the core is told."""
        desk, relay, limits = self.desk, self.relay, self.limits
        return DeskSettings(
            name=desk.name,
            address=desk.address,
            aliases=desk.aliases,
            own_lists=desk.own_lists,
            ticket_prefix=desk.ticket_prefix,
            timezone=desk.timezone,
            reply_address=desk.reply_address,
            hand_over=desk.hand_over,
            envelope_from=relay.envelope_from if relay else None,
            authserv_id=self.smtp.authserv_id,
            relays=self.smtp.trusted_networks,
            public_url=self.web.links,
            forms=tuple((str(form.sender).lower(), tuple(form.fields.items())) for form in self.forms.values()),
            limits=Limits(**{name: getattr(limits, name) for name in LimitSettings.model_fields}),
            departments=tuple(
                Department(key, d.title, d.email, d.senders, d.head, d.slack_channel)
                for key, d in self.departments.items()
            ),
            slack=self.slack is not None,
        )


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Settings of a file (None: ./otklik.toml where there is one) and the environment.

    Raises ConfigError, one line: file, section, key, value (never a secret's), why, what to do.
    """
    raw = read_file(path)
    overlay(raw, environ, SECTIONS)
    read_secrets(raw, SECTIONS)
    try:
        return Settings.model_validate(raw.values)
    except ValidationError as error:
        raise from_validation(raw, error, SECTIONS) from None
