"""Every metric, and the catalogue of them by name."""

from collections.abc import Callable, Mapping

import polars as pl

from analytics.metrics import (
    aged,
    audits,
    coded,
    coding,
    collections,
    denial_ends,
    denials,
    first_denials,
    inpatient,
    lag,
    open_denials,
    preventive,
    prompt_pay,
    quality,
    readmissions,
    remit_denials,
    underpayment,
    utilisation,
    value,
)
from analytics.metrics._balance import Balance
from analytics.metrics._kinds import OverRevenue, Proportion, Ratio, Total
from analytics.metrics._maturity import MATURE, Maturity
from analytics.metrics._member import PerMember
from analytics.metrics._metric import Every, Metric, Where
from analytics.metrics._mix import Mix
from analytics.metrics._modifiers import ModifierRate
from analytics.metrics._named import named
from analytics.metrics._priced import Priced
from analytics.metrics._trailing import Trailing
from analytics.metrics._wait import Clock, Wait, as_wait
from analytics.metrics.alerts import denial_alerts
from analytics.metrics.bridge import denial_bridge
from analytics.metrics.cash import cash_curve
from analytics.metrics.cohorts import denial_cohorts
from analytics.metrics.comparison import payer_comparison
from analytics.metrics.completed import completed_pmpm
from analytics.metrics.completion import completed_payments, completion_factors
from analytics.metrics.contract_rate_use import contract_rate_use
from analytics.metrics.contracts import denials_in_contract
from analytics.metrics.curves import lag_curve, outcome_curve
from analytics.metrics.denial_ratios import denial_ratios
from analytics.metrics.denials import denial_pareto
from analytics.metrics.drivers import rate_drivers
from analytics.metrics.edit_coverage import edit_coverage
from analytics.metrics.forecast import backtest_cash, expected_cash
from analytics.metrics.legal_days import legal_days
from analytics.metrics.member_cost import member_cost
from analytics.metrics.member_count import by_people, member_count, with_people
from analytics.metrics.patterns import coding_patterns, pattern_lines
from analytics.metrics.peers import em_level_index, modifier_index
from analytics.metrics.prevention import pqi_rates
from analytics.metrics.prompt_pay_worklist import prompt_pay_worklist
from analytics.metrics.quality_gaps import quality_gaps
from analytics.metrics.reconciliation import cash_reconciliation
from analytics.metrics.risk_scores import (
    hcc_gaps,
    hcc_recapture_rate,
    risk_score,
    risk_scores,
)
from analytics.metrics.rollforward import ar_rollforward
from analytics.metrics.savings import shared_savings
from analytics.metrics.scorecard import payer_scorecard
from analytics.metrics.underpayment_worklist import underpayment_worklist
from analytics.metrics.worklist import denial_worklist

CATALOGUE: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        denials.initial_denial_rate,
        denials.full_denial_rate,
        denials.partial_denial_rate,
        first_denials.initial_denial_rate_submitted,
        first_denials.initial_denial_dollars,
        denials.denied_dollar_rate,
        denials.line_denial_rate,
        denials.denied_dollars,
        remit_denials.primary_denial_rate,
        remit_denials.remittance_denial_rate,
        denials.first_pass_rate,
        denials.clean_claim_rate,
        denials.rejection_rate,
        denials.overturn_rate,
        denials.recovery_rate,
        denial_ends.final_denial_rate,
        denial_ends.denial_write_off_rate,
        first_denials.preventable_share,
        first_denials.hard_share,
        denial_ends.repeat_denials,
        denial_ends.appeal_rate,
        denial_ends.appeal_success_rate,
        denial_ends.days_denial_to_resubmission,
        denial_ends.days_denial_to_resolution,
        open_denials.open_denied_dollars,
        coding.coding_denial_rate,
        coding.edit_rate,
        coding.ptp_bypass_rate,
        coding.edit_precision,
        coding.edit_recall,
        coded.em_level_mix,
        coded.modifier_rate,
        coded.unspecified_rate,
        inpatient.drg_single_cc_share,
        audits.code_over_code,
        audits.case_over_case,
        lag.days_service_to_submission,
        lag.days_submission_to_answer,
        lag.days_submission_to_payment,
        lag.days_service_to_payment,
        lag.days_denial_to_payment,
        aged.ar_aging,
        aged.aged_ar_share,
        aged.credit_balances,
        aged.days_in_ar,
        collections.net_collection_rate,
        collections.gross_collection_rate,
        prompt_pay.prompt_pay_breaches,
        prompt_pay.prompt_pay_days_late,
        prompt_pay.prompt_pay_interest,
        underpayment.underpayment,
        underpayment.contract_match_rate,
        underpayment.recode_rate,
        value.pmpm,
        value.paid_pmpm,
        utilisation.admissions_per_1000,
        utilisation.ed_visits_per_1000,
        utilisation.snf_stays_per_1000,
        utilisation.office_visits_per_1000,
        utilisation.average_length_of_stay,
        readmissions.readmission_rate,
        readmissions.follow_up_rate,
        readmissions.follow_up_14_day_rate,
        preventive.avoidable_ed_share,
        preventive.pqi_rate,
        preventive.annual_wellness_rate,
        preventive.leakage,
        preventive.assignment_rate,
        quality.quality_gap_rate,
        quality.quality_closure_rate,
        quality.quality_uncoded_rate,
        preventive.expanded_assignment_rate,
    )
}

# What is asked of metrics: functions of an engine that give frames of their own shape.
STUDIES: Mapping[str, Callable[..., pl.DataFrame]] = {
    study.__name__: study
    for study in (
        denial_pareto,
        denial_bridge,
        rate_drivers,
        payer_comparison,
        denial_cohorts,
        denial_worklist,
        denial_alerts,
        edit_coverage,
        coding_patterns,
        denial_ratios,
        em_level_index,
        modifier_index,
        prompt_pay_worklist,
        legal_days,
        underpayment_worklist,
        contract_rate_use,
        lag_curve,
        outcome_curve,
        cash_curve,
        payer_scorecard,
        ar_rollforward,
        cash_reconciliation,
        completion_factors,
        completed_payments,
        completed_pmpm,
        pqi_rates,
        denials_in_contract,
        shared_savings,
        member_cost,
        risk_score,
        risk_scores,
        hcc_gaps,
        hcc_recapture_rate,
        quality_gaps,
        expected_cash,
        backtest_cash,
    )
}

__all__ = [
    "CATALOGUE",
    "MATURE",
    "STUDIES",
    "Balance",
    "Clock",
    "Every",
    "Maturity",
    "Metric",
    "Mix",
    "ModifierRate",
    "OverRevenue",
    "PerMember",
    "Priced",
    "Proportion",
    "Ratio",
    "Total",
    "Trailing",
    "Wait",
    "Where",
    "aged",
    "ar_rollforward",
    "as_wait",
    "audits",
    "backtest_cash",
    "by_people",
    "cash_curve",
    "cash_reconciliation",
    "coded",
    "coding",
    "coding_patterns",
    "collections",
    "completed_payments",
    "completed_pmpm",
    "completion_factors",
    "contract_rate_use",
    "denial_alerts",
    "denial_bridge",
    "denial_cohorts",
    "denial_ends",
    "denial_pareto",
    "denial_ratios",
    "denial_worklist",
    "denials",
    "denials_in_contract",
    "edit_coverage",
    "em_level_index",
    "expected_cash",
    "first_denials",
    "hcc_gaps",
    "hcc_recapture_rate",
    "inpatient",
    "lag",
    "lag_curve",
    "legal_days",
    "member_cost",
    "member_count",
    "modifier_index",
    "named",
    "open_denials",
    "outcome_curve",
    "pattern_lines",
    "payer_comparison",
    "payer_scorecard",
    "pqi_rates",
    "preventive",
    "prompt_pay",
    "prompt_pay_worklist",
    "quality",
    "quality_gaps",
    "rate_drivers",
    "readmissions",
    "remit_denials",
    "risk_score",
    "risk_scores",
    "shared_savings",
    "underpayment",
    "underpayment_worklist",
    "utilisation",
    "value",
    "with_people",
]
