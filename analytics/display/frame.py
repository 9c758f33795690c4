"""A metric's frame: a polars DataFrame that shows itself where a notebook or a terminal asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats, suppression, tables
from analytics.display.figure import drawn
from analytics.errors import BadQueryError
from analytics.tables import styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analytics.display.asked import Asked

_LIMIT = 50  # rows shown unasked
_MEASURES = ("n", "value", "low", "high")
_FLAGS = (suppression.FEW, suppression.DEEP)


class MetricFrame(pl.DataFrame):
    """What calling a metric gives: a polars DataFrame, and all that can be done with one.

    As the last expression of a cell it is a table in the metric's unit; `table` gives it
    with other options, `plot` the figure for its shape.  ``print(frame)`` is polars' own text.
    It stays one through `sort`, `filter`, `head`, `tail`, `limit`, `slice` and a `with_columns`
    that leaves ``n, value, low, high`` as they were; every other operation gives a plain
    DataFrame, as its columns may mean something else.
    """

    _asked: Asked | None = None  # what polars makes of one by itself has none

    @classmethod
    def of(cls, frame: pl.DataFrame, asked: Asked) -> MetricFrame:
        """The frame, not copied, with what was asked for it."""
        made = cls(frame)
        made._asked = asked
        return made

    def table(
        self,
        *,
        caption: str | None = None,
        limit: int | None = None,
        small: int = formats.SMALL,
        note: str = "",
        bars: bool | None = None,
    ) -> tables.Html:
        """The frame as a table with its units, as `tables.metric_table` makes it.

        In a notebook `bars` are drawn, and source, day and filter told; a report's page does that.
        """
        asked, here = self.asked, not styled.in_report()
        note = " ".join(part for part in (note, _told(asked) if here else "") if part)
        is_drawn = here if bars is None else bars
        return tables.metric_table(
            _settled(self),
            asked.metric,
            caption=caption,
            limit=limit,
            small=small,
            note=note,
            bars=is_drawn,
        )

    @property
    def plot(self) -> Plot:  # type: ignore[override]
        """Call it for the figure of the frame's shape; its attributes are those of polars' plot."""
        return Plot(self)

    @property
    def asked(self) -> Asked:
        """The metric and what was asked of it.

        Raises `BadQueryError` where polars made the frame of another.
        """
        if self._asked is None:
            raise BadQueryError(
                "this frame no longer knows its metric: give both to tables.metric_table or plots"
            )
        return self._asked

    def guarded(self) -> pl.DataFrame:
        """A plain frame; for others to read with `is_few`: which rows are of 1 to 10 people."""
        plain = pl.DataFrame(self)
        asked = self._asked
        if asked is None or asked.few is None or not suppression.is_released():
            return plain
        told = asked.few()
        keys = [] if told is None else [name for name in told.columns if name not in _FLAGS]
        if told is None or not set(keys) <= set(plain.columns):
            return plain
        if not keys:
            return plain.join(told, how="cross")
        return plain.join(told, on=keys, how="left", nulls_equal=True, maintain_order="left")

    def _repr_html_(self, *, _from_series: bool = False) -> str:
        if self._asked is None:
            return super()._repr_html_(_from_series=_from_series)
        return self.table(limit=_LIMIT).outputs["text/html"]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        if self._asked is None:
            return {"text/html": super()._repr_html_(), "text/plain": str(self)}
        table = self.table(limit=None if styled.in_report() else _LIMIT)
        return {**table.outputs, "text/plain": repr(self)}

    def __repr__(self) -> str:
        if self._asked is None:
            return super().__repr__()
        metric, note = self._asked.metric, _told(self._asked)
        told = tables.laid_out(
            _settled(self), metric, None, _LIMIT, formats.SMALL, note, bars=False
        )
        return tables.lines(told)

    def filter(self, *predicates: Any, **constraints: Any) -> MetricFrame:
        """As of any DataFrame."""
        return self._kept(super().filter(*predicates, **constraints))

    def sort(self, by: Any, *more_by: Any, **how: Any) -> MetricFrame:
        """As of any DataFrame."""
        return self._kept(super().sort(by, *more_by, **how))

    def head(self, n: int = 5) -> MetricFrame:
        """As of any DataFrame."""
        return self._kept(super().head(n))

    def tail(self, n: int = 5) -> MetricFrame:
        """As of any DataFrame."""
        return self._kept(super().tail(n))

    def limit(self, n: int = 5) -> MetricFrame:
        """As of any DataFrame."""
        return self._kept(super().head(n))

    def slice(self, offset: int, length: int | None = None) -> MetricFrame:
        """As of any DataFrame."""
        return self._kept(super().slice(offset, length))

    def with_columns(self, *exprs: Any, **named_exprs: Any) -> pl.DataFrame:
        """As of any DataFrame."""
        made = super().with_columns(*exprs, **named_exprs)
        is_same = made.select(_MEASURES).equals(self.select(_MEASURES))
        return self._kept(made) if is_same else made

    def _kept(self, frame: pl.DataFrame) -> MetricFrame:
        return MetricFrame(frame) if self._asked is None else MetricFrame.of(frame, self._asked)


class Plot:
    """What `MetricFrame.plot` is: our figure when called, polars' own plots by name."""

    def __init__(self, frame: MetricFrame) -> None:
        self._frame = frame

    def __call__(self, *, caption: str | None = None, **how: Any) -> Axes:
        """Draw the frame; gives the matplotlib axes.

        Over time a trend, waits with their quantiles, dollars as bars, balances by age, other
        groups in order with their intervals.  What the figure can be given (``ax, title, caption,
        small, limit, reference, hatched``) is passed on.  Below it stand the fact its rows are in,
        the day and the filter, after `caption` if any.
        """
        asked = self._frame.asked
        told = asked.source if styled.in_report() else asked.data
        told = " ".join(part for part in (caption, told) if part)
        return drawn(_settled(self._frame), asked.metric, caption=told, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(pl.DataFrame(self._frame).plot, name)


def _settled(frame: MetricFrame) -> pl.DataFrame:
    """A plain frame; months for whose claims too little time has passed are not settled either."""
    plain = frame.guarded()
    if "is_run_out" not in plain.columns:
        return plain
    settled = [pl.col(name) for name in ("is_run_out", "is_mature") if name in plain.columns]
    return plain.with_columns(is_mature=pl.all_horizontal(settled)).drop("is_run_out")


def _told(asked: Asked) -> str:
    return f"Source: {asked.metric.source}. {asked.data}"
