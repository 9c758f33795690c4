"""What follows a hospital stay: another one, or a visit to somebody who looks after the patient."""

from analytics.facts_value import index_admission
from analytics.metrics._kinds import Proportion
from analytics.metrics._readmission import Readmission

_OUT = (
    "died",
    "still a patient",
    "left against advice",
    "transferred to a hospital whose claim is not there",
    "discharged less than 30 days ago",
    "not covered for 30 days after",
)
_LEFT_OUT = {reason: f"exclusion = '{reason}'" for reason in _OUT}
_EXCEPTED = "cancer, psychiatric or rehabilitation stay"


readmission_rate = Readmission(
    name="readmission_rate",
    title="Unplanned readmissions within 30 days",
    definition="Of acute stays discharged alive, not against advice, of people covered 30 days "
    "after, the share followed by an unplanned acute stay within 30 days.",
    unit="share",
    better="lower",
    denominator="index stays: transfers are one stay",
    date_basis="day of discharge",
    source="CMS Hospital-Wide Readmission measure, planned readmission algorithm 4.0",
    notes="Not risk-adjusted, of all ages, and a year of cover before is not asked for. Planned "
    "stays need CMS's lists, which do not come with the library: `revcycle reference load` "
    "acute_diagnosis_icd_10_cm.csv, potentially_planned_icd_10_pcs.csv and the other lists of the "
    "measure, and AHRQ's CCS files (ccs_dx_icd10cm, ccs_pr_icd10pcs) for their categories; "
    "planned_rule tells, all_cause without any. A planned first readmission counts as none, "
    "whatever follows it.",
    fact=index_admission,
    left_out={**_LEFT_OUT, _EXCEPTED: f"exclusion = '{_EXCEPTED}'"},
    event="is_readmitted",
    period="discharge_date",
)


def _seen(name: str, days: int) -> Proportion:
    soon = f"coalesce(days_to_readmission <= {days}, FALSE)"
    return Proportion(
        name=name,
        title=f"Seen within {days} days of discharge",
        definition="Of acute stays discharged alive, not against advice, of people covered after, "
        f"the share with an office, home or other visit on one of the {days} days after.",
        unit="share",
        better="higher",
        denominator="stays not followed by another within those days",
        date_basis="day of discharge",
        source="CMS transitional care management: visit within 7 or 14 days of discharge",
        notes="Visits are E/M codes of offices, homes, telemedicine and wellness, and 99495 and "
        "99496; the day of discharge does not count.",
        fact=index_admission,
        left_out={**_LEFT_OUT, "back in hospital within those days": soon},
        event=f"coalesce(days_to_follow_up <= {days}, FALSE)",
        period="discharge_date",
    )


follow_up_rate = _seen("follow_up_rate", 7)
follow_up_14_day_rate = _seen("follow_up_14_day_rate", 14)
