"""The queries behind coding patterns: what is tested, and each pattern's sums over its strata."""

from collections.abc import Mapping, Sequence

from analytics.metrics._metric import Where
from analytics.metrics._pattern_lines import (
    CARE,
    CODE,
    MODIFIER,
    OTHER,
    PAYER,
    PROCEDURE,
    REASON,
    STRATUM,
    lines_of,
    same,
)
from analytics.query import Query, Value

SINGLE = (PROCEDURE, MODIFIER, *CARE)
_SAME = {"diagnosis_category", "diagnosis_chapter"}
# A procedure with its modifiers is one item where it stands beside another.
_PLAIN = (
    *((one,) for one in (*SINGLE, OTHER)),
    *((a, b) for i, a in enumerate(SINGLE) for b in SINGLE[i + 1 :] if {a, b} != _SAME),
    *((*CODE, one) for one in (*CARE, OTHER)),
    (PROCEDURE, OTHER),
)
# The items patterns are made of, each within one payer and over all.
FAMILIES: tuple[tuple[str, ...], ...] = (
    *_PLAIN,
    *((one, REASON) for one in SINGLE),
    (*CODE, REASON),
)
_SUMS = ("lines", "denied", "expected", "touched", "squares")
_LINES = {"lines": "sum(lines)"}
_DUE = {
    "expected": "sum(CAST(lines * stratum_hits AS DOUBLE) / nullif(stratum_lines, 0))",
    "touched": "sum(stratum_hits)",
}  # fmt: skip
_HIT = {"denied": "sum(hits)", "squares": "sum(hits * hits)"}
_SIZE = "CASE WHEN squares > denied THEN CAST(squares AS DOUBLE) / nullif(denied, 0) ELSE 1 END"
_AMOUNT = "coalesce(sum(amount) FILTER (WHERE NOT is_held), 0) AS denied_amount"
_ZEROS = ", ".join(
    f"coalesce(hit.{name}, 0) AS {name}"
    for name in ("denied", "squares", "held_denied", "held_squares", "denied_amount")
)
SUMS = (*_SUMS, *(f"held_{name}" for name in _SUMS))
_MOST_PROCEDURES = 30  # of a claim whose procedures are looked at beside each other


def patterns(family: Sequence[str], where: Where, held: Value | None, support: int) -> Query:
    """Sums of the patterns of one family; those denied less than `support` times counted in bins.

    Of the bins ``patterns`` says how many they hold; what could never be denied is none of them.
    """
    items = [item for item in family if item != REASON]
    base, params = lines_of(where, held, (*items, PROCEDURE) if OTHER in items else items)
    keys, kind = ", ".join(items), ", ".join((PAYER, *family))
    reason = f", {REASON}" if REASON in family else ""
    rate = "reason" if reason else "stratum"
    sums = ", ".join((*SUMS, "denied_amount"))
    text = f"""{base},
{_beside(items)},
{_often(items)},
exposed AS (
    SELECT {", ".join(STRATUM)}, is_held, {keys}, count(*) AS lines
    FROM often GROUP BY {", ".join(STRATUM)}, is_held, {keys}
),
struck AS (
    SELECT claim_id, {PAYER}, is_held, {keys}{reason}, count(*) AS hits,
        sum(denied_amount) AS amount
    FROM seen WHERE is_denied AND {_known(items)}
    GROUP BY claim_id, {PAYER}, is_held, {keys}{reason}
),
risk AS (
    SELECT exposed.*, {rate}.stratum_hits, {rate}.stratum_lines{reason and f", reason.{REASON}"}
    FROM exposed JOIN {rate} ON {same(rate, STRATUM, "exposed")}
),
{_whole(items) if reason else ""}due AS (
    {_twice(_both(_DUE if reason else _LINES | _DUE), "risk", family)}
),
hit AS (
    {_twice(f"{_both(_HIT)}, {_AMOUNT}", "struck", family)}
),
found AS (
    SELECT due.*{reason and ", whole.lines, whole.held_lines"}, {_ZEROS}
    FROM due {f"JOIN whole ON {same('whole', (PAYER, *items), 'due')}" if reason else ""}
    LEFT JOIN hit ON {same("hit", (PAYER, *family), "due")}
),
tested AS (SELECT * FROM found WHERE lines >= $support AND expected > 0)
SELECT {kind}, {sums}, 1 AS patterns FROM tested WHERE denied >= $support
UNION ALL
SELECT {", ".join("NULL" for _ in (PAYER, *family))}, {", ".join(f"avg({name})" for name in SUMS)},
    0, count(*)
FROM tested WHERE denied < $support
GROUP BY
    round(denied / nullif({_SIZE}, 0)),
    round(4 * ln(CAST(expected AS DOUBLE) / nullif({_SIZE}, 0)))"""
    return Query(text, {**params, "support": support})


def _beside(items: Sequence[str]) -> str:
    """``seen``: the lines; where asked for, each once with every other procedure of its claim."""
    if OTHER not in items:
        return "seen AS (SELECT * FROM line)"
    return f"""procedure_of AS (
    SELECT claim_id, procedure_code AS {OTHER} FROM line
    WHERE procedure_code IS NOT NULL GROUP BY claim_id, procedure_code
),
small AS (
    SELECT claim_id FROM procedure_of GROUP BY claim_id
    HAVING count(*) BETWEEN 2 AND {_MOST_PROCEDURES}
),
seen AS (
    SELECT line.*, procedure_of.{OTHER} FROM line
    JOIN small ON small.claim_id = line.claim_id
    JOIN procedure_of ON procedure_of.claim_id = line.claim_id
    WHERE procedure_of.{OTHER} <> line.procedure_code
)"""


def _often(items: Sequence[str]) -> str:
    """``often``: lines with all items, of items that come together in enough lines to be tested.

    Most pairs of codes are rarer: counting their strata took most of the time.
    """
    known = f"SELECT seen.* FROM seen WHERE {_known(items)}"
    if len(items) == 1:
        return f"often AS ({known})"
    keys = ", ".join(items)
    alike = " AND ".join(f"enough.{item} = seen.{item}" for item in items)
    return f"""enough AS (
    SELECT {keys} FROM seen WHERE NOT is_held AND {_known(items)}
    GROUP BY {keys} HAVING count(*) >= $support
),
often AS (SELECT seen.* FROM seen JOIN enough ON {alike})"""


def _whole(items: Sequence[str]) -> str:
    """``whole``: the lines of the items, whatever the reason of their denials."""
    return f"""whole AS (
    {_twice(_both(_LINES), "exposed", items)}
),
"""


def _known(items: Sequence[str]) -> str:
    return " AND ".join(f"{item} IS NOT NULL" for item in items)


def _twice(sums: str, table: str, keys: Sequence[str]) -> str:
    """A grouped query by payer and over all payers."""
    names = ", ".join(keys)
    return (
        f"SELECT {PAYER}, {names}, {sums} FROM {table} WHERE {PAYER} IS NOT NULL "
        f"GROUP BY {PAYER}, {names}\n    UNION ALL\n"
        f"    SELECT NULL, {names}, {sums} FROM {table} GROUP BY {names}"
    )


def _both(sums: Mapping[str, str]) -> str:
    """Each sum before the month held out, then in it."""
    return ", ".join(
        f"coalesce({total} FILTER (WHERE {side}), 0) AS {prefix}{name}"
        for side, prefix in (("NOT is_held", ""), ("is_held", "held_"))
        for name, total in sums.items()
    )
