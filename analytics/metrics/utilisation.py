"""How often members need care: stays and visits per 1,000 members and year, days of a stay."""

from analytics.facts_value import encounter, member_use
from analytics.metrics._kinds import Ratio
from analytics.metrics._member import PerMember

UNCOVERED = {"encounter of a month without cover": "NOT is_covered"}
_ABOVE = ("encounter_type", "has_emergency", "provider_id")


def _per_1000(name: str, what: str, definition: str, kind: str, notes: str = "") -> PerMember:
    """Encounters of a kind per 1,000 members and year."""
    return PerMember(
        name=name,
        title=f"{what} per 1,000",
        definition=definition,
        unit="per 1,000",
        better="lower",
        denominator="member months, divided by 12,000",
        date_basis="month the encounter began",
        source="health-plan practice: events times 12,000 over member months",
        notes=notes,
        fact=member_use,
        left_out={
            **UNCOVERED,
            "another kind of encounter": f"encounter_count = 1 AND encounter_type <> '{kind}'",
        },
        top="encounter_count",
        above=_ABOVE,
        per=12_000,
        is_count=True,
        period="month",
    )


admissions_per_1000 = _per_1000(
    "admissions_per_1000",
    "Acute admissions",
    "Acute hospital stays that began in a month of cover, per 1,000 members and year.",
    "acute_inpatient",
    "Bills of one stay and transfers are one admission.",
)
ed_visits_per_1000 = _per_1000(
    "ed_visits_per_1000",
    "Emergency visits, treated and released,",
    "Visits to an emergency room that no stay followed by the next day, per 1,000 members and "
    "year.",
    "emergency",
    "Visits that led to a stay are admissions with has_emergency.",
)
snf_stays_per_1000 = _per_1000(
    "snf_stays_per_1000",
    "Skilled nursing stays",
    "Stays in a skilled nursing facility that began in a month of cover, per 1,000 members and "
    "year.",
    "skilled_nursing",
)
office_visits_per_1000 = _per_1000(
    "office_visits_per_1000",
    "Office visits",
    "Days on which a member was seen by a provider at an office (99202-99215), per 1,000 members "
    "and year.",
    "office_visit",
    "Several claims of one provider for one day are one visit.",
)
average_length_of_stay = Ratio(
    name="average_length_of_stay",
    title="Average length of stay",
    definition="Days from admission to discharge of acute hospital stays, over the stays.",
    unit="days",
    better="lower",
    denominator="acute stays that ended",
    date_basis="last day of the stay",
    source="CMS: discharge less admission, at least one day",
    notes="Transfers count with the stay they continue; a stay that goes on (status 30) is out.",
    fact=encounter,
    left_out={
        "another kind of encounter": "encounter_type <> 'acute_inpatient'",
        "stay that goes on": "coalesce(discharge_status_code, '') = '30'",
    },
    top="length_of_stay_days",
    bottom="1",
    period="end_date",
)
