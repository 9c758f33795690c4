"""The kinds of metric.  They differ in what they add up; all give back the same frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._displayed import displayed
from analytics.metrics._metric import Every, Metric, Where, listed
from analytics.query import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion(Metric):
    """The share of rows for which `event` is true."""

    event: str  # SQL boolean
    duplicate_event: str = ""  # SQL boolean: the event where duplicates are counted as denials

    @property
    def sums(self) -> tuple[str, ...]:
        return (f"count(*) FILTER (WHERE {self.event}) AS hits", "count(*) AS n")

    def duplicate_sums(self, include_duplicates: bool) -> tuple[str, ...]:
        if not include_duplicates or not self.duplicate_event:
            return self.sums
        event = f"({self.event}) OR ({self.duplicate_event})"
        return (f"count(*) FILTER (WHERE {event}) AS hits", "count(*) AS n")

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"({self.event}) AS is_hit",)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        return parts.select(*by, "n", *stats.wilson("hits", "n"), "hits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Metric):
    """One total over another: dollars denied per dollar billed, cost per member month."""

    top: str  # SQL number
    bottom: str  # SQL number
    places: int = 2  # decimals of the totals

    @property
    def sums(self) -> tuple[str, ...]:
        t, b = f"CAST({self.top} AS DOUBLE)", f"CAST({self.bottom} AS DOUBLE)"
        squares = {"tt": f"{t} * {t}", "tb": f"{t} * {b}", "bb": f"{b} * {b}"}
        return (
            "count(*) AS n",
            f"CAST(coalesce(sum({self.top}), 0) AS DECIMAL(18, {self.places})) AS top",
            f"CAST(coalesce(sum({self.bottom}), 0) AS DECIMAL(18, {self.places})) AS bottom",
            *(f"CAST(coalesce(sum({v}), 0) AS DOUBLE) AS {k}" for k, v in squares.items()),
        )

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"({self.top}) AS top", f"({self.bottom}) AS bottom")

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        # Money stays decimal up to this division.
        doubles = parts.with_columns(pl.col("top", "bottom").cast(pl.Float64))
        result = doubles.select(
            *stats.ratio("top", "bottom", "n", "tt", "tb", "bb", share=self.unit == "share")
        )
        return pl.concat(
            [parts.select(*by, "n"), result, parts.select("top", "bottom")], how="horizontal"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OverRevenue(Ratio):
    """A ratio whose bottom gives way to net patient service revenue, where that is given."""

    @displayed
    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
        npsr: Decimal | int | None = None,
    ) -> pl.DataFrame:
        """As any metric; with `npsr` (dollars, of the rows asked for) over that, for the whole.

        Raises `BadQueryError` where `npsr` is not above 0, or comes with `by` or `every`.
        """
        frame = Ratio.__call__(
            self, engine, by, every=every, where=where, include_duplicates=include_duplicates
        )
        if npsr is None:
            return frame
        if listed(by) or every:
            raise BadQueryError("npsr is the revenue of all rows asked for: leave out by and every")
        if npsr <= 0:
            raise BadQueryError("npsr must be above 0 dollars")
        missing = pl.lit(None, dtype=pl.Float64)
        return frame.with_columns(
            value=pl.col("top").cast(pl.Float64) / float(npsr),
            low=missing,
            high=missing,
            bottom=pl.lit(Decimal(npsr), dtype=pl.Decimal(18, 2)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Metric):
    """A sum of dollars: no interval, for nothing is estimated."""

    amount: str  # SQL number

    @property
    def sums(self) -> tuple[str, ...]:
        return (
            "count(*) AS n",
            f"CAST(coalesce(sum({self.amount}), 0) AS DECIMAL(18, 2)) AS amount",
        )

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"({self.amount}) AS amount",)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        missing = pl.lit(None, dtype=pl.Float64)
        return parts.select(
            *by,
            "n",
            pl.col("amount").cast(pl.Float64).alias("value"),
            missing.alias("low"),
            missing.alias("high"),
            "amount",
        )
