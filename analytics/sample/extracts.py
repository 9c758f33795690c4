"""Parts of the sample as a billing system, a payer's portal and a denials team would export them.

Each equals some X12 files of the sample, or claims of them, and comes with the column map that
loads it (`maps/`): so that an extract and its X12 can be held against each other.
"""

import csv
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TextIO

from analytics.sample.events import Answer, Claim, Submission
from analytics.sample.extract_rows import (
    BILLING,
    DENIALS,
    REMITS,
    Row,
    billing_row,
    denial_rows,
    remit_rows,
)
from analytics.sample.payers import QUINCEFIELD, TALLOWMERE

FOLDER = "extracts"
_FILES = (
    ("billing_export.csv", ",", BILLING),
    ("remittance_export.txt", "|", REMITS),
    ("denial_log.tsv", "\t", DENIALS),
)
_DENIED = "4"


class Extracts:
    """The extracts under `folder`, written as claims come.

    Claims sent and payments made from `first` to `last` are exported, denials of all time.
    """

    def __init__(self, folder: Path, first: date, last: date) -> None:
        self._first, self._last = first, last
        target = folder / FOLDER
        target.mkdir(parents=True, exist_ok=True)
        self.names = [f"{FOLDER}/{name}" for name, _, _ in _FILES]
        self._open: list[TextIO] = []
        for (name, delimiter, columns), path in zip(_FILES, self.names, strict=True):
            self._open.append((folder / path).open("w", encoding="utf-8", newline=""))
            self._write(len(self._open) - 1, [columns], delimiter)
            map_name = f"{Path(name).stem}.toml"
            said = files("analytics.sample").joinpath("maps", map_name).read_text("utf-8")
            (target / map_name).write_text(said, "utf-8")

    def add(self, claim: Claim) -> None:
        """Takes in what is exported of a claim."""
        self._write(
            0, (billing_row(claim, s) for s in claim.submissions if self._is_sent(claim, s))
        )
        for answer in claim.answers:
            if self._is_listed(claim, answer):
                self._write(1, remit_rows(claim, answer))
            if _is_logged(claim, answer):
                self._write(2, denial_rows(claim, answer))

    def close(self) -> None:
        """Ends the files."""
        for file in self._open:
            file.close()

    def _write(self, at: int, rows: Iterable[Row], delimiter: str = "") -> None:
        mark = delimiter or _FILES[at][1]
        csv.writer(self._open[at], delimiter=mark, lineterminator="\n").writerows(rows)

    def _is_sent(self, claim: Claim, sent: Submission) -> bool:
        return not claim.is_institutional and self._first <= sent.sent <= self._last

    def _is_listed(self, claim: Claim, answer: Answer) -> bool:
        return claim.payer is TALLOWMERE and self._first <= answer.day <= self._last


def _is_logged(claim: Claim, answer: Answer) -> bool:
    """A claim denied whole, each line for a reason."""
    is_denied = claim.payer is QUINCEFIELD and answer.status == _DENIED
    return is_denied and all(line.adjustments for line in answer.lines)
