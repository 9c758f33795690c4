"""A stream of FHIR JSON as resources, block by block: one a line (NDJSON), or a document.

Lines may be bundles, as BCDA's samples are; a document may be one resource or one bundle.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple, cast

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.feeds import text
from analytics.ingest.feeds.fhir_schema import BUNDLE, RESOURCE

READ = ("ExplanationOfBenefit", "Patient", "Coverage")
_LARGEST = 64 << 20  # bytes of a document, which is read whole


class Resources(NamedTuple):
    """Resources with `record_no`, their place in the file, and the places of what is none."""

    frame: pl.DataFrame  # record_no, kind, resource
    malformed: pl.Series
    unused: pl.Series  # of a type that is not read

    @property
    def total(self) -> int:
        """How many there are, read or not."""
        return len(self.frame) + len(self.malformed) + len(self.unused)


def resources(stream: BinaryIO, file: int) -> Iterator[Resources]:
    """The resources of a file, numbered from 1; a line that is no JSON takes a number too."""
    first = file * RECORDS_PER_FILE + 1
    for block in _blocks(stream):
        found = _read(text.split_lines(block), first)
        first += found.total
        yield found


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Whole lines; of a document all of it, as one line."""
    blocks = text.blocks(stream, quoted=False)
    start = next(blocks, b"")
    if _is_ndjson(start):
        yield start
        yield from blocks
        return
    document = bytearray(start)
    for block in blocks:
        document += block
        if len(document) > _LARGEST:
            raise UnreadableFileError(
                "a FHIR document of more than 64 MB: ask for it as NDJSON, one resource a line"
            )
    yield bytes(document).replace(b"\r", b" ").replace(b"\n", b" ")


def _is_ndjson(start: bytes) -> bool:
    """Whether a line is a resource: of an indented document neither the first nor second is one."""
    said = [line.strip() for line in start.split(b"\n", 16) if line.strip()]
    first = pl.Series([said[0].decode("utf-8", "replace")] if said else [], dtype=pl.String)
    whole = first.str.json_path_match("$.resourceType").is_not_null().any()
    return whole or len(said) < 2 or said[1].startswith(b"{")


def _read(block: pl.DataFrame, first: int) -> Resources:
    line = pl.col("line").str.strip_chars().str.strip_prefix("\ufeff")
    rows = block.select(line).filter(pl.col("line") != "").with_row_index("place")
    rows = rows.with_columns(kind=pl.col("line").str.json_path_match("$.resourceType"))
    single = _decoded(rows.filter(pl.col("kind").is_in(READ)), RESOURCE)
    whole = rows.filter(kind="Bundle")
    bundles = _decoded(whole, BUNDLE)
    broken = _entries(whole.join(bundles, on="place", how="anti"))
    read = pl.concat([frame.select("place") for frame in (single, bundles, broken)])
    other = rows.join(read, on="place", how="anti").select("place", "kind")
    each = pl.concat([_alone(single), _bundled(bundles), broken, other], how="diagonal")
    numbered = each.sort("place", "entry").select(
        "resource", "kind", record_no=pl.int_range(first, first + pl.len(), dtype=pl.Int64)
    )
    used = pl.col("kind").is_in(READ) & pl.col("resource").is_not_null()
    unused = ~pl.col("kind").is_in([*READ, "Bundle"])
    return Resources(
        numbered.filter(used).select("record_no", "kind", "resource"),
        numbered.filter(~used & ~unused.fill_null(value=False))["record_no"],
        numbered.filter(unused)["record_no"],
    )


def _decoded(rows: pl.DataFrame, kind: pl.Struct) -> pl.DataFrame:
    """Lines as structs; where an element is of another kind than FHIR says, its line is left out.

    Such a line fails the lot it is read with, which is halved until it stands alone.
    """
    try:
        return rows.select("place", "kind", read=pl.col("line").str.json_decode(kind))
    except pl.exceptions.PolarsError:
        if len(rows) == 1:
            return rows.select("place", "kind", read=pl.lit(None, kind)).clear()
        half = len(rows) // 2
        return pl.concat([_decoded(rows[:half], kind), _decoded(rows[half:], kind)])


def _entries(bundles: pl.DataFrame) -> pl.DataFrame:
    """The resources of bundles of which one is at fault, each read by itself.

    Python's own reader takes such a bundle apart, numbers as text; it is no way for sound ones.  A
    bundle that is no JSON has no row.
    """
    rows = [
        (place, entry, json.dumps(resource))
        for place, line in bundles.select("place", "line").iter_rows()
        for entry, resource in enumerate(_taken_apart(line))
    ]
    kinds = {"place": pl.UInt32(), "entry": pl.Int64(), "line": pl.String()}
    frame = pl.DataFrame(rows, schema=kinds, orient="row").with_row_index("no")
    kind = pl.col("line").str.json_path_match("$.resourceType")
    frame = frame.with_columns(kind=kind)
    used = frame.filter(pl.col("kind").is_in(READ)).select(place="no", kind="kind", line="line")
    decoded = _decoded(used, RESOURCE).select(no="place", resource="read")
    return frame.join(decoded, on="no", how="left").select("place", "kind", "entry", "resource")


def _taken_apart(line: str) -> list[Any]:
    """What stands where the resources of a bundle should."""
    try:
        bundle = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        entries = bundle.get("entry")
    except (ValueError, RecursionError, AttributeError):
        return []
    held = cast("list[Any]", entries) if isinstance(entries, list) else []
    return [one.get("resource") if hasattr(one, "get") else None for one in held]


def _alone(single: pl.DataFrame) -> pl.DataFrame:
    return single.select("place", "kind", entry=pl.lit(0, pl.Int64), resource="read")


def _bundled(bundles: pl.DataFrame) -> pl.DataFrame:
    """The resources of bundles; one that found nothing has none."""
    held = bundles.select("place", held=pl.col("read").struct.field("entry"))
    some = held.filter(pl.col("held").list.len() > 0)
    resource = pl.col("held").struct.field("resource")
    return (
        some.with_columns(entry=pl.int_ranges(pl.col("held").list.len()))
        .explode("held", "entry")
        .select("place", "entry", kind=resource.struct.field("resourceType"), resource=resource)
    )
