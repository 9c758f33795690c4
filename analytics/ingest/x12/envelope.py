"""Interchanges, groups and sets: control numbers, counts, types, and the balance of each set.

The envelope segments of all chunks make one small frame.  Counts and control numbers are advice: a
wrong one is a finding, and the set loads.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.x12.columns import day, first_of
from analytics.ingest.x12.loops import group_header
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Positions, Span, stripped
from analytics.ingest.x12.tokens import Segments

LOADED_TYPES = ("835", "837", "277", "999", "997")
BALANCED_TYPES = ("835", "837")
# Of the 277s only claim acknowledgements are loaded, known by their guide: others answer an
# inquiry about a claim (X212) or ask for papers (X213).
_CLAIM_ACKNOWLEDGEMENT = "X214|004040X167"

BOUNDS = ("ISA", "GS", "SE", "GE", "IEA")  # outside a set from here on, until the next ST

_NAMES = ("ISA", "GS", "ST", "SE", "GE", "IEA")
_ELEMENTS = (1, 2, 3, 6, 8, 9, 13, 15)
_CARRIED = {  # by the segment that says it: column of the set, and column of the envelope
    "isa": {
        "isa_control_number": "e13",
        "interchange_day": "e9",
        "usage": "e15",
        "sender_code": "e6",
        "receiver_code": "e8",
    },
    "gs": {"gs_control_number": "e6", "gs_version": "e8"},
    "next": {"se_count": "e1", "se_control": "e2", "name_after": "name", "after": "record_no"},
}
_MONEY = pl.Decimal(18, 2)
_SUM = pl.Decimal(38, 2)  # a sum of amounts may need more digits than any of them
EMPTY = pl.DataFrame(
    schema={"record_no": pl.Int64, "name": pl.String} | {f"e{i}": pl.String for i in _ELEMENTS}
)
_TOTALS = {
    "transaction_id": pl.Int64,
    "claim_count": pl.Int64,
    "acknowledgement_count": pl.Int64,
    "counted": _SUM,
    "stated": _SUM,
    "taken": _SUM,
    "unbalanced_claim_count": pl.Int64,
    "unbalanced_line_count": pl.Int64,
    "last_is_balanced": pl.Boolean,
    "reference_number": pl.String,
    "purpose_code": pl.String,
    "use_code": pl.String,
}


def segments(found: Segments) -> pl.DataFrame:
    """The envelope segments first seen in this chunk, as text."""
    rows = found.new(*_NAMES)
    columns = zip((f"e{i}" for i in _ELEMENTS), found.texts(rows, _ELEMENTS), strict=True)
    names = _ids(found, rows)
    return pl.DataFrame({"record_no": found.record_no[rows], "name": names, **dict(columns)})


def _ids(found: Segments, rows: Positions) -> pl.Series:
    """The ids of these segments, in upper case."""
    start = found.start[rows].astype(np.int64)
    span = Span(start, found.cut[found.first[rows]] - start)
    return found.strings(stripped(found.data, span, found.composed[2])).str.to_uppercase()


def set_of(found: Segments) -> Positions:
    """Per segment of the chunk the number of the set it is in, from 0; -1 outside any set."""
    starts, bounds = found.of("ST"), found.of(*BOUNDS)
    begins = np.concatenate((np.zeros(1, np.int64), starts, bounds))
    number = np.concatenate(([-1], np.arange(len(starts)), np.full(len(bounds), -1)))
    order = np.argsort(begins, kind="stable")
    return np.repeat(number[order], np.diff(begins[order], append=len(found)))


def kinds(found: Segments) -> NDArray[np.uint32]:
    """Per set (ST) its type, to compare with `packed`; 0 where it is a 277 that is not loaded."""
    starts = found.of("ST")
    types = found.qualifier(starts)
    is_277 = types == packed("277")
    if is_277.any():
        guide = first_of(found.text(starts, 3), found.text(group_header(found, starts), 8))
        known = guide.str.contains(_CLAIM_ACKNOWLEDGEMENT).fill_null(value=False)
        types = np.where(is_277 & ~known.to_numpy(), 0, types).astype(np.uint32)
    return types


def strays(found: Segments, in_set: Positions) -> set[int]:
    """The first record of each file of this chunk that has segments outside any set.

    Segments that stand alone are not read, and are told apart from envelopes.
    """
    outside = in_set < 0
    outside[: found.context] = False
    outside[found.of(*_NAMES, "TA1")] = False
    records = found.record_no[outside]
    return set(np.unique(records // RECORDS_PER_FILE * RECORDS_PER_FILE + 1).tolist())


def sets(
    envelope: pl.DataFrame, totals: list[pl.DataFrame], counts: dict[int, int]
) -> pl.DataFrame:
    """One row per transaction set, with its envelope, its extent (``last``) and its sums.

    `counts` are the records of each file, by file number.
    """
    ends = pl.DataFrame(
        {"record_no": [file * RECORDS_PER_FILE + n + 1 for file, n in counts.items()]},
        schema={"record_no": pl.Int64},
    ).with_columns(name=pl.lit("END"))
    rows = pl.concat([envelope, ends], how="diagonal")
    if not rows["record_no"].is_sorted():
        rows = rows.sort("record_no")
    return _judged(
        _described(_in_force(rows)).join(_summed(totals), on="transaction_id", how="left")
    )


def _in_force(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per ST, with what its interchange, its group and its SE say."""
    name, at = pl.col("name"), pl.int_range(pl.len())
    begun = rows.select(
        isa=pl.when(name == "ISA").then(at).when(name == "END").then(-1).forward_fill(),
        gs=pl.when(name == "GS").then(at).when(name.is_in(["ISA", "END"])).then(-1).forward_fill(),
        next=at + 1,
    )
    is_set = rows["name"] == "ST"
    places = {kind: begun[kind].filter(is_set) for kind in begun.columns}
    found = rows.filter(is_set)
    for kind, columns in _CARRIED.items():
        of_kind = places[kind].replace(-1, None)
        found = found.with_columns(
            rows[element].gather(of_kind).alias(new) for new, element in columns.items()
        )
    closes = found["name_after"] == "SE"
    closing = pl.when(closes)
    return found.with_columns(
        se_count=closing.then("se_count"),
        se_control=closing.then("se_control"),
        has_trailer=closes,
        last=closing.then("after").otherwise(pl.col("after") - 1),
    )


def _described(rows: pl.DataFrame) -> pl.DataFrame:
    guide = pl.col("implementation_code").str.contains(_CLAIM_ACKNOWLEDGEMENT)
    known = pl.col("type_code").is_in(LOADED_TYPES) & ((pl.col("type_code") != "277") | guide)
    century = "20" + pl.col("interchange_day")
    return rows.with_columns(
        transaction_id=pl.col("record_no"),
        type_code=pl.col("e1"),
        implementation_code=pl.coalesce("e3", "gs_version"),
        st_control_number=pl.col("e2"),
        interchange_date=century,
        is_test=(pl.col("usage") == "T").fill_null(value=False),
        segment_count=pl.col("last") - pl.col("record_no") + 1,
    ).with_columns(
        day("interchange_date"),
        status=pl.when(known.fill_null(value=False))
        .then(pl.lit("loaded"))
        .otherwise(pl.lit("skipped")),
    )


def _summed(totals: list[pl.DataFrame]) -> pl.DataFrame:
    """The chunks' sums by set, added up."""
    empty = pl.DataFrame(schema=_TOTALS)
    parts = pl.concat([empty, *totals], how="diagonal")
    sums = [name for name, kind in _TOTALS.items() if kind.is_numeric() and name[-3:] != "_id"]
    present = [pl.col(n).sum().alias(n) for n in sums if n != "stated"]
    stated = pl.when(pl.col("stated").is_not_null().any()).then(pl.col("stated").sum())
    last = pl.col("last_is_balanced").drop_nulls().last()
    return parts.group_by("transaction_id", maintain_order=True).agg(
        *present,
        stated.first().alias("stated"),
        last,
        pl.col("reference_number", "purpose_code", "use_code").drop_nulls().first(),
    )


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Sets with their balance: difference of the transaction, and whether all levels balance."""
    zero = pl.lit(0).cast(_SUM)
    counts = [c for c in _TOTALS if c.endswith("_count")]
    weighed = (pl.col("status") == "loaded") & pl.col("type_code").is_in(BALANCED_TYPES)
    rows = rows.with_columns(pl.col(c).fill_null(0) for c in counts)
    remit = pl.col("type_code") == "835"
    due = pl.col("counted").fill_null(zero) - pl.col("taken").fill_null(zero)
    stated = pl.when(remit).then("stated").otherwise(pl.col("stated").fill_null(zero))
    difference = pl.when(weighed).then(due - stated)
    rows = rows.with_columns(difference_amount=difference.cast(_MONEY, strict=False))
    even = (
        (pl.col("difference_amount") == 0).fill_null(value=False)
        & (pl.col("unbalanced_claim_count") == 0)
        & (pl.col("unbalanced_line_count") == 0)
    )
    return rows.with_columns(is_balanced=pl.when(weighed).then(even))
