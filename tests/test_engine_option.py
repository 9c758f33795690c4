"""`--engine`: which addresses there are, what they need, and which SQL a report may ask there."""

import socket
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from reported import QUERIES
from test_identity import EVASIONS

from analytics import identity
from analytics.engines import guard, sessions
from analytics.engines.address import Address
from analytics.engines.opening import opened, placed, to_build
from analytics.errors import AnalyticsError, BadQueryError, DatabaseError, IdentityError
from analytics.metrics import CATALOGUE
from analytics.report import make
from analytics.report.parameters import find, inject

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
TOKEN = "SECRETTOKEN"  # noqa: S105
ADDRESSES = [
    "local",
    "local[2]",
    "local[*]",
    "local[2, 3]",
    "spark://127.0.0.1:7077",
    "spark://one.example:7077,two.example:7077",
    "sc://cluster",
    "sc://cluster:15002",
    "sc://[::1]:15002/",
    f"sc://cluster:443/;use_ssl=true;token={TOKEN}",
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_known(text):
    found = Address.of(text)
    assert found.text == text
    assert found.is_connect == text.startswith("sc:")
    assert bool(found.places) != text.startswith("local")
    assert TOKEN not in found.shown + to_build("/claims", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yarn",
        "local[two]",
        "local[2]\nimport os",
        "local[2]'); import os #",
        "spark://cluster",
        "spark://user@cluster:7077",
        "http://cluster:15002",
        f"sc//cluster/;token={TOKEN}",
        f"sc://cluster/;token={TOKEN} x",
        "sc://cluster:15002\n",
    ],
)
def test_what_is_no_address_is_refused_without_its_text(text):
    with pytest.raises(AnalyticsError, match=r"write local\[2\]") as told:
        Address.of(text)
    assert TOKEN not in str(told.value)


def test_hosts_and_ports():
    of = Address.of
    assert of("spark://a:1,b:2").places == [("a", 1), ("b", 2)]
    assert of("sc://a").places == [("a", 15002)]
    assert of("sc://[::1]:7/;x=y").places == [("::1", 7)]
    assert of("sc://[::1]").places == [("::1", 15002)]


@pytest.mark.parametrize("form", ["spark://127.0.0.1:{}", f"sc://127.0.0.1:{{}}/;token={TOKEN}"])
def test_where_nothing_answers_is_said_at_once(form):
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))  # and nobody listens
        address = Address.of(form.format(found.getsockname()[1]))
        with pytest.raises(AnalyticsError, match="nothing answers at") as told:
            address.reach()
    assert TOKEN not in str(told.value)


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(sessions, "find_spec", lambda _: None)
    with (
        pytest.raises(AnalyticsError, match=r"pyspark.*revcycle\[spark\]"),
        sessions.session("local[2]"),
    ):
        pass
    monkeypatch.setattr(sessions, "find_spec", lambda _: True)
    monkeypatch.setattr(sessions.shutil, "which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(AnalyticsError, match="Java 17"), sessions.session("local[2]"):
        pass


def test_a_folder_is_a_path_or_an_url_of_the_clusters(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for url in ("s3a://bucket/claims", "hdfs://name:8020/claims", "dbfs:/claims", "file:///claims"):
        assert placed(url, "sc://cluster") == url
    assert placed("claims", "local") == str(tmp_path / "claims")
    assert placed("/claims", "sc://cluster") == "/claims"
    (tmp_path / "claims.duckdb").touch()
    with pytest.raises(DatabaseError, match="is a file: with an engine"):
        placed("claims.duckdb", "local")
    assert placed("claims.duckdb", None) == str(tmp_path / "claims.duckdb")
    with pytest.raises(DatabaseError, match="no such database"):
        placed("none.duckdb", None)
    with pytest.raises(DatabaseError, match="needs an engine"):
        placed(str(tmp_path), None)
    with pytest.raises(AnalyticsError, match="no address of Spark"):
        opened("claims", "bla")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_can_be_given_an_engine(path):
    book = nbformat.read(path, as_version=4)
    assert find(book)[1]["engine"] == {"str", "None"}
    assert any("engine=engine" in cell.source for cell in book.cells)


def test_a_notebook_that_cannot_is_told_what_to_add(tmp_path):
    cell = new_code_cell("database: str = ''", metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "book.ipynb")
    from analytics.report.making import executed

    with pytest.raises(AnalyticsError, match="runs on DuckDB only: for an engine, add"):
        executed(tmp_path / "book.ipynb", tmp_path, {}, 60, False, engine="local")


def test_an_engine_in_a_notebook_is_text_and_no_program():
    cell = new_code_cell("engine: str | None = None", metadata={"tags": ["parameters"]})
    book = new_notebook(cells=[cell])
    text = "local'\n__import__('os').abort()\n'"
    inject(book, {"engine": text}, "book")
    assert book.cells[1].source == f"import datetime\nengine = {text!r}"
    with pytest.raises(AnalyticsError, match="no address of Spark"):
        make(NOTEBOOKS[0], "report", database="/claims", engine=text)


@pytest.fixture
def guarded(monkeypatch):
    """As in a report on Spark, in whose session somebody has made a view `people`."""
    monkeypatch.setitem(identity._state, "guarded", True)
    return lambda text: guard.check_identity(text, {"people", "copied"}.__contains__)


ON_SPARK = [
    "SELECT IDENTIFIER('last_name') FROM patient",
    "SELECT `last_name` FROM patient",
    "SELECT la\u017ft_name FROM patient",
    "SELECT '\\', last_name, ' FROM patient",
    "SELECT '\\'', last_name, '\\'' FROM patient",
    "SELECT $a$ , last_name, $a$ FROM patient",
    "SELECT sex_code /* ' */, last_name /* ' */ FROM patient",
    "SELECT /*+ BROADCAST(patient) */ last_name FROM patient",
    "SELECT 1 -- \r, last_name FROM patient",
    'SELECT " \' ", last_name, " \' " FROM patient',
    "SELECT * FROM parquet.`/claims/patient.parquet`",
    "SELECT x FROM spark_catalog.default.patient",
    "SELECT x FROM default.patient",
    "SELECT x FROM people",
    "WITH a AS (SELECT x FROM people), people AS (SELECT 1 AS x) SELECT x FROM a",
    "SELECT reflect('java.lang.System', 'getenv', 'HOME')",
    "SELECT java_method('java.lang.System', 'getenv', 'HOME')",
    "SELECT explode(collect_list(last_name)) FROM patient",
    "SELECT to_json(struct(*)) FROM patient",
    "SELECT inline(array(struct(1)))",
    "SELECT x FROM patient LATERAL VIEW explode(array(last_name)) AS x",
    "SELECT TRANSFORM(last_name) USING 'cat' FROM patient",
    "SELECT last_name:x FROM patient",
    "FROM patient |> SELECT last_name",
    "SELECT sex_code FROM patient MINUS SELECT last_name FROM patient",
    "SELECT x FROM read_files('/claims')",
    "SELECT x FROM range(3) AS r (x)",
    "EXECUTE IMMEDIATE 'SELECT last_name FROM patient'",
    "BEGIN SELECT last_name FROM patient; END",
    "SET spark.sql.runSQLOnFiles=true",
    "ADD JAR '/x.jar'",
    "INSERT OVERWRITE DIRECTORY '/x' SELECT 1",
    "CREATE TEMPORARY VIEW p AS SELECT last_name AS x FROM patient",
    "CACHE TABLE patient",
    "SHOW TABLES",
    "DESCRIBE patient",
    "SELECT 1; SELECT last_name FROM patient",
    "SELEC 1",
]


@pytest.mark.parametrize("text", [*EVASIONS, *ON_SPARK])
def test_what_names_a_person_or_may_is_refused_on_spark(guarded, text):
    if text.endswith("-- names"):
        text += "\nFROM patient"
    with pytest.raises((IdentityError, BadQueryError), match="refused in a report"):
        guarded(text)


@pytest.mark.parametrize("text", QUERIES.values(), ids=QUERIES.keys())
def test_what_every_report_reads_is_not(guarded, text):
    guarded(text)


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_what_a_metric_asks_is_a_select_of_our_tables(metric):
    sliced = {"by": "payer_name", "every": "month", "where": {"line_of_business": ["a", None]}}
    for query in (metric.query(), metric.query(**sliced), metric.maturity_query(**sliced)):
        assert query is None or guard.check(query.sql, lambda _: False) is None


def test_outside_reports_names_are_read_and_locked_sql_is_still_a_select():
    guard.check_identity("SELECT last_name FROM patient", lambda _: True)
    guard.check("SELECT last_name FROM patient", lambda _: True)
    with pytest.raises(BadQueryError, match="is not known to be harmless"):
        guard.check("SELECT reflect('a', 'b')", lambda _: False)
