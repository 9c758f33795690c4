"""What a file holds and a reader may not see, and what one row says of others: all is told."""

import io

import polars as pl
import pytest
from extract_worlds import lines, workbook, write_offs

HEAD = "Acct,Day,Amt\n"
LINES = "Acct,Sent,Payer,CPT,Amt,DOS\n"
PERIODS = 'mode = "replace_period"\nperiod = "Day"\n'
TRAILER = '[file.controls]\ntrailer = "TRL"\nrows = 2\nsums = { Amt = 3 }\n'


def line(acct, amount="5", payer="P", day="2026-01-05"):
    return f"{acct},2026-01-09,{payer},99213,{amount},{day}\n"


def amounts(world):
    return [float(a) for (a,) in world.rows("write_off", "amount")]


def test_a_quote_too_many_that_takes_in_whole_rows_is_told(world):
    content = LINES + line("A") + line("B", payer='"P') + line("C") + line("D", payer='P"')
    report = world.load(lines(), content + line("E"))
    assert report.status == "unreadable"
    assert "a cell in quotes in row 2 holds whole rows" in report.problem
    assert world.rows("claim_line", "billed_amount") == []


def test_a_cell_on_two_lines_is_a_cell(world):
    content = LINES + line("A") + line("B", payer='"P, of\nX, Y"') + "\n" + line("C")
    assert world.load(lines(), content).extract_rows == 3


def test_in_a_narrow_file_only_columns_of_the_map_are_looked_at(world):
    content = 'Acct,Day,Amt,Note\nA,2026-01-05,5,"a, b, c,\nd"\nB,2026-01-06,6,\n'
    assert world.load(write_offs(), content).extract_rows == 2
    hides = 'Acct,Day,Amt,Note\nA,2026-01-05,5,\n"B,2026-01-06,6,\nC",2026-01-07,7,\n'
    assert "holds whole rows" in world.load(write_offs(), hides, "next.csv").problem


def test_a_line_without_end_is_told(world):
    report = world.load(write_offs(), HEAD + "A,2026-01-05,5\n" + "A" * (37 << 20))
    assert (report.status, report.problem[:31]) == ("unreadable", "it has a line of more than 32 M")


@pytest.mark.parametrize("title", ['"Report\nof January"', 'Report "A', '"Report\n'])
def test_quotes_above_the_names_hide_no_row(world, title):
    above = title + "\n"
    text = write_offs(f"header_row = {above.count(chr(10)) + 1}\n")
    world.load(text, above + HEAD + "A,2026-01-05,5\nB,2026-01-06,6\n")
    assert amounts(world) == [5, 6]


def test_a_row_that_begins_as_the_trailer_is_not_lost_beside_a_short_one(world):
    content = HEAD + "A,1/5/26,5\nTRLB,1/6/26,6\nTRL,2,11,more,cells\n"
    report = world.load(write_offs(columns=TRAILER), content)
    assert "several of its rows begin with TRL" in report.problem


def test_the_last_row_of_a_workbook_is_its_trailer(world):
    rows = [["Acct", "Day", "Amt"], ["A", "2026-01-05", 5], ["B", "2026-01-06", 6.5]]
    book = workbook({"S": [*rows, ["TRL", 2, 11.5]]})
    report = world.load(write_offs(columns=TRAILER), book, "extract.xlsx")
    assert (report.status, report.records, report.extract_rows) == ("loaded", 2, 2)
    assert world.rejected("warning") == []
    report = world.load(write_offs(columns=TRAILER), workbook({"S": rows}), "next.xlsx")
    assert "does not begin with TRL" in report.problem


def test_the_last_row_of_parquet_is_its_trailer(world):
    packed = io.BytesIO()
    rows = {"Acct": ["A", "TRL"], "Day": ["2026-01-05", "1"], "Amt": ["5", "6"]}
    pl.DataFrame(rows).write_parquet(packed)
    world.load(write_offs(columns=TRAILER), packed.getvalue(), "extract.parquet")
    assert world.rejected("warning") == [(0, "control_total_differs", "Amt")]
    assert amounts(world) == [5]


@pytest.mark.parametrize(("said", "count"), [("1.000,50", 0), ("(1.000,50)", 1)])
def test_totals_are_written_as_amounts_of_the_file(world, said, count):
    text = write_offs('decimal = ","\n', TRAILER)
    world.load(text, f"Acct;Day;Amt\nA;2026-01-05;1.000,50\nTRL;1;{said}\n")
    assert len(world.rejected("warning")) == count


@pytest.mark.parametrize("said", ["sNaN", "NaN", "Infinity", "1e9", "x"])
def test_a_total_that_is_no_number(world, said):
    report = world.load(write_offs(columns=TRAILER), HEAD + f"A,1/5/26,5\nTRL,1,{said}\n")
    assert report.problem == "its control total 3 is no number"


def test_parquet_with_two_columns_of_one_name_is_refused(world):
    packed = io.BytesIO()
    pl.DataFrame({"Acct": ["A"], "Day": ["2026-01-05"], "Amt": ["5"], "AMT": ["6"]}).write_parquet(
        packed
    )
    report = world.load(write_offs(), packed.getvalue(), "extract.parquet")
    assert report.problem == "two of its columns have one name: Amt, AMT; rename one"


def test_a_row_that_is_kept_out_still_tells_the_order_of_days(world):
    report = world.load(
        lines(), LINES + line("A", "x", day="13/2/2026") + line("B", day="2/3/2026")
    )
    assert 'say date = "DMY" in the map' in report.problem


def test_the_order_of_days_is_told_of_the_period_too(world):
    text = write_offs('mode = "replace_period"\nperiod = "Posted"\n')
    head = "Acct,Day,Amt,Posted\n"
    report = world.load(text, head + "A,2026-01-05,5,3/2/2026\nB,2026-01-06,6,13/2/2026\n")
    assert report.problem.startswith("column Posted: read month first 1 rows are no date")


def test_a_row_that_is_kept_out_replaces_no_period(world):
    world.load(write_offs(PERIODS), HEAD + "A,2026-01-05,5\nB,2026-02-05,6\n")
    report = world.load(write_offs(PERIODS), HEAD + "A,2026-01-05,7\nB,2026-02-06,x\n", "next.csv")
    assert amounts(world) == [6, 7]
    assert (report.extract_rows, report.rejected, report.replaced_rows) == (1, 1, 1)


def test_a_period_is_not_taken_out_for_nothing(world):
    text = lines('mode = "replace_period"\nperiod = "Sent"\n')
    world.load(text, LINES + line("A"))
    report = world.load(text, LINES + line("A", "6") + line("A", "7", payer="Q"), "next.csv")
    assert "none of its rows of the period from 2026-01-01 can be loaded" in report.problem
    assert [int(a) for (a,) in world.rows("claim_line", "billed_amount")] == [5]
