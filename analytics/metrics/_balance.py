"""Balances: what was open on a day, added up from the ledger."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import polars as pl

from analytics.errors import UnknownNameError
from analytics.metrics._metric import Every, Metric, Where, listed
from analytics.query import Engine, Query, conditions

AgeFrom: TypeAlias = Literal["service", "submission", "last_answer"]

# What can be asked of a movement, but not of a balance.
_OF_MOVEMENTS = frozenset({"kind", "entry_date"})
_AGE_DATE: Mapping[str, str] = {
    "service": "max(service_to_date)",
    "submission": "max(submission_date)",
    "last_answer": "coalesce(max(entry_date) FILTER (WHERE is_answer), max(submission_date))",
}
# On the facts' own as-of date the sums stand in claim_outcome: one row per claim, not per movement.
_AGE_DATE_NOW: Mapping[str, str] = {
    "service": "service_to_date",
    "submission": "submission_date",
    "last_answer": "coalesce(last_answer_date, submission_date)",
}
_AS_OF = "(SELECT as_of FROM build_info)"
_AT = "CAST($at AS DATE)"
_CHARGED = "CASE WHEN kind IN ('charge', 'superseded_charge') THEN insurance_amount ELSE 0 END"
_ENDS = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Metric):
    """Open insurance balances of claims on a day: ``at``, else the facts' own as-of date.

    With `every` it is computed for the last day of each period up to then, as ``period``.
    """

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {k: v for k, v in self.fact.dimensions.items() if k not in _OF_MOVEMENTS}

    def query(
        self,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
        at: dt.date | None = None,
        age_from: AgeFrom = "service",
    ) -> Query:
        """The SQL for one day, sliced and filtered.  Runs nothing; `every` changes only calls."""
        del every, include_duplicates
        groups = self.checked(by, where)
        if age_from not in _AGE_DATE:
            raise UnknownNameError("start of age", age_from, get_args(AgeFrom))
        filters, params = conditions(where or {})
        lines = [
            *self.header,
            "WITH balance AS (",
            *(self._past if at else self._now)(groups, age_from, filters),
            ")",
            "SELECT",
            "    " + ",\n    ".join([*groups, *self.keys, *self.sums]),
            "FROM balance",
            *self.grouped(groups),
        ]
        params |= {"at": at} if at else {}
        return Query("\n".join(lines), {**params, **self.bound})

    def _past(self, groups: Sequence[str], age_from: str, filters: Sequence[str]) -> list[str]:
        """SQL: the balance of each claim on a day, added up from the ledger."""
        tests = [*self.population(include_duplicates=False), f"entry_date <= {_AT}", *filters]
        named = "".join(f"{group}, " for group in groups)
        return [
            f"    SELECT {named}claim_id,",
            f"        days_between({_AGE_DATE[age_from]}, {_AT}) AS age_days,",
            "        sum(insurance_amount) AS amount,",
            f"        sum({self.charged(_CHARGED, _AT)}) AS charged",
            "    FROM ledger",
            "    WHERE " + "\n      AND ".join(tests),
            f"    GROUP BY {named}claim_id",
        ]

    def _now(self, groups: Sequence[str], age_from: str, filters: Sequence[str]) -> list[str]:
        """SQL: the balance of each claim on the as-of date, where claim_outcome has the sums."""
        return [
            f"    SELECT {''.join(f'{group}, ' for group in groups)}claim_id,",
            f"        days_between({_AGE_DATE_NOW[age_from]}, {_AS_OF}) AS age_days,",
            "        open_balance_amount AS amount,",
            f"        {self.charged('charged_amount', _AS_OF)} AS charged",
            "    FROM claim_outcome",
            *(["    WHERE " + "\n      AND ".join(filters)] if filters else []),
        ]

    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
        at: dt.date | None = None,
        age_from: AgeFrom = "service",
    ) -> pl.DataFrame:
        """Compute the balance on a day, or with `every` on the last day of each period."""
        del include_duplicates
        if every is None:
            query = self.query(by, where=where, at=at, age_from=age_from)
            return self.finish(engine.fetch(query), listed(by))
        frames = [
            self.finish(
                engine.fetch(self.query(by, where=where, at=last, age_from=age_from)), listed(by)
            ).insert_column(len(listed(by)), pl.lit(first, dtype=pl.Date).alias("period"))
            for first, last in _periods(engine, every, at)
        ]
        if frames:
            return pl.concat(frames)
        empty = self(engine, by, where=where, at=at, age_from=age_from).clear()
        return empty.insert_column(len(listed(by)), pl.Series("period", [], dtype=pl.Date))

    def charged(self, amount: str, at: str) -> str:
        """SQL: what of a charge counts in the denominator on the day `at`."""
        del amount, at
        return "0"

    @property
    def bound(self) -> Mapping[str, int]:
        """Values bound beside `at`."""
        return {}

    def grouped(self, groups: Sequence[str]) -> list[str]:
        """The closing lines of the SQL: grouping and order."""
        count = len(groups) + len(self.keys)
        if not count:
            return []
        ordinals = [str(i) for i in range(1, count + 1)]
        order = ", ".join(f"{i} ASC NULLS LAST" for i in ordinals)
        return [f"GROUP BY {', '.join(ordinals)}", f"ORDER BY {order}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging(Balance):
    """Open dollars by age; credit balances in a bucket of their own, never netted."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (
            "CASE\n        WHEN amount < 0 THEN 7\n        WHEN age_days IS NULL THEN 6"
            "\n        WHEN age_days <= 30 THEN 1\n        WHEN age_days <= 60 THEN 2"
            "\n        WHEN age_days <= 90 THEN 3\n        WHEN age_days <= 120 THEN 4"
            "\n        ELSE 5\n    END AS bucket_no",
        )

    @property
    def sums(self) -> tuple[str, ...]:
        return (
            "count(*) FILTER (WHERE amount <> 0) AS n",
            "CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount",
        )

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        missing = pl.lit(None, dtype=pl.Float64)
        names = dict(enumerate(BUCKETS, start=1))
        return parts.filter(pl.col("n") > 0).select(
            *by,
            pl.col("bucket_no").replace_strict(names, return_dtype=pl.String).alias("age_bucket"),
            "n",
            pl.col("amount").cast(pl.Float64).alias("value"),
            missing.alias("low"),
            missing.alias("high"),
            "amount",
        )


BUCKETS = ("0-30", "31-60", "61-90", "91-120", ">120", "no date", "credit")


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOpen(Balance):
    """Open dollars over the charges of an average day of the `window` before it."""

    window: int = 90  # days

    def charged(self, amount: str, at: str) -> str:
        """SQL: charges of claims first sent within the window before the day `at`."""
        recent = f"submission_date > {at} - CAST($window AS INTEGER)"
        return f"CASE WHEN {recent} THEN {amount} ELSE 0 END"

    @property
    def bound(self) -> Mapping[str, int]:
        return {"window": self.window}

    @property
    def sums(self) -> tuple[str, ...]:
        return (
            "count(*) FILTER (WHERE amount > 0) AS n",
            "CAST(coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS DECIMAL(18, 2))"
            " AS receivable",
            "CAST(coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS DECIMAL(18, 2)) AS credit",
            "CAST(coalesce(sum(charged), 0) AS DECIMAL(18, 2)) AS charges",
        )

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        missing = pl.lit(None, dtype=pl.Float64)
        charges = pl.col("charges").cast(pl.Float64)
        per_day = pl.when(charges > 0).then(charges / self.window)
        return parts.select(
            *by,
            "n",
            (pl.col("receivable").cast(pl.Float64) / per_day).alias("value"),
            missing.alias("low"),
            missing.alias("high"),
            "receivable",
            "credit",
            "charges",
        )


def _periods(engine: Engine, every: str, at: dt.date | None) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each period from the first movement to `at`, the last one cut there."""
    if every not in _ENDS:
        raise UnknownNameError("period length", every, _ENDS)
    text = (
        f"SELECT min(entry_date) AS first, coalesce({_AT}, {_AS_OF}) AS last "
        "FROM ledger WHERE claim_id IS NOT NULL"
    )
    first, last = engine.fetch(Query(text, {"at": at})).row(0)
    if first is None or last is None or first > last:
        return []
    starts = pl.select(
        pl.date_range(pl.lit(first).dt.truncate(_ENDS[every]), last, _ENDS[every]).alias("start")
    ).with_columns(pl.col("start").dt.offset_by(_ENDS[every]).dt.offset_by("-1d").alias("end"))
    return [(start, min(end, last)) for start, end in starts.iter_rows()]
