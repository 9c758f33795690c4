"""The rules of a risk score, on a model small enough to add up by hand."""

import polars as pl
import pytest

from analytics.risk import HccError, HccWarning, hcc_factors, hcc_findings, hcc_scores
from analytics.risk.tables import VARIABLE

DOMAIN = {"model_domain": "CMS-HCC", "model_version": "V28"}
MODEL = {"model_name": "CMS-HCC Model V28"}
# Codes and what they mean: diabetes 37 over 38, heart failure 222 over 226, lung 280, cancer 22.
MEANT = {
    "E1165": "37", "E119": "38", "I5084": "222", "I509": "226", "J449": "280", "C50911": "23",
    "C61": "22", "D66": "114", "A01": "301", "A02": "302", "A03": "303", "Z95811": "223",
    "B377": "2", "P270": "279", "F3481": "155",
}  # fmt: skip
HCCS = {
    "37": 0.2, "38": 0.1, "222": 1.0, "226": 0.4, "280": 0.3, "22": 0.5, "23": 0.6, "114": 0.7,
    "223": 0.9, "2": 0.05, "6": 0.06, "279": 0.8, "155": 0.15, "301": 0, "302": 0, "303": 0,
}  # fmt: skip
EDITS = [
    ("D66", "sex", "2", "", "", "override", "22"),
    ("C50911", "age", "", "", "49", "override", "22"),
    ("J449", "age", "", "", "17", "invalid", ""),
    ("P270", "age", "", "2", "", "invalid", ""),
    ("F3481", "age", "", "19", "5", "invalid", ""),
]
ABOVE = [("37", "38"), ("222", "226"), ("222", "223"), ("223", "226"), ("22", "23")]
AGES = {
    "CNA": {"F70_74": 0.4, "M70_74": 0.45, "M65_69": 0.3},
    "CND": {"F35_44": 0.25, "F60_64": 0.2, "M0_34": 0.1},
    "CFA": {"F70_74": 0.6}, "CPA": {"F70_74": 0.5}, "CFD": {"F35_44": 0.35}, "CPD": {"F35_44": 0.3},
    "INS": {"F70_74": 1.4, "F35_44": 1.1, "LTIMCAID": 0.13, "ORIGDS": 0.02},
    "NE": {
        "NMCAID_NORIGDIS_NEF67": 0.7, "MCAID_NORIGDIS_NEF67": 0.9, "NMCAID_ORIGDIS_NEF67": 1.1,
        "MCAID_ORIGDIS_NEF67": 1.2, "NMCAID_NORIGDIS_NEM65": 0.61, "NMCAID_NORIGDIS_NEM60_64": 0.62,
        "NMCAID_NORIGDIS_NEF70_74": 0.8,
    },
    "SNPNE": {"NMCAID_NORIGDIS_NEF67": 0.95},
}  # fmt: skip
MORE = {
    "OriginallyDisabled_Female": 0.25, "OriginallyDisabled_Male": 0.14, "DIABETES_HF_V28": 0.11,
    "HF_CHR_LUNG_V28": 0.07, "D1": 0, "D2": 0, "D3": 0, "D4": 0.01, "D5": 0.03, "D10P": 0.5,
}  # fmt: skip
INSTITUTIONAL = {"DISABLED_CANCER_V28": 0.33, "DIABETES_HF_V28": 0.16}
SEGMENTS = ("CNA", "CND", "CFA", "CFD", "CPA", "CPD")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A folder with the four tables, as CMS's come."""
    folder = tmp_path_factory.mktemp("hcc")
    values = [(f"{s}_{name}", v) for s, ages in AGES.items() for name, v in ages.items()]
    values += [(f"{s}_HCC{h}", v) for s in (*SEGMENTS, "INS") for h, v in HCCS.items()]
    values += [(f"{s}_{name}", v) for s in SEGMENTS for name, v in MORE.items()]
    values += [(f"INS_{name}", v) for name, v in INSTITUTIONAL.items()]
    meant = [*MEANT.items(), ("B377", "6")]  # a code of two categories
    edit = ["icd10", "edit_type", "sex", "age_min", "age_max", "action", "cc_override"]
    for name, frame in {
        "ra_dx_to_cc_2026": pl.DataFrame(
            meant, ["diagnosis_code", "cc"], orient="row"
        ).with_columns(**{k: pl.lit(v) for k, v in MODEL.items()}),
        "ra_dx_edits": pl.DataFrame(EDITS, edit, orient="row").with_columns(
            **{k: pl.lit(v) for k, v in MODEL.items()}
        ),
        "ra_hierarchies_2026": pl.DataFrame(
            ABOVE, ["cc_parent", "cc_child"], orient="row"
        ).with_columns(**{k: pl.lit(v) for k, v in DOMAIN.items()}),
        "ra_coefficients_2026": pl.DataFrame(
            values, {"coefficient": pl.String, "value": pl.Float64}, orient="row"
        ).with_columns(**{k: pl.lit(v) for k, v in DOMAIN.items()}),
    }.items():
        frame.write_csv(folder / f"{name}.csv")
    return folder


@pytest.fixture
def score(tables):
    """HCCs and score of one person: a woman of 72, not dual, unless it says otherwise."""

    def scored(*codes, **who):
        people = pl.DataFrame([person(**who)])
        found = hcc_scores(people, having({1: codes}), tables=tables).row(0, named=True)
        return found["hccs"], found["score"]

    return scored


def person(**who):
    return {"person_id": 1, "age": 72, "sex": "F", "orec": "0", "dual": "NA"} | who


def having(codes):
    rows = [(one, code) for one, each in codes.items() for code in each]
    kinds = {"person_id": pl.Int64, "diagnosis_code": pl.String}
    return pl.DataFrame(rows, kinds, orient="row")


def test_without_diagnoses_age_and_sex_make_the_score(score):
    assert score() == ([], 0.4)
    assert score(sex="M") == ([], 0.45)


def test_an_hcc_counts_once_however_often_it_is_coded(score):
    assert score("E119", "E119") == (["38"], 0.5)


def test_a_code_without_an_hcc_brings_nothing(score):
    assert score("Z0000") == ([], 0.4)


def test_a_code_may_have_two_hccs_and_they_sort_as_numbers(score):
    assert score("B377", "E119") == (["2", "6", "38"], 0.61)


@pytest.mark.parametrize("code", ["i50.9", " I509 ", "I50.9", "i509"])
def test_codes_are_read_with_dots_and_in_any_case(score, code):
    assert score(code) == (["226"], 0.8)


def test_the_higher_hcc_takes_the_lower_away(score):
    assert score("E1165", "E119") == (["37"], 0.6)


def test_an_hcc_taken_away_still_takes_its_lesser_ones(score):
    # 222 takes 223, and 223 (taken) takes 226 as well
    assert score("I5084", "Z95811", "I509")[0] == ["222"]


def test_an_assist_device_counts_only_with_another_heart_failure(score):
    assert score("Z95811") == ([], 0.4)
    assert score("Z95811", "I509") == (["223"], 1.3)


@pytest.mark.parametrize(
    ("code", "who", "hccs"),
    [
        ("D66", {}, ["22"]),  # in a woman: another category
        ("D66", {"sex": "M"}, ["114"]),
        ("C50911", {"age": 40, "orec": "1"}, ["22"]),
        ("C50911", {}, ["23"]),
        ("J449", {"age": 17, "sex": "M", "orec": "1"}, []),
        ("J449", {}, ["280"]),
        ("P270", {}, []),  # from 2 years on
        ("P270", {"age": 1, "sex": "M", "orec": "1"}, ["279"]),
        ("F3481", {}, []),  # outside 6 to 18
        ("F3481", {"age": 6, "sex": "M", "orec": "1"}, ["155"]),
        ("F3481", {"age": 18, "sex": "M", "orec": "1"}, ["155"]),
        ("F3481", {"age": 5, "sex": "M", "orec": "1"}, []),
    ],
)
def test_edits_of_age_and_sex_come_before_hierarchies(score, code, who, hccs):
    assert score(code, **who)[0] == hccs


def test_two_groups_present_interact(score):
    # 0.4 + 0.1 + 0.4 and diabetes with heart failure 0.11
    assert score("E119", "I509") == (["38", "226"], 1.01)


def test_interactions_look_at_what_hierarchies_leave(score):
    assert score("Z95811", "J449") == (["280"], 0.7)  # 223 fell away: no heart failure


def test_the_number_of_payment_hccs_has_a_factor(score):
    # 0.4; 38, 226, 280, 2, 6: 0.1 + 0.4 + 0.3 + 0.11; both interactions 0.18; five of them 0.03
    assert score("E119", "I509", "J449", "B377") == (["2", "6", "38", "226", "280"], 1.52)


def test_ten_and_more_share_a_factor(score):
    seven = ["E1165", "I5084", "J449", "C61", "D66", "B377"]
    ten = [*seven, "A01", "A02", "A03"]
    lost = 0.45 + 0.2 + 1.0 + 0.3 + 0.5 + 0.7 + 0.11 + 0.11 + 0.07
    assert score(*seven, sex="M")[1] == pytest.approx(lost)  # no factor for seven
    assert score(*ten, sex="M")[1] == pytest.approx(lost + 0.5)
    assert len(score(*ten, sex="M")[0]) == 10


@pytest.mark.parametrize(
    ("who", "value"),
    [
        ({"dual": "02"}, 0.6), ({"dual": "8"}, 0.6), ({"dual": "04"}, 0.6), ({"dual": "01"}, 0.5),
        ({"dual": "06"}, 0.5), ({"dual": None}, 0.4), ({"dual": "00"}, 0.4), ({"dual": "09"}, 0.4),
        ({"age": 40, "orec": "1"}, 0.25), ({"age": 40, "orec": "1", "dual": "02"}, 0.35),
        ({"age": 40, "orec": "1", "dual": "05"}, 0.3), ({"age": 64, "orec": "1"}, 0.2),
        ({"age": 72.9}, 0.4), ({"sex": "female"}, 0.4), ({"sex": "2"}, 0.4), ({"sex": "m"}, 0.45),
    ],
)  # fmt: skip
def test_the_segment_goes_by_age_and_dual_status(score, who, value):
    assert score(**who)[1] == value


def test_who_was_entitled_by_disability_and_is_aged_has_a_factor(score):
    assert score(orec="1")[1] == 0.65
    assert score(orec="1", sex="M")[1] == 0.59
    assert score(orec="3")[1] == 0.4


def test_institutional_people_have_factors_of_their_own(score):
    assert score(institutional=True)[1] == 1.4
    assert score(institutional=True, dual="03")[1] == 1.53
    assert score(institutional=True, medicaid=True, orec="1")[1] == 1.55


def test_the_disabled_in_institutions_have_interactions(score):
    young = {"age": 40, "institutional": True}
    assert score("C61", orec="1", **young)[1] == 1.93  # 1.1 + 0.5 + 0.33
    assert score("C61", orec="0", **young)[1] == 1.6
    assert score("C61", institutional=True)[1] == 1.9


@pytest.mark.parametrize(
    ("who", "value"),
    [
        ({}, 0.7), ({"dual": "02"}, 0.9), ({"orec": "1"}, 1.1), ({"orec": "1", "dual": "01"}, 1.2),
        ({"medicaid": True}, 0.9), ({"medicaid": False, "dual": "02"}, 0.7),
        ({"medicaid": None, "dual": "02"}, 0.9), ({"snp": None}, 0.7), ({"snp": True}, 0.95),
        ({"age": 70}, 0.8), ({"age": 64, "sex": "M", "orec": "0"}, 0.61),
        ({"age": 64, "sex": "M", "orec": "1"}, 0.62), ({"institutional": True}, 0.7),
    ],
)  # fmt: skip
def test_new_enrollees_are_scored_by_who_they_are_alone(score, who, value):
    found = score("E119", **{"age": 67, "new_enrollee": True} | who)
    assert found == (["38"], value)


def test_a_segment_may_be_named(tables):
    people = pl.DataFrame([person(segment="ins"), person(person_id=2, segment=None)])
    none = having({})
    assert hcc_scores(people, none, tables=tables)["score"].to_list() == [1.4, 0.4]
    named = hcc_scores(people, none, segment="CFA", tables=tables)
    assert named["score"].to_list() == [0.6, 0.6]
    with pytest.raises(HccError, match="a segment is none of CNA"):
        hcc_scores(people, none, segment="XYZ", tables=tables)


def test_factors_tell_what_a_score_adds_up_from(tables):
    factors = hcc_factors(pl.DataFrame([person()]), having({1: ["E119", "I509"]}), tables=tables)
    assert dict(factors.select("factor", "value").iter_rows()) == {
        "f70_74": 0.4, "hcc38": 0.1, "hcc226": 0.4, "diabetes_hf_v28": 0.11, "d2": 0.0,
    }  # fmt: skip
    assert factors["segment"].unique().to_list() == ["CNA"]


@pytest.mark.parametrize(
    ("rows", "rule", "count", "scores"),
    [
        ([person(age=None)], "age_missing", 1, [None]),
        ([person(age="old")], "age_missing", 1, [None]),
        ([person(age=-1)], "age_missing", 1, [None]),
        ([person(age=400)], "age_missing", 1, [None]),
        ([person(sex=None)], "sex_missing", 1, [None]),
        ([person(sex="U")], "sex_missing", 1, [None]),
        ([person(orec=None)], "orec_unknown", 1, [0.4]),
        ([person(orec="7")], "orec_unknown", 1, [0.4]),
        ([person(dual="77")], "dual_unknown", 1, [0.4]),
        ([person(institutional="perhaps")], "flag_unknown", 1, [0.4]),
        ([person(segment="CND")], "segment_unfit", 1, [None]),
        ([person(), person(dual="02"), person(age=72)], "person_conflicting", 1, [None]),
        ([person(), person(sex="2", dual="00")], "person_repeated", 1, [0.4]),
        ([person(), person(person_id=None)], "person_id_missing", 1, [0.4]),
    ],
)
def test_people_who_cannot_be_taken_as_they_are_are_counted(tables, rows, rule, count, scores):
    people, none = pl.DataFrame(rows, strict=False), having({})
    assert (rule, count) in hcc_findings(people, none, tables=tables).select("rule", "rows").rows()
    with pytest.warns(HccWarning, match="^1 "):
        found = hcc_scores(people, none, tables=tables)
    assert found["score"].to_list() == scores
    assert [hccs is None for hccs in found["hccs"]] == [one is None for one in scores]


def test_diagnoses_not_used_are_counted_without_a_warning(tables):
    people, codes = pl.DataFrame([person()]), having({1: ["E11.9", "", "!"], 2: ["E119"]})
    assert hcc_scores(people, codes, tables=tables)["score"].to_list() == [0.5]
    findings = hcc_findings(people, codes, tables=tables)
    assert findings.select("rule", "rows").rows() == [("code_malformed", 2), ("person_unknown", 1)]


def test_findings_name_nobody(tables):
    people = pl.DataFrame([person(person_id="SECRET", age=None)])
    codes = pl.DataFrame({"person_id": ["SECRET"], "diagnosis_code": ["?"]})
    with pytest.warns(HccWarning) as said:
        hcc_scores(people, codes, tables=tables)
    told = str(said[0].message) + str(hcc_findings(people, codes, tables=tables).to_dicts())
    assert "SECRET" not in told


def test_one_row_a_person_in_the_order_given(tables):
    people = pl.DataFrame([person(person_id=n) for n in (3, 1, 2)])
    found = hcc_scores(people, having({2: ["E119"]}), tables=tables)
    assert found.columns == ["person_id", "hccs", "score"]
    assert found["person_id"].to_list() == [3, 1, 2]
    assert found["hccs"].to_list() == [[], [], ["38"]]


def test_no_people_give_no_rows(tables):
    found = hcc_scores(pl.DataFrame([person()]).clear(), having({}), tables=tables)
    assert found.schema == {"person_id": pl.Int64, "hccs": pl.List(pl.String), "score": pl.Float64}


@pytest.mark.parametrize("model", ["ESRD V24", "RxHCC V08", "HHS", "V22", ""])
def test_other_models_are_refused(tables, model):
    with pytest.raises(HccError, match=r"not supported: there are V24 and V28 of CMS-HCC"):
        hcc_scores(pl.DataFrame([person()]), having({}), model, tables=tables)


def test_a_model_the_tables_lack_is_said(tables):
    with pytest.raises(HccError, match="has no rows of CMS-HCC V24"):
        hcc_scores(pl.DataFrame([person()]), having({}), "v24", tables=tables)


def test_frames_without_their_columns_are_refused(tables):
    with pytest.raises(HccError, match="people lacks the columns orec, dual"):
        hcc_scores(pl.DataFrame([person()]).drop("orec", "dual"), having({}), tables=tables)
    with pytest.raises(HccError, match="diagnoses lacks the columns diagnosis_code"):
        hcc_scores(pl.DataFrame([person()]), pl.DataFrame({"person_id": [1]}), tables=tables)
    other = pl.DataFrame({"person_id": ["1"], "diagnosis_code": ["E119"]})
    with pytest.raises(HccError, match="of one type in people and of another"):
        hcc_scores(pl.DataFrame([person()]), other, tables=tables)


def test_whole_numbers_of_any_size_name_a_person(tables):
    people = pl.DataFrame([person()]).with_columns(pl.col("person_id").cast(pl.Int16))
    assert hcc_scores(people, having({1: ["E119"]}), tables=tables)["score"].to_list() == [0.5]


def test_where_tables_come_from(tables, tmp_path, monkeypatch):
    people, none = pl.DataFrame([person()]), having({})
    monkeypatch.setenv(VARIABLE, str(tables))
    assert hcc_scores(people, none)["score"].to_list() == [0.4]
    with pytest.raises(HccError, match="is no folder"):
        hcc_scores(people, none, tables=tmp_path / "none")
    with pytest.raises(HccError, match=r"ra_dx_to_cc_2026.csv is not in"):
        hcc_scores(people, none, tables=tmp_path)
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr("analytics.risk.tables.find_spec", lambda _: None)
    with pytest.raises(HccError, match=r"install revcycle\[risk\].* or name in `tables=`"):
        hcc_scores(people, none)


def test_a_table_of_another_form_is_refused(tables, tmp_path):
    for file in tables.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "ra_dx_edits.csv").write_text("icd10,sex\nD66,2\n")
    with pytest.raises(HccError, match="lacks the columns edit_type, age_min"):
        hcc_scores(pl.DataFrame([person()]), having({}), tables=tmp_path)
