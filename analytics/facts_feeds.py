"""The facts of claims that payers settled, as their feeds tell them."""

from analytics.fact import Fact

payer_claim_version = Fact(
    name="payer_claim_version",
    grain="version of a payer's claim, with what became of it",
    key=("payer_claim_id",),
    amount="signed_paid_amount",
    dimensions={
        "feed_code": "cclf, fhir, rif, synpuf, synthea or tuva",
        "fate": "final, copy, not_final, cancellation, cancelled, superseded or not_paid",
    },
    needs=("payer_claim",),
)
settled_line = Fact(
    name="settled_line",
    grain="line of a payer's claim that stands, and what its lines do not add up to",
    key=("payer_claim_line_id", "line_no", "is_remainder"),
    amount="paid_amount",
    needs=("payer_claim",),
)
settled_claim = Fact(
    name="settled_claim",
    grain="payer's claim that stands",
    key=("payer_claim_id",),
    amount="paid_amount",
    dimensions={
        "feed_code": "cclf, fhir, rif, synpuf, synthea or tuva",
        "payer_name": "Payer that settled it",
        "line_of_business": "Kind of cover",
        "claim_type": "professional, institutional, pharmacy, dental or vision",
        "service_category": "inpatient, skilled_nursing, home_health, hospice, emergency, "
        "outpatient, professional, dme, pharmacy, dental or vision",
        "service_from_date": "First day of service",
    },
    needs=("payer_claim",),
)
own_settled_claim = Fact(
    name="own_settled_claim",
    grain="primary claim of ours that was answered, in the shape of settled_claim",
    key=("payer_claim_id",),
    amount="paid_amount",
    is_view=True,
)
own_settled_line = Fact(
    name="own_settled_line",
    grain="answered line of such a claim, and what its lines do not add up to, as settled_line",
    key=("payer_claim_line_id", "line_no", "is_remainder"),
    amount="paid_amount",
    is_view=True,
)
feed_doubt = Fact(
    name="feed_doubt",
    grain="record of a payer's feed, with a reason to leave it out or look at it",
    key=("fact_name", "reason", "file_id", "record_no"),
    amount="amount",
    needs=(("settled_claim", "payer_claim", "payer_claim_line", "eligibility"),),
)
