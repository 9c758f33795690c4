"""What a file is: claims, payments, both or a side table; what a row is; where columns go."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analytics.maps.language import Grain, Target
from analytics.proposing.columns import Column
from analytics.proposing.kinds import portion
from analytics.proposing.matching import Matched, Reading, concepts

# A side table is told by the concepts of which it has all; those of which it has none.
_SIDE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "eligibility": (("member_id", "cover_start"), ("control_number", "payment_date", "procedure")),
    "contract_rate": (("procedure", "rate_amount"), ("control_number", "member_id")),
    "roster": (("billing_npi", "specialty"), ("control_number", "member_id", "procedure")),
    "audit": (("control_number", "audit_coded"), ("payment_date",)),
    "acknowledgement": (("control_number", "acknowledged_action"), ("payment_date", "paid")),
    "appeal": (("control_number", "appeal_date"), ("payment_date", "submission_date")),
    "write_off": (
        ("control_number", "writeoff_amount"),
        ("payment_date", "submission_date", "paid"),
    ),
    "patient_payment": (
        ("control_number", "patient_payment_amount"),
        ("payment_date", "submission_date", "paid"),
    ),
    "charge": (
        ("control_number", "charge_date", "charge"),
        ("submission_date", "payment_date", "paid"),
    ),
}
_OF_CLAIMS = (
    "submission_date", "claim_type", "diagnosis", "principal_diagnosis", "bill_type", "pointers",
    "place_of_service", "authorization", "admission_date",
)  # fmt: skip
_OF_PAYMENTS = ("payment_date", "trace", "check_amount", "paid", "claim_paid", "line_paid")
_OF_ADJUSTMENTS = ("carc", "group_and_carc", "adjustment_amount")
_OF_LINES = (
    "procedure",
    "revenue",
    "line_number",
    "line_control_number",
    "line_charge",
    "line_paid",
)
_SERVICE = ("procedure", "modifier", "revenue", "service_from", "line_charge", "charge", "paid")
_SPLIT = 0.2  # share of rows
_REPEATS = 0.02  # share of rows whose claim has another row, from which on claims are not rows


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file is.  `levels` say where a concept goes, the first that has a place for it."""

    side: str | None
    has_claims: bool
    has_payments: bool
    grain: Grain
    why: str

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels of concepts.csv in the order in which they are looked through."""
        if self.side:
            return (self.side,)
        is_claim = self.grain == "claim"
        claims = (("claim",) if is_claim else ("line", "claim")) if self.has_claims else ()
        pays = (("remit",) if is_claim else ("remit_line", "remit")) if self.has_payments else ()
        return (*claims, *pays)

    def place(self, concept: str) -> Target | None:
        """Where a concept goes; None for nowhere."""
        places = concepts()[concept].places
        return next((places[level] for level in self.levels if level in places), None)


def shape(found: Matched) -> Shape:
    """What a file with these columns is."""
    has = found.chosen
    for table, (needed, without) in _SIDE.items():
        if all(c in has for c in needed) and not any(c in has for c in without):
            return Shape(table, False, False, "row", f"it has {' and '.join(needed)}")
    signs = sum(concept in has for concept in _OF_CLAIMS)
    pays = sum(concept in has for concept in _OF_PAYMENTS)
    adjusts = sum(concept in has for concept in _OF_ADJUSTMENTS)
    has_payments = "payment_date" in has or pays + adjusts > 1
    has_claims = "submission_date" in has or not has_payments or (signs > 2 and adjusts < 2)
    grain, why = _grain(has, has_claims=has_claims, has_payments=has_payments)
    return Shape(None, has_claims, has_payments, grain, why)


def _grain(
    has: Mapping[str, Reading], *, has_claims: bool, has_payments: bool
) -> tuple[Grain, str]:
    repeats = repeated(has["control_number"].column) if "control_number" in has else None
    lines = [c for c in _OF_LINES if c in has and not has[c].column.is_group]
    codes = [c for c in ("carc", "group_and_carc") if c in has and not has[c].column.is_group]
    paid = any(c in has for c in ("paid", "line_paid", "claim_paid"))
    if codes and "adjustment_amount" in has and not has_claims and not paid and has_payments:
        return "denial", "one adjustment a row and nothing paid"
    if codes and lines and has_payments and _split(has) > _SPLIT:
        return "denial", f"{_split(has):.0%} of rows share their line: one adjustment a row"
    how = "" if repeats is None else f"; {repeats:.0%} of rows share their claim number"
    if lines:
        named = " and ".join(has[c].column.shown for c in lines[:2])
        return "line", f"{named} {'is' if len(lines) == 1 else 'are'} of lines{how}"
    if repeats is not None and repeats > _REPEATS and codes:
        return "denial", f"one adjustment a row{how}"
    return "claim", f"nothing is of lines{how}"


def _split(has: Mapping[str, Reading]) -> float:
    """The share of rows that have their line, as far as columns tell lines apart, in common."""
    numbers = [c for c in ("line_control_number", "line_number") if c in has]
    names = ["control_number", "payer_claim_number", "trace", *(numbers or _SERVICE)]
    cells = [
        has[n].column.cells.alias(n).fill_null("")
        for n in names
        if n in has and not has[n].column.is_group
    ]
    return portion(pl.DataFrame(cells).is_duplicated()) if "control_number" in has else 0.0


def repeated(column: Column) -> float | None:
    """The share of filled rows whose value another row has too."""
    said = column.cells.drop_nulls()
    return portion(said.is_duplicated()) if len(said) else None
