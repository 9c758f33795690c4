"""What payers allowed against what their contracts say, and procedures they changed."""

from analytics.facts import answered_line
from analytics.facts_pay import priced_line
from analytics.metrics._kinds import Proportion
from analytics.metrics._priced import Matched, Shortfall, unpriced

_LEFT_OUT = unpriced(
    "tied to no claim", "taken back", "answered by a second payer", "no charge", "denied",
    "denied in part", "nothing allowed and nothing denied", "no day of service",
    "two contract rates apply", "anaesthesia, priced by time", "no Medicare price",
    "units not known", "expected amount too large to hold", "no procedure", "no rate",
)  # fmt: skip
_EXPECTED = (
    "Expected is the rate of the contract (contract_rate*.csv) on the day of service: the row "
    "that names the procedure before one that does not, then modifiers, facility, place of "
    "service, kind of claim; of equal ones that of the latest file, and none where two of one "
    "file disagree. Off by the larger of $1.00 and 1% counts, unless another tolerance is given. "
)
_USUAL = (
    "Reductions that are usual and that the rate does not name are told apart, under their own "
    "names, and are no underpayment as far as they go: several procedures of a day (modifier 51, "
    "or half the rate beside a larger procedure) to 50%, both sides (50) at once instead of one "
    "and a half times, assistants (80, 81, 82) to 16% and AS to 13.6%, reduced services (52, 53) "
    "to any amount, fewer units paid than billed, and several answers of a line, none taken back, "
    "that together allow no more than is expected: what they leave of it is short once. "
)

underpayment = Shortfall(
    name="underpayment",
    title="Underpayment",
    definition="Dollars that payers allowed less on a service line than their contract, or else "
    "their usual allowed amount, has them allow.",
    unit="dollars",
    better="lower",
    denominator="first payers' lines with an expected amount",
    date_basis="day of payment",
    source="Contract variance, as in HFMA MAP Keys; Medicare Claims Processing Manual ch. 12",
    notes=f"{_EXPECTED}{_USUAL}Without a rate of contract the amount allowed most often to lines "
    "of the same payer, kind of claim, procedure, modifiers, units and quarter stands in, from 10 "
    "lines so allowed: `inferred` counts these lines, `inferred_amount` is their part of the "
    "amount. Lines of later answers count, those taken back do not.",
    fact=priced_line,
    left_out=_LEFT_OUT,
    period="answer_date",
)

contract_match_rate = Matched(
    name="contract_match_rate",
    title="Contract match rate",
    definition="Of the lines with a contract rate, the share allowed at it, give or take the "
    "tolerance.",
    unit="share",
    better="higher",
    denominator="first payers' lines with a contract rate",
    date_basis="day of payment",
    source="AMA National Health Insurer Report Card, contracted fee schedule match rate",
    notes=f"{_EXPECTED}A line allowed what a usual reduction leaves matches too. {_USUAL}",
    fact=priced_line,
    left_out={**_LEFT_OUT, "no rate of contract": "rate_source = 'inferred'"},
    period="answer_date",
)

recode_rate = Proportion(
    name="recode_rate",
    title="Recode rate",
    definition="Of the lines payers answered first, the share adjudicated under another procedure "
    "than the one billed.",
    unit="share",
    better="lower",
    denominator="lines of first answers with a procedure",
    date_basis="first answer",
    source="835 SVC01 and SVC06: the procedure as adjudicated, and as billed where they differ",
    notes="Modifiers and revenue codes changed alone do not count.",
    fact=answered_line,
    left_out={
        "tied to no claim": "claim_id IS NULL",
        "not of the first answer": "NOT is_first_answer",
        "no procedure": "answered_procedure_code IS NULL OR procedure_code IS NULL",
    },
    event="answered_procedure_code <> procedure_code",
    period="answer_date",
)
