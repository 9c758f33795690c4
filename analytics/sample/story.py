"""The moves of one claim's life: sending it, answering it, taking an answer back."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from analytics.sample.events import Adjustment, Answer, AnsweredLine, Claim, Line, Submission
from analytics.sample.payers import batch_day, payment_day


class OutOfTimeError(Exception):
    """The next event would fall after the last day of the sample: the story stops there."""


@dataclass(slots=True)
class World:
    """What all claims share: the dice, the last day, the running numbers, finished claims."""

    rng: Random
    end: date
    pattern_start: date
    payer_number: int = 0
    finished: list[Claim] = field(default_factory=list[Claim])


@dataclass(slots=True)
class Story:
    """One claim as it unfolds.  Every move raises `OutOfTimeError` once the last day is passed."""

    world: World
    claim: Claim

    def chance(self, share: float) -> bool:
        """True with probability `share`."""
        return self.world.rng.random() < share

    def send(
        self,
        ready: date,
        *,
        frequency: str = "1",
        original: str = "",
        control: str = "",
        lines: list[Line] | None = None,
    ) -> Submission:
        """The claim sent on the first batch day from `ready` on."""
        sent = self.in_time(batch_day(ready))
        claim = self.claim
        if not control:
            previous = claim.submissions
            control = previous[-1].control if previous else f"RC{claim.number:07d}"
        submission = Submission(sent, control, frequency, original, lines or claim.lines)
        claim.submissions.append(submission)
        return submission

    def payday(self, sent: date, extra: int = 0) -> date:
        """The day on which the payer answers what was sent on `sent`."""
        payer, draw = self.claim.payer, self.world.rng.random()
        days = payer.lag + int(payer.spread * draw * draw) + extra
        if self.chance(0.03):  # a late answer
            days += 30 + int(90 * self.world.rng.random())
        return self.in_time(payment_day(payer, sent + timedelta(days=days)))

    def number(self) -> str:
        """A new claim number of the payer's."""
        self.world.payer_number += 1
        return f"{self.claim.payer.slug[:3]}{self.world.payer_number:08d}"

    def answer(
        self,
        day: date,
        lines: list[AnsweredLine],
        *,
        status: str = "",
        number: str = "",
        remarks: tuple[str, ...] = (),
        original: str = "",
    ) -> Answer:
        """What the payer says of these lines of the latest submission, on `day`."""
        claim, submission = self.claim, self.claim.submissions[-1]
        paid = sum(line.paid for line in lines)
        adjustments: list[Adjustment] = []
        if claim.payer.sequesters == "claim" and paid > 100:
            withheld = (paid + 25) // 50
            adjustments.append(("CO", "253", withheld))
            paid -= withheld
        answer = Answer(
            day, status or self._status(paid), self._echo(submission.control),
            number or self.number(), sum(line.charge for line in lines), paid,
            sum(a for line in lines for group, _, a in line.adjustments if group == "PR"),
            lines, adjustments, remarks, frequency=submission.frequency, original=original,
            received=submission.sent + timedelta(days=claim.number % 3), submission=submission,
        )  # fmt: skip
        if claim.is_institutional and not claim.payer.sends_lines_institutional:
            _fold(answer)
        answer.interest = self._interest(answer, submission.sent)
        claim.answers.append(answer)
        return answer

    def reverse(self, victim: Answer, day: date) -> Answer:
        """`victim` taken back on `day`: the same claim payment with every sign turned."""
        self.in_time(day)
        victim.taken_back_on = day
        answer = Answer(
            day, "22", victim.control, victim.payer_number, -victim.charge, -victim.paid,
            -victim.patient, [_negated(line) for line in victim.lines],
            [(group, code, -amount) for group, code, amount in victim.adjustments],
            frequency=victim.frequency, received=victim.received, takes_back=victim,
        )  # fmt: skip
        self.claim.answers.append(answer)
        return answer

    def _interest(self, answer: Answer, sent: date) -> int:
        """A tenth a year from the 46th day on, at payers that pay interest."""
        late = (answer.day - sent).days - 45
        if not self.claim.payer.pays_interest or late <= 0 or answer.paid <= 0:
            return 0
        return answer.paid * late // 3650

    def in_time(self, day: date) -> date:
        """`day`, if it is not past the last one."""
        if day > self.world.end:
            raise OutOfTimeError
        return day

    def _echo(self, control: str) -> str:
        """The control number as the payer gives it back: one payer lowers the case now and then."""
        lowers = self.claim.payer.lowers_case and self.claim.number % 4 == 0
        return control.lower() if lowers else control

    def _status(self, paid: int) -> str:
        """CLP02 of an ordinary answer: second payer, forwarded to one, or first payer."""
        if self.claim.sequence == "S":
            return "2"
        if self.claim.member.second_payer and paid:
            return "19"
        return "1"


def _negated(line: AnsweredLine) -> AnsweredLine:
    return AnsweredLine(
        line.line, -line.charge, -line.paid, None,
        [(group, code, -amount) for group, code, amount in line.adjustments],
        procedure=line.procedure,
    )  # fmt: skip


def _fold(answer: Answer) -> None:
    """Turns an answer by line into one for the whole claim, as some payers send it."""
    totals: dict[tuple[str, str], int] = {}
    for line in answer.lines:
        for group, code, amount in line.adjustments:
            totals[group, code] = totals.get((group, code), 0) + amount
        answer.remarks += line.remarks
    answer.adjustments += [(group, code, amount) for (group, code), amount in totals.items()]
    if not answer.paid or any(line.allowed is not None for line in answer.lines):
        answer.allowed = sum(line.allowed or 0 for line in answer.lines)
    answer.remarks = tuple(dict.fromkeys(answer.remarks))[:5]
    answer.lines = []
