"""The facts of what payers owe by contract and by law."""

from analytics.fact import CARE_DIMENSIONS, CLAIM_DATES, CLAIM_DIMENSIONS, Fact

fee_release = Fact(
    name="fee_release",
    grain="release of the physician fee schedule",
    key=("start_date",),
    needs=("medicare_fee",),
    unit="list",
)
rate_in_force = Fact(
    name="rate_in_force",
    grain="kind of service answered and span of days, with its contract rate",
    key=(
        "payer_name", "claim_type", "procedure_code", "modifier_key", "place_of_service_code",
        "facility", "start_date",
    ),
    needs=("answered_line", "contract_rate"),
)  # fmt: skip
priced_line = Fact(
    name="priced_line",
    grain="service line a payer answered, with what it should have allowed",
    key=("remit_claim_id", "line_no"),
    amount="charge_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        "place_of_service_code": "Place of service of a professional claim",
        "rendering_provider": "Who gave the service",
        "procedure_code": "Procedure as billed",
        "modifier_key": "Modifiers, sorted and joined by commas",
        "revenue_code": "Revenue code of an institutional line",
        "answer_date": "Day of payment",
        "service_date": "Day of service",
        "rate_source": "contract or inferred; null where no rate is known",
        "rate_method": "FEE, PERCENT_OF_CHARGE or PERCENT_OF_MEDICARE; null where inferred",
        "variance_kind": "Usual reduction that may explain a lower amount: multiple_procedure, "
        "bilateral, assistant, reduced, units or several_answers",
    },
    needs=("answered_line",),
)
calendar_day = Fact(
    name="calendar_day",
    grain="day on which a payer's clock can run, with the business days so far",
    key=("calendar_date",),
    needs=("claim",),
)
prompt_pay = Fact(
    name="prompt_pay",
    grain="submission, with the day the payer had to answer it by",
    key=("submission_id",),
    amount="billed_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CLAIM_DATES,
        **CARE_DIMENSIONS,
        "submission_date": "Day this submission was sent",
        "clock_date": "Day the payer received it, else the day it was sent",
        "clock": "received (DTM*050) or sent",
        "due_date": "Last day to answer it; null without a rule",
        "answer_date": "Day of the first answer to it; null while none has come",
        "rule_level": "What decided: payer, contract days, line of business, state of the payer "
        "or state of service; null without a rule",
        "rule_jurisdiction": "Payer, line of business or state of the rule",
        "rule_confidence": "What the rule rests on: two sources, recalled ...; only two are taken "
        "as verified",
        "interest_unknown": "Why no interest can be told of a late answer",
    },
    needs=("submission_outcome",),
    unit="submission_id",
    opens="answer_date IS NULL OR (due_date >= $old AND due_date < $new)",
    spine="submission_outcome",
)
