"""Reports on Spark: the executed notebooks, cell by cell, and the protection of what they read."""

import json
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nested import NOTEBOOKS, duck_of, outputs

from analytics import identity
from analytics.engines.opening import opened
from analytics.errors import AnalyticsError, BadQueryError, DatabaseError, IdentityError
from analytics.report import ReportError, make, render
from analytics.report.making import executed

pytestmark = [
    pytest.mark.spark,
    # Not ours to mend: what the kernel's own libraries warn of.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:nbclient"),
]
HERE = "local[2, 3]"  # the Spark that the tests run; kernels start their own
TEXT = "not a day: JANE DOE"


@pytest.fixture(scope="module")
def duck(folder, tmp_path_factory):
    """The same tables and facts in a database file, of the same name: heads tell it."""
    return duck_of(folder, tmp_path_factory.mktemp("duck"))


@pytest.fixture
def settings(small_settings, monkeypatch):
    for name, value in small_settings.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("name", ["01_overview", "02_denials"])
def test_every_cell_of_the_notebook_is_the_same(name, folder, duck):
    source = NOTEBOOKS / f"{name}.ipynb"
    found = executed(source, folder, {}, 1200, False, engine=HERE)
    wanted = executed(source, duck, {}, 1200, False)
    assert outputs(found) == outputs(wanted)
    assert len(outputs(found)) > 15


@pytest.mark.usefixtures("settings", "session")
def test_the_files_are_the_same_and_the_manifest_says_where(folder, duck, tmp_path):
    source, asked = NOTEBOOKS / "07_data_quality.ipynb", ("html", "mail", "xlsx")
    how = {"formats": asked, "progress": False, "timeout": 1200}
    found = make(source, tmp_path / "on" / "r", database=folder, engine=HERE, **how)
    wanted = make(source, tmp_path / "off" / "r", database=duck, **how)
    assert [path.read_bytes() for path in found] == [path.read_bytes() for path in wanted]
    on, off = (json.loads((tmp_path / n / "r.manifest.json").read_text()) for n in ("on", "off"))
    assert on["engine"] == HERE
    assert on["made_of"]["packages"].pop("spark").startswith("4.")
    assert len(on["made_of"].pop("tables")) == 64
    assert on["made_of"] == off["made_of"]
    assert on["numbers"] == off["numbers"]


@pytest.mark.usefixtures("settings", "session")
def test_a_notebook_names_nobody_on_spark_and_no_error_tells_a_value(folder, tmp_path):
    cell = new_code_cell(
        "database: str = ''\nengine: str | None = None", metadata={"tags": ["parameters"]}
    )
    start = (
        "from analytics.workbook import Workbook\ndb = Workbook(database, engine=engine).db\n"
        "refused = []\nfor text in ('SELECT last_name FROM patient', 'SELECT * FROM patient',"
        " 'SELECT first_name FROM parquet.`/x`'):\n"
        "    try:\n        db.sql(text)\n    except Exception as error:\n"
        "        refused.append(type(error).__name__)\nprint('refused', *refused)\n"
    )
    fails = f"db.sql('SELECT CAST($said AS DATE) AS day', said={TEXT!r})"
    for name, cells in {"asks": [start], "fails": [start, fails]}.items():
        book = new_notebook(cells=[cell, *map(new_code_cell, cells)])
        nbformat.write(book, tmp_path / f"{name}.ipynb")
    how = {"database": folder, "engine": HERE, "progress": False}
    page = render(tmp_path / "asks.ipynb", tmp_path / "r.html", **how).read_text()
    assert "refused IdentityError IdentityError BadQueryError" in page
    with pytest.raises(ReportError, match="CAST_INVALID_INPUT") as told:
        render(tmp_path / "fails.ipynb", tmp_path / "r.html", **how)
    assert "JANE" not in str(told.value)


@pytest.fixture
def book(session, folder, monkeypatch):
    """A folder opened as reports do, in a report."""
    assert session.version
    monkeypatch.setitem(identity._state, "guarded", True)
    with opened(folder, HERE) as db:
        yield db


def test_sql_is_a_select_of_the_folders_tables(book):
    book.session.range(3).createOrReplaceTempView("mine")
    assert book.sql("SELECT count(*) AS n FROM claim_outcome").item() > 1000
    assert book.sql("WITH a AS (SELECT sex_code FROM patient) SELECT sex_code FROM a").height
    refused = "refused in a report"
    with pytest.raises(IdentityError, match=r"patient\.last_name"):
        book.sql("SELECT last_name FROM patient")
    for text in ("SELECT id FROM mine", "SELECT reflect('a', 'b')", "SET spark.sql.ansi.enabled"):
        with pytest.raises((BadQueryError, IdentityError), match=refused):
            book.sql(text)
    with pytest.raises(BadQueryError, match=refused):
        book.sql("SELECT id FROM mine", allow_identity=True)
    assert book.sql("SELECT max(last_name) AS n FROM patient", allow_identity=True).height == 1
    with pytest.raises(Exception, match=r"TABLE_OR_VIEW_NOT_FOUND|UNSUPPORTED"):
        book.session.sql(f"SELECT * FROM parquet.`{book.folder}/patient.parquet`")


def test_the_session_of_the_process_goes_on(session, folder):
    with opened(folder, HERE) as db:
        assert db.is_fresh
        assert db.stamp["built_at"]
        assert db.session is not session
    assert session.sql("SELECT 1 AS n").collect()[0]["n"] == 1
    with pytest.raises(AnalyticsError, match="this process runs Spark at"):
        opened(folder, "local[1]")


@pytest.mark.usefixtures("session")
def test_a_folder_without_facts_says_how_to_build_them(folder, tmp_path, capsys, monkeypatch):
    import analytics.cli as command

    with pytest.raises(DatabaseError, match="not a whole Parquet export"):
        opened(tmp_path, HERE)
    for file in folder.iterdir():
        if file.name != "facts":
            (tmp_path / file.name).symlink_to(file)
    with pytest.raises(DatabaseError, match=r"revcycle build --engine 'local\[2, 3\]' --database"):
        opened(tmp_path, HERE)
    on = ["--engine", HERE, "--database", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["revcycle", "build", "--only", "calendar_day", *on])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert not ended.value.code
    assert "facts built as of" in capsys.readouterr().out
    with opened(tmp_path, HERE) as db:
        assert not db.is_fresh
    with pytest.raises(AnalyticsError, match="the facts are not all"):
        make(NOTEBOOKS / "07_data_quality.ipynb", tmp_path / "r", database=tmp_path, engine=HERE)
