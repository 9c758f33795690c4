"""One chunk of segments as rows of tables, and what the verdict on its sets will need of it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.ingest.extract import Extract, Findings
from analytics.ingest.x12 import balance, claim837, envelope, remit835, warn
from analytics.ingest.x12.loops import Loops
from analytics.ingest.x12.spans import Mask
from analytics.ingest.x12.tokens import Segments, packed


@dataclass(frozen=True, slots=True)
class Part:
    """What a chunk gives."""

    extract: Extract
    envelope: pl.DataFrame
    totals: list[pl.DataFrame]
    strays: set[int]
    wrong_npis: list[pl.DataFrame]


def part_of(found: Segments) -> Part:
    """Read a chunk; depends on nothing else, so that chunks can be read side by side."""
    findings, tables = Findings(), list[dict[str, pl.DataFrame]]()
    totals, wrong_npis = list[pl.DataFrame](), list[pl.DataFrame]()
    for type_code, inside in _by_type(found).items():
        shown = found.within(inside)
        if type_code == "835":
            part = remit835.read(shown, findings)
            totals.append(balance.remit_totals(part))
        else:
            part = claim837.read(shown, findings)
            totals.append(balance.claim_totals(part))
            wrong_npis.append(warn.wrong_npis(part["provider"]))
            part["claim"] = part["claim"].drop("is_summed", "reference_number")
        tables.append(part)
    extract = Extract(together(tables), findings.frame(), len(found) - found.context)
    return Part(extract, envelope.segments(found), totals, envelope.strays(found), wrong_npis)


def together(parts: list[dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """The frames of all parts, by table."""
    if len(parts) == 1:
        return parts[0]
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: pl.concat([part[name] for part in parts if name in part], how="diagonal")
        for name in names
    }


def _by_type(found: Segments) -> dict[str, Mask]:
    """For each type that is loaded, which segments of the chunk are inside its sets."""
    starts, rows = found.of("ST"), np.arange(len(found))
    kinds = found.qualifier(starts)
    index = Loops(found, {"outside": found.of(*envelope.BOUNDS), "set": starts}).owner("set", rows)
    kind = np.where(index >= 0, kinds[index] if len(kinds) else 0, 0)
    envelope_rows = found.of("ISA", "GS")
    masks: dict[str, Mask] = {}
    for name in envelope.LOADED_TYPES:
        if (kinds == packed(name)).any():
            masks[name] = kind == packed(name)
            masks[name][envelope_rows] = True
    return masks
