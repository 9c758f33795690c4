"""Amounts of claims and their lines, each under the name that CMS or CARIN gives it."""

from collections.abc import Sequence

import polars as pl

from analytics.ingest.feeds import fhir_fields as fields
from analytics.ingest.feeds.fhir_code import CMS, code, exploded, tail


def categories(said: pl.DataFrame, concept: str, by: Sequence[str]) -> pl.DataFrame:
    """Amounts under each name that CMS gives them; under a general category where it gives none."""
    held = pl.col("each").struct
    codings = held.field(concept).struct.field("coding")
    rows = said.select(
        *by, "ordinal", codings=codings, value=held.field("amount").struct.field("value")
    )
    each = (
        rows.filter(pl.col("value").is_not_null())
        .explode("codings")
        .select(
            *by,
            "ordinal",
            "value",
            name=tail(pl.col("codings").struct.field("code")),
            is_cms=pl.col("codings").struct.field("system").fill_null("").str.contains(CMS),
        )
    )
    named = pl.col("is_cms").any().over(*by, "ordinal")
    # BFD puts a claim's charge of 0 under what an earlier payer paid.
    prior = (pl.col("name") == "priorpayerpaid").any().over(*by, "ordinal")
    wrong = prior & (pl.col("name") == "clm_tot_chrg_amt")
    return each.filter((pl.col("is_cms") | ~named) & ~wrong.fill_null(value=False))


def said_amounts(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts of the claim itself: totals, balances, extensions, and what was paid."""
    balances = pl.col("benefitBalance").list.eval(pl.element().struct.field("financial"))
    financial = frame.with_columns(balances.alias("held")).select(
        "record_no",
        held=pl.col("held").list.eval(pl.element().explode(keep_nulls=False, empty_as_null=False)),
    )
    used = exploded(financial, "held").select(
        "record_no",
        name=tail(code(pl.col("each").struct.field("type"))),
        value=pl.col("each").struct.field("usedMoney").struct.field("value"),
    )
    extended = exploded(frame, "extension").select(
        "record_no",
        name=tail(pl.col("each").struct.field("url")),
        value=pl.col("each").struct.field("valueMoney").struct.field("value"),
    )
    paid = frame.select(
        "record_no",
        name=pl.lit("payment"),
        value=pl.col("payment").struct.field("amount").struct.field("value"),
    )
    cost = frame.select(
        "record_no", name=pl.lit("submitted"), value=pl.col("totalCost").struct.field("value")
    )
    total = categories(exploded(frame, "total"), "category", ["record_no"])
    parts = [total.select("record_no", "name", "value"), used, extended, paid, cost]
    return pl.concat(parts).drop_nulls()


def amount_columns(named: pl.DataFrame, names: fields.Names, by: Sequence[str]) -> pl.DataFrame:
    """A column of text for each addend of each amount: the value under its best name."""
    best = (
        named.join(_ranked(names), on="name", maintain_order="left")
        .sort(*by, "part", "rank", maintain_order=True)
        .unique([*by, "part"], keep="first", maintain_order=True)
    )
    parts = [part for added in fields.addends(names).values() for part in added]
    # One value a part is left: polars 2.1 fails where a group sorts and takes the first of text.
    return best.group_by(by, maintain_order=True).agg(
        pl.when(pl.col("part") == part).then(pl.col("value")).max().alias(part) for part in parts
    )


def _ranked(names: fields.Names) -> pl.DataFrame:
    """Each name with the addend that it means and its place among the names of that."""
    addends = fields.addends(names)
    rows = [
        (name, part, rank)
        for column, parts in names.items()
        for part, known in zip(addends[column], parts, strict=True)
        for rank, name in enumerate(known)
    ]
    return pl.DataFrame(rows, schema=["name", "part", "rank"], orient="row")
