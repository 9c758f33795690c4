"""Which column is what: scores of columns and concepts, dealt out one to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analytics.proposing import words
from analytics.proposing.columns import Column
from analytics.proposing.kinds import KINDS

SURE = 0.5  # from here on a reading is proposed; below it is told as one that may be
MAYBE = 0.3
_TIE = 0.05
_ALIKE, _UNLIKE = 0.7, 0.45  # names less alike than that need cells that tell
_ALL_BUT_FEW = 0.95
_UNTESTED = 0.7  # of a name whose column is empty
_CONTRADICTED = 0.5  # share of cells of its kind below which a name is not believed
NO_PLACE = "none_"  # concepts that are known and have no place in our tables


@dataclass(frozen=True, slots=True)
class Concept:
    """What a column may be: the kind of its cells, and where in our tables it goes, by level."""

    name: str
    kind: str
    places: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A column as a concept: how sure (0 to 1), and why."""

    column: Column
    concept: str
    confidence: float
    why: str


@dataclass(slots=True)
class Matched:
    """The readings that were chosen, by concept, and those that come near."""

    chosen: dict[str, Reading]
    others: list[Reading]
    known: list[Reading]  # of concepts without a place
    left: list[Column]

    def near(self, reading: Reading) -> list[Reading]:
        """Other readings of the same concept or column that are as sure, but for little.

        Not of what another reading tells better: columns that are taken, concepts that are told.
        """
        taken = {r.column.place for r in (*self.chosen.values(), *self.known)}
        return [
            o
            for o in self.others
            if o.confidence > reading.confidence - _TIE
            and (
                (o.concept == reading.concept and o.column.place not in taken)
                or (o.column is reading.column and o.concept not in self.chosen)
            )
        ]


@cache
def concepts() -> Mapping[str, Concept]:
    """Everything a column may be, by name."""
    found: dict[str, Concept] = {}
    for row in words.rows("concepts.csv"):
        pairs = (place.split("=") for place in row["places"].split())
        places = {level: (t.split(".")[0], t.split(".")[1]) for level, t in pairs}
        found[row["concept"]] = Concept(row["concept"], row["kind"], places)
    return found


def matched(columns: Sequence[Column]) -> Matched:
    """The most likely concept of each column, no concept twice."""
    readings = [reading for column in columns for reading in _readings(column)]
    readings.sort(key=lambda r: (-r.confidence, r.column.place))
    chosen: dict[str, Reading] = {}
    known: list[Reading] = []
    taken: set[int] = set()
    for reading in readings:
        if reading.column.place in taken or reading.confidence < SURE:
            continue
        if reading.concept.startswith(NO_PLACE):
            known.append(reading)
        elif reading.concept not in chosen:
            chosen[reading.concept] = reading
        else:
            continue
        taken.add(reading.column.place)
    used = {id(r) for r in (*chosen.values(), *known)}
    others = [
        r
        for r in readings
        if id(r) not in used and not r.concept.startswith(NO_PLACE) and r.confidence >= MAYBE
    ]
    return Matched(chosen, others, known, [c for c in columns if c.place not in taken])


def _readings(column: Column) -> list[Reading]:
    named = words.likeness(column.words)
    found = [_read(column, concept, like) for concept, like in named.items()]
    if max((r.confidence for r in found), default=0) < SURE:
        found += _by_contents(column, named)
    return found


def _read(column: Column, name: str, like: float) -> Reading:
    """How sure a column of this name is this concept, its cells looked at."""
    said = "name" if like == 1 else "name alike"
    if name.startswith(NO_PLACE):
        is_empty = column.cells.null_count() == len(column.cells)
        return Reading(column, name, like * (_UNTESTED if is_empty else 1), said)
    kind = KINDS[concepts()[name].kind]
    share = column.share(concepts()[name].kind)
    if like < _ALIKE and not (kind.alone and share and share > _ALL_BUT_FEW):
        like = min(like, _UNLIKE)
    if share is None:
        return Reading(column, name, like * _UNTESTED, f"{said}; no cells to look at")
    why = f"{said}; {share:.0%} {kind.name}"
    if share < _CONTRADICTED:
        return Reading(column, name, like * share * 0.5, why)
    return Reading(column, name, like * (0.6 + 0.4 * share), why)


def contradicted(column: Column) -> str:
    """What a column is by its name alone, and how many cells say so; empty where they do."""
    named = words.likeness(column.words)
    best = max(named, key=lambda name: named[name], default="")
    if best not in concepts() or named[best] < _ALIKE:
        return ""
    kind = KINDS[concepts()[best].kind]
    share = column.share(concepts()[best].kind)
    is_other = share is not None and share < _CONTRADICTED
    return f"its name says {kind.name}, its cells do not ({share:.0%})" if is_other else ""


def _by_contents(column: Column, named: Mapping[str, float]) -> list[Reading]:
    """What a column may be by its cells alone."""
    found: list[Reading] = []
    for concept in concepts().values():
        kind = KINDS[concept.kind]
        if kind.alone and concept.name not in named:
            share = column.share(concept.kind) or 0.0
            if share > _ALL_BUT_FEW:
                why = f"cells alone; {share:.0%} {kind.name}"
                found.append(Reading(column, concept.name, kind.alone * share, why))
    return found
