"""The facts of coding: what was coded, what edits and reviewers say of it."""

from collections.abc import Mapping

from analytics.fact import CARE_DIMENSIONS, CLAIM_DATES, CLAIM_DIMENSIONS, Fact

known_service = Fact(
    name="known_service",
    grain="procedure code billed, with the E/M service it is",
    key=("procedure_code",),
    words=("procedure_code", "em_family"),
    needs=("submission", "claim_line"),
    unit="list",
)
known_renderer = Fact(
    name="known_renderer",
    grain="NPI that gave or billed a service",
    key=("npi",),
    words=("rendering_provider", "specialty"),
    needs=("submission",),
    unit="list",
)
billed_line = Fact(
    name="billed_line",
    grain="service line of a claim as first sent",
    key=("claim_id", "line_no"),
    amount="billed_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CLAIM_DATES,
        **CARE_DIMENSIONS,
        "service_to_date": "Last day of service of the line",
        "procedure_code": "Procedure as billed",
        "modifier_key": "Modifiers, sorted and joined by commas; empty without any",
        "em_family": "E/M services among which one level is chosen: office_new, emergency ...; "
        "null for other services",
        "em_level": "Level within the family, 1 the lowest; null where it has none",
    },
    needs=("billed_claim", "claim_line"),
    unit="claim_id",
)
_REVIEW: Mapping[str, str] = {
    **CLAIM_DIMENSIONS,
    **CLAIM_DATES,
    **CARE_DIMENSIONS,
    "audit_date": "Day of the review",
    "coder": "Who coded; of a case, on its first row",
    "reviewer": "Who reviewed, likewise",
}
audited_code = Fact(
    name="audited_code",
    grain="code that a review of coders looked at",
    key=("file_id", "record_no"),
    amount="billed_amount",
    dimensions={**_REVIEW, "code_kind": "DIAGNOSIS, PROCEDURE, MODIFIER, DRG or APC"},
    needs=("audit",),
    unit="record",
)
audited_case = Fact(
    name="audited_case",
    grain="case of a review of coders: a claim looked at on one day",
    key=("file_id", "record_no"),
    amount="billed_amount",
    dimensions=_REVIEW,
    needs=("audited_code",),
    unit="record",
)
coded_diagnosis = Fact(
    name="coded_diagnosis",
    grain="ICD-10 diagnosis of a claim as first sent",
    key=("claim_id", "position"),
    amount="billed_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CLAIM_DATES,
        **CARE_DIMENSIONS,
        "diagnosis_code": "ICD-10-CM code without a dot",
        "diagnosis_kind": "principal or other",
    },
    needs=("billed_claim", "claim_diagnosis"),
    unit="claim_id",
)
discharge = Fact(
    name="discharge",
    grain="inpatient hospital claim with a DRG",
    key=("claim_id",),
    amount="billed_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CLAIM_DATES,
        **CARE_DIMENSIONS,
        "drg_code": "DRG, three digits",
        "drg_source": "claim (HI*DR), else remittance (CLP11)",
        "drg_title": "Its title in Table 5; null where none is loaded",
        "drg_tier": "What the title asks for: MCC, CC or CC_OR_MCC; null where nothing or more",
    },
    needs=("billed_claim",),
    unit="claim_id",
)
