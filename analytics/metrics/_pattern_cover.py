"""Which coding patterns say something that those above them do not."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import polars as pl

from analytics.metrics._metric import Where
from analytics.metrics._pattern_lines import ITEMS, OTHER, REASON, STRATUM, lines_of, matches
from analytics.query import Engine, Query, Value

Pattern: TypeAlias = Mapping[str, str | None]
_OWN = ("left_denied", "left_expected", "left_touched", "left_squares")


def in_order(ranked: pl.DataFrame, first: pl.DataFrame) -> list[int]:
    """The places of patterns, most evidence first; children before parents where `first` says so.

    `first` has ``child, parent``: places of a pattern and of a more general one it goes before.
    """
    children: dict[int, list[int]] = {}
    for child, parent in first.select("child", "parent").drop_nulls().sort("child").iter_rows():
        children.setdefault(parent, []).append(child)
    order: dict[int, None] = {}

    def put(at: int) -> None:
        if at not in order:
            for child in children.get(at, ()):
                put(child)
            order[at] = None

    for at in ranked["evidence"].arg_sort(descending=True):
        put(int(at))
    return list(order)


def left_over(
    engine: Engine, ranked: pl.DataFrame, order: Sequence[int], where: Where, held: Value | None
) -> pl.DataFrame:
    """`ranked` with what each pattern has to itself: its sums without what is of those before it.

    A pattern with a reason takes of its lines the denials for that reason only.
    """
    kinds = dict.fromkeys(_OWN, pl.Float64())
    if ranked.is_empty():
        return ranked.with_columns(pl.lit(None, kind).alias(name) for name, kind in kinds.items())
    wanted = ranked.select(ITEMS).to_dicts()
    found = engine.fetch(_query([wanted[at] for at in order], where, held))
    whole = {"owner": pl.Int64, "place": pl.Int64}
    places = pl.DataFrame({"owner": range(len(order)), "place": order}, whole)
    own = places.join(found, on="owner", how="left").sort("place")
    return ranked.hstack(own.select(pl.col(n).cast(k).fill_null(0) for n, k in kinds.items()))


def _query(order: Sequence[Pattern], where: Where, held: Value | None) -> Query:
    """Each line at risk of each reason of its stratum goes to the first pattern that it is of."""
    base, params = lines_of(where, held, ITEMS)
    stratum = ", ".join(STRATUM)
    cases: list[str] = []
    for at, pattern in enumerate(order):
        test, values = matches(pattern, f"p{at}_")
        if pattern[REASON] is not None:
            test += f" AND risk.{REASON} = $p{at}_{REASON}"
            values[f"p{at}_{REASON}"] = pattern[REASON]
        cases.append(f"WHEN {test} THEN {at}")
        params |= values
    kept = (*STRATUM, *(i for i in ITEMS if i not in (*STRATUM, OTHER, REASON)), "claim_id")
    columns = ", ".join(f"line.{name}" for name in kept)
    met = " AND ".join(f"line.{c} IS NOT DISTINCT FROM reason.{c}" for c in STRATUM)
    text = f"""{base},
risk AS (
    SELECT {columns}, reason.{REASON}, reason.stratum_hits, reason.stratum_lines,
        coalesce(line.is_denied AND line.{REASON} = reason.{REASON}, FALSE) AS is_hit
    FROM line JOIN reason ON {met}
    WHERE NOT is_held
),
owned AS (
    SELECT {stratum}, {REASON}, claim_id, is_hit, stratum_hits, stratum_lines,
        CASE {" ".join(cases)} END AS owner
    FROM risk
),
due AS (
    SELECT owner,
        CAST(count(*) * max(stratum_hits) AS DOUBLE) / nullif(max(stratum_lines), 0) AS due,
        max(stratum_hits) AS hits
    FROM owned WHERE owner IS NOT NULL GROUP BY owner, {stratum}, {REASON}
),
struck AS (
    SELECT owner, count(*) AS hits FROM owned
    WHERE owner IS NOT NULL AND is_hit GROUP BY owner, claim_id
),
hit AS (SELECT owner, sum(hits) AS denied, sum(hits * hits) AS squares FROM struck GROUP BY owner),
owner AS (SELECT owner, sum(due) AS expected, sum(hits) AS touched FROM due GROUP BY owner)
SELECT CAST(owner.owner AS BIGINT) AS owner, owner.expected AS left_expected,
    owner.touched AS left_touched, coalesce(hit.denied, 0) AS left_denied,
    coalesce(hit.squares, 0) AS left_squares
FROM owner LEFT JOIN hit ON hit.owner = owner.owner"""
    return Query(text, params)
