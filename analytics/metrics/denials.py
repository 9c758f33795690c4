"""How often, and why, payers refuse to pay."""

from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.facts import answered_line, claim_outcome, submission_outcome
from analytics.metrics._kinds import Proportion, Ratio, Total
from analytics.metrics._maturity import Maturity
from analytics.metrics._metric import Where
from analytics.metrics._wording import (
    COHORT,
    DUPLICATES,
    HFMA,
    NOT_DENIED,
    SETTLED,
    UNANSWERED,
)
from analytics.query import Engine

_NOT_FIRST = {
    "tied to no claim": "claim_id IS NULL",
    "a later answer": "claim_id IS NOT NULL AND NOT is_first_answer",
}
initial_denial_rate = Proportion(
    name="initial_denial_rate",
    title="Initial denial rate",
    definition="Of the claims a payer has answered, the share whose first answer denied all or "
    "some of them.",
    unit="share",
    better="lower",
    denominator="claims answered",
    date_basis="date of the first answer",
    source=f"{HFMA}, metric 1 (volume)",
    notes="HFMA divides by the mean monthly submissions of the three months before; we divide by "
    f"the answered claims themselves. {DUPLICATES}",
    fact=claim_outcome,
    left_out=UNANSWERED,
    duplicates="is_duplicate",
    event="is_initially_denied",
    duplicate_event="is_duplicate",
    period="first_answer_date",
)

full_denial_rate = Proportion(
    name="full_denial_rate",
    title="Full denial rate",
    definition="Of the claims a payer has answered, the share first answered with a denial and "
    "nothing paid or allowed.",
    unit="share",
    better="lower",
    denominator="claims answered",
    date_basis="date of the first answer",
    source=f"{HFMA}; 835 CLP04 = 0 and allowed = 0 with a denial reason",
    notes=DUPLICATES,
    fact=claim_outcome,
    left_out=UNANSWERED,
    duplicates="is_duplicate",
    event="first_outcome = 'denied'",
    duplicate_event="is_duplicate AND first_paid_amount = 0 AND first_allowed_amount = 0",
    period="first_answer_date",
)

partial_denial_rate = Proportion(
    name="partial_denial_rate",
    title="Partial denial rate",
    definition="Of the claims a payer has answered, the share first answered with a denial of some "
    "dollars and payment or allowance of others.",
    unit="share",
    better="lower",
    denominator="claims answered",
    date_basis="date of the first answer",
    source=f"{HFMA}; 835 claim with a denial reason and money paid or allowed",
    notes=DUPLICATES,
    fact=claim_outcome,
    left_out=UNANSWERED,
    duplicates="is_duplicate",
    event="first_outcome = 'partially_denied'",
    duplicate_event="is_duplicate AND (first_paid_amount <> 0 OR first_allowed_amount <> 0)",
    period="first_answer_date",
)

denied_dollar_rate = Ratio(
    name="denied_dollar_rate",
    title="Denied dollar rate",
    definition="Of the charges on claims a payer has answered, the share its first answer denied.",
    unit="share",
    better="lower",
    denominator="charges answered",
    date_basis="date of the first answer",
    source=f"{HFMA}, metric 1 (dollars); 835 CAS amounts with a denial reason",
    notes="Counts the dollars denied, not the whole charge of claims denied in part, as HFMA does. "
    f"{DUPLICATES}",
    fact=claim_outcome,
    left_out=UNANSWERED,
    duplicates="is_duplicate",
    top="denied_amount",
    bottom="first_charge_amount",
    period="first_answer_date",
)

line_denial_rate = Proportion(
    name="line_denial_rate",
    title="Line denial rate",
    definition="Of the service lines in first answers, the share with a charge, nothing paid or "
    "allowed, and a denial reason.",
    unit="share",
    better="lower",
    denominator="service lines in first answers",
    date_basis="date of the first answer",
    source="AMA National Health Insurer Report Card (line level)",
    notes="A claim payment without service lines counts as one line. Lines whose only denial code "
    "is CARC 18 are left out; an option (include duplicates) counts them as denied.",
    fact=answered_line,
    left_out=_NOT_FIRST,
    duplicates="is_duplicate",
    event="is_denied",
    duplicate_event="is_duplicate",
    period="answer_date",
)

first_pass_rate = Proportion(
    name="first_pass_rate",
    title="First-pass rate",
    definition="Of the claims a payer has answered, the share paid or moved to the patient without "
    "any denial on the first submission.",
    unit="share",
    better="higher",
    denominator="claims answered",
    date_basis="date of the first answer",
    source="HFMA MAP Keys, first-pass resolution; MGMA first-pass acceptance",
    notes=DUPLICATES,
    fact=claim_outcome,
    left_out=UNANSWERED,
    duplicates="is_duplicate",
    event="is_first_pass",
    period="first_answer_date",
)

overturn_rate = Proportion(
    name="overturn_rate",
    title="Overturn rate",
    definition="Of the claims first denied, the share on which a later answer paid, or allowed to "
    "the patient, money on a denied line.",
    unit="share",
    better="higher",
    denominator="claims first denied",
    date_basis="date of the first answer (the cohort of the denial)",
    source=f"{HFMA}, metric 4 (denials overturned)",
    notes=f"Answers later taken back are out. {COHORT}",
    fact=claim_outcome,
    left_out=NOT_DENIED,
    event="is_overturned",
    period="first_answer_date",
    maturity=SETTLED,
)

recovery_rate = Ratio(
    name="recovery_rate",
    title="Recovery rate",
    definition="Of the dollars first denied, the share later paid or allowed to the patient on the "
    "denied lines.",
    unit="share",
    better="higher",
    denominator="dollars first denied",
    date_basis="date of the first answer (the cohort of the denial)",
    source=f"{HFMA}, metric 4 (dollars)",
    notes="Charges are denied, allowed amounts come back: even a denial wholly reversed "
    f"recovers less than 100 %. {COHORT}",
    fact=claim_outcome,
    left_out=NOT_DENIED,
    top="recovered_amount",
    bottom="denied_amount",
    period="first_answer_date",
    maturity=SETTLED,
)

denied_dollars = Total(
    name="denied_dollars",
    title="Denied dollars",
    definition="Dollars denied on service lines that first answers denied.",
    unit="dollars",
    better="lower",
    denominator="denied service lines in first answers",
    date_basis="date of the first answer",
    source="835 CAS amounts with a denial reason",
    fact=answered_line,
    left_out={**_NOT_FIRST, "not denied": "NOT is_denied AND NOT is_duplicate"},
    duplicates="is_duplicate",
    amount="CASE WHEN is_denied THEN denied_amount ELSE duplicate_amount END",
    period="answer_date",
)

rejection_rate = Proportion(
    name="rejection_rate",
    title="Front-end rejection rate",
    definition="Of the submissions acknowledged by a 277CA, 999, 997 or TA1, the share rejected "
    "before adjudication.",
    unit="share",
    better="lower",
    denominator="submissions acknowledged",
    date_basis="date of the submission",
    source="277CA (005010X214) STC01-1 and STC03, 999 (005010X231A1) IK501 and AK901",
    notes="Rejected is what any acknowledgement rejects, alone or with its set, batch or provider; "
    "a TA1 that accepts an envelope acknowledges nothing. Each submission counts, so a claim "
    "rejected and sent again counts twice below and once above. A rejection is no denial: the "
    "claim was never adjudicated. A submission the payer answered waits for no acknowledgement.",
    fact=submission_outcome,
    left_out={"not acknowledged": "NOT is_acknowledged"},
    event="is_rejected",
    period="submission_date",
    maturity=Maturity(
        column="answered_share",
        settled="CASE WHEN is_acknowledged OR is_answered THEN 1 ELSE 0 END",
        waiting=("not acknowledged",),
    ),
)

clean_claim_rate = Proportion(
    name="clean_claim_rate",
    title="Clean claim rate",
    definition="Of the submissions rejected at the front end or answered by the payer, the share "
    "answered without rejection, denial or another submission after it.",
    unit="share",
    better="higher",
    denominator="submissions rejected or answered",
    date_basis="date of the submission",
    source="HFMA MAP Keys, clean claim rate, measured on what came back",
    notes="Vendors also call the share that passes their own edits before sending so; files do not "
    "tell it. Denied looks at the first answer to the submission, in whole or part. Interim and "
    "late-charge bills are no resubmissions; voids are left out, and what they void is not clean. "
    f"Young submissions have had less time to be denied or sent again. {DUPLICATES}",
    fact=submission_outcome,
    left_out={
        "a void": "is_void",
        "neither rejected nor answered": "NOT is_void AND NOT is_rejected AND NOT is_answered",
    },
    duplicates="is_duplicate AND NOT is_void",
    event="is_clean",
    period="submission_date",
    maturity=Maturity(
        column="answered_share",
        settled="CASE WHEN is_rejected OR is_answered THEN 1 ELSE 0 END",
        waiting=("neither rejected nor answered",),
    ),
)


def denial_pareto(
    engine: Engine,
    by: str | Sequence[str] = "denial_category",
    *,
    where: Where | None = None,
    include_duplicates: bool = False,
) -> pl.DataFrame:
    """Denied dollars by group, largest first, with ``share`` and ``cumulative_share``."""
    frame = denied_dollars(engine, by, where=where, include_duplicates=include_duplicates)
    return stats.shares_of_total(frame, "value")
