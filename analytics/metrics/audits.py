"""How right coders were, by a review of their work."""

from analytics.facts_coding import audited_case, audited_code
from analytics.metrics._kinds import Proportion

_AHIMA = "AHIMA, Benchmarking Clinical Data Quality: accuracy code over code, and case over case"
_EXTRACT = "From the extract audit*.csv; without it nothing is known, and the rate has no value. "

code_over_code = Proportion(
    name="code_over_code",
    title="Coding accuracy, code over code",
    definition="Of the codes that reviewers of coding found right, the share that the coder had "
    "given.",
    unit="share",
    better="higher",
    denominator="codes found right in reviews: diagnoses, procedures and modifiers",
    date_basis="day of the review",
    source=_AHIMA,
    notes=_EXTRACT + "A code the coder missed counts against; one given that should not be there "
    "is left out of the rate and counted in what is left out, as some subtract it and some do not. "
    "A DRG or APC is judged in case_over_case. Codes are compared without dots.",
    fact=audited_code,
    left_out={
        "a DRG or APC": "code_kind IN ('DRG', 'APC')",
        "given, but there should be no code": "correct_code IS NULL",
    },
    event="is_right",
    period="audit_date",
)

case_over_case = Proportion(
    name="case_over_case",
    title="Coding accuracy, case over case",
    definition="Of the cases whose DRG or APCs were reviewed, the share in which all of them were "
    "right.",
    unit="share",
    better="higher",
    denominator="cases (claims reviewed on a day) with a DRG or APC looked at",
    date_basis="day of the review",
    source=_AHIMA,
    notes=_EXTRACT + "The right DRG can hide wrong codes: read it beside code_over_code. A case of "
    "several coders is that of the coder on its first row.",
    fact=audited_case,
    left_out={"no DRG or APC reviewed": "NOT has_grouping"},
    event="is_grouping_right",
    period="audit_date",
)
