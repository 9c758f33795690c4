"""What the payment of a hospital stay hangs on."""

from analytics.facts_coding import discharge
from analytics.metrics._kinds import Proportion

drg_single_cc_share = Proportion(
    name="drg_single_cc_share",
    title="Share of DRGs on a single CC or MCC",
    definition="Of the inpatient discharges in an MS-DRG with CC or MCC, the share with exactly "
    "one secondary diagnosis on the list of those that put it there.",
    unit="share",
    better="lower",
    denominator="discharges whose MS-DRG asks for a CC or MCC",
    date_basis="last day of service",
    source="CMS, IPPS final rule, Tables 5 (MS-DRGs), 6I (MCC) and 6J (CC) of the fiscal year",
    notes="Load the three tables as text (`revcycle reference load`, under their names, which say "
    "FY 2026): without them discharges are left out as not checked. An MS-DRG with MCC asks for an "
    "MCC, one with CC for a CC, one with CC/MCC for either; one that can be reached otherwise "
    "(with MCC or acute cor pulmonale) is left out. The exclusions of Table 6K, diagnoses that "
    "count only for patients who leave alive, and present-on-admission rules are not looked at, so "
    "two listed may be one that counts, and none listed is told by severity_count. DRGs of other "
    "groupers (APR-DRG) have the same numbers: ask by line_of_business or payer_name.",
    fact=discharge,
    left_out={
        "not checked: no Table 5 of that year, or DRG not in it": "NOT is_grouped",
        "an MS-DRG that asks for no CC or MCC, or not only": "is_grouped AND drg_tier IS NULL",
        "not checked: no Table 6I or 6J of that year": "drg_tier IS NOT NULL AND NOT is_checked",
        "sent to a second or third payer, or voided": "payer_sequence_code <> 'P' OR is_voided",
    },
    event="severity_count = 1",
    period="service_to_date",
)
