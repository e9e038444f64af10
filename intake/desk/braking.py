"""The desk-wide brake on automatic letters: who is told that it holds, and that once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.desk.roles import leads
from intake.wording import moment_words, plural

if TYPE_CHECKING:
    from datetime import datetime

    from intake.gauges import Held
    from intake.ports import Transaction

BRAKE = "brake"
"""Note: since when the desk's people have known that letters are held; "" while none is."""


class Braking(DeskBase):
    """Looks whether letters are held by the desk's ceiling."""

    def watch_brake(self) -> int:
        """Tell the leads once when letters begin to be held; after the last has left, the next time is a new one. How
        many letters were queued."""
        now = self._clock()
        with self._store.read() as tx:
            held, told = tx.gauges.held(now), tx.notes.value(BRAKE)
        if bool(held.letters) == bool(told):
            return 0
        return self._store.write(partial(self._tell_brake, held, now))

    def _tell_brake(self, held: Held, now: datetime, tx: Transaction) -> int:
        told = tx.notes.value(BRAKE)
        if bool(held.letters) == bool(told):
            return 0
        tx.notes.set_value(BRAKE, now.isoformat() if held.letters else "")
        if not held.letters or held.until is None:
            return 0
        zone = self._regulations.at(now).zone
        limit = self._settings.limits.letters_per_hour
        last = moment_words(zone, held.until, now)
        lines = [
            f"Автоматических писем больше предела ({limit} в час): {plural(held.letters, 'письмо', 'письма', 'писем')}"
            f" придержано. Ни одно не потеряно: они уйдут сами, не больше {limit} в час, последнее — {last}.",
            "Обращения принимаются и сроки идут; ответы сотрудников уходят сразу.",
            "Посмотрите, не отвечает ли служба другой программе и не идёт ли поток поддельных писем: otklik outbox list"
            " и otklik journal list. Предел — [limits] letters_per_hour.",
        ]
        to = leads(tx.people.agents())
        letter = self._writer.staff("brake", to, "Автоматические письма придержаны", lines, None, now)
        if letter is None:
            return 0
        tx.outbox.add(letter, now)
        return 1
