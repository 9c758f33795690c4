"""The kind of metric that waits for something which for some rows has not happened yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics._displayed import displayed
from analytics.metrics._metric import Every, Metric, Where, listed
from analytics.metrics._named import named
from analytics.query import Engine, Query

Clock: TypeAlias = Literal["submission", "received"]
REJECTED = "rejected_span"  # begins every reason for which a span is counted but not measured
# Records of no usable date that keep a claim's wait open, though they may have ended it.
_UNDATED = ("claim payment of no known date", "claim payment after the as-of date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Metric):
    """How long until something happens, when for some rows it has not happened yet.

    Fetches a histogram of whole days, so percentiles are exact on every engine, and treats rows
    still waiting as censored: they have waited at least that long.  Gives ``n, value, low, high``
    (the median), then ``p25, p50, p75, p90``, each with its 95% interval (``p25_low, p25_high``
    and so on), ``events`` (waits ended) and ``waiting``; ``counted_from`` where the clock is
    another than that of submission.
    """

    days: str  # SQL integer: days waited so far
    ended: str  # SQL boolean: the wait is over
    clocks: Mapping[str, "Wait"] = field(default_factory=dict[str, "Wait"])  # by other starts
    start: str = ""  # of which of another's clocks this is

    @property
    def keys(self) -> tuple[str, ...]:
        return (f"{self.days} AS days",)

    @property
    def sums(self) -> tuple[str, ...]:
        return counts_of(self.ended)

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"({self.days}) AS days", f"({self.ended}) AS is_ended")

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        return self.told(stats.wait_quantiles(stats.kaplan_meier(parts, by), by))

    def told(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame, with ``counted_from`` where this counts from another day than usual."""
        return frame.with_columns(counted_from=pl.lit(self.start)) if self.start else frame

    def as_asked(self, asked: Mapping[str, Any]) -> "Wait":
        """This wait by the clock that the column ``counted_from`` of a frame tells."""
        return self.clocks.get(asked.get("counted_from", ""), self)

    def clocked(self, clock: Clock | None) -> "Wait":
        """The same wait from another start: ``received`` where the payer says when it had it.

        Raises `UnknownNameError` where this wait has no such clock.
        """
        if clock is None or (self.clocks and clock == get_args(Clock)[0]):
            return self
        if clock not in self.clocks:
            raise UnknownNameError("clock", clock, self.clocks)
        return self.clocks[clock]

    def query(
        self,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
        clock: Clock | None = None,
    ) -> Query:
        """The SQL of this metric, sliced and filtered.  Runs nothing."""
        return Metric.query(
            self.clocked(clock),
            by,
            every=every,
            where=where,
            include_duplicates=include_duplicates,
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
        clock: Clock | None = None,
    ) -> pl.DataFrame:
        """Compute the metric, by any of its fact's dimensions, over time, within a filter."""
        return Metric.__call__(
            self.clocked(clock),
            engine,
            by,
            every=every,
            where=where,
            include_duplicates=include_duplicates,
        )

    def excluded(
        self, engine: Engine, *, where: Where | None = None, include_duplicates: bool = False
    ) -> pl.DataFrame:
        """What the metric leaves out, as any: spans not measured begin with ``rejected_span``."""
        frame = Metric.excluded(self, engine, where=where, include_duplicates=include_duplicates)
        reason = pl.col("reason")
        named = pl.format("{}: {}", pl.lit(REJECTED), reason)
        told = pl.when(reason.is_in(_UNDATED)).then(named).otherwise(reason)
        return frame.with_columns(told.alias("reason"))

    def curve(
        self, engine: Engine, by: str | Sequence[str] = (), *, where: Where | None = None
    ) -> pl.DataFrame:
        """The share still waiting after each day, as `lag_curve` gives it."""
        curve = stats.kaplan_meier(engine.fetch(self.query(by, where=where)), listed(by))
        columns = ("days", "still", "low", "high", "at_risk", "ended", "waiting")
        return self.told(curve.select(*listed(by), *columns))


def counts_of(ended: str) -> tuple[str, str]:
    """Select items: waits that ended, by a SQL boolean, and those that did not."""
    return (
        f"count(*) FILTER (WHERE {ended}) AS ended",
        f"count(*) FILTER (WHERE NOT ({ended})) AS waiting",
    )


def as_wait(metric: Metric | str, clock: Clock | None = None) -> Wait:
    """The metric, from the start asked for.  Raises `BadQueryError` where it is no wait."""
    metric = named(metric)
    if not isinstance(metric, Wait):
        raise BadQueryError(f"{metric.name} is no wait: nothing in it takes days")
    return metric.clocked(clock)
