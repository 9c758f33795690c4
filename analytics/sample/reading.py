"""What the rules make of one claim, told from its events: outcome, denied lines, balance by day.

This is the plain reading of the metric definitions, in plain Python, and leans on nothing that the
library computes.  Where a definition leaves a case open, `truth` says what was chosen.
"""

from dataclasses import dataclass
from datetime import date

from analytics.sample.codes import CARCS, RARCS
from analytics.sample.events import Adjustment, Answer, Claim

NO_ANSWER = {"22", "23", "25"}  # reversal, forwarded only, predetermination
PATIENT_SHARE = {"1", "2", "3"}


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an answer; or the whole answer, where it has no lines.  Cents."""

    number: str
    charge: int
    paid: int
    share: int
    allowed: int
    adjustments: list[Adjustment]
    remarks: tuple[str, ...]  # its own, then the claim's

    @property
    def is_unpaid(self) -> bool:
        """Nothing paid and nothing allowed."""
        return not self.paid and not self.allowed

    @property
    def denials(self) -> list[Adjustment]:
        """Adjustments that deny: a reduction does only where the line is otherwise unpaid."""
        counts = {"yes", "partial"} if self.is_unpaid else {"yes"}
        return [one for one in self.adjustments if one[2] > 0 and CARCS[one[1]].counts in counts]

    @property
    def denied(self) -> int:
        """The denied amount."""
        return sum(amount for _, _, amount in self.denials)

    @property
    def is_denied(self) -> bool:
        """Charged, unpaid, unallowed and denied."""
        return self.charge > 0 and self.is_unpaid and self.denied > 0

    @property
    def is_duplicate(self) -> bool:
        """Denied as a duplicate (CARC 18) and for nothing else."""
        return not self.denials and any(code == "18" for _, code, _ in self.adjustments)

    @property
    def settled(self) -> int:
        """What the insurer no longer owes: paid, and all that is neither denied nor pended."""
        open_kinds = {"denial", "pend"}
        denials = self.denials
        return self.paid + sum(
            one[2]
            for one in self.adjustments
            if CARCS[one[1]].kind not in open_kinds and one not in denials
        )


def main_denial(part: Part) -> Adjustment:
    """The largest denial of a denied line; of equals the first."""
    return max(part.denials, key=lambda one: one[2])


def category(part: Part) -> str:
    """Why a line was denied: by its largest denial, or the remark where the code says little."""
    code = CARCS[main_denial(part)[1]]
    if code.remark_decides:
        return next((RARCS[one] for one in part.remarks if one in RARCS), code.category)
    return code.category


def parts(answer: Answer) -> list[Part]:
    """The lines of an answer; the answer itself where it has none."""
    if not answer.lines:
        share = _share(answer.adjustments)
        allowed = answer.paid + answer.patient if answer.allowed is None else answer.allowed
        return [
            Part("", answer.charge, answer.paid, share, allowed, answer.adjustments, answer.remarks)
        ]
    return [
        Part(
            line.line.number, line.charge, line.paid, _share(line.adjustments),
            line.paid + _share(line.adjustments) if line.allowed is None else line.allowed,
            line.adjustments, line.remarks + answer.remarks,
        )
        for line in answer.lines
    ]  # fmt: skip


def _share(adjustments: list[Adjustment]) -> int:
    return sum(
        amount for group, code, amount in adjustments if group == "PR" and code in PATIENT_SHARE
    )


def settled(answer: Answer) -> int:
    """By how much an answer lowers the open balance, claim-level adjustments included."""
    if answer.takes_back is not None:
        return -settled(answer.takes_back)
    if not is_answer(answer):
        return 0
    of_lines = sum(part.settled for part in parts(answer))
    withheld = answer.adjustments if answer.lines else []
    of_claim = sum(amount for _, code, amount in withheld if CARCS[code].kind != "denial")
    # The lines' payments do not know what was withheld from the claim as a whole.
    line_paid = sum(line.paid for line in answer.lines) if answer.lines else answer.paid
    return of_lines + of_claim + answer.paid - line_paid


def is_answer(answer: Answer) -> bool:
    """Not a reversal, a notice, or an answer with nothing but pend codes."""
    if answer.status in NO_ANSWER:
        return False
    codes = [code for part in (answer, *answer.lines) for _, code, _ in part.adjustments]
    return not codes or any(CARCS[code].kind != "pend" for code in codes)


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
    movements: tuple[tuple[date, int], ...]
    void_day: date | None

    def balance(self, day: date) -> int:
        """The open balance at the end of `day`; a void closes it to nothing, for good."""
        if self.void_day is not None and day >= self.void_day:
            return 0
        return sum(amount for when, amount in self.movements if when <= day)


def read(claim: Claim) -> Reading:
    """The reading of one claim with at least one submission."""
    answers = [answer for answer in claim.answers if is_answer(answer)]
    first_day = min((answer.day for answer in answers), default=None)
    first = tuple(answer for answer in answers if answer.day == first_day)
    first_parts = tuple(part for answer in first for part in parts(answer))
    standing = [answer for answer in answers if answer.taken_back_on is None]
    denied = sum(part.denied for part in first_parts)
    later = [answer for answer in standing if answer.day != first_day]
    recovered = _recovered(first_parts, later)
    return Reading(
        first, first_parts, first_day,
        min((answer.day for answer in answers if answer.paid > 0), default=None),
        _outcome(first, first_parts, denied),
        not denied and any(part.is_duplicate for part in first_parts),
        denied, recovered, denied > 0 and recovered > 0,
        sum(part.allowed for answer in standing for part in parts(answer)),
        _charges(claim)[-1][1],
        tuple(_movements(claim)),
        min((one.sent for one in claim.submissions if one.frequency == "8"), default=None),
    )  # fmt: skip


def _outcome(first: tuple[Answer, ...], found: tuple[Part, ...], denied: int) -> str | None:
    if not first:
        return None
    paid = sum(answer.paid for answer in first)
    if denied and not paid and not sum(part.allowed for part in found):
        return "denied"
    if denied:
        return "partially_denied"
    return "paid" if paid + sum(part.share for part in found) > 0 else "no_pay_other"


def _recovered(first: tuple[Part, ...], later: list[Answer]) -> int:
    """Later paid and left to the patient on lines first denied."""
    numbers = {part.number for part in first if part.is_denied}
    return sum(
        part.paid + part.share
        for answer in later
        for part in parts(answer)
        if part.number in numbers
    )


def _charges(claim: Claim) -> list[tuple[date, int]]:
    """The charge from each day on: of the first submission, then of each replacement."""
    first, *later = claim.submissions
    return [
        (first.sent, first.charge),
        *((one.sent, one.charge) for one in later if one.frequency == "7"),
    ]


def _movements(claim: Claim) -> list[tuple[date, int]]:
    """The charge, its changes, and what each answer settles or gives back."""
    found: list[tuple[date, int]] = []
    before = 0
    for day, charge in _charges(claim):
        found.append((day, charge - before))
        before = charge
    return found + [(answer.day, -settled(answer)) for answer in claim.answers]
