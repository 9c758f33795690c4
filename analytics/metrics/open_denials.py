"""Denied dollars that can still be worked."""

from analytics.facts import claim_outcome
from analytics.metrics._kinds import Total

open_denied_dollars = Total(
    name="open_denied_dollars",
    title="Open denied dollars",
    definition="Dollars the first answer denied that are still in the open balance of the claim.",
    unit="dollars",
    better="lower",
    denominator="claims first denied and still open",
    date_basis="date of the first answer",
    source="835 answers and write-offs up to the as-of date",
    notes="At most the open balance of the claim. Paid, written-off, "
    "voided and patient dollars are out.",
    fact=claim_outcome,
    left_out={
        "not answered yet": "first_answer_date IS NULL",
        "not denied at first": "NOT is_initially_denied",
        "nothing open": "open_balance_amount <= 0",
    },
    amount="open_denied_amount",
    period="first_answer_date",
)
