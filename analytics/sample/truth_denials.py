"""The right answers of the denial metrics that look at what became of a denial.

Readings chosen where the definitions leave a case open (more in `denials`):

* Where denied dollars, charges or claims are counted, the day is that of the first answer.
* Remittances count where they answer, whether or not the claim is one of ours.
* A zero-pay denial pays nothing and denies something; it may leave other lines to the patient.
* What is final of a denied claim: of the denied amount what is written off and, `MATURE_DAYS`
  after the denial, what is still open.  What became contractual is not lost by the denial.
* Claims ever denied, for appeals and events, need not be denied at first.
* Claims sent in a month are those first sent in it, duplicates left out.
* An appeal withdrawn is not decided.
"""

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from analytics.sample.denials import Denials, by_day, is_only_duplicate, read_denials
from analytics.sample.events import Claim
from analytics.sample.reading import Part, Reading, is_answer, parts
from analytics.sample.tallies import Amount, Dollars, Json, Pairs, Rate, Wait, dollars, month

MATURE_DAYS = 180


class Place(NamedTuple):
    """Where a count goes: payer and month."""

    payer: str
    month: str


class DenialTruth:
    """Takes in claims one by one; `result` gives what the truth file says of them."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.rates: defaultdict[str, Rate] = defaultdict(Rate)
        self.dollars: defaultdict[str, Dollars] = defaultdict(Dollars)
        self.denied_dollars = Amount()
        self.events = Pairs()
        self.waits: defaultdict[str, Wait] = defaultdict(Wait)
        self.pareto: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.sent: Counter[Place] = Counter()
        self.denied: Counter[Place] = Counter()

    def add_stray(self, claim: Claim) -> None:
        """Counts answers that belong to no claim of ours."""
        self._count_remittances(claim)

    def add(self, claim: Claim, found: Reading) -> Denials | None:
        """Counts one claim in everything; returns its denials."""
        payer = claim.payer.canonical
        sent = month(claim.submissions[0].sent)
        self.rates["answered_share"].add(payer, sent, int(found.first_day is not None))
        self.sent[Place(payer, sent)] += not found.is_duplicate
        self._count_remittances(claim)
        self._count_answers(claim, found)
        self._count_decisions(claim)
        if found.first_day is None or found.is_duplicate:
            return None
        place, denials = Place(payer, month(found.first_day)), read_denials(claim, found)
        self._count_dollars(place, found, found.first_day, denials)
        if denials:
            self._count_denied(place, found.first_day, denials)
        for part in found.first_parts:
            self._count_line(place, part)
        return denials

    def _count_remittances(self, claim: Claim) -> None:
        for answer in claim.answers:
            found = parts(answer)
            if is_answer(answer) and not is_only_duplicate(found):
                hit = any(part.denied for part in found)
                self.rates["remittance_denial_rate"].add(
                    claim.payer.canonical, month(answer.day), int(hit)
                )

    def _count_answers(self, claim: Claim, reading: Reading) -> None:
        events: list[date] = []
        for day, answers, found in by_day(claim):
            denied = any(part.denied for part in found)
            events += [day] * denied
            if claim.sequence == "P" and not is_only_duplicate(found):
                hit = denied and not sum(answer.paid for answer in answers)
                self.rates["primary_denial_rate"].add(claim.payer.canonical, month(day), int(hit))
        if events and reading.first_day:
            payer, appealed = claim.payer.canonical, bool(claim.appeals)
            self.events.add(payer, month(reading.first_day), len(events))
            self.rates["appeal_rate"].add(payer, month(events[0]), int(appealed))

    def _count_decisions(self, claim: Claim) -> None:
        for one in claim.appeals:
            if one.decided and one.decision != "WITHDRAWN":
                won = one.decision in {"WON", "PARTLY_WON"}
                self.rates["appeal_success_rate"].add(
                    claim.payer.canonical, month(one.decided), int(won)
                )

    def _count_dollars(
        self, place: Place, found: Reading, first: date, denials: Denials | None
    ) -> None:
        charge = sum(answer.charge for answer in found.first)
        gone = min(denials.written_off, found.denied) if denials else 0
        left = max(found.balance(self.as_of), 0) if denials else 0
        is_mature = (self.as_of - first).days > MATURE_DAYS
        final = min(left + gone, found.denied) if is_mature else gone
        for name, top in (
            ("denied_dollar_rate", found.denied),
            ("initial_denial_dollars", charge if denials else 0),
            ("final_denial_rate", final),
            ("denial_write_off_rate", gone),
        ):
            self.dollars[name].add(*place, top, charge)
        if denials:
            self.dollars["recovery_rate"].add(*place, found.recovered, found.denied)

    def _count_denied(self, place: Place, first: date, denials: Denials) -> None:
        self.denied[place] += 1
        for name, hit in (
            ("preventable_share", denials.is_preventable),
            ("hard_share", denials.is_hard),
        ):
            self.rates[name].add(*place, int(hit))
        for name, end in (
            ("days_denial_to_resubmission", denials.resubmitted),
            ("days_denial_to_resolution", denials.resolved),
        ):
            self.waits[name].add(*place, first, end, self.as_of)

    def _count_line(self, place: Place, part: Part) -> None:
        if not part.is_denied:
            return
        self.denied_dollars.add(*place, part.denied)
        group, carc, _ = main = part.main
        remark = part.remarks[0] if part.remarks else ""
        for kind, value in (
            ("category", part.reason(main)),
            ("carc", carc),
            ("rarc", remark),
            ("group", group),
        ):
            self.pareto[kind][value] += 1
            self.pareto[kind + " amount"][value] += part.denied

    def result(self) -> Json:
        """All of it, by the names of the metrics."""
        every = {**self.rates, **self.dollars, "denied_dollars": self.denied_dollars}
        return (
            {name: one.result() for name, one in every.items()}
            | {"repeat_denials": self.events.result()}
            | {name: one.result() for name, one in self.waits.items()}
            | {"initial_denial_rate_submitted": self._submitted()}
            | {"denial_pareto": {kind: self._ranked(kind) for kind in PARETO}}
        )

    def _submitted(self) -> Json:
        """Claims first denied in a month, and those first sent in the three months before."""
        payers = sorted({place.payer for place in self.sent})
        return {
            "month": self._by_month(payers),
            "payer_name": {payer: self._by_month([payer]) for payer in payers},
        }

    def _by_month(self, payers: list[str]) -> Json:
        months = sorted({place.month for place in (*self.sent, *self.denied)})
        sent = {at: sum(self.sent[Place(one, at)] for one in payers) for at in months}
        return {
            at: {
                "hits": sum(self.denied[Place(one, at)] for one in payers),
                "n": sum(sent[before] for before in months[place - 3 : place]),
            }
            for place, at in enumerate(months)
            if place >= 3
        }

    def _ranked(self, kind: str) -> Json:
        amounts = self.pareto[kind + " amount"]
        return {
            value: {"lines": lines, "denied_amount": dollars(amounts[value])}
            for value, lines in sorted(self.pareto[kind].items())
        }


PARETO = ("category", "carc", "rarc", "group")
