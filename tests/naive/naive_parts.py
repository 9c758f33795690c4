"""Claim payments read line by line: what is denied, what the patient owes, what is settled."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from naive_rows import ALERTS, RARC, Row, World, category, counts, kind

ZERO = Decimal(0)
OPEN = ("denial", "pend")


@dataclass
class Denial:
    """One adjustment that denies, with its reason."""

    group: str
    carc: str
    rarc: str | None
    category: str
    amount: Decimal


@dataclass
class Part:
    """A line of an answer, or an answer without lines, which counts as one."""

    key: str | None  # line control number
    code: str | None  # procedure, which with the day tells lines without a number
    day: date | None
    kind: str  # line, whole (an answer without lines) or rest (what is of no line)
    charge: Decimal
    paid: Decimal
    share: Decimal
    allowed: Decimal
    denials: list[Denial]
    duplicate: Decimal  # denied as a duplicate
    has_duplicate: bool
    settled: Decimal  # adjustments that are neither denied nor pended

    @property
    def denied(self) -> Decimal:
        """The denied amount."""
        return sum((one.amount for one in self.denials), ZERO)

    @property
    def is_denied(self) -> bool:
        """A denied line."""
        return bool(self.denials) and self.charge > 0 and not self.paid and not self.allowed

    @property
    def is_duplicate(self) -> bool:
        """Denied as a duplicate and for nothing else."""
        return self.has_duplicate and not self.denials

    @property
    def main(self) -> Denial:
        """The largest denial, the first of equals."""
        return max(self.denials, key=lambda one: one.amount)


def parts(world: World, payment: Row) -> list[Part]:
    """The lines of a claim payment."""
    which = payment["remit_claim_id"]
    adjustments = world.adjustments.get(which, [])
    remarks = world.remarks.get(which, [])
    of_claim = [one["rarc_code"] for one in remarks if one["remit_line_id"] is None]
    lines = world.lines.get(which, [])
    if not lines:
        return [_part(None, payment, payment["allowed_amount"], adjustments, of_claim, whole=True)]
    found = [
        _part(
            line["line_control_number"], line, line["allowed_amount"],
            [one for one in adjustments if one["remit_line_id"] == line["remit_line_id"]],
            [o["rarc_code"] for o in remarks if o["remit_line_id"] == line["remit_line_id"]]
            + of_claim,
        )
        for line in lines
    ]  # fmt: skip
    of_none = [one for one in adjustments if one["remit_line_id"] is None]
    return [*found, _rest(payment, of_none, of_claim)] if of_none else found


def _rest(payment: Row, adjustments: list[Row], remarks: list[str]) -> Part:
    """What a claim payment with lines says of none of them: it can deny, but is no line."""
    bare = payment | {"charge_amount": ZERO}
    one = _part(None, bare, payment["allowed_amount"], adjustments, remarks, whole=True)
    return replace(one, kind="rest", share=ZERO, allowed=ZERO, paid=ZERO)


def _part(
    key: str | None,
    what: Row,
    sent: Decimal | None,
    adjustments: list[Row],
    remarks: list[str],
    *,
    whole: bool = False,
) -> Part:
    paid = what["paid_amount"]
    share = sum(
        (
            one["amount"]
            for one in adjustments
            if one["group_code"] == "PR" and kind(one) == "patient_share"
        ),
        ZERO,
    )
    if whole and not adjustments:  # nothing but CLP05 tells the patient's share
        share = what["patient_responsibility_amount"] or ZERO
    allowed = paid + share if sent is None else sent
    is_bare = not paid and not allowed  # there a reduction denies
    deny = ("yes", "partial") if is_bare else ("yes",)
    denials = [
        Denial(
            one["group_code"], one["carc_code"], _remark(remarks),
            category(one, remarks), one["amount"],
        )
        for one in adjustments
        if counts(one) in deny and one["amount"] > 0
    ]  # fmt: skip
    settled = sum((one["amount"] for one in adjustments if _settles(one, deny)), ZERO)
    duplicate = sum((one["amount"] for one in adjustments if counts(one) == "separate"), ZERO)
    return Part(
        key, None if whole else what["procedure_code"], what["service_from_date"],
        "whole" if whole else "line",
        what["charge_amount"], paid, share, allowed, denials, duplicate,
        duplicate > 0, settled,
    )  # fmt: skip


def _remark(remarks: list[str]) -> str | None:
    """The first remark that names a reason, else the first in no list, else the first."""
    named = (one for one in remarks if one in RARC and one not in ALERTS)
    unknown = (one for one in remarks if one not in RARC)
    return next(named, next(unknown, remarks[0] if remarks else None))


def _settles(adjustment: Row, deny: tuple[str, ...]) -> bool:
    """Whether an adjustment closes what it is for: neither denied nor pended."""
    return kind(adjustment) not in OPEN and counts(adjustment) not in deny


def settled(world: World, payment: Row) -> Decimal:
    """By how much a claim payment lowers the open balance."""
    found = parts(world, payment)
    return payment["paid_amount"] + sum((part.settled for part in found), ZERO)
