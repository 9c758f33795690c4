"""Medicare's physician fee files: relative values (PPRRVU) by quarter, indices (GPCI) by year."""

from dataclasses import replace

import polars as pl

from analytics.ingest import mpfs
from analytics.ingest.published.release import Release
from analytics.ingest.published.text import lines, refuse, typed

FEES = r"(?m)^\W*HCPCS,MOD,(?!PROCSTAT)"  # the caps of outpatient prices begin like it
LOCALITIES = r"(?mi)^\W*Medicare Administrative Contractor[^,]*,"
LOCALITY_LINES = r"GEOGRAPHIC PRACTICE COST INDICES[^,]*\n(\s*\n)*Medicare Admi"

# Contractor, state, locality, name, then the indices of work, expense and malpractice.
_LINE = r"^(\d{5}) +([A-Z]{2}) +(\d{2}) +.*? +([\d.]+) +([\d.]+) +([\d.]+)\s*$"
_YEAR = r"CY (20\d\d) "


def fees(content: bytes, file_name: str) -> Release:
    """Relative values of a year, as released in a quarter of it."""
    found = _release("medicare_fee", mpfs.fees(content, file_name))
    return replace(found, name=f"{found.starts:%Y-%m}")


def localities(content: bytes, file_name: str) -> Release:
    """Price indices of a year, as CSV."""
    return _release("medicare_locality", mpfs.localities(content, file_name))


def locality_lines(content: bytes, file_name: str) -> Release:
    """Price indices of a year, as lines of text."""
    line = pl.col("line")
    every = lines(content).with_columns(year=line.str.extract(_YEAR).forward_fill())
    kept = every.filter(line.str.contains(r"^\d{5} "))
    refuse(kept, ~line.str.contains(_LINE) | pl.col("year").is_null(), "no indices", file_name)
    part = {name: line.str.extract(_LINE, n) for n, name in enumerate(_PARTS, start=1)}
    year = pl.col("year").cast(pl.Int32)
    columns = part | {
        "locality_code": pl.concat_str(part["contractor"], part["locality"], separator="-"),
        "start_date": pl.date(year, 1, 1),
        "end_date": pl.date(year, 12, 31),
        "file_name": pl.lit(file_name),
    }
    wanted = {n: e for n, e in columns.items() if n not in ("contractor", "locality")}
    return _release("medicare_locality", typed(kept, wanted, "medicare_locality", file_name))


_PARTS = ("contractor", "state_code", "locality", "work_gpci", "expense_gpci", "malpractice_gpci")


def _release(kind: str, rows: pl.DataFrame) -> Release:
    starts = rows["start_date"][0]
    return Release(kind, str(starts.year), starts, rows["end_date"][0], rows)
