"""The composition root: settings in, a desk out. The only place that sees every part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from intake.desk import Desk
from intake.letters.writing import LetterWriter
from intake.receiving import Receiver
from intake.regulations import Regulations
from intake.settings import DeskSettings
from intake.signing import Signer
from intake.signing_keys import KeyRing

if TYPE_CHECKING:
    from gateway.settings import Settings
    from intake.pages import Pages
    from intake.ports import Store


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """A desk put together."""

    settings: Settings
    desk_settings: DeskSettings
    store: Store
    regulations: Regulations
    signer: Signer
    writer: LetterWriter
    desk: Desk
    receiver: Receiver
    clock: Callable[[], datetime]
    pages: Pages
    keys: KeyRing

    def close(self) -> None:
        """Finish what was submitted."""
        self.keys.stop()
        self.store.close()


def build(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Parts:
    """Open the store and put the desk together. Raises ConfigError, StoreUnavailable."""
    from storage import open_store
    from templates import WebPages, render_letter

    store = open_store(settings.storage.url)
    desk_settings = settings.desk_settings()
    regulations = Regulations(store, desk_settings.timezone)
    keys = KeyRing(store, clock, desk_settings.limits.old_keys)
    signer = Signer(keys)
    writer = LetterWriter(desk_settings, signer, render_letter)
    desk = Desk(store, regulations, writer, desk_settings, clock)
    receiver = Receiver(store, regulations, writer, signer, desk_settings, clock)
    return Parts(settings, desk_settings, store, regulations, signer, writer, desk, receiver, clock, WebPages(), keys)


def signing_keys(store: Store) -> tuple[str, ...]:
    """The keys of the desk as they stand, made at the first start and kept in the database so that all agree."""
    return tuple(KeyRing(store, utc_now, timedelta.max))
