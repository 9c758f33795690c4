"""How long money takes to arrive."""

from analytics.facts import claim_outcome
from analytics.metrics._wait import REJECTED, Wait

_OPEN = (
    "Claims still open count as waiting on the last day of the data (a voided one on its void "
    "date): leaving them out would flatter the payer with the longest queue."
)
_UNPAID = (
    f"{_OPEN} Claims answered without payment (denied, left to the patient) wait on, so the last "
    "percentiles may never be reached."
)
_SERVED = {
    f"{REJECTED}: no day of service": "service_to_date IS NULL",
    f"{REJECTED}: served after the wait ends": "days_service_to_payment < 0",
}

days_service_to_submission = Wait(
    name="days_service_to_submission",
    title="Days from service to submission",
    definition="Median days from the last day of service to first sending the claim.",
    unit="days",
    better="lower",
    denominator="claims submitted",
    date_basis="date of first submission",
    source="837 DTP*472 or 434 to BHT04, charge lag and bill hold together; Kaplan-Meier",
    notes="Only what was sent is in the data, so no wait is open: services not billed yet are not "
    "seen.",
    fact=claim_outcome,
    left_out={
        f"{REJECTED}: no day of service": "service_to_date IS NULL",
        f"{REJECTED}: served after it was sent": "days_to_submission < 0",
    },
    days="days_to_submission",
    ended="TRUE",
    period="submission_date",
)

_receipt_to_answer = Wait(
    name="days_submission_to_answer",
    title="Days from receipt to answer",
    definition="Median days from the payer's receipt of a claim to its first answer.",
    unit="days",
    better="lower",
    denominator="claims submitted",
    date_basis="date of first submission",
    source="835 DTM*050 to BPR16, the span most prompt-pay laws count; Kaplan-Meier",
    notes="Where no answer says when the claim was received, as with every claim still open, the "
    f"day it was first sent stands for it. {_OPEN}",
    fact=claim_outcome,
    left_out={f"{REJECTED}: answered before it was received": "days_receipt_to_answer < 0"},
    days="days_receipt_to_answer",
    ended="first_answer_date IS NOT NULL",
    period="submission_date",
    start="received",
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
    notes=f"{_OPEN} The clock `received` counts from DTM*050 instead, where the payer sends it.",
    fact=claim_outcome,
    left_out={f"{REJECTED}: answered before it was sent": "days_to_answer < 0"},
    days="days_to_answer",
    ended="first_answer_date IS NOT NULL",
    period="submission_date",
    clocks={"received": _receipt_to_answer},
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
    notes=_UNPAID,
    fact=claim_outcome,
    left_out={f"{REJECTED}: paid before it was sent": "days_to_payment < 0"},
    days="days_to_payment",
    ended="first_paid_date IS NOT NULL",
    period="submission_date",
)

days_service_to_payment = Wait(
    name="days_service_to_payment",
    title="Days from service to payment",
    definition="Median days from the last day of service to the first answer that paid anything.",
    unit="days",
    better="lower",
    denominator="claims submitted",
    date_basis="date of first submission",
    source="837 DTP*472 or 434 to 835 BPR16 of the first payment above 0; Kaplan-Meier",
    notes=_UNPAID,
    fact=claim_outcome,
    left_out=_SERVED,
    days="days_service_to_payment",
    ended="first_paid_date IS NOT NULL",
    period="submission_date",
)

days_denial_to_payment = Wait(
    name="days_denial_to_payment",
    title="Days from denial to payment",
    definition="Median days from the first answer that denied anything to the first later one "
    "that paid anything.",
    unit="days",
    better="lower",
    denominator="claims ever denied",
    date_basis="date of the first denial",
    source="835 BPR16 of the first denial to that of the next payment above 0; Kaplan-Meier",
    notes="Paid on the day of the denial is for what was not denied, and ends no wait. Any later "
    f"payment does, whatever line it is for. {_OPEN}",
    fact=claim_outcome,
    left_out={
        "not denied": "first_denial_date IS NULL",
        f"{REJECTED}: voided before it was denied": "days_denial_to_payment < 0",
    },
    days="days_denial_to_payment",
    ended="denial_paid_date IS NOT NULL",
    period="first_denial_date",
)
