"""Checks of an 837 that a claim can fail and still be used: each gives a warning."""

import numpy as np
import polars as pl

from analytics.ingest.extract import RECORDS_PER_FILE, Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.dates import FROM, TO
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Mask
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments


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
    return providers.select("record_no", "npi").filter(~valid_npi("npi"))


def npis(wrong: list[pl.DataFrame], findings: Findings) -> None:
    """Warn of each wrong NPI where a file first names it, whatever the chunks it was read in."""
    if wrong:
        file = pl.col("record_no") // RECORDS_PER_FILE
        rows = pl.concat(wrong).group_by(file.alias("file"), "npi").agg(pl.col("record_no").min())
        records, rule = rows["record_no"].sort(), "npi_check_digit"
        findings.add(records, "provider", rule, REASONS[rule], severity="warning")


def valid_npi(name: str) -> pl.Expr:
    """Whether a text is ten digits with the NPI's check digit (Luhn over 80840 and the number)."""
    text = pl.col(name)
    number = text.cast(pl.UInt64, strict=False)
    digits = [number // 10**place % 10 for place in range(9, -1, -1)]
    doubled = [d * 2 // 10 + d * 2 % 10 if i % 2 == 0 else d for i, d in enumerate(digits)]
    prefix = 24  # what 80840 adds to the sum
    right = (pl.sum_horizontal(doubled) + prefix) % 10 == 0
    return (text.str.contains(r"^\d{10}$") & right).fill_null(value=False)


def _beyond(lines: Table, diagnoses: Table, count: int) -> Mask:
    """Lines that point to a diagnosis the claim does not have."""
    pointed = diagnoses.columns["kind"].is_in(["principal", "other"]).to_numpy()
    owner = diagnoses.owners["claim"][pointed]
    most = np.bincount(owner, minlength=count)[lines.owners["claim"]]
    highest = lines.columns["diagnosis_pointers"].list.max().fill_null(0).to_numpy()
    return highest > most


def _note(table: Table, broken: Mask, rule: str, findings: Findings) -> None:
    if broken.any():
        records = pl.Series(values=table.record_no[broken])
        findings.add(records, table.name, rule, REASONS[rule], severity="warning")
