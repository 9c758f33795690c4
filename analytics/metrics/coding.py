"""Errors in coding, as payers see them."""

from analytics.edits import claim_edits, diagnosis_edits, inpatient_claims
from analytics.facts import answered_line
from analytics.facts_coding import edit_result, procedure_pair
from analytics.metrics._edited import EditShare
from analytics.metrics._kinds import Proportion

__all__ = [
    "claim_edits",
    "coding_denial_rate",
    "diagnosis_edits",
    "edit_rate",
    "inpatient_claims",
    "ptp_bypass_rate",
]

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
edit_rate = EditShare(
    name="edit_rate",
    title="Edit rate",
    definition="Of the claims checked for an edit of coding, the share that breaks it, themselves "
    "or on a line; without --by edit_code, of all checks.",
    unit="share",
    better="lower",
    denominator="checks: claims as first sent, times the edits that are for them",
    date_basis="last day of service",
    source="CMS: Medicare Code Editor, NCCI, add-on and HCPCS files, physician fee schedule; "
    "ICD-10-CM order files and tabular list",
    notes="What no published table loaded speaks of is left out as not checked, never sound: see "
    "`revcycle reference list`. So is a claim of which one line cannot be told and none is broken. "
    "The lines are in the fact line_edit.",
    fact=edit_result,
    left_out={"not checked: no table of that day": "result = 'not_checked'"},
    event="result = 'broken'",
    period="service_to_date",
)
ptp_bypass_rate = Proportion(
    name="ptp_bypass_rate",
    title="NCCI bypass rate",
    definition="Of the service lines that NCCI bundles into another of the day unless a modifier "
    "sets them apart, the share billed with such a modifier.",
    unit="share",
    better="lower",
    denominator="service lines and codes they pair with, modifier indicator 1",
    date_basis="day of service",
    source="NCCI Policy Manual, ch. 1; procedure-to-procedure edits",
    notes="High shares against peers of the specialty draw audits; the modifier itself may be "
    "right. Days without a table loaded have no pairs.",
    fact=procedure_pair,
    left_out={"no modifier allowed": "modifier_indicator = '0'"},
    event="is_bypassed",
    period="service_date",
)
