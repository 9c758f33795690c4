"""Every metric, and the catalogue of them by name."""

from collections.abc import Mapping

from analytics.metrics import aged, coding, denials, lag, open_denials, value
from analytics.metrics._balance import Balance
from analytics.metrics._kinds import Proportion, Ratio, Total, Wait
from analytics.metrics._metric import Every, Metric, Where
from analytics.metrics.denials import denial_pareto

CATALOGUE: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        denials.initial_denial_rate,
        denials.full_denial_rate,
        denials.partial_denial_rate,
        denials.denied_dollar_rate,
        denials.line_denial_rate,
        denials.denied_dollars,
        denials.first_pass_rate,
        denials.clean_claim_rate,
        denials.rejection_rate,
        denials.overturn_rate,
        denials.recovery_rate,
        open_denials.open_denied_dollars,
        coding.coding_denial_rate,
        lag.days_submission_to_answer,
        lag.days_submission_to_payment,
        lag.ar_aging,
        aged.aged_ar_share,
        lag.days_in_ar,
        value.pmpm,
    )
}

__all__ = [
    "CATALOGUE",
    "Balance",
    "Every",
    "Metric",
    "Proportion",
    "Ratio",
    "Total",
    "Wait",
    "Where",
    "aged",
    "coding",
    "denial_pareto",
    "denials",
    "lag",
    "open_denials",
    "value",
]
