"""A proposal: the map, how sure each of its lines is, and what could not be told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analytics.proposing.columns import Column, columns
from analytics.proposing.entries import entries
from analytics.proposing.entry import Entry
from analytics.proposing.levels import Shape, shape
from analytics.proposing.matching import Matched, contradicted, matched
from analytics.proposing.postings import PartOf, Postings, postings
from analytics.proposing.sampling import Sampled, sample
from analytics.proposing.settings import Settings, settings
from analytics.proposing.writing import pattern, toml

_SCHEMA = {
    "column": pl.String, "target": pl.String, "confidence": pl.Float64, "shape": pl.String,
    "why": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A map proposed for a file.  No cell of the file is in it, only shapes."""

    sampled: Sampled
    shape: Shape
    settings: Settings
    entries: tuple[Entry, ...]
    unused: tuple[tuple[Column, str], ...]
    parts: tuple[PartOf, ...] = ()  # of postings of several kinds; their entries are `entries`

    @property
    def toml(self) -> str:
        """The map as commented TOML."""
        lines = self.parts or self.entries
        return toml(self.sampled, self.shape, self.settings, lines, self.unused)

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns of ours that the map cannot do without and that no column seems to be."""
        return tuple(".".join(e.target) for e in self.entries if e.is_missing)

    @property
    def findings(self) -> tuple[str, ...]:
        """What is to be looked at: ties, and what the file does not tell."""
        said = [f"{'.'.join(e.target)}: {remark}" for e in self.entries for remark in e.remarks]
        marked = [line for line in said if "TIE" in line or "CHECK" in line]
        return (*marked, *self.settings.findings)

    @property
    def file_name(self) -> str:
        """A name for the file with the map."""
        return (
            pattern(self.sampled.source.name).rpartition(".")[0].strip("*_- .").replace("*", "")
            or "map"
        )

    def table(self) -> pl.DataFrame:
        """A row a column of the file: what it is taken for, how sure (0 to 1), its shape, why."""
        rows = [
            (e.reading.column, ".".join(e.target), e.reading.confidence, e.why)
            for e in self.entries
            if e.reading
        ]
        rows += [(column, None, None, why) for column, why in self.unused]
        rows.sort(key=lambda row: row[0].place)
        return pl.DataFrame(
            [(c.shown, target, sure, _shape(c), why) for c, target, sure, why in rows],
            schema=_SCHEMA,
            orient="row",
        )

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values."""
        text = self.sampled.text
        return {
            "file_name": self.sampled.source.name,
            "rows_read": len(text.cells),
            "is_whole": text.is_whole,
            "delimiter": text.delimiter,
            "encoding": text.encoding,
            "header_row": text.header_row,
            "sheet": self.sampled.sheet,
            "grain": self.shape.grain,
            "columns": self.table().to_dicts(),
            "missing": list(self.missing),
            "findings": list(self.findings),
            "map": self.toml,
        }


def propose(path: str | Path, *, sheet: str | None = None) -> Proposal:
    """A map for one extract, from its first rows.  Raises `UnreadableFileError`."""
    sampled = sample(path, sheet)
    every = columns(sampled)
    found = matched([column for column in every if column.is_shown and column.is_writable])
    posted = postings(every, found)
    if posted is not None and (parts := posted.parts()):
        return _of_postings(sampled, every, found, posted, parts)
    what = shape(found)
    made = entries(found, what)
    return Proposal(
        sampled, what, settings(made, what), tuple(made), tuple(_unused(every, made, found))
    )


def _of_postings(
    sampled: Sampled, every: list[Column], found: Matched, posted: Postings, parts: list[PartOf]
) -> Proposal:
    """The proposal for a file of postings, part by part."""
    why = f"{posted.kind.name} tells kinds of postings apart"
    what = Shape(None, False, True, "transaction", why)
    made = [entry for part in parts for entry in part.entries]
    said = settings(made, what)
    if posted.finding:
        said.add("", posted.finding, finding=True)
    unused = [(c, w) for c, w in _unused(every, made, found) if c is not posted.kind]
    return Proposal(sampled, what, said, tuple(made), tuple(unused), tuple(parts))


def _shape(column: Column) -> str:
    return "  ".join(column.shapes)


def _unused(every: list[Column], made: list[Entry], found: Matched) -> list[tuple[Column, str]]:
    """Columns that no entry reads, and why."""
    used = {e.reading.column.place for e in made if e.reading}
    known = {r.column.place: r.concept for r in found.known}
    placed = {r.column.place for r in found.chosen.values()}
    said: list[tuple[Column, str]] = []
    for column in every:
        if column.place in used or any(column.name in e.value for e in made):
            continue
        if not column.is_shown:
            why = "its name seems to be a value"
        elif not column.is_writable:
            why = "a map cannot say its name"
        elif said_otherwise := contradicted(column):
            why = said_otherwise
        elif column.place in known:
            why = "known, but nothing that is loaded"
        elif column.place in placed:
            why = "known, but rows of this kind have no place for it"
        else:
            why = "not understood"
        said.append((column, why))
    return said
