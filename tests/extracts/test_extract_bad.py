"""Bad files and bad rows: each refused or kept out by name, and nothing lost."""

import pytest
from extract_worlds import lines, workbook, write_offs

HEAD = "Acct,Day,Amt\n"
GOOD = "A,2026-01-05,5\n"


def refused(world, content, said, text=None, name="extract.csv"):
    report = world.load(text or write_offs(), content, name)
    assert (report.status, report.extract_rows) == ("unreadable", 0)
    assert said in report.problem
    assert world.rows("write_off", "amount") == []


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("B,2026-01-05", "columns_differ"),
        ("B,2026-01-05,5,6", "columns_differ"),
        ('B,2026-01-05,"5"x', "quote_misplaced"),
        (b"B\xe9,2026-01-05,5", "text_undecodable"),
        (b"B" * 9_000_000 + b",2026-01-05,5", "row_too_long"),
        (b"B" * 20_000_000 + b",2026-01-05,5", "row_too_long"),
    ],
)
def test_a_row_that_cannot_be_taken_apart(world, row, rule):
    row = row if isinstance(row, bytes) else row.encode()
    report = world.load(write_offs(), HEAD.encode() + GOOD.encode() + row + b"\n" + GOOD.encode())
    assert world.rejected() == [(2, rule, None)]
    assert world.rows("write_off", "record_no") == [(1,), (3,)]
    assert report.records == 3


def test_rows_keep_their_numbers_beside_ragged_and_blank_ones(world):
    body = [f"A{n},2026-01-05,{n}" for n in range(1, 11)]
    body[3], body[6] = "short", "A7,2026-01-05,7,8"
    world.load(write_offs(), HEAD + "\n".join([*body[:2], "", "  ", *body[2:]]) + "\n\n")
    assert world.rejected() == [(4, "columns_differ", None), (7, "columns_differ", None)]
    rows = world.rows("write_off", "record_no", "CAST(amount AS INTEGER)")
    assert rows == [(n, n) for n in range(1, 11) if n not in (4, 7)]


def test_lines_that_end_in_two_ways_are_lines(world):
    world.load(write_offs(), "Acct,Day,Amt\r\nA,2026-01-05,1\nB,2026-01-05,2\r\nC,2026-01-05,3\n")
    assert [int(a) for (a,) in world.rows("write_off", "amount")] == [1, 2, 3]
    assert world.rejected() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        ("Acct,Day,Amt,amt\nA,2026-01-05,5,6\n", "two of its columns have one name: Amt"),
        ("Acct,Day,Amount\n", "that it does not have: Amt (is it Amount?)"),
        ("Acct,Dy,Payer\nA,2026-01-05,P\n", "Day (is it column 2?); Amt"),
        ("A,2026-01-05,5\nB,2026-01-05,6\n", "does not have: Acct; Day; Amt. Line 1 does not"),
        (b"Acct\xe9,Day,Amt\n", "its header is not UTF-8"),
        ("Acct,Day,Amt\n".encode("utf-16-le"), "it is no text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "it is no text"),
        ('Acct,Day,Amt\nA,2026-01-05,"5\nB,2026-01-05,6\nC,2026-01-05,7\n', "is not closed"),
    ],
)
def test_a_file_that_is_refused(world, content, said):
    refused(world, content, said)


def test_a_wrong_delimiter_is_told_with_the_right_one(world):
    said = "with the delimiter of the map it has one column; with '|' it has 3"
    refused(world, "Acct|Day|Amt\n", said, write_offs('delimiter = ","\n'))


@pytest.mark.parametrize("mark", [",", "\t", "|", ";", "^", "~"])
def test_a_delimiter_is_found_by_the_columns_of_the_map(world, mark):
    content = mark.join(["Acct", "Day", "Amt", "a, b"]) + "\n" + mark.join(["A", "1/5/26", "5", ""])
    content = content.replace("a, b", '"a, b"' if mark == "," else "a, b") + "\n"
    world.load(write_offs(), content)
    assert len(world.rows("write_off", "amount")) == 1


def test_a_file_with_names_alone_has_no_rows(world):
    report = world.load(write_offs(), HEAD)
    assert (report.status, report.records) == ("loaded", 0)


def test_lines_before_the_header_are_left_out(world):
    world.load(write_offs("header_row = 3\n"), 'Report "x\nof, today,,,\n' + HEAD + GOOD)
    assert world.rows("write_off", "record_no") == [(1,)]


def test_quotes_that_mean_nothing(world):
    world.load(write_offs('quote = ""\n'), HEAD + 'A"x,2026-01-05,5\n"B,2026-01-05,6\n')
    found = world.rows("write_off", "patient_control_number")
    assert found == [('A"x',), ('"B',)]


def test_cells_over_several_lines_are_cells(world):
    world.load(write_offs(), HEAD + '"A\n1",2026-01-05,5\nB,2026-01-05,6\nshort\n')
    assert world.rows("write_off", "record_no") == [(1,), (2,)]
    assert world.rejected() == [(3, "columns_differ", None)]


DAYS = [f"A,{m}/{d}/2026,5" for m, d in ((1, 13), (1, 14), (2, 3))]


def test_days_of_two_orders_are_refused_with_both_readings(world):
    content = HEAD + "\n".join([*DAYS, "A,25/12/2025,5"]) + "\n"
    refused(
        world,
        content,
        "column Day: read month first 1 rows are no date (the first is row 4), read day first 2 "
        "are none, 1 can be read both ways; it has days of two orders",
    )


def test_days_of_the_order_not_said_are_refused(world):
    refused(world, HEAD + "A,25/12/2025,5\nA,3/12/2025,5\n", 'say date = "DMY" in the map')


def test_rows_of_the_other_order_can_be_kept_out(world):
    content = HEAD + "\n".join([*DAYS, "A,25/12/2025,5"]) + "\n"
    world.load(write_offs('mixed_dates = "reject"\n'), content)
    assert world.rejected() == [(4, "date_other_order", "Day")]


def test_an_order_that_the_map_says_is_held_against_the_days(world):
    content = HEAD + "A,25/12/2025,5\nA,12/25/2025,5\n"
    refused(world, content, "days of two orders", write_offs('date = "DMY"\n'))


BOOK = [["Acct", "Day", "Amt"], ["A", "1/5/2026", 5]]


def test_a_workbook_of_one_sheet(world):
    world.load(write_offs(), workbook({"S": [*BOOK, [12345, 46027, 1234.5]]}), "book.xlsx")
    found = world.rows("write_off", "patient_control_number", "CAST(write_off_date AS VARCHAR)")
    assert found == [("A", "2026-01-05"), ("12345", "2026-01-05")]


def test_a_workbook_that_counts_days_from_1904_is_refused(world):
    """A day without a date format would be four years early."""
    content = workbook({"S": BOOK}, head='<workbookPr codeName="W" date1904="1"/>')
    refused(world, content, "counts days from 1904", name="book.xlsx")
    other = workbook({"S": BOOK}, head='<workbookPr date1904="0"/>')
    world.load(write_offs(), other, "book.xlsx")
    assert len(world.rows("write_off", "amount")) == 1


def test_formulas_have_their_values_and_what_has_none_is_kept_out(world):
    rows = [
        *BOOK,
        ["B", "1/5/2026", "<c><f>2+3</f><v>5</v></c>"],
        ["C", "1/5/2026", "<c><f>2+3</f></c>"],
        ["D", "1/5/2026", '<c t="e"><v>#REF!</v></c>'],
        ["E", '<c t="e"><f>X1</f><v>#N/A</v></c>', 5],
    ]
    world.load(write_offs(), workbook({"S": rows}), "book.xlsx")
    assert [a for (a,) in world.rows("write_off", "patient_control_number")] == ["A", "B"]
    assert world.rejected() == [
        (3, "cell_error", "Amt"), (4, "cell_error", "Amt"), (5, "cell_error", "Day"),
    ]  # fmt: skip


def test_a_table_that_begins_further_down_and_right(world):
    rows = [[None], [None], [None, "Acct", "Day", "Amt"], [None, "A", "1/5/2026", 5], []]
    rows.append([None, "B", "1/5/2026", '<c t="e"><v>#REF!</v></c>'])
    world.load(write_offs("header_row = 3\n"), workbook({"S": rows}), "book.xlsx")
    assert world.rows("write_off", "record_no", "patient_control_number") == [(1, "A")]
    assert world.rejected() == [(3, "cell_error", "Amt")]


def test_merged_cells_are_refused_by_their_names(world):
    tail = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    content = workbook({"S": [*BOOK, [None, "1/5/2026", 6]]}, tail)
    refused(world, content, "cells are merged in its columns (A2:A3)", name="book.xlsx")


def test_cells_merged_above_the_names_do_not_matter(world):
    tail = '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'
    content = workbook({"S": [["Report", None, None], *BOOK]}, tail)
    world.load(write_offs("header_row = 2\n"), content, "book.xlsx")
    assert len(world.rows("write_off", "amount")) == 1


@pytest.mark.parametrize(
    ("sheets", "more", "said"),
    [
        ({"S": BOOK, "T": BOOK}, "", "several sheets (S, T)"),
        ({"S": BOOK}, 'sheet = "X"\n', "it has no sheet X; it has S"),
        ({"S": []}, "", "is empty"),
        ({"S": BOOK}, "header_row = 9\n", "no row 9"),
    ],
)
def test_a_workbook_that_is_refused(world, sheets, more, said):
    refused(world, workbook(sheets), said, write_offs(more), "book.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("book.xlsx", b"\xd0\xcf\x11\xe0rest", "no .xlsx workbook"),
        ("book.xls", b"\xd0\xcf\x11\xe0rest", "old .xls"),
        ("data.parquet", b"PAR1 no", "no readable Parquet"),
        ("data.csv.gz", b"\x1f\x8b\x08rest", "damaged"),
    ],
)
def test_a_file_that_is_not_of_its_kind(world, name, content, said):
    refused(world, content, said, name=name)


def test_a_refusal_tells_no_values(world):
    report = world.load(write_offs(), "Smith,2026-01-05,77.77\nJones,2026-01-06,5\n")
    assert report.status == "unreadable"
    assert not any(value in report.problem for value in ("Smith", "Jones", "77.77"))


def test_unequal_columns_side_by_side_are_refused(world):
    text = lines(columns='claim_diagnosis.diagnosis_code = "D{n}"\nclaim_diagnosis.kind = "K{n}"\n')
    report = world.load(text, "Acct,Sent,Payer,CPT,Amt,DOS,D1,D2,K1\n")
    assert "diagnosis_code 2, kind 1" in report.problem


def test_a_map_that_is_not_filled_in_says_so(world):
    text = write_offs().replace('"Amt"', '"FILL IN"')
    refused(world, HEAD + GOOD, "The map still says FILL IN: name a column there", text)


PLANTED = "DOE JANE"


@pytest.mark.parametrize(
    "row",
    [
        f"ACCT1,{PLANTED},Medicare Part B,PAYMENT,CHECK",
        f"{PLANTED},Patient Nam,Female,Paid,Amount",
        f"{PLANTED},{PLANTED},F,Paid,Boston",
        f"A1,{PLANTED},2026-01-05,5.00,X",
        f"Acct,Dy,{PLANTED},Amount,Payer",
    ],
)
def test_no_value_of_a_file_without_names_is_quoted(world, row):
    text = write_offs(columns='patient.last_name = "Doe Jan"\n')
    report = world.load(text, f"{row}\n{row}\n")
    assert report.status == "unreadable"
    assert PLANTED not in report.problem.upper()
    assert "column" in report.problem


def test_no_value_is_quoted_where_columns_are_not_those_of_last_time(world):
    assert world.load(write_offs(), "Acct,Day,Amt,Patient\nA,2026-01-05,5,x\n").records == 1
    problem = world.load(write_offs(), f"Acct,Day,Amt,{PLANTED}\n", "later.csv").problem
    assert PLANTED not in problem
    assert "new: column 4" in problem
