"""What was coded: levels of E/M services, modifiers, unspecified diagnoses."""

from analytics.facts_coding import billed_line, coded_diagnosis
from analytics.metrics._kinds import Proportion
from analytics.metrics._mix import Mix
from analytics.metrics._modifiers import ModifierRate

_SERVICES = {
    "sent to a second or third payer, or voided": "payer_sequence_code <> 'P' OR is_voided",
}
_FIRST = (
    "Lines count as first sent; what a later submission corrected is not looked at. The same "
    "services sent on to a second payer are left out, and claims that were voided. "
)

em_level_mix = Mix(
    name="em_level_mix",
    title="E/M level mix",
    definition="Of the professional lines of an E/M family (office visits with known patients, "
    "emergency visits ...), the share billed at each of its levels.",
    unit="share",
    better="lower",
    denominator="lines of the family (`whole`); `n` counts those at the level",
    date_basis="last day of service of the line",
    source="CPT E/M code families; CMS Comparative Billing Reports, share of services by level",
    notes=_FIRST + "Families and levels are those of the code map em_code. No level is better: a "
    "mix says something beside that of peers only (em_level_index). A facility's own levels "
    "(institutional claims) follow its own rules and are left out.",
    fact=billed_line,
    left_out={
        "not of an E/M family with levels": "em_level IS NULL",
        "an institutional or dental claim": "claim_type IS DISTINCT FROM 'professional'",
        **_SERVICES,
    },
    family="em_family",
    level="em_level",
    period="service_to_date",
)

modifier_rate = ModifierRate(
    name="modifier_rate",
    title="Modifier rate",
    definition="Of the service lines that a modifier can go on, the share billed with it: modifier "
    "25 unless another is asked for.",
    unit="share",
    better="lower",
    denominator="lines with a procedure; E/M services for 24, 25 and 57, other services for "
    "modifiers of procedures (59, X{EPSU}, 50, 76 ...)",
    date_basis="last day of service of the line",
    source="CPT appendix A; OIG, Use of Modifier 25 (OEI-07-03-00470) and Use of Modifier 59 to "
    "Bypass Medicare's NCCI Edits (OEI-03-02-00771)",
    notes=_FIRST + "A line with several modifiers counts for each. E/M services are those of the "
    "code map em_code. No rate is right in itself: modifier_index sets it beside that of peers.",
    fact=billed_line,
    left_out={"no procedure": "procedure_code IS NULL", **_SERVICES},
    period="service_to_date",
)

unspecified_rate = Proportion(
    name="unspecified_rate",
    title="Unspecified diagnosis rate",
    definition="Of the principal and other diagnoses coded on claims, the share whose title in the "
    "ICD-10-CM order file of the day has the word unspecified.",
    unit="share",
    better="lower",
    denominator="diagnoses found in the order file in force on the last day of service",
    date_basis="last day of service",
    source="ICD-10-CM order files; ICD-10-CM Official Guidelines for Coding and Reporting, I.A.9.b "
    "and I.B.18",
    notes="Needs the order file of the year (`revcycle reference load icd10cm_order_2026.txt`); "
    "diagnoses of days that no file loaded speaks of are left out, as are codes not in it and "
    "headings, which edit_rate counts (ICD-1, ICD-2). An unspecified code is right where the "
    "record says no more: the rate shows where to look. The shorter list of unspecified codes that "
    "the Medicare Code Editor asks about on inpatient claims is edit_rate of ICD-3. Claims count "
    "as first sent; those to a second payer and those voided do not.",
    fact=coded_diagnosis,
    left_out={
        "not checked: no order file of that day": "NOT is_checked",
        "a code not in the order file, or a heading": "is_checked AND is_unspecified IS NULL",
        **_SERVICES,
    },
    event="is_unspecified",
    period="service_to_date",
)
