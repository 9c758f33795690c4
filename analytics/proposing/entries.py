"""The lines of the proposed map, in order, each with what else it may be."""

from dataclasses import replace

from analytics.maps.language import Target
from analytics.proposing.entry import Entry, listed, quoted
from analytics.proposing.levels import Shape
from analytics.proposing.matching import SURE, Matched, Reading, concepts
from analytics.proposing.needed import fill
from analytics.proposing.placing import is_of_claims, may_repeat, place
from analytics.proposing.valued import value
from analytics.proposing.words import words

_TABLES = (
    "claim", "patient", "subscriber", "payer", "billing_provider", "rendering_provider",
    "claim_diagnosis", "claim_line", "remit", "remit_claim", "remit_line", "adjustment", "remark",
)  # fmt: skip
_DIAGNOSES = {"diagnosis", "principal_diagnosis"}


def entries(found: Matched, shape: Shape) -> list[Entry]:
    """An entry for each column of ours that is filled or cannot be done without."""
    _payers_number(found, shape)
    _insured(found)
    made: dict[Target, Entry] = {}
    for reading in sorted(found.chosen.values(), key=lambda r: -r.confidence):
        target = place(reading, shape, found)
        if target is None:
            found.others.append(reading)
        elif target not in made:
            made[target] = _entry(target, reading)
        elif not _join(made[target], reading):
            made[target].alternatives.append((target, reading))
    for entry in made.values():
        _compare(entry, found, shape)
        _doubt(entry, found, shape)
    fill(made, found, shape)
    return sorted(made.values(), key=_order)


def _payers_number(found: Matched, shape: Shape) -> None:
    """Where payments name a claim and an account, the account is ours and the claim the payer's."""
    own = found.chosen.get("control_number")
    if own is None or shape.has_claims or "payer_claim_number" in found.chosen:
        return
    near = (r for r in found.others if r.concept == own.concept and r.confidence >= SURE)
    every = [own, *near]
    accounts = [r for r in every if words(r.column.words) & {"account", "patient"}]
    claims = [r for r in every if words(r.column.words) <= {"claim", "number", "id"}]
    if accounts and claims:
        found.others = [r for r in found.others if r not in (accounts[0], claims[0])]
        found.chosen["control_number"] = accounts[0]
        why = f"{claims[0].why}; the account is the provider's"
        found.chosen["payer_claim_number"] = replace(
            claims[0], concept="payer_claim_number", why=why
        )


def _insured(found: Matched) -> None:
    """Where one number of a person is there, it is the patient's."""
    only = found.chosen.get("subscriber_id")
    if only is not None and "member_id" not in found.chosen:
        del found.chosen["subscriber_id"]
        found.chosen["member_id"] = replace(only, concept="member_id")


def _entry(target: Target, reading: Reading) -> Entry:
    column = reading.column
    if column.is_group and not may_repeat(target):
        first = f"CHECK: only the first of {len(column.members)} columns is read"
        return Entry(target, quoted(column.members[0]), reading, reading.why, [first])
    return Entry(target, value(reading, target), reading, reading.why)


def _join(entry: Entry, reading: Reading) -> bool:
    """Put the principal diagnosis before the others; False where it is not about them."""
    if entry.reading is None or {entry.reading.concept, reading.concept} != _DIAGNOSES:
        return False
    both = sorted((entry.reading, reading), key=lambda r: r.concept == "diagnosis")
    members = dict.fromkeys(name for r in both for name in r.column.members)
    entry.value = listed(list(members))
    entry.remarks.append("the first is the principal diagnosis")
    return True


def _compare(entry: Entry, found: Matched, shape: Shape) -> None:
    """Say what else the column may be, or may fill the entry."""
    own = entry.reading
    if own is None:
        return
    for other in found.near(own):
        target = place(other, shape, found)
        if target is None or (target == entry.target and other.column is own.column):
            continue
        entry.alternatives.append((target, other))
        name = other.column.shown if target == entry.target else ".".join(target)
        entry.remarks.append(f"TIE: it may be {name}")
    if concepts()[own.concept].kind == "status" and "map" in entry.value:
        entry.remarks.append("CHECK: what their words mean (1 paid, 4 denied, 22 reversed)")


def _doubt(entry: Entry, found: Matched, shape: Shape) -> None:
    """Say where an amount of lines seems to be the claim's, which each line would add up again."""
    own, claim = entry.reading, found.chosen.get("control_number")
    if shape.grain != "line" or entry.target not in _AMOUNTS or own is None or claim is None:
        return
    if is_of_claims(claim.column, own.column):
        above = ".".join(_AMOUNTS[entry.target])
        entry.remarks.append(f"CHECK: it is the same in all rows of a claim: is it {above}?")


_AMOUNTS = {
    ("claim_line", "billed_amount"): ("claim", "billed_amount"),
    ("remit_line", "charge_amount"): ("remit_claim", "charge_amount"),
    ("remit_line", "paid_amount"): ("remit_claim", "paid_amount"),
    ("remit_line", "allowed_amount"): ("remit_claim", "allowed_amount"),
}


def _order(entry: Entry) -> tuple[int, str, bool, int]:
    table, _ = entry.target
    at = entry.reading.column.place if entry.reading else 0
    return (
        _TABLES.index(table) if table in _TABLES else len(_TABLES),
        table,
        not entry.is_missing,
        at,
    )
