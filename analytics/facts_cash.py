"""The facts of receivables and cash."""

from analytics.fact import CLAIM_DATES, CLAIM_DIMENSIONS, Fact

movement = Fact(
    name="movement",
    grain="dated movement of money",
    key=("file_id", "record_no", "kind", "claim_id", "position"),
    needs=(("submission", "answer", "provider_adjustment", "write_off", "patient_payment"),),
    unit="movement",
)
ledger = Fact(
    name="ledger",
    grain="dated movement of money, by what its claim can be sliced by",
    key=("file_id", "record_no", "kind", "claim_id", "position"),
    amount="amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CLAIM_DATES,
        "kind": "charge, payer_payment, contractual, patient_share, denied ...",
        "entry_date": "Day of the movement",
    },
    is_view=True,
)
claim_balance = Fact(
    name="claim_balance",
    grain="claim and span of days between two of its movements",
    key=("claim_id", "from_date"),
    amount="open_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CLAIM_DATES,
        "from_date": "First day on which the balance stood",
        "to_date": "Last day on which it stood",
    },
    needs=("movement", "billed_claim"),
    unit="claim_id",
    ages={"to_date": "to_date = $old"},
)
collection = Fact(
    name="collection",
    grain="claim to a first payer, with what later payers and the patient paid on it",
    key=("claim_id",),
    amount="charge_amount",
    dimensions={**CLAIM_DIMENSIONS, **CLAIM_DATES},
    needs=("movement", "billed_claim"),
    unit="claim_id",
    ages={"days_since_sent": "TRUE"},
)
cash = Fact(
    name="cash",
    grain="payment (835), with what the ledger has of it",
    key=("remit_id",),
    amount="payment_amount",
    dimensions={
        "file_name": "File it came in",
        "record_no": "Position of the payment in the file",
        "payer_name": "Who paid, under its reporting name",
        "line_of_business": "Kind of cover of the payer",
        "payment_date": "Day of payment; null where it is unknown or after the as-of date",
        "status": "counted, of no known date, or after the as-of date",
        "method_code": "ACH, CHK, NON ...",
    },
    needs=("remit",),
)
