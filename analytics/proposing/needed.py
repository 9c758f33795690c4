"""What a map cannot do without and no column seems to be: told by others, or to be filled in."""

from collections.abc import Mapping

from analytics.maps.language import Target
from analytics.maps.targets import NEEDED, PEOPLE
from analytics.proposing.entry import FILL_IN, Entry, quoted
from analytics.proposing.levels import Shape
from analytics.proposing.matching import Matched, concepts

_LINES = ("claim_line", "remit_line")


def fill(made: dict[Target, Entry], found: Matched, shape: Shape) -> None:
    """Add entries until every table has what it needs."""
    while lacking := _lacking(made, shape):
        made[lacking] = _missing(lacking, made, found, shape)


def _lacking(made: Mapping[Target, Entry], shape: Shape) -> Target | None:
    """The first thing that a table needs and has not."""
    tables = {table for table, _ in made} - set(PEOPLE) | _tables(shape)
    for table in sorted(tables):
        for choice in _choices(table, shape):
            if not any(target in made for target in choice):
                return choice[0]
    return None


def _tables(shape: Shape) -> set[str]:
    """The tables that a file of this shape fills in any case."""
    if shape.side:
        return {shape.side}
    tables = {"claim"} if shape.has_claims else set[str]()
    tables |= {"claim_line"} if shape.has_claims and shape.grain == "line" else set()
    tables |= {"remit", "remit_claim"} if shape.has_payments else set()
    return tables | ({"adjustment"} if shape.grain == "denial" else set())


def _choices(table: str, shape: Shape) -> list[list[Target]]:
    """What a table needs, of each choice the targets; those of lines first where rows are lines."""
    found: list[list[Target]] = []
    for choice in NEEDED.get(table, ()):
        named: list[Target] = []
        for name in choice:
            owner, _, column = name.rpartition(".")
            named.append((owner or table, column))
        of_lines = [t for t in named if t[0] in _LINES] if shape.grain == "line" else []
        found.append([*of_lines, *named])
    return found


def _missing(target: Target, made: Mapping[Target, Entry], found: Matched, shape: Shape) -> Entry:
    """The entry for it."""
    if target == ("claim", "claim_type") and (kind := _kind_of_claim(made)):
        return _constant(target, kind, f"told by {_SIGNS[kind]}")
    if target[1] == "paid_amount" and shape.grain == "denial":
        return _constant(target, "0", "a denial pays nothing")
    entry = Entry(target, quoted(FILL_IN), None, "needed: no column seems to be it")
    entry.is_missing = True
    entry.remarks += [f"CHECK: {_HINTS[target]}"] if target in _HINTS else []
    known = [c for c in concepts().values() if target in c.places.values()]
    for reading in found.others:
        kind = concepts()[reading.concept].kind
        is_day = kind == "date" and any(c.kind == "date" for c in known)
        if is_day or reading.concept in (c.name for c in known):
            entry.alternatives.append((target, reading))
    return entry


_SIGNS = {
    "institutional": "types of bill or revenue codes",
    "professional": "place of service",
}
_HINTS: Mapping[Target, str] = {
    ("claim", "claim_type"): '{ constant = "professional" }, "institutional" or "dental"',
    ("adjustment", "group_code"): 'a column, or { constant = "CO" } where all are contractual',
    ("claim", "submission_date"): "the day the claim was sent; without one nothing is timed",
}


def _constant(target: Target, said: str, why: str) -> Entry:
    value = f"{{ constant = {quoted(said)} }}"
    return Entry(target, value, None, why, ["CHECK: no column says it"])


def _kind_of_claim(made: Mapping[Target, Entry]) -> str:
    """Professional claims have places of service, institutional ones types of bill, not both."""
    is_inst = ("claim", "bill_type_code") in made or ("claim_line", "revenue_code") in made
    is_prof = any(column == "place_of_service_code" for _, column in made)
    if is_inst == is_prof:
        return ""
    return "institutional" if is_inst else "professional"
