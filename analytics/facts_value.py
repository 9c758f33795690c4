"""The facts of people under a contract: when they are covered, what their care costs."""

from collections.abc import Mapping

from analytics.fact import Fact

_MEMBER: Mapping[str, str] = {
    "payer_name": "Payer of the cover",
    "line_of_business": "Kind of cover",
    "sex_code": "F, M or U",
}
_FEED = ("payer_claim",)  # its claims are ordered, and its lists looked up, over all people
_MONTH = {"month": "Month of cover and of service"}
SERVICES = (
    "inpatient", "skilled_nursing", "home_health", "hospice", "emergency", "outpatient",
    "professional", "dme", "pharmacy", "dental", "vision",
)  # fmt: skip
CATEGORIES = f"{', '.join(SERVICES[:-1])} or {SERVICES[-1]}"

cover_span = Fact(
    name="cover_span",
    grain="span of cover that counts",
    key=("person_id", "span_no"),
    dimensions={
        "payer_name": "Payer of the cover",
        "line_of_business": "Kind of cover",
        "coverage_code": "PART_A, PART_B, PART_C or PART_D; null for all of it",
        "start_date": "First day covered",
    },
    needs=("eligibility", "person"),
    unit="person_id",
    whole_with=_FEED,
    daily_with=("eligibility",),
)
incurred_claim = Fact(
    name="incurred_claim",
    grain="claim that counts as what care costs a person",
    key=("claim_source", "claim_id"),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        "claim_source": "payer_feed or own_claim",
        "claim_type": "professional, institutional, pharmacy, dental or vision",
        "service_category": CATEGORIES,
        "provider_npi": "Who gave the service, else where or who billed it",
        "month": "Month of the last day of service",
    },
    needs=(("settled_claim", "billed_claim"),),
    unit="person_id",
    whole_with=_FEED,
)
member_month = Fact(
    name="member_month",
    grain="person and month covered",
    key=("person_id", "month"),
    amount="allowed_amount",
    dimensions={**_MEMBER, **_MONTH},
    needs=("cover_span",),
    unit="person_id",
)
member_spend = Fact(
    name="member_spend",
    grain="member month, and per claim incurred",
    key=("person_id", "month", "claim_source", "claim_id"),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        **_MONTH,
        "service_category": f"Kind of service, of the dollars alone: {CATEGORIES}",
        "claim_source": "payer_feed or own_claim, of the dollars alone",
    },
    is_view=True,
)

ENCOUNTERS = (
    "acute_inpatient, other_inpatient, skilled_nursing, emergency, office_visit, wellness_visit or "
    "other_visit"
)
stay_bill = Fact(
    name="stay_bill",
    grain="bill of a stay in a hospital or nursing facility, with the stay it is of",
    key=("claim_id",),
    dimensions={
        "encounter_type": "acute_inpatient, other_inpatient or skilled_nursing",
        "start_date": "Day of admission",
    },
    needs=("incurred_claim",),
    unit="person_id",
)
encounter = Fact(
    name="encounter",
    grain="stay in a hospital or nursing facility, visit to an emergency room or office",
    key=("encounter_type", "claim_id", "start_date", "provider_id"),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        "encounter_type": ENCOUNTERS,
        "has_emergency": "Whether it began in, or was a visit to, an emergency room",
        "provider_id": "CMS number, else NPI, of the facility discharged from, or of who was seen",
        "drg_code": "MS-DRG of a stay",
        "month": "Month it began",
        "start_date": "First day",
        "end_date": "Last day",
    },
    needs=("incurred_claim",),
    unit="person_id",
)
member_use = Fact(
    name="member_use",
    grain="member month, and per encounter",
    key=("person_id", "month", "encounter_type", "claim_id", "start_date", "provider_id"),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        **_MONTH,
        "encounter_type": f"Kind of encounter, of these alone: {ENCOUNTERS}",
        "has_emergency": "Whether a stay began in an emergency room, of encounters alone",
        "provider_id": "Facility or who was seen, of encounters alone",
    },
    is_view=True,
)
stay_code = Fact(
    name="stay_code",
    grain="ICD-10 code of an acute stay",
    key=("encounter_id", "kind", "code"),
    needs=("stay_bill",),
)
index_admission = Fact(
    name="index_admission",
    grain="acute stay, whether it can be followed by a readmission, and what followed",
    key=("claim_id",),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        "provider_id": "CMS number, else NPI, of the hospital that discharged",
        "drg_code": "MS-DRG",
        "planned_rule": "How planned readmissions are told: hwr, hwr_without_ccs or all_cause",
        "admission_date": "First day",
        "discharge_date": "Last day",
    },
    needs=("stay_bill",),
)
ed_visit = Fact(
    name="ed_visit",
    grain="visit to an emergency room, treated and released, with the chances of its kind",
    key=("claim_id",),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        "provider_id": "CMS number, else NPI, of the hospital",
        "start_date": "Day of the visit",
    },
    needs=("encounter",),
    unit="person_id",
)
pqi_stay = Fact(
    name="pqi_stay",
    grain="acute stay of an adult and Prevention Quality Indicator it counts under",
    key=("claim_id", "pqi_number"),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        "pqi_number": "Number of the indicator: 01, 03, 05, 07, 08, 11, 12, 14, 15 or 16",
        "start_date": "Day of admission",
    },
    needs=("encounter", "measure_code"),
)
member_pqi = Fact(
    name="member_pqi",
    grain="member month of an adult, and per stay that primary care could have prevented",
    key=("person_id", "month", "claim_id"),
    amount="allowed_amount",
    dimensions={**_MEMBER, **_MONTH},
    is_view=True,
)
member_year = Fact(
    name="member_year",
    grain="person and calendar year with a member month, and what happened in it",
    key=("person_id", "year"),
    amount="allowed_amount",
    dimensions={**_MEMBER, "year": "First day of the calendar year"},
    needs=("member_month",),
    unit="person_id",
)
risk_diagnosis = Fact(
    name="risk_diagnosis",
    grain="covered person, calendar year and ICD-10 diagnosis on claims incurred in it",
    key=("person_id", "year", "diagnosis_code"),
    dimensions={"year": "First day of the calendar year", "last_date": "Last day it was coded"},
    needs=("incurred_claim", "cover_span"),
    unit="person_id",
)
member_outcome = Fact(
    name="member_outcome",
    grain="own primary claim of a person covered in its month of service",
    key=("claim_id",),
    amount="billed_amount",
    dimensions={
        **_MEMBER,
        **_MONTH,
        "submission_date": "Day the claim was first sent",
        "first_answer_date": "Day of the payer's first answer; null while none has come",
    },
    needs=("member_month", "claim_outcome"),
    unit="person_id",
)
primary_care_service = Fact(
    name="primary_care_service",
    grain="line of primary care of a payer's feed, and year in which it can assign a member",
    key=("payer_claim_line_id", "line_no", "year"),
    amount="allowed_amount",
    dimensions={
        "provider_kind": "primary_care, non_physician or specialist",
        "entity": "network, else tax number, CMS number or NPI",
        "year": "First day of the calendar year",
    },
    needs=("settled_line", "incurred_claim"),
)
assignment = Fact(
    name="assignment",
    grain="member and calendar year, with who gave the plurality of primary care",
    key=("person_id", "year"),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        "step_no": "1 by primary-care specialties, 2 by specialists; null without either",
        "year": "First day of the calendar year",
    },
    needs=("member_month",),
    unit="person_id",
)
VALUE: tuple[Fact, ...] = (
    cover_span,
    incurred_claim,
    member_month,
    member_spend,
    stay_bill,
    encounter,
    member_use,
    stay_code,
    index_admission,
    ed_visit,
    pqi_stay,
    member_pqi,
    member_year,
    risk_diagnosis,
    member_outcome,
    primary_care_service,
    assignment,
)
