"""The kind of metric that says how rows of one family share out over its levels."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics import stats
from analytics.metrics._displayed import displayed
from analytics.metrics._metric import Every, Metric, Where, listed
from analytics.query import Engine, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix(Metric):
    """The share of each of the `levels` among the rows of its `family`, within each group.

    Gives one row per group, family and level: ``n`` (rows at the level), ``value, low, high`` (its
    share and interval) and ``whole``, the rows of the family in the group, at whatever level.
    """

    family: str  # a dimension
    level: str  # a dimension

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.family, self.level)

    @property
    def sums(self) -> tuple[str, ...]:
        return ("count(*) AS n",)

    def query(
        self,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
    ) -> Query:
        """The SQL of this metric, by family and level besides.  Runs nothing."""
        self.checked(by, where)
        return Metric.query(
            self, self._others(by), every=every, where=where, include_duplicates=include_duplicates
        )

    @displayed
    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
    ) -> pl.DataFrame:
        """As of every metric; a filter of the level says which rows to give, not what is whole."""
        others = {name: wanted for name, wanted in (where or {}).items() if name != self.level}
        frame = Metric.__call__(
            self, engine, by, every=every, where=others, include_duplicates=include_duplicates
        )
        if self.level not in (where or {}):
            return frame
        query = self.query(by, every=every, where=where, include_duplicates=include_duplicates)
        kept = engine.fetch(query).drop("n")
        return frame.join(
            kept, on=kept.columns, how="semi", nulls_equal=True, maintain_order="left"
        )

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        groups = self._others(by)
        counted = parts.with_columns(whole=pl.col("n").sum().over([*groups, self.family]))
        return counted.select(*groups, *self.keys, "n", *stats.wilson("n", "whole"), "whole")

    def _others(self, by: str | Sequence[str]) -> list[str]:
        """The groups asked for, without those that are there anyhow."""
        return [name for name in listed(by) if name not in self.keys]
