"""The facts of coding edits: what is compared, what was found, and what was checked."""

from analytics.fact import CARE_DIMENSIONS, CLAIM_DATES, CLAIM_DIMENSIONS, Fact

EDIT_CODES = (
    "ICD-1 to ICD-7 diagnoses, PTP-1 and PTP-2 pairs of procedures, MUE-1 units, AOC-1 add-on "
    "codes, MOD-1 and MOD-2 modifiers, GLB-1 global period, STS-1 status, HCP-1 procedure code, "
    "POS-1 place of service, DUP-1 twice, TF-1 filing limit, NPI-1, TAX-1, TOB-1 bill type, ORD-1 "
    "pointers and dates: the fact edit says each"
)
_VALUES = (
    *(f"ICD-{n}" for n in range(1, 8)), "PTP-1", "PTP-2", "MUE-1", "AOC-1", "MOD-1", "MOD-2",
    "GLB-1", "STS-1", "HCP-1", "POS-1", "DUP-1", "TF-1", "NPI-1", "TAX-1", "TOB-1", "ORD-1",
)  # fmt: skip
_DIMENSIONS = {**CLAIM_DIMENSIONS, **CLAIM_DATES, **CARE_DIMENSIONS}
_SERVICE = {
    "procedure_code": "Procedure of the line, as billed",
    "modifier_key": "Its modifiers, sorted and joined by commas",
}

edit = Fact(name="edit", grain="edit of coding", key=("edit_code",), unit="list")
edit_release = Fact(
    name="edit_release",
    grain="published file",
    key=("reference_id",),
    needs=("reference_file",),
    unit="list",
)
edited_service = Fact(
    name="edited_service",
    grain="procedure code and modifiers as billed",
    key=("procedure_code", "modifier_key"),
    needs=("claim_line",),
)
edit_day = Fact(
    name="edit_day",
    grain="day of service",
    key=("day",),
    needs=(("claim", "claim_line"),),
    unit="list",
)
edited_line = Fact(
    name="edited_line",
    grain="service line with a procedure, on a day with a table of procedures",
    key=("claim_id", "line_no"),
    needs=("billed_claim", "claim_line", ("edit_release", "medicare_fee")),
    unit="claim_id",
    whole_with=("reference_file", "medicare_fee"),  # then lines are compared, by numbers of codes
)
edit_icd = Fact(
    name="edit_icd",
    grain="claim and ICD edit",
    key=("claim_id", "edit_code"),
    needs=("billed_claim", "claim_diagnosis", "edit_release"),
    unit="claim_id",
)
edit_icd_pair = Fact(
    name="edit_icd_pair",
    grain="claim or line with diagnoses that go against each other",
    key=("claim_id", "line_no", "edit_code"),
    needs=("billed_claim", "claim_diagnosis", "edit_release"),
    unit="claim_id",
)
procedure_pair = Fact(
    name="procedure_pair",
    grain="service line and code that NCCI pays instead of it",
    key=("claim_id", "line_no", "paid_procedure_code"),
    amount="billed_amount",
    dimensions={
        **_DIMENSIONS,
        **_SERVICE,
        "paid_procedure_code": "Procedure that is paid instead: column 1",
        "modifier_indicator": "0 no modifier passes, 1 one that NCCI lists does",
        "service_date": "Day of service of the line",
    },
    needs=("edited_line", "edit_release", "ncci_ptp"),
    unit="claim_id",
)
edit_bypass = Fact(
    name="edit_bypass",
    grain="provider with pairs that a modifier may pass",
    key=("rendering_provider", "specialty"),
    needs=("procedure_pair",),
    unit="list",
)
edit_unit = Fact(
    name="edit_unit",
    grain="line and finding",
    key=("claim_id", "line_no", "edit_code"),
    needs=("edited_line", "edit_release", ("ncci_mue", "ncci_add_on")),
    unit="claim_id",
)
edit_code = Fact(
    name="edit_code",
    grain="line and finding",
    key=("claim_id", "line_no", "edit_code"),
    needs=("edited_service",),
    unit="claim_id",
)
edit_repeat = Fact(
    name="edit_repeat",
    grain="line and finding",
    key=("claim_id", "line_no", "edit_code"),
    needs=("billed_claim", "claim_line"),
    unit="claim_id",
)
edit_form = Fact(
    name="edit_form",
    grain="claim or line and finding",
    key=("claim_id", "line_no", "edit_code"),
    needs=("billed_claim",),
    unit="claim_id",
)
edit_finding = Fact(
    name="edit_finding",
    grain="claim or line and edit it breaks or that could not be made",
    key=("claim_id", "line_no", "edit_code"),
    needs=(
        (
            "edit_icd",
            "edit_icd_pair",
            "procedure_pair",
            "edit_unit",
            "edit_code",
            "edit_repeat",
            "edit_form",
        ),
    ),
    unit="claim_id",
)
line_edit = Fact(
    name="line_edit",
    grain="service line (or claim) and edit it breaks",
    key=("claim_id", "line_no", "edit_code"),
    amount="billed_amount",
    dimensions={**_DIMENSIONS, **_SERVICE, "edit_code": EDIT_CODES},
    needs=("edit_finding",),
    unit="claim_id",
)
edit_check = Fact(
    name="edit_check",
    grain="claim, with the edits it was checked for",
    key=("claim_id",),
    amount="billed_amount",
    dimensions=_DIMENSIONS,
    needs=("billed_claim",),
    unit="claim_id",
)
edit_result = Fact(
    name="edit_result",
    grain="claim and edit that is for it",
    key=("claim_id", "edit_code"),
    amount="billed_amount",
    dimensions={
        **_DIMENSIONS,
        "edit_code": EDIT_CODES,
        "result": "broken, sound or not_checked",
    },
    values={"edit_code": _VALUES, "result": ("broken", "sound", "not_checked")},
    is_view=True,
)
edit_outcome = Fact(
    name="edit_outcome",
    grain="line of a first answer and edit it breaks, or line denied for coding that breaks none",
    key=("remit_claim_id", "line_no", "edit_code"),
    amount="charge_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CARE_DIMENSIONS,
        **_SERVICE,
        "edit_code": f"{EDIT_CODES}; null where none is broken",
        "denial_category": "Reason for the denial, by category; null where nothing was denied",
        "denial_carc": "Reason code of the largest denial of the line",
        "answer_date": "Day of payment",
        "service_date": "Day of service",
    },
    values={"edit_code": _VALUES},
    needs=("answered_line", "edit_check"),
    unit="remit_claim_id",
)

# In the order they are built.
EDITS = (
    edit,
    edit_release,
    edited_service,
    edit_day,
    edited_line,
    edit_icd,
    edit_icd_pair,
    procedure_pair,
    edit_bypass,
    edit_unit,
    edit_code,
    edit_repeat,
    edit_form,
    edit_finding,
    line_edit,
    edit_check,
    edit_result,
    edit_outcome,
)
