"""Notebooks are kept clean, thin and running."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from seldom import seldom

from analytics.database import Database
from analytics.formats import GAP
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
    "06_value_based_care": 8,
    "07_data_quality": 3,
}
# What a report of the sample says of what is not loaded.
SAID = {
    "06_value_based_care": ("no contract of these years is loaded", "load johnston_icd10.csv"),
}


def cells(path, kind="code"):
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


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
def test_becomes_a_report(path, report_of):
    text = report_of(path.stem).read_text(encoding="utf-8")
    assert "equal to the cent" in text
    assert text.count('class="plot"') >= FIGURES[path.stem]
    assert all(f">{part}</h2>" in text for part in PARTS)
    assert all(words in text for words in SAID.get(path.stem, ()))
    assert "person_id" not in text
    assert len(text.encode()) < 3_000_000


@pytest.mark.parametrize("path", seldom(NOTEBOOKS, 2), ids=lambda p: p.stem)
def test_an_empty_database_gives_an_empty_report(path, empty, tmp_path):
    parameters = {"period_start": "2026-01-01", "period_end": "2026-06-30"}
    out = render(path, tmp_path / "report.html", database=empty, parameters=parameters)
    assert "no data" in out.read_text(encoding="utf-8")


VALUE = ROOT / "notebooks" / "06_value_based_care.ipynb"
SYNTHEA = ROOT.parent / "shared" / "data" / "synthea"
CONTRACT = """
name = "Ours"
expenditure = "paid"
sharing_rate = 0.5
minimum_savings_rate = 0.02
[year.{year}]
benchmark_per_person_year = 2000
"""


def told(path, tmp_path, files, **parameters) -> str:
    """The report of the notebook on these files, as text without markup."""
    from analytics.loader import load

    with Database(tmp_path / "told.duckdb") as db:
        load(db, files)
        db.build()
    out = render(
        path, tmp_path / "told.html", database=tmp_path / "told.duckdb", parameters=parameters
    )
    return re.sub(r"<[^>]+>", " ", out.read_text(encoding="utf-8"))


def test_value_based_care_settles_a_contract_and_takes_parameters(tmp_path):
    (tmp_path / "ours.toml").write_text(CONTRACT.format(year=2026) + "quality = 0.8\n")
    given = {"line_of_business": "medicare", "trend": "0.05"}
    text = told(VALUE, tmp_path, [ROOT / "sample_data", tmp_path / "ours.toml"], **given)
    assert "Ours 2026, to date" in text
    assert "Ours 2026, year end" in text
    assert "80.0" in text.split("Rates and chances")[1][:400]
    assert "medicaid" not in text.split("Line of business")[1].split("Definitions")[0]


@pytest.mark.skipif(not SYNTHEA.exists(), reason="the shared folder is not there")
def test_value_based_care_of_a_payers_feed(tmp_path):
    """Of 25 people over ten years, without a day on which claims were known: a year is final."""
    (tmp_path / "ours.toml").write_text(CONTRACT.format(year=2022))
    text = told(VALUE, tmp_path, [SYNTHEA, tmp_path / "ours.toml"])
    earned = text.split("What is earned or owed")[1]
    assert "Ours 2022, year end" in earned
    assert " yes " in " ".join(earned[:900].split()), "the year is final"
    assert "synthea" in text.split("What is left out")[-1]


def test_of_ten_people_no_number_is_shown(tmp_path):
    """Ten members with a claim each month of two years, who count in each: no dollar but 0."""
    people = "".join(
        f"M{i},1950-01-0{i % 9 + 1},F,Medicare,medicare,2024-01-01,\n" for i in range(10)
    )
    head = "member_id,birth_date,sex_code,payer_name,line_of_business,start_date,end_date\n"
    (tmp_path / "eligibility.csv").write_text(head + people)
    (tmp_path / "ours.toml").write_text(CONTRACT.format(year=2025))
    columns = (
        "claim_id,claim_line_number,claim_type,person_id,member_id,payer,plan,claim_start_date,"
        "claim_end_date,claim_line_start_date,claim_line_end_date,place_of_service_code,"
        "hcpcs_code,rendering_npi,billing_npi,paid_date,paid_amount,allowed_amount,charge_amount,"
        "diagnosis_code_type,diagnosis_code_1,data_source\n"
    )
    rows = "".join(
        f"C{i}{year}{month},1,professional,M{i},M{i},Medicare,medicare,{year}-{month:02}-05,"
        f"{year}-{month:02}-05,{year}-{month:02}-05,{year}-{month:02}-05,11,"
        f"{'G0439' if month == 3 else '99213'},1,1,"
        f"{year}-{month:02}-20,137.77,173.77,200.77,icd-10-cm,E119,tuva\n"
        for i in range(10)
        for year in (2024, 2025)
        for month in range(1, 13)
    )
    (tmp_path / "medical_claim.csv").write_text(columns + rows)
    files = [tmp_path / name for name in ("eligibility.csv", "medical_claim.csv", "ours.toml")]
    text = told(VALUE, tmp_path, files)
    shown = text.split("Headline numbers")[-1].split("What is left out")[0]
    assert set(re.findall(r"\$[\d,.]+", shown)) <= {"$0", "$0.00"}
    assert "not shown" in shown
    assert not re.findall(r"\bn [1-9]\d+", shown)  # people and years, or visits, of ten people
    assert not re.findall(rf"\d\.\d{GAP}%", shown)
