"""Contracts that share savings, out of a table: the same as of a contract file, and as strict."""

import pytest
from extract_worlds import HEAD, World

import analytics as rc
from analytics.contracts import shared_savings, terms_of
from analytics.maps import MapError

MAP = (
    HEAD
    + """
[file.columns.contract]
contract_name = "Contract"
performance_year = "PY"
track = "Track"
payer_name = "Payer"
sides = "Sides"
benchmark_amount = "Benchmark"
benchmark_per_person_year = "PPPY"
beneficiaries = "Lives"
quality = "Quality"
minimum_savings_rate = "MSR"
excluded_services = "Carve-outs"
"""
)
NAMES = "Contract,PY,Track,Payer,Sides,Benchmark,PPPY,Lives,Quality,MSR,Carve-outs\n"
GOOD = 'Ours,2025,BASIC_E,Medicare,,"$212,000,000.00",,"1,043",0.9,CMS,Pharmacy\n'
NEXT = "Ours,2026,basic_e,Medicare,,,11500.50,,,0.02,pharmacy\n"
TOML = """
name = "Ours"
track = "basic_e"
payer_name = "Medicare"
excluded_services = ["pharmacy"]
[year.2025]
benchmark_amount = 212_000_000
beneficiaries = 1043
quality = 0.9
[year.2026]
benchmark_per_person_year = 11500.50
minimum_savings_rate = 0.02
"""


def settled(db):
    return db.sql("SELECT * EXCLUDE (file_id, record_no) FROM contract ORDER BY performance_year")


def test_a_contract_is_the_same_by_table_and_by_contract_file(world, tmp_path):
    world.load(MAP, NAMES + GOOD + NEXT)
    other = World(tmp_path / "other")
    other.folder.mkdir()
    path = other.folder / "ours.toml"
    path.write_text(TOML)
    rc.load(other.db, path, progress=False)
    assert settled(world.db).rows() == settled(other.db).rows()
    assert world.rows("contract", "record_no") == [(1,), (2,)]
    terms = [terms_of(row) for db in (world.db, other.db) for row in settled(db).to_dicts()]
    first, second = (
        [shared_savings(b, e, 6000, one) for one in terms[at::2]]
        for at, b, e in ((0, 212_000_000, 200_000_000), (1, 1000, 900))
    )
    assert first[0] == first[1]
    assert second[0] == second[1]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD.replace("0.9", "1.9"), "row 2: quality must be a share from 0 to 1. Part"),
        (GOOD.replace("0.9", "90%"), "row 2: column Quality cannot be read; shares are written"),
        (GOOD.replace("Ours", ""), "row 2: column Contract is empty"),
        (GOOD.replace("Pharmacy", "Doe Jane"), "row 2: kind of service is one of "),
        (GOOD.replace("BASIC_E", "Doe Jane"), "row 2: track is one of basic_a"),
        (GOOD.replace("Medicare,,", "Medicare,Doe,"), "row 2: sides must be 'one' or 'two'. Part"),
        (NEXT, "row 2: the contract has this year in a row before it"),
        (GOOD.replace("2025", "25"), "row 2: year is from 1990 to 2199"),
        (GOOD.replace(",Pharmacy", ""), "more or fewer cells"),
        (NEXT.replace("11500.50", ""), "row 2: column Benchmark is empty"),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole_and_quotes_no_cell(world, row, said):
    report = world.load(MAP, NAMES + NEXT + row)
    assert report.status == "unreadable"
    assert said in report.problem
    assert "Doe" not in report.problem
    assert world.rows("contract", "contract_name") == []


def test_a_contract_needs_all_its_years(world):
    text = MAP.replace("[file.columns", 'row_key = ["Contract", "PY"]\n[file.columns')
    with pytest.raises(MapError, match="a contract is loaded whole"):
        world.load(text, NAMES + GOOD)
