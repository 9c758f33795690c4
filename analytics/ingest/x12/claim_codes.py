"""HI segments of an 837: diagnoses of every kind, the DRG, and all other codes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.dates import days
from analytics.ingest.x12.loops import ordinal, pick
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.repeated import composites
from analytics.ingest.x12.spans import Column, Integers, Mask, Positions, Span, absent, integers
from analytics.ingest.x12.table import Table

_COMPOSITES = 12
_PRESENT_ON_ADMISSION = 8

# Qualifier: kind and code system.  ABx is ICD-10-CM, the older two-letter form ICD-9-CM.
_DIAGNOSES = {
    "ABK": ("principal", "icd10"),
    "BK": ("principal", "icd9"),
    "ABF": ("other", "icd10"),
    "BF": ("other", "icd9"),
    "ABJ": ("admitting", "icd10"),
    "BJ": ("admitting", "icd9"),
    "APR": ("reason", "icd10"),
    "PR": ("reason", "icd9"),
    "ABN": ("external", "icd10"),
    "BN": ("external", "icd9"),
}

# Qualifiers of what is no diagnosis.  BBx is ICD-10-PCS, Bx ICD-9-CM or the NUBC's codes.
_OTHERS = {
    "BBR": "principal_procedure",
    "BR": "principal_procedure",
    "BBQ": "other_procedure",
    "BQ": "other_procedure",
    "BP": "anesthesia_procedure",
    "BO": "anesthesia_procedure",
    "BE": "value",
    "BG": "condition",
    "BH": "occurrence",
    "BI": "occurrence_span",
    "TC": "treatment",
}
_UNKNOWN = "other"
_DATE, _AMOUNT, _QUANTITY = 3, 4, 5  # components, from 0

_LISTED = ("principal", "other")  # these count in one list, as pointers do
_KINDS = [kind for kind, _ in _DIAGNOSES.values()]
_LISTINGS = ["listed" if kind in _LISTED else kind for kind in _KINDS]
_LISTING_ORDER = {name: number for number, name in enumerate(sorted(set(_LISTINGS)))}

# By the place of a qualifier among those of diagnoses; the last stands for none.
_LISTED_AT = np.array([*(_LISTING_ORDER[name] for name in _LISTINGS), 0])
_IS_PRINCIPAL = np.array([*(name == "principal" for name in _KINDS), False])
_IS_LISTED = np.array([*(name in _LISTED for name in _KINDS), False])


@dataclass
class Codes:
    """The composites of all HI segments: qualifier, code and more, in the order of the file."""

    tree: Tree
    rows: Positions = field(init=False)
    owner: Positions = field(init=False)  # index of the claim
    whole: Span = field(init=False)
    qualifier: Span = field(init=False)
    code: Span = field(init=False)
    told: NDArray[np.uint32] = field(init=False)  # the qualifiers as numbers
    widest: int = field(init=False)  # the most components that one has

    def __post_init__(self) -> None:
        """Find the composites that hold a code."""
        found, rows = self.tree.found, self.tree.found.new("HI")
        which, spans, self.told, self.widest = composites(found, rows, _COMPOSITES)
        self.whole, self.qualifier, self.code = spans
        self.rows = rows[which]
        self.owner = self.tree.loops.owner("claim", self.rows)

    @cached_property
    def named(self) -> Positions:
        """Per composite the place of its qualifier among those of diagnoses; -1 for others."""
        return _places(self.told, _DIAGNOSES)

    def add_to(self, claims: Table) -> None:
        """Add principal diagnosis and DRG to the claims."""
        kind = self.named
        principal = _IS_PRINCIPAL[kind]
        group = self.told == packed("DR")
        for name, among in (("principal_diagnosis_code", principal), ("drg_code", group)):
            claims.columns[name] = self._code(self._first(len(claims), among))

    def _first(self, count: int, among: Mask) -> Span:
        """Per claim the first such code."""
        rows = np.flatnonzero(among)
        at = pick(count, self.owner[rows], rows)
        if not len(rows):
            return absent(count)
        return Span(self.code.start[at], np.where(at >= 0, self.code.length[at], 0))

    def _code(self, span: Span) -> Column:
        """Codes without the dots that some senders write."""
        found = self.tree.found
        if not found.holds(span, "."):
            return found.column(span, upper=True)
        return found.strings(span, upper=True).str.replace_all(".", "", literal=True)

    def diagnoses(self) -> Table:
        """One row per diagnosis; position 1 is the principal one, others count from 2."""
        found, kind = self.tree.found, self.named
        rows = np.flatnonzero(kind >= 0)
        group = (self.owner[rows].astype(np.int64) + 1) * len(_LISTING_ORDER) + _LISTED_AT[
            kind[rows]
        ]
        order = group * 2 + ~_IS_PRINCIPAL[kind[rows]]
        if (order[1:] < order[:-1]).any():  # not in the order in which they are mostly sent
            at = np.argsort(order, kind="stable")
            rows, group = rows[at], group[at]
        table = Table("claim_diagnosis", found, self.rows[rows], {"claim": self.owner[rows]})
        table.columns |= self._columns(rows, kind[rows])
        table.columns["position"] = integers(ordinal(group))
        table.marks["is_listed"] = _IS_LISTED[kind[rows]].astype(np.int64)
        return table

    def others(self) -> Table:
        """One row per code that is neither a diagnosis nor the DRG."""
        found, told = self.tree.found, self.told
        rows = np.flatnonzero((self.named < 0) & (told != packed("DR")))
        table = Table("claim_code", found, self.rows[rows])
        if not len(rows):
            return table
        kinds = pl.Series(values=[*_OTHERS.values(), _UNKNOWN], dtype=pl.String)
        whole = self.whole.where(rows)
        components = found.components(whole, _QUANTITY + 1)
        table.columns["position"] = integers(_count(self.owner[rows], told[rows]))
        table.columns["qualifier"] = found.column(self.qualifier.where(rows), upper=True)
        table.columns["kind"] = kinds[_places(told[rows], _OTHERS) % len(kinds)]
        table.columns["code"] = self._code(self.code.where(rows))
        first, last = days(found, components[_DATE])
        table.day(optional=True, from_date=first, to_date=last)
        table.add("amount", components[_AMOUNT], "money", optional=True)
        table.add("quantity", components[_QUANTITY], "quantity", optional=True)
        return table

    def _columns(self, rows: Integers, kind: Positions) -> dict[str, Column]:
        systems = [system for _, system in _DIAGNOSES.values()]
        present = absent(len(rows))
        if self.widest > _PRESENT_ON_ADMISSION:
            whole = self.whole.where(rows)
            present = self.tree.found.component(whole, _PRESENT_ON_ADMISSION)
        return {
            "diagnosis_code": self._code(self.code.where(rows)),
            "kind": pl.Series(values=_KINDS, dtype=pl.String)[kind],
            "code_system": pl.Series(values=systems, dtype=pl.String)[kind],
            "present_on_admission_code": self.tree.found.column(present, upper=True),
        }


def _places(told: NDArray[np.uint32], names: Iterable[str]) -> Positions:
    """Per code its place among these names, or -1."""
    codes = np.array([packed(name) for name in names], np.uint32)
    order = np.argsort(codes)
    at = np.searchsorted(codes, told, sorter=order).clip(max=len(codes) - 1)
    return np.where(codes[order[at]] == told, order[at], -1)


def _count(owner: Positions, kind: NDArray[np.uint32]) -> Positions:
    """Position of each code among those of its claim and kind, from 1."""
    order = np.lexsort((kind, owner))
    key = owner.astype(np.int64) << 32 | kind
    found = np.empty(len(owner), np.int64)
    found[order] = ordinal(key[order])
    return found
