"""Which facts are made of touched records alone, and which as a whole, before or after those."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from analytics import facts
from analytics.fact import Fact

# A procedure or renderer is listed for lines of first submissions; one can cease to be the first.
OF_FIRST = ("known_service", "known_renderer")


@dataclass(frozen=True, slots=True)
class Plan:
    """The facts that are tables, in the order in which they are made."""

    early: tuple[Fact, ...]  # as a whole, read by those of touched records
    touched: tuple[Fact, ...]
    members: tuple[Fact, ...]  # of touched people, after those of touched records
    late: tuple[Fact, ...]  # as a whole, and those of which the day opens rows
    views: tuple[Fact, ...]

    @property
    def whole(self) -> tuple[Fact, ...]:
        """Those made as a whole."""
        return (*self.early, *(fact for fact in self.late if not fact.opens))

    def with_all_members(self) -> "Plan":
        """The same, with the facts of members made as a whole."""
        late = {fact.name for fact in (*self.members, *self.late)}
        return replace(
            self, members=(), late=tuple(fact for fact in facts.ALL if fact.name in late)
        )


def plan(with_rows: Set[str], empty: Set[str] = frozenset(), *, is_later: bool = False) -> Plan:
    """How each fact is made, where `with_rows` have rows, `empty` none, and the day is a later."""
    units = _units(with_rows, _without_rows(empty), is_later=is_later)
    made = [fact for fact in facts.ALL if not fact.is_view]
    members = tuple(fact for fact in made if units[fact.name] == "person_id")
    touched = tuple(
        fact for fact in made if units[fact.name] not in ("whole", "person_id") and not fact.opens
    )
    read = frozenset[str]().union(*(fact.reads for fact in (*touched, *members)))
    whole = [fact for fact in made if fact not in touched and fact not in members]
    for fact in reversed(whole):
        if fact.name in read and not fact.opens:
            read |= fact.reads
    return Plan(
        early=tuple(fact for fact in whole if fact.name in read),
        touched=touched,
        members=members,
        late=tuple(fact for fact in whole if fact.name not in read),
        views=tuple(fact for fact in facts.ALL if fact.is_view),
    )


def _units(with_rows: Set[str], without: Set[str], *, is_later: bool) -> dict[str, str]:
    units: dict[str, str] = {fact.name: fact.unit for fact in facts.ALL}
    moves = _moving(units)
    for fact in facts.ALL:
        whole_with = (*fact.whole_with, *(fact.daily_with if is_later else ()))
        if set(whole_with) & with_rows or any(
            units[name] == "whole" and name in moves
            for name in (fact.reads & facts.NAMES) - without
        ):
            units[fact.name] = "whole"
    return units


def _without_rows(empty: Set[str]) -> set[str]:
    """Those, and the facts that can have no row where they have none."""
    found = set(empty)
    for fact in facts.ALL:
        if fact.is_empty_without(found):
            found.add(fact.name)
    return found


def _moving(units: Mapping[str, str]) -> set[str]:
    """The facts with rows of units, and all that read them."""
    found: set[str] = set()
    for fact in facts.ALL:
        if units[fact.name] not in ("whole", "list") or fact.reads & found:
            found.add(fact.name)
    return found
