"""What the rules make of one claim, told from its events: outcome, denied lines, balance by day.

This is the plain reading of the metric definitions, in plain Python, and leans on nothing that the
library computes.  Where a definition leaves a case open, `truth` says what was chosen.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from analytics.sample.codes import CARCS, RARCS
from analytics.sample.events import Adjustment, Answer, AnsweredLine, Claim, Submission

NO_ANSWER = {"22", "23", "25"}  # reversal, forwarded only, predetermination
PATIENT_SHARE = {"1", "2", "3"}
OPEN_KINDS = {"denial", "pend"}


@dataclass(slots=True)
class Part:
    """A line of an answer; or the whole answer, where it has no lines.  Cents."""

    number: str
    charge: int
    paid: int
    share: int
    allowed: int
    denials: list[Adjustment]
    settled: int  # what the insurer no longer owes: paid, and all neither denied nor pended
    is_duplicate: bool  # denied as a duplicate (CARC 18) and for nothing else
    remarks: tuple[str, ...]  # its own, then the claim's

    @property
    def denied(self) -> int:
        """The denied amount."""
        return sum(amount for _, _, amount in self.denials)

    @property
    def is_denied(self) -> bool:
        """Charged, unpaid, unallowed and denied."""
        return bool(self.denials) and self.charge > 0 and not self.paid and not self.allowed

    @property
    def main(self) -> Adjustment:
        """The largest denial of a denied line; of equals the first."""
        return max(self.denials, key=lambda one: one[2])

    def reason(self, denial: Adjustment) -> str:
        """The category of a denial: by its code, or the remark where the code says little."""
        code = CARCS[denial[1]]
        if code.remark_decides:
            return next((RARCS[one] for one in self.remarks if one in RARCS), code.category)
        return code.category


def parts(answer: Answer) -> list[Part]:
    """The lines of an answer; the answer itself where it has none."""
    if not answer.lines:
        allowed = answer.paid + answer.patient if answer.allowed is None else answer.allowed
        return [_part("", answer, allowed, answer.remarks)]
    return [
        _part(line.line.number, line, line.allowed, line.remarks + answer.remarks)
        for line in answer.lines
    ]


def _part(
    number: str, what: Answer | AnsweredLine, allowed: int | None, remarks: tuple[str, ...]
) -> Part:
    """One part read: each adjustment either denies, is kept open, or settles."""
    share, settled, is_duplicate = 0, what.paid, False
    deny: list[Adjustment] = []
    reduce: list[Adjustment] = []
    for one in what.adjustments:
        group, code, amount = one
        kind, counts = CARCS[code].kind, CARCS[code].counts
        if counts == "partial":
            reduce.append(one)
        elif counts == "yes":
            deny.append(one)
        elif kind not in OPEN_KINDS:
            settled += amount
            share += amount if group == "PR" and code in PATIENT_SHARE else 0
        is_duplicate |= code == "18"
    allowed = what.paid + share if allowed is None else allowed
    if what.paid or allowed:  # a reduction denies only where the line is otherwise unpaid
        settled += sum(amount for _, _, amount in reduce)
    else:
        deny = [one for one in what.adjustments if one in deny or one in reduce]
    deny = [one for one in deny if one[2] > 0]
    return Part(
        number, what.charge, what.paid, share, allowed, deny, settled,
        is_duplicate and not deny, remarks,
    )  # fmt: skip


def settled(answer: Answer, found: list[Part]) -> int:
    """By how much an answer lowers the open balance, claim-level adjustments included."""
    total = sum(part.settled for part in found)
    if not answer.lines:
        return total
    # The lines' payments do not know what was withheld from the claim as a whole.
    total += answer.paid - sum(part.paid for part in found)
    return total + sum(
        amount for _, code, amount in answer.adjustments if CARCS[code].kind not in OPEN_KINDS
    )


def is_answer(answer: Answer) -> bool:
    """Not a reversal, a notice, or an answer with nothing but pend codes."""
    if answer.status in NO_ANSWER:
        return False
    codes = [code for part in (answer, *answer.lines) for _, code, _ in part.adjustments]
    return not codes or any(CARCS[code].kind != "pend" for code in codes)


class Movement(NamedTuple):
    """By how much the open balance changes on a day, and what changes it."""

    day: date
    amount: int
    kind: str  # charge, paid, adjusted, taken_back or write_off


@dataclass(frozen=True, slots=True)
class Reading:
    """One claim as the metrics see it.  Cents; None where it has not happened."""

    first: tuple[Answer, ...]
    first_parts: tuple[Part, ...]
    first_day: date | None
    first_paid_day: date | None
    outcome: str | None
    is_duplicate: bool
    denied: int
    recovered: int
    is_overturned: bool
    allowed: int  # of answers not taken back
    charge: int  # as it stands after replacements
    movements: list[Movement]
    void_day: date | None

    def balance(self, day: date) -> int:
        """The open balance at the end of `day`; a void closes it to nothing, for good."""
        if self.void_day is not None and day >= self.void_day:
            return 0
        return sum(one.amount for one in self.movements if one.day <= day)


def read(claim: Claim) -> Reading:
    """The reading of one claim with at least one submission."""
    answers = [(answer, parts(answer)) for answer in claim.answers if is_answer(answer)]
    first_day = min((answer.day for answer, _ in answers), default=None)
    first = tuple(answer for answer, _ in answers if answer.day == first_day)
    first_parts = tuple(p for answer, found in answers if answer.day == first_day for p in found)
    standing = [(answer.day, found) for answer, found in answers if answer.taken_back_on is None]
    denied = sum(part.denied for part in first_parts)
    later = [part for day, found in standing if day != first_day for part in found]
    recovered = _recovered(first_parts, later) if denied else 0
    return Reading(
        first, first_parts, first_day,
        min((answer.day for answer, _ in answers if answer.paid > 0), default=None),
        _outcome(first, first_parts, denied),
        not denied and any(part.is_duplicate for part in first_parts),
        denied, recovered, recovered > 0,
        sum(part.allowed for _, found in standing for part in found),
        _charges(claim)[-1][1],
        _movements(claim, answers),
        min((one.sent for one in claim.submissions if one.frequency == "8"), default=None),
    )  # fmt: skip


def reply_to(claim: Claim, sent: Submission) -> str:
    """What first came back from the payer for one submission: denied, duplicate or undenied."""
    answers = [one for one in claim.answers if one.submission is sent and is_answer(one)]
    first = min((one.day for one in answers), default=None)
    found = [part for one in answers if one.day == first for part in parts(one)]
    if not answers:
        return ""
    if any(part.denied for part in found):
        return "denied"
    return "duplicate" if any(part.is_duplicate for part in found) else "undenied"


def _outcome(first: tuple[Answer, ...], found: tuple[Part, ...], denied: int) -> str | None:
    if not first:
        return None
    paid = sum(answer.paid for answer in first)
    if denied and not paid and not sum(part.allowed for part in found):
        return "denied"
    if denied:
        return "partially_denied"
    return "paid" if paid + sum(part.share for part in found) > 0 else "no_pay_other"


def _recovered(first: tuple[Part, ...], later: list[Part]) -> int:
    """Later paid and left to the patient on lines first denied."""
    numbers = {part.number for part in first if part.is_denied}
    return sum(part.paid + part.share for part in later if part.number in numbers)


def _charges(claim: Claim) -> list[tuple[date, int]]:
    """The charge from each day on: of the first submission, then of each replacement."""
    first, *later = claim.submissions
    return [
        (first.sent, first.charge),
        *((one.sent, one.charge) for one in later if one.frequency == "7"),
    ]


def _movements(claim: Claim, answers: list[tuple[Answer, list[Part]]]) -> list[Movement]:
    """The charge, its changes, and what each answer settles and perhaps gives back."""
    found: list[Movement] = []
    before = 0
    for day, charge in _charges(claim):
        found.append(Movement(day, charge - before, "charge"))
        before = charge
    found += [Movement(one.day, -one.amount, "write_off") for one in claim.write_offs]
    for answer, its_parts in answers:
        amount = settled(answer, its_parts)
        found.append(Movement(answer.day, -answer.paid, "paid"))
        found.append(Movement(answer.day, answer.paid - amount, "adjusted"))
        if answer.taken_back_on is not None:
            found.append(Movement(answer.taken_back_on, amount, "taken_back"))
    return found
