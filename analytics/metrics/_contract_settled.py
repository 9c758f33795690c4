"""A year of a contract settled: benchmark, expenditure with its interval, and what is earned."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from analytics import contracts
from analytics.stats import projection
from analytics.stats.projection import Coming, Estimate

_MOST = 10.0**12  # dollars a contract can be settled for are less
_LAST = Decimal("999999999999.99")


class Scope(NamedTuple):
    """What of a year is settled: the months gone by alone, or with those to come."""

    name: str
    months: int
    member_months: float
    estimate: Estimate
    coming: Coming | None


def sums(
    year: Mapping[str, Any], scope: Scope, count: int | None, level: float, paid: float
) -> dict[str, Any]:
    """Benchmark, expenditure and what comes of both."""
    benchmark = _benchmark(year, scope)
    low, high = projection.band(scope.estimate, level)
    low = max(low, min(paid, scope.estimate.amount))  # it has come, but for what is taken back
    told: dict[str, Any] = {
        "scope": scope.name, "months": scope.months, "n": count,
        "beneficiaries": year["beneficiaries"] or count,
        "member_months": round(scope.member_months), "benchmark_amount": benchmark,
        "expenditure_amount": cents(scope.estimate.amount), "expenditure_low": cents(low),
        "expenditure_high": cents(high), "method": scope.coming.method if scope.coming else "none",
        "trend": scope.coming.trend if scope.coming else None,
    }  # fmt: skip
    if None in (told["expenditure_amount"], benchmark, told["beneficiaries"]):
        return told
    return told | _outcome(year, scope.estimate, told)


def _outcome(
    year: Mapping[str, Any], estimate: Estimate, told: Mapping[str, Any]
) -> dict[str, Any]:
    """The year settled at what is expected and at both ends: the more it cost the less is earned.

    Settled at nothing and at twice the benchmark too, for the minimum rates of savings and losses.
    """
    terms, benchmark = contracts.terms_of(year), told["benchmark_amount"]
    ends = [told["expenditure_low"], told["expenditure_high"]]
    has_ends = None not in ends
    twice = min(benchmark * 2, _LAST)
    asked = [told["expenditure_amount"], Decimal(0), twice, *(ends if has_ends else [])]
    found = contracts.shared_savings(
        [benchmark] * len(asked), asked, [told["beneficiaries"]] * len(asked), terms
    )
    at, least, most = found.rows(named=True)[:3]
    earned = found["earned_amount"].to_list()
    chance = projection.chance_below(estimate, float(benchmark) * (1 - least["minimum_rate"]))
    below = projection.chance_below(estimate, float(benchmark) * (1 + most["minimum_rate"]))
    return {
        **{n: at[n] for n in ("savings_rate", "minimum_rate", "applied_rate", "generated_amount",
                              "earned_amount", "binding_cap")},
        "savings_chance": chance,
        "loss_chance": 1 - below if terms.sides == "two" else None,
        "earned_low": earned[4] if has_ends else None,
        "earned_high": earned[3] if has_ends else None,
    }  # fmt: skip


def _benchmark(year: Mapping[str, Any], scope: Scope) -> Decimal | None:
    """The benchmark of the months settled, to the cent; None where there are none."""
    if year["benchmark_amount"] is not None:
        whole = year["benchmark_amount"] * scope.months
    else:
        whole = year["benchmark_per_person_year"] * round(scope.member_months)
    return (whole / 12).quantize(Decimal("0.01")) or None


def cents(amount: float) -> Decimal | None:
    known = np.isfinite(amount) and 0 <= amount < _MOST
    return Decimal(f"{amount:.2f}") if known else None
