"""Receivables, collections and payments by lag, claim by claim with loops, from the definitions."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from naive_answers import Chain
from naive_metrics import month
from naive_outcome import Outcome, balance, holders
from naive_parts import ZERO
from naive_rows import CARC, Row, World, counts, number

Sums = dict[tuple[str | None, str], Decimal]
EDGES = (30, 60, 90, 120)


def as_of(chain: Chain, day: date) -> Chain:
    """The claim as it stood on a day."""
    return Chain(
        [one for one in chain.submissions if one["submission_date"] <= day],
        [
            one
            for one in chain.payments
            if max(one["payment_date"], chain.moved.get(one["remit_claim_id"], date.min)) <= day
        ]
        + [one for one, until in chain.guests if one["payment_date"] <= day < until],
        {which: when for which, when in chain.taken_back.items() if when <= day},
    )


def aging(world: World, claims: list[Outcome], day: date) -> Sums:
    """What is open on a day by payer and age, credits apart."""
    found: Sums = defaultdict(lambda: ZERO)
    for one in claims:
        then = as_of(one.chain, day)
        posted = [row for row in one.write_offs if row["write_off_date"] <= day]
        left = balance(world, then, posted) if then.submissions else ZERO
        age = (day - one.chain.submissions[0]["service_to_date"]).days
        bucket = ">120"
        for first, last in zip((0, *(edge + 1 for edge in EDGES)), EDGES, strict=False):
            if age <= last:
                bucket = f"{first}-{last}"
                break
        if left:
            found[one.payer, "credit" if left < 0 else bucket] += left
    return dict(found)


def is_contractual(adjustment: Row) -> bool:
    """What the contract takes off: by its code, and cost share that a contract forbids to bill."""
    group, code = adjustment["group_code"], CARC.get(adjustment["carc_code"])
    if group == "CR" or code is None or counts(adjustment) != "no":
        return False
    if code["adjustment_class"] in ("pend", "cob"):
        return False
    if code["adjustment_class"] == "patient_resp":
        return group == "CO"
    return group != "PR" and "contractual" in (code["adjustment_class"], code["category"])


def is_prior_payer(adjustment: Row) -> bool:
    """What an earlier payer settled."""
    code = CARC.get(adjustment["carc_code"])
    is_no = counts(adjustment) == "no" and adjustment["group_code"] != "CR"
    return code is not None and is_no and code["adjustment_class"] == "cob"


def collections(world: World, claims: list[Outcome]) -> tuple[dict[str, Sums], int]:
    """Paid, collectible and charged by payer and month of service; and how many are voided."""
    first = _first_payers(claims)
    found: dict[str, Sums] = {name: defaultdict(lambda: ZERO) for name in ("paid", "net", "charge")}
    holder, voided = holders([one.chain for one in claims]), 0
    for one in claims:
        whole = first.get(id(one), one)
        if whole is one and one.chain.void_day:
            voided += 1
        if whole.chain.void_day:
            continue
        key = whole.payer, month(whole.chain.submissions[0]["service_to_date"])
        paid = sum((row["paid_amount"] for row in one.chain.payments), ZERO)
        posted = (
            row for row in world.patient_payments if holder(row, row["payment_date"]) is one.chain
        )
        found["paid"][key] += paid + sum((row["amount"] for row in posted), ZERO)
        asked = ZERO
        if whole is one:
            asked = one.chain.charge
            if one.sequence != "P":
                asked -= _standing(world, one, is_prior_payer)
        found["charge"][key] += asked
        cut = ZERO if one.chain.void_day else _standing(world, one, is_contractual)
        found["net"][key] += asked - cut
    return found, voided


def _standing(world: World, one: Outcome, counted: Callable[[Row], bool]) -> Decimal:
    """Adjustments of one kind, of answers not taken back."""
    return sum(
        (
            adjustment["amount"]
            for payment in one.chain.answers
            if payment["remit_claim_id"] not in one.chain.taken_back
            for adjustment in world.adjustments.get(payment["remit_claim_id"], [])
            if counted(adjustment)
        ),
        ZERO,
    )


def _first_payers(claims: list[Outcome]) -> dict[int, Outcome]:
    """For a claim to a later payer that to the first, where there is one."""
    sent: dict[tuple[str, str], list[tuple[int, Outcome]]] = defaultdict(list)
    for one in claims:
        for row in one.chain.submissions if one.sequence == "P" else []:
            sent[number(row), row["billing_npi"]].append((row["claim_id"], one))
    found: dict[int, Outcome] = {}
    for one in claims:
        own = one.chain.submissions[0]
        fits = [
            (which, other)
            for which, other in sent[number(own), own["billing_npi"]]
            if other.chain.submissions[0]["service_from_date"] <= own["service_to_date"]
            and own["service_from_date"] <= other.chain.submissions[0]["service_to_date"]
        ]
        if one.sequence != "P" and fits:
            found[id(one)] = max(fits, key=lambda fit: fit[0])[1]
    return found


def factors(world: World, claims: list[Outcome], payer: str | None) -> list[float | None]:
    """The link ratios of one payer over months, of the months that are over."""
    end = (world.as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    last = end.year * 12 + end.month
    paid: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    oldest = last
    for one in claims:
        day = one.chain.submissions[0]["submission_date"]
        sent = day.year * 12 + day.month
        if one.payer != payer or sent > last:
            continue
        oldest = min(oldest, sent)
        for row in one.chain.payments:
            seen = row["payment_date"].year * 12 + row["payment_date"].month
            if seen <= last:
                paid[sent, max(seen - sent, 0)] += row["paid_amount"]
    found: list[float | None] = []
    for lag in range(last - oldest):
        before = after = ZERO
        for sent in range(oldest, last - lag):
            before += sum((paid[sent, at] for at in range(lag + 1)), ZERO)
            after += sum((paid[sent, at] for at in range(lag + 2)), ZERO)
        found.append(float(after / before) if before > 0 else None)
    return [*found, None]
