"""Keep claims whole: a record at fault takes its claim along, so that no sum is silently short."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.tokens import Segments


def settle(
    found: Segments, tables: Mapping[str, pl.DataFrame], claim: str, findings: Findings
) -> dict[str, pl.DataFrame]:
    """The rows that can be used; the others are added to the findings, each once.

    Frames come with ``fault`` and ``doubt`` (a rule's name or null); `claim` is the column that
    names the claim a row belongs to, null for a row outside every claim.
    """
    orphan = pl.when(pl.col(claim).is_null()).then(pl.lit("orphan_record"))
    marked = {n: f.with_columns(fault=pl.coalesce("fault", orphan)) for n, f in tables.items()}
    faulty = [f.filter(pl.col("fault").is_not_null()) for f in marked.values()]
    at_fault = pl.concat([f.select(claim) for f in faulty]).drop_nulls().unique()
    kept: dict[str, pl.DataFrame] = {}
    for name, frame in marked.items():
        kept[name] = _sort_out(found, name, frame, at_fault[claim], claim, findings)
    return kept


def _sort_out(
    found: Segments,
    name: str,
    frame: pl.DataFrame,
    at_fault: pl.Series,
    claim: str,
    findings: Findings,
) -> pl.DataFrame:
    """The usable rows of one table."""
    note_rules(found, name, frame, "fault", "rejected", findings)
    sound = (
        frame.filter(pl.col("fault").is_null())
        if frame["fault"].null_count() < len(frame)
        else frame
    )
    if len(at_fault):
        taken = sound[claim].is_in(at_fault.implode())
        findings.add(
            sound.filter(taken)["record_no"], name, "claim_rejected", REASONS["claim_rejected"]
        )
        sound = sound.filter(~taken)
    note_rules(found, name, sound, "doubt", "warning", findings)
    return sound.drop("fault", "doubt")


def note_rules(
    found: Segments, table: str, frame: pl.DataFrame, column: str, severity: str, findings: Findings
) -> None:
    """Add the rows that name a rule in `column` to the findings."""
    rules = frame[column]
    if rules.null_count() == len(frame):
        return
    for rule in rules.drop_nulls().unique().sort().to_list():
        records = frame.filter(rules == rule)["record_no"]
        rows = np.searchsorted(found.record_no, records.to_numpy()).astype(np.int32)
        raw = found.raw(rows) if severity == "rejected" else None
        findings.add(records, table, rule, REASONS[rule], severity=severity, raw=raw)
