"""What happened in a month over what was sent, on average, in the three months before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics import stats
from analytics.errors import UnknownNameError
from analytics.metrics._maturity import matured
from analytics.metrics._metric import Every, Metric, Where
from analytics.query import Filter, Query, conditions

TRAILED = 3  # months before each month, whose mean its events are divided by
_LENGTHS = ("month", "quarter", "year")
# Whole: three months of data lie before it, and it is over.
_IS_WHOLE = (
    "counted_month >= month_of(span.first_month + 93) AND "
    "month_of(counted_month + 31) <= build_info.as_of + 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trailing(Metric):
    """Rows for which `event` is true in a month, over a third of those sent in the three before.

    A month that has not three before it in the data, or is not over, has no value.  Longer periods,
    and the whole, pool their months before dividing.  A filter on `period` chooses months, by their
    first day; `n` counts what was sent in the three months before each month.  `rows` gives
    all that can count, sent or happened; `is_hit` marks the latter.
    """

    event: str  # SQL boolean: counts in the month of `period`
    duplicate_event: str = ""  # SQL boolean: the event where duplicates are counted as denials
    sent: str  # date column: the row counts as sent in its month
    answered: str  # SQL boolean: an answer has come, whatever it says

    @property
    def keys(self) -> tuple[str, ...]:
        return (f"{_IS_WHOLE} AS is_whole",)

    @property
    def sums(self) -> tuple[str, ...]:
        return tuple(
            f"CAST(coalesce(sum({name}), 0) AS BIGINT) AS {name}"
            for name in ("hits", "n", "answered")
        )

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"({self.event}) AS is_hit",)

    def query(
        self,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
    ) -> Query:
        """The SQL of this metric, sliced and filtered.  Runs nothing."""
        if every is not None and every not in _LENGTHS:
            raise UnknownNameError("period length", every, _LENGTHS)
        groups = self.checked(by, where)
        rows, months = dict(where or {}), dict[str, Filter]()
        if self.period in rows:
            months["counted_month"] = rows.pop(self.period)
        filters, params = conditions(rows)
        month_filters, month_params = conditions(months)
        population = [*self.population(include_duplicates=include_duplicates), *filters]
        event = self.event
        if include_duplicates and self.duplicate_event:
            event = f"({event} OR {self.duplicate_event})"
        period = f"CAST(date_trunc('{every}', counted_month) AS DATE) AS period"
        items = [*groups, *([period] if every else []), *self.keys]
        ordinals = range(1, len(items) + 1)
        lines = [
            *self.header,
            *self._counted(groups, population, event),
            "SELECT",
            "    " + ",\n    ".join([*items, *self.sums]),
            "FROM counted",
            "CROSS JOIN span",
            "CROSS JOIN build_info",
            "WHERE " + "\n  AND ".join(["counted_month <= build_info.as_of", *month_filters]),
            "GROUP BY " + ", ".join(str(i) for i in ordinals),
            "ORDER BY " + ", ".join(f"{i} ASC NULLS LAST" for i in ordinals),
        ]
        return Query("\n".join(lines), {**params, **month_params})

    def _counted(self, groups: Sequence[str], population: Sequence[str], event: str) -> list[str]:
        """The counts of each group and month: what happened in it, what was sent before it."""
        named = "".join(f"{group}, " for group in groups)
        count = len(groups) + 1
        return [
            "WITH sent AS (",
            f"    SELECT {named}month_of({self.sent}) AS sent_month, count(*) AS n,",
            f"        count(*) FILTER (WHERE {self.answered}) AS answered",
            *self._from(population, count),
            "),",
            "happened AS (",
            f"    SELECT {named}month_of({self.period}) AS counted_month, count(*) AS hits",
            *self._from([*population, event], count),
            "),",
            "counted AS (",
            f"    SELECT {named}counted_month, hits, 0 AS n, 0 AS answered",
            "    FROM happened",
            "    UNION ALL",
            # A month has at most 31 days, so 31, 62 and 93 days on lie in the next three months.
            f"    SELECT {named}month_of(sent_month + 31 * later.months) AS counted_month,",
            "        0 AS hits, n, answered",
            "    FROM sent",
            "    CROSS JOIN (",
            "        SELECT 1 AS months UNION ALL SELECT 2 AS months UNION ALL SELECT 3 AS months",
            "    ) AS later",
            "),",
            "span AS (",
            f"    SELECT month_of(min({self.sent})) AS first_month",
            f"    FROM {self.fact.name}",
            ")",
        ]

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        names = ("hits", "n", "answered")
        sums = [pl.col(name).filter("is_whole").sum().cast(pl.Int64) for name in names]
        whole = parts.group_by(by, maintain_order=True).agg(sums) if by else parts.select(sums)
        return whole.select(
            *by,
            "n",
            *stats.count_ratio("hits", "n", TRAILED),
            "hits",
            *matured("answered", "n", "answered_share", by),
        )

    def _from(self, tests: Sequence[str], count: int) -> list[str]:
        """The closing lines of one part: where it comes from, what counts, by group and month."""
        return [
            f"    FROM {self.fact.name}",
            *(["    WHERE " + "\n      AND ".join(tests)] if tests else []),
            "    GROUP BY " + ", ".join(str(i) for i in range(1, count + 1)),
        ]
