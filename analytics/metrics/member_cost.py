"""How few members most of the cost is of."""

from collections.abc import Sequence

import polars as pl

from analytics.errors import UnknownNameError
from analytics.facts_value import member_year
from analytics.metrics._metric import Where, listed, where_lines
from analytics.query import Engine, Query, conditions

# Bands of members from the costliest on: up to which percent of all, and what they are called.
BANDS = (
    (1, "top 1 %"), (5, "next 4 %"), (20, "next 15 %"), (50, "next 30 %"), (100, "lower 50 %"),
)  # fmt: skip
_BASES = ("allowed", "paid")


def member_cost(
    engine: Engine,
    by: str | Sequence[str] = ("year",),
    *,
    basis: str = "allowed",
    where: Where | None = None,
) -> pl.DataFrame:
    """The share of a year's cost that few members have: members by cost, from the costliest on.

    One row per group and band of members (the costliest 1 % of the group, the next 4, 15 and 30,
    the other half): by, ``band``, ``n`` (people with a month of cover in the year; with several
    years in a group each counts in each), ``member_months``, ``amount`` (dollars `basis`:
    ``allowed`` or ``paid``), ``member_share`` and ``cost_share`` (of the group's), ``reach`` (the
    cost share of this band and those before it) and ``value`` (dollars per member month).  A band
    begins with the first member beyond the one before; a percent of few is one.  People of equal
    cost stand in an order of their own, always the same.  No row is of one person unless the band
    is: figures and reports leave out bands of 1 to 10.

    Cost is as known so far: of a running year it is part of one.  `by` and `where` are of
    payer_name, line_of_business, sex_code and year.  Raises `UnknownNameError` for other names.
    """
    if basis not in _BASES:
        raise UnknownNameError("basis", basis, _BASES)
    groups = _checked(by, where)
    found = engine.fetch(_query(groups, basis, where or {}))
    names = {place: name for place, (_, name) in enumerate(BANDS, 1)}
    frame = found.with_columns(band=pl.col("band").replace_strict(names, return_dtype=pl.String))
    amount = pl.col("amount").cast(pl.Float64)
    whole = [expr.sum().over(groups) if groups else expr.sum() for expr in (pl.col("n"), amount)]
    before = amount.cum_sum().over(groups) if groups else amount.cum_sum()
    cost = pl.when(whole[1] > 0).then(whole[1])
    months = pl.when(pl.col("member_months") > 0).then(pl.col("member_months"))
    return frame.with_columns(
        member_share=pl.col("n") / whole[0],
        cost_share=amount / cost,
        reach=before / cost,
        value=amount / months,
    )


def _checked(by: str | Sequence[str], where: Where | None) -> list[str]:
    groups = listed(by)
    for name in [*groups, *(where or {})]:
        if name not in member_year.dimensions:
            raise UnknownNameError("dimension", name, member_year.dimensions)
    return groups


def _query(groups: Sequence[str], basis: str, where: Where) -> Query:
    filters, params = conditions(where)
    part = f"PARTITION BY {', '.join(groups)} " if groups else ""
    steps = "\n".join(
        f"            WHEN (place - 1) * 100 < whole * {upto} THEN {place}"
        for place, (upto, _) in enumerate(BANDS, 1)
    )
    keys = "".join(f"{name}, " for name in groups)
    numbers = ", ".join(str(i) for i in range(1, len(groups) + 2))
    order = ", ".join(f"{i} ASC NULLS LAST" for i in range(1, len(groups) + 2))
    lines = [
        "-- Members by their cost in the year, from the costliest on, in bands.",
        "WITH ranked AS (",
        f"    SELECT {keys}member_months, {basis}_amount AS amount,",
        f"        row_number() OVER ({part}ORDER BY {basis}_amount DESC, person_id ASC, year ASC)"
        " AS place,",
        f"        count(*) OVER ({part.strip()}) AS whole",
        f"    FROM {member_year.name}",
        *("    " + line for line in where_lines(filters)),
        "),",
        "banded AS (",
        f"    SELECT {keys}member_months, amount,",
        "        CASE",
        steps,
        "        END AS band",
        "    FROM ranked",
        ")",
        f"SELECT {keys}CAST(band AS INTEGER) AS band, CAST(count(*) AS BIGINT) AS n,",
        "    CAST(sum(member_months) AS BIGINT) AS member_months,",
        "    CAST(sum(amount) AS DECIMAL(18, 2)) AS amount",
        "FROM banded",
        f"GROUP BY {numbers}",
        f"ORDER BY {order}",
    ]
    return Query("\n".join(lines), params)
