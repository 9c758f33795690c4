"""What the answers say of a claim: first outcome, main reason, recovery, open balance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from naive_answers import Chain, is_added, is_void
from naive_parts import ZERO, Denial, Part, parts, settled
from naive_rows import CARC, Row, World, number, payer_name


@dataclass
class Outcome:
    """A claim with all that the metrics of the family ask of it."""

    chain: Chain
    payer: str | None
    sequence: str
    days: list[tuple[date, list[Row], list[Part]]]  # answers, those of one day together
    write_offs: list[Row]
    appeals: list[Row]
    first_outcome: str | None
    is_duplicate: bool
    main: Denial | None
    denied: Decimal
    recovered: Decimal
    recovered_on: date | None
    balance: Decimal

    @property
    def first_day(self) -> date | None:
        """Day of the first answer."""
        return self.days[0][0] if self.days else None

    @property
    def is_denied(self) -> bool:
        """First denied, wholly or in part."""
        return self.first_outcome in ("denied", "partially_denied")

    @property
    def first_charge(self) -> Decimal:
        """Charges answered first."""
        return sum((one["charge_amount"] for one in self.days[0][1]), ZERO)


def outcome_of(found: list[Row], lines: list[Part]) -> str:
    """The outcome that one answer gives a claim."""
    paid = sum((one["paid_amount"] for one in found), ZERO)
    allowed = sum((part.allowed for part in lines), ZERO)
    if sum((part.denied for part in lines), ZERO):
        return "denied" if not paid and not allowed else "partially_denied"
    share = sum((part.share for part in lines), ZERO)
    return "paid" if paid > 0 or share > 0 else "no_pay_other"


def holders(chains: list[Chain]) -> Callable[[Row, date], Chain | None]:
    """Which claim a posting of a day means: of one number the first payer's, and the last sent.

    Only claims sent by that day are thought of; where there are none, the first sent after.
    """
    known: dict[str, list[tuple[Row, Chain]]] = {}
    for chain in chains:
        for one in chain.submissions:
            known.setdefault(number(one), []).append((one, chain))

    def holder(posting: Row, day: date) -> Chain | None:
        found = known.get(number(posting), [])
        sent = [pair for pair in found if pair[0]["submission_date"] <= day]
        first = min((one["submission_date"] for one, _ in found), default=day)
        sent = sent or [pair for pair in found if pair[0]["submission_date"] == first]
        return max(sent, key=lambda pair: _rank(pair[0]))[1] if sent else None

    return holder


def _rank(one: Row) -> tuple[bool, date, int]:
    return one["payer_sequence_code"] == "P", one["submission_date"], one["claim_id"]


def outcomes(world: World, chains: list[Chain]) -> list[Outcome]:
    """One for each claim."""
    holder = holders(chains)

    def posted(rows: list[Row], day: str, chain: Chain) -> list[Row]:
        return [one for one in rows if holder(one, one[day]) is chain]

    return [
        _outcome(
            world,
            one,
            posted(world.write_offs, "write_off_date", one),
            posted(world.appeals, "appeal_date", one),
        )
        for one in chains
    ]


def _outcome(world: World, chain: Chain, write_offs: list[Row], appeals: list[Row]) -> Outcome:
    days: dict[date, list[Row]] = {}
    for one in chain.answers:
        days.setdefault(one["payment_date"], []).append(one)
    answers = [
        (day, found, [part for one in found for part in parts(world, one)])
        for day, found in sorted(days.items())
    ]
    first = answers[0][2] if answers else []
    denials = [denial for part in first for denial in part.denials]
    denied = sum((one.amount for one in denials), ZERO)
    recovered, recovered_on = _recovered(world, chain, answers, first)
    claim = chain.submissions[0]
    return Outcome(
        chain, payer_name(world, claim["payer_id"]), claim["payer_sequence_code"], answers,
        write_offs, appeals,
        outcome_of(answers[0][1], first) if answers else None,
        not denied and any(part.is_duplicate for part in first),
        max(denials, key=lambda one: one.amount, default=None),
        denied, recovered, recovered_on,
        balance(world, chain, write_offs),
    )  # fmt: skip


def _recovered(
    world: World,
    chain: Chain,
    answers: list[tuple[date, list[Row], list[Part]]],
    first: list[Part],
) -> tuple[Decimal, date | None]:
    """Later paid and moved to the patient on lines first denied; and the first day of it."""
    struck = [part for part in first if part.is_denied]
    is_whole = bool(answers) and outcome_of(answers[0][1], first) == "denied"
    billed = world.billed[chain.submissions[0]["claim_id"]]

    def is_struck(part: Part) -> bool:
        """Whether a later part is a line first denied.

        Where all was denied and the line cannot be told (no lines, or numbered anew), it is.
        """
        if any(_is_same(one, part) for one in struck):
            return True
        return is_whole and (
            any(o.kind == "whole" for o in struck) or part.key not in billed - {None}
        )

    total, when = ZERO, None
    for day, found, _ in answers[1:]:
        standing = [one for one in found if one["remit_claim_id"] not in chain.taken_back]
        got = sum(
            (
                part.paid + part.share
                for one in standing
                for part in parts(world, one)
                if is_struck(part)
            ),
            ZERO,
        )
        total += got
        when = when or (day if got > 0 else None)
    return total, when


def _is_same(one: Part, other: Part) -> bool:
    """The same line: by number, or by procedure and day where a number is missing."""
    if one.key is not None and other.key is not None:
        return one.key == other.key
    return one.code is not None and (one.code, one.day) == (other.code, other.day)


def balance(world: World, chain: Chain, write_offs: list[Row]) -> Decimal:
    """What the payer still owes."""
    if chain.void_day is not None:
        return ZERO
    standing = [o for o in chain.answers if o["remit_claim_id"] not in chain.taken_back]
    gone = sum((settled(world, one) for one in standing), ZERO)
    return chain.charge - gone - sum((one["amount"] for one in write_offs), ZERO)


def next_submission(outcome: Outcome) -> date | None:
    """When a claim was sent again after its first answer."""
    days = (
        one["submission_date"]
        for one in outcome.chain.submissions[1:]
        if outcome.first_day
        and one["submission_date"] > outcome.first_day
        and not (is_void(one) or is_added(one))
    )
    return min(days, default=None)


def flag(denial: Denial | None, column: str) -> str | None:
    """What the reference says of a denial's code: preventable, soft_or_hard."""
    return CARC[denial.carc][column] if denial else None
