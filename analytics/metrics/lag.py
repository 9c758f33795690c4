"""How long money takes to arrive."""

from analytics.facts import claim_outcome
from analytics.metrics._kinds import Wait

_OPEN = (
    "Claims still open count as waiting on the last day of the data (a voided one on its void "
    "date): leaving them out would flatter the payer with the longest queue."
)

days_submission_to_answer = Wait(
    name="days_submission_to_answer",
    title="Days from submission to answer",
    definition="Median days from first sending a claim to the payer's first answer.",
    unit="days",
    better="lower",
    denominator="claims submitted",
    date_basis="date of first submission",
    source="837 BHT04 to 835 BPR16, the span prompt-pay laws count; Kaplan-Meier",
    notes=_OPEN,
    fact=claim_outcome,
    left_out={"answered before it was sent": "days_to_answer < 0"},
    days="days_to_answer",
    ended="first_answer_date IS NOT NULL",
    period="submission_date",
)

days_submission_to_payment = Wait(
    name="days_submission_to_payment",
    title="Days from submission to payment",
    definition="Median days from first sending a claim to the first answer that paid anything.",
    unit="days",
    better="lower",
    denominator="claims submitted",
    date_basis="date of first submission",
    source="837 BHT04 to 835 BPR16 of the first payment above 0; Kaplan-Meier",
    notes=_OPEN,
    fact=claim_outcome,
    left_out={"paid before it was sent": "days_to_payment < 0"},
    days="days_to_payment",
    ended="first_paid_date IS NOT NULL",
    period="submission_date",
)
