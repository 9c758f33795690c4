"""Whole curves of waits: how much still waits after each day, and what ended it first."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics import stats
from analytics.facts import claim_outcome
from analytics.metrics._metric import Metric, Where, listed
from analytics.metrics._wait import Clock, Wait, as_wait, counts_of
from analytics.metrics.lag import days_submission_to_answer, days_submission_to_payment
from analytics.query import Engine

# First outcomes, each with the claims it is said of; every claim answered is one of them.
OUTCOMES = {
    "paid": "first_outcome = 'paid' AND first_paid_amount > 0",
    "denied": "first_outcome IN ('denied', 'partially_denied')",
    "patient_only": "first_outcome = 'paid' AND first_paid_amount <= 0",
    "no_pay_other": "first_outcome = 'no_pay_other'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _FirstOutcome(Wait):
    """A wait whose ends are told apart by what first came."""

    @property
    def sums(self) -> tuple[str, ...]:
        ends = (f"count(*) FILTER (WHERE {test}) AS {name}" for name, test in OUTCOMES.items())
        return (*ends, counts_of(self.ended)[1])


# Not of the catalogue: what it gives is a curve and no number.
_FIRST_OUTCOME = _FirstOutcome(
    name="first_outcome",
    title="First outcome by day",
    definition="Claims by what their first answer said, and by the days from first sending them.",
    unit="share",
    better="lower",
    denominator="claims submitted",
    date_basis="date of first submission",
    source=days_submission_to_answer.source,
    fact=claim_outcome,
    left_out=days_submission_to_answer.left_out,
    days=days_submission_to_answer.days,
    ended=days_submission_to_answer.ended,
    period="submission_date",
)


def lag_curve(
    engine: Engine,
    metric: Metric | str = days_submission_to_payment,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    clock: Clock | None = None,
) -> pl.DataFrame:
    """The share still waiting after each day, by Kaplan and Meier, of any metric of days.

    `metric` is one of the catalogue or its name.

    One row per group and day on which a wait ended or was cut off: by, ``days``, ``still`` (the
    share that waits longer than that) with its 95% log-log interval ``low, high``, null while
    nobody or everybody is done; ``at_risk`` (waiting up to that day), ``ended`` and ``waiting``
    (ended on it; cut off on it by the end of the data or a void).  Not asked otherwise the wait is
    `days_submission_to_payment`.  `clock` is ``received`` for waits from receipt, of
    `days_submission_to_answer` alone: the frame then ends with ``counted_from``, by which figures
    name it.  No rows for no data.  Raises `BadQueryError` for a metric that is no wait,
    `UnknownNameError` for unknown dimensions and clocks.
    Sources: Kaplan & Meier (1958), JASA 53:457; Kalbfleisch & Prentice (1980) for the interval.
    """
    return as_wait(metric, clock).curve(engine, by, where=where)


def outcome_curve(
    engine: Engine, by: str | Sequence[str] = (), *, where: Where | None = None
) -> pl.DataFrame:
    """The share of claims first paid, denied, or left to the patient by each day since sending.

    These compete: what comes first rules out the others, and claims still open count as waiting.
    One row per group, ``outcome`` and day: by, ``outcome, days, share`` (of all claims sent, first
    answered so by that day) with its 95% log-log interval ``low, high``, null while the share is
    0 or 1; ``at_risk`` (unanswered up to that day) and ``ended`` (first answered so on it).
    Outcomes: ``paid`` (something paid, nothing denied), ``denied`` (wholly or in part),
    ``patient_only`` (nothing paid or denied, the patient owes), ``no_pay_other`` (none of these:
    prior payer, contractual for the whole charge, denied as a duplicate only).  The four shares
    and the share unanswered add up to 1.  Spans that `days_submission_to_answer` leaves out are
    left out.  No rows for no data.  Raises `UnknownNameError` for unknown dimensions.
    Source: Aalen & Johansen (1978), Scandinavian Journal of Statistics 5:141.
    """
    parts = engine.fetch(_FIRST_OUTCOME.query(by, where=where))
    return stats.aalen_johansen(parts, list(OUTCOMES), listed(by))
