"""The files of the Medicare physician fee schedule: relative values (PPRRVU) and indices (GPCI).

Their layout changes from year to year, so columns are found by their names, never by position.
"""

import re
from collections.abc import Mapping

import polars as pl

from analytics import schema
from analytics.errors import UnreadableFileError
from analytics.ingest.published.text import cells

_RELEASED = {"JANUARY": 1, "APRIL": 4, "JULY": 7, "OCTOBER": 10}
_HEADER_ROWS = 5  # a column's name is spelt over this many
_FEES: Mapping[str, str] = {
    "procedure_code": r"^HCPCS$",
    "modifier_code": r"^MOD$",
    "status_code": r"^STATUS CODE$",
    "work_rvu": r"^WORK RVU$",
    "nonfacility_rvu": r"^NON-FAC PE RVU$",
    "facility_rvu": r"^FACILITY PE RVU$",
    "malpractice_rvu": r"^MP RVU$",
    "multiple_procedure_code": r"^MULT PROC$",
    "conversion_factor": r"^CONV FACTOR$",
}
# What edits of modifiers and global periods ask; a file of prices alone need not have them.
_INDICATORS: Mapping[str, str] = {
    "component_code": r"^PCTC IND$",
    "global_days_code": r"^GLOB DAYS$",
    "bilateral_code": r"^BILAT SURG$",
    "assistant_code": r"^ASST SURG$",
    "cosurgeon_code": r"^CO- SURG$",
    "team_code": r"^TEAM SURG$",
}
_LOCALITIES: Mapping[str, str] = {
    "contractor": r"ADMINISTRATIVE CONTRACTOR",
    "state_code": r"^STATE$",
    "locality": r"^LOCALITY NUMBER$",
    "work_gpci": r"PW GPCI(?! \(WITHOUT)",  # the law's floor of 1.0 is in force
    "expense_gpci": r"PE GPCI",
    "malpractice_gpci": r"MP GPCI",
}


def fees(content: bytes, file_name: str) -> pl.DataFrame:
    """The rows of a PPRRVU file as those of medicare_fee.  Raises `UnreadableFileError`."""
    raw = cells(content, file_name)
    at = _row(raw, r"^HCPCS$", file_name)
    names = _names(raw, at, _HEADER_ROWS)
    year = _year(raw.head(at), r"(20\d\d) .*FEE SCHEDULE", file_name)
    month = _quarter(raw.head(at))
    rows = _picked(raw, at, names, _FEES, file_name, _INDICATORS)
    code, modifier = pl.col("procedure_code"), pl.col("modifier_code")
    rows = rows.filter(code.str.contains(r"^[0-9A-Z]{5}$"))
    rows = rows.with_columns(
        modifier_code=modifier.fill_null(""),
        global_days_code=pl.col("global_days_code").str.zfill(3),  # a spreadsheet drops zeros
    )
    return _typed(rows, "medicare_fee", year, file_name, month)


def localities(content: bytes, file_name: str) -> pl.DataFrame:
    """The rows of a GPCI file as those of medicare_locality.  Raises `UnreadableFileError`."""
    raw = cells(content, file_name)
    at = _row(raw, r"MEDICARE ADMINISTRATIVE CONTRACTOR", file_name)
    names = _names(raw, at, 1)
    year = _year(raw.slice(at, 1), r"(20\d\d) P", file_name)
    rows = _picked(raw, at, names, _LOCALITIES, file_name)
    contractor, locality = pl.col("contractor"), pl.col("locality")
    rows = rows.filter(contractor.str.contains(r"^\d{1,5}$") & locality.str.contains(r"^\d{1,2}$"))
    # A spreadsheet drops leading zeros.
    code = pl.concat_str(contractor.str.zfill(5), locality.str.zfill(2), separator="-")
    return _typed(rows.with_columns(locality_code=code), "medicare_locality", year, file_name)


def _row(raw: pl.DataFrame, first_cell: str, file_name: str) -> int:
    """The row whose first cell names the first column."""
    first = raw.to_series(0).fill_null("").str.to_uppercase()
    found = first.head(40).str.contains(first_cell).arg_true()
    if found.is_empty():
        raise UnreadableFileError(f"{file_name} has no row that names its columns")
    return int(found[0])


def _names(raw: pl.DataFrame, at: int, rows: int) -> dict[str, str]:
    """The name of each column, spelt over the last `rows` rows up to `at`."""
    header = raw.slice(max(at - rows + 1, 0), min(rows, at + 1))
    return {
        column: " ".join(" ".join(header[column].drop_nulls()).upper().split())
        for column in raw.columns
    }


def _year(title: pl.DataFrame, pattern: str, file_name: str) -> int:
    if not (found := re.search(pattern, _said(title))):
        raise UnreadableFileError(f"{file_name} does not say which year it is for")
    return int(found[1])


def _quarter(title: pl.DataFrame) -> int:
    """The month a release is in force from: 1 where it says none."""
    found = re.search(r"\b(JANUARY|APRIL|JULY|OCTOBER) RELEASE", _said(title))
    return _RELEASED[found[1]] if found else 1


def _said(title: pl.DataFrame) -> str:
    return " ".join(cell for row in title.rows() for cell in row if cell).upper()


def _picked(
    raw: pl.DataFrame,
    at: int,
    names: Mapping[str, str],
    wanted: Mapping[str, str],
    file_name: str,
    optional: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """The rows below the header, in the columns wanted; optional ones may be null."""
    columns = {
        name: next((c for c, said in names.items() if re.search(pattern, said)), "")
        for name, pattern in {**wanted, **(optional or {})}.items()
    }
    if missing := [name for name in wanted if not columns[name]]:
        raise UnreadableFileError(f"{file_name} has no column for {', '.join(missing)}")
    nothing = pl.lit(None, pl.String)
    return raw.slice(at + 1).select(
        (pl.col(c) if c else nothing).alias(name) for name, c in columns.items()
    )


def _typed(
    rows: pl.DataFrame, table: str, year: int, file_name: str, month: int = 1
) -> pl.DataFrame:
    """The rows in the types of their table, from that month of the year on; each has numbers."""
    kinds = schema.polars_schema(table)
    numbers = [name for name, kind in kinds.items() if isinstance(kind, pl.Decimal)]
    typed = rows.with_columns(pl.col(name).cast(kinds[name], strict=False) for name in numbers)
    unread = typed.filter(pl.any_horizontal(pl.col(numbers).is_null())).height
    if unread or typed.is_empty():
        raise UnreadableFileError(
            f"{file_name} has {unread or 'no'} rows {'without readable' if unread else 'with'} "
            f"numbers for {', '.join(numbers)}"
        )
    return typed.with_columns(
        start_date=pl.date(year, month, 1),
        end_date=pl.date(year, 12, 31),
        file_name=pl.lit(file_name),
    ).select(list(kinds))
