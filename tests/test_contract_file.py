"""Contract files: what they say, what is refused, and how they are loaded."""

from decimal import Decimal

import pytest

from analytics.contracts import ContractError, contract_years
from analytics.database import Database
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.loader import load

WHOLE = """
name = "Ours"
track = "basic_e"
payer_name = "Medicare"
excluded_services = ["pharmacy"]

[year.2026]
benchmark_per_person_year = 11500.50
minimum_savings_rate = 0.02

[year.2025]
benchmark_amount = 12_000_000
beneficiaries = 1043
quality = 0.9
"""


def test_a_year_has_the_terms_of_the_contract_and_its_own():
    first, second = contract_years(WHOLE, "a file")
    assert (first.name, first.year, second.year) == ("Ours", 2025, 2026)
    assert (first.benchmark_amount, first.benchmark_per_person_year) == (12_000_000, None)
    assert (first.beneficiaries, first.terms.quality) == (1043, Decimal("0.9"))
    assert second.benchmark_per_person_year == Decimal("11500.50")
    assert (first.terms.minimum_savings_rate, second.terms.minimum_savings_rate) == (
        "cms", Decimal("0.02"),
    )  # fmt: skip
    assert first.terms.loss_cap == second.terms.loss_cap == Decimal("0.04")
    assert (first.members, first.expenditure) == ("covered", "paid")


def test_a_contract_of_one_year_may_stand_flat():
    text = 'name = "A"\nsharing_rate = 0.5\nperformance_year = 2026\nbenchmark_amount = 5'
    (one,) = contract_years(text, "a file")
    assert (one.year, one.terms.performance_year) == (2026, 2026)


FLAT = 'name = "A"\nsharing_rate = 0.5\n'
YEAR = "[year.2026]\nbenchmark_amount = 5\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name =", "is no TOML"),
        (FLAT, r"a contract needs its years: one table \[year.2026\] a year"),
        (FLAT + "year = 2026", r"one table \[year.2026\]"),
        (FLAT + "[year]\n2026 = 5", r"stands in a table \[year.2026\]"),
        (FLAT + "performance_year = 2026\n" + YEAR, r"one table \[year.2026\]"),
        (FLAT + "[year.first]\nbenchmark_amount = 5", "year is no year"),
        (FLAT + "[year.26]\nbenchmark_amount = 5", "year is from 1990 to 2199"),
        (FLAT + YEAR + YEAR.replace("2026", "02026"), "a contract names a year twice"),
        (FLAT + YEAR + YEAR.replace("2026", '"2026.0"'), "a contract names a year twice"),
        (FLAT + "performance_year = [2026]\nbenchmark_amount = 5", "performance_year is no year"),
        (FLAT + "benchmark_amount = " + "9" * 5000, "is no TOML: too long a number"),
        (FLAT + "benchmark_amount = 1e" + "9" * 20, "is no TOML: too long a number"),
        (FLAT + "quality = " + "[" * 9000, "is no TOML: too long a number, or too deep"),
        ("sharing_rate = 0.5\n" + YEAR, "a contract needs a name"),
        ('name = " "\nsharing_rate = 0.5\n' + YEAR, "name must be text"),
        ('name = "A"\n' + YEAR, "a contract needs its sharing_rate"),
        (FLAT + "[year.2026]\nquality = 1", "a year needs one benchmark above 0"),
        (FLAT + "[year.2026]\nbenchmark_amount = 0", "a year needs one benchmark above 0"),
        (FLAT + YEAR + "benchmark_per_person_year = 1", "a year needs one benchmark above 0"),
        (FLAT + "[year.2026]\nbenchmark_amount = -5", "benchmark_amount is below 0"),
        (FLAT + YEAR + "benchmarck = 1", "unknown key of a year 'benchmarck'"),
        (FLAT + YEAR + 'payer_name = "B"', "unknown key of a year 'payer_name'"),
        (FLAT + "payer = 'B'\n" + YEAR, "unknown key of a contract 'payer'"),
        (FLAT + "quality = 9\n" + YEAR, "quality must be a share from 0 to 1"),
        (FLAT + 'members = "all"\n' + YEAR, "unknown members 'all'; known: assigned, covered"),
        (FLAT + 'expenditure = "billed"\n' + YEAR, "unknown expenditure 'billed'"),
        (FLAT + 'excluded_services = "pharmacy"\n' + YEAR, "excluded_services is a list"),
        (FLAT + 'excluded_services = ["drugs"]\n' + YEAR, "unknown kind of service 'drugs'"),
        (FLAT + 'track = "basic"\n' + YEAR, "unknown track 'basic'"),
        ('name = "A"\ntrack = "track_1"\n[year.1999]\nbenchmark_amount = 5', "has none for perf"),
    ],
)
def test_what_no_contract_can_say_is_refused_by_name(text, message):
    with pytest.raises(AnalyticsError, match=message):
        contract_years(text, "a file")


def test_the_errors_are_of_their_kinds():
    with pytest.raises(ContractError):
        contract_years(FLAT, "a file")
    with pytest.raises(UnknownNameError):
        contract_years(FLAT + "x = 1\n" + YEAR, "a file")


def test_a_contract_is_loaded_once_and_counted(tmp_path):
    (tmp_path / "ours.toml").write_text(WHOLE)
    with Database() as db:
        report = load(db, tmp_path)
        assert (report.total("side_rows"), report.total("rejected")) == (2, 0)
        assert load(db, tmp_path).files[0].status == "already loaded"
        rows = db.sql(
            "SELECT file_id, record_no, performance_year, minimum_savings_rate, excluded_services"
            " FROM contract ORDER BY 2"
        ).rows()
    assert rows == [(1, 1, 2025, "cms", "pharmacy"), (1, 2, 2026, "0.02", "pharmacy")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (FLAT.encode(), "the contract cannot be: a contract needs its years"),
        (b"name =", "ours.toml is no TOML"),
        (b"\xff\xfe\xfa", "is it a TOML file in UTF-8?"),
    ],
)
def test_a_contract_with_a_mistake_is_refused_whole_and_others_load(tmp_path, content, message):
    (tmp_path / "ours.toml").write_bytes(content)
    (tmp_path / "theirs.toml").write_text(FLAT.replace("A", "B") + YEAR)
    with Database() as db:
        report = load(db, tmp_path)
        assert db.sql("SELECT contract_name FROM contract").rows() == [("B",)]
        refused, loaded = report.files
        assert (refused.status, loaded.status) == ("unreadable", "loaded")
        assert message in refused.problem
