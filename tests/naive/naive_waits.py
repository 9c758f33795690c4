"""What waits, from when until when, claim by claim; and shares done, one day after another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from naive_answers import is_added, is_void
from naive_outcome import Outcome
from naive_parts import ZERO


@dataclass
class Span:
    """A wait of one claim; `stop` is None where it has not ended by `last`."""

    period: date
    start: date | None
    stop: date | None
    last: date

    @property
    def days(self) -> int | None:
        """Days waited so far; None where the start is not known."""
        return None if self.start is None else ((self.stop or self.last) - self.start).days

    @property
    def is_rejected(self) -> bool:
        """No span at all: it has no start, or ends before it."""
        return self.days is None or self.days < 0


def spans(one: Outcome, as_of: date) -> dict[str, Span]:
    """The waits of a claim by the names of their metrics."""
    first, last = one.chain.submissions[0], one.chain.void_day or as_of
    sent, served = first["submission_date"], first["service_to_date"]
    paying = [row["payment_date"] for row in one.chain.answers if row["paid_amount"] > 0]
    denied = next((day for day, _, parts in one.days if any(part.denied for part in parts)), None)
    paid = min(paying, default=None)
    told = [row["received_date"] for row in one.days[0][1]] if one.days else []
    received = min((day for day in told if day), default=sent)
    found = {
        "days_service_to_submission": Span(sent, served, sent, last),
        "days_submission_to_answer": Span(sent, sent, one.first_day, last),
        "days_submission_to_answer by receipt": Span(sent, received, one.first_day, last),
        "days_submission_to_payment": Span(sent, sent, paid, last),
        "days_service_to_payment": Span(sent, served, paid, last),
    }
    if denied:
        later = min((day for day in paying if day > denied), default=None)
        found["days_denial_to_payment"] = Span(denied, denied, later, last)
    return found


def first_end(one: Outcome) -> str | None:
    """What the first answer said; None while there is none."""
    if one.is_denied:
        return "denied"
    paid = sum((row["paid_amount"] for row in one.days[0][1]), ZERO) if one.days else ZERO
    is_left = one.first_outcome == "paid" and paid <= 0
    return "patient_only" if is_left else one.first_outcome


def billed(one: Outcome) -> Decimal:
    """Dollars billed: what stands, of which a void leaves nothing."""
    total = ZERO
    for sent in one.chain.submissions:
        total = total if is_added(sent) else ZERO
        total += ZERO if is_void(sent) else sent["billed_amount"]
    return total


Life = tuple[int, str | None, Decimal | int]  # days, what ended it, weight


def ended_by(lives: Iterable[Life], last: int) -> dict[str, float]:
    """The share that each end has brought about by a day."""
    lives, still, shares = list(lives), Fraction(1), dict[str, Fraction]()
    for day in sorted({one for one, _, _ in lives if one <= last}):
        at_risk = sum(Fraction(weight) for one, _, weight in lives if one >= day)
        ends: dict[str, Fraction] = {}
        for one, end, weight in lives:
            if one == day and end and at_risk:
                ends[end] = ends.get(end, Fraction(0)) + Fraction(weight) / at_risk
        for end, share in ends.items():
            shares[end] = shares.get(end, Fraction(0)) + still * share
        still *= 1 - sum(ends.values())
    return {end: float(share) for end, share in shares.items()}
