"""First denials over what was sent, and of which kind they are."""

from analytics.facts import claim_outcome
from analytics.metrics._kinds import Proportion, Ratio
from analytics.metrics._maturity import MATURE
from analytics.metrics._trailing import Trailing
from analytics.metrics._wording import DUPLICATES, HFMA, NOT_DENIED, UNANSWERED

_KIND = (
    "Of the reason code of the largest denial of the first answer, as the code map says; what "
    "depends on the case counts below only."
)

initial_denial_rate_submitted = Trailing(
    name="initial_denial_rate_submitted",
    title="Initial denial rate on submissions",
    definition="Claims first denied in a month, over the mean number of claims first sent in each "
    "of the three months before it.",
    unit="share",
    better="lower",
    denominator="claims first sent in the three months before, a third of them",
    date_basis="month of the first answer; months of first submission below",
    source=f"{HFMA}, metric 1 (volume, TF-1a)",
    notes="A month without three months of data before it, or not over by the as-of date, has no "
    "value; longer periods pool their months. Claims above and below are not the same, so the rate "
    "moves when volume does. answered_share is of the claims below; a month is mature at "
    f"{MATURE:.0%}. {DUPLICATES}",
    fact=claim_outcome,
    duplicates="is_duplicate",
    event="is_initially_denied",
    duplicate_event="is_duplicate",
    sent="submission_date",
    answered="is_answered",
    period="first_answer_date",
)

initial_denial_dollars = Ratio(
    name="initial_denial_dollars",
    title="Initial denial rate in dollars",
    definition="Of the charges on claims a payer has answered, the share on claims whose first "
    "answer denied all or some of them.",
    unit="share",
    better="lower",
    denominator="charges answered",
    date_basis="date of the first answer",
    source=f"{HFMA}, metric 1 (dollars, TF-1b)",
    notes="Counts the whole charge of a claim denied in part; denied_dollar_rate counts the "
    f"dollars denied. HFMA divides by charges submitted. {DUPLICATES}",
    fact=claim_outcome,
    left_out=UNANSWERED,
    duplicates="is_duplicate",
    top="CASE WHEN is_initially_denied THEN first_charge_amount ELSE 0 END",
    bottom="first_charge_amount",
    period="first_answer_date",
)

preventable_share = Proportion(
    name="preventable_share",
    title="Preventable denials",
    definition="Of the claims first denied, the share denied for a reason the provider could have "
    "prevented.",
    unit="share",
    better="lower",
    denominator="claims first denied",
    date_basis="date of the first answer",
    source="Change Healthcare Denials Index (2020); the project's map of reason codes",
    notes=_KIND,
    fact=claim_outcome,
    left_out=NOT_DENIED,
    event="denial_preventable = 'yes'",
    period="first_answer_date",
)

hard_share = Proportion(
    name="hard_share",
    title="Hard denials",
    definition="Of the claims first denied, the share denied for a reason that a corrected claim "
    "does not cure.",
    unit="share",
    better="lower",
    denominator="claims first denied",
    date_basis="date of the first answer",
    source="industry practice (soft and hard denials); the project's map of reason codes",
    notes=_KIND,
    fact=claim_outcome,
    left_out=NOT_DENIED,
    event="denial_hardness = 'hard'",
    period="first_answer_date",
)
