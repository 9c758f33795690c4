"""How payments on claims complete over the months, and what is still to come of young months."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from analytics.metrics._metric import Where, listed
from analytics.metrics._triangle import Step, framed, triangles
from analytics.query import Engine
from analytics.stats import triangles as stats

_FACTORS = {
    "lag": pl.Int64(), "n": pl.Int64(), "factor": pl.Float64(), "completion": pl.Float64(),
}  # fmt: skip
_COMPLETED = {
    "period": pl.Date(), "lag": pl.Int64(), "charge_amount": pl.Decimal(18, 2),
    "paid_amount": pl.Decimal(18, 2), "completion": pl.Float64(), "method": pl.String(),
    "completed_amount": pl.Float64(), "expected_amount": pl.Float64(),
}  # fmt: skip


def completion_factors(
    engine: Engine,
    by: str | Sequence[str] = "payer_name",
    *,
    every: Step = "month",
    where: Where | None = None,
) -> pl.DataFrame:
    """How much of all that payers will pay has been paid so long after a claim was first sent.

    One row per group and ``lag``, periods (`every` month or week) after the one of first sending:
    by, ``lag``, ``n`` (periods of sending the factor rests on), ``factor`` (the volume-weighted
    link ratio to the next lag: payments by then over payments by now, of the periods that have
    reached it; null at the last lag, and where nothing had been paid) and ``completion`` (the share
    of all paid by the end of the lag, 1 at the oldest lag seen: no tail is added).  Only periods
    that are over count.  Payments are net of what payers take back: where more of that comes than
    of payments a factor is below 1, and ``completion`` above it (more was paid by then than stays).
    Claims sent more than 36 months (104 weeks) ago are left out.
    Raises `UnknownNameError` for unknown names.
    Source: chain ladder, Mack (1993), ASTIN Bulletin 23:213.
    """
    found = triangles(engine, listed(by), every, where)
    rows: list[tuple[Any, ...]] = []
    for key, paid in (found.paid if found else {}).items():
        last = len(paid) - 1
        before, after = stats.link_ratios(paid, last)
        shares = stats.shares(paid, last)
        sent = found.charged[key].sum(axis=1) > 0 if found else np.array([])
        for lag, share in enumerate(shares):
            factor = after[lag] / before[lag] if lag < last and before[lag] > 0 else None
            rows.append((*key, lag, int(sent[: last - lag].sum()), factor, float(share)))
    return framed(rows, listed(by), _FACTORS)


def completed_payments(
    engine: Engine,
    by: str | Sequence[str] = "payer_name",
    *,
    every: Step = "month",
    where: Where | None = None,
) -> pl.DataFrame:
    """What payers paid on the claims sent in each month, and what they will have paid in the end.

    One row per group and period of first sending: by, ``period``, ``lag`` (periods since), in
    dollars ``charge_amount`` and ``paid_amount``, ``completion`` (the share of all that is paid by
    this lag), ``method``, ``completed_amount`` (all that is expected to be paid) and
    ``expected_amount`` (what of it is still to come: below 0 where more will be taken back than
    paid, as after a lag whose completion is above 1).  The method is ``chain_ladder``: paid over
    completion; or, where completion is below one half, ``bornhuetter_ferguson``: paid, and of the
    charges what is expected of all periods (paid over charges used up, the Cape Cod method) times
    what is still to come.  Raises `UnknownNameError` for unknown names.
    Sources: Mack (1993); Bornhuetter & Ferguson (1972), PCAS 59:181; Stanard (1985).
    """
    found = triangles(engine, listed(by), every, where)
    rows: list[tuple[Any, ...]] = []
    for key, paid in (found.paid if found else {}).items():
        last = len(paid) - 1
        done = stats.complete(paid, found.charged[key], last) if found else None
        for row in range(last + 1 if done else 0):
            if not found or not done or not (done.exposure[row] or done.paid[row]):
                continue
            method = "bornhuetter_ferguson" if done.is_young[row] else "chain_ladder"
            came, whole = float(done.paid[row]), float(done.ultimate[row])
            sums = (Decimal(f"{amount:.2f}") for amount in (done.exposure[row], came))
            share = float(done.share[last - row])
            rows.append(
                (*key, found.first_day(row), last - row, *sums, share, method, whole, whole - came)
            )  # fmt: skip
    return framed(rows, listed(by), _COMPLETED)
