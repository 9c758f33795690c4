"""MS-DRGs (Table 5 of the inpatient rule) and what is a CC or MCC (Tables 6I and 6J), as text."""

import re

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.published.release import Release, fiscal_year
from analytics.ingest.published.text import cells, decoded, refuse, typed

GROUPS = r"(?i)\A\W*TABLE 5\b[^\n]*DIAGNOSIS.RELATED GROUP"
MAJOR = r"(?i)\A\W*TABLE 6I\b"
MINOR = r"(?i)\A\W*TABLE 6J\b"

_YEAR = r"(?i)(?<![a-z])FY[\W_]?(20\d\d)"

# What a title asks of the secondary diagnoses.  Where it names another way into the group, or says
# what there is not, it has no tier.
_TIERS = (
    (r"\bW(ITH)? (MCC|CC/MCC|CC) OR\b", None),
    (r"\bW(ITHOUT|/O) (MCC|CC/MCC|CC)\b", None),
    (r"\bW(ITH)? CC/MCC\b", "CC_OR_MCC"),
    (r"\bW(ITH)? MCC\b", "MCC"),
    (r"\bW(ITH)? CC\b", "CC"),
)


def groups(content: bytes, file_name: str) -> Release:
    """The groups with their titles, and the tier a title names: MCC, CC, CC_OR_MCC or none."""
    raw = _below(content, file_name, "ms-drg")
    titles = [name for name in raw.columns if "TITLE" in name.upper()]
    if not titles:
        raise UnreadableFileError(f"{file_name} has no column of titles")
    title = pl.col(titles[0]).str.strip_chars('"')
    rows = raw.filter(title.is_not_null())
    columns = {
        "drg_code": pl.col(raw.columns[0]).str.zfill(3),
        "title": title,
        "tier": _tier(title.str.to_uppercase()),
    }
    made = typed(rows, columns, "ms_drg", file_name)
    refuse(made, ~pl.col("drg_code").str.contains(r"^\d{3}$"), "no MS-DRG", file_name)
    return _release(made, "ms_drg", content, file_name)


def major(content: bytes, file_name: str) -> Release:
    """The diagnoses that are an MCC (Table 6I)."""
    return _listed(content, file_name, "mcc_diagnosis")


def minor(content: bytes, file_name: str) -> Release:
    """The diagnoses that are a CC (Table 6J)."""
    return _listed(content, file_name, "cc_diagnosis")


def _listed(content: bytes, file_name: str, kind: str) -> Release:
    raw = _below(content, file_name, "diagnosis code")
    if raw.width == 1:
        raise UnreadableFileError(f"{file_name} has no column of titles")
    code, title = pl.col(raw.columns[0]), pl.col(raw.columns[1])
    columns = {
        "code": code.str.to_uppercase().str.replace_all(".", "", literal=True),
        "title": title.str.strip_chars('"'),
    }
    # Notes below the table have one cell.
    made = typed(raw.filter(title.is_not_null()), columns, kind, file_name)
    refuse(made, ~pl.col("code").str.contains(r"^[A-Z]\d[0-9A-Z]{1,5}$"), "no code", file_name)
    return _release(made, kind, content, file_name)


def _below(content: bytes, file_name: str, first_cell: str) -> pl.DataFrame:
    """The cells below the row that names the columns, which begins so."""
    raw = cells(content, file_name, separator="\t")
    first = raw.to_series(0).str.strip_chars('" ').str.to_lowercase()
    at = first.str.starts_with(first_cell).fill_null(value=False)
    if not at.any():
        raise UnreadableFileError(f"{file_name} has no row that names its columns")
    row = int(at.arg_true()[0])
    names = {c: str(n) for c, n in raw.row(row, named=True).items() if n is not None}
    return raw.slice(row + 1).select(pl.col(c).alias(n) for c, n in names.items())


def _tier(title: pl.Expr) -> pl.Expr:
    tier = pl.lit(None, pl.String)
    for pattern, name in reversed(_TIERS):
        tier = pl.when(title.str.contains(pattern)).then(pl.lit(name, pl.String)).otherwise(tier)
    return tier


def _release(rows: pl.DataFrame, kind: str, content: bytes, file_name: str) -> Release:
    """Of the fiscal year in the title, else in the name of the file or of its archive."""
    title = decoded(content).lstrip().split("\n", 1)[0]
    for said in (title, *reversed(file_name.split("/"))):
        if told := re.search(_YEAR, said):
            return Release(kind, told[1], *fiscal_year(int(told[1])), rows)
    raise UnreadableFileError(
        f"{file_name}: neither its title nor its name says which fiscal year it is of (FY 2026)"
    )
