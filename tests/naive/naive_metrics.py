"""The denial metrics, claim by claim with loops, from the definitions."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from naive_answers import chains
from naive_outcome import Outcome, flag, next_submission, outcomes
from naive_parts import ZERO, Part, parts
from naive_rows import Row, World, payer_name
from naive_submissions import replies
from naive_waits import spans

DUPLICATES = ", duplicates counted"
CODING = ("coding", "bundling_ncci", "medical_necessity")
WON, LOST = ("WON", "PARTLY_WON"), ("LOST",)
Key = tuple[str | None, str]  # payer, month
Pair = tuple[Decimal | int, Decimal | int]


@dataclass
class Family:
    """Sums by metric, then payer and month; days waited; denied lines."""

    world: World
    sums: dict[str, dict[Key, Pair]] = field(default_factory=lambda: defaultdict(dict))
    waits: dict[str, list[tuple[Key, int, bool]]] = field(default_factory=lambda: defaultdict(list))
    lines: list[tuple[Key, Part]] = field(default_factory=list[tuple[Key, Part]])
    rejected: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, name: str, key: Key, top: Decimal | int, bottom: Decimal | int = 1) -> None:
        """Adds to both sums of a metric."""
        a, b = self.sums[name].get(key, (0, 0))
        self.sums[name][key] = (a + top, b + bottom)

    def pairs(self, name: str, at: int | None = None) -> dict[str | None, Pair]:
        """Both sums in all (under None), by payer (0) or by month (1)."""
        found: dict[str | None, Pair] = {}
        for key, (top, bottom) in self.sums[name].items():
            group = None if at is None else key[at]
            a, b = found.get(group, (0, 0))
            found[group] = (a + top, b + bottom)
        return found


def month(day: date) -> str:
    """YYYY-MM."""
    return f"{day:%Y-%m}"


def family(world: World, mature: int, rejected: set[int]) -> tuple[list[Outcome], Family]:
    """Every claim and every metric.

    Denials older than `mature` days are final; `rejected` are submissions that no payer saw.
    """
    found, lost = chains(world)
    claims, told = outcomes(world, found), Family(world)
    for one in claims:
        _submissions(told, one)
        _waits(told, one)
        for reply in replies(world, one.chain, rejected):
            if reply.counts:
                key = one.payer, month(reply.sent["submission_date"])
                told.add("clean_claim_rate", key, int(reply.is_clean))
        _answers(told, one)
        _appeals(world, told, one)
        _remittances(world, told, one.payer, one.chain.answers)
        _lines(told, one)
        if one.days and one.first_day:
            key, denied = (one.payer, month(one.first_day)), one.is_denied or one.is_duplicate
            told.add("initial_denial_rate" + DUPLICATES, key, int(denied))
        if one.days and not one.is_duplicate:
            _first_answer(world, told, one, mature)
    for payment in lost:
        if payment["role"] == "answer":
            _remittances(world, told, payer_name(world, _payer_of(world, payment)), [payment])
    return claims, told


def _payer_of(world: World, payment: Row) -> int:
    return world.remits[payment["remit_id"]]["payer_id"]


def _submissions(told: Family, one: Outcome) -> None:
    first = one.chain.submissions[0]["submission_date"]
    told.add("answered_share", (one.payer, month(first)), int(bool(one.days)))
    if not one.is_duplicate:
        told.add("submissions", (one.payer, month(first)), 1)


def _waits(told: Family, one: Outcome) -> None:
    """Every span of its life; those that are none only counted."""
    for name, span in spans(one, told.world.as_of).items():
        if span.days is None or span.is_rejected:
            told.rejected[name] += 1
        else:
            key = one.payer, month(span.period)
            told.waits[name].append((key, span.days, span.stop is not None))


def _only_duplicate(found: list[Part]) -> bool:
    return not any(part.denied for part in found) and any(part.is_duplicate for part in found)


def _answers(told: Family, one: Outcome) -> None:
    """Every answer, those of one day together."""
    events: list[date] = []
    for day, payments, found in one.days:
        denied = any(part.denied for part in found)
        events += [day] * denied
        if one.sequence == "P" and not _only_duplicate(found):
            paid = sum((payment["paid_amount"] for payment in payments), ZERO)
            told.add("primary_denial_rate", (one.payer, month(day)), int(denied and not paid))
    if events and one.first_day:
        told.add("repeat_denials", (one.payer, month(one.first_day)), len(events))
        told.add("appeal_rate", (one.payer, month(events[0])), int(bool(one.appeals)))


def _appeals(world: World, told: Family, one: Outcome) -> None:
    for appeal in one.appeals:
        code = appeal["decision_code"]
        if code in WON + LOST and appeal["decision_date"] <= world.as_of:
            key = one.payer, month(appeal["decision_date"])
            told.add("appeal_success_rate", key, int(code in WON))


def _remittances(world: World, told: Family, payer: str | None, payments: list[Row]) -> None:
    """Every claim payment that answers."""
    for one in payments:
        found, key = parts(world, one), (payer, month(one["payment_date"]))
        denied, again = any(part.denied for part in found), _only_duplicate(found)
        told.add("remittance_denial_rate" + DUPLICATES, key, int(denied or again))
        if not again:
            told.add("remittance_denial_rate", key, int(denied))


def _lines(told: Family, one: Outcome) -> None:
    """Every line of the first answer."""
    for day, _, found in one.days[:1]:
        for part in found:
            if part.kind == "rest":
                continue
            key = one.payer, month(day)
            hit = part.is_denied or part.is_duplicate
            told.add("line_denial_rate" + DUPLICATES, key, int(hit))
            if not part.is_duplicate:
                told.add("line_denial_rate", key, int(part.is_denied))
                of_coding = part.is_denied and part.main.category in CODING
                told.add("coding_denial_rate", key, int(of_coding))
            if part.is_denied:
                told.lines.append(((one.payer, month(day)), part))


def _first_answer(world: World, told: Family, one: Outcome, mature: int) -> None:
    """What counts by the day of the first answer."""
    day = one.days[0][0]
    key = one.payer, month(day)
    again = len(one.chain.submissions) > 1 and one.chain.submissions[1]["submission_date"] <= day
    told.add("initial_denial_rate", key, int(one.is_denied))
    told.add("full_denial_rate", key, int(one.first_outcome == "denied"))
    told.add("partial_denial_rate", key, int(one.first_outcome == "partially_denied"))
    told.add("first_pass_rate", key, int(one.first_outcome == "paid" and not again))
    told.add("denied_dollar_rate", key, one.denied, one.first_charge)
    told.add(
        "initial_denial_dollars", key, one.first_charge if one.is_denied else ZERO, one.first_charge
    )
    void = one.chain.void_day  # what is voided is not there to be written off
    stands = (row for row in one.write_offs if not void or row["write_off_date"] <= void)
    gone = min(sum((row["amount"] for row in stands), ZERO), one.denied)
    left = min(max(one.balance, ZERO) + gone, one.denied)
    final = left if (world.as_of - day).days > mature else gone
    told.add("final_denial_rate", key, final, one.first_charge)
    told.add("denial_write_off_rate", key, gone, one.first_charge)
    if one.is_denied:
        _denied(world, told, one, key, day)


def _denied(world: World, told: Family, one: Outcome, key: Key, day: date) -> None:
    """What counts for claims first denied."""
    told.add("recovery_rate", key, one.recovered, one.denied)
    told.add("overturn_rate", key, int(one.recovered > 0))
    told.add("preventable_share", key, int(flag(one.main, "preventable") == "yes"))
    told.add("hard_share", key, int(flag(one.main, "soft_or_hard") == "hard"))
    for name, ends in (
        ("days_denial_to_resubmission", [next_submission(one)]),
        ("days_denial_to_resolution", _ends(one, day)),
    ):
        end = min((one for one in ends if one is not None), default=None)
        waited = ((end or world.as_of) - day).days
        if waited >= 0:  # voided before it was denied: no wait
            told.waits[name].append((key, waited, end is not None))


def _ends(one: Outcome, day: date) -> list[date | None]:
    """Paid, written off or voided."""
    gone = [row["write_off_date"] for row in one.write_offs if row["write_off_date"] >= day]
    return [one.recovered_on, one.chain.void_day, *gone]


def _count(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def submitted(told: Family, payer: str | None = None) -> dict[str, Pair]:
    """Claims first denied in a month that is over; those sent in the three months before."""
    first = min(one["submission_date"] for one in told.world.claims)
    last = told.world.as_of + timedelta(days=1)
    months = [f"{at // 12}-{at % 12 + 1:02d}" for at in range(_count(first), _count(last))]

    def total(name: str, at: str) -> Decimal | int:
        return sum(
            (
                pair[0]
                for key, pair in told.sums[name].items()
                if key[1] == at and payer in (None, key[0])
            ),
            0,
        )

    return {
        at: (
            total("initial_denial_rate", at),
            sum((total("submissions", before) for before in months[place - 3 : place]), 0),
        )
        for place, at in enumerate(months)
        if place >= 3
    }


def quantiles(waits: Iterator[tuple[int, bool]]) -> dict[str, float | int | None]:
    """n, events and percentiles by Kaplan and Meier, one day after another."""
    days = list(waits)
    found: dict[str, float | int | None] = dict.fromkeys(("p25", "p50", "p75", "p90"))
    still = Fraction(1)
    for day in sorted({one for one, _ in days}):
        at_risk = sum(one >= day for one, _ in days)
        still *= 1 - Fraction(sum(one == day and ended for one, ended in days), at_risk)
        for name, share in (("p25", 25), ("p50", 50), ("p75", 75), ("p90", 90)):
            if found[name] is None and still <= 1 - Fraction(share, 100):
                found[name] = day
    return {"n": len(days), "events": sum(ended for _, ended in days)} | found
