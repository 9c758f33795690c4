"""Checks of an 837 that a claim can fail and still be used: each gives a warning."""

import numpy as np
import polars as pl

from analytics.ingest.extract import RECORDS_PER_FILE, Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.dates import FROM, TO
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Mask, booleans
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

_PLACES = 10 ** np.arange(9, -1, -1, dtype=np.uint64)
_DOUBLED = np.array([d * 2 // 10 + d * 2 % 10 for d in range(10)], np.uint64)
_PREFIX = np.uint64(24)  # what 80840 adds to the sum


def claims(claims: Table, lines: Table, diagnoses: Table, findings: Findings) -> None:
    """Warn of charges that are not the sum of the lines, dates out of order, and pointers."""
    _note(claims, ~claims.flags["is_summed"], "charge_differs_from_lines", findings)
    for table in (claims, lines):
        first, last = table.typed[FROM], table.typed[TO]
        reversed_days = first.valid & last.valid & (last.values < first.values)
        _note(table, reversed_days, "dates_out_of_order", findings)
    _note(lines, _beyond(lines, diagnoses, len(claims)), "pointer_beyond_diagnoses", findings)


def currency(found: Segments, findings: Findings) -> None:
    """Warn of sets that say their amounts are no dollars."""
    rows, rule = found.new("CUR"), "currency_not_dollars"
    code = found.qualifier(rows, 2)
    other = found.records(rows[(code != packed("USD")) & (code != 0)])
    findings.add(other, "transaction_set", rule, REASONS[rule], severity="warning")


def wrong_npis(providers: pl.DataFrame) -> pl.DataFrame:
    """The providers whose NPI fails its check digit."""
    return providers.select("record_no", "npi").filter(~_are_npis(providers["npi"]))


def npis(wrong: list[pl.DataFrame], findings: Findings) -> None:
    """Warn of each wrong NPI where a file first names it, whatever the chunks it was read in."""
    if wrong:
        file = pl.col("record_no") // RECORDS_PER_FILE
        rows = pl.concat(wrong).group_by(file.alias("file"), "npi").agg(pl.col("record_no").min())
        records, rule = rows["record_no"].sort(), "npi_check_digit"
        findings.add(records, "provider", rule, REASONS[rule], severity="warning")


def _are_npis(texts: pl.Series) -> pl.Series:
    """Which are ten digits with the NPI's check digit (Luhn over 80840 and the number)."""
    number = texts.cast(pl.UInt64, strict=False).fill_null(0).to_numpy()
    digits = number[:, np.newaxis] // _PLACES % np.uint64(10)
    digits[:, ::2] = _DOUBLED[digits[:, ::2]]
    right = (digits.sum(axis=1) + _PREFIX) % 10 == 0
    return texts.str.contains(r"^\d{10}$").fill_null(value=False) & booleans(right)


def _beyond(lines: Table, diagnoses: Table, count: int) -> Mask:
    """Lines that point to a diagnosis the claim does not have."""
    owner = diagnoses.owners["claim"][diagnoses.marks["is_listed"] > 0]
    most = np.bincount(owner, minlength=count)[lines.owners["claim"]]
    return lines.marks["highest_pointer"] > most


def _note(table: Table, broken: Mask, rule: str, findings: Findings) -> None:
    if broken.any():
        records = pl.Series(values=table.record_no[broken])
        findings.add(records, table.name, rule, REASONS[rule], severity="warning")
