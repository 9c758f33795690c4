"""Postings of several kinds in one file: charges, payments and so on told apart by one column.

Of the cells of that column those are quoted that are words of our list (`postings.csv`), no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from analytics.maps.language import Grain, Target
from analytics.proposing import words
from analytics.proposing.columns import Column
from analytics.proposing.entry import FILL_IN, Entry, listed, quoted
from analytics.proposing.kinds import portion
from analytics.proposing.matching import Matched, Reading

_KNOWN = 0.7  # share of filled cells that are words of the list
_FULL = 0.9  # share of rows with an amount and a day
_HALF = 0.5
_AMOUNTS = ("paid", "claim_paid", "line_paid", "charge", "adjustment_amount")
_REMIT = ("payment", "adjustment", "provider_level")
_SIDES: Mapping[str, tuple[str, str]] = {  # table, and its day
    "charge": ("charge", "charge_date"),
    "write_off": ("write_off", "write_off_date"),
    "patient_payment": ("patient_payment", "payment_date"),
}
_OF_CHARGE = {"procedure": "procedure_code", "revenue": "revenue_code", "units": "units",
              "rendering_npi": "rendering_npi", "department": "department"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of the map: which rows it reads, what a row is, and its lines."""

    where: str
    grain: Grain
    why: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Postings:
    """The column that tells kinds apart, its words by kind, and how many rows have others."""

    kind: Column
    said: Mapping[str, tuple[str, ...]]
    others: int
    rows: Mapping[str, pl.Series]  # kind -> whether a row is of it
    number: Reading
    day: Reading
    amount: Reading
    found: Matched

    @property
    def finding(self) -> str:
        """What to look at: rows of no part."""
        if not self.others:
            return ""
        return (
            f"CHECK: {self.others:,} rows have another value or none in {self.kind.name}, which is "
            "not shown: add it to the where of a part, or they are kept out (row_not_mapped)"
        )

    def parts(self) -> list[PartOf]:
        """The parts, payments with all that stands beside them in one."""
        found: list[PartOf] = []
        paid = "payment" in self.said
        kinds = [k for k in _REMIT if k in self.said and (k != "adjustment" or self._codes())]
        kinds = kinds if paid else []
        if paid:
            found.append(self._payments(kinds))
        for kind in _SIDES:
            also = ("adjustment",) if kind == "write_off" and "adjustment" not in kinds else ()
            those = [k for k in (kind, *also) if k in self.said]
            if those:
                found.append(self._side(kind, those))
        return found

    def _side(self, kind: str, kinds: Sequence[str]) -> PartOf:
        table, day = _SIDES[kind]
        number = Entry((table, "patient_control_number"), self._name(self.number), self.number)
        amount = Entry((table, "amount"), self._amount(kinds), self.amount)
        entries = [number, Entry((table, day), self._name(self.day), self.day), amount]
        if kind == "write_off":
            why = "what is said of it"
            entries.append(Entry((table, "reason"), quoted(self.kind.name), None, why))
        if "adjustment" in kinds:
            said = "CHECK: adjustments have no reason code here, so they are taken for write-offs"
            amount.remarks.append(said)
        if kind == "charge":
            entries += [
                Entry((table, ours), self._name(self.found.chosen[concept]), self._of(concept))
                for concept, ours in _OF_CHARGE.items()
                if concept in self.found.chosen and not self.found.chosen[concept].column.is_group
            ]
        return self._part(kinds, "row", entries)

    def _payments(self, kinds: Sequence[str]) -> PartOf:
        paid = f"sum = true, {self._where(['payment'])}"
        entries = [
            Entry(("remit", "payment_date"), self._name(self.day), self.day),
            *self._named(
                {
                    "trace": ("remit", "trace_number"),
                    "check_amount": ("remit", "payment_amount"),
                }
            ),
            *self._payer(),
            Entry(("remit_claim", "patient_control_number"), self._name(self.number), self.number),
            Entry(("remit_claim", "paid_amount"), self._amount(["payment"], paid), self.amount),
        ]
        if "adjustment" in kinds:
            entries += self._reasons("adjustment", self._codes())
        if "provider_level" in kinds:
            entries += self._reasons("provider_level", {"": ("provider_adjustment", "reason_code")})
        return self._part(kinds, "transaction", entries)

    def _reasons(self, kind: str, codes: Mapping[str, Target]) -> list[Entry]:
        """Codes and amount of adjustments, in their rows alone."""
        where = self._where([kind])
        found: list[Entry] = []
        for concept, target in codes.items():
            reading = self._of(concept) if concept else self._code()
            name = quoted(reading.column.name if reading else FILL_IN)
            entry = Entry(target, f"{{ column = {name}, {where} }}", reading, "of these rows")
            entry.is_missing = reading is None
            found.append(entry)
        if ("adjustment", "carc_code") in codes.values() and len(codes) == 1:
            constant = f'{{ constant = "CO", {where} }}'
            check = ["CHECK: no column says the group (CO, PR, OA, PI)"]
            found.append(Entry(("adjustment", "group_code"), constant, None, "", check))
        table = found[0].target[0]
        return [*found, Entry((table, "amount"), self._amount([kind], where), self.amount)]

    def _codes(self) -> dict[str, Target]:
        """The columns with reasons of adjustments."""
        names = {
            "group_and_carc": "group_and_carc_code",
            "group": "group_code",
            "carc": "carc_code",
        }
        there = {c: n for c, n in names.items() if self._says(self._concept(c))}
        if "group_and_carc" in there:
            there = {"group_and_carc": names["group_and_carc"]}
        if not {"group_and_carc", "carc"} & set(there):
            return {}
        return {self._concept(c): ("adjustment", n) for c, n in there.items()}

    def _says(self, concept: str) -> bool:
        """Whether most adjustments have something in the column of a concept."""
        reading = self._of(concept)
        if reading is None or reading.column.is_group or "adjustment" not in self.rows:
            return False
        return portion(reading.column.cells.filter(self.rows["adjustment"]).is_not_null()) > _HALF

    def _concept(self, name: str) -> str:
        return "group_code" if name == "group" else name

    def _code(self) -> Reading | None:
        return next((self._of(c) for c in ("group_and_carc", "carc") if self._of(c)), None)

    def _payer(self) -> list[Entry]:
        names = {"payer_name": ("payer", "payer_name"), "payer_code": ("payer", "payer_code")}
        found = self._named(names)
        if not found:
            entry = Entry(("payer", "payer_name"), quoted(FILL_IN), None, "needed: who paid")
            entry.is_missing = True
            found = [entry]
        return found

    def _named(self, targets: Mapping[str, Target]) -> list[Entry]:
        return [
            Entry(target, self._name(reading), reading, reading.why)
            for concept, target in targets.items()
            if (reading := self._of(concept)) is not None
        ]

    def _of(self, concept: str) -> Reading | None:
        return self.found.chosen.get(concept)

    def _name(self, reading: Reading) -> str:
        return quoted(reading.column.name)

    def _where(self, kinds: Sequence[str]) -> str:
        said = [word for kind in kinds for word in self.said[kind]]
        return f"where = {{ {quoted(self.kind.name)} = {listed(said)} }}"

    def _amount(self, kinds: Sequence[str], settings: str = "") -> str:
        """The column of amounts; turned where most of these rows have it below zero."""
        rows = pl.select(pl.any_horizontal([self.rows[kind] for kind in kinds])).to_series()
        cells = self.amount.column.cells.filter(rows).drop_nulls()
        taken = portion(cells.str.contains(r"^[$ ]*-|^\(|-$")) > _HALF
        every = [s for s in (settings, "negate = true" if taken else "") if s]
        name = self._name(self.amount)
        return f"{{ column = {name}, {', '.join(every)} }}" if every else name

    def _part(self, kinds: Sequence[str], grain: Grain, entries: Sequence[Entry]) -> PartOf:
        count = sum(int(self.rows[kind].sum()) for kind in kinds)
        why = f"{' and '.join(kinds).replace('_', ' ')}: {count:,} of the rows looked at"
        for entry in entries:
            entry.why = entry.why or (entry.reading.why if entry.reading else "")
        return PartOf(self._where(kinds), grain, why, tuple(entries))


def postings(columns: Sequence[Column], found: Matched) -> Postings | None:
    """The postings of a file; None where no column tells several kinds of them apart."""
    single = [c for c in columns if not c.is_group and c.is_shown and c.is_writable]
    kind = next((c for c in single if _tells(c)), None)
    number = found.chosen.get("control_number")
    if kind is None or number is None:
        return None
    day = _day(single, found)
    amount = _amount([c for c in single if c is not kind], found)
    if day is None or amount is None:
        return None
    cells = kind.cells.str.to_uppercase().alias("cell")
    ours = _ours(cells)
    if not (ours == "payment").any():
        # A payment is needed that it is part of.
        ours = pl.select(pl.when(ours != "provider_level").then(ours)).to_series()
    rows = {
        name: (ours == name).fill_null(value=False) for name in ours.drop_nulls().unique().sort()
    }
    said = {name: tuple(sorted(set(cells.filter(those)))) for name, those in rows.items()}
    return Postings(kind, said, ours.null_count(), rows, number, day, amount, found)


def _tells(column: Column) -> bool:
    """Whether most cells are words of our list, of several kinds."""
    ours = _ours(column.cells.str.to_uppercase())
    filled = len(column.cells) - column.cells.null_count()
    kinds = set(ours.drop_nulls().unique())
    return (
        len(kinds) > 1
        and bool(kinds & {"payment", "patient_payment", "write_off"})
        and (len(ours) - ours.null_count()) > _KNOWN * filled
    )


def _ours(cells: pl.Series) -> pl.Series:
    """The kind of posting that each cell says; null for words that are not of the list."""
    plain = cells.str.replace_all(r"[-_./ ]+", " ").str.strip_chars()
    return plain.replace_strict(_words(), default=None, return_dtype=pl.String)


@cache
def _words() -> dict[str, str]:
    return {row["word"]: row["kind"] for row in words.rows("postings.csv")}


def _day(columns: Sequence[Column], found: Matched) -> Reading | None:
    """The day of posting: the one that is full, of charges and payments alike."""
    chosen = [found.chosen[c] for c in ("payment_date", "charge_date") if c in found.chosen]
    full = [r for r in chosen if _is_full(r.column)]
    alike = [
        Reading(c, "payment_date", 0.5, "a day in every row")
        for c in columns
        if _is_full(c) and (c.share("date") or 0) > _FULL and _named(c, {"date", "day"})
        and not _named(c, {"service", "birth"})
    ]  # fmt: skip
    first = next(iter([*full, *alike]), None)
    return replace(first, concept="payment_date") if first else None


def _amount(columns: Sequence[Column], found: Matched) -> Reading | None:
    """The amount that all kinds have in one column: the one that says least of what it is of."""
    taken = {r.column.place for c, r in found.chosen.items() if c not in _AMOUNTS}
    chosen = [found.chosen[c] for c in _AMOUNTS if c in found.chosen]
    every = [
        *(Reading(c, "paid", 0.6, "an amount in every row") for c in columns if _is_amount(c)),
        *(reading for reading in chosen if not reading.column.is_group),
    ]
    full = [r for r in every if r.column.place not in taken and _is_full(r.column)]
    return min(full, key=lambda r: len(words.words(r.column.words)), default=None)


def _is_amount(column: Column) -> bool:
    said = _named(column, {"amount"}) and not _named(column, {"balance", "check", "total"})
    return said and (column.share("money") or 0) > _FULL


def _named(column: Column, wanted: set[str]) -> bool:
    return bool(words.words(column.words) & wanted)


def _is_full(column: Column) -> bool:
    return column.cells.null_count() <= (1 - _FULL) * len(column.cells)
