"""Writing a sample: the same twice, in any size and shape, with its extracts and damaged files."""

import csv
import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
import sample_wire as wire

from analytics import sample


def digest(folder):
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return found.hexdigest()


def test_same_arguments_same_bytes(tmp_path):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        sample.write(tmp_path / name, claims=150, seed=seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b") != digest(tmp_path / "c")


def test_the_report_counts_what_is_there(tmp_path):
    seen = []
    report = sample.write(
        tmp_path, claims=1200, months=3, progress=lambda done, of: seen.append((done, of))
    )
    facts = [wire.facts(path) for path in tmp_path.glob("83[57]/*.edi")]
    assert report.claims == sum(one["claims"] for one in facts) >= 1200
    assert report.remit_claims == sum(one["remit_claims"] for one in facts)
    assert report.byte_count == sum((tmp_path / name).stat().st_size for name in report.files)
    assert seen == [(1000, 1200), (1200, 1200)]


@pytest.mark.parametrize("one_set", [False, True])
def test_single_files(tmp_path, one_set):
    report = sample.write(tmp_path, claims=300, files="single", one_set=one_set)
    x12 = [name for name in report.files if name.endswith(".edi")]
    replies = [] if one_set else ["277/277CA.edi", "999/999.edi"]
    assert x12 == sorted(["835/835_ALL.edi", "837/837I.edi", "837/837P.edi", *replies])
    assert (tmp_path / "truth.json").exists() is not one_set
    for name in x12:
        sets = wire.sets(wire.read(tmp_path / name)[0])
        assert (len(sets) == 1) is (one_set and name not in replies)
        assert all(int(one[-1][1]) == len(one) for one in sets)
    facts = wire.facts(tmp_path / "835/835_ALL.edi")
    assert facts["paid"] - facts["plb"] == facts["bpr"] > 0


def test_one_set_has_one_header(tmp_path):
    sample.write(tmp_path, claims=300, one_set=True)
    for path in tmp_path.glob("835/*.edi"):
        (one,) = wire.sets(wire.read(path)[0])
        names = [segment[0] for segment in one]
        assert [names.count(name) for name in ("BPR", "TRN", "LX")] == [1, 1, 1]
        assert "PLB" not in names[: names.index("CLP")]


@pytest.mark.parametrize("end", [date(2026, 2, 28), date(2024, 2, 29), date(2025, 7, 3)])
def test_any_last_day(tmp_path, end):
    sample.write(tmp_path, claims=200, months=2, end=end)
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert truth["as_of"] == end.isoformat()
    assert truth["totals"]["claims"] >= 200


def test_a_single_claim(tmp_path):
    assert sample.write(tmp_path, claims=1, months=1).claims >= 1


def test_extracts_name_their_columns(folder):
    def read(name):
        return list(csv.DictReader((folder / name).read_text().splitlines()))

    assert len(read("eligibility.csv")) > 500
    assert {row["npi"] for row in read("roster.csv")}
    names = [(row["payer_code"], row["payer_name"]) for row in read("payer_map.csv")]
    assert len(set(names)) == len(names) > 6
    assert len({row["canonical_payer"] for row in read("payer_map.csv")}) == 6
    assert len(read("provider_map.csv")) > 6
    assert (folder / ".revcycleignore").read_text().split() == [
        "broken/", "extracts/", "truth.json", "README.md",
    ]  # fmt: skip


def test_some_claims_belong_to_members_without_cover(folder):
    truth = json.loads((folder / "truth.json").read_text())
    assert truth["metrics"]["pmpm"]["left_out"]["claims"] > 0


def test_every_damaged_file_has_its_expectation(folder):
    broken = folder / "broken"
    expected = json.loads((broken / "expected.json").read_text())
    names = {path.name for path in broken.iterdir()} - {"expected.json", "README.md"}
    assert names == set(expected)
    assert len(names) >= 15
    for name in names:
        assert f"`{name}`" in (broken / "README.md").read_text()


def test_the_repeated_file_differs_from_its_original_in_the_envelope_alone(folder):
    again, _ = wire.read(folder / "broken" / "same_again.835.edi")
    originals = [wire.read(path)[0] for path in folder.glob("835/*MEDICARE*.edi")]
    assert any(again[1:-1] == one[1:-1] and again[0] != one[0] for one in originals)


def test_files_are_small(folder):
    assert all(path.stat().st_size < 4 << 20 for path in folder.rglob("*.*"))


def test_without_truth(tmp_path):
    sample.write(tmp_path, claims=50, with_truth=False)
    assert not (tmp_path / "truth.json").exists()


def test_the_sample_in_the_project_is_what_the_generator_writes(tmp_path):
    committed = Path(__file__).parents[2] / "sample_data"
    sample.write(tmp_path)
    assert digest(tmp_path) == digest(committed)
    assert sum(path.stat().st_size for path in committed.rglob("*") if path.is_file()) < 6 << 20
