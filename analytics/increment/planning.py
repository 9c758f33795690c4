"""Which facts are made of touched records alone, and which as a whole, before or after those."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from analytics import facts
from analytics.fact import Fact

# A procedure or renderer is listed for lines of first submissions; one can cease to be the first.
OF_FIRST = ("known_service", "known_renderer")


@dataclass(frozen=True, slots=True)
class Plan:
    """The facts that are tables, in the order in which they are made."""

    early: tuple[Fact, ...]  # as a whole, read by those of touched records
    touched: tuple[Fact, ...]
    late: tuple[Fact, ...]  # as a whole, and those of which the day opens rows
    views: tuple[Fact, ...]

    @property
    def whole(self) -> tuple[Fact, ...]:
        """Those made as a whole."""
        return (*self.early, *(fact for fact in self.late if not fact.opens))


def plan(with_rows: Set[str]) -> Plan:
    """How each fact is made, where these tables have rows."""
    units = {fact.name: fact.unit for fact in facts.ALL}
    moves = _moving(units)
    for fact in facts.ALL:
        if set(fact.whole_with) & with_rows or any(
            units[name] == "whole" and name in moves for name in fact.reads & facts.NAMES
        ):
            units[fact.name] = "whole"
    made = [fact for fact in facts.ALL if not fact.is_view]
    touched = tuple(fact for fact in made if units[fact.name] != "whole" and not fact.opens)
    read = frozenset[str]().union(*(fact.reads for fact in touched))
    whole = [fact for fact in made if fact not in touched]
    return Plan(
        early=tuple(fact for fact in whole if fact.name in read),
        touched=touched,
        late=tuple(fact for fact in whole if fact.name not in read),
        views=tuple(fact for fact in facts.ALL if fact.is_view),
    )


def _moving(units: Mapping[str, str]) -> set[str]:
    """The facts with rows of units, and all that read them."""
    found: set[str] = set()
    for fact in facts.ALL:
        if units[fact.name] not in ("whole", "list") or fact.reads & found:
            found.add(fact.name)
    return found
