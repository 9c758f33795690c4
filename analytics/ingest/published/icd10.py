"""ICD-10-CM and ICD-10-PCS: order files, their addenda, and the notes of the tabular list."""

import datetime as dt
import re

import polars as pl

from analytics.ingest.published import exclusions
from analytics.ingest.published.release import Release, fiscal_year, found, month_of
from analytics.ingest.published.text import headed, lines, refuse, typed

# Order number, code, whether it can be reported, titles.  The first are A00, and table 001.
DIAGNOSES = r"\A\W*\d{5} [A-Z]\d[0-9A-Z]{1,5} +[01] "
PROCEDURES = r"\A\W*\d{5} \d[0-9A-Z]{2,6} +[01] "
DIAGNOSIS_CHANGES = r"\A\W*(Add|Delete|Revise from|Revise to): +[01] [A-Z][0-9A-Z]{2,6} "
PROCEDURE_CHANGES = r"\A\W*(Add|Delete|Revise from|Revise to): +([01] )?[0-9A-Z]{7} "
NOTES = r"\A\W*level,code_or_range,kind,note,codes_in_parens\s*\n"

_CHANGE = r"^(Add|Delete|Revise from|Revise to): +"


def diagnoses(content: bytes, file_name: str) -> Release:
    """The order file of ICD-10-CM."""
    return _ordered(content, file_name, "icd10cm_code")


def procedures(content: bytes, file_name: str) -> Release:
    """The order file of ICD-10-PCS."""
    return _ordered(content, file_name, "icd10pcs_code")


def diagnosis_changes(content: bytes, file_name: str) -> Release:
    """The order addenda of ICD-10-CM: whether it can be reported, code, titles."""
    return _changes(content, file_name, "ICD-10-CM", r"^([01]) ([0-9A-Z]{3,7}) +(.{60}) (.*)$")


def procedure_changes(content: bytes, file_name: str) -> Release:
    """The order addenda of ICD-10-PCS, which need not say what can be reported."""
    return _changes(content, file_name, "ICD-10-PCS", r"^(?:([01]) )?([0-9A-Z]{3,7}) (.{60}) (.*)$")


def notes(content: bytes, file_name: str) -> Release:
    """The notes of the tabular list, as rows of CSV, and the ranges that exclude others."""
    raw = headed(content, file_name, "level")
    columns = {
        "level": pl.col("level"),
        "code_or_range": pl.col("code_or_range").str.replace_all(".", "", literal=True),
        "note_kind": pl.col("kind"),
        "note": pl.col("note"),
        "codes_named": pl.col("codes_in_parens"),
    }
    rows = typed(raw, columns, "icd10cm_note", file_name)
    refuse(
        rows,
        pl.any_horizontal(pl.col("code_or_range", "note_kind").is_null()),
        "no code",
        file_name,
    )
    name, starts, ends = _year(file_name)
    excluded = typed(exclusions.ranges(rows), exclusions.COLUMNS, "icd10cm_exclusion", file_name)
    return Release("icd10cm_note", name, starts, ends, rows, {"icd10cm_exclusion": excluded})


def _ordered(content: bytes, file_name: str, kind: str) -> Release:
    line = pl.col("line")
    raw = lines(content).select(
        order_no=line.str.slice(0, 5),
        code=line.str.slice(6, 7).str.strip_chars(),
        billable=line.str.slice(14, 1),
        short_title=line.str.slice(16, 60).str.strip_chars(),
        long_title=line.str.slice(77).str.strip_chars(),
    )
    good = pl.col("code").str.contains(r"^[0-9A-Z]{3,7}$") & pl.col("billable").is_in(["0", "1"])
    refuse(raw, ~good, "no code or no mark of 0 or 1", file_name)
    plain = {n: pl.col(n) for n in ("order_no", "code", "short_title", "long_title")}
    rows = typed(raw, {**plain, "is_billable": pl.col("billable") == "1"}, kind, file_name)
    gap = pl.col("order_no") != pl.int_range(1, pl.len() + 1)  # a file cut short or put together
    refuse(rows, gap, "an order number out of turn", file_name)
    name, starts, ends = _year(file_name)
    return Release(kind, name, starts, ends, rows)


def _changes(content: bytes, file_name: str, code_set: str, layout: str) -> Release:
    told = lines(content).filter(pl.col("line").str.contains(_CHANGE))  # totals follow
    rest = pl.col("line").str.slice(13).str.pad_end(72)
    part = {n: rest.str.extract(layout, i).str.strip_chars() for n, i in _PARTS.items()}
    change = pl.col("line").str.extract(_CHANGE).str.to_lowercase().str.replace(" ", "_")
    raw = told.select(change=change, **part)
    refuse(raw, pl.col("code").is_null(), "no code", file_name)
    columns = {n: pl.col(n) for n in ("change", "code", "short_title", "long_title")}
    billable = pl.col("billable") == "1"
    columns |= {"code_set": pl.lit(code_set), "is_billable": billable}
    rows = typed(raw, columns, "icd10_addendum", file_name)
    name, starts, ends = _year(file_name)
    return Release("icd10_addendum", name, starts, ends, rows)


_PARTS = {"billable": 1, "code": 2, "short_title": 3, "long_title": 4}


def _year(file_name: str) -> tuple[str, dt.date, dt.date]:
    """Release, first and last day: a fiscal year, from April where the name says so."""
    year = int(found(r"(?<!\d)(20\d\d)(?!\d)", file_name, "which year it is for")[1])
    starts, ends = fiscal_year(year)
    month = re.search(r"[^a-z](jan|apr)", file_name.rsplit("/", 1)[-1], re.IGNORECASE)
    if month:
        starts = dt.date(year, month_of(month[1]), 1)
        return f"{year}-{starts.month:02}", starts, ends
    return str(year), starts, ends
