"""What care costs the people in a contract, and what the contract makes of it.

Metrics over the database, and functions of plain frames and numbers: no database knows them.
"""

from dataclasses import replace

from analytics.contracts import SharedSavings, Terms, mssp_terms, read_terms, shared_savings
from analytics.facts_value import member_spend
from analytics.metrics._maturity import Maturity
from analytics.metrics._member import PerMember
from analytics.risk import (
    hcc_factors,
    hcc_findings,
    hcc_scores,
    payment_factors,
    payment_scores,
)

__all__ = [
    "SharedSavings",
    "Terms",
    "hcc_factors",
    "hcc_findings",
    "hcc_scores",
    "mssp_terms",
    "paid_pmpm",
    "payment_factors",
    "payment_scores",
    "pmpm",
    "read_terms",
    "shared_savings",
]

_UNCOVERED = {"claim of a month without cover": "NOT is_covered"}
pmpm = PerMember(
    name="pmpm",
    title="Allowed per member per month",
    definition="Dollars allowed on claims of covered members, by month of service, over the months "
    "of cover.",
    unit="dollars_per_member_month",
    better="lower",
    denominator="member months: persons with at least one day of cover in the month",
    date_basis="month of the last day of service",
    source="health-plan practice; CMS ACO benchmark reports use paid or allowed alike",
    notes="Claims are those that payers settled, and our own primary ones of people no feed tells "
    "of. By service_category each has its dollars over all member months. A claim whose amount "
    "the feed does not say adds 0, and is counted in what is left out (of hospitals in Medicare's "
    "feeds, the allowed: use paid_pmpm). Recent months lack claims not yet answered "
    "(answered_share) or not yet sent (is_run_out). The interval takes claims as independent.",
    fact=member_spend,
    left_out=_UNCOVERED,
    top="allowed_amount",
    above=("service_category", "claim_source"),
    period="month",
    maturity=Maturity(column="answered_share", settled="answered_claim_count", whole="claim_count"),
)
paid_pmpm = replace(
    pmpm,
    fact=replace(member_spend, amount="paid_amount"),
    name="paid_pmpm",
    title="Paid per member per month",
    definition="Dollars payers paid on claims of covered members, by month of service, over the "
    "months of cover.",
    top="member_spend.paid_amount",
)
