"""People as the models see them: one row each, what they say in one wording, and a segment."""

from typing import cast

import polars as pl

from analytics.frames import require_flat
from analytics.risk.findings import require
from analytics.risk.tables import SEGMENTS, HccError

ROW = "_row"  # a person's number, which the joins go by
_NEEDED = ("person_id", "age", "sex", "orec", "dual")
_FLAGS = ("institutional", "new_enrollee", "snp", "medicaid")
_OLDEST = 130
_SEXES = {"M": "M", "1": "M", "MALE": "M", "F": "F", "2": "F", "FEMALE": "F"}
_OREC = ("0", "1", "2", "3")
# Dual status codes of CMS: full benefits, partial ones, and those without Medicaid benefits.
_FULL, _PARTIAL = ("02", "04", "08"), ("01", "03", "05", "06")
_NOT_DUAL = ("00", "09", "10", "99", "NA", "")
_TRUE, _FALSE = ("true", "1", "y", "yes", "t"), ("false", "0", "n", "no", "f", "")
_RULES = ("orec_unknown", "dual_unknown", "flag_unknown")


def prepared(people: pl.DataFrame, segment: str | None) -> tuple[pl.DataFrame, dict[str, int]]:
    """One row per person, in order, and how many rows broke which rule.

    Columns: ``_row, person_id, age, sex`` (M, F), ``orec, segment, is_medicaid, is_disabled,
    is_originally_disabled, is_scorable``.
    """
    require(people, "people", _NEEDED)
    require_flat(people, "people", (*_FLAGS, "segment"), HccError)
    known = people.filter(pl.col("person_id").is_not_null())
    said = known.select("person_id", *_said(known.columns), _asked(known.columns, segment))
    _check(said["asked"])
    once = said.unique(maintain_order=True)
    first = once.with_columns(is_conflicting=pl.col("person_id").is_duplicated()).unique(
        "person_id", keep="first", maintain_order=True
    )
    found = {
        "person_id_missing": len(people) - len(known),
        "person_repeated": len(said) - len(once),
        "person_conflicting": int(first["is_conflicting"].sum()),
        "age_missing": first["age"].null_count(),
        "sex_missing": first["sex"].null_count(),
    }
    return _derived(first), found | {rule: int(first[rule].sum()) for rule in _RULES}


def _said(columns: list[str]) -> list[pl.Expr]:
    """What a row says, in one wording, so that rows of a person can be compared."""
    age = pl.col("age").cast(pl.Float64, strict=False).floor().cast(pl.Int64, strict=False)
    orec, dual = _text("orec"), _text("dual").str.replace(r"^(\d)$", "0$1")
    is_full, is_partial = dual.is_in(_FULL), dual.is_in(_PARTIAL)
    flags = [flag for flag in _FLAGS if flag in columns]
    return [
        pl.when(age.is_between(0, _OLDEST)).then(age).alias("age"),
        _text("sex").replace_strict(_SEXES, default=None, return_dtype=pl.String).alias("sex"),
        pl.when(orec.is_in(_OREC)).then(orec).otherwise(pl.lit("0")).alias("orec"),
        (~orec.is_in(_OREC)).alias("orec_unknown"),
        pl.when(is_full).then(pl.lit("F")).when(is_partial).then(pl.lit("P"))
        .otherwise(pl.lit("N")).alias("dual"),
        (~dual.is_in(_FULL + _PARTIAL + _NOT_DUAL)).alias("dual_unknown"),
        *(pl.when(_text(f) != "").then(_lower(f).is_in(_TRUE)).alias(f) for f in flags),
        # Where nothing is said the dual code says (medicaid), or the flag is not (the others).
        *(pl.lit(None, pl.Boolean).alias(flag) for flag in _FLAGS if flag not in flags),
        pl.any_horizontal(
            pl.lit(value=False),
            *(~_lower(flag).is_in(_TRUE + _FALSE) for flag in flags),
        ).alias("flag_unknown"),
    ]  # fmt: skip


def _text(column: str) -> pl.Expr:
    """Trimmed, in capitals, whole numbers without a decimal point; empty where null."""
    trimmed = pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase()
    return trimmed.str.replace(r"^(\d+)\.0$", "$1").fill_null("")


def _lower(column: str) -> pl.Expr:
    return _text(column).str.to_lowercase()


def _asked(columns: list[str], segment: str | None) -> pl.Expr:
    """The segment named for a person, or null."""
    if segment is not None:
        if not isinstance(cast("object", segment), str):
            raise HccError(f"segment must be text, one of {', '.join(SEGMENTS)}")
        return pl.lit(segment.strip().upper()).alias("asked")
    if "segment" in columns:
        return _text("segment").replace("", None).alias("asked")
    return pl.lit(None, pl.String).alias("asked")


def _check(asked: pl.Series) -> None:
    if not asked.drop_nulls().is_in(SEGMENTS).all():
        raise HccError(f"a segment is none of {', '.join(SEGMENTS)}")


def _derived(people: pl.DataFrame) -> pl.DataFrame:
    """Segment and what the factors of age, sex, entitlement and Medicaid go by.

    New enrollees come before the institution: CMS-HCC has no factors for both.
    """
    aged, dual = pl.col("age") >= 65, pl.col("dual")
    community = pl.lit("C") + dual + pl.when(aged).then(pl.lit("A")).otherwise(pl.lit("D"))
    segment = (
        pl.when(pl.col("asked").is_not_null()).then("asked")
        .when(pl.col("new_enrollee") & pl.col("snp")).then(pl.lit("SNPNE"))
        .when("new_enrollee").then(pl.lit("NE"))
        .when("institutional").then(pl.lit("INS"))
        .otherwise(community)
    )  # fmt: skip
    return people.with_row_index(ROW).select(
        ROW, "person_id", "age", "sex", "orec",
        segment=segment,
        is_medicaid=pl.coalesce("medicaid", dual != "N"),
        is_disabled=~aged & (pl.col("orec") != "0"),
        is_originally_disabled=aged & (pl.col("orec") == "1"),
        is_scorable=~pl.col("is_conflicting")
        & pl.col("age").is_not_null()
        & pl.col("sex").is_not_null(),
    )  # fmt: skip
