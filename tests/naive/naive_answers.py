"""Submissions to claims, claim payments to submissions, and what of them counts as an answer."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from naive_rows import Row, World, kind, number, payer_name

SEQUENCE = {"1": "P", "19": "P", "2": "S", "20": "S", "3": "T", "21": "T"}


@dataclass
class Chain:
    """A claim: its submissions and the claim payments tied to it, both in order of time."""

    submissions: list[Row]
    payments: list[Row] = field(default_factory=list[Row])
    taken_back: dict[int, date] = field(default_factory=dict[int, date])  # payment -> when
    guests: list[tuple[Row, date]] = field(default_factory=list[tuple[Row, date]])  # until when
    moved: dict[int, date] = field(default_factory=dict[int, date])  # payment -> its own since

    @property
    def answers(self) -> list[Row]:
        """The claim payments that answer."""
        return [one for one in self.payments if one["role"] == "answer"]

    @property
    def void_day(self) -> date | None:
        """When the chain was voided; what is sent after a void opens it again."""
        last = self.submissions[-1]
        return last["submission_date"] if is_void(last) else None

    @property
    def charge(self) -> Decimal:
        """What is asked for: the last submission, and interim bills and late charges after it.

        After a void nothing stands that they could add to.
        """
        total = Decimal(0)
        for one in self.submissions:
            total = one["billed_amount"] + (total if is_added(one) else 0)
            total = Decimal(0) if is_void(one) else total
        return total


def is_void(submission: Row) -> bool:
    """Frequency 8."""
    return submission["frequency_code"] == "8"


def is_added(submission: Row) -> bool:
    """An interim bill or late charge (frequency 2 to 5), which adds to what was sent."""
    return submission["frequency_code"] in ("2", "3", "4", "5")


def chains(world: World) -> tuple[list[Chain], list[Row]]:
    """The claims, and the claim payments tied to none."""
    for one in world.payments:
        one["role"] = role(world, one)
    tied = _ties(world)
    groups = _link(world, tied)
    former = _former(world, tied)
    found = {root: Chain([]) for root in set(groups.values())}
    for one in world.claims:
        found[groups[one["claim_id"]]].submissions.append(one)
    lost: list[Row] = []
    for one in world.payments:
        submission = tied[one["remit_claim_id"]]
        one["submission_id"] = submission and submission["claim_id"]
        if submission is None:
            lost.append(one)
        else:
            found[groups[submission["claim_id"]]].payments.append(one)
    for chain in found.values():
        _take_back(chain)
    _be_guests(world, tied, former, {one: found[root] for one, root in groups.items()})
    return list(found.values()), lost


def role(world: World, payment: Row) -> str:
    """answer, reversal, notice or pend."""
    status = payment["status_code"]
    if status == "22":
        return "reversal"
    if status in ("23", "25"):
        return "notice"
    kinds = {kind(one) for one in world.adjustments.get(payment["remit_claim_id"], [])}
    return "pend" if kinds == {"pend"} and not payment["paid_amount"] else "answer"


def _ties(world: World) -> dict[int, Row | None]:
    """The submission of each claim payment; None for what belongs to none."""
    tied = {one["remit_claim_id"]: tie(world, one) for one in world.payments}
    groups = _groups(world, _of_one_number(world))
    _follow(world, tied, groups)
    told: dict[int, set[str | None]] = defaultdict(set)
    for one in world.payments:
        submission = tied[one["remit_claim_id"]]
        if submission:
            told[groups[submission["claim_id"]]].add(SEQUENCE.get(one["status_code"]))
    passed: set[tuple[str, str | None]] = set()
    for one in world.payments:
        # Passed on by the first payer: a second payer's answer to what was never sent to it.
        submission = tied[one["remit_claim_id"]]
        if (
            submission
            and submission["payer_sequence_code"] == "P"
            and SEQUENCE.get(one["status_code"]) in ("S", "T")
            and "P" in told[groups[submission["claim_id"]]]
        ):
            tied[one["remit_claim_id"]] = None
            one["guest_of"] = submission
            passed.add((number(one), one["payer_claim_number"]))
    _pass_back(world, tied, passed)
    return tied


def _pass_back(
    world: World, tied: dict[int, Row | None], passed: set[tuple[str, str | None]]
) -> None:
    """The reversal of what was passed on, where no other payment bears its number."""
    for one in world.payments:
        if one["role"] != "reversal" and tied[one["remit_claim_id"]]:
            passed.discard((number(one), one["payer_claim_number"]))
    for one in world.payments:
        key = number(one), one["payer_claim_number"]
        if one["role"] == "reversal" and key[1] and key in passed:
            tied[one["remit_claim_id"]] = None


def _former(world: World, tied: dict[int, Row | None]) -> dict[int, tuple[Row, date]]:
    """Payments taken for another claim's before theirs was sent: whose, and until when."""
    groups = _groups(world, _of_one_number(world))
    found: dict[int, tuple[Row, date]] = {}
    for one in world.payments:
        best, own = tie(world, one), tied[one["remit_claim_id"]]
        before = tie(world, one, one["payment_date"])
        if best is not own or not best or not before or _is_sent(best, one["payment_date"]):
            continue
        better = [
            claim["submission_date"]
            for claim in _of_number(world)[number(one)]
            if groups[claim["claim_id"]] == groups[best["claim_id"]]
            and _liking(world, claim, one) > _liking(world, before, one)
        ]
        found[one["remit_claim_id"]] = before, min(better)
    return found


def _is_sent(claim: Row, day: date) -> bool:
    return claim["submission_date"] <= day


def _be_guests(
    world: World,
    tied: dict[int, Row | None],
    former: dict[int, tuple[Row, date]],
    chain_of: dict[int, Chain],
) -> None:
    """Tell each claim which payments were taken for its own for a while."""
    for one in (one for one in world.payments if one["role"] == "answer"):
        which, own = one["remit_claim_id"], tied[one["remit_claim_id"]]
        if own is None and one.get("guest_of"):
            host = chain_of[one["guest_of"]["claim_id"]]
            until = _passed_until(world, tied, one)
            if until:
                host.guests.append((one, until))
        elif own and which in former:
            host, home = chain_of[former[which][0]["claim_id"]], chain_of[own["claim_id"]]
            until = former[which][1]
            if host is not home:
                host.guests.append((one, min(until, home.taken_back.get(which, until))))
                home.moved[which] = until


def _passed_until(world: World, tied: dict[int, Row | None], payment: Row) -> date | None:
    """When the first payer answered what the second had answered before, or that was reversed."""
    groups = _groups(world, _of_one_number(world))
    group = groups[payment["guest_of"]["claim_id"]]
    first: list[date] = []
    for one in world.payments:
        to = one.get("guest_of") or tied[one["remit_claim_id"]]
        if to and groups[to["claim_id"]] == group and SEQUENCE.get(one["status_code"]) == "P":
            first.append(one["payment_date"])
    if min(first) <= payment["payment_date"]:
        return None
    back = [
        one["payment_date"]
        for one in world.payments
        if one["role"] == "reversal"
        and not tied[one["remit_claim_id"]]
        and (number(one), one["payer_claim_number"])
        == (number(payment), payment["payer_claim_number"])
        and one["payment_date"] >= payment["payment_date"]
    ]
    return min([*back, min(first)])


def _follow(world: World, tied: dict[int, Row | None], groups: dict[int, int]) -> None:
    """A reversal goes where the answers of its two numbers are, if all are of one claim."""
    numbered: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for one in world.payments:
        submission = tied[one["remit_claim_id"]]
        if submission and one["role"] != "reversal" and one["payer_claim_number"]:
            numbered[number(one), one["payer_claim_number"]].append(submission)
    for one in world.payments:
        fits = numbered.get((number(one), one["payer_claim_number"]), [])
        if one["role"] == "reversal" and len({groups[fit["claim_id"]] for fit in fits}) == 1:
            tied[one["remit_claim_id"]] = fits[0]


def tie(world: World, payment: Row, day: date = date.max) -> Row | None:
    """The submission that a claim payment answers: of those of its number, the one liked best."""
    fits = [one for one in _of_number(world)[number(payment)] if _is_sent(one, day)]
    return max(fits, key=lambda one: _liking(world, one, payment), default=None)


def _liking(world: World, claim: Row, payment: Row) -> tuple[object, ...]:
    """The order of preference of section 1; payer and payee only where all else is level."""
    first, last = payment["service_from_date"], payment["service_to_date"]
    dated = first is not None and last is not None
    start, stop = claim["service_from_date"], claim["service_to_date"]
    wanted = SEQUENCE.get(payment["status_code"])
    original = claim["original_payer_claim_number"]
    return (
        wanted is not None and claim["payer_sequence_code"] == wanted,
        original is not None
        and original in (payment["payer_claim_number"], payment["original_reference_number"]),
        dated and (first, last) == (start, stop),
        dated and first <= stop and start <= last,
        abs(payment["charge_amount"]) == claim["billed_amount"],
        payer_name(world, claim["payer_id"])
        == payer_name(world, world.remits[payment["remit_id"]]["payer_id"]),
        claim["billing_npi"] == world.remits[payment["remit_id"]]["payee_npi"],
        claim["submission_date"] <= payment["payment_date"],
        claim["submission_date"],
        claim["claim_id"],
    )


_NUMBERS: dict[int, dict[str, list[Row]]] = {}


def _of_number(world: World) -> dict[str, list[Row]]:
    if id(world) not in _NUMBERS:
        found: dict[str, list[Row]] = defaultdict(list)
        for one in world.claims:
            found[number(one)].append(one)
        _NUMBERS.clear()
        _NUMBERS[id(world)] = found
    return _NUMBERS[id(world)]


def _link(world: World, tied: dict[int, Row | None]) -> dict[int, int]:
    """For each submission the submission that stands for its chain."""
    return _groups(world, [*_of_one_number(world), *_replaced(world, tied)])


def _groups(world: World, links: list[tuple[int, int]]) -> dict[int, int]:
    root = {one["claim_id"]: one["claim_id"] for one in world.claims}

    def find(one: int) -> int:
        while root[one] != one:
            one = root[one]
        return one

    for a, b in links:
        root[find(a)] = find(b)
    return {one: find(one) for one in root}


def _of_one_number(world: World) -> list[tuple[int, int]]:
    return [
        (a["claim_id"], b["claim_id"])
        for same in _of_number(world).values()
        for a in same
        for b in same
        if _is_same(a, b)
    ]


def _replaced(world: World, tied: dict[int, Row | None]) -> list[tuple[int, int]]:
    """Replacements and voids with the submissions whose answer bears the number they name."""
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in world.payments:
        submission = tied[one["remit_claim_id"]]
        if submission is not None and one["payer_claim_number"]:
            key = submission["payer_sequence_code"], one["payer_claim_number"]
            named[key].append(submission["claim_id"])
    return [
        (one["claim_id"], other)
        for one in world.claims
        if one["frequency_code"] in ("7", "8") and one["original_payer_claim_number"]
        for other in named[one["payer_sequence_code"], one["original_payer_claim_number"]]
    ]


def _is_same(a: Row, b: Row) -> bool:
    """Two submissions of one number: one biller, one payer sequence, days that overlap."""
    return (
        a["billing_npi"] == b["billing_npi"]
        and a["payer_sequence_code"] == b["payer_sequence_code"]
        and a["service_from_date"] <= b["service_to_date"]
        and b["service_from_date"] <= a["service_to_date"]
    )


def _take_back(chain: Chain) -> None:
    """Each reversal takes back an earlier answer, the latest that fits.

    Same payer number and opposite amounts; else same number; else opposite amounts.  Pends can be
    taken back as well, and then nothing else is.
    """
    used: set[int] = set()
    for fits in (_both, _number, _amounts):
        open_: dict[object, list[Row]] = defaultdict(list)
        for one in chain.payments:
            which = one["remit_claim_id"]
            if which in used or one["role"] == "notice" or (fits is _number and not _number(one)):
                continue
            if one["role"] != "reversal":
                open_[fits(one)].append(one)
            elif open_[fits(one)]:
                victim = open_[fits(one)].pop()["remit_claim_id"]
                chain.taken_back[victim] = one["payment_date"]
                used |= {which, victim}


def _number(payment: Row) -> str:
    return payment["payer_claim_number"] or ""


def _amounts(payment: Row) -> tuple[Decimal, Decimal]:
    charge, paid = payment["charge_amount"], payment["paid_amount"]
    return (abs(charge), abs(paid)) if payment["role"] == "reversal" else (charge, paid)


def _both(payment: Row) -> tuple[str, tuple[Decimal, Decimal]]:
    return _number(payment), _amounts(payment)
