"""Statistics on summed counts.  Frames and expressions in, frames and expressions out; no SQL."""

from analytics.stats.alarms import alarms
from analytics.stats.bands import done_in_bands
from analytics.stats.changes import mix_and_rate
from analytics.stats.control import chart, runs
from analytics.stats.empirical_bayes import GammaMixture, fit_mixture, geometric_mean, quantile
from analytics.stats.exact import binomial_tails
from analytics.stats.funnels import Z998, funnel
from analytics.stats.intervals import Z95, count_ratio, poisson, ratio, wilson
from analytics.stats.multiple import benjamini_hochberg
from analytics.stats.outcomes import aalen_johansen
from analytics.stats.ranks import rank_ranges
from analytics.stats.shares import shares_of_total
from analytics.stats.shrinkage import beta_binomial, random_effects
from analytics.stats.waits import kaplan_meier, wait_quantiles

__all__ = [
    "Z95",
    "Z998",
    "GammaMixture",
    "aalen_johansen",
    "alarms",
    "benjamini_hochberg",
    "beta_binomial",
    "binomial_tails",
    "chart",
    "count_ratio",
    "done_in_bands",
    "fit_mixture",
    "funnel",
    "geometric_mean",
    "kaplan_meier",
    "mix_and_rate",
    "poisson",
    "quantile",
    "random_effects",
    "rank_ranges",
    "ratio",
    "runs",
    "shares_of_total",
    "wait_quantiles",
    "wilson",
]
