"""How long money takes to arrive, and how much of it is still out."""

from analytics.facts import claim_outcome, ledger
from analytics.metrics._balance import Aging, DaysOpen
from analytics.metrics._kinds import Wait

_OPEN = (
    "Claims still open count as waiting on the last day of the data (a voided one on its void "
    "date): leaving them out would flatter the payer with the longest queue."
)
_FORMULA = (
    "Open = charge - paid - contractual - patient share - prior payer - other non-denial "
    "adjustments - write-offs, of answers not taken back. Denied and pended dollars stay open; "
    "a resubmission adds no second charge; a void closes the claim."
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

ar_aging = Aging(
    name="ar_aging",
    title="A/R aging",
    definition="Dollars insurers still owe on a day, by the age of the claim.",
    unit="dollars",
    better="lower",
    denominator="claims with an open balance",
    date_basis="balance on a day; age from the last day of service",
    source="HFMA MAP Keys, aged A/R",
    notes=f"{_FORMULA} Credit balances stand apart, never netted.",
    fact=ledger,
    left_out={"tied to no claim": "claim_id IS NULL"},
    period="entry_date",
)

days_in_ar = DaysOpen(
    name="days_in_ar",
    title="Days in A/R",
    definition="Dollars insurers still owe on a day, over the average daily charges of claims "
    "first sent in the 90 days up to it.",
    unit="days",
    better="lower",
    denominator="average daily charges of the last 90 days",
    date_basis="balance on a day",
    source="HFMA MAP Keys FM-1, net days in A/R, on gross charges",
    notes=f"{_FORMULA} Credit balances are left out of the numerator.",
    fact=ledger,
    left_out={"tied to no claim": "claim_id IS NULL"},
    period="entry_date",
)
