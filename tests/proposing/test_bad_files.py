"""Files that are odd or broken: a clear word and exit code, no traceback, and never a cell."""

import bz2
import gzip
import io
import json
import re
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import polars as pl
import pytest
import vendors
from extract_worlds import workbook

from analytics.cli import main
from analytics.maps import parse_map
from analytics.trial import try_map

HEADER = "Claim No,Date Billed,DOS,CPT,Chg,Payer,Member ID,Pt Last Name,Dx1,Billing NPI,POS,Notes"
# Each cell says its mark in a way of its own; none may be seen anywhere.
MARKS = ("ZQX", "7351846290", "83.37", "zqx")
ROW = (
    "ZQX7351846290,2/13/1983,2/14/1983,99213,83.37,ZQX HEALTH,ZQX7351846290,ZQXMAN,N39.0,"
    "1990000014,11,zqx called 7351846290 about 83.37"
)


@dataclass
class Done:
    code: int
    out: str
    toml: str


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `revcycle map` on a file of this content; the map it wrote comes along."""
    monkeypatch.chdir(tmp_path)

    def run(content, name="it.csv", *words):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.setattr(sys, "argv", ["revcycle", "map", name, "--out", "m.toml", *words])
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit) as stop:
            main()
        made = tmp_path / "m.toml"
        done = Done(
            int(stop.value.code or 0), out.getvalue(), made.read_text() if made.exists() else ""
        )
        assert not [mark for mark in MARKS if mark in done.out + done.toml], done
        assert "Traceback" not in done.out
        if done.toml and done.code < 2:
            parse_map(done.toml)
        return done

    return run


def text(rows=3, header=HEADER, row=ROW, end="\n", delimiter=","):
    return end.join([header, *[row] * rows, ""]).replace(",", delimiter)


MERGED = '<mergeCells count="1"><mergeCell ref="D3:D4"/></mergeCells>'
FORMULA = "<c><f>1+83.37</f></c>"
SHEET = [HEADER.split(","), *[ROW.split(",")] * 3]


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";", "^", "~"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end(run, delimiter, end):
    done = run(text(delimiter=delimiter, end=end))
    assert re.search(r'claim.patient_control_number +=  *"Claim No"', done.toml)
    assert ("delimiter" in done.toml) is (delimiter != ",")
    assert try_map("m.toml", "it.csv").report.files[0].extract_rows == 3


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (text().encode("utf-16"), "it.csv"),
        ('"' + text(end='"\n"', delimiter='"\t"')[:-1], "it.csv"),
        (text().encode("utf-16-le"), "it.csv"),
        (b"\xef\xbb\xbf" + text().encode(), "it.csv"),
        (text(row=ROW.replace("ZQXMAN", "ZQXMÄN")).encode("windows-1252"), "it.csv"),
        (gzip.compress(text().encode()), "it.csv.gz"),
        (bz2.compress(text().encode()), "it.csv.bz2"),
        (text(header="Run by ZQX 83.37\n" + HEADER), "it.csv"),
        (text(header="ZQX,,83.37\n\n" + HEADER), "it.csv"),
        (workbook({"Lines": SHEET}), "it.xlsx"),
        (workbook({"Lines": [["ZQX report"], [], *SHEET]}), "it.xlsx"),
        (workbook({"Lines": SHEET}, MERGED), "it.xlsx"),
        (workbook({"Lines": [*SHEET, [*ROW.split(",")[:4], FORMULA]]}), "it.xlsx"),
        (text(rows=5000), "it.csv"),
        (text() + ROW.rpartition(",")[0] + ',"' + "zqx\n" * 600_000 + '"\n', "it.csv"),
    ],
)
def test_it_is_read(run, content, name):
    done = run(content, name)
    assert done.code == 1, done.out
    assert "claim.submission_date" in done.toml
    (file,) = try_map("m.toml", name).report.files
    assert file.records >= 3 or "cells are merged" in file.problem


def test_an_encoding_that_is_guessed_is_said(run):
    done = run(text(row=ROW.replace("ZQXMAN", "ZQXMÄN")).encode("windows-1252"))
    assert 'encoding = "windows-1252"' in done.toml


def test_parquet(run, tmp_path):
    rows = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    frame = pl.DataFrame([rows] * 3).with_columns(
        pl.col("Date Billed").str.to_date("%m/%d/%Y"), pl.col("Chg").cast(pl.Decimal(9, 2))
    )
    frame = frame.with_columns(Nested=pl.lit([1, 2]))
    frame.write_parquet(tmp_path / "x.parquet")
    done = run((tmp_path / "x.parquet").read_bytes(), "it.parquet")
    assert "claim.submission_date" in done.toml


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("", "it.csv", "it is empty"),
        ("\n \n\n", "it.csv", "it is empty"),
        (text(header=HEADER.replace("CPT", "dos")), "it.csv", "two of its columns have one name"),
        (text(delimiter=":"), "it.csv", "no delimiter"),
        ("Claim No\nZQX1\nZQX2\n", "it.csv", "no delimiter"),
        (text(header=ROW), "it.csv", "seems to hold values"),
        ("ZQX,zqxman,ZQX HEALTH\n" * 5, "it.csv", "seems to hold values"),
        ("ZQX,zqxman,ZQX HEALTH\nA,B,C\n", "it.csv", "hardly a name in line 1"),
        ("x" * (9 << 20), "it.csv", "longer than 8 MB"),
        (b"\x00\x01\x02\x03" * 500, "it.csv", "it is no text"),
        (b"PAR1" + b"\x00ZQX" * 50, "it.parquet", "cannot be read as Parquet"),
        (gzip.compress(text(rows=900).encode())[:-60], "it.csv.gz", "damaged or cut off"),
        (b"PK\x03\x04" + b"ZQX" * 99, "it.xlsx", "no .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0" + b"ZQX" * 99, "it.xls", "Save it as .xlsx"),
        (workbook({"A": SHEET, "B": SHEET}), "it.xlsx", "several sheets (A, B)"),
        (workbook({"A": []}), "it.xlsx", "is empty"),
        ("ISA*00*ZQX~", "it.csv", "it is X12"),
        (b"%PDF-1.7 ZQX" * 99, "it.csv", "PDF"),
    ],
)
def test_what_cannot_be_read_is_said(run, content, name, said):
    done = run(content, name)
    assert (done.code, done.toml) == (2, "")
    assert said in done.out
    assert done.out.startswith("revcycle: it.")


def test_headers_alone_are_enough(run):
    done = run(HEADER + "\n")
    assert "no cells to look at" in done.out
    assert "claim.submission_date" in done.toml


def test_a_name_that_seems_to_be_a_value_is_not_shown(run):
    done = run(text(header=HEADER.replace("Notes", "7351846290")))
    assert "(column 12)" in done.out
    assert "(column 12)" in done.toml


def test_names_that_are_hard_to_write(run):
    names = ['Claim "No"', "DOS \\ from", "Ch\u00e4rge \u2028 {n}", "CPT\x7f", "FILL IN", "'Payer'"]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    row = "ZQX1,2/13/1983,83.37,99213,zqx,ZQX HEALTH\n"
    done = run(f"{header}\n{row * 3}")
    assert done.toml


def test_five_hundred_columns(run):
    header = ",".join([HEADER, *(f"Custom {n} field" for n in range(1, 489))])
    done = run(text(header=header, row=ROW + ",zqx" * 488))
    assert "claim.submission_date" in done.toml


def test_a_sheet_is_chosen(run):
    done = run(workbook({"A": SHEET, "B": SHEET}), "it.xlsx", "--sheet", "B")
    assert 'sheet = "B"' in done.toml
    assert run(b"a,b\n", "it.csv", "--sheet", "B").code == 2


def test_an_archive_with_one_file_is_read(run):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("in/it 2026-03.csv", text())
    done = run(out.getvalue(), "it.zip")
    assert 'pattern = "it *.csv"' in done.toml


def test_a_map_that_is_there_is_not_written_over(run, tmp_path):
    (tmp_path / "m.toml").write_text("# mine\n")
    done = run(text())
    assert done.code == 2
    assert "is there already" in done.out
    assert (tmp_path / "m.toml").read_text() == "# mine\n"


def test_as_json(run):
    done = run(text(), "it.csv", "--json")
    said = json.loads(done.out)
    assert said["grain"] == "line"
    assert said["map"] == done.toml
    assert {"column", "target", "confidence", "shape", "why"} == set(said["columns"][0])


@pytest.mark.parametrize("name", sorted(vendors.VENDORS))
def test_no_cell_of_any_vendor_is_shown(run, name):
    content = vendors.text(name)
    done = run(content)
    cells = {cell for line in content.splitlines()[1:] for cell in line.split(",")}
    long = {c for c in cells if len(c) > 4 and c not in content.splitlines()[0]}
    assert not [cell for cell in long if cell in done.out + done.toml]
