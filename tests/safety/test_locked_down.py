"""SQL of a stranger, in a notebook or a database made to do harm, reaches nothing."""

import json

import duckdb
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from saying import say

from analytics import Database
from analytics.cli import console
from analytics.report import ReportError, render
from analytics.rewriting import rewrite
from analytics.trial import try_map
from analytics.workbook import Workbook

KEPT = "kept apart from all data"
REACHING = {
    "read": "FROM read_text('{secret}')",
    "read as a table": "FROM '{secret}'",
    "list": "FROM glob('{folder}/*')",
    "write": "COPY (SELECT 1) TO '{folder}/written.csv'",
    "attach": "ATTACH '{folder}/other.duckdb' AS other",
    "export": "EXPORT DATABASE '{folder}/all'",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "network": "FROM 'https://localhost/claims.csv'",
    "variable": "FROM frame",
    "unlock": "SET enable_external_access = true",
    "widen": "SET allowed_directories = ['/']",
    "widen by file": "SET allowed_paths = ['{secret}']",
}
SETTINGS = ("SET autoinstall_known_extensions = true", "SET autoload_known_extensions = true")


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "claims.duckdb"
    with Database(made) as db:
        db.build(progress=False)
    return made


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").write_text(f"said\n{KEPT}\n")
    return tmp_path / "outside"


def _asked(text, outside):
    return text.format(secret=outside / "secret.csv", folder=outside)


def _refused(connection, outside):
    """No way out works, nor after settings were changed that still can be."""
    frame = object()
    for _ in range(2):
        for text in REACHING.values():
            with pytest.raises(duckdb.Error):
                connection.execute(_asked(text, outside)).fetchall()
        for setting in SETTINGS:
            try:
                connection.execute(setting)
            except duckdb.Error:
                continue
    assert frame
    assert [file.name for file in outside.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize("read_only", [True, False])
def test_what_the_command_opens(path, outside, read_only):
    with console.opened(path, read_only=read_only) as db:
        _refused(db.connection, outside)


def test_what_a_notebook_opens_keeps_its_settings_too(path, outside):
    with Workbook(path).db as db:
        _refused(db.connection, outside)
        for setting in SETTINGS:
            with pytest.raises(duckdb.Error, match="locked"):
                db.connection.execute(setting)


@pytest.fixture
def opened(monkeypatch):
    """Each database that is opened, asked whether it reaches out when it is closed."""
    found: list[tuple[str, bool]] = []
    close = Database.close

    def closing(self):
        try:
            ((on,),) = self.connection.execute(
                "SELECT current_setting('enable_external_access')"
            ).fetchall()
            found.append((self.path, on))
        except duckdb.ConnectionException:  # closed before
            pass
        close(self)

    monkeypatch.setattr(Database, "close", closing)
    return found


def test_every_command_that_opens_a_database_locks_it(path, opened, tmp_path):
    (tmp_path / "write_off.csv").write_text(
        "patient_control_number,write_off_date,amount\nA,2026-01-05,1.00\n"
    )
    (tmp_path / "map.toml").write_text(
        '[[file]]\nname = "w"\npattern = "write*"\ngrain = "row"\n[file.columns]\n'
        'write_off.patient_control_number = "patient_control_number"\n'
        'write_off.write_off_date = "write_off_date"\nwrite_off.amount = "amount"\n'
    )
    (tmp_path / "reports.toml").write_text(
        f'database = "{path}"\n[[report]]\nname = "denials"\nevery = "load"\n'
    )
    on, file = ("--database", path), tmp_path / "write_off.csv"
    commands = [
        ("load", file, *on), ("load", file, "--map", tmp_path / "map.toml", *on), ("build", *on),
        ("files", *on), ("rejected", *on), ("check", file, "--edits", *on),
        ("audit", "show", *on),
        ("audit", "verify", *on), ("show", "initial_denial_rate", *on), ("reference", "list", *on),
        ("map", file, "--check", tmp_path / "map.toml"),
        ("run", tmp_path / "reports.toml", "--dry-run"),
        ("export", "table", "claim", tmp_path / "claim.csv", *on),
        ("export", "parquet", tmp_path / "all", *on), ("export", "tuva", tmp_path / "tuva", *on),
        ("import", tmp_path / "all", "--database", tmp_path / "new.duckdb"),
        ("retention", "status", *on), ("retention", "hold", "list", *on),
        ("evidence", "A", *on),
    ]  # fmt: skip
    for words in commands:
        before = len(opened)
        said = say(*words)
        none = (2,) if words[0] == "evidence" else (0, 1)  # nothing is loaded
        assert said.code in none, said.text
        assert len(opened) > before, words
        assert not any(reaches for _, reaches in opened[before:]), words


def test_a_database_made_to_do_harm_reaches_nothing(path, outside, tmp_path):
    """A view in the place of a fact, and one that a copy under another key would bring along."""
    with duckdb.connect(str(path)) as connection:
        for name in ("left_out", "theirs"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
            connection.execute(f"CREATE VIEW {name} AS {_asked(REACHING['read'], outside)}")
    out = tmp_path / "out"
    out.mkdir()
    for words in (
        ("export", "table", "left_out", out / "x.csv"),
        ("export", "parquet", out / "all"),
    ):
        said = say(*words, "--database", path, plain=True)
        assert said.code == 2
        assert KEPT not in said.text
    rewrite(path, None, "correct horse battery staple")
    assert KEPT.encode() not in path.read_bytes()
    assert not (out / "x.csv").exists()


def test_a_notebook_within_a_report_reaches_nothing_by_its_database(path, outside, tmp_path):
    """Its Python is the user's own program; the SQL of its workbook is not let out."""
    tried = {name: _asked(text, outside) for name, text in REACHING.items()}
    cell = (
        "import json\nfrom analytics.workbook import Workbook\nbook = Workbook(database)\n"
        "frame, reached = object(), []\n"
        f"for name, text in json.loads({json.dumps(json.dumps(tried))}).items():\n"
        "    try:\n        book.db.connection.execute(text).fetchall()\n"
        "        reached.append(name)\n    except Exception:\n        pass\n"
        "print('reached', reached)"
    )
    parameters = new_code_cell("database: str = ''", metadata={"tags": ["parameters"]})
    book = new_notebook(cells=[new_markdown_cell("# Reaching"), parameters, new_code_cell(cell)])
    nbformat.write(book, tmp_path / "book.ipynb")
    made = render(tmp_path / "book.ipynb", tmp_path / "r.html", database=path, progress=False)
    assert "reached []" in made.read_text()
    assert KEPT not in made.read_text()


def test_a_failing_cell_tells_no_value(path, outside, tmp_path):
    parameters = new_code_cell("database: str = ''", metadata={"tags": ["parameters"]})
    cell = new_code_cell(f"raise ValueError(open({str(outside / 'secret.csv')!r}).read())")
    nbformat.write(new_notebook(cells=[parameters, cell]), tmp_path / "book.ipynb")
    with pytest.raises(ReportError) as told:
        render(tmp_path / "book.ipynb", tmp_path / "r.html", database=path, progress=False)
    assert KEPT not in str(told.value)
    assert "message withheld" in str(told.value)


def test_a_trial_of_a_map_reads_its_files_and_no_others(tmp_path, opened):
    (tmp_path / "w.csv").write_text("a,b,c\nA,2026-01-05,1.00\n")
    said = (
        '[[file]]\nname = "w"\npattern = "w*"\ngrain = "row"\n[file.columns]\n'
        'write_off.patient_control_number = "a"\nwrite_off.write_off_date = "b"\n'
        'write_off.amount = "c"\n'
    )
    (tmp_path / "map.toml").write_text(said)
    assert try_map(tmp_path / "map.toml", tmp_path / "w.csv", progress=False).is_readable
    assert opened == [(":memory:", False)]
