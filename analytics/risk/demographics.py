"""The factors of age, sex, entitlement and Medicaid."""

import polars as pl

from analytics.risk.people import ROW

_BANDS = (  # the last age of each, and its name
    (34, "0_34"), (44, "35_44"), (54, "45_54"), (59, "55_59"), (64, "60_64"), (69, "65_69"),
    (74, "70_74"), (79, "75_79"), (84, "80_84"), (89, "85_89"), (94, "90_94"),
)  # fmt: skip
_OWN_YEAR = range(65, 70)  # each age has a factor of its own in the models of new enrollees


def demographic(people: pl.DataFrame) -> pl.DataFrame:
    """Long form ``_row, segment, factor, is_age_sex`` of people as `prepared` gives them.

    Factors that a segment does not have fall away where coefficients are joined.
    Source: the macro AGESEXV2 of CMS and its programs of V24 and V28.
    """
    named = pl.when(pl.col("sex") == "F").then(pl.lit("female")).otherwise(pl.lit("male"))
    origin = pl.when("is_originally_disabled")
    factors = {
        "age_sex": _age_sex(),
        "origin": origin.then("originallydisabled_" + named),
        "institutional_origin": origin.then(pl.lit("origds")),
        "institutional_medicaid": pl.when("is_medicaid").then(pl.lit("ltimcaid")),
    }
    return (
        people.filter("is_scorable")
        .select(ROW, "segment", **factors)
        .unpivot(index=[ROW, "segment"], variable_name="kind", value_name="factor")
        .filter(pl.col("factor").is_not_null())
        .select(ROW, "segment", "factor", is_age_sex=pl.col("kind") == "age_sex")
    )


def _age_sex() -> pl.Expr:
    """Such as ``f70_74``; of new enrollees such as ``nmcaid_norigdis_nef67``."""
    age, sex = pl.col("age"), pl.col("sex").str.to_lowercase()
    bands = (pl.when(age <= last).then(pl.lit(name)) for last, name in _BANDS)
    band = pl.coalesce(*bands, pl.lit("95_gt"))
    # A new enrollee of 64 who is entitled by age, not disability, counts as 65.
    is_turning = (age == _OWN_YEAR.start - 1) & (pl.col("orec") == "0")
    year = pl.when(is_turning).then(_OWN_YEAR.start).when(age.is_in(list(_OWN_YEAR))).then(age)
    new = pl.format(
        "{}_{}_ne{}{}",
        pl.when("is_medicaid").then(pl.lit("mcaid")).otherwise(pl.lit("nmcaid")),
        pl.when("is_originally_disabled").then(pl.lit("origdis")).otherwise(pl.lit("norigdis")),
        sex,
        pl.coalesce(year.cast(pl.String), band),
    )
    return pl.when(pl.col("segment").is_in(["NE", "SNPNE"])).then(new).otherwise(sex + band)
