"""The members with open quality gaps: whom to see, and for what."""

import polars as pl

from analytics.errors import BadQueryError, MissingReferenceError
from analytics.metrics._metric import Where
from analytics.metrics._parts import as_of
from analytics.metrics.quality import LOAD, quality_gap_rate
from analytics.query import Engine, Query, conditions

_ITEMS = (
    "person_id", "measure", "measure_number", "specification_year", "payer_name",
    "line_of_business", "sex_code", "age", "assigned_to", "provider_npi", "visit_date",
    "gap_state", "last_done_date", "not_eligible_reason", "history_months", "is_run_out",
    "allowed_amount",
)  # fmt: skip
_UNCHECKED = "SELECT count(*) AS n FROM quality_gap WHERE NOT is_checked AND measure IS NULL"


def quality_gaps(
    engine: Engine,
    year: int | None = None,
    *,
    where: Where | None = None,
    with_unseen: bool = False,
    limit: int | None = None,
) -> pl.DataFrame:
    """Open gaps of quality measures by member, those first who have the most of them.

    One row per member and measure, at most `limit` (None for all), of a calendar year (if not given
    that of the as-of date): ``person_id`` (the database's own), ``open_gaps`` (of the member, in
    this list), ``measure, measure_number, specification_year, payer_name, line_of_business,
    sex_code``, ``age`` (at the last encounter), ``assigned_to`` (network, a tax number or an NPI;
    null where nobody), ``provider_npi, visit_date`` (of the last encounter), ``gap_state``
    (falls_short: a result that does not do; no_result: done, but its result not coded; not_seen),
    ``last_done_date`` (null while never seen), ``not_eligible_reason``, ``history_months`` (months
    of cover known to the end of the year: care before them is not seen), ``is_run_out`` (false:
    claims of the year still come), ``allowed_amount`` (dollars of the member's care in it).  With
    `with_unseen` also members of age, sex and cover without an encounter that counts (no_visit),
    whom no measure counts.

    A list of members: give it to nobody who may not see one; and a gap is a question to a
    clinician: what no claim says may have been done.
    Raises `MissingReferenceError` where no specification is loaded, `UnknownNameError` for unknown
    dimensions, `BadQueryError` for a `year` that is none or a `limit` below 0.
    Source: that of quality_gap_rate.
    """
    quality_gap_rate.checked((), where)
    _check(year, limit)
    if engine.fetch(Query(_UNCHECKED)).item():
        raise MissingReferenceError(
            "no specification of quality measures is loaded: `revcycle reference load "
            f"{LOAD}` (of your year), then `revcycle build`"
        )
    day = as_of(engine)
    filters, params = conditions(where or {})
    params["wanted_year"] = year or (day.year if day else 0)
    is_in = "(is_open OR (not_eligible_reason = 'no_visit' AND NOT is_closed AND NOT is_excluded))"
    lines = [
        "-- Open gaps of quality measures, by member.",
        "SELECT person_id, count(*) OVER (PARTITION BY person_id) AS open_gaps,",
        "    " + ", ".join(_ITEMS[1:]),
        "FROM quality_gap",
        "WHERE year(year) = $wanted_year AND is_checked",
        f"  AND {is_in if with_unseen else 'is_open'}",
        *(f"  AND {test}" for test in filters),
        "ORDER BY open_gaps DESC, person_id ASC, measure ASC, measure_number ASC, option_group ASC",
    ]
    if limit is not None:
        lines.append("LIMIT $row_limit")
        params["row_limit"] = limit
    return engine.fetch(Query("\n".join(lines), params))


def _check(year: int | None, limit: int | None) -> None:
    if year is not None and (type(year) is not int or not 1900 <= year <= 9999):
        raise BadQueryError("year is a calendar year, such as 2026")
    if limit is not None and (type(limit) is not int or limit < 0):
        raise BadQueryError("limit is a number of rows, or None for all")
