"""How a value is read, by the kind of the column that it is for: text, parsed, settled."""

from dataclasses import dataclass

from analytics import schema
from analytics.extracts import codes, days, money
from analytics.maps.language import Value
from analytics.maps.targets import columns
from analytics.query import literal

_RULES = {
    "date": "date_unreadable",
    "day_of_life": "date_unreadable",
    "amount": "amount_unreadable",
    "number": "quantity_unreadable",
    "integer": "quantity_unreadable",
    "claim_type": "claim_type_unknown",
    "boolean": "value_not_in_map",
    "group_together": "adjustment_code_unreadable",
    "carc_together": "adjustment_code_unreadable",
    "action": "acknowledgement_action_unknown",
}
LISTS = ("modifiers", "pointers")
DAYS = ("date", "day_of_life")
NUMBERS = ("amount", "number", "integer")
_NO_TABLE = {
    "subscriber": "patient",
    "billing_provider": "provider",
    "rendering_provider": "provider",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """How cells of one column of ours are read."""

    kind: str
    of_type: str  # of DuckDB
    value: Value
    date: str  # the order of days
    decimal: str

    @property
    def rule(self) -> str | None:
        """The rule that a cell breaks which cannot be read."""
        return _RULES.get(self.kind)

    def text(self, cells: list[str]) -> str:
        """The text that the plain cells say, before it is read."""
        value = self.value
        if value.kind == "constant":
            return f"CAST({literal(value.constant)} AS VARCHAR)"
        text = cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
        if value.split is not None:
            piece = f"split_part({text}, {literal(value.split)}, {value.piece})"
            text = f"nullif(trim({piece}), '')"
        said = text if value.codes is None else _mapped(text, value)
        if value.default is not None:
            said = f"CASE WHEN {text} IS NULL THEN {literal(value.default)} ELSE {said} END"
        return said

    def parsed(self, text: str) -> str:
        """The text read, before it is brought into its type; a day or number in words not ours."""
        if self.kind in DAYS:
            return days.parsed(text, self.date)
        if self.kind in NUMBERS:
            return money.parsed(text, self.of_type, self.decimal)
        return codes.formed(self.kind, text)

    def settled(self, parsed: str) -> str:
        """What was parsed in its type; null where it does not fit."""
        if self.kind in DAYS:
            return days.settled(parsed, of_life=self.kind == "day_of_life")
        if self.kind in ("amount", "number"):
            return money.exact(parsed, self.of_type, negate=self.value.negate)
        if self.kind == "integer":
            return money.whole(parsed, self.of_type)
        return codes.part_of_pair(self.kind, parsed) if self.kind in codes.PAIRS else parsed


def reader(table: str, column: str, value: Value, *, date: str | None, decimal: str) -> Reader:
    """How cells for a column of ours are read; `date` and `decimal` are of the file."""
    return Reader(
        columns(table)[column],
        _type(table, column),
        value,
        value.date or date or "MDY",
        value.decimal or decimal,
    )


def _type(table: str, column: str) -> str:
    of = schema.table(_NO_TABLE.get(table, table))
    return next((c.type for c in of.columns if c.name == column), "VARCHAR")


def _mapped(text: str, value: Value) -> str:
    """Theirs as ours; of a value without one, that of `other`, else null."""
    pairs = (value.codes or {}).items()
    cases = " ".join(f"WHEN {literal(theirs)} THEN {literal(ours)}" for theirs, ours in pairs)
    other = ""
    if value.other is not None:
        other = f" ELSE CASE WHEN {text} IS NOT NULL THEN {literal(value.other)} END"
    return f"CASE upper({text}) {cases}{other} END"
