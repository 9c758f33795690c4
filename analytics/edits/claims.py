"""Claims as the editor reads them, and its edits of age, sex and discharge status."""

from collections.abc import Mapping
from typing import TypeAlias

import polars as pl

from analytics.edits.tables import Tables, mce_tables
from analytics.errors import UnknownNameError
from analytics.frames import Frame, FrameError, read_frame, require_flat

_FLAT = ("claim_id", "discharge_date", "age", "sex_code", "discharge_status", "principal")
_READ = (*_FLAT, "secondary")  # other columns a caller has are none of ours
OLDEST = 124  # years; the editor takes an age outside 0 to 124 for an error
_SEXES = {"M": "M", "1": "M", "F": "F", "2": "F", "U": "U", "0": "U"}


Claims: TypeAlias = Frame


def claim_edits(claims: Claims, tables: Tables | None = None) -> pl.DataFrame:
    """What the editor says of a claim as a whole: ``claim_id, edits, not_checked``, one row each.

    Edits are INVALID_AGE, INVALID_SEX and INVALID_DISCHARGE_STATUS. One is `not_checked` where its
    value is empty or its table is missing.

    Args:
        claims: ``claim_id, discharge_date, age`` (years)``, sex_code`` (M, F, U or 1, 2, 0) and,
            where it is to be checked, ``discharge_status`` (two digits, as number or text).
        tables: As of `mce_tables`.

    Raises:
        MissingReferenceError: There are no tables of the editor.
        UnknownNameError: A column is missing.
        FrameError: The claims are no table, or a column of theirs holds no values.
    """
    held = mce_tables(tables)
    frame = read(claims)
    known = pl.lit(value=False)
    unknown = pl.lit(value=True)
    if held.statuses is not None:
        frame = _with_status(frame, held.statuses)
        known, unknown = pl.col("is_status"), pl.any_horizontal(pl.col("status", "day").is_null())
    broken = {
        "INVALID_AGE": ~is_age(),
        "INVALID_SEX": pl.col("sex") == "?",
        "INVALID_DISCHARGE_STATUS": ~known & ~unknown,
    }
    unread = {
        "INVALID_AGE": pl.col("age").is_null(),
        "INVALID_SEX": pl.col("sex").is_null(),
        "INVALID_DISCHARGE_STATUS": unknown,
    }
    named = with_names(with_names(frame.sort("row"), "edits", broken), "not_checked", unread)
    return named.select("claim_id", "edits", "not_checked")


def read(claims: Claims) -> pl.DataFrame:
    """The claims with their row, ``day``, ``age``, ``sex`` (M, F, U, ? or null) and ``status``."""
    frame = read_frame(claims, "claims")
    for column in ("claim_id", "discharge_date", "age", "sex_code"):
        if column not in frame.columns:
            raise UnknownNameError("column", column, frame.columns)
    require_flat(frame, "claims", _FLAT, FrameError)
    _require_kinds(frame)
    frame = frame.select(column for column in _READ if column in frame.columns)
    sex = _text(frame, "sex_code").str.to_uppercase()
    status = _text(frame, "discharge_status") if "discharge_status" in frame.columns else pl.lit("")
    return frame.with_row_index("row").with_columns(
        day=_day(frame),
        age=pl.col("age").cast(pl.Int64, strict=False),
        sex=pl.when(sex != "").then(sex.replace_strict(_SEXES, default="?")),
        status=status.replace("", None).str.zfill(2),
    )


def is_age() -> pl.Expr:
    """Whether the age is one; null where it is not given."""
    return pl.col("age").is_between(0, OLDEST)


def with_names(frame: pl.DataFrame, column: str, conditions: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """With a list of the names of the conditions that hold; one that is null does not."""
    bits = [pl.when(holds).then(1 << n).otherwise(0) for n, holds in enumerate(conditions.values())]
    marked = frame.with_columns(pl.sum_horizontal(bits).cast(pl.Int64).alias("_bits"))
    sets = marked["_bits"].unique().to_list()  # few, however many the rows
    lists = [[name for n, name in enumerate(conditions) if bits >> n & 1] for bits in sets]
    kinds = {"_bits": pl.Int64(), column: pl.List(pl.String)}
    named = pl.DataFrame({"_bits": sets, column: lists}, schema=kinds)
    return marked.join(named, on="_bits", how="left", maintain_order="left").drop("_bits")


def _require_kinds(frame: pl.DataFrame) -> None:
    """Raise where a column is of a kind that no cast makes an age or a day of."""
    age, day = frame.schema["age"], frame.schema["discharge_date"]
    if age.is_temporal() or age == pl.Boolean:
        raise FrameError("claims must have years, as numbers or text, in age")
    if isinstance(day, pl.Time | pl.Duration):
        raise FrameError("claims must have days, such as 2026-04-01 or 20260401, in discharge_date")


def _text(frame: pl.DataFrame, column: str) -> pl.Expr:
    """A column as text without blanks around it.

    Whole numbers have no point: pandas makes 1.0 of 1 where another row is empty.
    """
    value, kind = pl.col(column), frame.schema[column]
    text = value.cast(pl.String)
    if kind.is_float() or kind.is_decimal():
        whole = value.cast(pl.Int64, strict=False)
        text = pl.when(value == whole).then(whole.cast(pl.String)).otherwise(text)
    return text.str.strip_chars()


def _day(frame: pl.DataFrame) -> pl.Expr:
    """The day of discharge, also where it is written as 20260401 or 2026-04-01."""
    if frame.schema["discharge_date"].is_temporal():
        return pl.col("discharge_date").cast(pl.Date)
    text = _text(frame, "discharge_date").str.replace_all("-", "")
    return text.str.to_date("%Y%m%d", strict=False)


def _with_status(frame: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """With ``is_status``: whether the editor accepts the status on that day."""
    pairs = frame.select("status", "day").unique().drop_nulls()
    held = pairs.join(statuses.rename({"code": "status"}), on="status").filter(in_force())
    held = held.select("status", "day", is_status=pl.lit(value=True)).unique()
    joined = frame.join(held, on=["status", "day"], how="left")
    return joined.with_columns(pl.col("is_status").fill_null(value=False))


def in_force() -> pl.Expr:
    """Whether ``day`` is in the span of the row."""
    late = pl.col("end_date").is_not_null() & (pl.col("day") > pl.col("end_date"))
    return (pl.col("day") >= pl.col("start_date")) & ~late
