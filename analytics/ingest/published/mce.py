"""The tables of CMS's Medicare Code Editor, as CSV: codes with flags, ages, discharge status."""

import datetime as dt
import re

import polars as pl

from analytics.ingest.published.release import Release, fiscal_year
from analytics.ingest.published.text import day, headed, refuse, typed

DIAGNOSES = r"\A\W*code,start_date,end_date,flags\s*\n[A-Z]\d"
PROCEDURES = r"\A\W*code,start_date,end_date,flags\s*\n[0-9A-Z]{7},"
STATUSES = r"\A\W*code,start_date,end_date\s*\n"
AGES = r"\A\W*age_group,start_age,end_age,start_date,end_date\s*\n"

_FIRST_VERSION = 1983  # version 43 is that of the fiscal year 2026


def diagnoses(content: bytes, file_name: str) -> Release:
    """ICD-10-CM codes with the days and the lists they are on."""
    return _coded(content, file_name, "mce_diagnosis", r"^[A-Z][0-9A-Z]{2,6}$")


def procedures(content: bytes, file_name: str) -> Release:
    """ICD-10-PCS codes likewise."""
    return _coded(content, file_name, "mce_procedure", r"^[0-9A-Z]{7}$")


def statuses(content: bytes, file_name: str) -> Release:
    """Discharge statuses the editor accepts."""
    raw = headed(content, file_name, "code")
    code = pl.col("code").str.zfill(2)  # a spreadsheet drops the leading zero
    rows = typed(raw, {"code": code, **_SPAN}, "mce_discharge_status", file_name)
    refuse(rows, ~pl.col("code").str.contains(r"^\d\d$"), "no status of two digits", file_name)
    return _release(rows, "mce_discharge_status", file_name)


def ages(content: bytes, file_name: str) -> Release:
    """The ages of the groups that diagnoses are for."""
    raw = headed(content, file_name, "age_group")
    columns = {
        "age_group": pl.col("age_group").str.to_lowercase(),
        "start_age": pl.col("start_age"),
        "end_age": pl.col("end_age"),
    }
    rows = typed(raw, {**columns, **_SPAN}, "mce_age_range", file_name)
    refuse(rows, pl.col("start_age") > pl.col("end_age"), "no range of ages", file_name)
    return _release(rows, "mce_age_range", file_name)


_SPAN = {"start_date": day("start_date"), "end_date": day("end_date")}


def _coded(content: bytes, file_name: str, kind: str, pattern: str) -> Release:
    raw = headed(content, file_name, "code")
    flags = pl.col("flags").fill_null("").str.split("|").list.filter(pl.element() != "")
    rows = typed(raw, {"code": pl.col("code"), **_SPAN, "flags": flags}, kind, file_name)
    refuse(rows, ~pl.col("code").str.contains(pattern), "no code of their kind", file_name)
    return _release(rows, kind, file_name)


def _release(rows: pl.DataFrame, kind: str, file_name: str) -> Release:
    refuse(rows, pl.col("start_date") > pl.col("end_date").fill_null(_LATE), "no span", file_name)
    said = re.search(r"v(\d\d)[._](\d)", file_name.rsplit("/", 1)[-1], re.IGNORECASE)
    starts = rows.select(pl.col("start_date").min()).item()
    if said:
        ends = fiscal_year(_FIRST_VERSION + int(said[1]))[1]
        return Release(kind, f"{said[1]}.{said[2]}", starts, ends, rows)
    # Without a version a list of codes still tells the year of its latest change.
    latest = rows.select(pl.col("start_date").max()).item()
    ends = fiscal_year(latest.year + (latest.month > 9))[1] if "flags" in rows.columns else None
    return Release(kind, f"from {latest}", starts, ends, rows)


_LATE = dt.date(9999, 12, 31)
