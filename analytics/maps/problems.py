"""What is wrong in a map: where, in which line, and the name that was perhaps meant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from analytics.errors import AnalyticsError

_MOST = 20  # problems shown
_ENOUGH = 200  # after so many the rest of the map is not looked at


class MapError(AnalyticsError):
    """A column map has mistakes; the message lists them, each with its line."""


def meant(name: str, known: Iterable[str]) -> str:
    """The names nearest to one that is not known, as the end of a sentence."""
    names = sorted(set(known))
    close = get_close_matches(name.lower(), names, n=3, cutoff=0.55)
    if close:
        return f"; did you mean {' or '.join(map(repr, close))}?"
    return f"; known: {', '.join(names)}" if len(names) <= _MOST else ""


@dataclass(slots=True)
class Problems:
    """Collects the mistakes of a map and says them together."""

    text: str
    file: str
    said: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def add(self, place: "Place", message: str) -> None:
        """Note a mistake at a place.  Raises `MapError` where there are many by now."""
        line = place.line(self.text)
        where = [self.file, *([f"line {line}"] if line else []), *([str(place)] * bool(str(place)))]
        self.said.append((line, f"{', '.join(where)}: {message}"))
        if len(self.said) >= _ENOUGH:
            self.settle()

    def settle(self) -> None:
        """Raise `MapError` where there was any."""
        if self.said:
            more = len(self.said) - _MOST
            said = [message for _, message in sorted(self.said)]
            shown = [
                *said[:_MOST],
                *([f"... and {more}{' or' * (len(said) >= _ENOUGH)} more"] if more > 0 else []),
            ]
            raise MapError("\n".join(shown))


@dataclass(frozen=True, slots=True)
class Place:
    """A key of the map: of which [[file]] (from 1), of which part of it, and its dotted name."""

    file: int = 0
    part: int = 0
    key: str = ""

    def at(self, *keys: str) -> "Place":
        """A key below this one."""
        return Place(self.file, self.part, ".".join(filter(None, [self.key, *keys])))

    def __str__(self) -> str:
        parts = [f"[[file]] {self.file}"] if self.file else []
        parts += [f"part {self.part}"] if self.part else []
        return " ".join([*parts, *([self.key] if self.key else [])])

    def line(self, text: str) -> int:
        """The line that says it, from 1: of its last name, else of what it is in; 0 for none."""
        lines = text.splitlines()
        first, last = _span(lines, r"^\s*\[\[\s*file\s*\]\]", self.file, (0, len(lines)))
        if self.part:
            first, last = _span(lines, r"^\s*\[\[\s*file\.part\s*\]\]", self.part, (first, last))
        names = self.key.split(".")
        for name in (".".join(names[-2:]), *reversed(names)):
            word = re.compile(rf"(^|[\s.\[\"'{{,]){re.escape(name)}[\"']?\s*[=.\]]")
            found = [i for i in range(first, last) if word.search(lines[i])]
            if name and found:
                return found[-1] + 1
        return first + 1 if self.file else 0


def _span(lines: list[str], pattern: str, number: int, within: tuple[int, int]) -> tuple[int, int]:
    """First and last line of the nth table that begins so."""
    starts = [i for i in range(*within) if re.match(pattern, lines[i])]
    if not 0 < number <= len(starts):
        return within
    return starts[number - 1], [*starts, within[1]][number]
