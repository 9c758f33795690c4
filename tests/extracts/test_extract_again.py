"""Loading twice, corrections, changed columns, and totals that come with a file."""

import bz2
import gzip
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from decimal import Decimal

import polars as pl
import pytest
from extract_worlds import lines, workbook, write_offs

import analytics as rc
from analytics.reconcile import money

D = Decimal
HEAD = "Acct,Day,Amt\n"
KEYED = 'row_key = ["Acct", "Day"]\n'


def amounts(world, table="write_off"):
    return [int(a) for (a,) in world.rows(table, "amount")]


def test_the_same_bytes_are_not_loaded_twice(world):
    for status in ("loaded", "already loaded"):
        assert world.load(write_offs(), HEAD + "A,1/5/26,5\n").status == status
    assert world.load(write_offs(), HEAD + "A,1/5/26,5\n", "other.csv").status == "already loaded"
    assert amounts(world) == [5]


def test_a_map_that_changed_reads_the_file_again_in_place(world):
    content = HEAD + "A,1/5/26,5\nB,1/6/26,x\n"
    world.load(write_offs(), content)
    report = world.load(write_offs(columns='write_off.reason = "Acct"\n'), content)
    assert (report.status, report.records) == ("loaded", 2)
    assert world.rows("write_off", "file_id", "reason") == [(2, "A")]
    assert world.rows("source_file", "file_id") == [(2,)]
    assert len(world.rejected()) == 1


def test_nor_by_a_map_that_changed_where_a_purge_took_from_it(world):
    content = HEAD + "A,1/5/26,5\nB,1/6/26,6\n"
    world.load(write_offs(), content)
    world.db.sql("DELETE FROM write_off WHERE record_no = 1")
    world.db.sql("INSERT INTO purged (file_id, other_count) VALUES (1, 1)")
    for columns in ("", 'write_off.reason = "Acct"\n'):
        assert world.load(write_offs(columns=columns), content).status == "purged"
    assert amounts(world) == [6]


def test_rows_of_a_row_key_are_loaded_once(world):
    world.load(write_offs(KEYED), HEAD + "A,1/5/26,5\nB,1/5/26,6\na ,1/5/26,7\n")
    world.load(write_offs(KEYED), HEAD + "B,1/5/26,6\nC,1/5/26,8\n", "next.csv")
    assert amounts(world) == [5, 6, 8]
    assert world.rejected() == [(3, "row_repeated", None), (1, "row_loaded_before", None)]


def test_without_a_row_key_only_bytes_tell(world):
    world.load(write_offs(), HEAD + "A,1/5/26,5\n")
    world.load(write_offs(), HEAD + "A,1/5/26,5\nB,1/5/26,6\n", "next.csv")
    assert amounts(world) == [5, 5, 6]


LINE = "Acct,Sent,Payer,CPT,Amt,DOS,Line\n"
LINES = lines('row_key = ["Acct", "Line"]\n')


def test_a_claim_loaded_in_part_before_is_not_made_twice(world):
    world.load(LINES, LINE + "A,1/5/26,P,1,10,1/2/26,1\n")
    world.load(
        LINES,
        LINE + "A,1/5/26,P,1,10,1/2/26,1\nA,1/5/26,P,2,5,1/2/26,2\nB,1/5/26,P,1,7,1/2/26,1\n",
        "next.csv",
    )
    assert world.rejected() == [
        (1, "row_loaded_before", None), (2, "claim_loaded_in_part", None),
    ]  # fmt: skip
    assert world.rows("claim", "billed_amount") == [(D(10),), (D(7),)]


REPLACING = write_offs('mode = "replace_period"\nperiod = "Day"\n')


def test_a_later_extract_replaces_its_periods(world):
    world.load(REPLACING, HEAD + "A,1/5/26,1\nB,1/20/26,2\nC,2/3/26,3\n")
    world.load(REPLACING, HEAD + "A,1/5/26,10\nD,3/1/26,4\n", "next.csv")
    assert sorted(amounts(world)) == [3, 4, 10]
    assert world.rows("source_file", "record_count") == [(3,), (2,)]
    found = world.db.sql(
        "SELECT file_id, CAST(period_from AS VARCHAR), CAST(period_to AS VARCHAR), loaded_count, "
        "replaced_count, replaced_by_file_id FROM extract_file ORDER BY file_id"
    ).rows()
    assert found == [
        (1, "2026-01-01", "2026-02-01", 3, 2, 2), (2, "2026-01-01", "2026-03-01", 2, 0, None),
    ]  # fmt: skip


def test_replaced_claims_go_whole_and_the_files_still_add_up(world):
    text = lines('mode = "replace_period"\nperiod = "DOS"\n')
    head = "Acct,Sent,Payer,CPT,Amt,DOS\n"
    world.load(
        text, head + "A,2/5/26,P,1,10,1/31/26\nA,2/5/26,P,2,5,2/1/26\nB,2/5/26,P,1,7,2/2/26\n"
    )
    world.load(text, head + "B,2/5/26,P,1,8,2/2/26\n", "next.csv")
    found = world.rows("claim", "patient_control_number", "billed_amount")
    assert found == [("A", D(15)), ("B", D(8))]  # a claim is of the period of its first row
    assert len(world.rows("claim_line", "claim_id")) == 3
    world.db.build()
    assert not any(money(world.db)["difference_amount"].to_list())


def test_replaced_rows_are_not_known_by_their_row_key(world):
    text = write_offs(KEYED + 'mode = "replace_period"\nperiod = "Day"\n')
    world.load(text, HEAD + "A,1/5/26,1\nB,2/5/26,2\n")
    world.load(text, HEAD + "A,1/5/26,3\n", "next.csv")
    assert sorted(amounts(world)) == [2, 3]
    assert world.rejected() == []


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Acct,Day,Amt,Note\n", "new: Note"),
        ("Acct,Day,Amt\n", "missing: Reason"),
        ("Acct,Day,Amt,Reasons\n", "renamed: Reason (now Reasons?)"),
        ("Acct,Day,Amount,Reason\n", "renamed: Amt (now Amount?)"),
    ],
)
def test_a_file_whose_columns_changed_stops(world, head, said):
    world.load(write_offs(), "Acct,Day,Amt,Reason\nA,1/5/26,5,x\n")
    report = world.load(write_offs(), head + "A,1/5/26,6,y\n", "next.csv")
    assert report.status == "unreadable"
    assert said in report.problem
    assert amounts(world) == [5]


def test_changed_columns_can_be_accepted(world):
    world.load(write_offs(), HEAD + "A,1/5/26,5\n")
    world.load(write_offs(), "New,Acct,Day,Amt\n,A,1/5/26,6\n", "next.csv", accept_columns=True)
    report = world.load(write_offs(), "Acct,New,Day,Amt\nA,,1/5/26,7\n", "third.csv")
    assert report.status == "loaded"  # another order is no change
    assert amounts(world) == [5, 6, 7]


TRAILER = write_offs(columns='[file.controls]\ntrailer = "TRL"\nrows = 2\nsums = { Amt = 3 }\n')


@pytest.mark.parametrize(
    ("trailer", "rules"),
    [
        ("TRL,3,$18.00", []),
        ("TRL,3,18,extra,cells", []),
        ("TRL,4,18", ["control_rows_differ"]),
        ("TRL,3,18.01", ["control_total_differs"]),
        ("TRL,1,1", ["control_rows_differ", "control_total_differs"]),
    ],
)
def test_totals_in_a_trailer(world, trailer, rules):
    report = world.load(TRAILER, HEAD + f"A,1/5/26,5\nB,1/6/26,6\nC,x,7\n{trailer}\n")
    assert (report.records, report.rejected) == (3, 1)
    assert [rule for _, rule, _ in world.rejected("warning")] == rules


def test_ragged_rows_count_as_rows_in_a_trailer(world):
    world.load(TRAILER, HEAD + "A,1/5/26,5\nB,1/6/26\nTRL,2,5\n")
    assert world.rejected("warning") == []


def test_a_trailer_that_is_not_there_is_a_file_cut_off(world):
    report = world.load(TRAILER, HEAD + "A,1/5/26,5\n")
    assert "does not begin with TRL" in report.problem


def test_totals_in_a_file_beside(world):
    text = write_offs(
        columns='[file.controls]\nfile = "{stem}.ctl"\nrows = "Rows"\nsums = { Amt = "Total" }\n'
    )
    text = text.replace('"*"', '"*.csv"')
    (world.folder / "in").mkdir()
    (world.folder / "in" / "extract.ctl").write_text("Rows,Total\n2,11.50\n")
    world.load(text, HEAD + "A,1/5/26,5\nB,1/6/26,6\n")
    assert world.rejected("warning") == [(0, "control_total_differs", "Amt")]
    report = world.load(text, HEAD + "A,1/5/26,5\n", "other.csv")
    assert "control file other.ctl is not there" in report.problem


ROWS = HEAD + "A,1/5/26,5\nB,1/6/26,6\n"


def zipped(name, content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def parquet(frame):
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


FRAME = pl.read_csv(io.StringIO(ROWS)).with_columns(
    pl.col("Day").str.to_date("%-m/%-d/%y"), pl.col("Amt").cast(pl.Float64)
)


@pytest.mark.parametrize(
    ("name", "content", "more"),
    [
        ("a.csv", ROWS, ""),
        ("a.tsv", ROWS.replace(",", "\t"), ""),
        ("a.txt", ROWS.replace(",", "|"), ""),
        ("a[1].csv", ROWS, ""),
        ("a.csv.gz", gzip.compress(ROWS.encode()), ""),
        ("a.csv.bz2", bz2.compress(ROWS.encode()), ""),
        ("a.zip", zipped("in/a.csv", ROWS), ""),
        ("b.zip", zipped("in/book.xlsx", workbook({"S": [["Acct", "Day", "Amt"], ["A", 46027, 5],
                                                         ["B", 46028, 6]]})), ""),
        ("a.csv", b"\xef\xbb\xbf" + ROWS.encode(), ""),
        ("a.csv", ROWS.encode("utf-16"), ""),
        ("a.csv", ROWS.replace("A,1", "\u00c4,1").encode("cp1252"), 'encoding = "windows-1252"\n'),
        ("a.parquet", parquet(FRAME), ""),
        ("a.zip", zipped("a.parquet", parquet(FRAME)), ""),
    ],
    ids=range(13),  # the content holds the time it was packed
)  # fmt: skip
def test_a_file_of_each_kind(world, name, content, more):
    report = world.load(write_offs(more), content, name)
    assert (report.status, report.records) == ("loaded", 2)
    found = world.rows("write_off", "CAST(write_off_date AS VARCHAR)", "amount")
    assert found == [("2026-01-05", D(5)), ("2026-01-06", D(6))]


def test_sheets_of_one_workbook(world):
    text = write_offs('sheet = "One"\n') + write_offs('sheet = "Two"\n').replace('"f"', '"g"')
    book = workbook({"One": [["Acct", "Day", "Amt"], ["A", 46027, 5]],
                     "Two": [["Acct", "Day", "Amt"], ["B", 46028, 6]]})  # fmt: skip
    world.load(text, book, "book.xlsx")
    assert amounts(world) == [5, 6]
    assert world.rows("source_file", "file_name") == [("book.xlsx/One",), ("book.xlsx/Two",)]
    assert world.load(text, book, "book.xlsx").status == "already loaded"


def test_bytes_of_another_encoding_than_said_are_refused(world):
    report = world.load(write_offs('encoding = "ascii"\n'), HEAD + "\u00c4,1/5/26,5\n")
    assert "no text in ascii" in report.problem


def test_a_folder_with_other_files_and_the_map_itself(world):
    folder = world.folder / "in"
    folder.mkdir()
    (folder / "adjustments.csv").write_text(HEAD + "A,1/5/26,5\n")
    (folder / "write_off.csv").write_text(
        "patient_control_number,write_off_date,amount\nB,2026-01-06,6\n"
    )
    (folder / "map.toml").write_text(write_offs().replace('"*"', '"adj*"'))
    report = rc.load(world.db, folder, map=folder / "map.toml", progress=False)
    assert [f.status for f in report.files] == ["loaded", "loaded"]
    assert (report.total("extract_rows"), report.total("side_rows")) == (1, 1)
    assert "Extracts: 1 rows" in str(report)


KILLED = """
import sys
import analytics as rc
from analytics import extracts
wait = extracts.Ready.write
def write(self):
    wait(self)
    print("written", flush=True)
    sys.stdin.readline()
extracts.Ready.write = write
with rc.Database(sys.argv[1]) as db:
    rc.load(db, sys.argv[2], map=sys.argv[3], progress=False)
"""


def test_a_load_that_is_killed_leaves_the_database_as_it_was(tmp_path):
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text(HEAD + "A,1/5/26,5\n")
    second.write_text(HEAD + "B,1/6/26,6\n")
    said = tmp_path / "map.toml"
    said.write_text(REPLACING)
    path = tmp_path / "db.duckdb"
    with rc.Database(path) as db:
        rc.load(db, first, map=said, progress=False)
        before = tables(db)
    script = [sys.executable, "-c", KILLED, str(path), str(second), str(said)]
    with subprocess.Popen(
        script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    ) as process:
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(0.1)
    with rc.Database(path) as db:
        assert tables(db) == before
        assert rc.load(db, second, map=said, progress=False).files[0].status == "loaded"
        assert db.sql("SELECT sum(amount) AS n FROM write_off").item() == D(6)


def test_memory_is_given_back_after_a_load(tmp_path):
    file, said = tmp_path / "one.csv", tmp_path / "map.toml"
    said.write_text(write_offs())
    with rc.Database(tmp_path / "db.duckdb") as db:
        before = db.sql("SELECT current_setting('memory_limit')").item()
        for day in range(1, 5):
            file.write_text(HEAD + f"A,1/{day}/26,5\n")
            rc.load(db, file, map=said, progress=False)
        assert db.sql("SELECT current_setting('memory_limit')").item() == before


def tables(db):
    """Every table with its rows."""
    names = db.sql(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "AND table_name NOT IN ('schema_info', 'audit_log', 'audit_head') ORDER BY 1"
    )["table_name"]
    return {name: db.sql(f"SELECT count(*) AS n FROM {name}").item() for name in names}
