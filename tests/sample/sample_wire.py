"""Reads X12 the plainest way, with `split` and Decimal: shares nothing with the library."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

Segments = list[list[str]]


def read(path: Path) -> tuple[Segments, str]:
    """All segments of a file, each a list of elements; and the component separator."""
    text = path.read_text("ascii")
    element, component, end = text[3], text[104], text[105]
    rows = [row.strip("\r\n") for row in text.split(end)]
    return [row.split(element) for row in rows if row], component


def sets(segments: Segments) -> list[Segments]:
    """The transaction sets of a file, from ST to SE."""
    found: list[Segments] = []
    for segment in segments:
        if segment[0] == "ST":
            found.append([])
        if found and segment[0] not in {"ISA", "GS", "GE", "IEA"}:
            found[-1].append(segment)
    return found


def adjustments(segment: list[str]) -> list[tuple[str, str, Decimal]]:
    """(group, code, amount) of a CAS segment."""
    group, rest = segment[1], segment[2:]
    return [(group, rest[at], Decimal(rest[at + 1])) for at in range(0, len(rest), 3) if rest[at]]


def facts(path: Path) -> dict[str, object]:
    """The totals that the truth file states of a file."""
    segments, _ = read(path)
    count: dict[str, int] = defaultdict(int)
    money: dict[str, Decimal] = defaultdict(Decimal)
    groups: dict[str, Decimal] = defaultdict(Decimal)
    remittance = False
    for segment in segments:
        name = segment[0]
        count[name] += 1
        if name == "ST":
            remittance = segment[1] == "835"
        elif name in {"CLM", "BPR"}:
            money[name] += Decimal(segment[2])
        elif name == "CLP":
            money["charge"] += Decimal(segment[3])
            money["paid"] += Decimal(segment[4])
        elif name == "CAS" and remittance:
            for group, _, amount in adjustments(segment):
                groups[group] += amount
        elif name == "PLB":
            money["plb"] += sum(Decimal(amount) for amount in segment[4::2])
    return {
        "transaction_sets": count["ST"],
        "claims": count["CLM"],
        "lines": count["SV1"] + count["SV2"],
        "billed": money["CLM"],
        "remit_claims": count["CLP"],
        "remit_lines": count["SVC"],
        "charge": money["charge"],
        "paid": money["paid"],
        "adjustments": dict(groups),
        "plb": money["plb"],
        "bpr": money["BPR"],
    }
