"""Kinds of metric that rest on rules: each also counts the rows whose rule nobody verified."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.metrics._kinds import Proportion, Total
from analytics.metrics._wait import Wait, counts_of

_UNVERIFIED = "count(*) FILTER (WHERE NOT is_verified) AS unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledProportion(Proportion):
    """A share of rows, and how many of them were judged by an unverified rule: ``unverified``."""

    @property
    def sums(self) -> tuple[str, ...]:
        return (f"count(*) FILTER (WHERE {self.event}) AS hits", "count(*) AS n", _UNVERIFIED)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        frame = Proportion.finish(self, parts, by)
        return pl.concat([frame, parts.select("unverified")], how="horizontal")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledTotal(Total):
    """A sum of dollars likewise, null where no row has any; ``known`` counts the rows that do."""

    @property
    def sums(self) -> tuple[str, ...]:
        amount = f"CAST(coalesce(sum({self.amount}), 0) AS DECIMAL(18, 2)) AS amount"
        return ("count(*) AS n", amount, f"count({self.amount}) AS known", _UNVERIFIED)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        some = pl.when(parts["known"] > 0)
        frame = Total.finish(self, parts, by).with_columns(
            value=some.then("value"), amount=some.then("amount")
        )
        return pl.concat([frame, parts.select("known", "unverified")], how="horizontal")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledWait(Wait):
    """A wait likewise."""

    @property
    def sums(self) -> tuple[str, ...]:
        return (*counts_of(self.ended), _UNVERIFIED)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        frame = Wait.finish(self, parts, by)
        if not by:
            return frame.with_columns(unverified=pl.lit(parts["unverified"].sum()))
        added = parts.group_by(by).agg(pl.col("unverified").sum())
        return frame.join(added, on=by, how="left", nulls_equal=True, maintain_order="left")
