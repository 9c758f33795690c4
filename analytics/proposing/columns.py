"""Columns of a file, those numbered 1, 2, 3 ... put together, with what is in their cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analytics.maps.language import NUMBERS
from analytics.proposing.header import is_name
from analytics.proposing.kinds import KINDS, shares
from analytics.proposing.sampling import Sampled
from analytics.proposing.shapes import shapes

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
_RUN = re.compile(rf"\d+|(?<![a-z])(?:{'|'.join(_WORDS)})(?![a-z])", re.IGNORECASE)
_MOST_DIGITS = 2
_LOOKED_AT = 400  # cells


@dataclass(eq=False)
class Column:
    """A column, or several side by side: `name` as a map says it, `members` as in the file."""

    name: str
    members: tuple[str, ...]
    place: int  # of the first, from 1
    cells: pl.Series
    is_shown: bool
    words: str  # the name without its number

    @property
    def is_group(self) -> bool:
        """Whether it stands for several columns."""
        return len(self.members) > 1

    @property
    def is_numbered(self) -> bool:
        """Whether a number in its name stands for 1, 2, 3 ..."""
        return self.is_group and "{n" in self.name

    @property
    def is_writable(self) -> bool:
        """Whether a map can say its name: {n} in it would stand for a number."""
        return not any(mark in name for mark in NUMBERS for name in self.members)

    @property
    def shown(self) -> str:
        """Its name, or its place where the name seems to be a value."""
        return self.name if self.is_shown else f"(column {self.place})"

    @cached_property
    def shapes(self) -> tuple[str, ...]:
        """The most frequent shapes of its cells."""
        return shapes(self._looked_at)

    def share(self, kind: str) -> float | None:
        """The share of its cells that are of a kind; None where all are empty."""
        if kind not in self._shares:
            self._shares |= shares(self._looked_at, [kind])
        return self._shares[kind]

    @cached_property
    def _looked_at(self) -> pl.Series:
        """Some hundred of its cells, from all over the rows."""
        said = self.cells.drop_nulls()
        return said.gather_every(max(len(said) // _LOOKED_AT, 1))

    @cached_property
    def _shares(self) -> dict[str, float | None]:
        return shares(self._looked_at, [name for name, kind in KINDS.items() if kind.alone])


def columns(sampled: Sampled) -> list[Column]:
    """The columns that have a name, in the order of the file; groups stand where they begin."""
    names = sampled.names
    groups = list(_groups(names))
    taken = {place for _, places in groups for place in places}
    found = [_column(sampled, name, places) for name, places in groups]
    found += [
        _column(sampled, name, (place,))
        for place, name in enumerate(names)
        if name and place not in taken
    ]
    return sorted(found, key=lambda column: column.place)


def _column(sampled: Sampled, name: str, places: Sequence[int]) -> Column:
    cells = pl.concat([sampled.cells(place).alias("cell") for place in places])
    members = tuple(sampled.names[place] for place in places)
    first = sampled.names[places[0]]
    plain = _RUN.sub(" ", first) if len(places) > 1 else first
    return Column(name, members, places[0] + 1, cells, all(map(is_name, members)), plain)


def _groups(names: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names whose number counts from 1, or the first has none: as one, and their places."""
    taken: set[int] = set()
    for (before, after, is_word), numbered in sorted(
        _numbered(names).items(), key=lambda item: -len(item[1])
    ):
        bare = _bare(before + after)
        first = next((p for p, n in enumerate(names) if n and _bare(n) == bare), None)
        has_bare = 1 not in numbered and first is not None
        every = {1: first, **numbered} if has_bare and first is not None else numbered
        count = next(n for n in range(1, len(every) + 2) if n not in every) - 1
        places = tuple(every[n] for n in range(1, count + 1))
        if count > 1 and not taken & set(places):
            taken |= set(places)
            is_listed = has_bare or is_word
            listed = ", ".join(names[place] for place in places)
            yield listed if is_listed else _marked(names[places[0]], before), places


def _numbered(names: tuple[str, ...]) -> dict[tuple[str, str, bool], dict[int, int]]:
    """What stands before and after a number, and whether it is a word -> numbers -> places."""
    found: dict[tuple[str, str, bool], dict[int, int]] = {}
    for place, name in enumerate(names):
        for run in _RUN.finditer(name):
            before, after = name[: run.start()].casefold(), name[run.end() :].casefold()
            is_word = not run[0].isdigit()
            number = _WORDS.index(run[0].lower()) + 1 if is_word else int(run[0])
            if is_word or len(run[0]) <= _MOST_DIGITS:
                found.setdefault((before, after, is_word), {}).setdefault(number, place)
    return found


def _marked(name: str, before: str) -> str:
    """The name of the first with {n}, or {nn} for 01, in place of its number."""
    number = _RUN.match(name, len(before))
    digits = number[0] if number else ""
    mark = "{nn}" if len(digits) == _MOST_DIGITS else "{n}"
    return name[: len(before)] + mark + name[len(before) + len(digits) :]


def _bare(name: str) -> str:
    return " ".join(re.sub(r"[ _-]+", " ", name).split()).casefold()
