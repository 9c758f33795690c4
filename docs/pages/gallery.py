"""One example a figure.  The code of each is what its page shows, and what drew the picture."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import polars as pl

import analytics as rc

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def ranked(db: rc.Database) -> "Axes":
    """Which groups are worse than others, and whether chance could have done it."""
    rate = rc.metrics.CATALOGUE["initial_denial_rate"]
    whole = rate(db)["value"].item()
    return rc.plots.ranked(rate(db, by="payer_name"), rate, reference=whole)


def trend(db: rc.Database) -> "Axes":
    """How a number moves, and which of its periods are not settled yet."""
    rate = rc.metrics.CATALOGUE["clean_claim_rate"]
    return rc.plots.trend(rate(db, every="month"), rate)


def heatmap(db: rc.Database) -> "Axes":
    """Where and when: a row a group, a column a period."""
    rate = rc.metrics.CATALOGUE["initial_denial_rate"]
    return rc.plots.heatmap(rate(db, by="payer_name", every="month"), rate)


def pareto(db: rc.Database) -> "Axes":
    """Which few groups make up most of the dollars."""
    dollars = rc.metrics.CATALOGUE["denied_dollars"]
    return rc.plots.pareto(rc.metrics.denial_pareto(db, by="denial_category"), dollars)


def bridge(db: rc.Database) -> "Axes":
    """Why denial rates of several definitions differ on the same data."""
    rate = rc.metrics.CATALOGUE["initial_denial_rate"]
    return rc.plots.bridge(rc.metrics.denial_bridge(db), rate)


def effects(db: rc.Database) -> "Axes":
    """What moved a rate: each group's own rate, or the mix of groups."""
    rate = rc.metrics.CATALOGUE["initial_denial_rate"]
    spring = rc.Between(dt.date(2026, 1, 1), dt.date(2026, 4, 1))
    summer = rc.Between(dt.date(2026, 4, 1), dt.date(2026, 7, 1))
    moved = rc.metrics.rate_drivers(db, rate, by="payer_name", before=spring, after=summer)
    return rc.plots.effects(moved, rate)


def funnel(db: rc.Database) -> "Axes":
    """Who is beyond what chance and their mix of claims allow."""
    rate = rc.metrics.CATALOGUE["initial_denial_rate"]
    return rc.plots.funnel(rc.metrics.payer_comparison(db, rate), rate)


def grid(db: rc.Database) -> "Axes":
    """Which procedures a payer denies more than its other lines make one expect."""
    return rc.plots.grid(rc.metrics.denial_ratios(db))


def scorecard(db: rc.Database) -> "Axes":
    """Payers side by side in several numbers, each with its rank."""
    return rc.plots.scorecard(rc.metrics.payer_scorecard(db))


def curve(db: rc.Database) -> "Axes":
    """How long payers let claims wait, with the day by which they have to answer."""
    answer = rc.metrics.as_wait(rc.metrics.CATALOGUE["days_submission_to_answer"], "received")
    legal = rc.metrics.legal_days(db, by="payer_name")
    days = dict(legal.select("payer_name", "days").iter_rows())
    waits = rc.metrics.lag_curve(db, answer, by="payer_name")
    return rc.plots.curve(waits, answer, legal_day=days)


def spread(db: rc.Database) -> "Axes":
    """Whose answers are quick and whose are not: the middle half of waits, and the slowest."""
    wait = rc.metrics.CATALOGUE["days_submission_to_answer"]
    return rc.plots.spread(wait(db, by="payer_name"), wait)


def outcomes(db: rc.Database) -> "Axes":
    """By which day claims are paid, denied or left to the patient, or still wait."""
    return rc.plots.outcomes(rc.metrics.outcome_curve(db, by="payer_name"))


def stacked(db: rc.Database) -> "Axes":
    """What each group owes, by how old it is."""
    aging = rc.metrics.CATALOGUE["ar_aging"]
    owed = aging(db, by="payer_name")
    return rc.plots.stacked(owed, aging, by="payer_name", parts="age_bucket")


def aging(db: rc.Database) -> "Axes":
    """How receivables aged, month end by month end."""
    aging = rc.metrics.CATALOGUE["ar_aging"]
    return rc.plots.aging(aging(db, every="month"), aging)


def forecast(db: rc.Database) -> "Axes":
    """What will be paid in the coming weeks on claims already sent."""
    return rc.plots.forecast(rc.metrics.expected_cash(db))


def levels(db: rc.Database) -> "Axes":
    """How one provider codes visits beside the others of the specialty."""
    index = rc.metrics.em_level_index(db)
    widest = index.sort("n", descending=True).select("rendering_provider", "em_family").head(1)
    one = index.join(widest, on=["rendering_provider", "em_family"])
    return rc.plots.levels(one, rc.metrics.CATALOGUE["em_level_mix"])


def completed(db: rc.Database) -> "Axes":
    """What members cost a month, young months completed by the claims still to come."""
    months = rc.metrics.completed_pmpm(db)
    return rc.plots.completed(months.filter(pl.col("value").cum_max() > 0))


def cost_bands(db: rc.Database) -> "Axes":
    """How much of the cost few members have."""
    year = {"year": dt.date(2026, 1, 1)}
    return rc.plots.cost_bands(rc.metrics.member_cost(db, where=year))


FIGURES: Mapping[str, Callable[[rc.Database], "Axes"]] = {
    figure.__name__: figure
    for figure in (
        ranked,
        trend,
        heatmap,
        pareto,
        bridge,
        effects,
        funnel,
        grid,
        scorecard,
        curve,
        spread,
        outcomes,
        stacked,
        aging,
        forecast,
        levels,
        completed,
        cost_bands,
    )
}
