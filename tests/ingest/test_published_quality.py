"""Specifications of quality measures: the two forms they are published in, and what is refused."""

import copy
import datetime as dt
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from analytics import codes
from analytics.database import Database
from analytics.errors import UnreadableFileError
from analytics.ingest.published import read, read_file
from analytics.published import load_published, published_rows

NAME = "qpp-single-source-2025.json"
ONE = {
    "eligibilityOptions": [
        {
            "diagnosisCodes": ["E11.9"], "diagnosisExclusionCodes": ["F30.10"], "minAge": 18.0,
            "maxAge": 75.0, "sexCode": "F", "optionGroup": "00",
            "procedureCodes": [
                {"code": "99213"},
                {"code": "g0438", "placesOfServiceExclusions": ["10", "02"],
                 "modifierExclusions": ["GT"]},
            ],
        }
    ],
    "measureId": "001",
    "performanceOptions": [
        {"optionGroup": "00", "optionType": "performanceMet",
         "qualityCodes": [{"code": "G8752"}, {"code": "G8754"}]},
        {"optionGroup": "00", "optionType": "performanceNotMet",
         "qualityCodes": [{"code": "3017F", "modifiers": ["8P"]}]},
        {"optionGroup": "00", "optionType": "eligiblePopulationExclusion",
         "qualityCodes": [{"code": "G9709"}]},
        {"optionGroup": "00", "optionType": "eligiblePopulationException",
         "qualityCodes": [{"code": "G8433"}]},
    ],
}  # fmt: skip


def text(change=None, number="001"):
    made = copy.deepcopy(ONE)
    if change:
        change(made)
    return json.dumps({number: made}, indent=4, sort_keys=True).encode()


def release(content=None, name=NAME):
    found = read(text() if content is None else content, name)
    assert found is not None
    return found


def told(found):
    return found.rows.select("role", "option_no", "code", "modifiers", "excluded_modifiers",
                             "places", "excluded_places").rows()  # fmt: skip


def test_the_codes_with_their_roles_and_options():
    found = release()
    assert (found.kind, found.name) == ("quality_specification", "2025")
    assert (found.starts, found.ends) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert told(found) == [
        ("encounter", 1, "99213", None, None, None, None),
        ("encounter", 1, "G0438", None, "GT", None, "02,10"),
        ("diagnosis", 1, "E119", None, None, None, None),
        ("diagnosis_exclusion", 1, "F3010", None, None, None, None),
        ("met", 1, "G8752", None, None, None, None),
        ("met", 1, "G8754", None, None, None, None),
        ("not_met", 2, "3017F", "8P", None, None, None),
        ("exclusion", 3, "G9709", None, None, None, None),
        ("exception", 4, "G8433", None, None, None, None),
    ]
    (people,) = found.more["quality_population"].to_dicts()
    assert people == {
        "measure_number": "001", "option_group": "00", "option_no": 1, "min_age": 18,
        "max_age": 75, "sex_code": "F", "performance_year": 2025,
    }  # fmt: skip


def test_the_list_of_all_measures_says_the_same():
    others = [{"category": "ia", "measureId": "IA_1", "title": "x"},
              {"category": "quality", "measureId": "900", "title": "not of claims"}]  # fmt: skip
    both = [*others, {"category": "quality", "title": "x", "isInverse": True, **ONE}]
    for content in (json.dumps(both), json.dumps(both, indent=2)):
        found = release(content.encode(), "measures-data-2025.json")
        assert told(found) == told(release())
        assert found.more["quality_population"].equals(release().more["quality_population"])


def test_files_of_older_years_name_no_group():
    def older(one):
        for key in ("eligibilityOptions", "performanceOptions"):
            for option in one[key]:
                del option["optionGroup"]

    found = release(text(older), "qpp-single-source-2018.json")
    assert (found.name, set(found.rows["option_group"])) == ("2018", {"00"})
    assert told(found) == told(release())


def test_the_year_is_that_of_the_name_or_its_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "qpp.zip", "w") as archive:
        archive.writestr("measures/2024/qpp-single-source.json", text())
    ((_, _, found),) = read_file(tmp_path / "qpp.zip")
    assert found.name == "2024"
    with pytest.raises(UnreadableFileError, match="which performance year"):
        read(text(), "qpp-single-source.json")
    with pytest.raises(UnreadableFileError, match="which performance year"):
        read(text(), "qpp-120256.json")


def without(*path):
    def change(one):
        for step in path[:-1]:
            one = one[step]
        del one[path[-1]]

    return change


def put(value, *path):
    def change(one):
        for step in path[:-1]:
            one = one[step]
        one[path[-1]] = value

    return change


WHO, DONE = ("eligibilityOptions", 0), ("performanceOptions", 0)
CHANGED = [
    (put("x", *WHO, "weightLimit"), "measure 001, eligibilityOptions says something not known "
     "here: weightLimit"),
    (put({"code": "99213", "units": 2}, *WHO, "procedureCodes", 0), "not known here: units"),
    (put("x", *DONE, "score"), "not known here: score"),
    (put("performanceHalf", *DONE, "optionType"), "no known optionType"),
    (put(["performanceMet"], *DONE, "optionType"), "no known optionType"),
    (without(*DONE, "optionType"), "no known optionType"),
    (without(*DONE, "qualityCodes"), "qualityCodes is no list"),
    (put({}, *DONE, "qualityCodes"), "qualityCodes is no list"),
    (put({}, "performanceOptions"), "performanceOptions is no list"),
    (put(None, "eligibilityOptions"), "eligibilityOptions is no list"),
    (put("x", *WHO), "eligibilityOptions is no object"),
    (put("F11", *WHO, "sexCode"), "no known sexCode"),
    (put("18", *WHO, "minAge"), "an age that is none"),
    (put(-1, *WHO, "minAge"), "an age that is none"),
    (put(float("nan"), *WHO, "maxAge"), "an age that is none"),
    (put(True, *WHO, "maxAge"), "an age that is none"),
    (put(17, *WHO, "maxAge"), "1 of 1 rows have a first age above the last, first row 1"),
    (put(["E-1"], *WHO, "diagnosisCodes"), "1 of 9 rows have no code, first row 3"),
    (put([{"code": "9921"}], *WHO, "procedureCodes"), "have no code"),
    (put([{}], *WHO, "procedureCodes"), "have no code"),
    (put([7], *WHO, "procedureCodes"), "is no object"),
    (put({"code": "99213", "modifiers": ["8P5"]}, *WHO, "procedureCodes", 0), "have no modifiers"),
    (put({"code": "99213", "modifiers": "8P"}, *WHO, "procedureCodes", 0), "is no list"),
    (put("002", "measureId"), "a measure without its number"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), CHANGED, ids=[said for _, said in CHANGED])
def test_a_file_changed_is_refused_and_says_where(change, said):
    with pytest.raises(UnreadableFileError) as caught:
        read(text(change), NAME)
    assert said in str(caught.value)
    assert NAME in str(caught.value)


def test_a_file_cut_short_or_of_other_content_is_refused():
    whole = text()
    for end in (*range(200, len(whole) - 1, 97), len(whole) - 1):
        with pytest.raises(UnreadableFileError, match="no whole JSON file"):
            read(whole[:end], NAME)
    twice = whole[:-1] + b", " + whole[1:]
    with pytest.raises(UnreadableFileError, match="no whole JSON file"):
        read(twice, NAME)
    deep = b'{"001": {"eligibilityOptions": ' + b"[" * 100_000
    with pytest.raises(UnreadableFileError, match="no whole JSON file"):
        read(deep, NAME)
    two = json.dumps([{"category": "quality", **ONE}] * 2).encode()
    with pytest.raises(UnreadableFileError, match="tells of measure 001 twice"):
        read(two, "measures-data-2025.json")
    with pytest.raises(UnreadableFileError, match="no measure with codes of claims"):
        read(b'[{"category": "ia", "measureId": "IA_1"}]', "measures-data-2025.json")
    assert read(b'[{"measureId": "1", "benchmarkYear": 2022}]', "2025.json") is None
    assert read(b'{"001": {"title": "x"}}', NAME) is None


def test_loaded_they_stand_by_year_and_a_new_one_of_the_name_replaces(tmp_path):
    with Database() as db:
        for year, change in ((2024, None), (2025, None), (2025, put(40.0, *WHO, "minAge"))):
            (tmp_path / f"qpp-single-source-{year}.json").write_bytes(text(change))
            load_published(db, [tmp_path / f"qpp-single-source-{year}.json"])
        ages = db.sql("SELECT performance_year, min_age FROM quality_population ORDER BY 1")
        assert ages.rows() == [(2024, 18), (2025, 40)]
        assert published_rows(db, "quality_specification", "g9709")["release"].to_list() == [
            "2024", "2025",
        ]  # fmt: skip


SHARED = Path(__file__).parents[3] / "shared" / "reference" / "mips"
NOT_THERE = pytest.mark.skipif(not SHARED.exists(), reason="the shared folder is not there")


@NOT_THERE
def test_the_published_files_are_read_whole_and_alike():
    parsed = json.loads((SHARED / NAME).read_text())
    count = sum(
        len(option.get(key, []))
        for one in parsed.values()
        for option in one["eligibilityOptions"] + one["performanceOptions"]
        for key in ("procedureCodes", "diagnosisCodes", "diagnosisExclusionCodes", "qualityCodes")
    )
    ((_, _, single),) = read_file(SHARED / NAME)
    ((_, _, every),) = read_file(SHARED / "measures-data-2025.json")
    order = single.rows.columns
    assert count == len(single.rows) == 15_978
    assert single.rows["measure_number"].n_unique() == len(parsed) == 25
    assert single.rows.sort(order).equals(every.rows.sort(order))


@NOT_THERE
def test_our_rules_fit_the_published_measures():
    """Numbers, groups and directions of the code maps, and that what they take back is there."""
    ((_, _, single),) = read_file(SHARED / NAME)
    measures = codes.shipped("quality_measure")
    known = single.rows.select("measure_number", "option_group").unique()
    named = measures.join(known, on=["measure_number", "option_group"], how="semi")
    assert named.height == measures.height
    every = json.loads((SHARED / "measures-data-2025.json").read_text())
    inverse = {one["measureId"]: one.get("isInverse") for one in every}
    told_by = dict(measures.select("measure_number", "is_inverse").rows())
    assert told_by == {number: inverse[number] for number in told_by}
    ours = codes.shipped("quality_code")
    assert set(ours["measure_number"]) == set(measures["measure_number"])
    says_not_done = ours.filter(pl.col("role") == "not_done", pl.col("code") != "3046F")
    published = single.rows.join(
        says_not_done, left_on=["measure_number", "code"], right_on=["measure_number", "code"]
    )
    assert set(published["code"]) >= set(says_not_done["code"]) - {"G9905"}  # of another group
    named = ours.filter(role="exclusion").select("measure_number", "code")
    excluding = single.rows.filter(role="exclusion").join(
        measures, on=["measure_number", "option_group"], how="semi"
    )
    unnamed = excluding.join(named, on=["measure_number", "code"], how="anti")
    assert unnamed["code"].to_list() == [], "excludes without a reason in words"
