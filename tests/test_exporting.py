"""Tables, facts and metrics as files, and the whole database as a folder and back."""

import json
import stat

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import facts, parquet
from analytics.database import Database
from analytics.errors import AnalyticsError, DatabaseError, NotBuiltError, UnknownNameError
from analytics.exporting import export_frame, export_parquet, export_table
from analytics.metrics import CATALOGUE

FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def whole(db, tmp_path_factory):
    """The sample as a folder, with the number of rows of each file."""
    folder = tmp_path_factory.mktemp("export") / "whole"
    return folder, export_parquet(db, folder)


@pytest.fixture
def small():
    with Database() as made:
        made.connection.execute(
            "INSERT INTO payer BY NAME "
            "SELECT 1 AS payer_id, '0001' AS payer_code, $name AS payer_name "
            "UNION ALL SELECT 2, '-2', 'Plain, \"quoted\"'",
            {"name": FORMULA},
        )
        yield made


def test_csv_runs_nothing_in_a_spreadsheet(small, tmp_path):
    assert export_table(small, "payer", tmp_path / "payer.csv") == 2
    rows = pl.read_csv(tmp_path / "payer.csv", infer_schema=False).sort("payer_id")
    assert rows["payer_name"].to_list() == ["'" + FORMULA, 'Plain, "quoted"']
    assert rows["payer_code"].to_list() == ["0001", "'-2"]


def test_xlsx_keeps_text_and_runs_nothing(small, tmp_path):
    assert export_table(small, "payer", tmp_path / "payer.xlsx") == 2
    rows = pl.read_excel(tmp_path / "payer.xlsx", infer_schema_length=0).sort("payer_id")
    assert rows["payer_name"].to_list() == [FORMULA, 'Plain, "quoted"']
    assert rows["payer_code"].to_list() == ["0001", "-2"]


def test_parquet_keeps_every_value(small, tmp_path):
    export_table(small, "payer", tmp_path / "payer.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "payer.parquet"), small.sql("FROM payer"))


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_fact_is_written_whole_for_its_owner_alone(db, tmp_path, ending):
    file = tmp_path / f"denial.{ending}"
    count = export_table(db, "denial", file)
    read = {"csv": pl.read_csv, "xlsx": pl.read_excel, "parquet": pl.read_parquet}[ending]
    rows = read(file) if ending == "parquet" else read(file, infer_schema_length=None)
    assert count == len(rows) == db.sql("SELECT count(*) AS n FROM denial")["n"][0]
    dollars = db.sql("SELECT sum(amount) AS a FROM denial")["a"][0]
    assert round(float(rows["amount"].sum()), 2) == float(dollars)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [f.name for f in tmp_path.iterdir()] == [file.name]


def test_lists_are_one_text_in_csv_and_xlsx(tmp_path):
    frame = pl.DataFrame({"codes": [["A1", "B2"], None]})
    for ending in ("csv", "xlsx"):
        export_frame(frame, tmp_path / f"lists.{ending}")
    assert pl.read_csv(tmp_path / "lists.csv")["codes"].to_list() == ["A1, B2", None]
    assert pl.read_excel(tmp_path / "lists.xlsx")["codes"][0] == "A1, B2"


def test_an_id_keeps_its_digits_in_xlsx(tmp_path):
    export_frame(pl.DataFrame({"claim_id": [2**60 + 1]}), tmp_path / "ids.xlsx")
    assert pl.read_excel(tmp_path / "ids.xlsx", infer_schema_length=0)["claim_id"][0] == str(
        2**60 + 1
    )


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pl.DataFrame({"text": ["x" * 40_000]}), "an XLSX cell holds 32,767"),
        (pl.DataFrame({"n": range(1_048_576)}), "more than the 1,048,575"),
    ],
)
def test_what_a_sheet_cannot_hold_is_refused(tmp_path, frame, said):
    with pytest.raises(AnalyticsError, match=said):
        export_frame(frame, tmp_path / "large.xlsx")
    assert not list(tmp_path.iterdir())


def test_mistakes_are_named(db, tmp_path):
    with pytest.raises(UnknownNameError, match="table or fact"):
        export_table(db, "denials; DROP TABLE claim", tmp_path / "x.csv")
    with pytest.raises(AnalyticsError, match=r"ends in none of \.parquet, \.csv, \.xlsx"):
        export_table(db, "denial", tmp_path / "x.doc")
    with pytest.raises(AnalyticsError, match="cannot be written"):
        export_table(db, "denial", tmp_path / "none" / "x.csv")
    with pytest.raises(AnalyticsError, match="is a folder"):
        export_frame(pl.DataFrame(), _folder_named(tmp_path))
    with Database() as bare, pytest.raises(NotBuiltError):
        export_table(bare, "denial", tmp_path / "x.csv")


def _folder_named(place):
    folder = place / "x.csv"
    folder.mkdir()
    return folder


def test_the_folder_holds_every_table_and_fact(whole):
    folder, rows = whole
    assert set(rows) == set(parquet.kept()) | facts.NAMES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [*folder.glob("*.parquet"), *folder.glob("facts/*.parquet")]
    assert {f.stem: pl.scan_parquet(f).select(pl.len()).collect().item() for f in files} == rows
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}


def test_a_database_of_the_folder_gives_the_same_numbers(whole, db, tmp_path):
    with Database.from_parquet(whole[0], tmp_path / "again.duckdb") as again:
        again.build(db.as_of)
        assert again.is_fresh
        for name in ("initial_denial_rate", "ar_aging", "clean_claim_rate"):
            frames = [CATALOGUE[name](one, "payer_name") for one in (db, again)]
            assert_frame_equal(*frames, check_row_order=False)
        for name in ("claim", "patient", "adjustment"):
            both = [one.sql(f"FROM {name} ORDER BY ALL") for one in (db, again)]
            assert_frame_equal(*both)


@pytest.mark.parametrize("harm", ["manifest", "version", "lost", "short", "damaged"])
def test_a_folder_that_is_not_whole_makes_nothing(small, tmp_path, harm):
    folder, target = tmp_path / "whole", tmp_path / "made.duckdb"
    export_parquet(small, folder)
    told = json.loads((folder / parquet.MANIFEST).read_text())
    if harm == "manifest":
        (folder / parquet.MANIFEST).unlink()
    elif harm == "version":
        told["schema_version"] = "older"
        (folder / parquet.MANIFEST).write_text(json.dumps(told))
    elif harm == "lost":
        (folder / "payer.parquet").unlink()
    elif harm == "short":
        pl.read_parquet(folder / "payer.parquet").head(1).write_parquet(folder / "payer.parquet")
    else:
        (folder / "payer.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DatabaseError) as error:
        Database.from_parquet(folder, target)
    assert str(folder) in str(error.value)
    assert not target.exists()


def test_what_is_there_is_not_written_over(small, tmp_path):
    export_parquet(small, tmp_path / "whole")
    (tmp_path / "mine.duckdb").write_text("mine")
    with pytest.raises(DatabaseError, match="is there already"):
        Database.from_parquet(tmp_path / "whole", tmp_path / "mine.duckdb")
    assert (tmp_path / "mine.duckdb").read_text() == "mine"


def test_a_folder_half_written_is_no_export(small, tmp_path, monkeypatch):
    """A second export that is stopped leaves no manifest of the first."""
    export_parquet(small, tmp_path / "whole")

    def stop(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(parquet, "copy", stop)
    with pytest.raises(KeyboardInterrupt):
        export_parquet(small, tmp_path / "whole")
    with pytest.raises(DatabaseError, match="not a whole Parquet export"):
        Database.from_parquet(tmp_path / "whole", tmp_path / "made.duckdb")
