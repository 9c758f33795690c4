"""What the billing system knows beside the files: write-offs, appeals, patients' payments."""

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
PATIENT_PAYMENT = ("patient_control_number", "payment_date", "amount")
NAMES = ("write_off.csv", "appeal.csv", "patient_payment.csv")
Row = Sequence[object]


class Postings:
    """The extracts under `folder`, written as claims come."""

    def __init__(self, folder: Path) -> None:
        self._files = [(folder / name).open("w", encoding="utf-8", newline="") for name in NAMES]
        self._out = [csv.writer(file, lineterminator="\n") for file in self._files]
        for out, columns in zip(self._out, (WRITE_OFF, APPEAL, PATIENT_PAYMENT), strict=True):
            out.writerow(columns)

    def add(self, claim: Claim) -> None:
        """Takes in what was posted of a claim."""
        write_offs, appeals, patient_payments = self._out
        write_offs.writerows(
            (one.control, one.day, one.reason, dollars(one.amount)) for one in claim.write_offs
        )
        appeals.writerows(_appeals(claim.appeals))
        patient_payments.writerows(
            (one.control, one.day, dollars(one.amount)) for one in claim.patient_payments
        )

    def close(self) -> None:
        """Ends the files."""
        for file in self._files:
            file.close()


def _appeals(appeals: Iterable[Appeal]) -> Iterable[Row]:
    for one in appeals:
        amount = dollars(one.amount)
        yield one.control, one.day, one.level, amount, one.decision, one.decided or ""
