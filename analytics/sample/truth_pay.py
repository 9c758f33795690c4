"""The right answers about what payers owe: too little allowed, another code paid, a late answer.

Readings chosen where the definitions leave a case open:

* Expected is what the rate table says; an answer taken back, one of a second payer, and a line that
  was denied, wholly or in part, or allowed nothing is not priced.  Off by more than a dollar and
  than one per cent counts.  Units paid are units billed; no procedure is halved.
* A submission is clean once the payer has it, nothing is denied and nothing is sent after it.  It
  counts once its last day is past; interest is on what that answer paid and no reversal took back.
* A line recoded by its payer is expected at the rate of what was billed.
"""

from datetime import date, timedelta

from analytics.sample import rates
from analytics.sample.events import Answer, Claim, Submission
from analytics.sample.payers import Payer
from analytics.sample.reading import Part, Reading, is_answer, parts, reply_to
from analytics.sample.tallies import Amount, Json, Rate, Wait, dollars, month
from analytics.sample.x835 import tells_receipt

# Days to answer, by programme or else by state; of interest only one state gives a rate.
DAYS = 30
WORKING_DAYS_BEFORE = date(2026, 1, 1)  # in California
# Federal holidays that a claim received in 2025 may wait over.
HOLIDAYS = [
    date(2025, *one)
    for one in ((1, 1), (1, 20), (2, 17), (5, 26), (6, 19), (7, 4), (9, 1), (10, 13), (11, 11),
                (11, 27), (12, 25))
] + [date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16)]  # fmt: skip
PERMILLE = 150  # a year, in California
CALIFORNIA = ("commercial", "CA")


class PayTruth:
    """Takes in claims one by one."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.matched, self.breached, self.recoded = Rate(), Rate(), Rate()
        self.short, self.interest = Amount(), Amount()
        self.expected = 0
        self.late = Wait()

    def add(self, claim: Claim, found: Reading) -> None:
        """Counts one claim in everything."""
        self._add_first(claim, found)
        for answer in claim.answers:
            if claim.sequence == "P" and is_answer(answer) and answer.taken_back_on is None:
                self._add_lines(claim, answer)
        for sent in claim.submissions:
            if _is_clean(claim, sent):
                self._add_clean(claim, sent)

    def result(self) -> Json:
        """The metrics, by name."""
        return {
            "underpayment": self.short.result() | {"expected": dollars(self.expected)},
            "contract_match_rate": self.matched.result(),
            "recode_rate": self.recoded.result(),
            "prompt_pay_breaches": self.breached.result(),
            "prompt_pay_days_late": self.late.result(),
            "prompt_pay_interest": self.interest.result(),
        }

    def _add_first(self, claim: Claim, found: Reading) -> None:
        for answer in found.first:
            for line in answer.lines:
                if line.line.procedure:
                    hit = int(bool(line.procedure))
                    self.recoded.add(claim.payer.canonical, month(answer.day), hit)

    def _add_lines(self, claim: Claim, answer: Answer) -> None:
        for line, part in zip(answer.lines, parts(answer), strict=False):
            if not _is_priced(part):
                continue
            agreed = rates.expected(claim.payer, line.line, is_institutional=claim.is_institutional)
            if agreed is None:
                continue
            off = abs(agreed - part.allowed) * 100 > max(10000, agreed)
            short = off and part.allowed < agreed
            payer, when = claim.payer.canonical, month(answer.day)
            self.expected += agreed
            self.matched.add(payer, when, int(not off))
            self.short.add(payer, when, (agreed - part.allowed) if short else 0, int(short))

    def _add_clean(self, claim: Claim, sent: Submission) -> None:
        answers = [one for one in claim.answers if one.submission is sent and is_answer(one)]
        day = min((one.day for one in answers), default=None)
        told = [one.received for one in answers if one.day == day and tells_receipt(claim)]
        start = min((one for one in told if one), default=sent.sent)
        due = last_day(claim.payer, start)
        if due >= self.as_of:
            return
        payer, when, stop = claim.payer.canonical, month(due), day or self.as_of
        self.breached.add(payer, when, int(stop > due))
        if stop > due:
            self.late.add(payer, when, due, day, self.as_of)
        if day and stop > due and (claim.payer.line_of_business, claim.payer.state) == CALIFORNIA:
            stands = (one for one in answers if one.day == day and one.taken_back_on is None)
            paid = max(sum(one.paid for one in stands), 0)
            owed = (2 * paid * PERMILLE * (stop - due).days + 365000) // 730000  # half a cent up
            self.interest.add(payer, when, owed)


def last_day(payer: Payer, start: date) -> date:
    """The last day to answer a claim received on `start`."""
    working = (payer.line_of_business, payer.state) == CALIFORNIA and start < WORKING_DAYS_BEFORE
    if not working:
        return start + timedelta(days=DAYS)
    day, left = start, DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in HOLIDAYS
    return day


def _is_priced(part: Part) -> bool:
    return part.charge > 0 and part.allowed > 0 and not part.denied and not part.is_duplicate


def _is_clean(claim: Claim, sent: Submission) -> bool:
    rejected = bool(sent.rejection and sent.acknowledged)
    return (
        sent is claim.submissions[-1]
        and sent.frequency != "8"
        and not rejected
        and reply_to(claim, sent) in {"", "undenied"}
    )
