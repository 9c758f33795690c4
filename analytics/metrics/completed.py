"""What care of young months will have cost per member once all its claims are known."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from analytics.facts_value import incurred_claim, member_month
from analytics.metrics._metric import Where, where_lines
from analytics.metrics._parts import as_of
from analytics.metrics._triangle import BACK, framed, whole_periods
from analytics.metrics.value import pmpm
from analytics.query import Engine, Query, conditions
from analytics.stats import projection
from analytics.stats import triangles as stats

OLDEST = 36  # months back from the last
_COLUMNS = {
    "period": pl.Date(), "n": pl.Int64(), "allowed_amount": pl.Float64(), "value": pl.Float64(),
    "completion": pl.Float64(), "method": pl.String(), "completed_pmpm": pl.Float64(),
    "completed_low": pl.Float64(), "completed_high": pl.Float64(), "is_run_out": pl.Boolean(),
}  # fmt: skip


def completed_pmpm(
    engine: Engine, by: str | Sequence[str] = (), *, where: Where | None = None
) -> pl.DataFrame:
    """Allowed dollars per member month by month of service, as known and as it will be known.

    One row per group and month that is over: by, ``period``, ``n`` (member months),
    ``allowed_amount`` and ``value`` (dollars known by the end of the last of them, in all and per
    member month), ``completion`` (the share of all that is known so many months later), ``method``,
    ``completed_pmpm`` with its 95 % band ``completed_low, completed_high`` (how far off completing
    months as young was in the past, `stats.projection`; null where it is too short) and
    ``is_run_out`` (three months have passed since).  The method is ``chain_ladder``, or
    ``bornhuetter_ferguson`` where less than half is known: then what is still
    to come is expected from member months (Cape Cod).  A claim is known from the day it was
    processed or first answered; where a group has dollars of no such day its completion is null.
    No tail is added beyond the oldest month, at most 36 back.
    `by` and `where` are of the dimensions that members have, or `service_category`.
    Raises `UnknownNameError` for unknown names.
    Sources: Mack (1993); Bornhuetter & Ferguson (1972), PCAS 59:181; Stanard (1985).
    """
    groups, where = pmpm.checked(by, where), where or {}
    last = as_of(engine)
    until = whole_periods(last, "month") if last else dt.date.min
    spent = engine.fetch(_spent(groups, where, until))
    months = engine.fetch(_months(groups, where, until))
    if months.is_empty():
        return framed([], groups, _COLUMNS)
    size = 1 + max(int(f["origin"].max() or 0) for f in (spent, months))  # pyright: ignore[reportArgumentType]
    members = [name for name in groups if name not in pmpm.above]
    rows: list[tuple[Any, ...]] = []
    for key in _keys(spent, months, groups):
        named = dict(zip(groups, key, strict=True))
        money = _of(spent, named)
        people = _of(months, {name: named[name] for name in members})
        rows += _rows(key, money, people, size, until)
    return framed(rows, groups, _COLUMNS)


def _keys(
    spent: pl.DataFrame, months: pl.DataFrame, groups: Sequence[str]
) -> list[tuple[Any, ...]]:
    """The groups: those of members, or where kinds of service are asked for those with dollars."""
    if not groups:
        return [()]
    of = months if set(groups) <= set(months.columns) else spent
    return of.select(groups).unique().sort(groups, nulls_last=True).rows()


def _of(frame: pl.DataFrame, named: Mapping[str, Any]) -> pl.DataFrame:
    return frame.filter(*(pl.col(k).eq_missing(pl.lit(v)) for k, v in named.items()))


def _rows(
    key: tuple[Any, ...], money: pl.DataFrame, people: pl.DataFrame, size: int, until: dt.date
) -> list[tuple[Any, ...]]:
    paid, exposure = np.zeros((size, size)), np.zeros((size, size))
    dated = money.drop_nulls("seen")
    origin = dated["origin"].to_numpy()
    lag = np.maximum(origin - dated["seen"].to_numpy(), 0)
    np.add.at(paid, (size - 1 - origin, lag), dated["amount"].to_numpy())
    np.add.at(exposure[:, 0], size - 1 - people["origin"].to_numpy(), people["n"].to_numpy())
    is_known = dated.height == money.height
    done = stats.complete(paid, exposure, size - 1)
    ends = projection.bands(paid, exposure[:, 0], 0.95)
    known = np.zeros(size)
    np.add.at(known, size - 1 - money["origin"].to_numpy(), money["amount"].to_numpy())
    rows: list[tuple[Any, ...]] = []
    for row in range(size):
        n, back = int(exposure[row, 0]), size - 1 - row
        if not n:
            continue
        share = float(done.share[back]) if is_known else None
        method = ("bornhuetter_ferguson" if done.is_young[row] else "chain_ladder") if share else ""
        whole = float(done.ultimate[row]) / n if is_known else None
        low, high = (float(end) / n if is_known else None for end in ends[row])
        # What is known has come: only what is taken back could make it less.
        low = None if low is None or whole is None else max(low, min(whole, float(known[row]) / n))
        rows.append(
            (*key, _first_day(until, back), n, float(known[row]), float(known[row]) / n, share,
             method or None, whole, low, high, back >= 3)
        )  # fmt: skip
    return rows


def _first_day(until: dt.date, back: int) -> dt.date:
    month = until.year * 12 + until.month - 1 - back
    return dt.date(month // 12, month % 12 + 1, 1)


def _spent(groups: Sequence[str], where: Where, until: dt.date) -> Query:
    """Dollars by group, month of service and month they were known, counted back."""
    filters, params = conditions(where)
    origin, seen = BACK["month"].format(day="month"), BACK["month"].format(day="known_date")
    items = [*groups, f"{origin} AS origin", f"{seen} AS seen"]
    numbers = ", ".join(str(i) for i in range(1, len(items) + 1))
    kept = [
        "is_covered",
        "allowed_amount <> 0",
        "month <= CAST($at AS DATE)",
        "(known_date IS NULL OR known_date <= CAST($at AS DATE))",
    ]
    lines = [
        "-- Dollars by month of service and month known.",
        f"SELECT {', '.join(items)}, CAST(sum(allowed_amount) AS DOUBLE) AS amount",
        f"FROM {incurred_claim.name}",
        *where_lines([*kept, f"{origin} < {OLDEST}", *filters]),
        f"GROUP BY {numbers}",
    ]
    return Query("\n".join(lines), {**params, "at": until})


def _months(groups: Sequence[str], where: Where, until: dt.date) -> Query:
    """Member months by group and month, counted back."""
    members = {k: v for k, v in where.items() if k not in pmpm.above}
    filters, params = conditions(members)
    origin = BACK["month"].format(day="month")
    items = [*(name for name in groups if name not in pmpm.above), f"{origin} AS origin"]
    numbers = ", ".join(str(i) for i in range(1, len(items) + 1))
    lines = [
        "-- Member months by month.",
        f"SELECT {', '.join(items)}, CAST(count(*) AS DOUBLE) AS n",
        f"FROM {member_month.name}",
        *where_lines(["month <= CAST($at AS DATE)", f"{origin} < {OLDEST}", *filters]),
        f"GROUP BY {numbers}",
    ]
    return Query("\n".join(lines), {**params, "at": until})
