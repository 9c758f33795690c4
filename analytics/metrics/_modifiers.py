"""The kind of metric that counts lines with a modifier among those it can go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

from analytics.errors import BadQueryError
from analytics.metrics._kinds import Proportion

Modifiers: TypeAlias = str | int | Sequence[str | int]

# CPT, appendix A: these say something of an E/M service, those of a service that is none.
ON_EM = ("24", "25", "57")
NOT_ON_EM = (
    "22", "26", "47", "50", "51", "53", "54", "55", "56", "58", "59", "62", "66", "73", "74", "76",
    "77", "78", "79", "80", "81", "82", "90", "91", "AS", "TC", "XE", "XP", "XS", "XU",
)  # fmt: skip
_IS_EM = "em_family IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierRate(Proportion):
    """The share of lines that carry one of `modifiers`.

    Modifiers 24, 25 and 57 are counted among E/M services, those of procedures among other ones,
    the rest among all lines.
    """

    modifiers: tuple[str, ...] = ("25",)
    event: str = ""

    @property
    def options(self) -> Mapping[str, str]:
        return {"modifier": "The modifier, or several of which any counts; 25 if not given"}

    @property
    def event_sql(self) -> str:
        """SQL boolean: the line carries one."""
        tests = [f"(',' || modifier_key || ',') LIKE '%,{code},%'" for code in self.modifiers]
        return " OR ".join(tests)

    @property
    def sums(self) -> tuple[str, ...]:
        return (f"count(*) FILTER (WHERE {self.event_sql}) AS hits", "count(*) AS n")

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"({self.event_sql}) AS is_hit",)

    def reasons(self, *, include_duplicates: bool) -> dict[str, str]:
        found = Proportion.reasons(self, include_duplicates=include_duplicates)
        if set(self.modifiers) <= set(ON_EM):
            return found | {"no E/M service": f"NOT ({_IS_EM})"}
        if set(self.modifiers) <= set(NOT_ON_EM):
            return found | {"an E/M service": _IS_EM}
        return found

    def of(self, modifier: Modifiers) -> Self:
        """The same metric of another modifier, or of several.

        Raises `BadQueryError` for what is no modifier: two letters or digits.
        """
        return replace(self, modifiers=codes_of(modifier))


def codes_of(modifiers: Modifiers) -> tuple[str, ...]:
    """The modifiers in capitals, without blanks around them.  Raises `BadQueryError` likewise."""
    is_one = isinstance(modifiers, str | int | float | None)
    given = [modifiers] if is_one else list(modifiers)
    codes = tuple(str(code).strip().upper() for code in given)
    if not codes or not all(len(c) == 2 and c.isascii() and c.isalnum() for c in codes):
        raise BadQueryError("a modifier is two letters or digits, such as 25, 59 or XE")
    return codes
