"""Reading an X12 file: chunk by chunk to frames, then a verdict on its transaction sets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import polars as pl

from analytics.ingest.extract import Extract, Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12 import balance, claim837, envelope, remit835
from analytics.ingest.x12.chunks import chunks
from analytics.ingest.x12.loops import nearest
from analytics.ingest.x12.text import blocks
from analytics.ingest.x12.tokens import Segments, packed
from analytics.ingest.x12.verdict import Verdict, judge

CHUNK = 8 << 20


@dataclass
class Reader:
    """Reads one file: first iterate over `extracts`, then ask for the `verdict`."""

    stream: BinaryIO
    chunk_size: int = CHUNK
    record_count: int = 0
    _strays: int = 0
    _envelope: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    _totals: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])

    def extracts(self) -> Iterator[Extract]:
        """The rows of the file, a chunk at a time.  Raises UnreadableFileError."""
        for found in chunks(blocks(self.stream, self.chunk_size)):
            yield self._extract(found)

    def _extract(self, found: Segments) -> Extract:
        findings = Findings()
        tables: dict[str, pl.DataFrame] = {}
        for type_code, inside in _by_type(found).items():
            shown = found.within(inside)
            if type_code == "835":
                part = remit835.read(shown, findings)
                self._totals.append(balance.remit_totals(part))
            else:
                part = claim837.read(shown, findings)
                self._totals.append(balance.claim_totals(part))
                part["claim"] = part["claim"].drop("is_summed")
            tables = {
                n: pl.concat([tables[n], f], how="diagonal") if n in tables else f
                for n, f in (tables | part).items()
                if n in part
            } | {n: f for n, f in tables.items() if n not in part}
        self._envelope.append(envelope.segments(found))
        self._strays += envelope.stray(found)
        count = len(found) - found.context
        self.record_count += count
        return Extract(tables, findings.frame(), count)

    def verdict(self, *, strict: bool = False, include_test: bool = False) -> Verdict:
        """What becomes of the file's transaction sets."""
        frame = pl.concat(self._envelope)
        sets = envelope.sets(frame, self._totals, self.record_count)
        return judge(
            sets, frame, self._strays, self.record_count, strict=strict, include_test=include_test
        )


def read(stream: BinaryIO, *, strict: bool = False, include_test: bool = False) -> Extract:
    """All rows of a file in memory, without those of rejected sets."""
    reader = Reader(stream)
    parts = list(reader.extracts())
    verdict = reader.verdict(strict=strict, include_test=include_test)
    names = dict.fromkeys(name for part in parts for name in part.tables)
    tables = {
        name: pl.concat([p.tables[name] for p in parts if name in p.tables], how="diagonal")
        for name in names
    }
    findings = [part.rejected for part in parts] + [verdict.rejected]
    for name in names:
        tables[name], out = _without(tables[name], name, verdict.dropped)
        findings.append(out)
    tables["transaction_set"] = verdict.sets
    return Extract(tables, pl.concat(findings).sort("record_no"), reader.record_count)


def _without(
    frame: pl.DataFrame, name: str, dropped: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame without the rows of dropped sets, and those as findings."""
    inside = pl.lit(value=False)
    for first, last in dropped.iter_rows():
        inside |= pl.col("record_no").is_between(first, last)
    findings = Findings()
    if name not in ("patient", "payer", "provider"):
        out = frame.filter(inside)["record_no"]
        findings.add(out, name, "set_rejected", REASONS["set_rejected"])
    return frame.filter(~inside), findings.frame()


def _by_type(found: Segments) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """For each type that is loaded, which segments of the chunk are inside its sets."""
    starts = found.of("ST")
    kinds = found.qualifier(starts)
    index = nearest(starts, np.arange(len(found), dtype=np.int32))
    kind = np.where(index >= 0, kinds[index] if len(kinds) else 0, 0)
    envelope_rows = found.of("ISA", "GS")
    masks: dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]] = {}
    for name in envelope.LOADED_TYPES:
        if (kinds == packed(name)).any():
            masks[name] = kind == packed(name)
            masks[name][envelope_rows] = True
    return masks
