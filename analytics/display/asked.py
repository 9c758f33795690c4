"""What was asked of a metric, in words: its day, its filter, where its rows are."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from analytics import formats
from analytics.query import FIRST_DAY, LAST_DAY, Between, Filter

_NAMED = 3  # values of a list that are named, the rest are counted


class Told(formats.Described, Protocol):
    """A metric as its table and figure tell of it."""

    @property
    def source(self) -> str:
        """Whose definition it is."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric and what was asked of it."""

    metric: Told
    table: str  # the fact its rows are in
    as_of: dt.date | None  # the day of a balance asked for, else that of the facts
    where: Mapping[str, Filter] = field(default_factory=dict[str, Filter])
    # Gives by group which are of few people; None where nothing says whose the rows are.
    few: Callable[[], pl.DataFrame | None] | None = field(default=None, compare=False)

    @property
    def source(self) -> str:
        """One sentence: the fact and the day."""
        return f"Data: {self.table}{f', as of {self.as_of}' if self.as_of else ''}."

    @property
    def data(self) -> str:
        """The same with the filter, if any."""
        kept = "; ".join(text for one in self.where.items() if (text := _filter(*one)))
        return f"{self.source} {kept}." if kept else self.source


def _filter(column: str, wanted: Filter) -> str:
    """A filter as a reader would say it; blank for a range that is open at both ends."""
    name = formats.heading(column)
    match wanted:
        case Between():
            text = _range(wanted)
            return f"{name} {text}" if text else ""
        case str() | int() | float() | dt.date() | None:
            return f"{name}: {formats.group(wanted)}"
        case Sequence():
            return f"{name}: {_listed(list(wanted))}"
        case _:
            return f"{name}: {wanted}"


def _range(wanted: Between) -> str:
    """Both ends; of days the last one that counts, as people say it."""
    low, high = wanted.low, wanted.high
    if isinstance(high, dt.date) and not wanted.high_included:
        high -= dt.timedelta(days=1)
    low, high = (None if end in (FIRST_DAY, LAST_DAY) else end for end in (low, high))
    below = "to" if wanted.high_included or isinstance(high, dt.date) else "below"
    parts = [
        f"from {low}" if low is not None else "",
        f"{below} {high}" if high is not None else "",
    ]
    return " ".join(part for part in parts if part)


def _listed(values: list[Any]) -> str:
    names = [formats.group(value) for value in values]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (", ".join(names[:_NAMED]) or "none of any") + more
