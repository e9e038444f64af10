"""The desk's signing keys: kept as one note, replaced without breaking letters that are out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING, Literal, overload

from intake.errors import NotFound, Refused, StoreUnavailable
from intake.signing import new_key

if TYPE_CHECKING:
    from intake.ports import Store, Transaction

NOTE = "signing_keys"
LOOK_SECONDS = 15.0
HEARD = timedelta(minutes=1)
"""A fresh key signs after so long: by then every process has looked at the keys, and none gets to see a token it does
not know."""
FIRST = "the first"
State = Literal["signs", "verifies", "coming", "too old"]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``key`` is hex; ``signs_from`` ISO 8601, or "the first" for the key the desk began with."""

    key: str
    signs_from: str = FIRST

    @property
    def name(self) -> str:
        """What it is called by people: no secret."""
        return hashlib.sha256(bytes.fromhex(self.key)).hexdigest()[:8]

    def signs(self, now: datetime) -> bool:
        """Whether its time has come."""
        return self.since is None or self.since <= now

    @property
    def since(self) -> datetime | None:
        """When it began to sign; None for the first."""
        return None if self.signs_from == FIRST else datetime.fromisoformat(self.signs_from)


def read_keys(text: str | None) -> tuple[SigningKey, ...]:
    """The keys of a note, newest first; a bare hex text is a key of the first days."""
    found = json.loads(text) if text else []
    return tuple(SigningKey(one) if isinstance(one, str) else SigningKey(**one) for one in found)


def written_keys(keys: Sequence[SigningKey]) -> str:
    """The note of these keys; the first stays bare."""
    return json.dumps([one.key if one.since is None else asdict(one) for one in keys])


def states(keys: Sequence[SigningKey], now: datetime, old: timedelta) -> list[tuple[SigningKey, State]]:
    """What each key does now. One that was replaced is believed for ``old`` after that."""
    found: list[tuple[SigningKey, State]] = []
    replaced: datetime | None = None
    signing = False
    for one in keys:
        if not one.signs(now):
            found.append((one, "coming"))
            continue
        if not signing:
            found.append((one, "signs"))
            signing = True
        else:
            found.append((one, "verifies" if replaced is None or now - replaced <= old else "too old"))
        replaced = one.since
    return found


def rotate(tx: Transaction, now: datetime) -> SigningKey:
    """A fresh key, which signs once every process knows it; those before go on verifying."""
    keys = read_keys(tx.notes.value_to_change(NOTE))
    fresh = SigningKey(new_key(), (now + HEARD).isoformat() if keys else FIRST)
    tx.notes.set_value(NOTE, written_keys((fresh, *keys)))
    return fresh


def retire(tx: Transaction, name: str, now: datetime) -> SigningKey:
    """Forget a key: what it signed is believed no more. Raises NotFound, Refused for the one that signs."""
    keys = read_keys(tx.notes.value_to_change(NOTE))
    found = next((one for one in keys if one.name == name.lower()), None)
    if found is None:
        raise NotFound(f"no signing key {name}: otklik keys list")
    if (found, "signs") in states(keys, now, timedelta.max):
        raise Refused(f"{found.name} signs now: otklik keys rotate first, and wait a minute")
    tx.notes.set_value(NOTE, written_keys([one for one in keys if one != found]))
    return found


class KeyRing(Sequence[str]):
    """The keys as a `Signer` wants them, the signing one first; `follow` keeps them fresh in a process that stays."""

    def __init__(self, store: Store, clock: Callable[[], datetime], old: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._old = old
        self._stopped = Event()
        self._keys: tuple[SigningKey, ...] = ()
        self.look()

    def look(self) -> None:
        """Read the keys; the first is made where there is none. Raises StoreUnavailable."""
        with self._store.read() as tx:
            stored = tx.notes.value(NOTE)
        if stored is None:
            first = written_keys([SigningKey(new_key())])
            stored = self._store.write(lambda tx: tx.notes.set_once(NOTE, first))
        self._keys = read_keys(stored)

    def follow(self, every: float = LOOK_SECONDS) -> None:
        """Look again and again on a thread, until `stop`."""

        def run() -> None:
            while not self._stopped.wait(every):
                try:
                    self.look()
                except StoreUnavailable:
                    continue

        Thread(target=run, name="signing-keys", daemon=True).start()

    def stop(self) -> None:
        """End `follow`."""
        self._stopped.set()

    def _valid(self) -> list[str]:
        order = {"signs": 0, "coming": 1, "verifies": 2}
        known = [
            (order[state], one.key) for one, state in states(self._keys, self._clock(), self._old) if state in order
        ]
        return [key for _, key in sorted(known, key=lambda pair: pair[0])]

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._valid()[place]

    def __len__(self) -> int:
        return len(self._valid())

    def __iter__(self) -> Iterator[str]:
        """One look at the clock for a whole pass."""
        return iter(self._valid())
