"""Errors in coding, as payers see them."""

from analytics.edits import claim_edits, diagnosis_edits, inpatient_claims
from analytics.facts import answered_line
from analytics.facts_coding import line_edit
from analytics.metrics._kinds import Proportion

__all__ = ["claim_edits", "coding_denial_rate", "diagnosis_edits", "edit_rate", "inpatient_claims"]

coding_denial_rate = Proportion(
    name="coding_denial_rate",
    title="Coding denial rate",
    definition="Of the service lines in first answers, the share denied for coding, bundling or "
    "medical necessity.",
    unit="share",
    better="lower",
    denominator="service lines in first answers",
    date_basis="date of the first answer",
    source="CARC and RARC categories coding, bundling_ncci and medical_necessity",
    notes="The category of a line is that of its largest denial; codes that say little (16, 96) "
    "take theirs from the remark code.",
    fact=answered_line,
    left_out={
        "tied to no claim": "claim_id IS NULL",
        "a later answer": "claim_id IS NOT NULL AND NOT is_first_answer",
    },
    duplicates="is_duplicate",
    event="is_denied AND denial_category IN ('coding', 'bundling_ncci', 'medical_necessity')",
    period="answer_date",
)
edit_rate = Proportion(
    name="edit_rate",
    title="Edit rate",
    definition="Of the claims checked for an edit of coding, the share that breaks it; without "
    "--by edit_code, of all checks.",
    unit="share",
    better="lower",
    denominator="checks: claims as first sent, times the edits that are for them",
    date_basis="last day of service",
    source="ICD-10-CM order files; CMS, Definitions of Medicare Code Edits",
    notes="What no published table loaded speaks of is left out as not checked, never sound: see "
    "`revcycle reference list`. A claim not checked for age or sex has none, or one that is no "
    "age, though a diagnosis is for one.",
    fact=line_edit,
    left_out={"not checked: no table of that day": "result = 'not_checked'"},
    event="result = 'broken'",
    period="service_to_date",
)
