"""Errors in coding, as payers see them."""

from analytics.edits import claim_edits, diagnosis_edits, inpatient_claims
from analytics.facts import answered_line
from analytics.facts_edits import edit_outcome, edit_result, procedure_pair
from analytics.metrics._edited import EditShare
from analytics.metrics._kinds import Proportion

__all__ = [
    "claim_edits",
    "coding_denial_rate",
    "diagnosis_edits",
    "edit_precision",
    "edit_rate",
    "edit_recall",
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
edit_precision = Proportion(
    name="edit_precision",
    title="Edit precision",
    definition="Of the edits broken on answered service lines, the share whose line was denied at "
    "first for what the edit is about.",
    unit="share",
    better="higher",
    denominator="broken edits, times the lines of first answers they are on",
    date_basis="date of the first answer",
    source="Edits against the payer's own answers",
    notes="Most edits are about coding, bundling and medical necessity; DUP-1 is about duplicates, "
    "TF-1 about timely filing, NPI-1, TAX-1, TOB-1 and ORD-1 about billing data. An edit of the "
    "claim is counted on each of its lines.",
    fact=edit_outcome,
    left_out={"denied for coding, breaks no edit": "edit_code IS NULL"},
    event="is_denied_for_it",
    period="answer_date",
)
edit_recall = Proportion(
    name="edit_recall",
    title="Edit recall",
    definition="Of the service lines denied at first for coding, bundling or medical necessity, "
    "the share that breaks an edit about it.",
    unit="share",
    better="higher",
    denominator="service lines denied for coding in first answers, checked by any published table",
    date_basis="date of the first answer",
    source="Edits against the payer's own answers",
    notes="Denials of claims that no published table checked are left out: load the tables of "
    "their days.",
    fact=edit_outcome,
    left_out={
        "not denied for coding": "NOT is_coding_denied",
        "denied, another edit of the line": "is_coding_denied AND edit_no > 1",
        "denied, checked by no published table": "is_coding_denied AND edit_no = 1"
        " AND NOT is_checked",
    },
    event="is_foreseen",
    period="answer_date",
)
