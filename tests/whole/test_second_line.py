"""A question to a department leaves by mail and comes back, through the real gateway; the client reads none of it."""

from __future__ import annotations

import email
import email.policy
import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateways import DESK, Gateway, Relay, eventually, gateway, relay
from tests.support.slack_server import slack_server

LAWYER, CLIENT = "legal@licensor.example", "olga@roscha.example"
DEPARTMENTS = f"""
[departments.legal]
email = "{LAWYER}"
[departments.product]
email = "product@licensor.example"
[departments.it]
email = "it@licensor.example"
"""
IN_SLACK = """
[departments.it]
slack_channel = "#it"
"""
SECRET = "ВНУТРЕННЕЕ: договор ничтожен"


def read(raw: bytes) -> EmailMessage:
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


def send(port: int, sender: str, to: str, text: str, **headers: str) -> None:
    """As a mail server hands it in."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, headers.pop("Subject", "Вопрос")
    mail["Message-ID"] = headers.pop("Message_ID")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        server.send_message(mail, sender, [to])


def everything_to(sink: Relay, address: str) -> str:
    """All words of all letters one address got."""
    return "\n".join(
        str(part.get_content()) for raw in sink.to(address) for part in read(raw).walk() if not part.is_multipart()
    )


def test_a_question_goes_out_and_the_answer_stays_inside(tmp_path: Path) -> None:
    with relay() as sink, gateway(tmp_path, sink.port, DEPARTMENTS) as desk:
        send(desk.smtp_port, CLIENT, DESK, "Хотим расторгнуть договор.", Message_ID="<1@roscha.example>")
        eventually(lambda: sink.to(CLIENT), what="the acknowledgement")
        number = str(desk.json("tickets")[0]["number"])
        desk.cli("escalate", number, "legal", "--text-file", "-", "--as", "anna", stdin="Можно ли?".encode())
        (asked,) = eventually(lambda: sink.to(LAWYER), what="the question")
        question = read(asked)
        assert question["Subject"] == f"[VD-{number}] Правовые вопросы: Вопрос"
        token = str(question["Reply-To"])
        send(
            desk.smtp_port,
            LAWYER,
            token,
            SECRET,
            Subject=f"Re: {question['Subject']}",
            Message_ID="<a@licensor.example>",
            In_Reply_To=str(question["Message-ID"]),
        )
        ticket = eventually(lambda: _answered(desk.json("ticket", number)[0]), what="the answer")
        assert ticket is not None
        assert [m["direction"] for m in ticket["messages"]] == ["in", "out", "dept_out", "dept_in"]
        assert [e["channels"] for e in ticket["escalations"]] == [["mail"]]
        assert "dept_answered" in [e["kind"] for e in ticket["events"]]
        desk.cli("reply", number, "--text-file", "-", "--as", "anna", stdin="Договор расторгнем.".encode())
        desk.cli("close", number, "--as", "anna")
        eventually(lambda: len(sink.to(CLIENT)) == 3, what="the letters to the client")
        assert "ВНУТРЕННЕЕ" not in everything_to(sink, CLIENT)
        assert "Можно ли?" not in everything_to(sink, CLIENT)
        (month,) = desk.json("departments", "--month", ticket["escalations"][0]["escalated_at"][:7])
        assert month["departments"]["legal"]["in_time"] == 1
        assert "second_line" in [d["deadline"] for d in desk.json("explain", number)[0]["deadlines"]]


def test_a_question_survives_a_kill_of_the_gateway(tmp_path: Path) -> None:
    with relay() as sink, gateway(tmp_path, sink.port, DEPARTMENTS) as desk:
        send(desk.smtp_port, CLIENT, DESK, "Сделайте, пожалуйста, отчёт.", Message_ID="<2@roscha.example>")
        number = str(eventually(lambda: desk.json("tickets"), what="the ticket")[0]["number"])
        desk.kill()
        desk.cli("escalate", number, "development", "--text-file", "-", "--as", "anna", stdin="Сделаем?".encode())
        desk.start()
        for address in ("product@licensor.example", "it@licensor.example"):
            eventually(lambda: sink.to(address), what=f"the question to {address}")  # noqa: B023
            assert len(sink.to(address)) == 1


@pytest.mark.parametrize("fault", ["", "lost", "500"])
def test_slack_is_asked_and_heard_through_the_real_gateway(tmp_path: Path, fault: str) -> None:
    with slack_server() as slack, relay() as sink:
        tokens = f'bot_token_file = "{_secret(tmp_path, "bot")}"\napp_token_file = "{_secret(tmp_path, "app")}"'
        extra = f'[slack]\n{tokens}\nbase_url = "{slack.base_url}"\n[limits]\nuncertain_pause = "2s"\n{IN_SLACK}'
        slack.faults = [fault] if fault else []
        with gateway(tmp_path, sink.port, extra) as desk:
            send(desk.smtp_port, CLIENT, DESK, "Ошибка 500 на витрине.", Message_ID="<3@roscha.example>")
            number = str(eventually(lambda: desk.json("tickets"), what="the ticket")[0]["number"])
            desk.cli("escalate", number, "system_errors", "--text-file", "-", "--as", "anna", stdin="Что это?".encode())
            sent = eventually(lambda: _state(desk, "sent"), what="the post")
            assert sent is not None
            assert sent["to"] == ["slack:#it"]
            (root,) = slack.kept("#it")
            eventually(lambda: slack.connections, what="the socket")
            slack.tell({"event": slack.say(root, "Перезапустили.", "U2")})
            ticket = eventually(lambda: _answered(desk.json("ticket", number)[0]), what="the answer")
            assert ticket is not None
            assert ticket["escalations"][0]["channels"] == ["slack"]
            assert ticket["messages"][-1]["text"] == "Перезапустили."
            assert ticket["messages"][-1]["from"]["name"].startswith("Иван Технов")
            assert desk.stop() == 0
        assert len(slack.kept("#it")) == 2
        assert "Что это?" not in everything_to(sink, CLIENT)


def _secret(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text(f"x{name[0]}-token")
    file.chmod(0o600)
    return file


def _state(desk: Gateway, state: str) -> dict[str, Any] | None:
    return next((row for row in desk.json("outbox", "list") if row["kind"] == "slack" and row["state"] == state), None)


def _answered(ticket: dict[str, Any]) -> dict[str, Any] | None:
    escalations = ticket["escalations"]
    return ticket if escalations and escalations[0]["answered_at"] else None
