"""The right answers on receivables over the months, collections and payments by lag.

Readings chosen where the definitions leave a case open:

* A claim to a second payer belongs to the first payer's claim: what it was paid and what is
  contractual count there, its charge does not.  Voided claims are left out of collection rates.
* Contractual is what answers not taken back call so; a reduction that denies nothing is not.
* A month of the roll-forward has charges with their replacements, payments, all else that settles,
  answers taken back, write-offs and voids; what happens after a void moves nothing.
* Payments by lag are what payers paid, less what they took back, by the month first sent and the
  months since; an answer to nobody's claim is in no month.
"""

from collections import Counter
from datetime import date

from analytics.sample.codes import CARCS
from analytics.sample.events import Claim
from analytics.sample.reading import Reading, is_answer
from analytics.sample.tallies import Dollars, Json, dollars, month

KINDS = ("charge", "paid", "adjusted", "taken_back", "write_off", "void")


class CashTruth:
    """Takes in claims one by one; `result` gives what the truth file says of them."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.net, self.gross = Dollars(), Dollars()
        self.voided = 0
        self.moved: Counter[tuple[str, str, str]] = Counter()  # payer, month, kind
        self.by_lag: Counter[tuple[str, str, int]] = Counter()  # payer, month first sent, lag

    def add(self, claim: Claim, found: Reading) -> None:
        """Counts one claim in everything."""
        self._count_collection(claim, found)
        self._count_movements(claim, found)
        sent = claim.submissions[0].sent
        for answer in claim.answers:
            lag = (answer.day.year - sent.year) * 12 + answer.day.month - sent.month
            self.by_lag[claim.payer.canonical, month(sent), lag] += answer.paid

    def _count_collection(self, claim: Claim, found: Reading) -> None:
        first = claim.primary or claim
        if found.void_day:
            self.voided += 1
            return
        paid = sum(one.paid for one in claim.answers)
        paid += sum(one.amount for one in claim.patient_payments)
        charge = 0 if claim.primary else found.charge
        place = first.payer.canonical, month(first.service_to)
        self.gross.add(*place, paid, charge)
        self.net.add(*place, paid, charge - _contractual(claim))

    def _count_movements(self, claim: Claim, found: Reading) -> None:
        payer, void = claim.payer.canonical, found.void_day
        for one in found.movements:
            if void is None or one.day <= void:
                self.moved[payer, month(one.day), one.kind] += one.amount
        if void:
            left = sum(one.amount for one in found.movements if one.day <= void)
            self.moved[payer, month(void), "void"] -= left

    def result(self) -> Json:
        """All of it, by the names of metrics and studies."""
        return {
            "net_collection_rate": self.net.result() | {"left_out": {"voided": self.voided}},
            "gross_collection_rate": self.gross.result(),
            "ar_rollforward": self._rolled(),
            "payments_by_lag": self._lagged(),
        }

    def _rolled(self) -> Json:
        found: Json = {}
        for payer, at in sorted({(payer, at) for payer, at, _ in self.moved}):
            sums = {kind: dollars(self.moved[payer, at, kind]) for kind in KINDS}
            found.setdefault(payer, {})[at] = sums
        return found

    def _lagged(self) -> Json:
        found: Json = {}
        for (payer, sent, lag), amount in sorted(self.by_lag.items()):
            found.setdefault(payer, {}).setdefault(sent, {})[str(lag)] = dollars(amount)
        return found


def _contractual(claim: Claim) -> int:
    """Contractual adjustments of answers not taken back."""
    return sum(
        amount
        for answer in claim.answers
        if is_answer(answer) and answer.taken_back_on is None
        for part in (answer, *answer.lines)
        for _, code, amount in part.adjustments
        if CARCS[code].category == "contractual"
    )
