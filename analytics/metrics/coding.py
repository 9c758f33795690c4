"""Errors in coding, as payers see them."""

from analytics.edits import claim_edits, diagnosis_edits, inpatient_claims
from analytics.facts import answered_line
from analytics.metrics._kinds import Proportion

__all__ = ["claim_edits", "coding_denial_rate", "diagnosis_edits", "inpatient_claims"]

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
