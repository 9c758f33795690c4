"""What a metric is: a declaration over one fact, and the queries that follow from it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

import polars as pl

from analytics.errors import BadQueryError, DefinitionError, UnknownNameError
from analytics.facts import Fact
from analytics.metrics._displayed import displayed
from analytics.metrics._maturity import Maturity
from analytics.query import Engine, Filter, Query, Value, check_values, conditions

Every: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
Where: TypeAlias = Mapping[str, Filter]
Unit: TypeAlias = Literal[
    "share", "days", "dollars", "dollars_per_member_month", "denials", "per 1,000", "per 100,000"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(ABC):
    """One number the business tracks, declared once.

    Calling a metric gives one row per group: the columns grouped by, then ``n`` (rows counted),
    ``value``, its 95% interval ``low, high``, and the sums it was made of.
    """

    name: str
    title: str
    definition: str  # one sentence a biller could check by hand
    unit: Unit
    better: Literal["lower", "higher"]
    denominator: str  # what `n` or the bottom of the ratio counts
    date_basis: str  # which date places a row in time
    source: str  # whose definition this is
    notes: str = ""  # where ours departs from theirs, and why

    fact: Fact
    left_out: Mapping[str, str] = field(default_factory=dict[str, str])  # reason -> SQL boolean
    duplicates: str = ""  # SQL boolean: left out unless `include_duplicates`
    period: str  # the date column that places a row in time
    maturity: Maturity | None = None  # how much of a period is settled, where time decides that

    def __post_init__(self) -> None:
        if self.period not in self.fact.dimensions:
            raise DefinitionError(
                f"{self.name}: period {self.period!r} is not a dimension of {self.fact.name}"
            )

    @property
    @abstractmethod
    def sums(self) -> tuple[str, ...]:
        """Select items that add up over any split of the rows, so parts can be combined."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Further select items to group by, beyond those the caller asked for."""
        return ()

    @property
    def row_items(self) -> tuple[str, ...]:
        """Select items that say what a single row adds to the metric."""
        return ()

    @property
    def options(self) -> Mapping[str, str]:
        """What it can be asked beside what every metric can: argument to meaning."""
        return {}

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The columns it can be sliced and filtered by, with their meaning."""
        return self.fact.dimensions

    @abstractmethod
    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        """Turn the sums into ``n, value, low, high`` for each group."""

    def query(
        self,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
    ) -> Query:
        """The SQL of this metric, sliced and filtered.  Runs nothing."""
        groups = [*self._groups(by, every, where), *self.keys]
        sums = self.duplicate_sums(include_duplicates)
        population = self.population(include_duplicates=include_duplicates)
        return self._grouped(groups, sums, population, where or {})

    def maturity_query(
        self,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
    ) -> Query | None:
        """The SQL of how much of each group is settled; None where time does not decide that."""
        if self.maturity is None:
            return None
        reasons = self.reasons(include_duplicates=include_duplicates)
        out = [f"NOT ({t})" for r, t in reasons.items() if r not in self.maturity.waiting]
        return self._grouped(self._groups(by, every, where), self.maturity.sums, out, where or {})

    def _groups(
        self, by: str | Sequence[str], every: Every | None, where: Where | None
    ) -> list[str]:
        return [*self.checked(by, where), *([period_item(every, self.period)] if every else [])]

    def _grouped(
        self, groups: Sequence[str], sums: Sequence[str], population: Sequence[str], where: Where
    ) -> Query:
        """The sums of the rows of the fact in the population, by group and in order."""
        filters, params = self.filters(where)
        lines = [
            *self.header,
            "SELECT",
            "    " + ",\n    ".join([*groups, *sums]),
            f"FROM {self.fact.name}",
            *where_lines([*population, *filters]),
            *group_lines(len(groups)),
        ]
        return Query("\n".join(lines), params)

    @displayed
    def __call__(
        self,
        engine: Engine,
        by: str | Sequence[str] = (),
        *,
        every: Every | None = None,
        where: Where | None = None,
        include_duplicates: bool = False,
    ) -> pl.DataFrame:
        """Compute the metric, by any of its fact's dimensions, over time, within a filter."""
        groups = [*listed(by), "period"] if every else listed(by)
        query = self.query(by, every=every, where=where, include_duplicates=include_duplicates)
        frame = self.finish(engine.fetch(query), groups)
        ripe = self.maturity_query(
            by, every=every, where=where, include_duplicates=include_duplicates
        )
        if self.maturity is None or ripe is None:
            return frame
        return self.maturity.joined(frame, engine.fetch(ripe), groups)

    def rows(
        self,
        engine: Engine,
        *,
        where: Where | None = None,
        include_duplicates: bool = False,
        limit: int | None = 100,
    ) -> pl.DataFrame:
        """The very rows behind the number, each with its file and record number.

        At most `limit` of them, 100 if not given, in the order of the fact's key; None gives all.
        """
        self.checked((), where)
        filters, params = conditions(where or {})
        population = [*self.population(include_duplicates=include_duplicates), *filters]
        items = [*(item for item in self.row_items if item), f"{self.fact.name}.*"]
        lines = [
            f"-- The rows behind: {self.title}.",
            "SELECT source_file.file_name, " + ", ".join(items),
            f"FROM {self.fact.name}",
            f"LEFT JOIN source_file ON source_file.file_id = {self.fact.name}.file_id",
            *where_lines(population),
            "ORDER BY " + ", ".join(f"{key} ASC NULLS LAST" for key in self.fact.key),
            *limited(limit, params),
        ]
        return engine.fetch(Query("\n".join(lines), params))

    def row_count(
        self, engine: Engine, *, where: Where | None = None, include_duplicates: bool = False
    ) -> int:
        """How many rows `rows` gives without a limit."""
        self.checked((), where)
        filters, params = conditions(where or {})
        population = [*self.population(include_duplicates=include_duplicates), *filters]
        lines = ["SELECT count(*) AS n", f"FROM {self.fact.name}", *where_lines(population)]
        return int(engine.fetch(Query("\n".join(lines), params)).item())

    def excluded(
        self, engine: Engine, *, where: Where | None = None, include_duplicates: bool = False
    ) -> pl.DataFrame:
        """What the metric leaves out: ``reason, n, amount`` (dollars).

        Rows of its fact first; without `where` then the records loaded that are not in the fact.
        """
        self.checked((), where)
        query = self._excluded_rows(where or {}, include_duplicates=include_duplicates)
        outside = Query(
            "SELECT reason, n, amount FROM left_out WHERE fact_name = $fact ORDER BY reason ASC",
            {"fact": self.fact.name},
        )
        queries = [*([query] if query else []), *([] if where else [outside])]
        return pl.concat([_NOTHING_LEFT_OUT, *(engine.fetch(one) for one in queries)])

    def _excluded_rows(self, where: Where, *, include_duplicates: bool) -> Query | None:
        """Counts the rows of the fact that are left out, by reason; None where none can be."""
        reasons = self.reasons(include_duplicates=include_duplicates)
        if not reasons:
            return None
        filters, params = conditions(where)
        first, any_of = reason_sql(reasons)
        lines = [
            f"-- What is left out of: {self.title}.",
            f"SELECT {first} AS reason, count(*) AS n,",
            f"    CAST(coalesce(sum({self.fact.amount}), 0) AS DECIMAL(18, 2)) AS amount",
            f"FROM {self.fact.name}",
            *where_lines([any_of, *filters]),
            "GROUP BY 1",
            "ORDER BY 1 ASC NULLS LAST",
        ]
        return Query("\n".join(lines), params)

    @property
    def header(self) -> tuple[str, ...]:
        """The comment lines above its SQL."""
        return (f"-- {self.title}. {self.definition}",)

    def reasons(self, *, include_duplicates: bool) -> dict[str, str]:
        """Why a row of the fact is left out: reason to SQL boolean, the first that holds counts."""
        reasons = dict(self.left_out)
        if self.duplicates and not include_duplicates:
            reasons["denied as a duplicate only"] = self.duplicates
        return reasons

    def population(self, *, include_duplicates: bool) -> list[str]:
        """Conditions on the rows that count."""
        return [f"NOT ({t})" for t in self.reasons(include_duplicates=include_duplicates).values()]

    def filters(self, where: Where) -> tuple[list[str], dict[str, Value | None]]:
        """Conditions on the rows whose sums are asked for, and the values they bind."""
        return conditions(where)

    def duplicate_sums(self, include_duplicates: bool) -> tuple[str, ...]:
        """The sums, which may count duplicates as denials when these are asked for."""
        del include_duplicates
        return self.sums

    def checked(self, by: str | Sequence[str], where: Where | None) -> list[str]:
        """The dimensions asked for; raises `UnknownNameError`, `BadQueryError` for one twice."""
        for column in (*listed(by), *(where or {})):
            if column not in self.dimensions:
                raise UnknownNameError("dimension", column, self.dimensions)
        check_values(where or {}, self.fact.values)
        for column in listed(by):
            if listed(by).count(column) > 1:
                raise BadQueryError(f"the dimension {column!r} is named twice")
        return listed(by)


_LEFT_OUT = {"reason": pl.String(), "n": pl.Int64(), "amount": pl.Decimal(18, 2)}
_NOTHING_LEFT_OUT = pl.DataFrame(schema=_LEFT_OUT)


def listed(by: str | Sequence[str]) -> list[str]:
    """One name or several, as a list."""
    return [by] if isinstance(by, str) else list(by)


def period_item(every: str, column: str) -> str:
    if every not in get_args(Every):
        raise UnknownNameError("period length", every, get_args(Every))
    return f"CAST(date_trunc('{every}', CAST({column} AS DATE)) AS DATE) AS period"


def where_lines(filters: Sequence[str]) -> list[str]:
    """The line of SQL that keeps the rows for which all hold; none where there is no condition."""
    return ["WHERE " + "\n  AND ".join(filters)] if filters else []


def group_lines(count: int) -> list[str]:
    """The lines of SQL that group by the first `count` columns and sort by them; none for none."""
    if not count:
        return []
    ordinals = [str(i) for i in range(1, count + 1)]
    order = ", ".join(f"{i} ASC NULLS LAST" for i in ordinals)
    return [f"GROUP BY {', '.join(ordinals)}", f"ORDER BY {order}"]


def reason_sql(reasons: Mapping[str, str]) -> tuple[str, str]:
    """SQL: the first reason of which the test holds, and whether any does."""
    cases = " ".join(f"WHEN {test} THEN '{reason}'" for reason, test in reasons.items())
    return f"CASE {cases} END", f"({' OR '.join(f'({test})' for test in reasons.values())})"


def limited(limit: int | None, params: dict[str, Value | None]) -> list[str]:
    """The line of SQL that gives at most so many rows, bound in `params`."""
    if limit is None:
        return []
    params["row_limit"] = limit
    return ["LIMIT $row_limit"]
