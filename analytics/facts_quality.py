"""The facts of quality measures on claims: who is in, what was found, which gaps are open."""

from collections.abc import Mapping

from analytics.fact import Fact

STATES = ("closed", "falls_short", "no_result", "not_seen")
NOT_ELIGIBLE = ("no_birth_date", "no_sex", "died", "not_covered", "no_visit")

_MEASURE: Mapping[str, str] = {
    "year": "First day of the calendar year",
    "measure": "Quality measure, as quality_measure names it; null where none is loaded",
    "measure_number": "Its number in the published specification",
}
_MEMBER: Mapping[str, str] = {
    "payer_name": "Payer of the cover",
    "line_of_business": "Kind of cover",
    "sex_code": "F, M or U",
    "age": "Full years at the last encounter that counts, else at the end of the year",
}
_OPTION = ("year", "measure_number", "option_group", "role", "option_name", "option_no")

quality_list = Fact(
    name="quality_list",
    grain="calendar year, quality measure and code it looks for",
    key=(
        *_OPTION, "part", "code_kind", "code", "modifiers", "excluded_modifiers", "places",
        "excluded_places",
    ),
    dimensions={**_MEASURE, "role": "What the code is for", "option_name": "What is found"},
    needs=("member_month", "quality_population", "quality_measure"),
)  # fmt: skip
quality_event = Fact(
    name="quality_event",
    grain="member, claim, day and code that a quality measure looks for",
    key=(
        "person_id", "claim_source", "claim_id", "event_date", "code_kind", "code", "modifier_key",
        "place_of_service_code",
    ),
    dimensions={
        "claim_source": "payer_feed or own_claim",
        "code_kind": "procedure, diagnosis, icd_procedure, place or service_category",
        "event_date": "Day of service",
    },
    needs=("quality_list", "cover_span"),
)  # fmt: skip
quality_service = Fact(
    name="quality_service",
    grain="kind of service that occurs, and quality measure and option it is of",
    key=(
        *_OPTION, "part", "code_kind", "code", "modifier_key", "place_of_service_code",
        "modifiers", "places",
    ),
    needs=("quality_event",),
)  # fmt: skip
quality_finding = Fact(
    name="quality_finding",
    grain="member, calendar year, quality measure and what was found for it",
    key=("person_id", *_OPTION, "found_date"),
    dimensions={
        "year": "First day of the calendar year",
        "measure_number": "Number of the measure",
        "role": "met, not_met, done, exclusion, exception or diagnosis_exclusion",
        "option_name": "What was found",
        "found_date": "Day by which it was told",
    },
    needs=("quality_service",),
)
quality_member = Fact(
    name="quality_member",
    grain="member, calendar year and quality measure that age, sex and diagnosis are for",
    key=("person_id", "year", "measure_number", "option_group"),
    amount="allowed_amount",
    dimensions={**_MEMBER, **_MEASURE, "not_eligible_reason": "Why not; null where in"},
    values={"not_eligible_reason": NOT_ELIGIBLE},
    needs=("quality_list", "member_year", "member_month"),
)
quality_gap = Fact(
    name="quality_gap",
    grain="member, calendar year and quality measure: in it or why not, closed or open",
    key=("person_id", "year", "measure_number", "option_group"),
    amount="allowed_amount",
    dimensions={
        **_MEMBER,
        **_MEASURE,
        "specification_year": "Year of the specification it goes by",
        "assigned_to": "Who the member is assigned to: network, a tax number or an NPI",
        "provider_npi": "Who was seen last",
        "gap_state": "closed; falls_short (a result that does not do), no_result (done, its result "
        "not coded), not_seen",
        "closed_by": "What closed it",
        "claim_source": "payer_feed or own_claim, of what closed it",
        "not_eligible_reason": ", ".join(NOT_ELIGIBLE) + "; null where in",
        "exclusion_reason": "What excludes the member; null where nothing does",
        "closed_date": "Day it was closed; null while open",
    },
    values={"gap_state": STATES, "not_eligible_reason": NOT_ELIGIBLE},
    needs=(("quality_member", "member_year"),),
    unit="person_id",
)
QUALITY: tuple[Fact, ...] = (
    quality_list,
    quality_event,
    quality_service,
    quality_finding,
    quality_member,
    quality_gap,
)
