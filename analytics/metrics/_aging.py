"""The kinds of balance: by age, how much of it is old, below zero, and in days of charges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self, Unpack

import polars as pl

from analytics.errors import BadQueryError
from analytics.metrics._balance import OF_BALANCES, Asked, Balance
from analytics.metrics._displayed import displayed
from analytics.query import Engine

_UNDATED, _CREDIT = 98, 99  # numbers of the buckets after all ages
_OLD = 90  # days, after which a balance is old unless asked otherwise
_FROM = {"submission": ", from submission", "last_answer": ", from the last answer"}  # its age
_AMOUNT = "CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging(Balance):
    """Open dollars by age; credit balances in a bucket of their own, never netted."""

    edges: tuple[int, ...] = (30, 60, 90, 120)  # last day of each bucket; older ones are the last

    @property
    def options(self) -> Mapping[str, str]:
        edges = ",".join(map(str, self.edges))
        about = f"Last day of each bucket but the oldest: {edges} if not given"
        return {**OF_BALANCES, "edges": about}

    def asked(self, age_from: str) -> dict[str, Any]:
        return _aged(age_from)

    def as_asked(self, asked: Mapping[str, Any]) -> Self:
        """The same, named by the start of age that the column ``counted_from`` of a frame tells."""
        return replace(self, title=f"{self.title}{_FROM.get(asked.get('counted_from', ''), '')}")

    @property
    def buckets(self) -> dict[int, str]:
        """The names of the buckets by their number, in order."""
        named = [f"{a + 1}-{b}" for a, b in pairwise((-1, *self.edges))] + [f">{self.edges[-1]}"]
        return {**dict(enumerate(named, start=1)), _UNDATED: "no date", _CREDIT: "credit"}

    @property
    def keys(self) -> tuple[str, ...]:
        cases = [f"WHEN amount < 0 THEN {_CREDIT}", f"WHEN age_days IS NULL THEN {_UNDATED}"]
        cases += [f"WHEN age_days <= {day} THEN {i}" for i, day in enumerate(self.edges, start=1)]
        lines = "\n        ".join([*cases, f"ELSE {len(self.edges) + 1}"])
        return (f"CASE\n        {lines}\n    END AS bucket_no",)

    @property
    def sums(self) -> tuple[str, ...]:
        return ("count(*) AS n", _AMOUNT)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        bucket = pl.col("bucket_no").replace_strict(self.buckets, return_dtype=pl.String)
        return _valued(parts, [*by, bucket.alias("age_bucket")])

    def with_edges(self, edges: Sequence[int] | None) -> Self:
        """The same with other buckets.  Raises `BadQueryError` unless they rise from above 0."""
        if edges is None:
            return self
        days = tuple(edges) if hasattr(edges, "__iter__") else ()
        is_whole = bool(days) and all(type(day) is int for day in days)
        if not is_whole or min(days) < 1 or any(a >= b for a, b in pairwise(days)):
            raise BadQueryError("the edges of age buckets are whole days above 0, in order")
        return replace(self, edges=days)

    @displayed
    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        edges: Sequence[int] | None = None,
        **asked: Unpack[Asked],
    ) -> pl.DataFrame:
        """As any balance, in the age buckets that end on the days `edges`."""
        return Balance.__call__(self.with_edges(edges), engine, by, **asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedShare(Balance):
    """Dollars open for more than so many days over all open dollars above zero."""

    older_than: int = _OLD  # days

    @property
    def options(self) -> Mapping[str, str]:
        about = f"Days after which a balance is old: {self.older_than} if not given"
        return {**OF_BALANCES, "older_than": about}

    def asked(self, age_from: str) -> dict[str, Any]:
        other = {"older_than": self.older_than} if self.older_than != _OLD else {}
        return {**_aged(age_from), **other}

    def as_asked(self, asked: Mapping[str, Any]) -> Self:
        """The same, named by the age and its start that the last columns of a frame tell."""
        old, start = asked.get("older_than", self.older_than), asked.get("counted_from", "")
        title, definition = (
            text.replace(f" {self.older_than} days", f" {old} days")
            for text in (self.title, self.definition)
        )
        title = f"{title}{_FROM.get(start, '')}"
        return replace(self, older_than=old, title=title, definition=definition)

    @property
    def balances(self) -> tuple[str, ...]:
        return ("open_amount > 0",)

    @property
    def sums(self) -> tuple[str, ...]:
        old = f"CASE WHEN age_days > {self.older_than} THEN amount ELSE 0 END"
        return (
            "count(*) AS n",
            f"CAST(coalesce(sum({old}), 0) AS DECIMAL(18, 2)) AS old",
            _AMOUNT,
        )

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        share = pl.col("old").cast(pl.Float64) / pl.col("amount").cast(pl.Float64)
        value = pl.when(pl.col("amount") > 0).then(share)
        return _valued(parts, by, value, "old", "amount")

    @displayed
    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        older_than: int | None = None,
        **asked: Unpack[Asked],
    ) -> pl.DataFrame:
        """As any balance, where old is more than `older_than` days."""
        metric = self if older_than is None else replace(self, older_than=_days(older_than))
        return Balance.__call__(metric, engine, by, **asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits(Balance):
    """Dollars by which balances are below zero."""

    @property
    def balances(self) -> tuple[str, ...]:
        return ("open_amount < 0",)

    @property
    def sums(self) -> tuple[str, ...]:
        return ("count(*) AS n", "CAST(coalesce(-sum(amount), 0) AS DECIMAL(18, 2)) AS amount")

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        return _valued(parts, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOpen(Balance):
    """Open dollars over the charges of an average day of the `window` before it.

    Where the data is younger than the window, over the days from its first claim on.
    """

    window: int = 90  # days

    @property
    def options(self) -> Mapping[str, str]:
        about = f"Days whose charges are averaged: {self.window} if not given"
        return {**OF_BALANCES, "window": about}

    @property
    def balances(self) -> tuple[str, ...]:
        # A claim that is settled still counts in the charges of the window.
        return (f"(open_amount <> 0 OR {self._recent})",)

    @property
    def _recent(self) -> str:
        return f"submission_date > day - {self.window}"

    @property
    def sums(self) -> tuple[str, ...]:
        charged = f"CASE WHEN {self._recent} THEN charged_amount ELSE 0 END"
        return (
            "count(*) FILTER (WHERE amount > 0) AS n",
            "CAST(coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS DECIMAL(18, 2))"
            " AS receivable",
            "CAST(coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS DECIMAL(18, 2)) AS credit",
            f"CAST(coalesce(sum({charged}), 0) AS DECIMAL(18, 2)) AS charges",
            # No sum, as its type says: days since the first claim, the same for all slices.
            "CAST(max(days_between((SELECT min(submission_date) FROM claim_balance), day)) + 1 "
            "AS DOUBLE) AS age",
        )

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        known = pl.col("age").clip(0, self.window).cast(pl.Int64).alias("window_days")
        parts = parts.with_columns(known)
        charges = pl.col("charges").cast(pl.Float64)
        per_day = pl.when(charges > 0).then(charges / pl.col("window_days"))
        value = pl.col("receivable").cast(pl.Float64) / per_day
        return _valued(parts, by, value, "receivable", "credit", "charges", "window_days")

    @displayed
    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        window: int | None = None,
        **asked: Unpack[Asked],
    ) -> pl.DataFrame:
        """As any balance, over the charges of claims first sent in the last `window` days."""
        metric = self if window is None else replace(self, window=_days(window))
        return Balance.__call__(metric, engine, by, **asked)


def _aged(age_from: str) -> dict[str, Any]:
    """The start of age, where it is another than usual."""
    return {"counted_from": age_from} if age_from in _FROM else {}


_CENTURY = 36_525  # days


def _days(count: int) -> int:
    if type(count) is not int or count < 1:  # a list comes from the command line
        raise BadQueryError("a count of days is one whole number of 1 or more")
    if count > _CENTURY:  # no engine takes a day that far back
        raise BadQueryError(f"a count of days is at most {_CENTURY:,}")
    return count


def _valued(
    parts: pl.DataFrame,
    by: Sequence[str | pl.Expr],
    value: pl.Expr | None = None,
    *amounts: str,
) -> pl.DataFrame:
    """``n, value, low, high`` and the amounts: a balance is counted, so it has no interval."""
    missing = pl.lit(None, dtype=pl.Float64)
    value = pl.col("amount").cast(pl.Float64) if value is None else value
    return parts.select(
        *by,
        "n",
        value.alias("value"),
        missing.alias("low"),
        missing.alias("high"),
        *(amounts or ("amount",)),
    )
