"""The screening's judgement over whole mails: machines are known for what they are, people are never silenced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from intake.mail.reading import read_message
from intake.screening import OwnAddresses, screen

from .samples import OWN, Sample, humans, machines

MACHINES = tuple(machines())
HUMANS = tuple(humans())
EML = Path(__file__).parents[2] / "data" / "eml"
INDEX = [json.loads(line) for line in (EML / "index.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("sample", MACHINES, ids=lambda sample: sample.name)
def test_a_machines_mail_is_known_for_what_it_is(sample: Sample) -> None:
    verdict = screen(read_message(sample.raw), OWN)
    assert (verdict.kind, verdict.auto_submitted, verdict.no_auto_answer, verdict.letter_allowed, verdict.bounce) == (
        sample.told["kind"],
        sample.automatic,
        sample.no_auto_answer,
        sample.letter_allowed,
        sample.bounce,
    ), verdict


@pytest.mark.parametrize("sample", HUMANS, ids=lambda sample: sample.name)
def test_a_person_is_never_silenced(sample: Sample) -> None:
    verdict = screen(read_message(sample.raw), OWN)
    assert (verdict.kind, verdict.letter_allowed, verdict.becomes) == ("ordinary", True, "ticket"), verdict
    assert (verdict.auto_submitted, verdict.no_auto_answer, verdict.bounce) == (False, False, False)


def test_there_are_enough_samples_to_tell() -> None:
    assert len(MACHINES) >= 90
    assert len(HUMANS) >= 200
    assert len({sample.name for sample in MACHINES}) == len(MACHINES)


@pytest.mark.parametrize("told", INDEX, ids=lambda told: told["file"])
def test_the_indexed_mails_are_judged_as_their_index_says(told: dict[str, Any]) -> None:
    own = OwnAddresses(
        addresses=frozenset({"support@vitrina-domiland.example"}), message_id_domain="vitrina-domiland.example"
    )
    verdict = screen(read_message((EML / told["file"]).read_bytes()), own)
    expected = told["expected"]
    assert (verdict.auto_submitted, verdict.bounce, verdict.no_auto_answer) == (
        expected["auto_submitted"],
        expected["bounce"],
        expected["no_auto_answer"],
    ), verdict
