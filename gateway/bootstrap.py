"""The composition root: settings in, a desk out. The only place that sees every part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from intake.regulations import Regulations
from intake.settings import DeskSettings
from intake.signing import Signer
from intake.signing_keys import KeyRing

if TYPE_CHECKING:
    from gateway.settings import Settings
    from intake.desk import Desk
    from intake.letters.contexts import Context, Rendered
    from intake.letters.writing import LetterWriter
    from intake.pages import Pages
    from intake.ports import Store
    from intake.quality.page import QualityPage
    from intake.receiving import Receiver


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """A desk put together. What acts, reads mail or draws pages is made when it is first asked for: a list does none of
    it."""

    settings: Settings
    desk_settings: DeskSettings
    store: Store
    regulations: Regulations
    signer: Signer
    clock: Callable[[], datetime]
    keys: KeyRing

    @cached_property
    def writer(self) -> LetterWriter:
        """The words of every letter."""
        from intake.letters.writing import LetterWriter

        return LetterWriter(self.desk_settings, self.signer, _rendered)

    @cached_property
    def desk(self) -> Desk:
        """What agents do."""
        from intake.desk import Desk

        return Desk(self.store, self.regulations, self.writer, self.desk_settings, self.clock)

    @cached_property
    def receiver(self) -> Receiver:
        """What becomes of a mail."""
        from intake.receiving import Receiver

        return Receiver(self.store, self.regulations, self.writer, self.signer, self.desk_settings, self.clock)

    @cached_property
    def pages(self) -> Pages:
        """The pages of the web door."""
        from templates import WebPages

        return WebPages()

    def close(self) -> None:
        """Finish what was submitted."""
        self.keys.stop()
        self.store.close()


def build(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Parts:
    """Open the store and put the desk together. Raises ConfigError, StoreUnavailable."""
    from storage import open_store

    store = open_store(settings.storage.url)
    desk_settings = settings.desk_settings()
    regulations = Regulations(store, desk_settings.timezone)
    keys = KeyRing(store, clock, desk_settings.limits.old_keys)
    return Parts(settings, desk_settings, store, regulations, Signer(keys), clock, keys)


def _rendered(context: Context | QualityPage) -> Rendered:
    from templates import render_letter

    return render_letter(context)


def signing_keys(store: Store) -> tuple[str, ...]:
    """The keys of the desk as they stand, made at the first start and kept in the database so that all agree."""
    return tuple(KeyRing(store, utc_now, timedelta.max))
