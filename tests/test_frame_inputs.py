"""Functions of plain frames take those of polars, pandas and pyarrow, and say what is none."""

import datetime as dt

import pandas as pd
import polars as pl
import pytest

from analytics.edits import MceTables
from analytics.errors import UnreadableFileError
from analytics.frames import FrameError
from analytics.metrics.coding import claim_edits, diagnosis_edits
from analytics.risk import HccError, hcc_factors, hcc_findings, hcc_scores, payment_scores

PEOPLE = pl.DataFrame(
    {"person_id": ["a", "b"], "age": [72, None], "sex": "F", "orec": [0, None], "dual": "NA"}
)
DIAGNOSES = pl.DataFrame({"person_id": ["a"], "diagnosis_code": ["E11.9"]})
SCORES = pl.DataFrame({"person_id": ["a", "b"], "score": [1.0, None]})
CLAIMS = pl.DataFrame(
    {
        "claim_id": [1], "discharge_date": ["20260401"], "age": [50], "sex_code": ["F"],
        "principal": ["A00"], "secondary": [["B00"]],
    }
)  # fmt: skip
FACTORS = pl.DataFrame(
    {
        "payment_year": [2026], "model": ["V28"], "weight": [1.0], "normalization": [1.05],
        "coding_adjustment": [0.06],
    }
)  # fmt: skip
FORMS = [
    pl.DataFrame.lazy, pl.DataFrame.to_arrow, pl.DataFrame.to_pandas,
    lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
]  # fmt: skip
NO_FRAMES = [None, 3, "people.csv", [{"person_id": 1}], {"person_id": [1]}, pl.Series([1])]
NO_FRAMES += [pd.Series([1]), object()]
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=["lazy", "arrow", "pandas", "pandas_arrow"])
NO_FRAME = pytest.mark.parametrize("bad", NO_FRAMES, ids=lambda one: type(one).__name__)
HCC = pytest.mark.parametrize("score", [hcc_scores, hcc_factors, hcc_findings])
pytestmark = pytest.mark.filterwarnings("ignore::analytics.risk.HccWarning")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """CMS's tables of a model of one diagnosis."""
    folder = tmp_path_factory.mktemp("hcc")
    for name, text in {
        "ra_dx_to_cc_2026": "diagnosis_code,cc,model_name\nE119,38,CMS-HCC Model V28",
        "ra_dx_edits": "icd10,edit_type,sex,age_min,age_max,action,cc_override,model_name",
        "ra_hierarchies_2026": "cc_parent,cc_child,model_domain,model_version\n37,38,CMS-HCC,V28",
        "ra_coefficients_2026": "coefficient,value,model_domain,model_version\n"
        "CNA_F70_74,0.4,CMS-HCC,V28\nCNA_HCC38,0.1,CMS-HCC,V28",
    }.items():
        (folder / f"{name}.csv").write_text(text + "\n")
    return folder


@HCC
@EVERY_FORM
def test_scores_are_those_of_polars(score, form, tables):
    found = score(form(PEOPLE), form(DIAGNOSES), tables=tables)
    assert found.equals(score(PEOPLE, DIAGNOSES, tables=tables))
    assert len(found) > 0


@HCC
@NO_FRAME
def test_people_and_diagnoses_that_are_no_frames_are_refused(score, bad, tables):
    with pytest.raises(HccError, match="people must be a frame of polars, pandas or pyarrow"):
        score(bad, DIAGNOSES, tables=tables)
    with pytest.raises(HccError, match="diagnoses must be a frame"):
        score(PEOPLE, bad, tables=tables)


@HCC
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"model": None}, "the model None is not supported"),
        ({"model": 28}, "the model 28 is not supported"),
        ({"segment": 3}, "segment must be text, one of CNA"),
        ({"segment": ["CNA"]}, "segment must be text"),
        ({"segment": "XYZ"}, "a segment is none of CNA"),
        ({"tables": 5}, "is no folder"),
    ],
)
def test_options_of_the_wrong_kind_are_refused(score, asked, message, tables):
    with pytest.raises(HccError, match=message):
        score(PEOPLE, DIAGNOSES, **{"tables": tables} | asked)


@HCC
@pytest.mark.parametrize("column", ["person_id", "age", "sex", "orec", "dual", "snp", "segment"])
@pytest.mark.parametrize("value", [[["x"]], [b"x"], [{"a": 1}], [object()]])
def test_columns_that_hold_no_values_are_named(score, column, value, tables):
    people = PEOPLE.head(1).with_columns(pl.Series(column, value))
    with pytest.raises(HccError, match=f"people must have text, numbers or dates in {column}"):
        score(people, DIAGNOSES, tables=tables)


@EVERY_FORM
def test_payment_scores_are_those_of_polars(form):
    expected = payment_scores({"V28": SCORES}, 2026, factors=FACTORS)
    assert expected["score"].to_list() == [0.895, None]  # 1 / 1.05 = 0.952, less 6 percent
    assert payment_scores({"V28": form(SCORES)}, 2026, factors=form(FACTORS)).equals(expected)


@pytest.mark.parametrize(
    ("scores", "factors", "year", "message"),
    [
        (SCORES, FACTORS, 2026, "scores must be by model"),
        (None, FACTORS, 2026, "scores must be by model"),
        ({"V28": [1]}, FACTORS, 2026, "scores of V28 must be a frame"),
        ({"V28": SCORES.drop("score")}, FACTORS, 2026, "lacks the columns score"),
        ({"V28": SCORES.cast({"score": pl.String})}, FACTORS, 2026, "numbers in score"),
        ({"V28": pl.concat([SCORES, SCORES])}, FACTORS, 2026, "a person twice"),
        (
            {"V28": SCORES, "V24": pl.DataFrame({"person_id": [1], "score": [1.0]})},
            FACTORS, 2026, "of one type in the scores of one model",
        ),
        ({"V28": SCORES}, FACTORS, "2026", "payment_year must be a year"),
        ({"V28": SCORES}, FACTORS, None, "payment_year must be a year"),
        ({"V28": SCORES}, [1], 2026, "factors must be a frame"),
        ({"V28": SCORES}, FACTORS.drop("weight"), 2026, "lacks the columns weight"),
        ({"V28": SCORES}, FACTORS.with_columns(weight=pl.lit("all")), 2026, "must have numbers"),
        ({"V28": SCORES}, FACTORS.with_columns(normalization=0.0), 2026, "not above 0"),
        ({"V28": SCORES}, FACTORS.with_columns(normalization=float("nan")), 2026, "no number"),
    ],
)  # fmt: skip
def test_payment_scores_say_what_is_wrong(scores, factors, year, message):
    with pytest.raises(HccError, match=message):
        payment_scores(scores, year, factors=factors)


@pytest.mark.parametrize("edit", [claim_edits, diagnosis_edits])
@EVERY_FORM
def test_edits_are_those_of_polars(edit, form):
    assert edit(form(CLAIMS), MceTables()).equals(edit(CLAIMS, MceTables()))


@pytest.mark.parametrize("edit", [claim_edits, diagnosis_edits])
@NO_FRAME
def test_claims_that_are_no_frame_are_refused(edit, bad):
    with pytest.raises(FrameError, match="claims must be a frame of polars, pandas or pyarrow"):
        edit(bad, MceTables())


def test_columns_of_claims_of_the_wrong_kind_are_named():
    with pytest.raises(FrameError, match="list of codes in secondary"):
        diagnosis_edits(CLAIMS.with_columns(secondary=pl.lit("B00")), MceTables())
    with pytest.raises(FrameError, match="in principal"):
        diagnosis_edits(CLAIMS.with_columns(principal=pl.lit(["B00"])), MceTables())


def test_a_column_of_several_types_is_said():
    people = pd.DataFrame({"person_id": [1, "b"], "age": 70, "sex": "F", "orec": 0, "dual": "NA"})
    with pytest.raises(HccError, match="people cannot be read: has a column values of several"):
        hcc_scores(people, DIAGNOSES)


@pytest.mark.parametrize("edit", [claim_edits, diagnosis_edits])
def test_numbers_that_pandas_makes_points_of_are_whole(edit):
    """A column of whole numbers with an empty cell is of floats in pandas."""
    one = CLAIMS.with_columns(discharge_date=20260401, sex_code=2, discharge_status=1)
    points = one.with_columns(pl.col("discharge_date", "sex_code", "discharge_status").cast(float))
    tables = MceTables(
        diagnoses=pl.DataFrame(
            {"code": ["A00", "B00"], "start_date": [dt.date(2015, 10, 1)] * 2, "end_date": None,
             "flags": [[], ["male"]]},
            schema_overrides={"end_date": pl.Date, "flags": pl.List(pl.String)},
        ),
        statuses=pl.DataFrame(
            {"code": ["01"], "start_date": [dt.date(2015, 10, 1)], "end_date": None},
            schema_overrides={"end_date": pl.Date},
        ),
        starts=dt.date(2015, 10, 1), ends=dt.date(2026, 9, 30),
    )  # fmt: skip
    found = edit(points, tables)
    assert found.equals(edit(one, tables))
    assert found["not_checked"].list.len().sum() == 0
    halves = edit(points.with_columns(sex_code=1.5), tables)
    assert halves["edits"].to_list() == [["INVALID_SEX"]] or edit is diagnosis_edits


@pytest.mark.parametrize("edit", [claim_edits, diagnosis_edits])
def test_other_columns_of_claims_are_let_be(edit):
    more = CLAIMS.with_columns(row=7, day=8, sex=9, status=1, code=2, first=3, _bits=4, edits=5)
    assert edit(more, MceTables()).equals(edit(CLAIMS, MceTables()))


@pytest.mark.parametrize("edit", [claim_edits, diagnosis_edits])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("age", dt.date(1970, 1, 1)), ("age", True),
        ("discharge_date", dt.time(12)), ("discharge_date", dt.timedelta(days=3)),
    ],
)  # fmt: skip
def test_what_is_no_age_or_no_day_is_refused(edit, column, value):
    with pytest.raises(FrameError, match=f"in {column}"):
        edit(CLAIMS.with_columns(pl.lit(value).alias(column)), MceTables())


def test_secondary_diagnoses_are_lists_of_codes_or_none_at_all():
    with pytest.raises(FrameError, match="list of codes in secondary"):
        diagnosis_edits(CLAIMS.with_columns(secondary=pl.lit([["B00"]])), MceTables())
    nothing = CLAIMS.with_columns(secondary=pl.lit(None, pl.Float64))
    assert diagnosis_edits(nothing, MceTables())["code"].to_list() == ["A00"]


@pytest.mark.parametrize("tables", [5, [5], pl.DataFrame({"code": ["A00"]})])
def test_tables_that_are_none_are_refused(tables):
    with pytest.raises(UnreadableFileError, match="a database, a folder or files"):
        diagnosis_edits(CLAIMS, tables)
