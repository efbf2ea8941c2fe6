"""The yearly form of Decree 331/2026 (Form No. 08): filled from what is known, open where not."""

from reports.yearly.document import document
from reports.yearly.form import Period, YearlyForm
from reports.yearly.missing import missing

__all__ = ["Period", "YearlyForm", "document", "missing"]
