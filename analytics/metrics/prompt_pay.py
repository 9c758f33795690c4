"""Clean claims that payers answered too late by law or contract, and the interest they owe."""

from analytics.facts_pay import prompt_pay
from analytics.metrics._ruled import RuledProportion, RuledTotal, RuledWait

_CLEAN = {
    "void": "is_void",
    "rejected at the front end": "is_rejected",
    "sent again: not clean": "is_resubmitted",
    "denied: not clean": "is_denied",
    "denied as a duplicate only": "is_duplicate",
    "answered before it was sent": "waited_days < 0",
    "no rule for its payer, line of business and state": "answer_days IS NULL",
    "last day to answer not past": "NOT is_due",
}
_LATE = {**_CLEAN, "answered in time": "NOT is_late"}
_RULES = (
    "Rules are the map prompt_pay_rule (revcycle reference show prompt_pay_rule); `unverified` "
    "counts the claims judged by a rule that two sources do not confirm: check those before you "
    "act on them. The payer's own rule in the map comes first, then prompt_pay_days of payer_map, "
    "the line of business, the state of payer_map, the state of service. The rule in force on the "
    "day of receipt counts, with its days for electronic claims. Business days are Monday to "
    "Friday without federal holidays (state holidays are not known); a last calendar day on a "
    "weekend is not moved."
)
_CLOCK = (
    "Days run from the day the payer received the claim (DTM*050), else from the day it was sent. "
    "Claims not answered on the as-of date are breaches once their day is past. A claim first "
    "answered with any denial is taken as not clean, as in clean_claim_rate."
)
_SOURCE = "State prompt-pay laws; 42 CFR 447.45(d), SSA 1816(c)(2) and 1842(c)(2) for programmes"

prompt_pay_breaches = RuledProportion(
    name="prompt_pay_breaches",
    title="Prompt-pay breaches",
    definition="Of the clean claims whose last day to be answered by law or contract is past, the "
    "share not answered by that day.",
    unit="share",
    better="lower",
    denominator="clean claims whose last day to be answered is past",
    date_basis="last day to answer",
    source=_SOURCE,
    notes=f"{_CLOCK} {_RULES}",
    fact=prompt_pay,
    left_out=_CLEAN,
    event="is_late",
    period="due_date",
)

prompt_pay_days_late = RuledWait(
    name="prompt_pay_days_late",
    title="Days late of prompt-pay breaches",
    definition="Median days from the last day to answer a clean claim to the answer, of those not "
    "answered by that day.",
    unit="days",
    better="lower",
    denominator="clean claims not answered by their last day",
    date_basis="last day to answer",
    source=f"{_SOURCE}; Kaplan-Meier",
    notes=f"Claims still open count as waiting on the as-of date. {_CLOCK} {_RULES}",
    fact=prompt_pay,
    left_out=_LATE,
    days="days_late",
    ended="is_answered",
    period="due_date",
)

prompt_pay_interest = RuledTotal(
    name="prompt_pay_interest",
    title="Prompt-pay interest owed",
    definition="Simple interest at the rate of the rule on what was paid after the last day to "
    "answer, for the days it was late.",
    unit="dollars",
    better="lower",
    denominator="clean claims answered after their last day",
    date_basis="last day to answer",
    source=_SOURCE,
    notes="A year has 365 days, a month a twelfth of it; each claim is rounded to the cent. Late "
    "is what the first answer paid and no reversal took back. Where a rule has no rate, interest "
    "is null, not 0 (slice by interest_unknown for the reasons); `known` counts the rest. Interest "
    "that came (AMT*I) is in the rows, not taken off (prompt_pay_worklist tells what is still due, "
    "interest_due_amount); that of "
    f"provider-level adjustments (PLB L6) is not. {_CLOCK} {_RULES}",
    fact=prompt_pay,
    left_out={**_LATE, "not answered yet": "NOT is_answered"},
    amount="interest_amount",
    period="due_date",
)
