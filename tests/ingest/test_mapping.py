"""docs/x12-mapping.md names columns that are there, and every column that X12 fills."""

import re
from pathlib import Path

import pytest
from worlds import claims, remits, stays

from analytics import schema

PAGE = (Path(__file__).parents[2] / "docs" / "x12-mapping.md").read_text()
NAMED = {tuple(name.split(".")) for name in re.findall(r"`(\w+\.\w+)`", PAGE)}
SEGMENTS = set(re.findall(r"\b([A-Z][A-Z0-9]{1,2})(?=\d{2}\b|\b)", PAGE))
FILLED = ("transaction_set", "patient", "payer", "provider", "adjustment", "remark")
FILLED += ("provider_adjustment", "claim", "remit")
# What the page says once for all tables: where a row stands, and what it belongs to.
PLACES = {"file_id", "record_no"} | {
    f"{name}_id" for name in ("transaction", "claim", "claim_line")
}
PLACES |= {f"remit{name}_id" for name in ("", "_group", "_claim", "_line")}


def filled(table: str) -> bool:
    return table in FILLED or table.startswith(("claim_", "remit_"))


def test_every_column_it_names_is_there():
    there = {(t.name, column) for t in schema.tables().values() for column in t.column_names}
    assert there >= NAMED


@pytest.mark.parametrize("table", [name for name in schema.tables() if filled(name)])
def test_it_names_every_column_that_x12_fills(table):
    # No X12 says when someone died: feeds and eligibility files do.
    own = {"patient": {"patient_id", "death_date"}, "payer": {"payer_id"}}.get(table, set())
    columns = set(schema.table(table).column_names) - PLACES - own
    assert columns == {column for name, column in NAMED if name == table}


def test_it_names_every_segment_that_is_drawn():
    drawn = {s.split("*")[0] for s in [*remits(), *claims(), *stays()]}
    assert drawn <= SEGMENTS
