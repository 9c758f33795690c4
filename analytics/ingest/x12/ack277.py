"""277CA claim acknowledgements to frames: which claims were taken in, and which were not.

Guides: ASC X12N 005010X214, and 004040X167 before it.  A claim may have several statuses (STC), and
they may also stand above the claims, for a whole batch or provider: then no claims follow.

STC03 says what was done: WQ accepted, U rejected.  So does the category of each status: A0, A1, A2
and A5 accept, A3, A6, A7 and A8 reject; A4 (not found) and all others decide nothing.  Where the
two disagree, rejected is believed, with a warning: a claim looked at in vain costs less than one
nobody looks at.
"""

from typing import TypeAlias

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.loops import Loops, group_header, parts, pick, place
from analytics.ingest.x12.modifiers import listed
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.settle import keep_sound
from analytics.ingest.x12.spans import Column, Mask, Positions, Span
from analytics.ingest.x12.table import Table, note
from analytics.ingest.x12.tokens import Segments

Codes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint32]]

_ABOVE = {"source": "20", "receiver": "21", "provider": "19"}  # HL03; all others are patients
_LEVELS = pl.Series(["batch", "provider", "claim", "line"], dtype=pl.String)
_ACTIONS = pl.Series([None, "accepted", "rejected"], dtype=pl.String)
_ACCEPTING, _REJECTING = ("A0", "A1", "A2", "A5"), ("A3", "A6", "A7", "A8")
_CODES = ("category_code", "status_code", "entity_code", "status_list_code")
_STATUSES, _FURTHER = (1, 10, 11), (10, 11)  # elements of STC with a status


def read(found: Segments, findings: Findings) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The acknowledgements of a chunk, and per set what adds up over the chunks of a file.

    `found` shows the segments of 277CA sets only.
    """
    loops = _loops(found)
    table = Table("acknowledgement", found, found.new("STC"))
    of_claim = loops.owner("claim", table.rows)
    unsaid = np.ones(len(loops.anchors["claim"]), np.bool_)
    unsaid[of_claim[of_claim >= 0]] = False
    _statuses(table)
    _numbers(table, loops, of_claim)
    _dates(table, loops, _main(table, loops, of_claim))
    keep_sound(table, findings)
    silent = found.records(loops.anchors["claim"][unsaid])
    findings.add(silent, table.name, "status_missing", REASONS["status_missing"])
    ids = {"acknowledgement_id": table.rows, "transaction_id": loops.at("set", table.rows)}
    frame = table.frame(ids).with_columns(source=pl.lit("277CA"))
    return {table.name: frame.drop("set_number")}, _totals(frame)


def _totals(frame: pl.DataFrame) -> pl.DataFrame:
    """Per set its rows and its own number."""
    return frame.group_by("transaction_id").agg(
        acknowledgement_count=pl.len().cast(pl.Int64), reference_number=pl.col("set_number").first()
    )


def _loops(found: Segments) -> Loops:
    """The levels of a set; a claim begins with the TRN of a patient."""
    hl = found.of("HL")
    level = found.qualifier(hl, 3)
    above = {name: hl[level == packed(code)] for name, code in _ABOVE.items()}
    others = hl[~np.isin(level, [packed(code) for code in _ABOVE.values()])]
    outer = Loops(found, {"set": found.of("ST"), **above, "patient": others})
    trn = found.of("TRN")
    claims = outer.and_inside("claim", trn[outer.owner("patient", trn) >= 0])
    return claims.and_inside("line", found.of("SVC"))


def _main(table: Table, loops: Loops, of_claim: Positions) -> Positions:
    """Per status the one that says date and charge: a line's has neither, its claim's has."""
    first = pick(len(loops.anchors["claim"]), loops.innermost("claim", table.rows), table.rows)
    of_line = loops.owner("line", table.rows) >= 0
    return np.where(of_line, place(first, of_claim), table.rows)


def _statuses(table: Table) -> None:
    """The codes, and what they say of acceptance."""
    found, rows = table.found, table.rows
    whole = {element: found.span(rows, element) for element in _STATUSES}
    table.text(upper=True, reply_code=3)
    table.parts(whole[1], _CODES, upper=True)
    table.columns["further_codes"] = _further(found, [whole[element] for element in _FURTHER])
    reply = found.qualifier(rows, 3)
    categories = [found.codes(found.component(span, 0)) for span in whole.values()]
    rejects = (reply == packed("U")) | _any(categories, _REJECTING)
    accepts = (reply == packed("WQ")) | _any(categories, _ACCEPTING)
    note(table.doubts, "action_contradictory", rejects & accepts)
    note(table.doubts, "action_unknown", ~rejects & ~accepts)
    table.columns["action"] = _ACTIONS.gather(np.where(rejects, 2, accepts))


def _further(found: Segments, spans: list[Span]) -> Column:
    """Per status its further ones as text, their components joined by colons."""
    start = np.column_stack([span.start for span in spans])
    length = np.column_stack([span.length for span in spans])
    there = length > 0
    text = found.strings(Span(start[there], length[there]), upper=True)
    mark = chr(found.delimiters.component)
    return listed(text.str.replace_all(mark, ":", literal=True), there.sum(axis=1))


def _any(categories: list[Codes], codes: tuple[str, ...]) -> Mask:
    """Whether one of the statuses has one of these categories."""
    wanted = [packed(code) for code in codes]
    return np.logical_or.reduce([np.isin(category, wanted) for category in categories])


def _numbers(table: Table, loops: Loops, of_claim: Positions) -> None:
    """What each status is about, and the numbers it is known by."""
    rows, ref = table.rows, parts(loops, "REF")
    named = ("provider", "patient", "line")
    depth = [np.where(loops.owner(name, rows) >= 0, i, 0) for i, name in enumerate(named, 1)]
    level = np.maximum.reduce(depth)
    table.columns["level"] = _LEVELS.gather(level)
    table.text(loops.at("claim", rows), patient_control_number=2)
    table.text(place(ref.of("claim", "1K"), of_claim), payer_claim_number=2)
    table.text(place(ref.of("claim", "D9"), of_claim), clearinghouse_number=2)
    table.text(_of(loops, "line", ref.of("line", "FJ"), rows), line_control_number=2)
    batch = parts(loops, "TRN").any_of("receiver")
    table.text(_of(loops, "receiver", batch, rows), reference_number=2)
    provider = _of(loops, "provider", parts(loops, "NM1").any_of("provider"), rows)
    is_npi = table.found.qualifier(provider, 8) == packed("XX")
    table.text(np.where(is_npi, provider, -1), provider_npi=9)
    unnamed = table.columns["patient_control_number"].is_null().to_numpy()
    note(table.faults, "control_number_missing", (level > 1) & unnamed)


def _dates(table: Table, loops: Loops, main: Positions) -> None:
    """Charge and day; the charge only helps to find the claim, and is left empty if unreadable."""
    found, rows = table.found, table.rows
    charge = table.typed["charge_amount"] = found.numbers(found.span(main, 4), "money")
    note(table.doubts, "amount_unreadable", charge.unread)
    bht = found.of("BHT")
    opening = pick(len(loops.anchors["set"]), loops.innermost("set", bht), bht)
    heading = _of(loops, "set", opening, rows)
    processed = _of(loops, "source", parts(loops, "DTP").of("source", "009"), rows)
    table.text(heading, set_number=3)
    table.day(optional=True, acknowledged_date=found.span(main, 2))
    for other, element in ((processed, 3), (heading, 4), (group_header(found, rows), 4)):
        date = found.numbers(found.span(other, element), "day")
        table.typed["acknowledged_date"] = table.typed["acknowledged_date"].otherwise(date)


def _of(loops: Loops, level: str, of_level: Positions, rows: Positions) -> Positions:
    """For each row the segment that its loop on this level has, or -1."""
    return place(of_level, loops.owner(level, rows))
