"""How few people the groups of a metric are of, for what others read."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from analytics import suppression
from analytics.metrics._metric import (
    Every,
    Metric,
    Where,
    group_lines,
    listed,
    period_item,
    where_lines,
)
from analytics.query import Engine, Query

# A fact of claims says whose they are by the claim.
_WHOSE = """LEFT JOIN (
    SELECT billed_claim.claim_id AS whose_claim_id, person.person_id AS whose
    FROM billed_claim
    LEFT JOIN person ON person.patient_id = billed_claim.patient_id
) AS whose_claim ON whose_claim_id = {fact}.claim_id"""
_COUNTS = ("people", "hit_people", "other_people")


def few(
    metric: Metric, engine: Engine, by: str | Sequence[str], asked: Mapping[str, Any]
) -> pl.DataFrame | None:
    """By group ``is_few``: whether it is of 1 to 10 people, and ``is_deep``: whether parts count.

    The parts of a rate, those with the event and those without, are cells where the rows of its
    fact are of members, whose care it tells; what payers did with claims is told of whole groups
    only, unless small cells are hidden strictly.  None where nothing says whose the rows are.
    """
    kind = type(metric)
    is_plain = kind.query is Metric.query and kind._grouped is Metric._grouped  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    if not is_plain or metric.keys or asked.get("at"):
        return None
    columns = engine.fetch(Query(f"SELECT * FROM {metric.fact.name} WHERE FALSE")).columns
    is_of_members = "person_id" in columns
    if not is_of_members and "claim_id" not in columns:
        return None
    is_deep = is_of_members or suppression.in_use() == suppression.STRICT
    found = engine.fetch(_query(metric, by, asked, is_of_members=is_of_members))
    counts = _COUNTS if is_deep else _COUNTS[:1]
    told = [pl.col(name).is_between(1, suppression.SMALL) for name in counts if name in found]
    return found.select(
        pl.exclude(_COUNTS),
        pl.any_horizontal(told).alias(suppression.FEW),
        pl.lit(is_deep).alias(suppression.DEEP),
    )


def _query(
    metric: Metric, by: str | Sequence[str], asked: Mapping[str, Any], *, is_of_members: bool
) -> Query:
    every: Every | None = asked.get("every")
    duplicates = bool(asked.get("include_duplicates"))
    where: Where = asked.get("where") or {}
    groups = [*metric.checked(listed(by), where)]
    groups += [period_item(every, metric.period)] if every else []
    filters, params = metric.filters(where)
    fact = metric.fact.name
    who = f"{fact}.person_id" if is_of_members else f"coalesce(whose, -{fact}.claim_id)"
    lines = [
        f"-- People behind: {metric.title}.",
        f"SELECT {', '.join([*groups, *_counted(metric, who)])}",
        f"FROM {fact}",
        *([] if is_of_members else [_WHOSE.format(fact=fact)]),
        *where_lines([*metric.population(include_duplicates=duplicates), *filters]),
        *group_lines(len(groups)),
    ]
    return Query("\n".join(lines), params)


def _counted(metric: Metric, who: str) -> list[str]:
    event = getattr(metric, "event_sql", "") or getattr(metric, "event", "")
    whole = [f"CAST(count(DISTINCT {who}) AS BIGINT) AS people"]
    if getattr(metric, "is_count", False):  # of members so many had a stay or a visit
        had = f"CASE WHEN {getattr(metric, 'top')} > 0 THEN {who} END"  # noqa: B009
        return [*whole, f"CAST(count(DISTINCT {had}) AS BIGINT) AS hit_people"]
    if not event:
        return whole
    parts = (("hit_people", f"({event})"), ("other_people", f"({event}) IS NOT TRUE"))
    return whole + [
        f"CAST(count(DISTINCT CASE WHEN {test} THEN {who} END) AS BIGINT) AS {name}"
        for name, test in parts
    ]
