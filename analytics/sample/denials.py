"""What the rules make of a claim's denials: why, how often, what came of them and when.

Readings chosen where the definitions leave a case open:

* A denial event is an answer (the claim payments of one day) with a denied amount, later taken
  back or not; one with nothing but CARC 18 or 193 is none.
* Paid, for the wait to resolution, is what overturns: a later answer, not taken back, that pays or
  leaves to the patient money on a line first denied.  A write-off counts from the denial on.
* A void is no submission to wait for; who does not send again waits until the last day.
"""

from dataclasses import dataclass
from datetime import date

from analytics.sample.codes import CARCS
from analytics.sample.events import Adjustment, Answer, Claim
from analytics.sample.reading import Part, Reading, is_answer, parts


@dataclass(frozen=True, slots=True)
class Denials:
    """The denials of one claim that was first denied.  Cents; None where it has not happened."""

    main: Adjustment  # the largest of the first answer
    remark: str  # empty without one
    category: str
    resubmitted: date | None
    resolved: date | None
    written_off: int

    @property
    def is_preventable(self) -> bool:
        """Whether the office could have prevented it."""
        return CARCS[self.main[1]].preventable == "yes"

    @property
    def is_hard(self) -> bool:
        """Whether it is rarely overturned."""
        return CARCS[self.main[1]].hardness == "hard"


def by_day(claim: Claim) -> list[tuple[date, list[Answer], list[Part]]]:
    """The answers of a claim, claim payments of one day together, in order."""
    days: dict[date, list[Answer]] = {}
    for answer in claim.answers:
        if is_answer(answer):
            days.setdefault(answer.day, []).append(answer)
    return [
        (day, found, [part for one in found for part in parts(one)])
        for day, found in sorted(days.items())
    ]


def is_only_duplicate(found: list[Part]) -> bool:
    """Whether an answer denies as a duplicate and for nothing else."""
    return not any(part.denied for part in found) and any(part.is_duplicate for part in found)


def read_denials(claim: Claim, found: Reading) -> Denials | None:
    """The denials of a claim; None where the first answer denied nothing."""
    if not found.denied or found.first_day is None:
        return None
    first = found.first_day
    part, main = max(
        ((part, one) for part in found.first_parts for one in part.denials),
        key=lambda pair: pair[1][2],
    )
    sent = (one.sent for one in claim.submissions if one.sent > first and one.frequency != "8")
    ends = [one.day for one in claim.write_offs if one.day >= first]
    ends += [day for day in (_overturned(claim, found), found.void_day) if day is not None]
    return Denials(
        main, part.remarks[0] if part.remarks else "", part.reason(main),
        min(sent, default=None), min(ends, default=None),
        sum(one.amount for one in claim.write_offs),
    )  # fmt: skip


def _overturned(claim: Claim, found: Reading) -> date | None:
    """The first day on which a line first denied was paid or moved to the patient."""
    struck = {part.number for part in found.first_parts if part.is_denied}
    return min(
        (
            answer.day
            for answer in claim.answers
            if is_answer(answer) and answer.day != found.first_day and not answer.taken_back_on
            for part in parts(answer)
            if part.number in struck and part.paid + part.share > 0
        ),
        default=None,
    )
