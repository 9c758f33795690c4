"""Writes X12 envelopes: one file with its ISA, GS and sets, counted as they go out."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO


@lru_cache(maxsize=65536)
def d8(day: date) -> str:
    """CCYYMMDD."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


@lru_cache(maxsize=65536)
def money(cents: int) -> str:
    """Dollars as X12 writes them: no trailing cents where there are none."""
    if cents < 0:
        return "-" + money(-cents)
    whole, part = divmod(cents, 100)
    return f"{whole}.{part:02d}" if part else str(whole)


@dataclass(slots=True)
class Totals:
    """What a file holds, told by the events written into it.  Cents."""

    transaction_sets: int = 0
    claims: int = 0
    lines: int = 0
    billed: int = 0
    remit_claims: int = 0
    remit_lines: int = 0
    charge: int = 0
    paid: int = 0
    adjustments: dict[str, int] = field(default_factory=dict[str, int])
    plb: int = 0
    bpr: int = 0

    def add(self, other: "Totals") -> None:
        """Adds another file's (or payment's) totals to these."""
        self.transaction_sets += other.transaction_sets
        self.claims += other.claims
        self.lines += other.lines
        self.billed += other.billed
        self.remit_claims += other.remit_claims
        self.remit_lines += other.remit_lines
        self.charge += other.charge
        self.paid += other.paid
        self.plb += other.plb
        self.bpr += other.bpr
        for group, amount in other.adjustments.items():
            self.adjustments[group] = self.adjustments.get(group, 0) + amount


class X12File:
    """One open file.  Text comes in with `*`, `:`, `~`; other wires are translated on the way."""

    def __init__(
        self, path: Path, functional: str, version: str, number: int, day: date, wire: str = "*:\n"
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.number, self.version, self.wire = path, number, version, wire
        self.totals = Totals()
        self.byte_count = 0
        self.last_hl = 0  # HL01 of the open 837 set
        self._segments = 0
        self._set_open = False
        self._out: BinaryIO = path.open("wb")
        self._write(isa(number, day) + gs(functional, version, number, day))

    @property
    def is_set_open(self) -> bool:
        """Whether a transaction set has been begun and not ended."""
        return self._set_open

    def begin_set(self, type_code: str) -> None:
        """Writes ST."""
        self.totals.transaction_sets += 1
        self._segments, self.last_hl, self._set_open = 0, 0, True
        control = f"{self.totals.transaction_sets:04d}"
        version = f"*{self.version}" if type_code == "837" else ""
        self.write(f"ST*{type_code}*{control}{version}~")

    def write(self, text: str) -> None:
        """Writes whole segments of the open set."""
        self._segments += text.count("~")
        self._write(text)

    def position(self) -> int:
        """Where the next byte goes."""
        return self._out.tell()

    def rewrite(self, at: int, text: str) -> None:
        """Puts `text` over what was written at byte `at`; it must be as long as that."""
        last = self._out.seek(0, SEEK_END)
        self._out.seek(at)
        self._out.write(self._on_wire(text))
        self._out.seek(last)

    def end_set(self) -> None:
        """Writes SE with the count of segments."""
        self._set_open = False
        self._write(f"SE*{self._segments + 1}*{self.totals.transaction_sets:04d}~")

    def close(self) -> None:
        """Ends the open set if any, and the envelopes."""
        if self._set_open:
            self.end_set()
        self._write(f"GE*{self.totals.transaction_sets}*{self.number}~IEA*1*{self.number:09d}~")
        self._out.close()

    def _write(self, text: str) -> None:
        self.byte_count += self._out.write(self._on_wire(text))

    def _on_wire(self, text: str) -> bytes:
        element, component, newline = self.wire[0], self.wire[1], self.wire[2:]
        if element != "*":
            text = text.replace("*", element)
        if component != ":":
            text = text.replace(":", component)
        if newline:
            text = text.replace("~", "~" + newline)
        return text.encode("ascii")


PARTIES = ("SAMPLESENDER", "SAMPLERECEIVER")


def isa(number: int, day: date, usage: str = "P", *, back: bool = False) -> str:
    """The interchange header, 106 bytes; `back` is from the receiver to the sender of claims."""
    stamp = d8(day)[2:]
    sender, receiver = reversed(PARTIES) if back else PARTIES
    return (
        f"ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}"
        f"*{stamp}*0600*^*00501*{number:09d}*0*{usage}*:~"
    )


def gs(functional: str, version: str, number: int, day: date, *, back: bool = False) -> str:
    """The functional group header."""
    sender, receiver = reversed(PARTIES) if back else PARTIES
    return f"GS*{functional}*{sender}*{receiver}*{d8(day)}*0600*{number}*X*{version}~"
