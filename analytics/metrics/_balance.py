"""Balances: what is open on a day, or on many, looked up in the spans of `claim_balance`."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypedDict, get_args

import polars as pl

from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics._displayed import displayed
from analytics.metrics._metric import (
    Every,
    Metric,
    Where,
    group_lines,
    limited,
    listed,
    where_lines,
)
from analytics.metrics._parts import DAY, LENGTHS, as_of
from analytics.query import Engine, Query, Value, conditions

AgeFrom: TypeAlias = Literal["service", "submission", "last_answer"]
Days: TypeAlias = dt.date | Sequence[dt.date]

# What bounds the span of a balance cannot be asked of it: the day asked for decides that.
_OF_SPANS = frozenset({"from_date", "to_date"})
_AGE_DATE: Mapping[str, str] = {
    "service": "service_to_date",
    "submission": "submission_date",
    "last_answer": "coalesce(last_answer_date, submission_date)",
}
OF_BALANCES: Mapping[str, str] = {
    "at": "Day of the balance, or several; the as-of date if not given",
    "age_from": f"Where age begins: {', '.join(get_args(AgeFrom))}",
}
_NOW = "SELECT as_of AS day FROM build_info"


class Asked(TypedDict, total=False):
    """What every balance can be asked for, beside dimensions to slice by."""

    every: Every | None
    where: Where | None
    include_duplicates: bool
    at: Days | None
    age_from: AgeFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Metric):
    """Open insurance balances of claims on a day: ``at``, else the facts' own as-of date.

    With several days in ``at`` a row each of them, as ``day``.  With `every` the last day of each
    period up to then, as ``period``.  All days are looked up in one query.  What was asked
    other than usual and changes what the number means (``counted_from`` for the start of age) is
    told in a last column, by which figures name it.
    """

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {k: v for k, v in self.fact.dimensions.items() if k not in _OF_SPANS}

    @property
    def options(self) -> Mapping[str, str]:
        return OF_BALANCES

    @property
    def balances(self) -> tuple[str, ...]:
        """SQL booleans on `amount` and the columns of the fact: the balances that count."""
        return ("open_amount <> 0",)

    def query(
        self,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
        at: Days | None = None,
        age_from: AgeFrom = "service",
    ) -> Query:
        """The SQL, sliced and filtered.  Runs nothing; `every` changes only calls."""
        del every, include_duplicates
        if _is_many(at):
            _listed(at)
        return self._looked_up(by, where, at, age_from)

    def _looked_up(
        self, by: str | Sequence[str], where: Where | None, at: Days | None, age_from: AgeFrom
    ) -> Query:
        """The SQL, of no day where `at` is empty: so are periods of nothing loaded."""
        groups = [*self.checked(by, where), *(["day"] if _is_many(at) else [])]
        selected, params = self._selected(where or {}, age_from)
        lines = [
            *self.header,
            "WITH asked AS (",
            f"    {_asked(at, params)}",
            "),",
            "balance AS (",
            *selected,
            ")",
            "SELECT",
            "    " + ",\n    ".join([*groups, *self.keys, *self.sums]),
            "FROM balance",
            *group_lines(len(groups) + len(self.keys)),
        ]
        return Query("\n".join(lines), params)

    def _selected(self, where: Where, age_from: str) -> tuple[list[str], dict[str, Value | None]]:
        """SQL: the balances of the days asked for, with their ages."""
        if age_from not in _AGE_DATE:
            raise UnknownNameError("start of age", age_from, get_args(AgeFrom))
        filters, params = conditions(where)
        kept = where_lines([*self.balances, *filters])
        return [
            "    SELECT claim_balance.*, day, open_amount AS amount,",
            f"        days_between({_AGE_DATE[age_from]}, day) AS age_days",
            "    FROM claim_balance",
            "    JOIN asked ON asked.day >= from_date AND asked.day <= to_date",
            *(f"    {line}".replace("\n", "\n    ") for line in kept),
        ], params

    @displayed
    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
        at: Days | None = None,
        age_from: AgeFrom = "service",
    ) -> pl.DataFrame:
        """Compute the balance on a day, on several, or with `every` on the last of each period.

        Raises `BadQueryError` for a day after the facts' as-of date: nothing is known of it.
        """
        del include_duplicates
        last = _known(engine, at)
        asked = {name: pl.lit(told) for name, told in self.asked(age_from).items()}
        if every is None:
            query = self.query(by, where=where, at=at, age_from=age_from)
            groups = [*listed(by), *(["day"] if _is_many(at) else [])]
            return self.finish(engine.fetch(query), groups).with_columns(**asked)
        if _is_many(at):
            raise BadQueryError("give `every` or several days in `at`, not both")
        periods = _periods(engine, every, _listed(at)[0] if at else last)
        query = self._looked_up(by, where, periods["day"].to_list(), age_from)
        frame = self.finish(engine.fetch(query), [*listed(by), "day"])
        return _by_period(frame, periods, listed(by)).with_columns(**asked)

    def asked(self, age_from: str) -> dict[str, Any]:
        """What is asked other than usual and changes what the number means, by column."""
        del age_from
        return {}

    def rows(
        self,
        engine: Engine,
        *,
        where: Where | None = None,
        include_duplicates: bool = False,
        limit: int | None = 100,
        at: dt.date | None = None,
        age_from: AgeFrom = "service",
    ) -> pl.DataFrame:
        """The very balances of claims behind the number, each with its file and record number.

        At most `limit` of them, 100 if not given, in the order of the fact's key; None gives all.
        Raises `BadQueryError` for a day after the facts' as-of date.
        """
        del include_duplicates
        _known(engine, at)
        self.checked((), where)
        selected, params = self._selected(where or {}, age_from)
        lines = [
            f"-- The rows behind: {self.title}.",
            f"WITH asked AS ({_asked(at, params)}),",
            "balance AS (",
            *selected,
            ")",
            "SELECT source_file.file_name, balance.*",
            "FROM balance",
            "LEFT JOIN source_file ON source_file.file_id = balance.file_id",
            "ORDER BY " + ", ".join(f"{key} ASC NULLS LAST" for key in self.fact.key),
            *limited(limit, params),
        ]
        return engine.fetch(Query("\n".join(lines), params))

    def row_count(
        self,
        engine: Engine,
        *,
        where: Where | None = None,
        include_duplicates: bool = False,
        at: dt.date | None = None,
        age_from: AgeFrom = "service",
    ) -> int:
        """How many rows `rows` gives without a limit."""
        del include_duplicates
        _known(engine, at)
        self.checked((), where)
        selected, params = self._selected(where or {}, age_from)
        lines = [
            f"WITH asked AS ({_asked(at, params)})",
            "SELECT count(*) AS n FROM (",
            *selected,
            ") AS found",
        ]
        return int(engine.fetch(Query("\n".join(lines), params)).item())


def _is_many(at: Days | None) -> bool:
    return at is not None and not isinstance(at, dt.date)


def _listed(at: Days | None) -> list[dt.date]:
    """The days asked for, each once, in order.

    Raises `BadQueryError` for what is no date, and for a list of none: as if all were asked for.
    """
    if at is None:
        return []
    if not isinstance(at, dt.date | Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadQueryError(DAY)
    days = [at] if isinstance(at, dt.date) else list(at)
    if any(type(day) is not dt.date for day in days):  # a datetime is a date to isinstance
        raise BadQueryError(DAY)
    if not days:
        raise BadQueryError("`at` names no day: give one or more, or leave it out for the last")
    return sorted(set(days))


def _known(engine: Engine, at: Days | None) -> dt.date | None:
    """The as-of date.  Raises `BadQueryError` for a day after it: nothing is known of that."""
    last = as_of(engine)
    for day in _listed(at):
        if last is not None and day > last:
            raise BadQueryError(f"the facts stand as of {last}: nothing is known of {day}")
    return last


def _asked(at: Days | None, params: dict[str, Value | None]) -> str:
    """SQL: the days asked for, bound in `params`."""
    if at is None:
        return _NOW
    if isinstance(at, list) and not at:
        return f"{_NOW} WHERE FALSE"
    days = _listed(at)
    params |= {f"at_{i}": day for i, day in enumerate(days)}
    return " UNION ALL ".join(f"SELECT CAST($at_{i} AS DATE) AS day" for i in range(len(days)))


def _periods(engine: Engine, every: str, last: dt.date | None) -> pl.DataFrame:
    """``period, day``: first and last day of each period from the first movement to `last`."""
    if every not in LENGTHS:
        raise UnknownNameError("period length", every, LENGTHS)
    step = LENGTHS[every]
    first = engine.fetch(Query("SELECT min(from_date) AS first FROM claim_balance"))["first"].min()
    none = pl.DataFrame(schema={"period": pl.Date(), "day": pl.Date()})
    if not isinstance(first, dt.date) or last is None or first > last:
        return none
    starts = pl.date_range(pl.lit(first).dt.truncate(step), last, step)
    end = pl.col("period").dt.offset_by(step).dt.offset_by("-1d").clip(upper_bound=pl.lit(last))
    return pl.select(period=starts).with_columns(day=end)


def _by_period(frame: pl.DataFrame, periods: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The frame with the period of each day in its place, the oldest period first."""
    named = frame.join(periods, on="day", how="left", maintain_order="left")
    rest = [name for name in frame.columns if name not in (*by, "day")]
    return named.select(*by, "period", *rest).sort("period", maintain_order=True)
