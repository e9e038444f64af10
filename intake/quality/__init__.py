"""The monthly quality (§6): figures of the desk and of each agent, exact, with what they rest on."""

from intake.quality.closings import Closing
from intake.quality.figures import Figures, figures, fives_needed
from intake.quality.months import Month
from intake.quality.report import Report
from intake.quality.reports import Amendment, QualityReports, Standing

__all__ = [
    "Amendment",
    "Closing",
    "Figures",
    "Month",
    "QualityReports",
    "Report",
    "Standing",
    "figures",
    "fives_needed",
]
