"""Checks of an 837 that a claim can fail and still be used: each gives a warning."""

import polars as pl

from analytics.ingest.extract import RECORDS_PER_FILE, Findings
from analytics.ingest.rules import REASONS


def claims(tables: dict[str, pl.DataFrame], findings: Findings) -> None:
    """Warn of charges that are not the sum of the lines, dates out of order, and pointers."""
    claim, line = tables["claim"], tables["claim_line"]
    _note(claim.filter(~pl.col("is_summed")), "claim", "charge_differs_from_lines", findings)
    for name, frame in (("claim", claim), ("claim_line", line)):
        reversed_days = pl.col("service_to_date") < pl.col("service_from_date")
        _note(frame.filter(reversed_days), name, "dates_out_of_order", findings)
    _note(
        _beyond(line, tables["claim_diagnosis"]), "claim_line", "pointer_beyond_diagnoses", findings
    )


def wrong_npis(providers: pl.DataFrame) -> pl.DataFrame:
    """The providers whose NPI fails its check digit."""
    return providers.select("record_no", "npi").filter(~valid_npi("npi"))


def npis(wrong: list[pl.DataFrame], findings: Findings) -> None:
    """Warn of each wrong NPI where a file first names it, whatever the chunks it was read in."""
    if wrong:
        file = pl.col("record_no") // RECORDS_PER_FILE
        rows = pl.concat(wrong).group_by(file.alias("file"), "npi").agg(pl.col("record_no").min())
        _note(rows.sort("record_no"), "provider", "npi_check_digit", findings)


def valid_npi(name: str) -> pl.Expr:
    """Whether a text is ten digits with the NPI's check digit (Luhn over 80840 and the number)."""
    text = pl.col(name)
    digits = [text.str.slice(i, 1).cast(pl.Int32, strict=False) for i in range(10)]
    doubled = [(d * 2 // 10) + (d * 2 % 10) if i % 2 == 0 else d for i, d in enumerate(digits)]
    prefix = 24  # what 80840 adds to the sum
    right = (pl.sum_horizontal(doubled) + prefix) % 10 == 0
    return (text.str.contains(r"^\d{10}$") & right).fill_null(value=False)


def _beyond(lines: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """Lines that point to a diagnosis the claim does not have."""
    listed = codes.filter(pl.col("kind").is_in(["principal", "other"]))
    count = listed.group_by("claim_id").agg(pl.len().cast(pl.Int32).alias("most"))
    highest = lines.select("record_no", "claim_id", high=pl.col("diagnosis_pointers").list.max())
    joined = highest.filter(pl.col("high").is_not_null()).join(count, on="claim_id", how="left")
    return joined.filter(pl.col("high") > pl.col("most").fill_null(0))


def _note(frame: pl.DataFrame, table: str, rule: str, findings: Findings) -> None:
    findings.add(frame["record_no"], table, rule, REASONS[rule], severity="warning")
