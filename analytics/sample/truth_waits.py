"""The right answers of the metrics of days: what waits, until when, and what ends it first.

Readings chosen where the definitions leave a case open:

* A claim voided before its answer or payment stops waiting on that day (censored).
* First paid day counts answers later taken back too: they did come.
* After a denial the next payment is one of a later day; what came with it was for something else.
* Where no answer says when the claim was received, it is the day it was first sent.
* Of dollars, each waits as long as its claim; a voided claim bills nothing.
* What a share of claims is done by a day is told by Kaplan and Meier, of competing ends by Aalen
  and Johansen, in fractions; None where nobody has waited that long.
"""

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

from analytics.sample.denials import by_day
from analytics.sample.events import Claim
from analytics.sample.reading import Reading, is_answer
from analytics.sample.tallies import Json, Part, Wait, month
from analytics.sample.x835 import tells_receipt

LAST_DAYS = (15, 30, 45, 60)
OUTCOMES = ("paid", "denied", "patient_only", "no_pay_other")
CASH = {"days_submission_to_answer": "answer", "days_submission_to_payment": "payment"}
DONE, OPEN = "done", ""  # ends of a wait: any, and none yet


class WaitTruth:
    """Takes in claims one by one; `result` gives what the truth file says of them."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.waits: defaultdict[str, Wait] = defaultdict(Wait)
        # By payer, or all: days to what ended the wait, in claims or in cents.
        self.ends: defaultdict[tuple[str, Part], Counter[tuple[int, str]]] = defaultdict(Counter)

    def add(self, claim: Claim, found: Reading) -> None:
        """Counts one claim in everything."""
        sent, served = claim.submissions[0].sent, claim.service_to
        answer, paid = found.first_day, found.first_paid_day
        told = [one.received for one in found.first if one.received and tells_receipt(claim)]
        for name, start, stop in (
            ("days_service_to_submission", served, sent),
            ("days_submission_to_answer", sent, answer),
            ("days_submission_to_answer by receipt", min(told, default=sent), answer),
            ("days_submission_to_payment", sent, paid),
            ("days_service_to_payment", served, paid),
        ):
            self._wait(name, claim, found, month(sent), start, stop)
        denials = (day for day, _, lines in by_day(claim) if any(one.denied for one in lines))
        if denied := next(denials, None):
            came = (one.day for one in claim.answers if is_answer(one) and one.paid > 0)
            stop = min((day for day in came if day > denied), default=None)
            self._wait("days_denial_to_payment", claim, found, month(denied), denied, stop)
        self._end("outcome", claim, found, answer, _outcome(found), 1)
        charge = 0 if found.void_day else found.charge
        for name, stop in (("answer", answer), ("payment", paid)):
            self._end(name, claim, found, stop, DONE, 1)
            self._end(f"{name} dollars", claim, found, stop, DONE, charge)

    def _wait(
        self, name: str, claim: Claim, found: Reading, when: str, start: date, stop: date | None
    ) -> None:
        last = found.void_day or self.as_of
        if (stop or last) >= start:  # else no span, and told apart
            self.waits[name].add(claim.payer.canonical, when, start, stop, last)

    def _end(
        self, name: str, claim: Claim, found: Reading, stop: date | None, end: str, weight: int
    ) -> None:
        day = stop or found.void_day or self.as_of
        days = (day - claim.submissions[0].sent).days
        for part in (("all", ""), ("payer_name", claim.payer.canonical)):
            self.ends[name, part][days, end if stop else OPEN] += weight

    def result(self) -> Json:
        """All of it, by the names of the metrics."""
        told: Json = {name: one.result() for name, one in self.waits.items()}
        told["outcome_curve"] = self._nested("outcome", OUTCOMES)
        told["cash_curve"] = {
            metric: {
                "claims": self._nested(name, (DONE,)),
                "dollars": self._nested(f"{name} dollars", (DONE,)),
            }
            for metric, name in CASH.items()
        }
        return told

    def _nested(self, name: str, ends: tuple[str, ...]) -> Json:
        """What ended so by the end of some days, in all and by payer."""
        told: Json = {"all": {}, "payer_name": {}}
        for (which, (kind, payer)), counts in sorted(self.ends.items()):
            if which == name:
                shares = {str(last): ended_by(counts, ends, last) for last in LAST_DAYS}
                told[kind] = shares if kind == "all" else told[kind] | {payer: shares}
        return told


def _outcome(found: Reading) -> str:
    if found.outcome in {"denied", "partially_denied"}:
        return "denied"
    if found.outcome == "paid" and not sum(answer.paid for answer in found.first):
        return "patient_only"
    return found.outcome or OPEN


def ended_by(
    counts: Counter[tuple[int, str]], ends: tuple[str, ...], last: int
) -> dict[str, float | None]:
    """The share that each end has brought about by a day; None where the counts end before it."""
    shares, still, at_risk = dict.fromkeys(ends, Fraction(0)), Fraction(1), counts.total()
    days = sorted({day for day, _ in counts})
    for day in (day for day in days if day <= last and at_risk):
        ended = sum(counts[day, end] for end in ends)
        for end in ends:
            shares[end] += still * Fraction(counts[day, end], at_risk)
        still *= 1 - Fraction(ended, at_risk)
        at_risk -= ended + counts[day, OPEN]
    known = days[-1] >= last or not still
    return {end: float(share) if known else None for end, share in shares.items()}
