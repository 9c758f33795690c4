"""The levels of an 837, from the set down to the line, and who is named on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.ingest.x12.later import npis
from analytics.ingest.x12.loops import Loops, Parts, group_header, parts, pick, place
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Column, Mask, Positions
from analytics.ingest.x12.tokens import Segments

SERVICES = ("SV1", "SV2", "SV3")  # professional, institutional, dental


@dataclass(frozen=True)
class Tree:
    """An 837 chunk with its loops; `claims` are the positions of CLM."""

    found: Segments

    @cached_property
    def _claims(self) -> Loops:
        """Loops by level, down to claims."""
        found = self.found
        hl = found.of("HL")
        level = found.qualifiers("HL", 3)
        outer = {
            "set": found.of("ST"),
            "closed": found.of("SE"),
            "billing": hl[level == packed("20")],
            "subscriber": hl[level == packed("22")],
            "patient": hl[level == packed("23")],
            "claim": found.of("CLM"),
        }
        return Loops(found, outer)

    @cached_property
    def loops(self) -> Loops:
        """Loops by level: also lines, and other payers (SBR inside claims)."""
        claims, sbr = self._claims, self.found.of("SBR")
        lines = claims.and_inside("line", _line_starts(self.found, claims.anchors))
        return lines.and_inside("other", sbr[claims.owner("claim", sbr) >= 0])

    @property
    def levels(self) -> Mapping[str, Positions]:
        """Anchors of each level, outermost first."""
        return self.loops.anchors

    @cached_property
    def detail(self) -> Loops:
        """Loops by level and, innermost, by the person or organisation named (NM1)."""
        return self.loops.and_inside("entity", self.found.of("NM1"))

    @cached_property
    def answers(self) -> Loops:
        """Loops by level and, innermost, by the answer of another payer to a line (SVD)."""
        return self.loops.and_inside("answer", self.found.of("SVD"))

    @cached_property
    def names(self) -> Parts:
        """All NM1 segments."""
        return parts(self.loops, "NM1")

    @property
    def claims(self) -> Positions:
        """Positions of the claims (CLM)."""
        return self.levels["claim"]

    def above(self, level: str, rows: Positions) -> Positions:
        """Per claim, the row that its loop on an outer level has; -1 where it has none."""
        if level not in self._above:
            self._above[level] = self.loops.owner(level, self.claims)
        return place(rows, self._above[level])

    @cached_property
    def _above(self) -> dict[str, Positions]:
        return {}

    @cached_property
    def insured(self) -> Positions:
        """Per claim the NM1 that names who is insured."""
        return self.above("subscriber", self.names.of("subscriber", "IL"))

    @cached_property
    def patients(self) -> Positions:
        """Per claim the NM1 that names its patient: the dependent's, else the subscriber's."""
        dependent = self.above("patient", self.names.of("patient", "QC"))
        return np.where(dependent >= 0, dependent, self.insured)

    @cached_property
    def payers(self) -> Positions:
        """Per claim the NM1 that names the payer billed."""
        return self.above("subscriber", self.names.of("subscriber", "PR"))

    def below(self, entity: Positions, name: str, *qualifiers: str) -> Positions:
        """For each NM1 (or -1) its first segment of this kind."""
        if qualifiers:
            of_entity = parts(self.detail, name).of("entity", *qualifiers)
        else:
            of_entity = parts(self.detail, name).of("entity", direct=False)
        return place(of_entity, self.detail.owner("entity", entity))

    def header(self, name: str) -> Positions:
        """Per set the first segment with this id in its header; -1 where there is none."""
        rows = self.found.of(name)
        return pick(len(self.levels["set"]), self.loops.innermost("set", rows), rows)

    def of_set(self, name: str) -> Positions:
        """Per claim, the first segment with this id in the header of its set."""
        return self.above("set", self.header(name))

    def group_header(self) -> Positions:
        """Per claim, the GS it stands under."""
        return group_header(self.found, self.claims)

    def service(self, rows: Positions) -> Positions:
        """For each row the SV segment of its line, or -1."""
        found = self.found.of(*SERVICES)
        first = pick(len(self.levels["line"]), self.loops.owner("line", found), found)
        return place(first, self.loops.owner("line", rows))

    def npi(self, name: Positions) -> Column:
        """NM109 of these NM1 where NM108 says that it is an NPI."""
        return npis(self.found, name, lambda: self._is_npi[name])

    @cached_property
    def _is_npi(self) -> Mask:
        """Per segment whether it is an NM1 whose NM108 says so; one place more for no segment."""
        found = np.zeros(len(self.found) + 1, np.bool_)
        found[self.found.of("NM1")] = self.found.qualifiers("NM1", 8) == packed("XX")
        return found


def _line_starts(found: Segments, outer: Mapping[str, Positions]) -> Positions:
    """Where each service line begins: LX, or the SV segment of a line sent without one.

    An LX counts up to the next anchor of an outer level, as a chunk may begin there.
    """
    kind, (other, service, lx) = np.zeros(len(found), np.int8), (1, 2, 3)
    kind[np.concatenate(list(outer.values()))] = other
    kind[found.of(*SERVICES)], kind[found.of("LX")] = service, lx
    rows = np.flatnonzero(kind)
    before = np.append(np.int8(0), kind[rows])[:-1]
    return rows[(kind[rows] == lx) | ((kind[rows] == service) & (before != lx))]
