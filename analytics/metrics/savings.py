"""Contracts that share savings: where a year stands, and where it is likely to end."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from analytics.errors import BadQueryError, UnknownNameError
from analytics.facts_contracts import contract_year
from analytics.metrics._contract_past import Months, Past, months
from analytics.metrics._contract_settled import Scope, cents, sums
from analytics.metrics._metric import Where, where_lines
from analytics.metrics._parts import as_of
from analytics.metrics._triangle import whole_periods
from analytics.query import Engine, Query, conditions
from analytics.stats import projection
from analytics.stats.projection import Coming, Estimate

_DOLLARS, _SHARE = pl.Decimal(18, 2), pl.Float64()
_UNKNOWN = Estimate(np.nan, np.nan, 1.0)
_COLUMNS: Mapping[str, pl.DataType] = {
    "contract_name": pl.String(), "payer_name": pl.String(), "line_of_business": pl.String(),
    "year": pl.Date(), "scope": pl.String(), "months": pl.Int64(), "months_over": pl.Int64(),
    "n": pl.Int64(), "beneficiaries": pl.Int64(), "member_months": pl.Int64(),
    "run_out_share": _SHARE,
    "benchmark_amount": _DOLLARS, "known_amount": _DOLLARS, "completion": _SHARE,
    "expenditure_amount": _DOLLARS, "expenditure_low": _DOLLARS, "expenditure_high": _DOLLARS,
    "savings_rate": _SHARE, "minimum_rate": _SHARE, "savings_chance": _SHARE,
    "loss_chance": _SHARE, "quality": _SHARE, "applied_rate": _SHARE,
    "generated_amount": _DOLLARS, "earned_amount": _DOLLARS, "earned_low": _DOLLARS,
    "earned_high": _DOLLARS, "binding_cap": pl.String(), "trend": _SHARE, "method": pl.String(),
    "is_final": pl.Boolean(), "unpriced_amount": _DOLLARS,
}  # fmt: skip


def shared_savings(
    engine: Engine,
    contract: str | None = None,
    *,
    trend: float | None = None,
    level: float = 0.95,
    where: Where | None = None,
) -> pl.DataFrame:
    """Contracts that share savings, year by year: settled to date and as the year is likely to end.

    Contracts are TOML files that were loaded (`docs/contracts.md`); `contract` names one.  Per
    contract and year one row of ``scope`` ``to_date`` (the whole months so far as if the year ended
    with them), while it runs, and one of ``year_end``: ``months`` settled, of them ``months_over``;
    ``n`` (people with a month of cover), ``beneficiaries`` (as the contract says, else those: what
    CMS's minimum goes by), ``member_months``,
    ``run_out_share`` (of the member months over: three months have passed since),
    ``benchmark_amount``, ``known_amount`` (dollars known of the months over), ``completion`` (their
    share of all, claims still to come counted in), ``expenditure_amount`` with the interval
    ``expenditure_low, expenditure_high`` that holds it with the chance `level`; what comes of it
    under the terms: ``savings_rate``, ``minimum_rate``, ``savings_chance`` and ``loss_chance`` (of
    reaching the minimum either way; of losses, where they are shared), ``quality``,
    ``applied_rate``, ``generated_amount``, ``earned_amount`` (below 0 owed; the interval is
    ``earned_low, earned_high``) and ``binding_cap``; ``trend`` (from year to year, of months to
    come), ``method`` (``seasonal, level``; ``none`` without months to come) and ``is_final`` (all
    months over, and three more); ``unpriced_amount`` (dollars paid on claims of which no amount
    allowed was told, where the contract counts allowed: they cost nothing here, and make savings).

    Months over are completed as `completed_pmpm` says. Months to come have the members of the last
    month over, and cost per member what the same month cost a year before, times the `trend`: that
    of the last twelve months over the twelve before, unless given (0.05 for 5 % a year). With less
    than two years of claims, or a change of more than a half between them, they cost what the last
    twelve months or fewer did, and nothing is known of season or trend. The interval is that of
    `stats.projection`: how far such completions were off in the past, and how months differ; a
    change still to come (prices, members, epidemics), members who leave and a benchmark not final
    yet are not in it. Null where the past is too short, or claims have no day on which they were
    known, unless the year is final.

    `where` is of contract_name, payer_name, line_of_business and year.  Raises `UnknownNameError`
    for a name or contract that is none, `BadQueryError` for a trend or level that is none.
    Source: 42 CFR 425.604 to 425.610.
    """
    _check(trend, level)
    years = engine.fetch(_years(engine, contract, where or {}))
    last = as_of(engine)
    until = whole_periods(last, "month") if last else dt.date.min
    known = months(engine, until)
    rows = [
        row
        for year in years.to_dicts()
        for row in _settled(year, known, trend, level)
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=_COLUMNS, orient="row")
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _check(trend: float | None, level: float) -> None:
    if trend is not None and not -1 < trend <= 1:
        raise BadQueryError("a trend is a share from year to year above -1 and up to 1: 0.05")
    if not 0 < level < 1:
        raise BadQueryError("a level is a share between 0 and 1: 0.95")


def _years(engine: Engine, contract: str | None, where: Where) -> Query:
    for name in where:
        if name not in contract_year.dimensions:
            raise UnknownNameError("dimension", name, contract_year.dimensions)
    if contract is not None:
        found = engine.fetch(Query("SELECT DISTINCT contract_name FROM contract_year", {}))
        if contract not in (names := found["contract_name"].to_list()):
            raise UnknownNameError("contract", contract, names)
        where = {**where, "contract_name": contract}
    filters, params = conditions(where)
    lines = [
        "-- Contracts by year, with their terms.",
        f"SELECT * FROM {contract_year.name}",
        *where_lines(filters),
        "ORDER BY contract_name, year",
    ]
    return Query("\n".join(lines), params)


def _settled(
    year: Mapping[str, Any], known: Months, trend: float | None, level: float
) -> list[dict[str, Any]]:
    """The rows of a contract and year."""
    head = {name: year[name] for name in _COLUMNS if name in contract_year.dimensions}
    head["unpriced_amount"] = year["unpriced_amount"]
    past = known.past(year["contract_name"], year["performance_year"])
    if past is None:
        return [{**head, "scope": "year_end", "months": 12, "months_over": 0, "is_final": False}]
    part = past.part
    people, run_out = (float(months[part].sum()) for months in (past.members, past.run_out))
    count = int(past.new_members[part].sum() if past.over else past.members[-1])
    paid = float(past.known[part].sum())
    of_year = {
        **head, "months_over": past.over,
        "run_out_share": run_out / people if people else None, "known_amount": cents(paid),
        "quality": float(year["quality"]), "is_final": past.is_final,
    }  # fmt: skip
    scopes = _scopes(past, trend)
    gone = scopes[0].estimate.amount if past.over else np.nan
    of_year["completion"] = paid / gone if gone > 0 else None
    return [of_year | sums(year, scope, count or None, level, paid) for scope in scopes]


def _scopes(past: Past, trend: float | None) -> list[Scope]:
    """The year so far, while it runs, and at its end."""
    covered, gone = float(past.members[past.part].sum()), _gone(past)
    if past.over == 12:
        return [Scope("year_end", 12, covered, gone, None)]
    ahead = np.full(12 - past.over, past.members[-1])
    coming = Coming(_UNKNOWN, np.nan, "none")
    if past.is_dated and past.first <= len(past.known):
        done = projection.completed(past.triangle, past.members)
        coming = projection.coming(done, past.members, ahead, len(past.known), trend)
    whole = projection.added(gone, coming.estimate) if past.over else coming.estimate
    end = Scope("year_end", 12, covered + float(ahead.sum()), whole, coming)
    return [Scope("to_date", past.over, covered, gone, None), end] if past.over else [end]


def _gone(past: Past) -> Estimate:
    """What the months over will have cost; without days, of a final year what is known of it."""
    if past.is_dated:
        part = past.part
        return projection.gone(past.triangle, past.members, part.start, part.stop)
    known = Estimate(float(past.known[past.part].sum()), 0.0, 1.0)
    return known if past.is_final else _UNKNOWN
