"""Keep claims whole: a record at fault takes its claim along, so that no sum is silently short."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.spans import Mask, Positions, Span, strings
from analytics.ingest.x12.table import Table, note
from analytics.ingest.x12.tokens import Segments

_LONGEST = 2000  # bytes of a segment that findings show


def settle(claims: Table, others: Sequence[Table], findings: Findings) -> None:
    """Leave in the tables the rows that can be used; the others become findings, each once.

    Owners on the level ``claim`` are rows of `claims`; -1 is a row outside every claim.
    """
    tables = [claims, *others]
    for table in others:
        note(table.faults, "orphan_record", table.owners["claim"] < 0)
    if any(table.faults for table in tables):
        whole = _whole_claims(claims, others)
        for table in tables:
            _take_out(table, whole if table is claims else whole[table.owners["claim"]], findings)
        _renumber(tables)
    for table in tables:
        note_doubts(table, findings)


def keep_sound(table: Table, findings: Findings) -> None:
    """Leave in a table of its own the rows without a fault; the others become findings."""
    _note(table, table.faults, "rejected", findings)
    table.keep(~at_fault(table))
    note_doubts(table, findings)


def note_doubts(table: Table, findings: Findings) -> None:
    """Add the rows of a table with a doubt to the findings, as warnings."""
    _note(table, table.doubts, "warning", findings)


def at_fault(table: Table) -> Mask:
    """Which rows cannot be used."""
    return np.logical_or.reduce([np.zeros(len(table), np.bool_), *table.faults.values()])


def _whole_claims(claims: Table, others: Sequence[Table]) -> Mask:
    """Which claims have no record at fault; the last place stands for no claim."""
    whole = np.append(~at_fault(claims), True)
    for table in others:
        whole[table.owners["claim"][at_fault(table)]] = False
    whole[-1] = True
    return whole


def _take_out(table: Table, whole: Mask, findings: Findings) -> None:
    """Keep the sound rows of whole claims."""
    fault = at_fault(table)
    _note(table, table.faults, "rejected", findings)
    taken = ~fault & ~whole[: len(fault)]
    records = pl.Series(values=table.record_no[taken])
    findings.add(records, table.name, "claim_rejected", REASONS["claim_rejected"])
    kept = ~fault & ~taken
    table.flags["_kept"] = kept


def _renumber(tables: Sequence[Table]) -> None:
    """Drop what was taken out, and let owners point to the places of what was kept."""
    places = {t.level: _places(t.flags["_kept"]) for t in tables if t.level}
    for table in tables:
        kept = table.flags.pop("_kept")
        for level in table.owners.keys() & places.keys():
            table.owners[level] = places[level][table.owners[level]]
        table.keep(kept)


def _places(kept: Mask) -> Positions:
    """The new index of each row; -1 for one that is gone, and for none."""
    return np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)


def _note(table: Table, rules: dict[str, Mask], severity: str, findings: Findings) -> None:
    """Add the rows that break rules to the findings, each under the first of its rules."""
    said = np.zeros(len(table), np.bool_)
    for rule, broken in rules.items():
        rows = table.rows[broken & ~said]
        said |= broken
        raw = _raw(table.found, rows) if severity == "rejected" else None
        records = table.found.records(rows)
        findings.add(records, table.name, rule, REASONS[rule], severity=severity, raw=raw)


def _raw(found: Segments, rows: Positions) -> pl.Series:
    """The whole text of these segments, cut at so many bytes."""
    start = found.start[rows]
    end = found.cut[found.first[rows] + found.width[rows] - 1]
    length = np.minimum(end - start, _LONGEST)
    for _ in range(3):  # not inside a character
        length = length - ((found.data[start + length] & 0xC0) == 0x80)
    return strings(found.data, Span(start, length))
