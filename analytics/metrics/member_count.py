"""How many people are behind a number: what small cells are judged by."""

from collections.abc import Sequence

import polars as pl

from analytics import formats, suppression
from analytics.facts_value import member_spend
from analytics.metrics._metric import (
    Every,
    Metric,
    Where,
    group_lines,
    listed,
    period_item,
    where_lines,
)
from analytics.metrics.value import pmpm
from analytics.query import Engine, Query


def member_count(
    engine: Engine, by: str | Sequence[str] = (), *, where: Where | None = None
) -> pl.DataFrame:
    """People with a month of cover; by kind of service those of them with a claim of it.

    One row per group: by and ``n``.  `by` and `where` are those of `pmpm`.  People do not add up:
    one may be in several groups.  Raises `UnknownNameError` for unknown names.
    """
    groups = pmpm.checked(by, where)
    filters, params = pmpm.filters(where or {})
    kept = [*filters, "is_covered", *(f"{name} IS NOT NULL" for name in groups if _is_above(name))]
    numbers = ", ".join(str(i) for i in range(1, len(groups) + 1))
    keys = "".join(f"{name}, " for name in groups)
    lines = [
        "-- People behind a number.",
        f"SELECT {keys}CAST(count(DISTINCT person_id) AS BIGINT) AS n",
        f"FROM {member_spend.name}",
        *where_lines(kept),
        *([f"GROUP BY {numbers}"] if groups else []),
    ]
    return engine.fetch(Query("\n".join(lines), params))


def with_people(
    engine: Engine,
    frame: pl.DataFrame,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
) -> pl.DataFrame:
    """The frame of a metric of members with ``n`` as the number of people, 0 where there are none.

    Member months of few people are many: figures and tables leave out groups by ``n``, so that of
    people keeps them from telling of anybody.  Arguments are those of `member_count`.
    """
    frame = _flagged(frame)
    people = member_count(engine, by, where=where).rename({"n": "people"})
    groups = pmpm.checked(by, where)
    if groups:
        joined = frame.join(people, on=groups, how="left", nulls_equal=True, maintain_order="left")
    else:
        joined = frame.join(people, how="cross")
    return joined.with_columns(n=pl.col("people").fill_null(0)).drop("people")


def by_people(
    engine: Engine,
    metric: Metric,
    by: str | Sequence[str] = (),
    *,
    every: Every | None = None,
    where: Where | None = None,
) -> pl.DataFrame:
    """The metric with ``n`` as the number of people its stays, visits, claims or years are of.

    One person may have many of them, so figures and tables that leave out groups by ``n`` would
    else tell of that person.  The metric's fact must name persons.
    """
    frame = _flagged(metric(engine, by, every=every, where=where))
    people = engine.fetch(_people(metric, by, every, where or {}))
    groups = [*listed(by), *(["period"] if every else [])]
    if not groups:
        return frame.with_columns(n=pl.lit(people.item(), pl.Int64))
    joined = frame.join(people, on=groups, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(n=pl.col("people").fill_null(0)).drop("people")


def _flagged(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame, for others to read with the flag of few people, as its ``n`` becomes another."""
    return formats.guarded(frame).drop(suppression.DEEP, strict=False)


def _people(metric: Metric, by: str | Sequence[str], every: Every | None, where: Where) -> Query:
    """The SQL of how many people the rows of each group are of."""
    groups = metric.checked(by, where)
    groups += [period_item(every, metric.period)] if every else []
    filters, params = metric.filters(where)
    items = [*groups, "CAST(count(DISTINCT person_id) AS BIGINT) AS people"]
    lines = [
        f"-- People behind: {metric.title}.",
        f"SELECT {', '.join(items)}",
        f"FROM {metric.fact.name}",
        *where_lines([*metric.population(include_duplicates=False), *filters]),
        *group_lines(len(groups)),
    ]
    return Query("\n".join(lines), params)


def _is_above(name: str) -> bool:
    """Whether only claims have the dimension, and member months have not."""
    return name in pmpm.above
