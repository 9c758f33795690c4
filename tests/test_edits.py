"""The Medicare Code Editor's edits: rules drawn small, properties, and CMS's own answers."""

import datetime as dt
import gzip
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given as drawn_from
from hypothesis import settings
from hypothesis import strategies as st

from analytics.database import Database
from analytics.edits import MceTables, mce_tables
from analytics.errors import MissingReferenceError, UnknownNameError
from analytics.metrics.coding import claim_edits, diagnosis_edits, inpatient_claims
from analytics.published import load_published

CODES = """code,start_date,end_date,flags
PLAIN,20151001,,
GONE,20151001,20200930,
BACK,20151001,20200930,female
BACK,20221001,,
WOMAN,20151001,20240930,female
WOMAN,20241001,,
MAN,20151001,,male
BABY,20151001,,newborn
CHILD,20151001,,pediatric
ADULT,20151001,,adult
BIRTH,20151001,,maternity|female
FALL,20151001,,ecodepdx
SHOWS,20151001,,manifestation
NEVER,20151001,,unacceptable
WITH,20151001,,reqsdx|unacceptable
ODD,20151001,,qadm
VAGUE,20151001,,unspecified
WRONG,20151001,,wrngproc|ecodepdx
"""
AGES = """age_group,start_age,end_age,start_date,end_date
Adult,15,124,19840301,
Maternity,12,55,19840301,20190930
Maternity,9,64,20191001,
Newborn,0,0,19840301,
Pediatric,0,17,19840301,
"""
STATUSES = "code,start_date,end_date\n1,19801001,\n8,19941001,20050930\n"
FLAGS = {line.split(",")[0]: line.split(",")[3] for line in CODES.splitlines()[1:]}
SHARED = Path(__file__).parents[2] / "shared"
REFERENCE = SHARED / "reference" / "mce"
TRUTH = SHARED / "truth" / "mce_v43_1.jsonl.gz"


def _frame(text: str) -> pl.DataFrame:
    raw = pl.read_csv(text.encode(), infer_schema=False)
    days = [n for n in raw.columns if n.endswith("_date")]
    ages = [n for n in raw.columns if n.endswith("_age")]
    made = raw.with_columns(pl.col(days).str.to_date("%Y%m%d"), pl.col(ages).cast(pl.Int32))
    if "flags" in raw.columns:
        made = made.with_columns(pl.col("flags").fill_null("").str.split("|"))
    if "age_group" in raw.columns:
        made = made.with_columns(pl.col("age_group").str.to_lowercase())
    return made.with_columns(pl.col("code").str.zfill(2)) if "code" in raw.columns else made


TABLES = MceTables(
    _frame(CODES), _frame(AGES), _frame(STATUSES), dt.date(2015, 10, 1), dt.date(2026, 9, 30)
)


def claims(*rows: tuple) -> pl.DataFrame:
    """Claims of (day, age, sex, principal, secondary ...)."""
    columns = ("claim_id", "discharge_date", "age", "sex_code", "principal", "secondary")
    drawn = [(n, day, age, sex, first, list(rest)) for n, (day, age, sex, first, *rest) in
             enumerate(rows)]  # fmt: skip
    kinds = dict(zip(columns, (pl.Int64, pl.String, pl.Int64, pl.String, pl.String,
                               pl.List(pl.String)), strict=True))  # fmt: skip
    return pl.DataFrame(drawn, schema=kinds, orient="row")


def edits(*claim: object, tables: MceTables = TABLES) -> list[list[str]]:
    return diagnosis_edits(claims(claim), tables)["edits"].to_list()


def unchecked(*claim: object, tables: MceTables = TABLES) -> list[list[str]]:
    return diagnosis_edits(claims(claim), tables)["not_checked"].to_list()


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (("2026-01-01", 40, "M", "PLAIN"), [[]]),
        (("2020-09-30", 40, "M", "GONE"), [[]]),
        (("2020-10-01", 40, "M", "GONE"), [["INVALID_CODE"]]),
        (("2021-10-01", 40, "M", "BACK"), [["INVALID_CODE"]]),
        (("2022-10-01", 40, "M", "BACK"), [[]]),
        (("2026-01-01", 40, "M", "NONE", "NONE"), [["INVALID_CODE"], ["INVALID_CODE"]]),
        (("2026-01-01", 40, "M", "FALL", "FALL"), [["E_CODE_AS_PDX"], ["DUPLICATE_OF_PDX"]]),
        (("2026-01-01", 40, "M", "PLAIN", "FALL", "FALL"), [[], [], []]),
        (("2026-01-01", 40, "M", "PLAIN", "SHOWS"), [[], []]),
        (("2026-01-01", 40, "M", "SHOWS", "ODD"), [["MANIFESTATION_AS_PDX"], []]),
        (("2026-01-01", 40, "M", "NEVER", "WITH"), [["UNACCEPTABLE_PDX"], []]),
        (("2026-01-01", 40, "M", "WITH"), [["REQUIRES_SDX"]]),
        (("2026-01-01", 40, "M", "WITH", " "), [["REQUIRES_SDX"]]),
        (("2026-01-01", 40, "M", "WITH", "PLAIN"), [[], []]),
        (("2026-01-01", 40, "M", "ODD"), [["QUESTIONABLE_ADMISSION"]]),
        (("2026-01-01", 40, "M", "VAGUE", "VAGUE"),
         [["UNSPECIFIED"], ["DUPLICATE_OF_PDX", "UNSPECIFIED"]]),
        (("2026-01-01", 40, "M", "WRONG"), [["E_CODE_AS_PDX", "WRONG_PROCEDURE_PERFORMED"]]),
        (("2024-09-30", 40, "M", "WOMAN"), [["SEX_CONFLICT"]]),
        (("2024-09-30", 40, "1", "WOMAN"), [["SEX_CONFLICT"]]),
        (("2024-10-01", 40, "M", "WOMAN"), [[]]),
        (("2026-01-01", 40, "2", "PLAIN", "MAN"), [[], ["SEX_CONFLICT"]]),
        (("2026-01-01", 40, "U", "MAN"), [[]]),
        (("2019-09-30", 11, "F", "BIRTH"), [["AGE_CONFLICT"]]),
        (("2019-10-01", 11, "F", "BIRTH"), [[]]),
        (("2019-10-01", 65, "M", "BIRTH"), [["AGE_CONFLICT", "SEX_CONFLICT"]]),
        (("2026-01-01", 0, "F", "BABY", "CHILD", "ADULT"), [[], [], ["AGE_CONFLICT"]]),
        (("2026-01-01", 18, "F", "CHILD", "ADULT"), [["AGE_CONFLICT"], []]),
        (("2026-01-01", 1, "F", "BABY", "CHILD"), [["AGE_CONFLICT"], []]),
        (("2026-01-01", 125, "F", "BABY"), [[]]),
        (("20260101", 40, "M", "pl.ain", None, "", "gone"), [[], ["INVALID_CODE"]]),
    ],
)  # fmt: skip
def test_rules(claim, expected):
    assert edits(*claim) == expected


EVERY = ["INVALID_CODE", "UNSPECIFIED", "AGE_CONFLICT", "SEX_CONFLICT", "WRONG_PROCEDURE_PERFORMED"]
OF_FIRST = ["E_CODE_AS_PDX", "MANIFESTATION_AS_PDX", "UNACCEPTABLE_PDX", "REQUIRES_SDX",
            "QUESTIONABLE_ADMISSION"]  # fmt: skip


@pytest.mark.parametrize("day", ["2015-09-30", "2026-10-01", None, "soon"])
def test_a_day_the_table_does_not_speak_of_is_not_checked(day):
    assert edits(day, 40, "M", "FALL", "FALL") == [[], ["DUPLICATE_OF_PDX"]]
    first, second = unchecked(day, 40, "M", "FALL", "FALL")
    assert sorted(first) == sorted(EVERY + OF_FIRST)
    assert sorted(second) == sorted(EVERY)


def test_what_a_claim_does_not_say_is_not_checked():
    assert unchecked("2026-01-01", None, None, "PLAIN") == [[]]
    assert unchecked("2026-01-01", None, "M", "ADULT") == [["AGE_CONFLICT"]]
    assert unchecked("2026-01-01", -1, "M", "ADULT") == [["AGE_CONFLICT"]]
    assert unchecked("2026-01-01", 40, None, "MAN") == [["SEX_CONFLICT"]]
    [first, second] = unchecked("2026-01-01", 40, "M", None, "PLAIN")
    assert "INVALID_CODE" in first
    assert second == ["DUPLICATE_OF_PDX"]


def test_without_a_table_its_edits_are_not_checked():
    no_ages = MceTables(TABLES.diagnoses, None, None, TABLES.starts, TABLES.ends)
    assert unchecked("2026-01-01", 40, "M", "ADULT", "PLAIN", tables=no_ages) == [
        ["AGE_CONFLICT"],
        [],
    ]
    no_codes = MceTables(None, TABLES.ages)
    assert edits("2026-01-01", 40, "M", "NONE", "NONE", tables=no_codes) == [
        [],
        ["DUPLICATE_OF_PDX"],
    ]
    assert sorted(unchecked("2026-01-01", 40, "M", "NONE", tables=no_codes)[0]) == sorted(
        EVERY + OF_FIRST
    )
    one = claims(("2026-01-01", 40, "M", "PLAIN")).with_columns(discharge_status=1)
    assert claim_edits(one, no_ages)["not_checked"].to_list() == [["INVALID_DISCHARGE_STATUS"]]


def test_claims_as_a_whole():
    drawn = claims(
        ("2026-01-01", -1, "M", "PLAIN"), ("2026-01-01", 125, "3", "PLAIN"),
        ("2005-09-30", 0, "0", "PLAIN"), ("2005-10-01", 124, "M", "PLAIN"),
        ("2026-01-01", None, None, "PLAIN"),
    ).with_columns(discharge_status=pl.Series([1, None, 8, 8, 1]))  # fmt: skip
    found = claim_edits(drawn, TABLES)
    assert found["edits"].to_list() == [
        ["INVALID_AGE"], ["INVALID_AGE", "INVALID_SEX"], [], ["INVALID_DISCHARGE_STATUS"], [],
    ]  # fmt: skip
    assert found["not_checked"].to_list() == [
        [], ["INVALID_DISCHARGE_STATUS"], [], [], ["INVALID_AGE", "INVALID_SEX"],
    ]  # fmt: skip


DAYS = st.dates(dt.date(2015, 10, 1), dt.date(2026, 9, 30)).map(str)
CLAIM = st.tuples(
    DAYS, st.integers(0, 124), st.sampled_from("MF"), st.sampled_from(sorted(FLAGS)),
    st.lists(st.sampled_from(sorted(FLAGS)), max_size=4),
).map(lambda c: (*c[:4], *c[4]))  # fmt: skip


@settings(max_examples=40, deadline=None)
@drawn_from(st.lists(CLAIM, min_size=1, max_size=6))
def test_claims_are_edited_alone_and_in_order(drawn):
    together = diagnosis_edits(claims(*drawn), TABLES)
    assert together["edits"].to_list() == [found for c in drawn for found in edits(*c)]
    assert together["position"].to_list() == [n for c in drawn for n in range(1, len(c) - 2)]
    assert not together["not_checked"].explode().drop_nulls().len()


@settings(max_examples=40, deadline=None)
@drawn_from(CLAIM)
def test_only_the_principal_breaks_edits_of_the_principal(claim):
    _, *others = edits(*claim)
    assert not {name for found in others for name in found} & set(OF_FIRST)
    for code, found in zip(claim[4:], others, strict=True):
        assert ("DUPLICATE_OF_PDX" in found) == (code == claim[3] and "INVALID_CODE" not in found)


@settings(max_examples=40, deadline=None)
@drawn_from(CLAIM)
def test_an_invalid_code_breaks_nothing_else_and_is_so_at_every_position(claim):
    day, age, sex, *codes = claim
    for code in codes:
        [first] = edits(day, age, sex, code)
        second = edits(day, age, sex, "PLAIN", code)[1] if code != "PLAIN" else []
        assert ("INVALID_CODE" in first) == ("INVALID_CODE" in second)
        assert "INVALID_CODE" not in first or first == ["INVALID_CODE"]


@settings(max_examples=40, deadline=None)
@drawn_from(CLAIM)
def test_since_october_2024_no_list_of_the_table_means_no_conflict_of_sex(claim):
    _, age, sex, *codes = claim
    found = edits("2024-10-01", age, sex, *[c for c in codes if c == "WOMAN"] or ["PLAIN"])
    assert not any("SEX_CONFLICT" in names for names in found)


def test_frames_of_others_are_read():
    drawn = claims(("2026-01-01", 40, "M", "FALL", "PLAIN"))
    expected = diagnosis_edits(drawn, TABLES)
    assert diagnosis_edits(drawn.lazy(), TABLES).equals(expected)
    assert diagnosis_edits(drawn.to_arrow(), TABLES).equals(expected)
    numbers = drawn.with_columns(discharge_date=20260101, sex_code=1)
    assert diagnosis_edits(numbers, TABLES).equals(expected)
    days = drawn.with_columns(pl.col("discharge_date").str.to_date())
    assert diagnosis_edits(days, TABLES).equals(expected)
    assert diagnosis_edits(drawn.clear(), TABLES).is_empty()
    with pytest.raises(UnknownNameError, match="principal"):
        diagnosis_edits(drawn.drop("principal"), TABLES)


def test_inpatient_claims_of_a_database(given):
    db = given(
        claim="""
        claim_id | patient_id | claim_type    | bill_type_code | admission_date | service_from_date | service_to_date | discharge_status_code | principal_diagnosis_code
        1        | 5          | institutional | 111            | 2026-01-09     | 2026-01-09        | 2026-01-11      | 01                    | A000
        2        | 5          | institutional | 131            |                | 2026-01-09        | 2026-01-11      |                       | A000
        3        |            | institutional | 117            |                | 2026-01-09        |                 |                       |
        """,  # noqa: E501
        patient="patient_id | birth_date | sex_code\n5 | 2008-01-10 | F",
        claim_diagnosis="""
        claim_id | position | diagnosis_code | kind      | code_system
        1        | 1        | A000           | principal | icd10
        1        | 3        | C000           | other     | icd10
        1        | 2        | B000           | other     | icd10
        1        | 1        | W000           | external  | icd10
        1        | 1        | Z000           | admitting | icd10
        """,
    )  # fmt: skip
    first, other = inpatient_claims(db).rows()
    assert first == (
        1, dt.date(2026, 1, 11), 17, "F", "01", "A000", ["B000", "C000", "W000"],
    )  # fmt: skip
    assert other == (3, dt.date(2026, 1, 9), None, None, None, None, [])
    assert diagnosis_edits(inpatient_claims(db), TABLES).height == 5


@pytest.fixture
def folder(tmp_path):
    held = tmp_path / "published"
    held.mkdir()
    (held / "mce_v42_1_i10dx.csv").write_text("code,start_date,end_date,flags\nA000,20151001,,\n")
    (held / "mce_v43_1_i10dx.csv").write_text("code,start_date,end_date,flags\nA001,20151001,,\n")
    (held / "readme.txt").write_text("words")
    return held


def test_tables_come_from_a_database_a_folder_or_files(folder, tmp_path, monkeypatch):
    files = [folder / "mce_v43_1_i10dx.csv"]
    database = tmp_path / "claims.duckdb"
    with Database(database) as db:
        load_published(db, folder.glob("*.csv"))
        latest = mce_tables(db)
    monkeypatch.setenv("REVCYCLE_REFERENCE", str(folder))
    for source in (None, folder, str(folder), files, files[0], database, latest):
        held = mce_tables(source)
        assert held.diagnoses is not None
        assert held.diagnoses["code"].to_list() == ["A001"], source
        assert (held.ages, held.ends) == (None, dt.date(2026, 9, 30))


def test_where_there_are_none_it_says_which_file_to_load(tmp_path, empty, monkeypatch):
    monkeypatch.delenv("REVCYCLE_REFERENCE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for source in (None, tmp_path, empty):
        with pytest.raises(MissingReferenceError, match=r"i10dx\.csv.*revcycle reference load"):
            diagnosis_edits(claims(("2026-01-01", 40, "M", "PLAIN")), source)


@pytest.mark.skipif(not TRUTH.exists(), reason="CMS's answers are not here")
def test_the_editor_of_cms_says_the_same():
    cases = [json.loads(line) for line in gzip.decompress(TRUTH.read_bytes()).splitlines()]
    told = pl.DataFrame([{"claim_id": c["claim_id"], **c["input"]} for c in cases])
    told = told.rename({"sex": "sex_code", "pdx": "principal", "sdx": "secondary"})
    tables = mce_tables(REFERENCE)
    found = diagnosis_edits(told, tables).group_by("claim_id", maintain_order=True).agg("edits")
    whole = claim_edits(told, tables)["edits"]
    for case, of_codes, of_claim in zip(cases, found["edits"].to_list(), whole, strict=True):
        right = case["expected"]
        assert of_codes == [right["pdx"], *right["sdx"]], case["claim_id"]
        counts = Counter([name for names in of_codes for name in names] + list(of_claim))
        assert counts == right["edits"], case["claim_id"]
