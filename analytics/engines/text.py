"""Our SQL as text: what it names, its parts, and how Spark spells its parameters."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

_QUIET = r"--[^\n]*|'(?:[^']|'')*'"  # where words are none of SQL: comments and text
_NOTHING = re.compile(_QUIET)
_PARAMETER = re.compile(rf"{_QUIET}|\$(\w+)")
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
_WITH = re.compile(r"\s*WITH(?:\s+RECURSIVE)?\s")
_HEAD = re.compile(r"\s*(\w+)\s+AS\s*\(")
_NEXT = re.compile(r"\s*,")
_UNION = re.compile(r"\bUNION\b(?!\s+ALL\b)")


@dataclass(frozen=True, slots=True)
class Part:
    """A named query of a WITH clause."""

    name: str
    sql: str

    @property
    def reads(self) -> list[str]:
        """What it reads from, as often as it does."""
        return read(self.sql)

    @property
    def rounds(self) -> tuple[str, str] | None:
        """First and repeated half, where it adds to itself by UNION until nothing is new."""
        found = _UNION.search(bare(self.sql))
        if found is None or self.name not in self.reads:
            return None
        return self.sql[: found.start()], self.sql[found.end() :]


def named(sql: str, parameter: str = ":") -> str:
    """The text with parameters as Spark writes them: ``:name`` for ``$name``."""
    return _PARAMETER.sub(lambda m: f"{parameter}{m[1]}" if m[1] else m[0], sql)


def words(sql: str) -> frozenset[str]:
    """All words of a text that are neither in quotes nor in comments."""
    return frozenset(re.findall(r"\w+", bare(sql)))


def read(sql: str) -> list[str]:
    """The names after FROM and JOIN."""
    return _READ.findall(bare(sql))


def cut(sql: str) -> tuple[list[Part], str]:
    """The named queries of the WITH clause that a text begins with, and what follows them."""
    quiet = bare(sql)
    begin = _WITH.match(quiet)
    if begin is None:
        return [], sql
    parts: list[Part] = []
    at = begin.end()
    while head := _HEAD.match(quiet, at):
        end = _closing(quiet, head.end())
        parts.append(Part(head[1], sql[head.end() : end]))
        comma = _NEXT.match(quiet, end + 1)
        if comma is None:
            return parts, sql[end + 1 :]
        at = comma.end()
    return [], sql  # written in another way: taken as it is


def joined(parts: Sequence[Part], body: str) -> str:
    """The text of parts and what follows them."""
    if not parts:
        return body
    listed = ",\n".join(f"{part.name} AS (\n{part.sql}\n)" for part in parts)
    return f"WITH RECURSIVE {listed}\n{body}"


def kept(parts: Sequence[Part], body: str, least: int) -> Iterator[str]:
    """Parts better computed once than each time they are read.

    Spark puts a part in the place of each mention: what is read twice by what is read twice is
    computed four times.  Kept is what would come to `least` more tables read.
    """
    uses: dict[str, int] = {}
    for name in (name for part in (*parts, Part("", body)) for name in part.reads):
        uses[name] = uses.get(name, 0) + 1
    weight: dict[str, int] = {}
    for part in parts:
        weight[part.name] = sum(weight.get(name, 1) for name in part.reads)
        more = (uses.get(part.name, 0) - 1) * weight[part.name]
        if part.rounds is not None or (more >= least and part.name not in part.reads):
            weight[part.name] = 1
            yield part.name


def with_sql(parts: Sequence[Part], texts: Mapping[str, str]) -> list[Part]:
    """The parts, some with another text."""
    return [replace(part, sql=texts.get(part.name, part.sql)) for part in parts]


def bare(sql: str) -> str:
    """The text with blanks in the place of comments and quoted text."""
    return _NOTHING.sub(lambda m: " " * len(m[0]), sql)


def _closing(quiet: str, at: int) -> int:
    """Where the bracket opened before `at` closes."""
    depth = 1
    for place in re.finditer(r"[()]", quiet[at:]):
        depth += 1 if place[0] == "(" else -1
        if not depth:
            return at + place.start()
    return len(quiet)
