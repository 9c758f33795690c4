"""What care costs the people in a contract, and what the contract makes of it.

Metrics over the database, and functions of plain frames and numbers: no database knows them.
"""

from analytics.contracts import SharedSavings, Terms, mssp_terms, read_terms, shared_savings
from analytics.facts import member_month
from analytics.metrics._kinds import Ratio
from analytics.metrics._maturity import Maturity
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
    "payment_factors",
    "payment_scores",
    "pmpm",
    "read_terms",
    "shared_savings",
]

pmpm = Ratio(
    name="pmpm",
    title="Allowed per member per month",
    definition="Dollars allowed on primary claims of covered members, by month of service, over "
    "the months of cover.",
    unit="dollars_per_member_month",
    better="lower",
    denominator="member months: persons with at least one day of cover in the month",
    date_basis="month of service",
    source="health-plan practice; CMS ACO benchmark reports use paid or allowed alike",
    notes="Recent months lack claims not yet answered; answered_share tells. Claims of months "
    "without cover are out. The interval takes member months as independent.",
    fact=member_month,
    top="allowed_amount",
    bottom="1",
    period="month",
    maturity=Maturity(column="answered_share", settled="answered_claim_count", whole="claim_count"),
)
