"""The fact tables: one SQL file each, one row per stated thing.

Every join the project needs is made once, in these files, at a declared grain.
A metric then reads exactly one fact, so slicing it can never duplicate rows.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

from analytics.errors import UnknownNameError
from analytics.fact import CARE_DIMENSIONS as _CARE_DIMENSIONS
from analytics.fact import CLAIM_DATES as _CLAIM_DATES
from analytics.fact import CLAIM_DIMENSIONS as _CLAIM_DIMENSIONS
from analytics.fact import Fact, text
from analytics.facts_cash import cash, claim_balance, collection, ledger, movement
from analytics.facts_coding import (
    audited_case,
    audited_code,
    billed_line,
    coded_diagnosis,
    discharge,
    known_renderer,
    known_service,
)
from analytics.facts_contracts import CONTRACTS
from analytics.facts_edits import EDITS
from analytics.facts_feeds import (
    feed_doubt,
    own_settled_claim,
    own_settled_line,
    payer_claim_version,
    settled_claim,
    settled_line,
)
from analytics.facts_pay import (
    calendar_day,
    fee_release,
    priced_line,
    prompt_pay,
    rate_in_force,
)
from analytics.facts_quality import QUALITY
from analytics.facts_ties import (
    acknowledgement_tie,
    adjustment_kind,
    answer,
    billed_claim,
    chain,
    chain_link,
    denial,
    known_care,
    known_filing,
    known_payer,
    known_provider,
    known_team,
    person,
    posting_tie,
    submission,
    tie,
)
from analytics.facts_value import VALUE

_DENIAL_DIMENSIONS: Mapping[str, str] = {
    "denial_category": "Reason for the first denial, by category; null where none",
    "denial_preventable": "Whether such a denial can be prevented: yes, no, depends or na",
    "denial_hardness": "soft (correct and send again), hard (appeal or write off), depends or na",
    "denial_carc": "Reason code of the largest denial of the first answer",
    "denial_group": "Group code of that denial: CO, PR, OA, PI",
    "denial_rarc": "Remark code beside it",
}

answered_line = Fact(
    name="answered_line",
    grain="service line a payer answered",
    key=("remit_claim_id", "line_no"),
    amount="charge_amount",
    dimensions={
        **_CLAIM_DIMENSIONS,
        **_CARE_DIMENSIONS,
        **_DENIAL_DIMENSIONS,
        "denial_category": "Reason for the denial, by category; null where nothing was denied",
        "denial_carc": "Reason code of the largest denial of the line",
        "procedure_code": "Procedure as billed",
        "modifier_key": "Modifiers, sorted and joined by commas",
        "revenue_code": "Revenue code of an institutional line",
        "answer_no": "1 for the first answer of the claim, 2 for the next payment date ...",
        "answer_date": "Day of payment",
        "service_date": "Day of service",
    },
    needs=("answer",),
    unit="remit_claim_id",
)
payment_outcome = Fact(
    name="payment_outcome",
    grain="claim payment, with what it denied",
    key=("remit_claim_id",),
    amount="charge_amount",
    dimensions={
        **_CLAIM_DIMENSIONS,
        **_CLAIM_DATES,
        **_CARE_DIMENSIONS,
        **_DENIAL_DIMENSIONS,
        "denial_category": "Reason for the denial, by category; null where nothing was denied",
        "denial_carc": "Reason code of the largest denial of the payment",
        "answer_no": "1 for the first answer of the claim, 2 for the next payment date ...",
        "answer_date": "Day of payment",
    },
    needs=("answer",),
    unit="remit_claim_id",
)
first_outcome = Fact(
    name="first_outcome",
    grain="claim answered",
    key=("claim_id",),
    needs=("payment_outcome",),
    unit="claim_id",
)
_OUTCOME_DIMENSIONS: Mapping[str, str] = {
    **_CLAIM_DIMENSIONS,
    **_CLAIM_DATES,
    **_CARE_DIMENSIONS,
    **_DENIAL_DIMENSIONS,
    "bill_type_code": "Bill type of an institutional claim",
    "billing_npi": "NPI that billed",
    "rendering_npi": "NPI that gave the service",
    "provider_group": "Group practice or department",
    "first_outcome": "denied, partially_denied, paid or no_pay_other; null while unanswered",
    "service_from_date": "First day of service",
    "first_answer_date": "Day of the payer's first answer; null while none has come",
}
recovery = Fact(
    name="recovery",
    grain="claim first denied and later answer that moved money on what was denied",
    key=("claim_id", "answer_no"),
    amount="recovered_amount",
    dimensions={
        **_OUTCOME_DIMENSIONS,
        "recovery_date": "Day of the later answer",
        "months_since_denial": "Calendar months from the first denial to the later answer",
    },
    needs=("first_outcome", "answered_line"),
    unit="claim_id",
)
claim_outcome = Fact(
    name="claim_outcome",
    grain="claim: a chain of submissions to one payer",
    key=("claim_id",),
    amount="billed_amount",
    dimensions={
        **_OUTCOME_DIMENSIONS,
        "first_paid_date": "Day of the first answer that paid anything; null while none has",
        "first_denial_date": "Day of the first answer that denied anything; null while none has",
    },
    needs=("billed_claim",),
    unit="claim_id",
    ages={
        "days_to_answer": "first_answer_date IS NULL AND void_date IS NULL",
        "days_to_payment": "first_paid_date IS NULL AND void_date IS NULL",
        "days_since_denial": "first_denial_date IS NOT NULL",
        "days_denial_to_resubmission": "denial_resubmission_date IS NULL",
        "days_denial_to_resolution": "denial_resolved_date IS NULL",
        "days_denial_to_payment": "denial_paid_date IS NULL AND void_date IS NULL",
        "days_service_to_payment": "first_paid_date IS NULL AND void_date IS NULL",
        "days_receipt_to_answer": "first_answer_date IS NULL AND void_date IS NULL",
    },
    at_once=("appeal", "write_off"),  # whether there are any
)
submission_outcome = Fact(
    name="submission_outcome",
    grain="submission",
    key=("submission_id",),
    amount="billed_amount",
    dimensions={
        **_CLAIM_DIMENSIONS,
        **_CLAIM_DATES,
        **_CARE_DIMENSIONS,
        **_DENIAL_DIMENSIONS,
        "submission_date": "Day this submission was sent",
        "submission_no": "1 for the first submission of the claim, 2 for the next ...",
        "rejection_source": "277CA, 999, 997 or TA1 that rejected it; null where none did",
        "rejection_category": "Claim status category of the rejection (277CA): A3, A6, A7, A8",
        "rejection_status": "Claim status code beside it",
    },
    needs=("submission",),
    unit="submission_id",
)
appeal_outcome = Fact(
    name="appeal_outcome",
    grain="appeal, with its decision",
    key=("file_id", "record_no"),
    amount="amount",
    dimensions={
        **_CLAIM_DIMENSIONS,
        **_CLAIM_DATES,
        **_CARE_DIMENSIONS,
        **_DENIAL_DIMENSIONS,
        "appeal_level": "1 first level, 2 second, 3 external review",
        "appeal_date": "Day the appeal was sent",
        "decision_code": "WON, PARTLY_WON, LOST or WITHDRAWN; null while undecided",
        "decision_date": "Day of the decision; null while undecided",
    },
    needs=("appeal",),
    unit="record",
)

left_out = Fact(
    name="left_out",
    grain="fact and reason for which records loaded are not in it",
    key=("fact_name", "reason"),
)

# In the order they are built: each reads only core tables and facts before it.
ALL: tuple[Fact, ...] = (
    known_payer,
    known_provider,
    known_filing,
    known_care,
    known_team,
    person,
    adjustment_kind,
    chain,
    tie,
    chain_link,
    submission,
    denial,
    known_service,
    known_renderer,
    billed_claim,
    billed_line,
    posting_tie,
    acknowledgement_tie,
    answer,
    answered_line,
    fee_release,
    rate_in_force,
    priced_line,
    payment_outcome,
    first_outcome,
    recovery,
    movement,
    ledger,
    claim_balance,
    collection,
    cash,
    claim_outcome,
    submission_outcome,
    calendar_day,
    prompt_pay,
    *EDITS,
    coded_diagnosis,
    discharge,
    audited_code,
    audited_case,
    appeal_outcome,
    payer_claim_version,
    settled_line,
    settled_claim,
    own_settled_claim,
    own_settled_line,
    *VALUE,
    *CONTRACTS,
    *QUALITY,
    feed_doubt,
    left_out,
)


NAMES = frozenset(fact.name for fact in ALL)


def version(built: Sequence[Fact] = ALL) -> str:
    """A short hash of the facts' SQL: facts built with equal versions followed equal rules."""
    return sha256("".join(fact.sql for fact in built).encode()).hexdigest()[:12]


def needed(names: Collection[str]) -> tuple[Fact, ...]:
    """The facts of these names and all those they read, in the order they are built.

    Raises `UnknownNameError` for a name that no fact has.
    """
    for name in set(names) - NAMES:
        raise UnknownNameError("fact", name, NAMES)
    wanted = set(names)
    for fact in reversed(ALL):
        if fact.name in wanted:
            wanted |= fact.reads & NAMES
    return tuple(fact for fact in ALL if fact.name in wanted)


def macros(engine: str) -> str:
    """The statements that give an engine the few functions our SQL shares, from `sql/macros/`."""
    return text("macros", engine)
