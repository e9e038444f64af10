"""Whether a mail may get an automatic letter and what becomes of it: an ordered table of one-question rules."""

from intake.model import Envelope
from intake.screening.facts import OwnAddresses
from intake.screening.recipients import may_write_to
from intake.screening.table import TABLE, screen
from intake.screening.verdicts import Verdict

__all__ = ["TABLE", "Envelope", "OwnAddresses", "Verdict", "may_write_to", "screen"]
