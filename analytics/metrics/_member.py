"""The kind of metric that divides what care costs, or how often it is needed, by members."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics import stats
from analytics.metrics._displayed import displayed
from analytics.metrics._kinds import Ratio
from analytics.metrics._metric import Every, Where, listed
from analytics.query import Engine, Value, conditions

_BELOW = ("n", "bottom", "bb", "run_out")
_ENDS = ("value", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerMember(Ratio):
    """A total over member months, of a fact with rows of both, of which none is both.

    `n` are member months.  The dimensions `above` are of the total alone: by one of them, each
    group has its part of the total over all member months.  Where the total is a count its interval
    is that of a Poisson count.  ``run_out_share`` is the share of member months for whose claims
    three months have passed; over time ``is_run_out`` says whether they have for all.
    """

    bottom: str = "member_months"
    above: tuple[str, ...]
    per: int = 1  # the value is of so many member months
    is_count: bool = False

    @property
    def sums(self) -> tuple[str, ...]:
        square = f"CAST({self.top} AS DOUBLE) * CAST({self.top} AS DOUBLE)"
        return (
            f"CAST(coalesce(sum({self.bottom}), 0) AS BIGINT) AS n",
            f"CAST(coalesce(sum({self.top}), 0) AS DECIMAL(18, 2)) AS top",
            f"CAST(coalesce(sum({self.bottom}), 0) AS DECIMAL(18, 2)) AS bottom",
            f"CAST(coalesce(sum({square}), 0) AS DOUBLE) AS tt",
            f"CAST(coalesce(sum({self.bottom}), 0) AS DOUBLE) AS bb",
            "CAST(coalesce(sum(run_out_months), 0) AS BIGINT) AS run_out",
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
        """As any metric."""
        del include_duplicates  # payers' claims have none
        groups = [*listed(by), "period"] if every else listed(by)
        parts = engine.fetch(self.query(by, every=every, where=where))
        if own := [name for name in listed(by) if name in self.above]:
            rest = [name for name in listed(by) if name not in own]
            whole = engine.fetch(self.query(rest, every=every, where=where))
            parts = _over(
                parts.drop_nulls(own), whole, [name for name in groups if name not in own]
            )
        frame = self.finish(parts, groups)
        ripe = self.maturity_query(by, every=every, where=where)
        if self.maturity is None or ripe is None:
            return frame
        return self.maturity.joined(frame, engine.fetch(ripe), groups)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        # Money stays decimal up to this division.
        doubles = parts.with_columns(pl.col("top", "bottom").cast(pl.Float64), tb=pl.lit(0.0))
        months = pl.when(pl.col("n") > 0).then(pl.col("n"))
        if self.is_count:
            low, high = stats.poisson(doubles["top"])
            told = doubles.with_columns(value="top", low=low, high=high).select(
                pl.col(_ENDS) / months
            )
        else:
            told = doubles.select(*stats.ratio("top", "bottom", "n", "tt", "tb", "bb"))
        share = (pl.col("run_out") / months).alias("run_out_share")
        flag = (pl.col("run_out") == pl.col("n")).alias("is_run_out")
        beside = parts.select("top", "bottom", share, *([flag] if "period" in by else []))
        value = told.select(pl.col(_ENDS) * self.per)
        return pl.concat([parts.select(*by, "n"), value, beside], how="horizontal")

    def filters(self, where: Where) -> tuple[list[str], dict[str, Value | None]]:
        """As of any metric, but a filter on what members do not have leaves their months in."""
        tests, bound = conditions({k: v for k, v in where.items() if k in self.above})
        kept, params = conditions({k: v for k, v in where.items() if k not in self.above})
        if tests:
            kept.append(f"({self.bottom} > 0 OR ({' AND '.join(tests)}))")
        return kept, params | bound


def _over(parts: pl.DataFrame, whole: pl.DataFrame, rest: Sequence[str]) -> pl.DataFrame:
    """The totals of groups with the member months of all of `rest` that they are of."""
    below = whole.select(*rest, *_BELOW)
    above = parts.drop(_BELOW)
    if not rest:
        return above.join(below, how="cross")
    return above.join(below, on=list(rest), how="left", nulls_equal=True, maintain_order="left")
