"""The Medicare Code Editor's edits of diagnoses, as its definitions manual states them."""

import datetime as dt
from typing import Any

import polars as pl

from analytics.edits.claims import Claims, in_force, is_age, read, with_names
from analytics.edits.tables import MceTables, Tables, mce_tables
from analytics.errors import UnknownNameError
from analytics.frames import FrameError

_NEVER = dt.date.max
# The editor's lists of codes that an edit here rests on.
_AGE_GROUPS = ("newborn", "pediatric", "maternity", "adult")
_LISTS = (
    "ecodepdx", "manifestation", "unacceptable", "reqsdx", "qadm", "unspecified", "female", "male",
    "wrngproc", *_AGE_GROUPS,
)  # fmt: skip


def diagnosis_edits(claims: Claims, tables: Tables | None = None) -> pl.DataFrame:
    """What CMS's Medicare Code Editor says of each diagnosis of inpatient claims.

    Args:
        claims: One row a claim, as a frame of polars, pandas or pyarrow: ``claim_id``,
            ``discharge_date`` (a date, or 20260401), ``age`` in years, ``sex_code`` (M, F, U or 1,
            2, 0), ``principal`` (a code, with or without its dot) and ``secondary`` (a list).
        tables: The editor's tables: a `Database`, a folder, files; see `mce_tables`.

    Returns:
        One row a diagnosis: ``claim_id, position, code, edits, not_checked``, the claims in their
        order; `position` is 1 for the principal, as in `claim_diagnosis`. `edits` lists what is
        broken, by the editor's names; `not_checked` what could not be told: no table, a day of
        discharge outside it, no age or sex where the code is for one. Nothing is sound whose
        `not_checked` is not empty. Empty secondary diagnoses have no row.

    Raises:
        MissingReferenceError: There are no tables of the editor.
        UnknownNameError: A column is missing.
        FrameError: The claims are no table, or a column of theirs holds no values.
    """
    held = mce_tables(tables)
    listed = _with_lists(_listed(read(claims)), held)
    edited = with_names(listed, "edits", _edits(held))
    told = with_names(edited, "not_checked", _unchecked(held))
    return told.select("claim_id", "position", "code", "edits", "not_checked")


def _listed(claims: pl.DataFrame) -> pl.DataFrame:
    """One row a diagnosis; the principal has one where it is empty too."""
    for column in ("principal", "secondary"):
        if column not in claims.columns:
            raise UnknownNameError("column", column, claims.columns)
    if claims["secondary"].null_count() == len(claims):  # of pandas a column of numbers
        claims = claims.with_columns(secondary=pl.lit(None, pl.List(pl.String)))
    kind = claims.schema["secondary"]
    inner = kind.inner if isinstance(kind, pl.List | pl.Array) else None
    if inner is None or inner.is_nested() or isinstance(inner, pl.Object | pl.Binary):
        raise FrameError("claims must have a list of codes in secondary")
    several = pl.col("secondary").cast(pl.List(pl.String)).fill_null(pl.lit([], pl.List(pl.String)))
    claims = claims.select(
        "claim_id", "row", "day", "age", "sex",
        first=_plain(pl.col("principal").cast(pl.String)), several=several,
    )  # fmt: skip
    principal = claims.with_columns(
        position=pl.lit(1, pl.Int64), code=pl.col("first"), has_others=_any_code("several")
    ).drop("several")
    place = pl.int_ranges(2, pl.col("several").list.len() + 2)
    others = claims.filter(pl.col("several").list.len() > 0).with_columns(position=place)
    others = others.explode("several", "position").with_columns(code=_plain(pl.col("several")))
    others = others.filter(pl.col("code").is_not_null()).drop("several")
    both = pl.concat([principal, others], how="diagonal")
    return both.sort("row", "position")


def _plain(code: pl.Expr) -> pl.Expr:
    """A code in capitals without its dot; null where empty."""
    text = code.str.strip_chars().str.replace_all(".", "", literal=True).str.to_uppercase()
    return text.replace("", None)


def _any_code(column: str) -> pl.Expr:
    return pl.col(column).list.eval(pl.element().str.strip_chars(" .") != "").list.any()


def _with_lists(listed: pl.DataFrame, held: MceTables) -> pl.DataFrame:
    """With ``is_valid`` on the day of discharge, and a column for each list of the editor."""
    if held.diagnoses is None:
        return listed.with_columns(pl.lit(value=False).alias(n) for n in ("is_valid", *_LISTS))
    keys = listed.filter(_is_covered(held)).select("code", "day").unique()
    spans = keys.join(held.diagnoses, on="code").filter(in_force())
    spans = spans.sort("start_date").unique(["code", "day"], keep="last")
    marks = [pl.col("flags").list.contains(name).alias(name) for name in _LISTS]
    spans = spans.select("code", "day", *marks, is_valid=pl.lit(value=True))
    joined = listed.join(spans, on=["code", "day"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("is_valid", *_LISTS).fill_null(value=False))


def _edits(held: MceTables) -> dict[str, pl.Expr]:
    """Every edit, in the order of the editor; a code that is not valid breaks no other."""
    is_first = pl.col("position") == 1
    is_same = ~is_first & (pl.col("code") == pl.col("first"))
    alone = is_first & ~pl.col("has_others").fill_null(value=False)
    # Some codes are acceptable as principal once another diagnosis says why.
    unacceptable = pl.col("unacceptable") & ~pl.col("reqsdx")
    wrong_sex = (pl.col("female") & (pl.col("sex") == "M")) | (
        pl.col("male") & (pl.col("sex") == "F")
    )
    return {
        "INVALID_CODE": _is_covered(held) & ~pl.col("is_valid"),
        "DUPLICATE_OF_PDX": is_same & (pl.col("is_valid") | ~_is_covered(held)),
        "E_CODE_AS_PDX": is_first & pl.col("ecodepdx"),
        "MANIFESTATION_AS_PDX": is_first & pl.col("manifestation"),
        "UNACCEPTABLE_PDX": is_first & unacceptable,
        "REQUIRES_SDX": alone & pl.col("reqsdx"),
        "QUESTIONABLE_ADMISSION": is_first & pl.col("qadm"),
        "UNSPECIFIED": pl.col("unspecified"),
        "AGE_CONFLICT": is_age() & _is_outside(held.ages),
        "SEX_CONFLICT": wrong_sex,
        "WRONG_PROCEDURE_PERFORMED": pl.col("wrngproc"),
    }


def _unchecked(held: MceTables) -> dict[str, pl.Expr]:
    """The edits that could not be told, likewise."""
    is_covered, is_first = _is_covered(held), pl.col("position") == 1
    every = dict.fromkeys(_edits(held), ~is_covered)
    of_first = ("E_CODE_AS_PDX", "MANIFESTATION_AS_PDX", "UNACCEPTABLE_PDX", "REQUIRES_SDX",
                "QUESTIONABLE_ADMISSION")  # fmt: skip
    every |= dict.fromkeys(of_first, ~is_covered & is_first)
    aged = pl.any_horizontal(pl.col(_AGE_GROUPS))
    sexed = pl.any_horizontal(pl.col("female", "male"))
    is_told = is_age().fill_null(value=False) & _has_ages(held.ages)
    return every | {
        "DUPLICATE_OF_PDX": ~is_first & pl.col("first").is_null(),
        "AGE_CONFLICT": ~is_covered | (aged & ~is_told),
        "SEX_CONFLICT": ~is_covered | (sexed & ~pl.col("sex").is_in(["M", "F"]).fill_null(False)),
    }


def _is_covered(held: MceTables) -> pl.Expr:
    """Whether the table of diagnoses speaks of the code on that day."""
    between = pl.col("day").is_between(pl.lit(held.starts), pl.lit(held.ends))
    return between.fill_null(value=False) & pl.col("code").is_not_null()


def _is_outside(ages: pl.DataFrame | None) -> pl.Expr:
    """Whether the age is outside a group of the code, by the range of that day."""
    outside = pl.lit(value=False)
    for group, on_day, lowest, highest in _ranges(ages):
        outside |= pl.col(group) & on_day & ~pl.col("age").is_between(lowest, highest)
    return outside


def _has_ages(ages: pl.DataFrame | None) -> pl.Expr:
    """Whether each age group of the code has a range on that day."""
    told: dict[str, pl.Expr] = {group: pl.lit(value=False) for group in _AGE_GROUPS}
    for group, on_day, _, _ in _ranges(ages):
        told[group] |= on_day
    return pl.all_horizontal(~pl.col(group) | known for group, known in told.items())


def _ranges(ages: pl.DataFrame | None) -> list[tuple[str, pl.Expr, Any, Any]]:
    """Each range as its group, whether it holds that day, the youngest and the oldest age."""
    if ages is None:
        return []
    columns = ("age_group", "start_age", "end_age", "start_date", "end_date")
    held = ages.filter(pl.col("age_group").is_in(_AGE_GROUPS)).select(columns)
    return [
        (group, pl.col("day").is_between(pl.lit(starts), pl.lit(ends or _NEVER)), lowest, highest)
        for group, lowest, highest, starts, ends in held.iter_rows()
    ]
