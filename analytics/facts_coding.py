"""The fact of coding edits."""

from analytics.fact import CARE_DIMENSIONS, CLAIM_DATES, CLAIM_DIMENSIONS, Fact

line_edit = Fact(
    name="line_edit",
    grain="claim with ICD-10 diagnoses and edit that is for it",
    key=("claim_id", "edit_code"),
    amount="billed_amount",
    dimensions={
        **CLAIM_DIMENSIONS,
        **CLAIM_DATES,
        **CARE_DIMENSIONS,
        "edit_code": "ICD-1 code not in force, ICD-2 heading, ICD-3 unspecified, ICD-4 age or sex, "
        "ICD-5 principal; the last three of inpatient hospital claims",
        "result": "broken, sound or not_checked",
    },
)
