"""The segments of a claim, read a second time from the files they came from."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from analytics.errors import UnreadableFileError
from analytics.evidencing.hiding import hidden
from analytics.ingest.files import Paths, Source, find
from analytics.ingest.x12.chunks import chunks
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.text import blocks
from analytics.ingest.x12.tokens import Segments

SCHEMA = {
    "part": pl.String,
    "file_id": pl.Int64,
    "file_name": pl.String,
    "record_no": pl.Int64,
    "segment": pl.String,
}
READ, ABSENT = "there, its hash the same", "not found in the places given"
DIFFERS, NOT_ASKED = "there, but its hash differs: not read", "not looked for: no place was given"
NOT_X12 = "no X12: its rows are in the tables above"
_CHUNK = 6 << 20
# What ends a claim (CLM) or claim payment (CLP); what it stands under.
_ENDS = {
    packed("CLM"): ("CLM", "HL", "SE", "ST", "GE", "IEA", "ISA", "GS"),
    packed("CLP"): ("CLP", "LX", "PLB", "SE", "ST", "GE", "IEA", "ISA", "GS"),
}
_OPENERS = ("HL", "LX", "CLM", "CLP", "SE")
_LEVELS = ("20", "22", "23")


def read_again(
    files: pl.DataFrame, places: pl.DataFrame, where: Paths | None, *, identity: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The segments of `places`, and `files` with what became of each as ``status``.

    A file is known by its hash, whatever it is called now.  Segments: ``part, file_id, file_name,
    record_no`` (counted from 1 in the file)``, segment``, in the order of `places`.
    Raises UnreadableFileError where a place given names nothing.
    """
    sources = find(where) if where is not None else []
    status, rows = list[str](), list[dict[str, Any]]()
    for file in files.iter_rows(named=True):
        source, said = _source(file, sources, is_asked=where is not None)
        wanted = places.filter(pl.col("file_id") == file["file_id"])
        if source is not None and len(wanted):
            try:
                rows += _of_file(source, file, wanted, identity=identity)
            except (UnreadableFileError, OSError):
                said = "there, but it could not be read"
        status.append(said)
    found = pl.DataFrame(rows, schema=SCHEMA)
    order = places.select("part", "file_id").unique(maintain_order=True).with_row_index("at")
    found = found.join(order, on=["part", "file_id"], how="left", maintain_order="left")
    told = files.with_columns(pl.Series("status", status, dtype=pl.String))
    return found.sort("at", maintain_order=True).drop("at"), told


def _source(
    file: dict[str, Any], sources: Sequence[Source], *, is_asked: bool
) -> tuple[Source | None, str]:
    """Where a loaded file is now, and what is said of it."""
    if file["format"] != "x12":
        return None, NOT_X12
    if not is_asked:
        return None, NOT_ASKED
    named = [one for one in sources if one.name == file["file_name"]]
    alike = [one for one in sources if one.byte_count == file["byte_count"] and one not in named]
    for source in [*named, *alike]:
        try:
            if source.sha256() == file["sha256"]:
                return source, READ
        except (UnreadableFileError, OSError):
            continue
    return None, DIFFERS if named else ABSENT


def _of_file(
    source: Source, file: dict[str, Any], places: pl.DataFrame, *, identity: bool
) -> Iterator[dict[str, Any]]:
    """The segments wanted of one file, which is read until the last of them."""
    wanted = dict(zip(places["record_no"].to_list(), places["part"].to_list(), strict=True))
    with source.open() as stream:
        for found in chunks(blocks(stream, _CHUNK)):
            fresh = found.record_no[found.context :]
            here = np.isin(fresh, list(wanted)).nonzero()[0] + found.context
            for row in here.tolist():
                part = wanted.pop(int(found.record_no[row]))
                for at in _rows(found, row).tolist():
                    yield {
                        "part": part,
                        "file_id": file["file_id"],
                        "file_name": file["file_name"],
                        "record_no": int(found.record_no[at]),
                        "segment": _text(found, at, identity=identity),
                    }
            if not wanted:
                return


def _rows(found: Segments, row: int) -> Positions:
    """A claim or claim payment with its header and the levels it stands under."""
    kept = list[Positions]()
    opened = _last_before(found.of("ST"), row)
    if opened >= 0:
        kept.append(np.arange(opened, min(_next(found, _OPENERS, opened), row)))
        levels, codes = found.of("HL"), found.qualifiers("HL", 3)
        outer = opened
        for level in _LEVELS:
            at = _last_before(levels[codes == packed(level)], row)
            if at > outer:
                kept.append(np.arange(at, min(_next(found, _OPENERS, at), row)))
                outer = at
    ends = _ENDS.get(int(found.code[row]), _ENDS[packed("CLM")])
    kept.append(np.arange(row, _next(found, ends, row)))
    return np.concatenate(kept)


def _last_before(rows: Positions, row: int) -> int:
    at = int(np.searchsorted(rows, row))
    return int(rows[at - 1]) if at else -1


def _next(found: Segments, names: tuple[str, ...], row: int) -> int:
    """The first segment of these ids behind a row; else the end of the chunk."""
    behind = (found.of(name) for name in names)
    firsts = (rows[np.searchsorted(rows, row, side="right") :] for rows in behind)
    return min((int(rows[0]) for rows in firsts if len(rows)), default=len(found))


def _text(found: Segments, row: int, *, identity: bool) -> str:
    """A segment as it stands in the file, but for what is hidden."""
    end = int(found.cut[found.first[row] + found.width[row] - 1])
    whole = found.data[int(found.start[row]) : end].tobytes().decode("utf-8", "replace")
    marks = found.delimiters
    element = chr(marks.element)
    elements = whole.split(element)
    if not identity:
        elements = hidden(elements, chr(marks.component))
    return element.join(elements) + chr(marks.terminator).strip()
