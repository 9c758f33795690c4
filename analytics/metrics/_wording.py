"""What the metrics of denials say alike."""

from analytics.metrics._maturity import MATURE, Maturity

HFMA = "HFMA Claim Integrity Task Force, Standardizing Denial Metrics (2021)"
DUPLICATES = (
    "Claims whose only denial code is CARC 18 (duplicate) are left out above and below; "
    "an option (include duplicates) counts them as denied."
)
UNANSWERED = {"not answered yet": "first_answer_date IS NULL"}
NOT_DENIED = {**UNANSWERED, "not denied at first": "NOT is_initially_denied"}

# Commercial plans must leave 180 days for an appeal: 29 CFR 2560.503-1(h)(3)(i).
WINDOW = 180  # days after which a denial that nothing settled is taken as final
COHORT = (
    "A denial is settled once anything was paid on what it denied, written off or voided, or after "
    f"{WINDOW} days; a month of denials is mature when {MATURE:.0%} are."
)
SETTLED = Maturity(
    column="settled_share",
    settled="CASE WHEN is_initially_denied AND (denial_resolved_date IS NOT NULL"
    f" OR days_since_denial > {WINDOW}) THEN 1 ELSE 0 END",
    whole="CASE WHEN is_initially_denied THEN 1 ELSE 0 END",
)
