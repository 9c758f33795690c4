"""Whatever the bytes are: a file loads or is refused, nothing breaks, and no row is lost."""

import csv
import io

import pytest
from extract_worlds import World, lines, workbook, write_offs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEAD = b"Acct,Sent,Payer,CPT,Amt,DOS\n"
CELL = st.one_of(
    st.sampled_from(
        ["A", "B", "1/5/26", "2026-01-05", "5", "$1,234.50", "(5)", "", " ", "-", "NULL"]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.dates().map(str),
)
BYTES = st.lists(
    st.one_of(
        st.sampled_from(
            [b",", b"\n", b'"', b"\r\n", b"A", b"1/5/26", b"5", b"\xff", b"\x00", b"\t"]
        ),
        st.binary(max_size=6),
    ),
    max_size=60,
).map(b"".join)
FUZZED = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def fresh(tmp_path):
    """A world that forgets what it loaded."""
    one = World(tmp_path)
    keep = one.db.connection

    def forget():
        filled = "NOT temporary AND estimated_size > 0"
        names = f"SELECT table_name FROM duckdb_tables() WHERE {filled}"
        for (name,) in keep.execute(names).fetchall():
            if name not in ("schema_info", "code_map", "audit_head") and "rule" not in name:
                keep.execute(f"DELETE FROM {name}")

    one.forget = forget
    return one


def added_up(world):
    """Lines and claims add up, each row is in one place, and nothing temporary is left."""
    run = world.db.connection.execute
    lost = "SELECT count(*) FROM claim_line WHERE claim_id NOT IN (SELECT claim_id FROM claim)"
    assert run(lost).fetchall() == [(0,)]
    twice = (
        "SELECT count(*) FROM rejected JOIN claim_line USING (file_id, record_no) "
        "WHERE severity = 'rejected'"
    )
    assert run(twice).fetchall() == [(0,)]
    left = "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'extract%' AND temporary"
    assert run(left).fetchall() == []


@FUZZED
@given(BYTES)
def test_any_bytes_after_a_header(fresh, body):
    fresh.forget()
    fresh.load(lines(), HEAD + body)
    added_up(fresh)


@FUZZED
@given(BYTES)
def test_any_bytes_at_all(fresh, body):
    fresh.forget()
    fresh.load(write_offs(), body)


@FUZZED
@given(st.lists(st.lists(CELL, min_size=6, max_size=6), max_size=12))
def test_any_cells_are_all_read(fresh, rows):
    fresh.forget()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    report = fresh.load(lines('mixed_dates = "reject"\n'), HEAD + text.getvalue().encode())
    added_up(fresh)
    if report.status == "loaded":
        nothing = {"", "-", "NULL"}
        told = [row for row in rows if any(c not in nothing for c in row)]
        assert report.records == len(told)


@FUZZED
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), st.booleans())
def test_any_cells_of_a_workbook(fresh, rows, cut):
    fresh.forget()
    safe = [["".join(c for c in cell if c.isalnum() or c in "$/.(),-") for cell in r] for r in rows]
    content = workbook({"S": [["Acct", "Day", "Amt"], *safe]})
    fresh.load(write_offs(), content[: len(content) // 2] if cut else content, "book.xlsx")
