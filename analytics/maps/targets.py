"""What a map can fill: tables of ours, their columns, and what a row of each cannot do without."""

from collections.abc import Mapping

from analytics import schema

CLAIMS = ("claim", "claim_line", "claim_diagnosis", "claim_other_payer")
REMITS = ("remit", "remit_claim", "remit_line", "adjustment", "remark", "provider_adjustment")
PEOPLE = ("patient", "subscriber", "payer", "billing_provider", "rendering_provider")
SIDE = (
    "write_off",
    "appeal",
    "patient_payment",
    "charge",
    "contract_rate",
    "eligibility",
    "roster",
    "payer_map",
    "provider_map",
    "acknowledgement",
    "audit",
    "contract",
)

# The kind of a value, as it is read: text, code and so on say how it is brought to one form.
_PROVIDER = {"provider_name": "upper", "taxonomy_code": "code"}
_PEOPLE: Mapping[str, Mapping[str, str]] = {
    "billing_provider": _PROVIDER,
    "rendering_provider": _PROVIDER,
    "payer": {"payer_code": "code", "payer_name": "upper"},
    "patient": {
        "member_id": "code",
        "last_name": "upper",
        "first_name": "upper",
        "birth_date": "day_of_life",
        "sex_code": "code",
        "postal_code": "postal",
        "state_code": "code",
        "death_date": "day_of_life",
    },
}
# Columns that a map may name and no table has: a code written together with its group, and the
# track whose terms a contract begins with.
_TOGETHER = {
    ("adjustment", "group_and_carc_code"): "group_and_carc",
    ("contract", "track"): "text",
}
_GIVEN = {  # by the loader
    "file_id", "record_no", "is_balanced", "is_predetermination", "position",
    "submitted_modifiers", "related_cause_codes", "oral_cavity_codes", "further_codes",
    "note_count", "k3_count", "drg_weight", "discharge_fraction",
}  # fmt: skip
_KINDS: Mapping[str, str] = {
    "patient_control_number": "text",
    "payer_claim_number": "text",
    "original_payer_claim_number": "text",
    "original_reference_number": "text",
    "line_control_number": "text",
    "reference_number": "text",
    "clearinghouse_number": "text",
    "trace_number": "text",
    "group_number": "text",
    "prior_authorization_number": "text",
    "procedure_code": "code",
    "submitted_procedure_code": "code",
    "diagnosis_code": "diagnosis",
    "principal_diagnosis_code": "diagnosis",
    "place_of_service_code": "place",
    "revenue_code": "revenue",
    "drg_code": "drg",
    "carc_code": "carc",
    "modifiers": "modifiers",
    "modifier_key": "modifier_key",
    "diagnosis_pointers": "pointers",
    "claim_type": "claim_type",
    "facility_code": "code",
    "action": "action",
    "member_id": "code",
}

NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    # Of each tuple one column, of the table itself or written table.column, must be mapped.
    "claim": (
        ("patient_control_number",),
        ("claim_type",),
        ("submission_date",),
        ("billed_amount", "claim_line.billed_amount"),
        ("service_from_date", "claim_line.service_from_date"),
        ("payer.payer_name", "payer.payer_code"),
    ),
    "claim_line": (
        ("claim.patient_control_number",),
        ("procedure_code", "revenue_code"),
        ("billed_amount",),
    ),
    "claim_diagnosis": (("claim.patient_control_number",), ("diagnosis_code",)),
    "claim_other_payer": (
        ("claim.patient_control_number",),
        ("paid_amount", "payer_name", "payer_code"),
    ),
    "remit": (("payment_date",), ("payer.payer_name", "payer.payer_code"),
              ("remit_claim.paid_amount", "remit_line.paid_amount")),
    "remit_claim": (
        ("remit.payment_date",),
        ("patient_control_number", "claim.patient_control_number"),
        ("paid_amount", "remit_line.paid_amount"),
    ),
    "remit_line": (
        ("remit.payment_date",),
        ("remit_claim.patient_control_number", "claim.patient_control_number"),
        ("paid_amount",),
        ("procedure_code", "revenue_code", "claim_line.procedure_code", "claim_line.revenue_code"),
    ),
    "adjustment": (
        ("remit.payment_date",),
        ("carc_code", "group_and_carc_code"),
        ("group_code", "group_and_carc_code"),
        ("amount",),
    ),
    "remark": (("remit.payment_date",), ("rarc_code",)),
    "provider_adjustment": (("remit.payment_date",), ("reason_code",), ("amount",)),
    "write_off": (("patient_control_number",), ("write_off_date",), ("amount",)),
    "appeal": (("patient_control_number",), ("appeal_date",)),
    "patient_payment": (("patient_control_number",), ("payment_date",), ("amount",)),
    "charge": (("patient_control_number",), ("charge_date",), ("amount",)),
    "contract_rate": (("payer_name",), ("method_code",), ("start_date",)),
    "eligibility": (("patient.member_id",), ("start_date",)),
    "roster": (("npi",),),
    "payer_map": (("canonical_payer",),),
    "provider_map": (("npi",),),
    "acknowledgement": (("patient_control_number",), ("acknowledged_date",), ("action",)),
    "audit": (("patient_control_number",), ("audit_date",), ("kind",)),
    "contract": (
        ("contract_name",),
        ("performance_year",),
        ("sharing_rate", "track"),
        ("benchmark_amount", "benchmark_per_person_year"),
    ),
}  # fmt: skip


def tables() -> tuple[str, ...]:
    """The tables that a map can fill."""
    return tuple(
        name
        for name in (*CLAIMS, *REMITS, *PEOPLE, *SIDE)
        if name in PEOPLE or name in schema.tables()
    )


def columns(table: str) -> Mapping[str, str]:
    """The columns of a table that a map can fill, with the kind of each value."""
    if table in PEOPLE:
        return _PEOPLE["patient" if table == "subscriber" else table]
    names = schema.table(table).column_names
    given = {*_GIVEN, *(["modifier_key"] if "modifiers" in names else [])}
    found = {
        c.name: _kind(c.name, c.type)
        for c in schema.table(table).columns
        if c.name not in given and not c.name.endswith("_id")
    }
    return found | {name: kind for (owner, name), kind in _TOGETHER.items() if owner == table}


def repeats(table: str) -> bool:
    """Whether a file's row may hold several rows of the table, side by side in columns."""
    return table in (
        "claim_line", "claim_diagnosis", "claim_other_payer", "remit_line", "adjustment", "remark",
        "provider_adjustment",
    )  # fmt: skip


def is_list(table: str, column: str) -> bool:
    """Whether the value itself is a list, of columns side by side or of one text."""
    return columns(table).get(column) in ("modifiers", "pointers")


def _kind(name: str, of_type: str) -> str:
    if name in _KINDS:
        return _KINDS[name]
    if of_type.startswith("DECIMAL"):
        return "amount" if of_type == "DECIMAL(14,2)" else "number"
    if of_type in ("DATE", "BOOLEAN"):
        return of_type.lower()
    if of_type in ("INTEGER", "BIGINT"):
        return "integer"
    if name.endswith("npi"):
        return "npi"
    return "code" if name.endswith(("_code", "_qualifier", "_tin")) else "text"
