"""Delivery reports are read, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.message import Address, Message
from intake.mail.reading import read_message
from intake.mail.report_parts import ReportParts
from intake.mail.reports import read_report
from intake.mail.reports_fields import outcomes
from tests.intake.mail.mails import multipart, part
from tests.intake.screening.samples import Sample, humans, machines
from tests.support.growth import is_in_proportion

REPORTS = tuple(sample for sample in machines() if "action" in sample.told)
OTHERS = tuple(sample for sample in (*machines(), *humans()) if "action" not in sample.told)
DAEMON = (Address("", "mailer-daemon@mx.example"),)


@pytest.mark.parametrize("sample", REPORTS, ids=lambda sample: sample.name)
def test_a_report_tells_action_recipient_and_letter(sample: Sample) -> None:
    report = read_message(sample.raw).report
    assert report is not None
    assert report.action == sample.told["action"]
    assert report.recipients == (sample.told["to"],)
    if "id" in sample.told:
        assert report.original_ids == (sample.told["id"],)


@pytest.mark.parametrize("sample", OTHERS, ids=lambda sample: sample.name)
def test_other_mail_is_no_report(sample: Sample) -> None:
    assert read_message(sample.raw).report is None


@pytest.mark.parametrize(
    ("fields", "action", "recipients", "status"),
    [
        ("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n", "failed", ("a@b.example",), "5.1.1"),
        ("Final-Recipient: rfc822;a@b.example\nStatus: 4.4.1\n", "delayed", ("a@b.example",), "4.4.1"),
        ("Final-Recipient: <a@b.example>\nAction: FAILED (bad)\n", "failed", ("a@b.example",), None),
        (
            "Final-Recipient: rfc822; a@b.example\nAction: delivered\n\n"
            "Final-Recipient: rfc822; c@b.example\nAction: failed\nStatus: 5.2.2\n",
            "failed",
            ("c@b.example",),
            "5.2.2",
        ),
        (
            "Final-Recipient: rfc822; x@inner.example\nOriginal-Recipient: rfc822; a@b.example\nAction: failed\n",
            "failed",
            ("a@b.example",),
            None,
        ),
        (
            "Final-Recipient: rfc822; a@b.example\nAction: relayed\nFinal-Recipient: rfc822; c@b.example\n"
            "Action: relayed\n",
            "relayed",
            ("a@b.example", "c@b.example"),
            None,
        ),
    ],
)
def test_fields_of_a_report_are_read_tolerantly(
    fields: str, action: str, recipients: tuple[str, ...], status: str | None
) -> None:
    message = Message(
        sender=DAEMON,
        headers=(("content-type", "multipart/report; report-type=delivery-status"),),
        content_types=("multipart/report", "text/plain", "message/delivery-status"),
    )
    report = read_report(message, ReportParts(fields, "", ""))
    assert report is not None
    assert (report.action, report.recipients, report.status) == (action, recipients, status)


def test_a_null_return_path_told_by_the_envelope_counts() -> None:
    message = Message(
        sender=(Address("", "gate@client.example"),),
        subject="Сообщение не доставлено",
        text="Ваше сообщение не может быть доставлено: anna@client.example\n550 5.1.1 нет такого пользователя",
    )
    assert read_report(message) is None
    report = read_report(message, null_path=True)
    assert report is not None
    assert (report.recipients, report.status) == (("anna@client.example",), "5.1.1")


def test_an_enclosed_report_is_not_the_senders_own() -> None:
    message = Message(
        sender=(Address("Пётр", "petrov@client.example"),),
        subject="Что это",
        text="Посмотрите, что приходит",
        content_types=(
            "multipart/mixed",
            "text/plain",
            "message/rfc822",
            "multipart/report",
            "message/delivery-status",
        ),
    )
    assert read_report(message, ReportParts("Final-Recipient: rfc822; a@b.example\nAction: failed\n", "", "")) is None


def test_the_letters_id_is_found_however_it_is_quoted() -> None:
    base = Message(sender=DAEMON, subject="failure notice", text="user unknown")
    for line in (
        "Message-ID: <vd-1.1@v.example>",
        "> Message-Id:\n  <vd-1.1@v.example>",
        "\tMESSAGE-ID:<vd-1.1@v.example>",
    ):
        report = read_report(replace(base, text=f"user unknown\n\n{line}\n"))
        assert report is not None
        assert report.original_ids == ("<vd-1.1@v.example>",), line


@given(st.text(max_size=600), st.text(max_size=600), st.text(max_size=300), st.booleans())
@settings(deadline=None)
def test_reading_a_report_never_raises(fields: str, returned: str, text: str, null_path: bool) -> None:
    message = Message(sender=DAEMON, subject=text[:80], text=text, content_types=("multipart/report",))
    report = read_report(message, ReportParts(fields, returned, text), null_path=null_path)
    assert report is None or report.action in ("failed", "delayed", "delivered", "relayed", "expanded")
    assert all(outcome.recipient is None or "@" in outcome.recipient for outcome in outcomes(fields))


@pytest.mark.parametrize(
    "piece",
    [
        "a@",
        "<a@b.c",
        "Message-ID: <",
        "Final-Recipient: rfc822;",
        "\n \n",
        "5.5.5.5.",
        "5.1.",
        "550 ",
        "a.b.c@d.e.f",
        " : ",
    ],
)
def test_time_grows_no_faster_than_the_mail(piece: str) -> None:
    def of(count: int) -> Callable[[], object]:
        text = piece * count
        message = Message(sender=DAEMON, subject="failure notice", text="user unknown\n" + text)
        return lambda: read_report(message, ReportParts(text, text, "user unknown\n" + text))

    assert is_in_proportion(of(8_000), of(32_000), 10)


def test_what_only_the_envelope_shows_to_be_a_report_is_read_whole() -> None:
    raw = multipart(
        "mixed",
        part(body="Your message is below."),
        part(
            "Content-Type: message/delivery-status",
            body="Final-Recipient: rfc822; anna@client.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        ),
        part("Content-Type: text/rfc822-headers", body="Message-ID: <vd-7.1@vitrina.example>\r\n"),
        fields=("From: Robot <robot@mx.example>", "Subject: Message status"),
    )
    message = read_message(raw)
    assert message.report is None
    report = read_report(message, null_path=True)
    assert report is not None
    assert (report.action, report.recipients, report.original_ids) == (
        "failed",
        ("anna@client.example",),
        ("<vd-7.1@vitrina.example>",),
    )
