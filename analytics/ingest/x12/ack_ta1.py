"""TA1 to frames: interchanges that a receiver could read, or rejected whole.

A TA1 stands between ISA and GS, outside every transaction set.
"""

import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.x12.ack999 import judge
from analytics.ingest.x12.columns import day
from analytics.ingest.x12.loops import nearest, place
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.settle import keep_sound
from analytics.ingest.x12.spans import Span
from analytics.ingest.x12.table import Table, note
from analytics.ingest.x12.tokens import Segments


def read(found: Segments, findings: Findings) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The rows of acknowledgement; and ``record_no`` of each TA1, with ``is_test`` of its ISA."""
    rows, isa = found.new("TA1"), found.of("ISA")
    around = place(isa, nearest(isa, rows))
    table = Table("acknowledgement", found, rows)
    table.text(isa_control_number=1)
    table.text(upper=True, reply_code=4, reason_code=5)
    judge(table)
    _date(table, "interchange_date", found.span(rows, 2))
    _date(table, "acknowledged_date", found.span(around, 9))
    note(table.faults, "value_missing", table.columns["isa_control_number"].is_null().to_numpy())
    test = found.qualifier(around, 15) == packed("T")
    places = pl.DataFrame({"record_no": found.records(rows), "is_test": test})
    keep_sound(table, findings)
    frame = table.frame({"acknowledgement_id": table.rows})
    frame = frame.with_columns(source=pl.lit("TA1"), level=pl.lit("interchange"))
    return {table.name: frame}, places


def _date(table: Table, name: str, span: Span) -> None:
    """Add a day written YYMMDD, or with its century."""
    text = table.found.strings(span)
    is_short = (text.str.len_bytes() == 6).fill_null(value=False)
    whole = ("20" + text).zip_with(is_short, text)
    table.columns[name] = whole.to_frame(name).select(day(name)).to_series()
    unread = text.is_not_null() & table.columns[name].is_null()
    note(table.doubts, "optional_date_unreadable", unread.to_numpy())
