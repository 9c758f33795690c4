"""What becomes of denials: lost, denied again, appealed, and how long that takes."""

from analytics.facts import appeal_outcome, claim_outcome
from analytics.metrics._kinds import OverRevenue, Proportion, Ratio
from analytics.metrics._maturity import Maturity
from analytics.metrics._wait import REJECTED, Wait
from analytics.metrics._wording import (
    COHORT,
    DUPLICATES,
    HFMA,
    NOT_DENIED,
    SETTLED,
    UNANSWERED,
    WINDOW,
)

_EVER_DENIED = {
    **UNANSWERED,
    "never denied": "first_answer_date IS NOT NULL AND first_denial_date IS NULL",
}
_NPSR = "npsr= divides by net patient service revenue instead (HFMA MAP Keys AR-6)."

final_denial_rate = OverRevenue(
    name="final_denial_rate",
    title="Final denial rate",
    definition="Of the charges on claims a payer has answered, the share first denied and then "
    f"written off, or still denied after {WINDOW} days.",
    unit="share",
    better="lower",
    denominator="charges answered",
    date_basis="date of the first answer (the cohort of the denial)",
    source=f"{HFMA}, metric 3; Kodiak Solutions, final denials",
    notes="At most the dollars first denied, and of these what is neither paid, contractual nor "
    f"the patient's. Write-offs come from an extract. {_NPSR} {COHORT} {DUPLICATES}",
    fact=claim_outcome,
    left_out=UNANSWERED,
    duplicates="is_duplicate",
    top=f"CASE WHEN days_since_denial > {WINDOW} "
    "THEN least(denied_amount, open_denied_amount + coalesce(written_off_denied_amount, 0)) "
    "ELSE coalesce(written_off_denied_amount, 0) END",
    bottom="first_charge_amount",
    period="first_answer_date",
    maturity=SETTLED,
)

denial_write_off_rate = OverRevenue(
    name="denial_write_off_rate",
    title="Denial write-offs",
    definition="Of the charges on claims a payer has answered, the share first denied and then "
    "written off.",
    unit="share",
    better="lower",
    denominator="charges answered",
    date_basis="date of the first answer (the cohort of the denial)",
    source=f"{HFMA}, metric 3 (TF-3); HFMA MAP Keys AR-6",
    notes="What is written off on a claim first denied, at most the dollars denied. Without an "
    f"extract of write-offs nothing is known, and nothing counted. {_NPSR} {COHORT} {DUPLICATES}",
    fact=claim_outcome,
    left_out={
        **UNANSWERED,
        "no extract of write-offs": "first_answer_date IS NOT NULL "
        "AND written_off_denied_amount IS NULL",
    },
    duplicates="is_duplicate",
    top="written_off_denied_amount",
    bottom="first_charge_amount",
    period="first_answer_date",
    maturity=SETTLED,
)

repeat_denials = Ratio(
    name="repeat_denials",
    title="Denials per denied claim",
    definition="Answers that denied all or some of a claim, for each claim ever denied.",
    unit="denials",
    better="lower",
    denominator="claims ever denied",
    date_basis="date of the first answer",
    source="industry practice (repeat denials); events and dollars kept apart",
    notes="An answer that denies is one event, however many lines it denies. CARC 193 repeats an "
    "earlier denial and CARC 18 is a duplicate: no events. Dollars are not added up over events: "
    "a $100 line denied three times is 3 events and $100. A denial is settled as in overturn_rate.",
    fact=claim_outcome,
    left_out=_EVER_DENIED,
    top="denial_count",
    bottom="1",
    period="first_answer_date",
    maturity=Maturity(
        column="settled_share",
        settled="CASE WHEN denial_resolved_date IS NOT NULL "
        f"OR days_since_denial > {WINDOW} THEN 1 ELSE 0 END",
    ),
)

appeal_rate = Proportion(
    name="appeal_rate",
    title="Appeal rate",
    definition="Of the claims a payer has denied in all or part, the share appealed.",
    unit="share",
    better="higher",
    denominator="claims ever denied",
    date_basis="date of the first denial",
    source="CMS Transparency in Coverage PUF: internal appeals filed over claims denied",
    notes="Appeals come from an extract; without one nothing is known, and nothing counted. A "
    "claim appealed twice counts once. A denial waits for an appeal until it is settled, or for "
    f"{WINDOW} days.",
    fact=claim_outcome,
    left_out={
        **_EVER_DENIED,
        "no extract of appeals": "first_denial_date IS NOT NULL AND is_appealed IS NULL",
    },
    event="is_appealed",
    period="first_denial_date",
    maturity=Maturity(
        column="settled_share",
        settled="CASE WHEN is_appealed OR denial_resolved_date IS NOT NULL "
        f"OR days_since_denial > {WINDOW} THEN 1 ELSE 0 END",
    ),
)

appeal_success_rate = Proportion(
    name="appeal_success_rate",
    title="Appeal success rate",
    definition="Of the appeals decided, the share won in whole or part.",
    unit="share",
    better="higher",
    denominator="appeals decided",
    date_basis="date of the decision",
    source="CMS Transparency in Coverage PUF: appeals overturned over appeals decided",
    notes="Each level of appeal counts. Appeals undecided or withdrawn are no part of it.",
    fact=appeal_outcome,
    left_out={
        "tied to no claim": "claim_id IS NULL",
        "not decided yet": "claim_id IS NOT NULL AND decision_date IS NULL",
        "withdrawn": "claim_id IS NOT NULL AND coalesce(decision_code = 'WITHDRAWN', FALSE)",
    },
    event="decision_code IN ('WON', 'PARTLY_WON')",
    period="decision_date",
)

days_denial_to_resubmission = Wait(
    name="days_denial_to_resubmission",
    title="Days from denial to resubmission",
    definition="Median days from the first answer, where it denied, to sending the claim again.",
    unit="days",
    better="lower",
    denominator="claims first denied",
    date_basis="date of the first answer",
    source="835 BPR16 to the 837 BHT04 of the next submission (LG-5); Kaplan-Meier",
    notes="Claims not sent again count as waiting on the last day of the data, those settled "
    "otherwise too: the curve tells the share of denials sent again. Interim bills, late charges "
    "and voids send nothing again.",
    fact=claim_outcome,
    left_out=NOT_DENIED,
    days="days_denial_to_resubmission",
    ended="denial_resubmission_date IS NOT NULL",
    period="first_answer_date",
)

days_denial_to_resolution = Wait(
    name="days_denial_to_resolution",
    title="Days from denial to resolution",
    definition="Median days from the first answer, where it denied, until something was paid on "
    "what it denied, or the claim was written off or voided.",
    unit="days",
    better="lower",
    denominator="claims first denied",
    date_basis="date of the first answer",
    source=f"{HFMA}, metric 5 (TF-5); Kaplan-Meier",
    notes="Paid includes what a later answer moves to the patient. Claims not settled count as "
    "waiting on the last day of the data. Write-offs come from an extract.",
    fact=claim_outcome,
    left_out={
        **NOT_DENIED,
        f"{REJECTED}: voided before it was denied": "days_denial_to_resolution < 0",
    },
    days="days_denial_to_resolution",
    ended="denial_resolved_date IS NOT NULL",
    period="first_answer_date",
)
