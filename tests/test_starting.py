"""A working folder: what is written works, and what is there stays."""

import csv
import subprocess
import sys

import nbformat
import pytest

from analytics.bookshelf import find, shipped, short
from analytics.cli import starting as commands
from analytics.ingest.side import table_of
from analytics.report.parameters import find as find_parameters
from analytics.scheduling import read_plan
from analytics.starting import start


@pytest.fixture
def folder(tmp_path):
    start(tmp_path / "work")
    return tmp_path / "work"


def test_the_plan_can_be_read_and_its_notebooks_are_those_of_the_folder(folder):
    plan = read_plan(folder / "reports.toml")
    assert {entry.notebook.parent for entry in plan.reports} == {folder / "notebooks"}
    assert plan.database == folder / "revcycle.duckdb"


def test_every_notebook_is_copied_and_finds_the_database_above_it(folder):
    names = {book.name for shelf in shipped() for book in shelf.glob("*.ipynb")}
    assert {path.name for path in (folder / "notebooks").iterdir()} == names
    for name in names:
        book = nbformat.read(folder / "notebooks" / name, as_version=4)
        place, declared = find_parameters(book)
        assert "database" in declared
        assert 'database: str = "../revcycle.duckdb"' in book.cells[place].source
        assert find(short(folder / name), folder) == folder / "notebooks" / name


def test_the_example_of_a_map_has_its_columns_and_is_loaded_only_under_its_own_name(folder):
    path = folder / "maps" / "example_payer_map.csv"
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert all(row["canonical_payer"] for row in rows)
    assert table_of(path.name) is None
    assert table_of("payer_map.csv") == "payer_map"


def test_what_is_there_stays(folder):
    (folder / "reports.toml").write_text("mine")
    (folder / "README.md").unlink()
    made, kept = start(folder)
    assert [path.name for path in made] == ["README.md"]
    assert folder / "reports.toml" in kept
    assert (folder / "reports.toml").read_text() == "mine"


def test_git_ignores_what_patients_are_in(folder):
    ignored = (folder / ".gitignore").read_text().split()
    assert {"*.duckdb", "extracts/", "reports/"} <= set(ignored)


def run(monkeypatch, *words):
    from analytics.cli import main

    monkeypatch.setattr(sys, "argv", ["revcycle", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code or 0


def test_the_command_says_what_it_wrote(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "init", tmp_path / "new") == 0
    assert str(tmp_path / "new" / "reports.toml") in capsys.readouterr().out
    assert run(monkeypatch, "init", tmp_path / "new") == 0
    assert "there already" in capsys.readouterr().out


def test_lab_starts_jupyter_there_with_its_own_options(folder, monkeypatch):
    ran = []

    def note(command, **how):
        ran.append((command, how))
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(commands.subprocess, "run", note)
    monkeypatch.setattr(commands, "find_spec", lambda _: object())
    assert run(monkeypatch, "lab", folder, "--no-browser", "--port", "9999") == 3
    ((command, how),) = ran
    assert command == [sys.executable, "-m", "jupyterlab", "--no-browser", "--port", "9999"]
    assert how["cwd"] == folder
    assert run(monkeypatch, "lab", "--no-browser") == 3
    assert ran[-1][0][-1] == "--no-browser"
    assert str(ran[-1][1]["cwd"]) == "."


def test_lab_says_what_is_missing(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "lab", tmp_path / "none") == 2
    assert "revcycle init" in capsys.readouterr().err
    monkeypatch.setattr(commands, "find_spec", lambda _: None)
    assert run(monkeypatch, "lab", tmp_path) == 2
    assert "revcycle[notebook]" in capsys.readouterr().err
