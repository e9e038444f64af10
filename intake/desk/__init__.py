"""The desk's use cases, one method each, one transaction each. Screens, pages and the command line call these."""

from intake.desk.answering import Draft
from intake.desk.contacting import Contacting
from intake.desk.handling import Handling
from intake.desk.listening import Listening
from intake.desk.rating import Rateable, Rating
from intake.desk.recalling import Recalling
from intake.desk.registering import Registering
from intake.desk.reminding import Reminding
from intake.desk.replacing import Replacing
from intake.desk.reporting import Reporting
from intake.desk.shelving import Shelving
from intake.desk.telling import Telling

__all__ = ["Desk", "Draft", "Rateable"]


class Desk(
    Handling, Reminding, Contacting, Replacing, Recalling, Shelving, Registering, Telling, Listening, Rating, Reporting
):
    """Everything agents do."""
