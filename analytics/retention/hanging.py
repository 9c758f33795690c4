"""What hangs on what is purged: a rule for every core table, or why its rows stay.

Each rule is SQL over the table, true for the rows that go; `gone_...` are the tables of
`sql/retention/gone.sql`.  A test holds that no core table is without a rule or a reason.
"""

from collections.abc import Mapping

from analytics import schema
from analytics.writer import PEOPLE

# A row of these is one that a file brought, told apart from rows that belong to it.
SIDES = ("write_off", "appeal", "audit", "patient_payment", "charge", "eligibility", "payer_claim")
_CLAIM = "claim_id IN (SELECT claim_id FROM gone_claim)"
_PAID = "remit_claim_id IN (SELECT remit_claim_id FROM gone_remit_claim)"
_REMIT = "remit_id IN (SELECT remit_id FROM gone_remit)"
_NUMBER = "upper(trim(patient_control_number)) IN (SELECT number FROM gone_number)"
_ANSWER = "acknowledgement_id IN (SELECT acknowledgement_id FROM gone_acknowledgement)"
_SETTLED = """(
    payer_claim_id IN (SELECT payer_claim_id FROM gone_payer_claim)
    OR payer_claim_id IS NULL
    AND (feed_code, claim_number) IN (SELECT (feed_code, claim_number) FROM gone_feed_claim))"""
_COVER = "file_id * 4294967296 + record_no IN (SELECT record_id FROM gone_cover)"

REMOVED: Mapping[str, str] = {
    "claim": _CLAIM,
    "claim_diagnosis": _CLAIM,
    "claim_code": _CLAIM,
    "claim_line": _CLAIM,
    "claim_provider": _CLAIM,
    "claim_reference": _CLAIM,
    "claim_date": _CLAIM,
    "claim_amount": _CLAIM,
    "claim_tooth": _CLAIM,
    "claim_attachment": _CLAIM,
    "claim_other_payer": _CLAIM,
    "claim_other_payer_adjustment": _CLAIM,
    "claim_other_payer_remark": _CLAIM,
    "claim_line_other_payer": _CLAIM,
    "remit": _REMIT,
    "remit_group": _REMIT,
    "remit_claim": _PAID,
    "remit_line": _PAID,
    "adjustment": _PAID,
    "remark": _PAID,
    "provider_adjustment": _REMIT,
    "remit_amount": f"({_PAID} OR {_REMIT})",
    "remit_reference": f"({_PAID} OR {_REMIT})",
    "acknowledgement": _ANSWER,
    "acknowledgement_error": f"({_ANSWER} OR {_NUMBER})",
    "write_off": _NUMBER,
    "appeal": _NUMBER,
    "audit": _NUMBER,
    "patient_payment": _NUMBER,
    "charge": _NUMBER,
    "payer_claim": "payer_claim_id IN (SELECT payer_claim_id FROM gone_payer_claim)",
    "payer_claim_line": _SETTLED,
    "payer_claim_diagnosis": _SETTLED,
    "payer_claim_procedure": _SETTLED,
    "payer_claim_amount": "(feed_code, claim_number) IN "
    "(SELECT (feed_code, claim_number) FROM gone_feed_claim)",
    "eligibility": _COVER,
}
# Who is in these goes when nothing that stays refers to them.
PERSONS: Mapping[str, str] = {
    "member_link": "rowid IN (SELECT place FROM gone_link)",
    "patient": "patient_id NOT IN (FROM kept_person)",
}
# Rows that stay without a text that may name someone: the column, and in which rows.
EMPTIED: Mapping[str, tuple[str, str]] = {
    "rejected": ("raw", "raw IS NOT NULL AND file_id IN (SELECT file_id FROM gone_text)"),
    "provider_adjustment": ("reference", "rowid IN (SELECT place FROM gone_reference)"),
    "legal_hold": ("hold_reason", "hold_id IN (SELECT hold_id FROM gone_hold)"),
}

# Texts in which someone may be named who goes: where they stay it is counted, and told.
FREE_TEXTS = (
    ("source_file", "file_name"),
    ("rejected", "raw"),
    ("legal_hold", "hold_reason"),
    ("claim_reference", "reference"),
    ("remit_reference", "reference"),
    ("provider_adjustment", "reference"),
)
_CODES = "codes and rules, of nobody"
KEPT: Mapping[str, str] = {
    "source_file": "name, hash and totals of a file: so it is known, and not loaded again",
    "transaction_set": "control numbers and totals of a set: so one that comes again is known",
    "rejected": "which rule a record broke, and where: its text goes with its file's records",
    "extract_file": "how a file was read: names of its columns and counts",
    "extract_row": "numbers of rows and hashes of their keys: so rows that come again are known",
    "feed_control": "what a delivery says that it holds",
    "payer": "names of payers",
    "payer_map": "what the user says of payers",
    "provider": "names of providers",
    "provider_map": "what the user says of providers",
    "roster": "names of providers",
    "contract": "terms of contracts",
    "contract_rate": "rates of contracts",
    "medicare_fee": _CODES,
    "medicare_locality": _CODES,
    "code_map": _CODES,
    "carc": _CODES,
    "rarc": _CODES,
    "plb_reason": _CODES,
    "em_code": _CODES,
    "assignment_code": _CODES,
    "quality_measure": _CODES,
    "quality_code": _CODES,
    "prompt_pay_rule": _CODES,
    "build_info": "the day of the facts, which are made anew",
    "schema_info": "the shape of the tables",
    "audit_log": "each line holds the hash of the one before; none has a value of a patient",
    "audit_head": "the end of the audit trail",
    "legal_hold": "what was held when: its reason goes with the persons it named, once released",
    "purged": "what earlier purges removed, as totals",
    "deidentified": "that this is a copy without names, and what kind of",
}


def kept() -> dict[str, str]:
    """The core tables that no rule takes a row from, and why."""
    published = {
        name: "published tables, of nobody"
        for name, table in schema.tables().items()
        if "reference_id" in table.column_names
    }
    return {**KEPT, **published}


def removed() -> dict[str, str]:
    """The core tables that lose rows, in their order, with the SQL of which."""
    rules = {**REMOVED, **PERSONS}
    return {name: rules[name] for name in schema.tables() if name in rules}


def person_columns() -> list[tuple[str, str]]:
    """Table and column of all that refers to a person; links between persons aside."""
    return [
        (name, column)
        for name, table in schema.tables().items()
        if name not in PERSONS
        for column in table.column_names
        if column in PEOPLE
    ]
