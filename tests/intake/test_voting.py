"""Asking for a mark and counting it, on a whole desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pytest

from intake.errors import Conflict, NotFound, Refused
from intake.model import Status, Ticket
from intake.quality import Month, QualityReports
from intake.regulation import shipped_calendar, shipped_text
from intake.settings import DeskSettings
from intake.voting import ask_of_token
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail

PAGES = "https://desk.example/help"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """A desk with pages; boris has closed nothing yet."""
    with a_desk(tmp_path, DeskSettings(address=DESK_ADDRESS, public_url=PAGES)) as made:
        yield made


def opened(desk: TestDesk, number: int = 1, sender: str = "Ольга Петрова <olga@roscha.example>") -> Ticket:
    row = desk.receive(mail(subject=f"Вопрос {number}", sender=sender, message_id=f"<{number}@roscha.example>"))
    return desk.ticket(row.ticket)


def closed(desk: TestDesk, ticket: Ticket, by: str = "boris") -> EmailMessage:
    """Close a ticket; the letter of it."""
    desk.clock.forward(minutes=20)
    desk.desk.close(ticket.number, by)
    return letter_of(desk, "status_closed")


def letter_of(desk: TestDesk, kind: str) -> EmailMessage:
    raw = [letter.raw for letter in desk.letters() if letter.kind == kind][-1]
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def token_of(letter: EmailMessage) -> str:
    found = re.search(rf"{PAGES}/rate/(\S+)\?score=5", text_of(letter))
    assert found is not None, text_of(letter)
    return found[1]


def reply(desk: TestDesk, letter: EmailMessage, body: str, number: int = 1, **others: str) -> Ticket:
    """The client answers a letter."""
    desk.clock.forward(minutes=5)
    raw = mail(
        subject=f"Re: {letter['Subject']}",
        body=body,
        to=letter["Reply-To"],
        message_id=f"<vote-{number}@roscha.example>",
        In_Reply_To=letter["Message-ID"],
        **others,
    )
    row = desk.receive(raw, rcpt_to=letter["Reply-To"])
    return desk.ticket(row.ticket)


def test_the_letter_of_a_closing_asks_with_five_links(desk: TestDesk) -> None:
    text = text_of(closed(desk, opened(desk)))
    links = re.findall(rf"{PAGES}/rate/(\S+)\?score=([0-9])", text)
    assert [score for _, score in links] == ["5", "4", "3", "2", "1"]
    assert len({token for token, _ in links}) == 1
    assert "Ответьте цифрой от 1 до 5" in text


def test_without_pages_only_a_reply_is_asked_for(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        text = text_of(closed(desk, opened(desk)))
        assert "Ответьте цифрой от 1 до 5" in text
        assert "http" not in text


def test_a_contact_is_asked_once_a_week(desk: TestDesk) -> None:
    assert "цифрой" in text_of(closed(desk, opened(desk, 1)))
    assert "цифрой" not in text_of(closed(desk, opened(desk, 2)))
    assert "цифрой" in text_of(closed(desk, opened(desk, 3, "Пётр <petr@other.example>")))
    desk.clock.forward(days=7)
    assert "цифрой" in text_of(closed(desk, opened(desk, 4)))


def test_of_two_closings_drafted_before_either_leaves_one_asks(desk: TestDesk) -> None:
    first, second = opened(desk, 1), opened(desk, 2)
    drafts = [desk.desk.draft_status(one.number, Status.CLOSED, "boris") for one in (first, second)]
    assert None not in [draft.ask for draft in drafts]
    desk.desk.move(drafts[0], "boris")
    with pytest.raises(Conflict, match="оценку"):
        desk.desk.move(drafts[1], "boris")
    assert desk.ticket(second.number).status is Status.REQUEST
    assert desk.desk.draft_status(second.number, Status.CLOSED, "boris").ask is None


def test_who_closes_on_his_page_is_asked_too(desk: TestDesk) -> None:
    ticket = opened(desk)
    desk.desk.set_status(ticket.number, Status.VERIFICATION, "boris")
    desk.clock.forward(minutes=5)
    desk.desk.confirm(ticket.number, True)
    letter = letter_of(desk, "status_closed")
    assert letter["Auto-Submitted"] == "auto-replied"
    desk.desk.rate(token_of(letter), 5)
    assert (desk.ticket(ticket.number).status, desk.ticket(ticket.number).rating) == (Status.CLOSED, 5)
    with desk.store.read() as tx:
        assert [vote.agent for vote in tx.ratings.votes([ticket.number])] == ["boris"]


def test_who_closes_on_his_page_soon_after_being_asked_gets_no_letter(desk: TestDesk) -> None:
    closed(desk, opened(desk, 1))
    ticket = opened(desk, 2)
    desk.desk.set_status(ticket.number, Status.VERIFICATION, "boris")
    desk.desk.confirm(ticket.number, True)
    assert len([letter for letter in desk.letters() if letter.kind == "status_closed"]) == 1


def test_a_ticket_closed_for_want_of_an_answer_is_asked_about_too(desk: TestDesk) -> None:
    text = shipped_text().replace('version = "2.0"', 'version = "2.1"')
    text = text.replace("remind_after_days = 3, close_after_days = 0", "remind_after_days = 3, close_after_days = 5")
    calendar = shipped_calendar().to_json()
    desk.store.write(lambda tx: tx.rules.add("2.1", desk.clock(), text, calendar, desk.clock()))
    desk.regulations.fresh()
    ticket = opened(desk)
    desk.desk.set_status(ticket.number, Status.VERIFICATION, "boris")
    for _ in range(20):
        desk.clock.forward(days=1)
        desk.desk.watch()
    assert desk.ticket(ticket.number).status is Status.CLOSED
    with desk.store.read() as tx:
        ask = tx.ratings.last_ask(ticket.number)
    assert ask is not None
    assert (ask.agent, ask.regulation) == ("boris", "2.1")
    assert ask.nonce in text_of(letter_of(desk, "status_closed"))


def test_what_does_not_work_is_no_reason_to_ask(desk: TestDesk) -> None:
    ticket = opened(desk)
    desk.desk.set_status(ticket.number, Status.VERIFICATION, "boris")
    desk.desk.confirm(ticket.number, False, "Кнопки нет")
    with desk.store.read() as tx:
        assert tx.ratings.last_ask(ticket.number) is None


def test_spam_and_merged_tickets_are_never_asked_about(desk: TestDesk) -> None:
    spam, merged, target = opened(desk, 1), opened(desk, 2), opened(desk, 3)
    desk.desk.spam(spam.number, "anna")
    desk.desk.merge(merged.number, target.number, "anna")
    assert not [letter for letter in desk.letters() if letter.kind == "status_closed"]


def test_a_vote_on_the_page_is_the_tickets_rating(desk: TestDesk) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    desk.desk.rate(token, 4, "быстро")
    assert desk.ticket(ticket.number).rating == 4
    desk.clock.forward(days=6)
    desk.desk.rate(token, 5)
    assert desk.ticket(ticket.number).rating == 5
    with desk.store.read() as tx:
        assert [(v.score, v.agent, v.door) for v in tx.ratings.votes([ticket.number])] == [
            (4, "boris", "page"),
            (5, "boris", "page"),
        ]
        rated = [(e.before, e.after) for e in tx.tickets.events(ticket.number) if e.kind == "rated"]
        assert "Оценка 4. быстро" in [m.text for m in tx.messages.of(ticket.number)]
    assert rated == [(None, "4"), ("4", "5")]


def test_a_vote_after_seven_days_is_kept_and_not_counted(desk: TestDesk) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    desk.clock.forward(days=7, seconds=1)
    assert desk.desk.rate(token, 5).closed == "late"
    assert desk.ticket(ticket.number).rating is None
    with desk.store.read() as tx:
        assert [v.left_out for v in tx.ratings.votes([ticket.number])] == ["late"]


def test_a_vote_for_a_ticket_in_work_again_is_not_counted(desk: TestDesk) -> None:
    ticket = opened(desk)
    letter = closed(desk, ticket)
    desk.desk.rate(token_of(letter), 5)
    assert reply(desk, letter, "Снова не работает, помогите").status is not Status.CLOSED
    assert desk.ticket(ticket.number).rating is None
    assert desk.desk.rate(token_of(letter), 4).closed == "reopened"
    assert desk.ticket(ticket.number).rating is None


def test_the_vote_counts_for_who_closed_whoever_has_the_ticket_now(desk: TestDesk) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    desk.desk.assign(ticket.number, "anna", "anna")
    desk.desk.rate(token, 2)
    agents = QualityReports(desk.store, desk.regulations, "Europe/Moscow").month(Month(2026, 5)).agents
    assert (agents["boris"].sum, agents["anna"].closed) == (2, 0)


@pytest.mark.parametrize(("closer", "counts"), [("boris", True), ("anna", False)])
def test_an_old_link_votes_on_a_later_closing_of_the_same_agent_only(desk: TestDesk, closer: str, counts: bool) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    desk.desk.set_status(ticket.number, Status.IN_PROGRESS, "boris")
    if closer != "boris":
        desk.desk.assign(ticket.number, closer, "boris")
    desk.clock.forward(hours=1)
    desk.desk.close(ticket.number, closer)
    if closer != "boris":
        desk.desk.assign(ticket.number, "boris", "anna")
    assert (desk.desk.rate(token, 2).closed is None) is counts
    assert desk.ticket(ticket.number).rating == (2 if counts else None)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_mark_outside_the_scale_is_refused(desk: TestDesk, score: int) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    with pytest.raises(Refused):
        desk.desk.rate(token, score)
    assert desk.ticket(ticket.number).rating is None


def test_a_forged_token_rates_nothing(desk: TestDesk) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    for place in range(len(token)):
        other = "a" if token[place] != "a" else "b"
        with pytest.raises(NotFound):
            desk.desk.rate(token[:place] + other + token[place + 1 :], 5)
    for forged in ("", ".", token[:-1], token + "a", token.partition(".")[0], "x" * 5000):
        with pytest.raises(NotFound):
            desk.desk.rate(forged, 5)
    assert desk.ticket(ticket.number).rating is None


def test_tens_of_thousands_of_forged_tokens_lead_nowhere(desk: TestDesk) -> None:
    """Signs changed, cut, doubled, swapped between two true links, and made up."""
    one, other = (token_of(closed(desk, opened(desk, n, f"c{n}@roscha.example"))) for n in (1, 2))
    random = Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    (nonce, _, proof), (wrong_nonce, _, wrong_proof) = one.partition("."), other.partition(".")
    forged = {f"{nonce}.{wrong_proof}", f"{wrong_nonce}.{proof}", nonce, proof, f"{one}.{proof}"}
    while len(forged) < 40_000:
        place = random.randrange(len(proof))
        forged.add(f"{nonce}.{proof[:place]}{''.join(random.choices(letters, k=len(proof) - place))}")
    forged -= {one, other}
    with desk.store.read() as tx:
        assert ask_of_token(tx, desk.signer, one) is not None
        assert not [token for token in forged if ask_of_token(tx, desk.signer, token) is not None]


def test_a_token_is_bound_to_agent_version_and_expiry(desk: TestDesk) -> None:
    token = token_of(closed(desk, opened(desk)))
    nonce = token.partition(".")[0]
    for column, value in (("agent", "anna"), ("regulation", "9"), ("expires_at", 1 << 52)):
        with pytest.raises(NotFound):
            tampered(desk, nonce, column, value, token)


def tampered(desk: TestDesk, nonce: str, column: str, value: object, token: str) -> None:
    """Rate with one column of the question changed; put back after."""

    def put(to: object) -> object:
        def work(tx: object) -> object:
            rows = tx.rows  # type: ignore[attr-defined]
            was = rows.one(f"SELECT {column} FROM rating_asks WHERE nonce = ?", (nonce,))[0]
            rows.run(f"UPDATE rating_asks SET {column} = ? WHERE nonce = ?", (to, nonce))
            return was

        return desk.store.write(work)

    was = put(value)
    try:
        desk.desk.rate(token, 5)
    finally:
        put(was)


@pytest.mark.parametrize(("body", "score"), [("5", 5), ("Оценка: 4, спасибо", 4), ("5!", 5), ("1", 1)])
def test_a_reply_that_is_a_mark_is_a_vote_and_reopens_nothing(desk: TestDesk, body: str, score: int) -> None:
    letter = closed(desk, opened(desk))
    after = reply(desk, letter, body)
    assert (after.status, after.rating) == (Status.CLOSED, score)
    with desk.store.read() as tx:
        assert tx.messages.of(after.number)[-1].text.strip() == body
        assert [v.door for v in tx.ratings.votes([after.number])] == ["mail"]


@pytest.mark.parametrize("body", ["4-5", "2, потому что опять не работает", "Спасибо, но осталось 3 вопроса"])
def test_an_ambiguous_reply_or_a_complaint_is_a_message(desk: TestDesk, body: str) -> None:
    after = reply(desk, closed(desk, opened(desk)), body)
    assert (after.rating, after.unread) == (None, True)
    assert after.status is not Status.CLOSED


def test_a_strangers_mark_is_no_vote(desk: TestDesk) -> None:
    letter = closed(desk, opened(desk))
    raw = mail(body="1", sender="x@stranger.example", to=letter["Reply-To"], In_Reply_To=letter["Message-ID"])
    row = desk.receive(raw.replace(b"<first@", b"<second@"), rcpt_to=letter["Reply-To"])
    assert desk.ticket(row.ticket).rating is None


def test_the_last_vote_counts_by_whichever_door(desk: TestDesk) -> None:
    letter = closed(desk, opened(desk))
    assert reply(desk, letter, "2").rating == 2
    desk.desk.rate(token_of(letter), 5)
    assert reply(desk, letter, "4", 2).rating == 4


@pytest.mark.parametrize(("score", "told"), [(1, True), (3, True), (4, False), (5, False)])
def test_the_lead_learns_of_a_low_mark(desk: TestDesk, score: int, told: bool) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    desk.desk.rate(token, score)
    desk.desk.rate(token, score)
    letters = [letter for letter in desk.letters() if letter.kind == "low_rating"]
    assert len(letters) == int(told)
    assert all(letter.recipients[0][0] == "anna@vitrina-domiland.example" for letter in letters)
    assert desk.ticket(ticket.number).unread is told


def test_a_low_mark_by_reply_is_told_too(desk: TestDesk) -> None:
    reply(desk, closed(desk, opened(desk)), "2")
    assert "Оценка 2" in str(letter_of(desk, "low_rating")["Subject"])


def test_who_votes_without_end_is_not_kept(desk: TestDesk) -> None:
    ticket = opened(desk)
    token = token_of(closed(desk, ticket))
    for turn in range(120):
        desk.desk.rate(token, 4 + turn % 2)
    with desk.store.read() as tx:
        assert len(tx.ratings.votes([ticket.number])) == 50
