"""One chunk of segments as rows of tables, and what the verdict on its sets will need of it."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl

from analytics.ingest.extract import Extract, Findings
from analytics.ingest.x12 import ack277, ack999, ack_ta1, claim837, envelope, remit835, warn
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Mask, Positions
from analytics.ingest.x12.tokens import Segments

_READERS = {
    "835": remit835.read,
    "837": claim837.read,
    "277": ack277.read,
    "999": ack999.read,
    "997": ack999.read,
}


@dataclass(frozen=True, slots=True)
class Part:
    """What a chunk gives."""

    extract: Extract
    envelope: pl.DataFrame
    totals: list[pl.DataFrame]
    strays: set[int]
    wrong_npis: list[pl.DataFrame]
    interchanges: list[pl.DataFrame]  # record_no and is_test of each TA1


def part_of(found: Segments) -> Part:
    """Read a chunk; depends on nothing else, so that chunks can be read side by side."""
    findings, tables = Findings(), list[dict[str, pl.DataFrame]]()
    totals, wrong_npis = list[pl.DataFrame](), list[pl.DataFrame]()
    in_set = envelope.set_of(found)
    for type_code, inside in _by_type(found, in_set).items():
        shown = found.within(inside)
        part, sums = _READERS[type_code](shown, findings)
        warn.currency(shown, findings)
        totals.append(sums)
        tables.append(part)
        if type_code == "837":
            wrong_npis.append(warn.wrong_npis(part["provider"]))
            part["claim"] = part["claim"].drop("is_summed")
    interchanges = list[pl.DataFrame]()
    if len(found.new("TA1")):
        part, places = ack_ta1.read(found, findings)
        tables.append(part)
        interchanges.append(places)
    extract = Extract(together(tables), findings.frame(), len(found) - found.context)
    kept = [_owned(frame) for frame in (envelope.segments(found), *totals)]
    strays, wrong_npis = envelope.strays(found, in_set), [_owned(frame) for frame in wrong_npis]
    return Part(extract, kept[0], kept[1:], strays, wrong_npis, interchanges)


def _owned(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with strings of its own: what is kept to the end must not keep the chunk's text."""
    if not len(frame):
        return frame.clear()
    copied: Any = cast("Any", frame).to_arrow(compat_level=pl.CompatLevel.oldest())  # not as views
    return cast("pl.DataFrame", pl.from_arrow(copied))


def together(parts: list[dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """The frames of all parts, by table."""
    if len(parts) == 1:
        return parts[0]
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: pl.concat([part[name] for part in parts if name in part], how="diagonal")
        for name in names
    }


def _by_type(found: Segments, in_set: Positions) -> dict[str, Mask]:
    """For each type that is loaded, which segments of the chunk are inside its sets."""
    kinds = np.append(envelope.kinds(found), 0)
    kind, envelope_rows = kinds[in_set], found.of("ISA", "GS")
    masks: dict[str, Mask] = {}
    for name in envelope.LOADED_TYPES:
        if (kinds == packed(name)).any():
            masks[name] = kind == packed(name)
            masks[name][envelope_rows] = True
    return masks
