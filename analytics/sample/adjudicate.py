"""What a payer does with one line: pay it, leave it to the patient, cut it or deny it."""

from datetime import date
from random import Random

from analytics.sample.catalogue import OFFICE
from analytics.sample.codes import UNKNOWN_CARC, Reason
from analytics.sample.events import Adjustment, AnsweredLine, Line
from analytics.sample.payers import TALLOWMERE, Payer

# The coding pattern planted for the analyst to find: this payer, code and modifier, from this
# many months before the end on.
PATTERN_PAYER = TALLOWMERE
PATTERN_CODE = "99214"
PATTERN_MODIFIER = "25"
PATTERN_MONTHS = 8
PATTERN_SHARE = 0.75
PATTERN_REASON = Reason("CO", "4", ("N519",))
_VISITS = {visit.code: visit.charge for visit in OFFICE}


def is_in_pattern(payer: Payer, line: Line, start: date) -> bool:
    """Whether the planted pattern can strike this line; `start` is its first service day."""
    return (
        payer is PATTERN_PAYER
        and line.procedure == PATTERN_CODE
        and line.modifiers == PATTERN_MODIFIER
        and line.day >= start
    )


def pay(
    rng: Random, payer: Payer, line: Line, share: str, *, is_institutional: bool
) -> AnsweredLine:
    """The line paid at the contract's rate; `share` is copay, coinsurance, deductible or none."""
    if not line.charge:
        return AnsweredLine(line, 0, 0, None, [], ("N620",))
    permille = payer.institutional_permille if is_institutional else payer.professional_permille
    procedure = _recoded(payer, line)
    allowed = (_VISITS[procedure] if procedure else line.charge) * permille // 1000
    if rng.random() < 0.03:  # paid below the contract, for whoever looks for underpayment
        allowed = allowed * 9 // 10
    adjustments: list[Adjustment] = [("CO", "45", line.charge - allowed)]
    owed = _patient_share(allowed, share)
    paid = allowed - owed
    if payer.sequesters == "line" and paid > 100:
        withheld = (paid + 25) // 50
        adjustments.append(("CO", "253", withheld))
        paid -= withheld
    if owed:
        adjustments.append(("PR", {"deductible": "1", "coinsurance": "2"}.get(share, "3"), owed))
    return AnsweredLine(
        line, line.charge, paid, _sent(payer, allowed), adjustments, procedure=procedure
    )


def _recoded(payer: Payer, line: Line) -> str:
    """The visit a payer makes of a longer one; empty where it pays what was billed.

    No dice: whatever a payer says of a line later, it pays it as the same procedure.
    """
    if payer.recodes is None or line.procedure != payer.recodes[0]:
        return ""
    return payer.recodes[1] if int(line.number.partition("L")[0]) % 3 == 0 else ""


def _patient_share(allowed: int, share: str) -> int:
    if share == "deductible":
        return allowed
    if share == "coinsurance":
        return allowed // 5
    return min(allowed, 3000) if share == "copay" else 0


def _sent(payer: Payer, allowed: int) -> int | None:
    """The allowed amount as AMT*B6, from payers that send one."""
    return allowed if payer.sends_allowed else None


def deny(payer: Payer, line: Line, reason: Reason, *, splits: bool = False) -> AnsweredLine:
    """The line denied for `reason`; with `splits` the contractual part is written off first."""
    if not line.charge:
        return AnsweredLine(line, 0, 0, None, [], ("N620",))
    contractual = line.charge * 2 // 5 if splits else 0
    adjustments: list[Adjustment] = [("CO", "45", contractual)] if contractual else []
    adjustments.append((reason.group, reason.carc, line.charge - contractual))
    sent = 0 if payer.sequesters == "line" else None  # Medicare sends a zero
    return AnsweredLine(line, line.charge, 0, sent, adjustments, reason.remarks)


def deny_twice(line: Line, larger: Reason, smaller: Reason, share: int) -> AnsweredLine:
    """The line denied for two reasons, the smaller first; `share` is its percentage."""
    part = line.charge * share // 100
    adjustments = [
        (smaller.group, smaller.carc, part),
        (larger.group, larger.carc, line.charge - part),
    ]
    return AnsweredLine(line, line.charge, 0, None, adjustments, larger.remarks)


def withhold(paid: AnsweredLine, reason: Reason) -> AnsweredLine:
    """`paid` with a fifth of the payment withheld: a reduction, not a denied line."""
    withheld = paid.paid // 5
    return AnsweredLine(
        paid.line, paid.charge, paid.paid - withheld, paid.allowed,
        [*paid.adjustments, (reason.group, reason.carc, withheld)], reason.remarks, paid.procedure,
    )  # fmt: skip


def add_unknown(paid: AnsweredLine) -> AnsweredLine:
    """`paid` less five dollars for a reason that is in no code list."""
    return AnsweredLine(
        paid.line, paid.charge, paid.paid - 500, paid.allowed,
        [*paid.adjustments, ("CO", UNKNOWN_CARC, 500)], paid.remarks, paid.procedure,
    )  # fmt: skip


def write_off(line: Line) -> AnsweredLine:
    """The whole charge written off by contract, as under capitation."""
    adjustments: list[Adjustment] = [("CO", "45", line.charge)] if line.charge else []
    return AnsweredLine(line, line.charge, 0, None, adjustments)


def pay_second(first: AnsweredLine) -> AnsweredLine:
    """The line as a second payer answers it: it pays what the first left to the patient."""
    left = sum(amount for group, _, amount in first.adjustments if group == "PR")
    before = first.charge - left
    adjustments: list[Adjustment] = [("OA", "23", before)] if before else []
    return AnsweredLine(first.line, first.charge, left, None, adjustments)
