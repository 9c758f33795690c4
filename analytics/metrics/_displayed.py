"""What makes a metric's frame show itself: the metric, and what was asked, go along with it."""

import datetime as dt
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import polars as pl

from analytics.display import Asked, MetricFrame
from analytics.query import Engine

_Metric = TypeVar("_Metric")
_Given = ParamSpec("_Given")
_Call = Callable[Concatenate[_Metric, Engine, _Given], pl.DataFrame]
_Shown = Callable[Concatenate[_Metric, Engine, _Given], MetricFrame]


def displayed(call: "_Call[_Metric, _Given]") -> "_Shown[_Metric, _Given]":
    """The `__call__` of a metric, whose frame then shows itself in a notebook.

    Where it calls another metric, as a wait by another clock does, that one is told of.
    """

    @wraps(call)
    def shown(
        metric: _Metric, engine: Engine, /, *given: _Given.args, **asked: _Given.kwargs
    ) -> MetricFrame:
        frame = call(metric, engine, *given, **asked)
        if isinstance(frame, MetricFrame):
            return frame
        by = given[0] if given else asked.get("by", ())
        return MetricFrame.of(frame, _asked(metric, engine, by, asked))

    return shown


def _asked(metric: Any, engine: Any, by: Any, asked: Any) -> Asked:
    """What was asked; the day of the facts where the engine knows one, as a `Database` does."""
    at = asked.get("at")
    day = at if isinstance(at, dt.date) else getattr(engine, "as_of", None)
    whose = partial(_few, metric, engine, by, asked)
    return Asked(metric, metric.fact.name, day, asked.get("where") or {}, whose)


def _few(metric: Any, engine: Any, by: Any, asked: Any) -> pl.DataFrame | None:
    # The kinds of metric need this module, and it needs them.
    from analytics.metrics._people import few

    return few(metric, engine, by, asked)
