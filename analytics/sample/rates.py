"""What the sample's payers agreed to allow, as the contract's rate table; and its plain reading."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from analytics.sample.catalogue import SPECIALTIES
from analytics.sample.events import Line
from analytics.sample.payers import HERONBANK, MEDICAID, PAYERS, Payer
from analytics.sample.tallies import dollars

NAME = "contract_rate.csv"
CHARGES = {one.code: one.charge for kind in SPECIALTIES for one in (*kind.visits, *kind.procedures)}
_HEAD = (
    "payer_name", "claim_type", "procedure_code", "modifier_key", "method_code", "rate_amount",
    "rate_percent", "unit_code", "start_date", "end_date",
)  # fmt: skip
Row = Sequence[object]


def write(folder: Path, first_day: date) -> str:
    """Writes the table, rates from `first_day` on; returns its name."""
    with (folder / NAME).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([_HEAD, *_rows(first_day)])
    return NAME


def expected(payer: Payer, line: Line, *, is_institutional: bool) -> int | None:
    """What the contract has the payer allow for a line, in cents; None without a contract."""
    if payer is MEDICAID:
        return None
    if is_institutional:
        return (line.charge * payer.institutional_permille + 500) // 1000
    return _fee(payer, CHARGES[line.procedure]) * line.units


def _fee(payer: Payer, charge: int) -> int:
    return charge * payer.professional_permille // 1000


def _rows(first_day: date) -> Iterable[Row]:
    """A fee a procedure in offices, a share of the charge in the hospital; Medicaid tells none.

    One payer's fees come in two terms, and it has a general rate that more specific ones replace.
    """
    for payer in PAYERS:
        if payer is MEDICAID:
            continue
        name = payer.canonical
        share = f"{payer.institutional_permille // 10}.{payer.institutional_permille % 10}"
        of_charge = ("", "", "PERCENT_OF_CHARGE", "", share, "", first_day, "")
        yield (name, "institutional", *of_charge)
        if payer is HERONBANK:
            yield (name, "", "", "", "PERCENT_OF_CHARGE", "", "1.0", "", first_day, "")
        for code, charge in CHARGES.items():
            fee = dollars(_fee(payer, charge))
            for start, end in _terms(payer, first_day):
                yield (name, "professional", code, "", "FEE", fee, "", "UNIT", start, end)


def _terms(payer: Payer, first_day: date) -> list[tuple[date, date | str]]:
    if payer is not HERONBANK:
        return [(first_day, "")]
    turn = first_day + timedelta(days=200)
    return [(first_day, turn), (turn + timedelta(days=1), "")]
