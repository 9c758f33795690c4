"""The provider taxonomy of the NUCC, as CSV.  Definitions and notes are not kept."""

import datetime as dt

import polars as pl

from analytics.ingest.published.release import Release, found
from analytics.ingest.published.text import headed, refuse, typed

TAXONOMY = r"\A\W*Code,Grouping,Classification,Specialization,"

_NAMES = {
    "taxonomy_code": "Code",
    "section": "Section",
    "grouping": "Grouping",
    "classification": "Classification",
    "specialization": "Specialization",
    "display_name": "Display Name",
}


def taxonomy(content: bytes, file_name: str) -> Release:
    """The codes with their names; versions .0 and .1 begin in January and July."""
    raw = headed(content, file_name, "Code")
    columns = {n: pl.col(said) for n, said in _NAMES.items() if said in raw.columns}
    rows = typed(raw, columns, "nucc_taxonomy", file_name)
    good = pl.col("taxonomy_code").str.contains(r"^[0-9A-Z]{9}X$")
    refuse(rows, ~good, "no taxonomy code", file_name)
    told = found(r"taxonomy_(\d\d)([01])", file_name, "which version it is (taxonomy_240)")
    year, half = 2000 + int(told[1]), int(told[2])
    ends = dt.date(year, 12, 31) if half else dt.date(year, 6, 30)
    starts = dt.date(year, 7 if half else 1, 1)
    return Release("nucc_taxonomy", f"{told[1]}.{half}", starts, ends, rows)
