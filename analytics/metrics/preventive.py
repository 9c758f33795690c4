"""Care that came too late or was never asked for; and dollars spent outside the network."""

from analytics.facts_value import assignment, ed_visit, incurred_claim, member_pqi, member_year
from analytics.metrics._kinds import Proportion, Ratio
from analytics.metrics._member import PerMember

avoidable_ed_share = Ratio(
    name="avoidable_ed_share",
    title="Avoidable emergency visits",
    definition="Of emergency visits treated and released, the share that by their principal "
    "diagnoses was likely not emergent, treatable by primary care, or avoidable by earlier care.",
    unit="share",
    better="lower",
    denominator="visits whose principal diagnosis is in the table of chances",
    date_basis="day of the visit",
    source="NYU emergency department algorithm, Johnston and others (2017), Med Care 55:690",
    notes="A sum of chances: no single visit is judged. The table is johnston_icd10.csv, loaded "
    "with `revcycle reference load`; none comes with the library.",
    fact=ed_visit,
    left_out={
        "not checked: load johnston_icd10.csv with `revcycle reference load`": "NOT is_checked",
        "diagnosis not in the table of chances": "is_checked AND NOT is_classified",
    },
    top="non_emergent_share + primary_care_share + preventable_share",
    bottom="1",
    places=10,
    period="start_date",
)
pqi_rate = PerMember(
    name="pqi_rate",
    title="Preventable admissions per 100,000",
    definition="Acute stays of adults under any Prevention Quality Indicator, per 100,000 members "
    "and year.",
    unit="per 100,000",
    better="lower",
    denominator="member months of people of 18 years and more, divided by 1,200,000",
    date_basis="month of admission",
    source="AHRQ Prevention Quality Indicators v2024, PQI 90 overall composite",
    notes="Observed, not risk-adjusted; population is members, not an area's. A stay counts once; "
    "pqi_rates has each indicator over its own ages. The value sets are loaded with `revcycle "
    "reference load pqi_v2024_value_sets.csv`; none comes with the library.",
    fact=member_pqi,
    left_out={
        "stay of a month without cover": "NOT is_covered",
        "not checked: load pqi_v2024_value_sets.csv with `revcycle reference load`": "is_covered "
        "AND NOT is_checked",
    },
    top="stay_count",
    above=(),
    per=1_200_000,
    is_count=True,
    period="month",
)
annual_wellness_rate = Proportion(
    name="annual_wellness_rate",
    title="Members with an annual wellness visit",
    definition="Of the members covered all year, the share with a wellness visit (G0402, G0438, "
    "G0439) in it.",
    unit="share",
    better="higher",
    denominator="members covered in every month of the calendar year, so far",
    date_basis="calendar year",
    source="CMS: initial preventive physical examination and annual wellness visits",
    notes="The running year counts those covered in all months up to the as-of date.",
    fact=member_year,
    left_out={"not covered all year": "NOT is_covered_all_year"},
    event="wellness_count > 0",
    period="year",
)
leakage = Ratio(
    name="leakage",
    title="Leakage",
    definition="Of the dollars allowed for covered members, the share on claims on which no "
    "provider is of the roster on that day.",
    unit="share",
    better="lower",
    denominator="dollars allowed on claims of covered members, pharmacies' left out",
    date_basis="month of the last day of service",
    source="ACO practice: allowed dollars outside the network over all",
    notes="A claim is inside where its rendering, billing or facility NPI is in roster.csv.",
    fact=incurred_claim,
    left_out={
        "claim of a month without cover": "NOT is_covered",
        "not checked: no roster.csv loaded": "is_covered AND is_in_network IS NULL",
        "pharmacy claim": "is_covered AND is_in_network IS NOT NULL "
        "AND service_category = 'pharmacy'",
    },
    top="CASE WHEN is_in_network THEN 0 ELSE allowed_amount END",
    bottom="allowed_amount",
    period="month",
)
assignment_rate = Proportion(
    name="assignment_rate",
    title="Members assigned to the network",
    definition="Of the members with parts A and B and a primary-care service by a specialty that "
    "counts, the share of whose allowed charges the roster's providers had the most.",
    unit="share",
    better="higher",
    denominator="members assigned to anybody",
    date_basis="calendar year",
    source="42 CFR 425.402, steps 1 and 2; services of 425.400(c), clinics of 425.404",
    notes="By calendar year, of a payer's feed. Without CMS's list of participants the roster "
    "stands for the ACO and others count by tax or CMS number; electing teaching hospitals and "
    "members' own choices are not known. Services and specialties, their years, and which of "
    "them were checked against the rule are the code map assignment_code; the fact's "
    "unchecked_amount is what rests on others. docs/feeds.md says how.",
    fact=assignment,
    left_out={
        "not in parts A and B, or in part C": "NOT is_assignable",
        "no primary-care service that assigns": "is_assignable AND assigned_to IS NULL",
    },
    event="assigned_to = 'network'",
    period="year",
)
expanded_assignment_rate = Proportion(
    name="expanded_assignment_rate",
    title="Members assigned to the network, expanded window",
    definition="As the share assigned to the network, but a member seen in the year by its nurse "
    "practitioners, clinical nurse specialists or physician assistants alone is its own too where "
    "one of its physicians saw them within 24 months and it had the most allowed in these.",
    unit="share",
    better="higher",
    denominator="members assigned to anybody",
    date_basis="calendar year",
    source="42 CFR 425.402, steps 1 to 3 (the expanded window, from performance year 2025)",
    notes="Step 3 was read in quotations of CMS's specifications of 2025, not in the rule itself. "
    "The code list of the year is that of both its years. Else as assignment_rate.",
    fact=assignment,
    left_out={
        "not in parts A and B, or in part C": "NOT is_assignable",
        "no primary-care service that assigns": "is_assignable AND expanded_to IS NULL",
    },
    event="expanded_to = 'network'",
    period="year",
)
