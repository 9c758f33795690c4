"""The proposed map as commented TOML."""

import re
from collections.abc import Iterator, Sequence

from analytics.maps.language import Target
from analytics.proposing.columns import Column
from analytics.proposing.delimited import ROWS
from analytics.proposing.entry import FILL_IN, Entry, quoted
from analytics.proposing.levels import Shape
from analytics.proposing.matching import Reading
from analytics.proposing.postings import PartOf
from analytics.proposing.sampling import Sampled
from analytics.proposing.settings import Settings

_DATED = re.compile(r"\d[\d._-]*\d|\d")
_HEAD = """\
# Proposed by `revcycle map` from the names and the cells of {rows}.
# Check every line, then try it:   revcycle map --check THIS FILES
# and load:                        revcycle load FILES --map THIS
#
# Behind each line: how sure (1.00: a known name, and all cells look like it), the shape of most
# cells (9 a digit, A a letter), and why.  TIE: another reading is as likely, or nearly.  CHECK: the
# file does not tell.  {fill_in}: needed and not found; until it is edited nothing loads.
"""


def pattern(name: str) -> str:
    """Names of files like this one: numbers, as of days, may be others."""
    plain = name.rsplit("/", 1)[-1]
    stem, dot, kind = plain.removesuffix(".gz").removesuffix(".bz2").rpartition(".")
    loose = _DATED.sub("*", stem or kind)
    return f"{loose if loose.strip('*_- ') else stem}{dot}{kind if stem else ''}"


def toml(
    sampled: Sampled,
    shape: Shape,
    settings: Settings,
    entries: Sequence[Entry] | Sequence[PartOf],
    unused: Sequence[tuple[Column, str]],
) -> str:
    """The text of the map."""
    count = len(sampled.text.cells)
    whole = (
        f"all {count:,} rows" if sampled.text.is_whole else f"the first {min(count, ROWS):,} rows"
    )
    lines = _HEAD.format(rows=f"{whole} of a file", fill_in=FILL_IN).splitlines()
    parts = [entry for entry in entries if isinstance(entry, PartOf)]
    own = [entry for entry in entries if isinstance(entry, Entry)]
    lines += ["", *_aligned(_file(sampled, None if parts else shape, settings)), ""]
    lines += ["[file.columns]", *_columns(own)] if own else []
    for part in parts:
        lines += _part(part)
    lines += ["", *_unused(unused)] if unused else []
    return "\n".join(map(_printable, lines)) + "\n"


def _printable(line: str) -> str:
    """The line without marks that no comment can have; in names `quoted` has written them out."""
    return "".join(c if c.isprintable() else "?" for c in line)


def _part(part: PartOf) -> Iterator[str]:
    head = [("[[file.part]]", part.why), (part.where, "")]
    grain = [(f"grain = {quoted(part.grain)}", "")] if part.grain != "row" else []
    yield from _aligned(iter([*head, *grain]))
    yield "[file.part.columns]"
    yield from _columns(part.entries)
    yield ""


def _file(sampled: Sampled, shape: Shape | None, settings: Settings) -> Iterator[tuple[str, str]]:
    named = pattern(sampled.source.name)
    yield "[[file]]", ""
    yield (
        f"name = {quoted(named.rpartition('.')[0].strip('*_- .') or named)}",
        "keep it once loaded",
    )
    yield f"pattern = {quoted(named)}", "file names"
    if sampled.sheet is not None:
        yield f"sheet = {quoted(sampled.sheet)}", ""
    if shape is not None:
        yield f"grain = {quoted(shape.grain)}", shape.why
    text = sampled.text
    if text.delimiter not in (None, ","):
        yield f"delimiter = {quoted(str(text.delimiter))}", "stands equally often in its lines"
    if text.encoding is not None:
        yield f"encoding = {quoted(text.encoding)}", "CHECK: it is no UTF-8; this reads it"
    if text.header_row > 1:
        yield f"header_row = {text.header_row}", "the lines above have fewer cells"
    if text.trailer is not None:
        count = f", rows = {text.count_at}" if text.count_at else ""
        said = "the last line; sums of it can be held against the rows: docs/maps.md"
        yield f"controls = {{ trailer = {quoted(text.trailer)}{count} }}", said
    yield from settings.lines


def _aligned(lines: Iterator[tuple[str, str]]) -> Iterator[str]:
    for line, said in lines:
        remark = f"# {said}" if said else ""
        yield f"{line:<40} {remark}".rstrip() if line else remark


def _columns(entries: Sequence[Entry]) -> Iterator[str]:
    width = max((len(".".join(e.target)) for e in entries), default=0)
    table = ""
    for entry in entries:
        if table and entry.target[0] != table:
            yield ""
        table = entry.target[0]
        for remark in entry.remarks:
            yield f"# {remark}"
        yield _line(entry.target, entry.value, width, _said(entry.reading, entry.why))
        for target, reading in entry.alternatives:
            source = quoted(reading.column.name)
            yield "# " + _line(target, source, width, _said(reading, reading.why))


def _line(target: Target, value: str, width: int, said: str) -> str:
    start = f"{'.'.join(target):<{width}} = {value}"
    return f"{start:<{width + 30}} # {said}"


def _said(reading: Reading | None, why: str) -> str:
    if reading is None:
        return why
    shapes = reading.column.shapes
    shape = f"{shapes[0]}  " if shapes else ""
    return f"{reading.confidence:.2f}  {shape}{why}"


def _unused(unused: Sequence[tuple[Column, str]]) -> Iterator[str]:
    yield "# Columns of the file that the map does not read:"
    for column, why in unused:
        shapes = column.shapes
        name = quoted(column.name) if column.is_shown else column.shown
        yield f"#   {name:<30} {shapes[0] if shapes else 'empty':<20} {why}".rstrip()
