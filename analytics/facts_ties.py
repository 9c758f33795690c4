"""The facts of who is named, which claims there are, and what ties to them."""

from analytics.fact import Fact

_REASON_WORDS = ("group_code", "carc_code", "category", "preventable", "hardness")
_CARE = (
    "claim_type",
    "payer_sequence_code",
    "facility_state_code",
    "place_of_service_code",
    "bill_type_code",
    "diagnosis_category",
)

known_payer = Fact(
    name="known_payer",
    grain="payer as named in a file",
    key=("payer_id",),
    words=("payer_name", "line_of_business"),
    needs=("payer",),
    unit="list",
)
known_provider = Fact(name="known_provider", grain="NPI", key=("npi",), unit="list")
person = Fact(
    name="person",
    grain="patient record, with the person it is",
    key=("patient_id",),
    needs=("patient",),
)
adjustment_kind = Fact(
    name="adjustment_kind",
    grain="group code and reason code seen",
    key=("group_code", "carc_code"),
    needs=("adjustment",),
    unit="list",
)
chain = Fact(
    name="chain",
    grain="submission, with its chain",
    key=("submission_id",),
    needs=("claim",),
    unit="submission_id",
)
tie = Fact(
    name="tie",
    grain="claim payment, with the chain it answers",
    key=("remit_claim_id",),
    needs=("remit_claim",),
    unit="remit_claim_id",
)
chain_link = Fact(
    name="chain_link",
    grain="chain linked to others by payer claim number",
    key=("chain_id",),
    needs=("chain", "tie"),
    unit="chain_id",
)
submission = Fact(
    name="submission",
    grain="submission",
    key=("submission_id",),
    needs=("chain",),
    unit="submission_id",
)
acknowledgement_tie = Fact(
    name="acknowledgement_tie",
    grain="acknowledgement, with the submission or each set it is of",
    key=("acknowledgement_id", "transaction_id"),
    needs=("acknowledgement",),
    unit="acknowledgement_id",
)
denial = Fact(
    name="denial",
    grain="denying adjustment",
    key=("remit_claim_id", "remit_line_id", "record_no", "position"),
    words=(*_REASON_WORDS, "rarc_code"),
    needs=("adjustment", "tie"),
    unit="remit_claim_id",
)
answer = Fact(
    name="answer",
    grain="claim payment, with its claim",
    key=("remit_claim_id",),
    needs=("tie",),
    unit="remit_claim_id",
)
known_filing = Fact(
    name="known_filing",
    grain="payer and filing code on a claim",
    key=("payer_id", "claim_filing_code"),
    words=("payer_name", "line_of_business"),
    needs=("claim",),
    unit="list",
)
known_care = Fact(
    name="known_care",
    grain="kind of care on a claim: type, payer's turn, place and diagnosis",
    key=_CARE,
    words=(*_CARE, "diagnosis_chapter"),
    needs=("claim",),
    unit="list",
)
known_team = Fact(
    name="known_team",
    grain="biller, renderer and site together on a claim",
    key=("billing_npi", "rendering_npi", "facility_npi"),
    words=(
        "billing_npi",
        "billing_provider",
        "rendering_npi",
        "rendering_provider",
        "specialty",
        "provider_group",
        "facility",
    ),
    needs=("claim",),
    unit="list",
)
billed_claim = Fact(
    name="billed_claim",
    grain="claim, as billed",
    key=("claim_id",),
    needs=("submission",),
    unit="claim_id",
)

posting_tie = Fact(
    name="posting_tie",
    grain="record of a billing-system extract, with its claim",
    key=("table_name", "file_id", "record_no"),
    needs=(("write_off", "patient_payment", "appeal", "audit"),),
    unit="record",
)
