"""The files of the National Correct Coding Initiative: procedure pairs, unlikely units, add-ons."""

import datetime as dt

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.published.release import Release, found, quarter_end
from analytics.ingest.published.text import cells, day, headed, refuse, typed

# Tabs as published, commas where the workbook was saved as CSV.
PAIRS = r"(?m)^[0-9A-Z]{5}([\t,])[0-9A-Z]{5}\1\*?\1(19|20)\d{6}\1"
UNITS = r"Services MUE Values"
ADD_ONS = r"AOC_Edit_Type"

_CODE = r"^[0-9A-Z]{5}$"
_FIRST_VERSION = 1994  # version 32 is that of 2026; its minor number counts quarters from 0
_PAIR_SETTINGS = {"pra": "practitioner", "oph": "hospital"}
_UNIT_SETTINGS = {"practitioner": "practitioner", "outpatient": "hospital", "dme": "dme"}


def pairs(content: bytes, file_name: str) -> Release:
    """Procedure-to-procedure edits: rows of codes below a header of any length."""
    told = found(r"cci(pra|oph)-v(\d\d)([0-3])r\d", file_name, "for whom and when (ccipra-v322r0)")
    starts_on = dt.date(_FIRST_VERSION + int(told[2]), 3 * int(told[3]) + 1, 1)
    raw = cells(content, file_name, "\t" if b"\t" in content else ",")
    if raw.width < 7:
        raise UnreadableFileError(f"{file_name} has fewer than seven columns")
    first, second, before, starts, ends, modifier, reason = raw.columns[:7]
    raw = raw.filter(_leading(raw))
    raw = raw.select(
        column1_code=first, column2_code=second, before=before, start_date=starts,
        end_date=pl.col(ends).replace("*", None), modifier_indicator=modifier, rationale=reason,
    )  # fmt: skip
    columns = {n: pl.col(n) for n in raw.columns if n != "before"} | {
        "setting": pl.lit(_PAIR_SETTINGS[told[1].lower()]),
        "is_before_1996": pl.col("before").eq_missing("*"),
        "start_date": day("start_date"),
        "end_date": day("end_date"),
    }
    rows = typed(raw, columns, "ncci_ptp", file_name)
    good = (
        pl.col("column2_code").str.contains(_CODE)
        & pl.col("modifier_indicator").is_in(["0", "1", "9"])
        & pl.col("start_date").is_not_null()
    )
    refuse(rows, ~good, "no pair, date or indicator", file_name)
    latest = rows.select(pl.col("start_date").max()).item()
    if latest > quarter_end(starts_on):
        raise UnreadableFileError(
            f"{file_name} has edits from {latest}, after the quarter that its name tells: "
            "keep the name it was published under"
        )
    return Release("ncci_ptp", f"{told[2]}.{told[3]}", starts_on, quarter_end(starts_on), rows)


def units(content: bytes, file_name: str) -> Release:
    """Medically unlikely edits: CSV below a notice that is one cell of many lines."""
    told = found(r"Eff_(\d\d)-(\d\d)-(\d{4})", file_name, "from when on (Eff_07-01-2026)")
    starts = _day(int(told[3]), int(told[1]), int(told[2]), file_name)
    raw = cells(content, file_name)
    header = raw.filter(pl.col(raw.columns[1]).str.contains("MUE Values")).row(0)
    said = str(header[1]).split(maxsplit=1)[0].lower()
    if said not in _UNIT_SETTINGS:
        raise UnreadableFileError(f"{file_name} does not say whose units it limits")
    raw = raw.filter(_leading(raw)).select(
        procedure_code=raw.columns[0], max_units=raw.columns[1], indicator=raw.columns[2],
        rationale=raw.columns[3],
    )  # fmt: skip
    columns = {n: pl.col(n) for n in raw.columns if n != "indicator"} | {
        "setting": pl.lit(_UNIT_SETTINGS[said]),
        "adjudication_indicator": pl.col("indicator").str.extract(r"^([123])\b"),
    }
    rows = typed(raw, columns, "ncci_mue", file_name)
    wrong = pl.any_horizontal(pl.col("max_units", "adjudication_indicator").is_null())
    refuse(rows, wrong, "no units or no indicator", file_name)
    return Release("ncci_mue", f"{starts}", starts, quarter_end(starts), rows)


def add_ons(content: bytes, file_name: str) -> Release:
    """Add-on codes with their primaries; days are counted from the first of January."""
    told = found(r"V(\d{4})Q([1-4])", file_name, "which quarter it is for (AOC_V2026Q3)")
    raw = headed(content, file_name, "AOC_Edit_Type")
    names = {n.lower().replace("-", "").replace(" ", "_"): n for n in raw.columns}
    raw = raw.select(pl.col(names[n]).alias(t) for t, n in _ADD_ON.items() if n in names)
    if missing := sorted(set(_ADD_ON) - set(raw.columns)):
        raise UnreadableFileError(f"{file_name} has no column for {', '.join(missing)}")
    raw = raw.filter(pl.any_horizontal(pl.all().is_not_null()))
    days = {n: day(n, "%Y%j") for n in raw.columns if n.endswith("_date")}
    raw = raw.with_columns(pl.col(list(days)).replace("0", None))
    rows = typed(raw, {n: pl.col(n) for n in raw.columns} | days, "ncci_add_on", file_name)
    both = pl.all_horizontal(pl.col("add_on_code", "primary_code").str.contains(_CODE))
    refuse(rows, ~both, "no pair of codes", file_name)
    starts = dt.date(int(told[1]), 3 * int(told[2]) - 2, 1)
    return Release("ncci_add_on", f"{told[1]}Q{told[2]}", starts, quarter_end(starts), rows)


_ADD_ON = {
    "edit_type": "aoc_edit_type",
    "add_on_code": "addon_code",
    "add_on_end_date": "aoc_deldt",
    "primary_code": "primary_code",
    "primary_end_date": "primary_code_deldt",
    "start_date": "aoc_edit_effdt",
    "end_date": "aoc_edit_deldt",
}


def _day(year: int, month: int, day_: int, file_name: str) -> dt.date:
    try:
        return dt.date(year, month, day_)
    except ValueError:
        raise UnreadableFileError(f"{file_name}: its name tells no day of a calendar") from None


def _leading(raw: pl.DataFrame) -> pl.Expr:
    """Whether a row begins with a code: notices and headers do not."""
    return pl.col(raw.columns[0]).str.contains(_CODE).fill_null(value=False)
