"""The screening's judgement over whole mails: machines are known for what they are, people are never silenced."""

from __future__ import annotations

import pytest

from intake.mail.reading import read_message
from intake.screening import screen

from .samples import OWN, Sample, humans, machines

MACHINES = tuple(machines())
HUMANS = tuple(humans())


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
