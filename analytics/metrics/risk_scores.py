"""Risk scores of members from the claims loaded, and the conditions not coded again this year."""

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl

from analytics import risk, stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Where
from analytics.metrics._parts import grouped
from analytics.metrics._risk_years import (
    GROUPS,
    Year,
    checked,
    payment_year_of,
    scored,
    year_of,
)
from analytics.query import Engine


def risk_scores(
    engine: Engine,
    payment_year: int | None = None,
    *,
    model: str = "V28",
    where: Where | None = None,
    tables: str | Path | None = None,
    factors: str | Path | None = None,
    is_coding_adjusted: bool = True,
    limit: int | None = None,
) -> pl.DataFrame:
    """The risk score of every member, from diagnoses of the year before the payment year.

    One row per member covered in that year: ``person_id`` (the database's own), ``payer_name,
    line_of_business, sex_code``, ``age`` (on February 1 of the payment year), ``hccs`` (payment
    HCCs, joined by blanks), ``score`` (raw) and ``payment_score`` (normalised, lowered for coding
    and blended as `payment_factors` says of `factors`, a CSV file or the library's own; null for a
    year it has none of).  A list of members: give it to nobody who may not see one; `limit` gives
    the first.  The default year is the one after the as-of date's.

    Members with less than twelve months of part B are new enrollees; whether one lives in an
    institution no claim says.  Diagnoses count of inpatient claims, and of outpatient and
    professional ones with a procedure of CMS's list (ra_eligible_cpt_hcpcs_*.csv, `revcycle
    reference load`; without it of all).  CMS's tables of HCCs: as `hcc_scores` finds them.
    Raises `HccError`, and `UnknownNameError` for names in `where`.
    """
    checked((), where)
    year = payment_year_of(engine, payment_year)
    data = year_of(engine, year, where or {})
    found = scored(data.people, data.diagnoses, model, tables)
    table = risk.payment_factors(factors).filter(payment_year=year)
    scores = {model.strip().upper(): found}
    for name in table["model"]:  # a blend has two
        if name not in scores:
            scores[name] = scored(data.people, data.diagnoses, name, tables)
    paid = (
        risk.payment_scores(
            scores, year, factors=table, is_coding_adjusted=is_coding_adjusted
        ).select("person_id", payment_score="score")
        if len(table)
        else data.people.select("person_id", payment_score=pl.lit(None, pl.Float64))
    )
    return (
        data.people.select("person_id", *GROUPS, pl.col("age").cast(pl.Int64))
        .join(found, on="person_id", how="left", maintain_order="left")
        .join(paid, on="person_id", how="left", maintain_order="left")
        .with_columns(pl.col("hccs").list.join(" "))
        .head(_most(limit))
    )


def risk_score(
    engine: Engine,
    by: str | Sequence[str] = (),
    *,
    payment_year: int | None = None,
    model: str = "V28",
    where: Where | None = None,
    tables: str | Path | None = None,
) -> pl.DataFrame:
    """The mean risk score of members.

    One row per group: by, ``n`` (members scored), ``value, low, high`` (mean raw score with its 95%
    interval), ``payment_score`` (mean of what payment goes by) and ``hcc_count`` (mean number of
    payment HCCs).  Scores, arguments and errors are those of `risk_scores`.
    """
    groups = checked(by, where)
    each = risk_scores(engine, payment_year, model=model, where=where, tables=tables)
    each = each.filter(pl.col("score").is_not_null())
    half = stats.Z95 * pl.col("score").std() / pl.len().sqrt()
    sums = (
        pl.len().cast(pl.Int64).alias("n"),
        pl.col("score").mean().alias("value"),
        (pl.col("score").mean() - half).alias("low"),
        (pl.col("score").mean() + half).alias("high"),
        pl.col("payment_score").mean(),
        _count().mean().alias("hcc_count"),
    )
    return grouped(each, groups, *sums)


def hcc_gaps(
    engine: Engine,
    payment_year: int | None = None,
    *,
    model: str = "V28",
    base_rate: Decimal | int | None = None,
    where: Where | None = None,
    tables: str | Path | None = None,
    factors: str | Path | None = None,
    limit: int | None = None,
) -> pl.DataFrame:
    """Lasting conditions coded last year and not, nor a graver one, in the year that counts now.

    One row per member and payment HCC: ``person_id``, ``payer_name, line_of_business, sex_code``,
    ``hcc``, ``last_coded_date``, ``factor`` (what coding it would add to the raw score, hierarchies
    and interactions included) and ``amount`` (dollars a year: the factor normalised, lowered for
    coding and weighted, times `base_rate`, dollars a month for a score of 1; null without it or
    without factors for the year), the largest first, at most `limit`.  A list of members: give it
    to nobody who may not see one; and a gap is a question to a clinician, never a diagnosis.
    Scores, arguments and errors are those of `risk_scores`.
    """
    checked((), where)
    if isinstance(base_rate, float):
        raise BadQueryError("base_rate is dollars a month: a whole number or a Decimal")
    year = payment_year_of(engine, payment_year)
    data = year_of(engine, year, where or {})
    due = _due(data, model, tables).filter(~pl.col("is_recaptured"))
    added = _added(data, due, model, tables)
    rate = _dollars_of_one(risk.payment_factors(factors), year, model, base_rate)
    amount = (pl.col("factor") * rate).round(2).cast(pl.Decimal(18, 2)) if rate else None
    nothing = pl.lit(None, pl.Decimal(18, 2))
    return (
        added.join(data.people.select("person_id", *GROUPS), on="person_id", how="left")
        .select(
            "person_id",
            *GROUPS,
            "hcc",
            pl.col("last_date").alias("last_coded_date"),
            "factor",
            (nothing if amount is None else amount).alias("amount"),
        )
        .sort("factor", "person_id", "hcc", descending=[True, False, False], nulls_last=True)
        .head(_most(limit))
    )


def hcc_recapture_rate(
    engine: Engine,
    by: str | Sequence[str] = (),
    *,
    payment_year: int | None = None,
    model: str = "V28",
    where: Where | None = None,
    tables: str | Path | None = None,
) -> pl.DataFrame:
    """The share of lasting conditions coded last year that were coded again, or a graver one.

    One row per group: by, ``n`` (payment HCCs of the year before, of members covered in both that
    last, one for each member), ``value, low, high`` (share with its Wilson interval) and ``hits``.
    Scores, arguments and errors are those of `risk_scores`.
    """
    groups = checked(by, where)
    data = year_of(engine, payment_year_of(engine, payment_year), where or {})
    due = _due(data, model, tables).join(
        data.people.select("person_id", *GROUPS), on="person_id", how="left"
    )
    n = pl.len().cast(pl.Int64).alias("n")
    hits = pl.col("is_recaptured").sum().cast(pl.Int64).alias("hits")
    found = grouped(due, groups, n, hits)
    return found.select(*groups, "n", *stats.wilson("hits", "n"), "hits")


def _most(limit: int | None) -> int:
    """So many rows, all for None."""
    if limit is not None and (type(limit) is not int or limit < 0):
        raise BadQueryError("limit is a number of rows, or None for all")
    return sys.maxsize if limit is None else limit


def _count() -> pl.Expr:
    text = pl.col("hccs")
    return pl.when(text != "").then(text.str.count_matches(" ") + 1).otherwise(0)


def _due(data: Year, model: str, tables: str | Path | None) -> pl.DataFrame:
    """``person_id, hcc, is_recaptured``: the lasting payment HCCs of the year before."""
    before, now = (
        scored(data.people, codes, model, tables)
        .select("person_id", hcc="hccs")
        .explode("hcc", empty_as_null=True)
        .drop_nulls()
        for codes in (data.before, data.diagnoses)
    )
    lasting = before.join(risk.chronic_hccs(model, tables), on="hcc", how="semi")
    above = risk.hcc_tables(model, tables).hierarchies
    covered = pl.concat(
        [now, now.rename({"hcc": "parent"}).join(above, on="parent").select("person_id", "hcc")]
    ).unique()
    again = covered.with_columns(is_recaptured=pl.lit(value=True))
    return lasting.join(again, on=["person_id", "hcc"], how="left").with_columns(
        pl.col("is_recaptured").fill_null(value=False)
    )


def _added(data: Year, due: pl.DataFrame, model: str, tables: str | Path | None) -> pl.DataFrame:
    """The gaps with the day last coded, and what each alone would add to the score of now."""
    meant = risk.hcc_tables(model, tables).categories.rename({"code": "diagnosis_code"})
    codes = data.before.join(meant, on="diagnosis_code").join(due, on=["person_id", "hcc"])
    last = codes.group_by("person_id", "hcc").agg(pl.col("last_date").max())
    gaps = due.drop("is_recaptured").join(last, on=["person_id", "hcc"], how="left")
    gaps = gaps.with_row_index("gap").with_columns(pl.col("gap").cast(pl.Int64))
    # Each gap is a person of its own, who has all that was coded now and this besides.
    people = gaps.select("gap", "person_id").join(data.people, on="person_id")
    each = people.drop("person_id").rename({"gap": "person_id"})
    held = gaps.select("gap", "person_id")
    now = held.join(data.diagnoses, on="person_id").select("gap", "diagnosis_code")
    besides = gaps.join(codes, on=["person_id", "hcc"]).select("gap", "diagnosis_code")
    besides = pl.concat([now, besides]).rename({"gap": "person_id"})
    after = scored(each, besides, model, tables).select(gap="person_id", after="score")
    score = scored(data.people, data.diagnoses, model, tables).select("person_id", "score")
    return (
        gaps.join(after, on="gap", how="left")
        .join(score, on="person_id", how="left")
        .with_columns(factor=(pl.col("after") - pl.col("score")).round(3))
    )


def _dollars_of_one(
    factors: pl.DataFrame, year: int, model: str, base_rate: Decimal | int | None
) -> float | None:
    """Dollars a year for one point of raw score; None where nothing says."""
    of_year = factors.filter(payment_year=year, model=model.strip().upper())
    if base_rate is None or of_year.is_empty():
        return None
    row = of_year.row(0, named=True)
    lowered = (1 - row["coding_adjustment"]) * row["weight"] / row["normalization"]
    return float(base_rate) * 12 * lowered
