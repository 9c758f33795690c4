"""What makes a metric's frame show itself: the metric, and what was asked, go along with it."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import polars as pl

from analytics.display import Asked, MetricFrame
from analytics.metrics._as_of import as_of
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
        return MetricFrame.of(frame, _asked(metric, as_of(engine), asked))

    return shown


def _asked(metric: Any, as_of: dt.date | None, asked: Any) -> Asked:
    at = asked.get("at")
    at = at if isinstance(at, dt.date) else None
    return Asked(metric, metric.fact.name, as_of, at, asked.get("where") or {})
