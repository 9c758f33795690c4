"""Submissions to claims, claim payments to submissions, and what of them counts as an answer."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from naive_rows import Row, World, kind, number

SEQUENCE = {"1": "P", "19": "P", "2": "S", "20": "S", "3": "T", "21": "T"}


@dataclass
class Chain:
    """A claim: its submissions and the claim payments tied to it, both in order of time."""

    submissions: list[Row]
    payments: list[Row] = field(default_factory=list[Row])
    taken_back: dict[int, date] = field(default_factory=dict[int, date])  # payment -> when

    @property
    def answers(self) -> list[Row]:
        """The claim payments that answer."""
        return [one for one in self.payments if one["role"] == "answer"]

    @property
    def void_day(self) -> date | None:
        """When the chain was voided."""
        days = (one["submission_date"] for one in self.submissions if is_void(one))
        return min(days, default=None)


def is_void(submission: Row) -> bool:
    """Frequency 8."""
    return submission["frequency_code"] == "8"


def chains(world: World) -> tuple[list[Chain], list[Row]]:
    """The claims, and the claim payments tied to none."""
    for one in world.payments:
        one["role"] = role(world, one)
    tied = {one["remit_claim_id"]: tie(world, one) for one in world.payments}
    groups = _link(world, tied)
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
    return list(found.values()), lost


def role(world: World, payment: Row) -> str:
    """answer, reversal, notice or pend."""
    status = payment["status_code"]
    if status == "22":
        return "reversal"
    if status in ("23", "25"):
        return "notice"
    kinds = {kind(one) for one in world.adjustments.get(payment["remit_claim_id"], [])}
    return "pend" if kinds == {"pend"} else "answer"


def tie(world: World, payment: Row) -> Row | None:
    """The submission that a claim payment answers: of those of its number, the one liked best."""
    fits = _of_number(world)[number(payment)]
    return max(fits, key=lambda one: _liking(one, payment), default=None)


def _liking(claim: Row, payment: Row) -> tuple[object, ...]:
    """The order of preference of section 1."""
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
    root = {one["claim_id"]: one["claim_id"] for one in world.claims}

    def find(one: int) -> int:
        while root[one] != one:
            one = root[one]
        return one

    for a, b in [*_of_one_number(world), *_replaced(world, tied)]:
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
    """Each reversal takes back an earlier answer: same payer number, else opposite amounts."""
    for at, reversal in enumerate(chain.payments):
        if reversal["role"] != "reversal":
            continue
        earlier = [
            one
            for one in chain.payments
            if one["payment_date"] <= reversal["payment_date"]
            and one["role"] == "answer"
            and one["remit_claim_id"] not in chain.taken_back
            and (one["payment_date"] < reversal["payment_date"] or one in chain.payments[:at])
        ]
        same = [
            one for one in earlier if one["payer_claim_number"] == reversal["payer_claim_number"]
        ]
        opposite = [one for one in same or earlier if _is_opposite(one, reversal)]
        victims = opposite or same
        if victims:
            chain.taken_back[victims[-1]["remit_claim_id"]] = reversal["payment_date"]


def _is_opposite(one: Row, reversal: Row) -> bool:
    return (one["charge_amount"], one["paid_amount"]) == (
        -reversal["charge_amount"],
        -reversal["paid_amount"],
    )
