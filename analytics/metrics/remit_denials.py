"""Denials counted on what payers send, whatever was sent to them."""

from analytics.facts import payment_outcome
from analytics.metrics._kinds import Proportion
from analytics.metrics._wording import HFMA

_NO_ANSWER = {
    "claim payment that reverses another": "role = 'reversal'",
    "claim payment only forwarded": "role = 'forwarded'",
    "answer to a request for a price": "role = 'predetermination'",
    "claim payment with nothing but pend codes": "role = 'pended'",
}

primary_denial_rate = Proportion(
    name="primary_denial_rate",
    title="Primary denial rate",
    definition="Of the answers of primary payers, the share that paid nothing and denied all or "
    "some of the claim.",
    unit="share",
    better="lower",
    denominator="answers of primary payers",
    date_basis="date of the answer",
    source=f"{HFMA}, metric 2 (TF-2)",
    notes="Counts every answer, not only the first. Payments of one claim on one day are one "
    "answer. Answers whose only denial code is CARC 18 (duplicate) are left out; an option (include"
    " duplicates) counts them as denied.",
    fact=payment_outcome,
    left_out={
        **_NO_ANSWER,
        "tied to no claim": "is_answer AND NOT is_matched",
        "not of the primary payer": "is_answer AND is_matched AND payer_sequence_code <> 'P'",
        "a further payment of the same answer": "is_answer AND is_matched "
        "AND payer_sequence_code = 'P' AND NOT is_answer_head",
    },
    duplicates="is_answer_head AND payer_sequence_code = 'P' AND is_answer_duplicate",
    event="is_answer_unpaid_denial",
    duplicate_event="is_answer_duplicate",
    period="answer_date",
)

remittance_denial_rate = Proportion(
    name="remittance_denial_rate",
    title="Remittance denial rate",
    definition="Of the claim payments on remittances, the share that denies all or some of the "
    "claim.",
    unit="share",
    better="lower",
    denominator="claim payments that answer a claim",
    date_basis="date of payment",
    source="HFMA MAP Keys, remittance denial rate (AR-5)",
    notes="Any answer counts, first or later, of any payer, tied to a claim or not. Those whose "
    "only denial code is CARC 18 (duplicate) are left out; an option (include duplicates) counts "
    "them as denied.",
    fact=payment_outcome,
    left_out=_NO_ANSWER,
    duplicates="is_answer AND is_duplicate",
    event="is_denying",
    duplicate_event="is_duplicate",
    period="answer_date",
)
