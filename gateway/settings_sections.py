"""The sections of otklik.toml as frozen models. A field's description is its documentation: `otklik init` writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from gateway.settings_values import ADDRESS as ADDRESS_FORM
from gateway.settings_values import (
    Address,
    Count,
    Day,
    Duration,
    Line,
    LinkBase,
    Network,
    Port,
    Prefix,
    Sender,
    Size,
    Whole,
    Zone,
)

NAME = "Служба поддержки «Витрина Домиленд»"
ADDRESS = "support@localhost"
ALIASES = ("support@vitrina-domiland.example",)
FORM_FIELDS = ("name", "email", "organisation", "product", "type", "subject", "body")
DEPARTMENTS = {
    "legal": "Юридический департамент",
    "finance": "Финансовый департамент",
    "marketing": "Департамент маркетинга",
    "product": "Департамент продукта",
    "it": "Департамент ИТ",
}
RELAY_PORTS = {"starttls": 587, "tls": 465, "none": 25}
IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
SIGNED_SUFFIX = len("+-.") + len("12345678") + 26  # of a ticket's signed address, beside the prefix
Security = Literal["starttls", "tls", "none"]
Secret = Annotated[str | None, Field(default=None, repr=False)]


def usual_port(data: Any, ports: dict[str, int], security: str) -> Any:
    """Add the port that goes with the chosen security, where none is given."""
    if isinstance(data, dict) and "port" not in data:
        chosen = data.get("security", security)
        return {**data, "port": ports.get(chosen, ports[security]) if isinstance(chosen, str) else ports[security]}
    return data


def refuse_clear_password(host: str, security: str, password: str | None) -> None:
    """A password leaves this machine only encrypted."""
    if password and security == "none" and host not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError('security = "none" would send the password in the clear; take "starttls" or "tls"')


def done_action(value: Any) -> Any:
    """``seen`` or ``move:FOLDER``."""
    if isinstance(value, str) and value != "seen" and not value.removeprefix("move:").strip(" /"):
        raise ValueError('no folder behind "move:"; write "seen" or a folder, like "move:Processed"')
    if isinstance(value, str) and value != "seen" and not value.startswith("move:"):
        raise ValueError('not known; write "seen" or "move:FOLDER"')
    return value


class Section(BaseModel):
    """A table of the file: unknown keys are errors, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True)


class DeskSection(Section):
    """The desk: its name and its addresses."""

    name: Line = Field(default=NAME, description="how letters are signed")
    address: Address = Field(default=ADDRESS, description="the desk's own address; letters come from it")
    aliases: tuple[Address, ...] = Field(
        default=ALIASES, description="further addresses that are the desk; the default goes when address is set"
    )
    own_lists: tuple[Line, ...] = Field(default=(), description="mailing lists that are this mailbox: ordinary mail")
    ticket_prefix: Prefix = Field(default="VD", description="what ticket keys begin with")
    timezone: Zone = Field(default="Europe/Moscow", description="the zone that working time and months are counted in")
    reply_address: Literal["plus", "plain"] = Field(
        default="plus",
        description='"plus": each ticket has a signed address (support+…@); "plain": where the provider does not'
        " deliver those. Plain is the default where only IMAP brings mail",
    )
    hand_over: Duration = Field(
        default="30m", validate_default=True, description="how long before closing time a shift is told what it leaves"
    )

    @model_validator(mode="before")
    @classmethod
    def _own_address_has_own_aliases(cls, data: Any) -> Any:
        if isinstance(data, dict) and "address" in data and "aliases" not in data:
            return {**data, "aliases": ()}
        return data

    @model_validator(mode="after")
    def _signed_address_fits(self) -> DeskSection:
        room = 64 - SIGNED_SUFFIX - len(self.ticket_prefix)
        if self.reply_address == "plus" and len(self.address.partition("@")[0]) > room:
            raise ValueError(
                f"address has more than {room} octets before the @, too many for signed addresses;"
                ' take a shorter one or set reply_address = "plain"'
            )
        return self


class StorageSection(Section):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///var/otklik.db",
        repr=False,
        description="sqlite:///FILE (relative to the current directory; four slashes for an absolute path)"
        " or postgresql://user@host/db",
    )
    outbox: str = Field(default="var/outbox", description="the folder that letters are written to without a [relay]")

    @model_validator(mode="after")
    def _known_database(self) -> StorageSection:
        scheme, found, rest = self.url.partition("://")
        if not found or scheme not in ("sqlite", "postgresql", "postgres") or not rest.strip("/"):
            raise ValueError("url names no database; write sqlite:///FILE or postgresql://user@host/db")
        if scheme == "sqlite" and (not rest.startswith("/") or rest == "/:memory:"):
            raise ValueError("url names no file; write sqlite:///FILE, with four slashes for an absolute path")
        return self

    @property
    def sqlite_file(self) -> str | None:
        """The database file, or None on PostgreSQL."""
        scheme, _, rest = self.url.partition("://")
        return rest[1:] if scheme == "sqlite" else None

    @property
    def shown(self) -> str:
        """The url without a password, for people."""
        scheme, _, rest = self.url.partition("://")
        account, at, place = rest.rpartition("@")
        return f"{scheme}://{account.partition(':')[0]}{at}{place.partition('?')[0]}"


class SmtpSettings(Section):
    """The SMTP listener."""

    host: Line = Field(default="127.0.0.1", description="the address to listen on")
    port: Port = Field(default=2525, description="0 takes any free one")
    tls_cert: str | None = Field(default=None, description="PEM file; with tls_key it offers STARTTLS")
    tls_key: str | None = Field(default=None, description="PEM file")
    max_size: Size = Field(default=25 * 1024**2, description="of one mail, announced as SIZE")
    max_connections: Annotated[Whole, Field(ge=1, le=100_000)] = Field(default=200, description="at the same time")
    trusted_networks: tuple[Network, ...] = Field(
        default=(), description="our own relays: no limit per address of theirs; what they found out is believed"
    )
    authserv_id: Line | None = Field(
        default=None,
        description="whose Authentication-Results are believed: the name our relay writes there; *.example: any such",
    )

    @model_validator(mode="after")
    def _certificate_and_key(self) -> SmtpSettings:
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValueError("tls_cert and tls_key go together; set both or neither")
        return self


class RelaySettings(Section):
    """Where letters leave. Without this section they are written to files."""

    host: Line = Field(description="the mail server that takes our letters")
    port: Port = Field(default=587, description="default 587, 465 with tls, 25 with none")
    username: Line | None = Field(default=None, description="of the account there")
    password_file: str | None = Field(default=None, description="a file with the password and nothing else")
    password: Secret = None
    security: Security = Field(default="starttls", description="starttls, tls or none; the certificate is verified")
    envelope_from: Address | None = Field(default=None, description="envelope sender; default the desk's address")
    ca_file: str | None = Field(default=None, description="PEM file with the authority of a private certificate")

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, data: Any) -> Any:
        return usual_port(data, RELAY_PORTS, "starttls")

    @model_validator(mode="after")
    def _account(self) -> RelaySettings:
        if bool(self.username) != bool(self.password):
            raise ValueError("username and password_file go together; set both or neither")
        refuse_clear_password(self.host, self.security, self.password)
        return self


class ImapSettings(Section):
    """A mailbox to fetch mail from. The section may stand more than once."""

    host: Line = Field(description="the IMAP server")
    port: Port = Field(default=993, description="default 993, 143 with starttls or none")
    username: Line = Field(description="of the mailbox")
    password_file: str | None = Field(default=None, description="a file with the password and nothing else")
    password: Secret = None
    oauth2_token_command: str | tuple[str, ...] | None = Field(
        default=None, description="instead of a password: a command that prints an access token"
    )
    security: Security = Field(default="tls", description="tls, starttls or none; the certificate is verified")
    folder: Line = Field(default="INBOX", description="the folder to read")
    done: Annotated[str, BeforeValidator(done_action)] = Field(
        default="seen", description='what becomes of mail that is kept: "seen", or "move:Processed"'
    )
    import_since: Day | None = Field(
        default=None, description="take older mail from this day on; without it the first poll starts at the next mail"
    )
    ca_file: str | None = Field(default=None, description="PEM file with the authority of a private certificate")

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, data: Any) -> Any:
        return usual_port(data, IMAP_PORTS, "tls")

    @model_validator(mode="after")
    def _one_way_in(self) -> ImapSettings:
        if bool(self.password) == bool(self.oauth2_token_command):
            raise ValueError("the mailbox needs password_file or oauth2_token_command; set one of them")
        refuse_clear_password(self.host, self.security, self.password or "token")
        return self


class FormSettings(Section):
    """Mails that a foreign form sends: the person is in the text, not in From."""

    sender: Sender = Field(alias="from", description="who these mails come from")
    fields: dict[str, Line] = Field(
        default={}, description="which words stand before a value: " + ", ".join(FORM_FIELDS)
    )

    @model_validator(mode="after")
    def _known_fields(self) -> FormSettings:
        for key in self.fields:
            if key not in FORM_FIELDS:
                raise ValueError(f"fields has no {key!r}; known are {', '.join(FORM_FIELDS)}")
        return self


class SlackSettings(Section):
    """Slack, for departments that are asked there. Without this section they are asked by mail."""

    bot_token_file: str | None = Field(default=None, description="a file with the bot's token (xoxb-…)")
    bot_token: Secret = None
    app_token_file: str | None = Field(default=None, description="a file with the app's token (xapp-…), for answers")
    app_token: Secret = None
    base_url: LinkBase | None = Field(default=None, description="another server that speaks Slack's API, for tests")

    @model_validator(mode="after")
    def _has_a_token(self) -> SlackSettings:
        if not self.bot_token:
            raise ValueError("bot_token_file is missing; set it, or take the section out")
        return self


class DepartmentSettings(Section):
    """A department of the second line."""

    title: Line = Field(description="its name on screens and in letters")
    email: Address | None = Field(default=None, description="where it is asked by mail")
    senders: tuple[Sender, ...] = Field(
        default=(), description="who answers for it, addresses or @domain; default its email"
    )
    head: Line | None = Field(default=None, description="who is told when an answer is late")
    slack_channel: Line | None = Field(default=None, description="where it is asked in Slack")

    @model_validator(mode="before")
    @classmethod
    def _email_answers(cls, data: Any) -> Any:
        email = data.get("email") if isinstance(data, dict) else None
        if isinstance(email, str) and "senders" not in data and ADDRESS_FORM.fullmatch(email.strip()):
            return {**data, "senders": (email,)}
        return data


class LimitSettings(Section):
    """Ceilings of the letters that incoming mail sets off, and waits of sending."""

    letters_per_address_hour: Count = Field(default=10, description="to one address in an hour")
    letters_per_address_day: Count = Field(default=30, description="to one address in a day")
    letters_per_hour: Count = Field(default=600, description="of the whole desk; what is over waits, with an alarm")
    form_letters_per_address_hour: Count = Field(
        default=1, description="to an address that was typed into the form: anybody can type anybody's"
    )
    form_letters_per_address_day: Count = Field(default=3, description="the same in a day")
    old_keys: Duration = Field(
        default="730d",
        validate_default=True,
        description="how long a replaced signing key's addresses and links are still believed",
    )
    uncertain_pause: Duration = Field(
        default="15m",
        validate_default=True,
        description="before a letter is repeated whose taking over the relay did not confirm",
    )
    undo_window: Duration = Field(
        default="15s",
        validate_default=True,
        description="how long a letter sent on the screen waits and can be taken back; 0s: it leaves at once",
    )
