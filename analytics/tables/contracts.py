"""Contracts that share savings as tables: whom, what it costs, the chances, what is earned."""

from typing import NamedTuple

import polars as pl

from analytics import formats
from analytics.errors import UnknownNameError
from analytics.tables.markup import Html, table
from analytics.tables.missing import sentence


class _Part(NamedTuple):
    title: str
    columns: tuple[str, ...]
    note: str = ""


_PARTS = {
    "members": _Part(
        "Members, and what is known",
        ("months", "months_over", "member_months", "run_out_share", "completion", "known_amount"),
        "Completion: the share known of what the months that are over will cost.",
    ),
    "cost": _Part(
        "Benchmark and expected cost",
        ("benchmark_amount", "expenditure_amount", "expenditure_low", "expenditure_high", "trend",
         "method"),
        "Low and high: the interval. Trend and method are of months to come.",
    ),
    "rates": _Part(
        "Rates and chances",
        ("savings_rate", "minimum_rate", "savings_chance", "loss_chance", "quality",
         "applied_rate"),
        "Chances are of reaching the minimum rate of savings, and of losses where they are shared.",
    ),
    "earned": _Part(
        "What is earned or owed",
        ("generated_amount", "earned_amount", "earned_low", "earned_high", "binding_cap",
         "is_final"),
        "Below 0 is owed. A benchmark not final yet, risk adjustment and outliers are not in it.",
    ),
}  # fmt: skip
_HEADS = {
    "expenditure_amount": "Expected cost", "expenditure_low": "Low", "expenditure_high": "High",
    "generated_amount": "Savings or losses", "earned_low": "Low", "earned_high": "High",
    "known_amount": "Known so far", "is_final": "Final", "unpriced_amount": "Paid, not priced",
}  # fmt: skip
_EMPTY = (
    "Empty where nobody is covered, less than three months have claims, or claims have no day on"
    " which they were known and the year is not final."
)
_UNPRICED = (
    "Not priced: no amount allowed was told of these claims, so they count as nothing and savings"
    " look larger."
)
_SHARES = (
    "run_out_share", "completion", "trend", "savings_rate", "minimum_rate", "savings_chance",
    "loss_chance", "quality", "applied_rate",
)  # fmt: skip


def contract(frame: pl.DataFrame, part: str, *, small: int = formats.SMALL) -> Html:
    """One part of the frame of `shared_savings`: ``members, cost, rates`` or ``earned``.

    A row per contract, year and scope; those of 1 to `small` members, and of the same year those
    that would tell them, show no numbers.  A sentence where the frame has no row.  Raises
    `UnknownNameError` for another part.
    """
    if part not in _PARTS:
        raise UnknownNameError("part", part, _PARTS)
    title, columns, note = _PARTS[part]
    if frame.is_empty():
        return sentence(f"{title}: no contract of these years is loaded.")
    year, scope = pl.col("year").dt.year(), pl.col("scope").str.replace("_", " ")
    if part == "cost" and frame["expenditure_amount"].null_count():
        note += f" {_EMPTY}"
    if part == "cost" and (frame["unpriced_amount"] > 0).any():
        columns, note = (*columns, "unpriced_amount"), f"{note} {_UNPRICED}"
    named = pl.format("{} {}, {}", "contract_name", year, scope).alias("contract")
    return table(
        frame.with_columns(pl.col("binding_cap").fill_null("none")).select(named, "n", *columns),
        title,
        units=dict.fromkeys(_SHARES, "share"),
        heads=_HEADS,
        note=note,
        small=small,
        hidden=_hidden(frame, small),
    )


def _hidden(frame: pl.DataFrame, small: int) -> list[bool]:
    """Of the contracts of a year, which show no numbers: both scopes of one are of its people."""
    sized = frame.group_by("year", "contract_name", maintain_order=True).agg(pl.col("n").max())
    told = [
        part.with_columns(formats.withheld(part, small).alias("hidden"))
        for part in sized.partition_by("year")
    ]
    of = ["year", "contract_name"]
    return frame.join(pl.concat(told).drop("n"), on=of, maintain_order="left")["hidden"].to_list()
