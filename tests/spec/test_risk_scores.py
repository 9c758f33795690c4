"""Scores of members from claims, and conditions not coded again, on a model small enough."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from care_world import cover, line, lines, member, members, settled, settled_claims, span

from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import hcc_gaps, hcc_recapture_rate, risk_score, risk_scores

AS_OF = dt.date(2025, 11, 30)
# Diabetes 37 over 38, heart failure 226, lung 280, which does not last here.
MEANT = [("E1165", "37"), ("E119", "38"), ("I509", "226"), ("J449", "280")]
VALUES = {
    "F70_74": 0.4, "M70_74": 0.45, "F75_79": 0.5, "HCC37": 0.2, "HCC38": 0.1, "HCC226": 0.4,
    "HCC280": 0.3, "DIABETES_HF_V28": 0.11,
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hcc")
    model = {"model_name": "CMS-HCC Model V28"}
    domain = {"model_domain": "CMS-HCC", "model_version": "V28"}
    values = [(f"CNA_{k}", str(v)) for k, v in VALUES.items()]
    values += [("NE_NMCAID_NORIGDIS_NEF70_74", "0.8")]
    edit = ["icd10", "edit_type", "sex", "age_min", "age_max", "action", "cc_override"]
    for name, columns, rows, more in [
        ("ra_dx_to_cc_2026", ["diagnosis_code", "cc"], MEANT, model),
        ("ra_dx_edits", edit, [("X", "age", "", "", "5", "invalid", "")], model),
        ("ra_hierarchies_2026", ["cc_parent", "cc_child"], [("37", "38")], domain),
        ("ra_coefficients_2026", ["coefficient", "value"], values, domain),
        ("hcc_is_chronic", ["hcc", "is_chronic"],
         [("HCC37", "Y"), ("HCC38", "Y"), ("HCC226", "Y"), ("HCC280", "")], domain),
    ]:  # fmt: skip
        frame = pl.DataFrame(rows, columns, orient="row")
        frame.with_columns(**{k: pl.lit(v) for k, v in more.items()}).write_csv(
            folder / f"{name}.csv"
        )
    return folder


@pytest.fixture
def told(given):
    """A database of diagnoses of members: (member, year, code), each on an office claim."""

    def build(*codes, people=None, spans=None, more=(), kind="professional", **other):
        people = people or [member(1, "1954-02-02")]
        spans = spans or [span(n, "2024-01-01") for n in range(1, len(people) + 1)]
        rows = [
            settled(n, f"{year}-03-0{n % 9 + 1}", patient=one, kind=kind, diagnosis="", **other)
            for n, (one, year, _) in enumerate(codes, start=1)
        ]
        return given(
            as_of=AS_OF, patient=members(*people), eligibility=cover(*spans),
            payer_claim=settled_claims(*rows), payer_claim_line=lines(*more),
            payer_claim_diagnosis="payer_claim_id | position | diagnosis_code | code_system\n"
            + "\n".join(f"{n} | 1 | {code} | icd10" for n, (_, _, code) in enumerate(codes, 1)),
            **({"measure_code": LISTED} if more else {}),
        )  # fmt: skip

    return build


LISTED = "list_name | code\nrisk_eligible_procedure | 99213"


def scores(db, tables, **more):
    frame = risk_scores(db, tables=tables, **more)
    return frame.select("person_id", "age", "hccs", "score").rows()


@pytest.fixture
def mine(tmp_path):
    """Payment factors of one's own, of 2026 alone."""
    path = tmp_path / "factors.csv"
    path.write_text("payment_year,model,weight,normalization,coding_adjustment\n2026,V28,1,2.0,0\n")
    return path


def test_the_year_before_counts_and_age_is_of_february(told, tables, mine):
    db = told((1, 2025, "E119"), (1, 2024, "I509"))
    assert scores(db, tables) == [(1, 71, "38", 0.5)]
    assert scores(db, tables, payment_year=2025, factors=mine) == [(1, 70, "226", 0.8)]
    assert scores(db, tables, payment_year=2023, factors=mine) == []


def test_normalised_and_lowered_as_the_factors_of_the_year_say(told, tables, mine):
    db = told((1, 2025, "E119"))
    paid = risk_scores(db, tables=tables)["payment_score"].item()
    assert paid == pytest.approx(round(round(0.5 / 1.067, 3) * (1 - 0.059), 3))
    assert risk_scores(db, tables=tables, factors=mine)["payment_score"].item() == 0.25


def test_a_member_new_to_part_b_is_a_new_enrollee(told, tables):
    db = told((1, 2025, "E119"), spans=[span(1, "2025-06-01", part="PART_B")])
    assert scores(db, tables) == [(1, 71, "38", 0.8)]


@pytest.mark.parametrize(
    ("kind", "more", "hccs"),
    [
        ("professional", {}, "38"),
        ("institutional", {"bill": "111"}, "38"),
        ("institutional", {"bill": "131"}, "38"),
        ("institutional", {"bill": "211"}, ""),
        ("institutional", {"bill": "321"}, ""),
        ("pharmacy", {}, ""),
    ],
)
def test_which_claims_count(told, tables, kind, more, hccs):
    db = told((1, 2025, "E119"), kind=kind, **more)
    assert scores(db, tables)[0][2] == hccs


def test_with_cms_list_only_claims_with_a_procedure_on_it(told, tables):
    db = told((1, 2025, "E119"), (1, 2025, "I509"),
              more=[line(1, 1, code="99213"), line(2, 2, code="80053")])  # fmt: skip
    assert scores(db, tables)[0][2] == "38"
    told_of = db.sql("SELECT is_eligible, is_filtered FROM risk_diagnosis ORDER BY diagnosis_code")
    assert told_of.rows() == [(True, True), (False, True)]


def test_the_mean_of_members(told, tables):
    people = [member(1, "1954-02-02"), member(2, "1954-02-02"), member(3, "1954-02-02", "M")]
    db = told((1, 2025, "E119"), (2, 2025, "I509"), people=people)
    found = risk_score(db, tables=tables).row(0, named=True)
    assert (found["n"], found["value"]) == (3, pytest.approx((0.5 + 0.8 + 0.45) / 3))
    assert found["low"] < found["value"] < found["high"]
    assert found["hcc_count"] == pytest.approx(2 / 3)
    assert risk_score(db, "sex_code", tables=tables)["n"].to_list() == [2, 1]


def test_gaps_with_what_coding_them_would_add(told, tables):
    db = told((1, 2024, "I509"), (1, 2024, "J449"), (1, 2025, "E119"))
    (row,) = hcc_gaps(db, tables=tables, base_rate=1000).to_dicts()
    # Heart failure, and its interaction with this year's diabetes; lung disease does not last.
    assert (row["hcc"], row["factor"]) == ("226", 0.51)
    assert row["last_coded_date"] == dt.date(2024, 3, 2)
    assert row["amount"] == Decimal(str(round(0.51 * 12000 * (1 - 0.059) / 1.067, 2)))
    assert hcc_gaps(db, tables=tables)["amount"].to_list() == [None]
    with pytest.raises(BadQueryError, match="Decimal"):
        hcc_gaps(db, tables=tables, base_rate=1000.5)


def test_each_gap_counts_alone(told, tables):
    db = told((1, 2024, "I509"), (1, 2024, "E119"))
    gaps = hcc_gaps(db, tables=tables).select("hcc", "factor").rows()
    assert gaps == [("226", 0.4), ("38", 0.1)]
    assert hcc_gaps(db, tables=tables, limit=1)["hcc"].to_list() == ["226"]
    with pytest.raises(BadQueryError, match="limit"):
        risk_scores(db, tables=tables, limit=-1)


def test_the_same_or_a_graver_condition_closes_a_gap(told, tables):
    graver = told((1, 2024, "E119"), (1, 2025, "E1165"))
    assert hcc_gaps(graver, tables=tables).is_empty()
    milder = told((1, 2024, "E1165"), (1, 2025, "E119"))
    assert hcc_gaps(milder, tables=tables).select("hcc", "factor").rows() == [("37", 0.1)]


def test_recapture_counts_conditions_of_the_year_before(told, tables):
    people = [member(1, "1954-02-02"), member(2, "1954-02-02")]
    db = told(
        (1, 2024, "E119"), (1, 2024, "I509"), (1, 2025, "E1165"), (2, 2024, "I509"),
        (2, 2025, "I509"), (2, 2024, "J449"), people=people,
    )  # fmt: skip
    found = hcc_recapture_rate(db, tables=tables).row(0, named=True)
    assert (found["hits"], found["n"], found["value"]) == (2, 3, pytest.approx(2 / 3))
    assert hcc_recapture_rate(db, "payer_name", tables=tables).rows()[0][:2] == ("Medicare", 3)
    none = hcc_recapture_rate(db, tables=tables, where={"payer_name": "x"})
    assert none.row(0)[:2] == (0, None)


def test_names_are_checked(told, tables):
    db = told((1, 2025, "E119"))
    with pytest.raises(UnknownNameError, match="did you mean 'payer_name'"):
        risk_score(db, "payer_nme", tables=tables)
    with pytest.raises(BadQueryError, match="payment_year"):
        risk_scores(db, "2026", tables=tables)
