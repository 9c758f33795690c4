"""Notebooks are kept clean, thin and running."""

import ast
from pathlib import Path

import nbformat
import pytest

from analytics.database import Database
from analytics.report import render
from analytics.report.parameters import find

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EVERY_NOTEBOOK = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


PARTS = ("What to do next", "What is left out", "Definitions")
# The least number of figures of each, so that a cell that draws nothing is seen.
FIGURES = {
    "01_overview": 12,
    "02_denials": 7,
    "03_coding_errors": 6,
    "04_lag_and_receivables": 8,
    "05_payer_scorecard": 6,
    "07_data_quality": 3,
}


def cells(path, kind="code"):
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    from analytics.loader import load
    from analytics.sample import write

    folder = tmp_path_factory.mktemp("sample")
    write(folder / "files", claims=400, months=8)
    with Database(folder / "sample.duckdb") as db:
        load(db, folder / "files")
        db.build()
    return folder / "sample.duckdb"


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    with Database(path) as db:
        db.build()
    return path


@EVERY_NOTEBOOK
def test_no_results_are_stored(path):
    assert all(not c.outputs and c.execution_count is None for c in cells(path))


@EVERY_NOTEBOOK
def test_the_work_is_in_the_library(path):
    for cell in cells(path):
        assert len(cell.source.splitlines()) <= 12, "move this into analytics/"
        assert not any(word in cell.source for word in ("def ", "import duckdb", "SELECT")), (
            cell.source
        )


@EVERY_NOTEBOOK
def test_parameters_have_types(path):
    place, declared = find(nbformat.read(path, as_version=4))
    assert place >= 0
    assert all(declared.values()), "annotate each parameter"


@EVERY_NOTEBOOK
def test_every_section_is_said_in_words(path):
    text = "\n".join(c.source for c in cells(path, "markdown"))
    assert text.startswith("# ")
    assert text.count("\n# ") == 0


@EVERY_NOTEBOOK
def test_is_python_that_parses(path):
    for cell in cells(path):
        ast.parse(cell.source)


@EVERY_NOTEBOOK
def test_becomes_a_report(path, sample, tmp_path):
    text = render(path, tmp_path / "report.html", database=sample).read_text(encoding="utf-8")
    assert "equal to the cent" in text
    assert text.count('class="plot"') >= FIGURES[path.stem]
    assert all(f">{part}</h2>" in text for part in PARTS)
    assert len(text.encode()) < 3_000_000


@EVERY_NOTEBOOK
def test_an_empty_database_gives_an_empty_report(path, empty, tmp_path):
    parameters = {"period_start": "2026-01-01", "period_end": "2026-06-30"}
    out = render(path, tmp_path / "report.html", database=empty, parameters=parameters)
    assert "no data" in out.read_text(encoding="utf-8")
