"""999 and 997 to frames: which groups and sets were accepted, and what was wrong with the others.

Guides: ASC X12 005010X231A1 (999) and the 997 of any version, which has AK3, AK4 and AK5 where a
999 has IK3, IK4 and IK5.  Of a set, A and E (with errors) accept, M, R, W and X reject; a group may
also have P, some sets accepted, which leaves the answer to the sets.
"""

import numpy as np
import polars as pl
import pyarrow as pa

from analytics.ingest.extract import Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.loops import Loops, group_header, pick, place
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.settle import at_fault, keep_sound
from analytics.ingest.x12.spans import Mask, Positions, Span, series
from analytics.ingest.x12.table import Table, note
from analytics.ingest.x12.tokens import Segments

_ACTIONS = dict.fromkeys("AE", "accepted") | dict.fromkeys("MRWX", "rejected")
_ENDS, _SEGMENTS, _ELEMENTS = ("IK5", "AK5"), ("IK3", "AK3"), ("IK4", "AK4")


def read(found: Segments, findings: Findings) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The acknowledgements of a chunk, and per set what adds up over the chunks of a file.

    `found` shows the segments of 999 and 997 sets only.
    """
    loops = Loops(
        found,
        {
            "set": found.of("ST"),
            "group": found.of("AK1"),
            "ended": found.of("AK9"),
            "reply": found.of("AK2"),
            "segment": found.of(*_SEGMENTS),
        },
    )
    ends = found.new(*_ENDS)
    trailer = pick(len(loops.anchors["reply"]), loops.owner("reply", ends), ends)
    loose = found.records(np.setdiff1d(ends, trailer))
    findings.add(loose, "acknowledgement", "orphan_record", REASONS["orphan_record"])
    replies, errors = _replies(loops, trailer), _errors(loops)
    lost = np.isin(loops.at("reply", errors.rows), replies.rows[at_fault(replies)])
    note(errors.faults, "answer_rejected", lost)
    for table in (replies, errors):
        keep_sound(table, findings)
    of_set = loops.at("set", replies.rows)
    ids = {"acknowledgement_id": replies.rows, "transaction_id": of_set}
    frame = replies.frame(ids).with_columns(source=found.text(of_set, 1))
    of_reply = {"acknowledgement_id": loops.at("reply", errors.rows)}
    return {replies.name: frame, errors.name: errors.frame(of_reply)}, _totals(frame)


def _totals(frame: pl.DataFrame) -> pl.DataFrame:
    """Per set its rows, and whether it came to its end (AK9) though it may lack SE."""
    return frame.group_by("transaction_id").agg(
        acknowledgement_count=pl.len().cast(pl.Int64),
        last_is_balanced=pl.when((pl.col("level") == "group").any()).then(pl.lit(value=True)),
    )


def _replies(loops: Loops, trailer: Positions) -> Table:
    """One row per AK2, with what its IK5 says, and per AK9, with the group that its AK1 names."""
    found = loops.segments
    rows = found.new("AK2", "AK9")
    table, group = Table("acknowledgement", found, rows), loops.at("group", rows)
    is_group = found.code[rows] == packed("AK9")
    says = np.where(is_group, rows, place(trailer, loops.owner("reply", rows)))
    table.columns["level"] = pl.Series(["set", "group"]).gather(is_group.astype(np.uint32))
    table.text(group, functional_code=1, gs_control_number=2)
    table.text(set_type_code=_if(~is_group, 1), st_control_number=_if(~is_group, 2))
    guide = found.span(rows, _if(~is_group, 3)).otherwise(found.span(group, 3))
    table.columns["implementation_code"] = found.column(guide)
    table.text(says, upper=True, reply_code=1, reason_code=_if(is_group, 5) + _if(~is_group, 2))
    for name, element in {"set_count": 2, "received_count": 3, "accepted_count": 4}.items():
        whole(table, name, found.span(rows, _if(is_group, element)))
    _count_errors(table, loops, is_group)
    table.day(optional=True, acknowledged_date=found.span(group_header(found, rows), 4))
    _judge(table, is_group)
    return table


def _if(condition: Mask, element: int) -> Positions:
    """The number of the element where the condition holds, else 0 for none."""
    return np.where(condition, element, 0)


def _count_errors(table: Table, loops: Loops, is_group: Mask) -> None:
    """How many segments of each set are at fault."""
    owner = loops.owner("reply", loops.anchors["segment"])
    errors = np.bincount(owner[owner >= 0], minlength=len(loops.anchors["reply"]))
    counts = np.zeros(len(table), np.int32)
    counts[~is_group] = errors[loops.owner("reply", table.rows[~is_group])]
    table.columns["error_count"] = series(pa.int32(), ~is_group, counts)


def _judge(table: Table, is_group: Mask) -> None:
    """What each reply says of acceptance, and whether it says of what."""
    judge(table)
    shared = is_group & (table.columns["reply_code"] == "P").fill_null(value=False).to_numpy()
    if "action_unknown" in table.doubts:
        table.doubts["action_unknown"] &= ~shared
    named = table.columns["gs_control_number"], table.columns["st_control_number"]
    group, own = (column.is_null().to_numpy() for column in named)
    note(table.faults, "value_missing", np.where(is_group, group, own))


def judge(table: Table) -> None:
    """Add the action that a set's, group's or interchange's reply code means."""
    table.columns["action"] = table.columns["reply_code"].replace_strict(
        _ACTIONS, default=None, return_dtype=pl.String
    )
    note(table.doubts, "action_unknown", table.columns["action"].is_null().to_numpy())


def _errors(loops: Loops) -> Table:
    """One row per IK3 and IK4; an element has the place of its segment."""
    found = loops.segments
    rows = found.new(*_SEGMENTS, *_ELEMENTS)
    table, segment = Table("acknowledgement_error", found, rows), loops.at("segment", rows)
    is_element = np.isin(found.code[rows], [packed(name) for name in _ELEMENTS])
    table.text(segment, upper=True, segment_code=1, loop_code=3)
    whole(table, "segment_position", found.span(segment, 2))
    place_in = found.components(found.span(rows, _if(is_element, 1)), 2)
    for name, span in zip(("element_position", "component_position"), place_in, strict=True):
        whole(table, name, span)
    table.text(element_code=_if(is_element, 2))
    table.text(upper=True, error_code=_if(is_element, 3) + _if(~is_element, 4))
    _name(table, loops)
    note(table.faults, "orphan_record", loops.owner("reply", rows) < 0)
    return table


def _name(table: Table, loops: Loops) -> None:
    """The claim that each error is about: CTX*CLM01 beside its IK3."""
    found, context = loops.segments, loops.segments.of("CTX")
    is_claim = found.strings(found.component(found.span(context, 1), 0), upper=True) == "CLM01"
    context = context[is_claim.fill_null(value=False).to_numpy()]
    first = pick(len(loops.anchors["segment"]), loops.owner("segment", context), context)
    at = place(first, loops.owner("segment", table.rows))
    table.parts(found.span(at, 1), ("", "patient_control_number"))


def whole(table: Table, name: str, span: Span) -> None:
    """Add a column of whole numbers; one that cannot be read is left empty, with a warning."""
    text = table.found.strings(span)
    table.columns[name] = text.cast(pl.Int32, strict=False)
    unread = text.is_not_null() & table.columns[name].is_null()
    note(table.doubts, "quantity_unreadable", unread.to_numpy())
