"""A report as files: the same inputs give the same bytes, and a failure leaves the old ones."""

import datetime as dt
import hashlib
import json
import zipfile
from pathlib import Path

import fastexcel
import nbformat
import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analytics.database import Database
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.exporting import Table, sheet_names, write_sheets
from analytics.formats import GAP, HIDDEN
from analytics.report import ReportError, make
from analytics.report.place import put

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:nbclient"),
]

PARAMETERS = "import datetime as dt\ndatabase: str = ''\nperiod_end: dt.date | None = None"
CELLS = [
    new_markdown_cell("# Denials of the month"),
    new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
    new_code_cell(
        "import polars as pl\nfrom decimal import Decimal\nfrom analytics import tables\n"
        "from analytics.metrics import CATALOGUE\nrate = CATALOGUE['initial_denial_rate']"
    ),
    new_code_cell(
        "tables.facts({'As of': period_end, 'Paid': Decimal('12.30')})",
        metadata={"tags": ["title-block"]},
    ),
    new_markdown_cell("## By payer"),
    new_code_cell(
        "one = pl.DataFrame({'n': [90], 'value': [0.25], 'low': [0.2], 'high': [0.3]})\n"
        "tables.cards([(rate, one)])"
    ),
    new_code_cell(
        "by = pl.DataFrame({'payer_name': ['=ACME', 'BIRCH', 'TINY'], 'n': [1200, 40, 4],"
        " 'value': [0.2, 0.1, 0.77], 'low': [0.1, 0.0, 0.5], 'high': [0.3, 0.2, 0.9]})\n"
        "tables.metric_table(by, rate)"
    ),
    new_code_cell(
        "money = pl.DataFrame({'day_date': [dt.date(2026, 10, 1)], 'record_no': [5],"
        " 'paid_amount': [Decimal('1234567.89')]})\ntables.table(money, 'Initial denial rate')"
    ),
    new_markdown_cell("## Definitions"),
    new_code_cell("tables.definitions([rate, rate])"),
]


def notebook(folder: Path, *cells, name="denials.ipynb") -> Path:
    path = folder / name
    nbformat.write(new_notebook(cells=[cell.copy() for cell in cells]), path)
    return path


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> tuple[Path, Path]:
    """A notebook, and a database with its facts."""
    folder = tmp_path_factory.mktemp("files")
    with Database(folder / "claims.duckdb") as db:
        db.build(dt.date(2026, 10, 31))
    return notebook(folder, *CELLS), folder / "claims.duckdb"


def made(world, folder: Path, **more) -> list[Path]:
    book, database = world
    given = {"parameters": {"period_end": "2026-10-31"}, **more}
    return make(book, folder / "denials-2026-10", database=database, **given)


@pytest.fixture(scope="module")
def folder(world, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    paths = made(world, folder, formats=["html", "xlsx"])
    assert [path.name for path in paths] == ["denials-2026-10.html", "denials-2026-10.xlsx"]
    return folder


@pytest.fixture(scope="module")
def manifest(folder):
    return json.loads((folder / "denials-2026-10.manifest.json").read_text())


@pytest.fixture(scope="module")
def sheets(folder):
    book = fastexcel.read_excel(folder / "denials-2026-10.xlsx")
    return {name: book.load_sheet(name).to_polars() for name in book.sheet_names}


class TestTheWorkbook:
    def test_has_a_sheet_a_table_and_the_definitions_once(self, sheets):
        assert list(sheets) == [
            *("About", "Contents", "Headline numbers"),
            *("Initial denial rate", "Initial denial rate (2)", "Definitions"),
        ]
        assert sheets["Contents"]["Section"].to_list() == ["By payer"] * 3
        assert sheets["Definitions"]["Metric"].to_list() == ["Initial denial rate"]

    def test_holds_numbers_and_days_not_texts(self, sheets):
        table = sheets["Initial denial rate (2)"]
        assert table["Paid"].to_list() == [1234567.89]
        assert table["Day"].to_list() == [dt.datetime.combine(dt.date(2026, 10, 1), dt.time())]
        assert sheets["Headline numbers"]["Value"].to_list() == [0.25]

    def test_hides_what_the_page_hides(self, sheets, folder):
        table = sheets["Initial denial rate"]
        assert table.columns == ["Payer", "Initial denial rate", "95% low", "95% high", "n"]
        assert table["Initial denial rate"].to_list() == [0.2, None, None]  # the next in size too
        assert table["n"].to_list() == ["1200", HIDDEN, HIDDEN]
        for path in folder.iterdir():
            assert b"0.77" not in path.read_bytes()

    def test_frozen_headers_and_number_formats(self, folder, tmp_path):
        text = unzipped(folder / "denials-2026-10.xlsx", tmp_path)
        assert text.count('state="frozen"') == 6
        assert 'formatCode="0.0%"' in text
        assert 'formatCode="$#,##0.00"' in text
        assert "<f>" not in text  # =ACME is a name

    def test_the_head_stands_on_the_first_sheet(self, sheets):
        assert sheets["About"]["Name"].to_list() == ["Report", "As of", "Paid", "Small cells"]
        assert sheets["About"]["Value"][0] == "Denials of the month"


def unzipped(path: Path, folder: Path) -> str:
    with zipfile.ZipFile(path) as book:
        book.extractall(folder)
    return "".join(file.read_text() for file in sorted(folder.rglob("*.xml")))


class TestTheManifest:
    def test_says_what_the_numbers_are_made_of(self, manifest, world):
        made_of = manifest["made_of"]
        assert made_of["as_of"] == manifest["as_of"] == "2026-10-31"
        assert made_of["files"] == []
        assert made_of["definitions"]["initial_denial_rate"]
        assert {"python", "revcycle", "duckdb", "polars"} <= set(made_of["packages"])
        assert manifest["database"] == str(world[1])
        assert manifest["key_numbers"][0] | {"value": 0.25, "n": 90} == manifest["key_numbers"][0]

    def test_has_the_hash_of_each_output(self, manifest, folder):
        hashes = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.iterdir()
            if not path.name.endswith(".json")
        }
        assert manifest["outputs"] == hashes

    def test_the_same_inputs_give_the_same_bytes(self, world, folder, tmp_path):
        made(world, tmp_path, formats=["xlsx", "html"])
        for path in folder.iterdir():
            if not path.name.endswith(".json"):
                assert path.read_bytes() == (tmp_path / path.name).read_bytes()

    @pytest.mark.long
    def test_keeps_a_format_made_before_of_the_same_inputs(self, world, tmp_path):
        made(world, tmp_path, formats=["html"])
        made(world, tmp_path, formats=["xlsx"])
        beside = tmp_path / "denials-2026-10.manifest.json"
        assert len(json.loads(beside.read_text())["outputs"]) == 2
        made(world, tmp_path, formats=["xlsx"], parameters={"period_end": "2026-09-30"})
        assert list(json.loads(beside.read_text())["outputs"]) == ["denials-2026-10.xlsx"]


def test_a_mail_tells_the_change_and_made_again_tells_the_same(world, tmp_path):
    book, database = world
    for month, before in (("2026-09", None), ("2026-10", "denials-2026-09")):
        given = {"formats": ["mail"], "parameters": {"period_end": f"{month}-30"}}
        make(book, tmp_path / f"denials-{month}", database=database, compared_with=before, **given)
    text = (tmp_path / "denials-2026-10.mail.txt").read_text(encoding="utf-8")
    assert f"Initial denial rate: 25.0{GAP}%" in text
    assert f"as before (25.0{GAP}%)" in text
    assert "Compared with denials-2026-09, as of 2026-10-31." in text
    beside = tmp_path / "denials-2026-10.manifest.json"
    told = json.loads(beside.read_text())
    assert set(told["outputs"]) == {"denials-2026-10.mail.html", "denials-2026-10.mail.txt"}
    given["compared_with"] = "denials-2026-10"  # the report as it was, of the same inputs
    make(book, tmp_path / "denials-2026-10", database=database, **given)
    assert (tmp_path / "denials-2026-10.mail.txt").read_text(encoding="utf-8") == text


class TestFailure:
    def test_of_a_cell_leaves_the_old_files(self, world, tmp_path):
        broken = notebook(tmp_path, CELLS[1], new_code_cell("1 / 0"), name="b.ipynb")
        out = tmp_path / "out"
        out.mkdir()
        (out / "b.html").write_text("the old one")
        with pytest.raises(ReportError, match="ZeroDivisionError"):
            make(broken, out / "b", database=world[1], formats=["html", "xlsx"])
        assert [(p.name, p.read_text()) for p in out.iterdir()] == [("b.html", "the old one")]

    def test_of_one_file_leaves_all_the_old_ones(self, tmp_path):
        first = tmp_path / "a.html"
        first.write_text("old")
        (tmp_path / "file").write_text("")
        with pytest.raises(OSError, match="file"):
            put({first: b"new", tmp_path / "file" / "b.html": b"new"})
        assert first.read_text() == "old"
        assert len(list(tmp_path.iterdir())) == 2

    def test_an_unknown_format_is_said_before_anything_runs(self, world, tmp_path):
        with pytest.raises(UnknownNameError, match="unknown format 'docx'"):
            made(world, tmp_path, formats=["docx"])

    def test_without_its_extra_a_format_says_what_to_install(self, world, tmp_path, monkeypatch):
        monkeypatch.setattr("analytics.exporting.excel.find_spec", lambda _: None)
        with pytest.raises(AnalyticsError, match=r"revcycle\[excel\]"):
            made(world, tmp_path, formats=["xlsx"])

    def test_facts_of_another_day_or_none_are_refused(self, world, tmp_path):
        with pytest.raises(AnalyticsError, match="stand as of 2026-10-31"):
            made(world, tmp_path, as_of=dt.date(2026, 9, 30))
        Database(tmp_path / "new.duckdb").close()
        with pytest.raises(AnalyticsError, match="run revcycle build"):
            make(world[0], tmp_path / "x", database=tmp_path / "new.duckdb")


def test_sheets_have_names_that_excel_takes():
    titles = ["A/R: aging [all]", "a r  aging all", "x" * 40, "X" * 40, "", "History", "'quoted'"]
    names = sheet_names(titles)
    assert len({name.lower() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[:2] == ["A R aging all", "a r aging all (2)"]
    assert "History" not in names
    long = ["Left out of the whole database, by reason", "Records rejected, or loaded with care"]
    assert sheet_names(long) == ["Left out of the whole database", "Records rejected, or loaded"]


def test_an_id_too_long_for_excel_is_text_and_waits_have_no_needless_decimals(tmp_path):
    columns = [
        {"head": "id", "unit": "number", "cells": [2**60]},
        {"head": "whole", "unit": "days", "cells": [23]},
        {"head": "part", "unit": "days", "cells": [22.5]},
    ]
    write_sheets([Table("t", columns)], tmp_path / "t.xlsx")
    frame = fastexcel.read_excel(tmp_path / "t.xlsx").load_sheet("t").to_polars()
    assert frame.row(0) == (str(2**60), 23.0, 22.5)
    assert frame.schema["id"] == pl.String
    text = unzipped(tmp_path / "t.xlsx", tmp_path / "x")
    assert "#,##0.0" in text
