"""A crowd at the door, and those who never finish."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from gateway.smtp_guests import DoorLimits
from tests.support.door import House, open_door
from tests.support.wire import Wire

QUICK = DoorLimits(data_grace=0.3, data_rate=1000, idle=2)


def deliver(house: House, source: str = "127.0.0.1") -> str:
    """A good client that tries again when it is told to; the answer to its mail."""
    deadline = time.monotonic() + 10
    answer = ""
    while answer[:3] != "250" and time.monotonic() < deadline:
        with Wire(house.port, source) as wire:
            lines = ("EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<support@desk.example>", "DATA")
            if wire.greeting[:3] == "220" and all(wire.say(line)[:1] in "23" for line in lines):
                answer = wire.say("Message-ID: <good@client.example>\r\n\r\n.")
    return answer


def test_idle_and_slow_clients_do_not_keep_a_good_one_out(tmp_path: Path) -> None:
    with open_door(tmp_path, max_connections=60, limits=QUICK) as house:
        idle = [Wire(house.port, greeted=False) for _ in range(200)]
        slow = [Wire(house.port, greeted=False) for _ in range(20)]
        for wire in slow:
            wire.send(b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\nS")
        began = time.monotonic()
        assert deliver(house)[:3] == "250"
        alone = time.monotonic() - began
        assert alone < 2
        assert len(house.door.guests) <= 60
        for wire in idle + slow:
            wire.close()


def test_a_client_that_drips_its_mail_is_cut_off_and_leaves_nothing(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=QUICK) as house, house.data() as wire:
        wire.send(b"Subject: slow\r\n")
        assert wire.reply() == "421 4.4.2 Too slow, closing"
        assert wire.reply() == ""
        house.run(house.door.stop(1))
        assert house.rows() == []
        assert house.door.guests.memory == 0


def test_a_client_that_says_nothing_is_sent_away(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=DoorLimits(idle=0.2)) as house, house.wire() as wire:
        assert wire.reply() == "421 4.4.2 Too slow, closing"


def test_bad_commands_do_not_keep_a_client_inside(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=DoorLimits(idle=0.3)) as house, house.wire() as wire:
        wire.send(b"\r\n")
        assert wire.reply()[:3] == "500"
        assert wire.reply() == "421 4.4.2 Too slow, closing"


def test_a_relay_on_this_machine_may_bring_more_than_fifty(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=DoorLimits(crowded_idle=60)) as house:
        assert {house.wire().greeting[:3] for _ in range(60)} == {"220"}


def test_a_full_house_says_try_again_at_once(tmp_path: Path) -> None:
    with open_door(tmp_path, max_connections=5, limits=DoorLimits(crowded_idle=60)) as house:
        inside = [house.wire() for _ in range(5)]
        assert house.wire().greeting.startswith("421 4.7.0")
        assert inside[0].say("QUIT")[:3] == "221"
        assert inside[0].reply() == ""
        assert deliver(house)[:3] == "250"


@pytest.mark.parametrize("line", ["FOO", "RCPT TO:<victim@evil.example>", "EHLO", "DATA", "STARTTLS", "\x00\xff", ""])
def test_errors_without_end_end_the_session(tmp_path: Path, line: str) -> None:
    with open_door(tmp_path, limits=DoorLimits(errors=20)) as house, house.wire() as wire:
        wire.send(b"EHLO x\r\nMAIL FROM:<a@b>\r\n" + line.encode() + b"\r\n")
        wire.send((line.encode() + b"\r\n") * 40)
        replies = wire.replies()
    assert 5 < len(replies) <= 24
    assert replies[-1][:3] in {"421", "502"}


def test_commands_without_end_end_the_session(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=DoorLimits(commands=30)) as house, house.wire() as wire:
        wire.send(b"NOOP\r\n" * 31)
        assert [reply[:3] for reply in wire.replies()] == ["250"] * 30 + ["421"]


def test_who_brings_mail_may_stay(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=DoorLimits(commands=30, errors=5)) as house, house.recipient() as wire:
        for number in range(20):
            assert wire.say("RCPT TO:<nobody@desk.example>")[:3] == "550"
            assert wire.say("DATA")[:3] == "354"
            assert wire.say(f"Message-ID: <{number}@client.example>\r\n\r\n.")[:3] == "250"
            assert wire.say("MAIL FROM:<a@b>")[:3] == "250"
            assert wire.say("RCPT TO:<support@desk.example>")[:3] == "250"


def test_a_command_without_an_end_is_not_collected(tmp_path: Path) -> None:
    with open_door(tmp_path) as house, house.wire() as wire:
        for _ in range(64):
            wire.send(b"x" * 65536)
        assert wire.say("")[:3] == "500"
        assert wire.say("NOOP")[:3] == "250"


def test_more_mail_at_once_than_memory_allows_is_try_again(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=DoorLimits(memory=150_000)) as house:
        wires = [house.data() for _ in range(2)]
        for wire in wires:
            wire.send(b"Subject: x\r\n\r\n" + b"x" * 100_000)
        for number, wire in enumerate(wires):
            wire.send(b"%d\r\n.\r\n" % number)
        assert sorted(wire.reply()[:9] for wire in wires) == ["250 2.0.0", "452 4.3.1"]
        assert deliver(house)[:3] == "250"
        assert house.door.guests.memory == 0
