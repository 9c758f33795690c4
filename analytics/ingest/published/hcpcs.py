"""HCPCS Level II: the CSV file of today and records of 320 bytes before it."""

import datetime as dt

import polars as pl

from analytics.ingest.published.release import Release, found, month_of, quarter_end
from analytics.ingest.published.text import day, headed, lines, refuse, typed

TABLE = r"(?m)^\W*HCPC,SEQNUM,RECID,LONG DESCRIPTION,"
RECORDS = r"(?m)^(   [0-9A-Z]{2}|[A-Z]\d{4})\d{5}[3478]\S.{79}\S"

_RECORD = r"^(?:   [0-9A-Z]{2}|[A-Z]\d{4})\d{5}[3478]"
# First byte from 0, and length.
_PLACES = {
    "code": (0, 5),
    "sequence": (5, 5),
    "record": (10, 1),
    "long_title": (11, 80),
    "short_title": (91, 28),
    "coverage_code": (229, 1),
    "betos_code": (256, 3),
    "add_date": (268, 8),
    "effective_date": (276, 8),
    "end_date": (284, 8),
    "action_code": (292, 1),
}
_NAMES = {
    "code": "HCPC",
    "sequence": "SEQNUM",
    "record": "RECID",
    "long_title": "LONG DESCRIPTION",
    "short_title": "SHORT DESCRIPTION",
    "coverage_code": "COV",
    "betos_code": "BETOS",
    "add_date": "ADD DT",
    "effective_date": "ACT EFF DT",
    "end_date": "TERM DT",
    "action_code": "ACTION CD",
}


def table(content: bytes, file_name: str) -> Release:
    """The file with a header."""
    raw = headed(content, file_name, "HCPC")
    return _release(raw.select(pl.col(n).alias(t) for t, n in _NAMES.items()), file_name)


def records(content: bytes, file_name: str) -> Release:
    """The file of records, disclaimers above them left out."""
    line = pl.col("line")
    kept = lines(content).filter(line.str.contains(_RECORD))
    cut = {n: line.str.slice(at, length).str.strip_chars() for n, (at, length) in _PLACES.items()}
    return _release(kept.select(**cut).with_columns(pl.all().replace("", None)), file_name)


def _release(raw: pl.DataFrame, file_name: str) -> Release:
    refuse(raw, ~pl.col("record").is_in(["3", "4", "7", "8"]), "no kind of record", file_name)
    raw = _joined(raw)
    columns = {n: pl.col(n) for n in _NAMES if n not in ("sequence", "record")}
    columns |= {n: day(n) for n in columns if n.endswith("_date")}
    columns["is_modifier"] = pl.col("record") == "7"
    rows = typed(raw, columns, "hcpcs_code", file_name)
    length = pl.col("code").str.len_chars()
    wrong = length != pl.when(pl.col("is_modifier")).then(2).otherwise(5)
    refuse(rows, wrong, "no code of its length", file_name)
    told = found(r"HCPC\w*?(20\d\d)(?:_([a-z]{3}))?", file_name, "which year it is for")
    month = month_of(told[2] or "")
    starts = dt.date(int(told[1]), month or 1, 1)
    ends = quarter_end(starts) if month else dt.date(starts.year, 12, 31)
    name = f"{starts.year}-{month:02}" if month else str(starts.year)
    return Release("hcpcs_code", name, starts, ends, rows)


def _joined(raw: pl.DataFrame) -> pl.DataFrame:
    """One row a code: records 4 and 8 go on with the title of 3 and 7."""
    said = raw.with_columns(
        at=pl.col("record").is_in(["3", "7"]).cum_sum(),
        code=pl.col("code").str.strip_chars(),
    )
    first = pl.all().exclude("at", "long_title", "code").first()
    whole = pl.col("long_title").str.join(" ")
    return said.group_by("at", "code", maintain_order=True).agg(first, whole).drop("at")
