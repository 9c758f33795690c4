"""What each row must say: SQL conditions over the stage's values, each with its rule and column."""

from collections.abc import Iterator
from typing import NamedTuple

from analytics.extracts.layout import Field, Layout
from analytics.extracts.levels import Level, inherited
from analytics.extracts.sql import any_of
from analytics.maps.targets import NEEDED, PEOPLE, REMITS, SIDE

# A row of a side table is there where this says something, in files that tell of other things too.
ANCHORS = {
    "write_off": "amount",
    "appeal": "appeal_date",
    "patient_payment": "amount",
    "charge": "amount",
    "contract_rate": "method_code",
    "eligibility": "start_date",
    "roster": "npi",
    "payer_map": "canonical_payer",
    "provider_map": "npi",
    "acknowledgement": "acknowledged_date",
    "audit": "audit_date",
    "contract": "contract_name",
}
_ALWAYS = "TRUE"
_IN_CLAIM = {
    "claim_line": ("procedure_code", "revenue_code", "billed_amount"),
    "remit_line": ("procedure_code", "revenue_code", "paid_amount"),
    "claim_diagnosis": ("diagnosis_code",),
    "adjustment": ("carc_code", "amount"),
    "remark": ("rarc_code",),
    "claim_other_payer": ("paid_amount", "payer_name", "payer_code"),
    "provider_adjustment": ("reason_code", "amount"),
}


class Condition(NamedTuple):
    """Where a row breaks a rule."""

    rule: str
    table: str
    column: str
    sql: str
    met: str  # where this is so no row breaks it: cheaper to see


def pays(layout: Layout) -> str:
    """Whether a row tells of a payment."""
    day = layout.name("remit", "payment_date")
    return f"{day} IS NOT NULL" if day else "FALSE"


def answers(layout: Layout) -> str:
    """Whether a row tells of a claim paid: not one of a provider-level adjustment alone."""
    number = inherited(layout, "remit_claim", "patient_control_number")
    if number is None or not layout.has("provider_adjustment"):
        return pays(layout)
    told = range(1, layout.counts["provider_adjustment"] + 1)
    adjusts = any_of([is_there(layout, "provider_adjustment", n) for n in told])
    return f"({pays(layout)} AND NOT ({number.name} IS NULL AND {adjusts}))"


def is_there(layout: Layout, table: str, number: int = 1) -> str:
    """Whether a row of the file holds the `number`th row of a table."""
    if table in ANCHORS and len(layout.part.tables - set(PEOPLE)) > 1:
        anchor = layout.field(table, ANCHORS[table])
        return _says(anchor) if anchor else "TRUE"
    if table in _IN_CLAIM:
        if layout.counts.get(table, 1) == 1 and table in ("claim_line", "remit_line"):
            return "TRUE"
        found = [inherited(layout, table, name, number) for name in _IN_CLAIM[table]]
        return any_of([_says(f) for f in found if f], "TRUE")
    return "TRUE"


def conditions(layout: Layout, levels: dict[str, Level]) -> Iterator[Condition]:
    """Where something is missing that a row cannot do without."""
    yield from _unpaid(layout)
    for table in sorted(layout.part.tables - set(PEOPLE)):
        level = levels.get(table)
        if level is not None and level.key is not None:
            yield from _keyed(layout, table)
        else:
            for number in range(1, layout.counts[table] + 1):
                yield from _whole(layout, table, number)


def of_group(layout: Layout, table: str) -> Iterator[Field]:
    """The fields of which a claim or payment put together of rows must say one value."""
    for choice in NEEDED.get(table, ()):
        found = [f for c in choice if (f := layout.field(*_target(table, c)))]
        if len(choice) == 1 and found and found[0].table == table:
            yield found[0]


def _whole(layout: Layout, table: str, number: int) -> Iterator[Condition]:
    """Of a table of which a row holds a whole row."""
    there = is_there(layout, table, number)
    always = _ALWAYS
    if table in REMITS:
        paying = pays(layout) if table in ("remit", "provider_adjustment") else answers(layout)
        always, there = f"({paying} AND {always})", f"({paying} AND {there})"
    for choice in _choices(table):
        targets = [_target(table, c) for c in choice]
        found = [f for t in targets if (f := layout.field(*t, _number(table, t[0], number)))]
        if found:
            missing = " AND ".join(f"{f.name} IS NULL" for f in found)
            met = any_of([says(f) for f in found]) if found[1:] else says(found[0])
            if there != always:
                met = f"({met} OR NOT {there})"
            yield Condition("value_missing", table, found[0].source, f"{there} AND {missing}", met)


def _choices(table: str) -> Iterator[tuple[str, ...]]:
    for choice in NEEDED.get(table, ()):
        if table == "adjustment" and "group_and_carc_code" in choice:
            yield (choice[0],)  # read as two values
        else:
            yield choice


def _keyed(layout: Layout, table: str) -> Iterator[Condition]:
    """Of what is put together of several rows each must say whose it is."""
    if table in ("claim", "remit_claim"):
        found = inherited(layout, table, "patient_control_number")
        there = "TRUE" if table == "claim" else answers(layout)
        if found:
            sql = f"{there} AND {found.name} IS NULL"
            yield Condition("value_missing", table, found.source, sql, says(found))


def _unpaid(layout: Layout) -> Iterator[Condition]:
    """A payment has its day: money or reasons without one are no payment."""
    day = layout.field("remit", "payment_date")
    if day is None:
        return
    told = [
        _says(f)
        for f in layout.fields
        if f.places
        and (
            (f.column == "paid_amount" and f.table in ("remit_claim", "remit_line"))
            or (f.table == "adjustment" and f.column in ("carc_code", "amount"))
        )
    ]
    others = layout.part.tables & {"claim", "claim_line", *SIDE}
    told = told if others else ["TRUE"]
    sql = f"{day.name} IS NULL AND {any_of(told)}"
    yield Condition("value_missing", "remit", day.source, sql, says(day))


def says(field: Field) -> str:
    """Whether there is a value."""
    return f"{field.name} IS NOT NULL"


def _says(field: Field) -> str:
    """Whether a value says something: an amount of 0 does not."""
    if field.reader.kind in ("amount", "number"):
        return f"coalesce({field.name}, 0) <> 0"
    return f"{field.name} IS NOT NULL"


def _target(table: str, choice: str) -> tuple[str, str]:
    owner, _, column = choice.rpartition(".")
    return owner or table, column


def _number(table: str, owner: str, number: int) -> int:
    return number if owner == table else 1
