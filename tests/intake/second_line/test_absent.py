"""Nobody there: what a department's mail system answers by itself is shown, stops no clock and wakes nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.model import Direction
from tests.support.departments import ASKING, LEGAL, answer, asked, parsed
from tests.support.desks import a_desk, mail

MEANWHILE = "Я в отпуске до 1 июня. По срочным вопросам пишите Ивану."
SUBJECTS = {
    "exchange": "Автоматический ответ: [VD-1001] Правовые вопросы: Не открывается витрина",
    "gmail": "Юлия в отпуске Re: [VD-1001] Правовые вопросы",
    "yandex": "Автоответ: [VD-1001] Правовые вопросы",
    "mail.ru": "Re: [VD-1001] Правовые вопросы: Не открывается витрина",
    "vacation(1)": "away from my mail",
    "no headers": "Нет на месте: [VD-1001] Правовые вопросы",
}
HEADERS = {
    "exchange": {
        "Auto_Submitted": "auto-generated",
        "X_Auto_Response_Suppress": "All",
        "X_MS_Exchange_Inbox_Rules_Loop": LEGAL,
    },
    "gmail": {"Precedence": "bulk", "X_Autoreply": "yes", "Auto_Submitted": "auto-replied"},
    "yandex": {"X_Autoreply": "YES"},
    "mail.ru": {"X_Autoreply": "yes", "Precedence": "auto_reply"},
    "vacation(1)": {"Auto_Submitted": "auto-replied (vacation)", "Precedence": "bulk"},
    "no headers": {},
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_an_automatic_answer_is_shown_and_stops_nothing(tmp_path: Path, kind: str) -> None:
    with a_desk(tmp_path, ASKING) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "anna", "Можно ли?")
        desk.desk.mark_read(1001)
        letter = asked(desk)[0]
        to, thread = str(parsed(letter)["Reply-To"]), str(parsed(letter)["Message-ID"])
        raw = mail(SUBJECTS[kind], MEANWHILE, LEGAL, to, "<ooo@licensor.example>", In_Reply_To=thread, **HEADERS[kind])
        desk.receive(raw, mail_from="", rcpt_to=to)
        with desk.store.read() as tx:
            shown = tx.messages.of(1001)[-1]
            assert [e.topic for e in tx.escalations.of(1001) if e.waiting] == ["legal"]
        assert (shown.direction, shown.automatic, shown.text) == (Direction.DEPT_IN, True, MEANWHILE)
        assert not desk.ticket(1001).unread
        desk.receive(answer(letter, "Можно."), rcpt_to=to)
        with desk.store.read() as tx:
            assert tx.escalations.of(1001)[0].answered_at == desk.clock()
