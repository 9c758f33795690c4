"""The facts of receivables and cash."""

from analytics.fact import CLAIM_DATES, CLAIM_DIMENSIONS, Fact

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
)
collection = Fact(
    name="collection",
    grain="claim to a first payer, with what later payers and the patient paid on it",
    key=("claim_id",),
    amount="charge_amount",
    dimensions={**CLAIM_DIMENSIONS, **CLAIM_DATES},
    needs=("movement", "billed_claim"),
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
