"""What the office's billing system knows beside the files: write-offs and appeals, as CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from analytics.sample.events import Appeal, Claim
from analytics.sample.tallies import dollars

WRITE_OFF = ("patient_control_number", "write_off_date", "reason", "amount")
APPEAL = (
    "patient_control_number", "appeal_date", "appeal_level", "amount", "decision_code",
    "decision_date",
)  # fmt: skip
NAMES = ("write_off.csv", "appeal.csv")
Row = Sequence[object]


class Postings:
    """The two extracts under `folder`, written as claims come."""

    def __init__(self, folder: Path) -> None:
        self._files = [(folder / name).open("w", encoding="utf-8", newline="") for name in NAMES]
        self._out = [csv.writer(file, lineterminator="\n") for file in self._files]
        for out, columns in zip(self._out, (WRITE_OFF, APPEAL), strict=True):
            out.writerow(columns)

    def add(self, claim: Claim) -> None:
        """Takes in what was posted of a claim."""
        write_offs, appeals = self._out
        write_offs.writerows(
            (one.control, one.day, one.reason, dollars(one.amount)) for one in claim.write_offs
        )
        appeals.writerows(_appeals(claim.appeals))

    def close(self) -> None:
        """Ends both files."""
        for file in self._files:
            file.close()


def _appeals(appeals: Iterable[Appeal]) -> Iterable[Row]:
    for one in appeals:
        amount = dollars(one.amount)
        yield one.control, one.day, one.level, amount, one.decision, one.decided or ""
