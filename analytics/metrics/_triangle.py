"""Payments by when a claim was first sent and how much later they came, as triangles."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import polars as pl

from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics._metric import Where, where_lines
from analytics.metrics._parts import DAY, as_of
from analytics.metrics.aged import ar_aging
from analytics.query import Engine, Query, conditions
from analytics.stats.triangles import Floats

Step: TypeAlias = Literal["week", "month"]
OLDEST = {"week": 104, "month": 36}  # periods back from the last; older claims are left out
# Whole periods between a day and the last one, 0 for the period that ends on it.
BACK = {
    "week": "CAST(floor(days_between({day}, CAST($at AS DATE)) / 7) AS INTEGER)",
    "month": "(year(CAST($at AS DATE)) - year({day})) * 12 + month(CAST($at AS DATE))"
    " - month({day})",
}


@dataclass(frozen=True, slots=True)
class Triangles:
    """For each group, increments by period first sent (rows) and periods later (columns)."""

    last: dt.date  # the last day: all periods are whole and end with it
    step: Step
    paid: dict[tuple[Any, ...], Floats]  # dollars
    charged: dict[tuple[Any, ...], Floats]  # dollars

    def first_day(self, row: int) -> dt.date:
        """The first day of the period of a row; rows after the last are periods to come."""
        size = len(next(iter(self.paid.values())))
        back = size - 1 - row
        if self.step == "week":
            return self.last - dt.timedelta(days=7 * back + 6)
        month = self.last.year * 12 + self.last.month - 1 - back
        return dt.date(month // 12, month % 12 + 1, 1)


def triangles(
    engine: Engine,
    by: Sequence[str],
    step: Step,
    where: Where | None,
    at: dt.date | None = None,
) -> Triangles | None:
    """The triangles of each group, of whole periods up to `at` or the as-of date; None for no data.

    Weeks are seven days and the last ends on that day; months are those over by then.  Payments are
    what payers paid on claims, less what they took back; those tied to no claim are of no period.
    """
    if step not in BACK:
        raise UnknownNameError("period length", step, BACK)
    if at is not None and type(at) is not dt.date:  # a datetime is a date to isinstance
        raise BadQueryError(DAY)
    groups = ar_aging.checked(by, where)
    last = as_of(engine)
    if last is None:
        engine.fetch(_cells(groups, step, where or {}, dt.date.min))  # for its errors
        return None
    if at is not None and at > last:
        raise BadQueryError(f"the facts stand as of {last}: nothing is known of {at}")
    last = whole_periods(at or last, step)
    cells = engine.fetch(_cells(groups, step, where or {}, last))
    if cells.is_empty():
        return None
    size = int(cells["origin"].max()) + 1  # pyright: ignore[reportArgumentType]
    keys = cells.select(groups).unique(maintain_order=True).rows() if groups else [()]
    paid, charged = ({key: np.zeros((size, size)) for key in keys} for _ in range(2))
    parts = cells.partition_by(groups, as_dict=True) if groups else {(): cells}
    for key, part in parts.items():
        origin = part["origin"].to_numpy()
        lag = np.maximum(origin - part["seen"].to_numpy(), 0)  # paid before it was sent: at once
        for name, arrays in (("paid", paid), ("charged", charged)):
            np.add.at(arrays[key], (size - 1 - origin, lag), part[name].to_numpy())
    return Triangles(last, step, paid, charged)


def framed(
    rows: list[tuple[Any, ...]], by: Sequence[str], schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """The rows under the names of their groups, which are text or dates; NaN is null."""
    kinds = {name: pl.Date() if name.endswith("_date") else pl.String() for name in by}
    frame = pl.DataFrame(rows, schema={**kinds, **schema}, orient="row")
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def whole_periods(day: dt.date, step: str) -> dt.date:
    """The last day of the last period that is over on `day`."""
    following = day + dt.timedelta(days=1)
    return day if step == "week" or following.day == 1 else day.replace(day=1) - dt.timedelta(1)


def _cells(groups: Sequence[str], step: Step, where: Where, last: dt.date) -> Query:
    """Dollars by group, period first sent and period of the movement, both counted back."""
    filters, params = conditions(where)
    origin = BACK[step].format(day="submission_date")
    seen = BACK[step].format(day="entry_date")
    charges = "kind IN ('charge', 'superseded_charge')"
    numbers = ", ".join(str(i) for i in range(1, len(groups) + 3))
    lines = [
        "-- Payments and charges by when a claim was first sent and when they came.",
        "SELECT",
        f"    {''.join(f'{group}, ' for group in groups)}{origin} AS origin,",
        f"    {seen} AS seen,",
        "    CAST(coalesce(sum(amount) FILTER (WHERE kind = 'payer_payment'), 0) AS DOUBLE)"
        " AS paid,",
        f"    CAST(coalesce(sum(insurance_amount) FILTER (WHERE {charges}), 0) AS DOUBLE)"
        " AS charged",
        "FROM ledger",
        *where_lines(
            [
                "claim_id IS NOT NULL",
                "kind IN ('payer_payment', 'charge', 'superseded_charge')",
                "entry_date <= CAST($at AS DATE)",
                "submission_date <= CAST($at AS DATE)",
                f"{origin} < {OLDEST[step]}",
                *filters,
            ]
        ),
        f"GROUP BY {numbers}",
        f"ORDER BY {', '.join(f'{i} ASC NULLS LAST' for i in range(1, len(groups) + 3))}",
    ]
    return Query("\n".join(lines), {**params, "at": last})
