"""The right answers, computed from the generator's own events.

Readings chosen where the definitions leave a case open:

* All rates leave out claims (lines) whose only denial code is CARC 18; counts of outcomes show them
  under `duplicate`.  Waits and balances keep them.
* An unknown reason code is category `unmapped` and kind `other`: no denial, and it settles.
* A denial with group PR (PR-96) stays open in the insurer's balance like any denial.
* First pass: first outcome `paid`, and no second submission sent on or before the first answer.
* Recovered and overturned look at later answers not taken back, and at denied lines only: a line
  that was merely cut cannot be overturned.  Lines are matched by their line control number.
* Denied dollars: denied amounts of the first answers (cut lines included) over their charges.
* A void closes the balance to nothing on its day, for good.
* Days in A/R divide by the charges, as they stand after replacements, of the claims first sent in
  the 90 days that end at `as_of`; a voided claim keeps its charge there.
* A month of service is the month of the claim's last service day.  Per member per month counts
  each member number once a month, over all cover up to the month of `as_of`; claims to second
  payers are out.
* Every submission counts in rejection and clean claim rate, in the month it was sent.  A rejection
  counts as an answer in the latter; voids and submissions denied as duplicates are out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from analytics.sample.denials import Denials
from analytics.sample.events import Claim
from analytics.sample.people import Member
from analytics.sample.reading import Reading, read, reply_to
from analytics.sample.tallies import Rate, dollars, month
from analytics.sample.truth_cash import CashTruth
from analytics.sample.truth_coded import CodedTruth
from analytics.sample.truth_denials import DenialTruth
from analytics.sample.truth_pay import PayTruth
from analytics.sample.truth_waits import WaitTruth

BUCKETS = ((30, "0-30"), (60, "31-60"), (90, "61-90"), (120, "91-120"))
CODING = {"coding", "bundling_ncci", "medical_necessity"}
CLAIM_COLUMNS = (
    "patient_control_number", "payer_sequence_code", "payer_name", "claim_type", "first_outcome",
    "is_duplicate", "first_answer_date", "first_paid_date", "denied_amount", "recovered_amount",
    "open_balance", "is_overturned", "submissions", "denial_category", "denial_carc",
    "denial_group", "denial_rarc", "resubmission_date", "resolution_date", "written_off",
)  # fmt: skip


class Truth:
    """Takes in claims one by one; `truth_file.tell` makes the truth file of it."""

    def __init__(self, as_of: date, members: Iterable[Member], pattern_start: date) -> None:
        self.as_of, self.pattern_start = as_of, pattern_start
        self.days = [as_of, *_month_ends(as_of, 13)]
        self.covered = {(one.member_id, at) for one in members for at in _months(one, as_of)}
        self.rates: defaultdict[str, Rate] = defaultdict(Rate)
        self.waits = WaitTruth(as_of)
        self.aging: Counter[tuple[date, str, str]] = Counter()
        self.denials, self.cash = DenialTruth(as_of), CashTruth(as_of)
        self.pay, self.coded = PayTruth(as_of), CodedTruth()
        self.outcomes: Counter[str] = Counter()
        self.sums: Counter[str] = Counter()
        self.allowed: Counter[str] = Counter()
        self.rows: list[list[Any]] = []

    def add(self, claim: Claim) -> None:
        """Counts one claim in everything."""
        if not claim.submissions:
            self.sums["unmatched_remit_claims"] += len(claim.answers)
            self.sums["unmatched_paid"] += sum(answer.paid for answer in claim.answers)
            self.denials.add_stray(claim)
            return
        found = read(claim)
        self._count_outcome(claim, found)
        self.waits.add(claim, found)
        self._count_balance(claim, found)
        self._count_allowed(claim, found)
        self._count_submissions(claim)
        self.cash.add(claim, found)
        self.pay.add(claim, found)
        self.coded.add(claim, found)
        denials = self.denials.add(claim, found)
        self.rows.append(_row(claim, found, self.as_of, denials))

    def _count_outcome(self, claim: Claim, found: Reading) -> None:
        if found.first_day is None:
            self.outcomes["unanswered"] += 1
        elif found.is_duplicate:
            self.outcomes["duplicate"] += 1
        else:
            self.outcomes[found.outcome or ""] += 1
            self._count_rates(claim, found, found.first_day)
        self._count_lines(claim, found)

    def _count_rates(self, claim: Claim, found: Reading, day: date) -> None:
        payer, outcome, when = claim.payer.canonical, found.outcome, month(day)
        denied = outcome in {"denied", "partially_denied"}
        again = len(claim.submissions) > 1 and claim.submissions[1].sent <= day
        for name, hit in (
            ("initial_denial_rate", denied),
            ("full_denial_rate", outcome == "denied"),
            ("partial_denial_rate", outcome == "partially_denied"),
            ("first_pass_rate", outcome == "paid" and not again),
        ):
            self.rates[name].add(payer, when, int(hit))
        if denied:
            self.rates["overturn_rate"].add(payer, when, int(found.is_overturned))

    def _count_submissions(self, claim: Claim) -> None:
        for at, sent in enumerate(claim.submissions):
            payer, when = claim.payer.canonical, month(sent.sent)
            rejected = bool(sent.rejection and sent.acknowledged)
            if sent.acknowledged:
                self.rates["rejection_rate"].add(payer, when, int(rejected))
            came = reply_to(claim, sent)
            if sent.frequency == "8" or not (rejected or came) or came == "duplicate":
                continue
            is_last = at + 1 == len(claim.submissions)
            clean = came == "undenied" and not rejected and is_last
            self.rates["clean_claim_rate"].add(payer, when, int(clean))

    def _count_lines(self, claim: Claim, found: Reading) -> None:
        for part in found.first_parts:
            if found.first_day is None or part.is_duplicate:
                continue
            why = part.reason(part.main) if part.is_denied else ""
            payer, when = claim.payer.canonical, month(found.first_day)
            self.rates["line_denial_rate"].add(payer, when, int(part.is_denied))
            self.rates["coding_denial_rate"].add(payer, when, int(why in CODING))

    def _count_balance(self, claim: Claim, found: Reading) -> None:
        for day in self.days:
            if not (balance := found.balance(day)):
                continue
            age = (day - claim.service_to).days
            bucket = next((name for limit, name in BUCKETS if age <= limit), ">120")
            payer = claim.payer.canonical
            self.aging[day, payer, bucket if balance > 0 else "credit"] += balance
        if claim.submissions[0].sent > self.as_of - timedelta(days=90):
            self.sums["window_charges"] += found.charge

    def _count_allowed(self, claim: Claim, found: Reading) -> None:
        if claim.sequence != "P":
            return
        at = month(claim.service_to)
        if (claim.member.member_id, at) in self.covered:
            self.allowed[at] += found.allowed
        else:
            self.sums["left_out_claims"] += 1
            self.sums["left_out_allowed"] += found.allowed


def _row(claim: Claim, found: Reading, as_of: date, denials: Denials | None) -> list[Any]:
    return [
        claim.submissions[0].control, claim.sequence, claim.payer.canonical,
        "institutional" if claim.is_institutional else "professional",
        found.outcome, found.is_duplicate,
        _iso(found.first_day), _iso(found.first_paid_day),
        dollars(found.denied), dollars(found.recovered), dollars(found.balance(as_of)),
        found.is_overturned, len(claim.submissions), *_why(denials),
    ]  # fmt: skip


def _why(denials: Denials | None) -> list[Any]:
    if denials is None:
        return [None] * 7
    group, carc, _ = denials.main
    return [
        denials.category, carc, group, denials.remark or None,
        _iso(denials.resubmitted), _iso(denials.resolved), dollars(denials.written_off),
    ]  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day and day.isoformat()


def _month_ends(day: date, count: int) -> list[date]:
    """The last `count` month ends before `day`, youngest first."""
    found: list[date] = []
    while len(found) < count:
        day = day.replace(day=1) - timedelta(days=1)
        found.append(day)
    return found


def _months(member: Member, as_of: date) -> set[str]:
    """The months in which a member was covered for a day or more."""
    found: set[str] = set()
    for start, stop in member.spans:
        day, last = start.replace(day=1), min(stop or as_of, as_of)
        while day <= last:
            found.add(month(day))
            day = (day + timedelta(days=32)).replace(day=1)
    return found
