"""A user's code map: what is refused, and where it says the mistake is."""

from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import codes
from analytics.codes import ranges

HEAD = (
    "carc_code,group_code,category,rollup_category,adjustment_class,counts_as_denial,preventable,"
    "hardness,is_retired,says_little,short_wording"
)
GOOD = "50,,medical_necessity,medical_necessity,denial,yes,depends,hard,false,false,Not needed"


def read(*lines, name="carc"):
    return codes.read(name, "\n".join([*lines, ""]).encode(), "my.csv")


@pytest.mark.parametrize("name", codes.MAPS)
def test_a_shipped_map_written_and_read_is_the_same_version(name):
    rows = codes.shipped(name)
    again = codes.read(name, rows.reverse().write_csv().encode(), "my.csv")
    assert_frame_equal(again.reverse(), rows)
    assert codes.version_of(name, again) == codes.version_of(name, rows)


def test_another_meaning_is_another_version():
    one, other = read(HEAD, GOOD), read(HEAD, GOOD.replace("hard", "soft"))
    assert codes.version_of("carc", one) != codes.version_of("carc", other)


def test_what_a_spreadsheet_does_to_a_file_does_no_harm():
    lines = ["\ufeff" + HEAD.upper(), GOOD.replace("false", "FALSE").replace("50", " 50 ") + "\r"]
    assert_frame_equal(read(*lines), read(HEAD, GOOD))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([HEAD], "holds no codes"),
        ([HEAD.replace(",hardness", ""), GOOD[:-11]], "line 1: column hardness is missing"),
        ([HEAD + ",kind", GOOD + ",x"], "line 1: column kind is not known"),
        ([HEAD, GOOD.replace("hard", "firm")], "line 2, column hardness: 'firm' is none of soft,"),
        (
            [HEAD, GOOD, GOOD.replace("50", "51").replace("denial", "denail")],
            "line 3, column adjustment_class: 'denail' is none of denial,",
        ),
        (
            [HEAD, GOOD.replace("medical_necessity,", "medical_neccessity,", 1)],
            "line 2, column category: 'medical_neccessity' is none of",
        ),
        ([HEAD, GOOD.replace("yes", "maybe")], "line 2, column counts_as_denial: 'maybe'"),
        ([HEAD, GOOD.replace("yes", "")], "line 2, column counts_as_denial: it is empty"),
        ([HEAD, GOOD.replace("50", "")], "line 2, column carc_code: it is empty"),
        ([HEAD, GOOD.replace("50", "5 0")], "line 2, column carc_code: '5 0' is no code"),
        ([HEAD, GOOD.replace("50,", "50,XX")], "line 2, column group_code: 'XX' is none of CO,"),
        ([HEAD, GOOD.replace("false", "no", 1)], "line 2, column is_retired: 'no' is none of true"),
        ([HEAD, GOOD, GOOD], "line 3, column carc_code: 50 stands on line 2 already"),
        (
            [HEAD, GOOD.replace("50,", "50,PR"), GOOD, GOOD.replace("50,", "50,pr")],
            "line 4, column carc_code: 50 PR stands on line 2 already",
        ),
    ],
)
def test_a_mistake_is_refused_and_found(lines, said):
    with pytest.raises(codes.CodeMapError) as caught:
        read(*lines)
    assert "my.csv" in str(caught.value)
    assert said in str(caught.value)


def test_many_mistakes_are_not_all_told():
    wrong = [GOOD.replace("50", str(code)).replace("hard", "firm") for code in range(60, 70)]
    with pytest.raises(codes.CodeMapError, match="and 5 more") as caught:
        read(HEAD, *wrong)
    assert str(caught.value).count("column hardness") == 5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"", "not a readable CSV file"),
        (b"carc_code\n16,17\n", "more cells in a line"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(content, said):
    with pytest.raises(codes.CodeMapError, match=said):
        codes.read("carc", content, "my.csv")


def test_our_own_maps_name_each_other_and_what_metrics_count():
    known = set(codes.shipped("carc")["category"])
    assert {"coding", "bundling_ncci", "medical_necessity"} <= known
    for name, one in codes.MAPS.items():
        rows = codes.shipped(name)
        assert rows.select(one.key).is_unique().all()
        assert rows.select(pl.exclude(*one.optional).null_count()).row(0) == (0,) * (
            len(one.columns) - len(one.optional)
        )


RULE_HEAD = ",".join(codes.MAPS["prompt_pay_rule"].columns)


def rule(who="AL", start="", end="", *, days="30,calendar", more=("year", "12", "", "", "", "")):
    return ",".join([who, "state", start, end, days, days, *more, "true", "", "", "", "", "", ""])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([rule(end="31/12/2025")], "line 2, column effective_to: '31/12/2025' is no day"),
        ([rule(start="2026-01-02", end="2026-01-01")], "effective_to: it lies before"),
        ([rule(days="thirty,calendar")], "electronic_days: 'thirty' is no whole number"),
        ([rule(days="-1,calendar")], "electronic_days: '-1' is no whole number from 1"),
        ([rule(days="30,working")], "electronic_day_type: 'working' is none of calendar, business"),
        ([rule(days="30,")], "electronic_day_type: it goes with electronic_days"),
        ([rule(more=("year", "", "", "", "", ""))], "interest_rate: it is empty"),
        ([rule(more=("none", "5", "", "", "", ""))], "interest_rate: it needs the basis year"),
        ([rule(more=("year", "12", "90", "", "", ""))], "second_rate: it needs second_after_days"),
        ([rule(more=("year", "12", "20", "18", "", ""))], "second_after_days: it comes before"),
        ([rule(more=("year", "12", "90", "18", "80", "24"))], "third_after_days: it comes before"),
        ([rule(), rule()], "line 3, column jurisdiction: AL"),
        ([rule(), rule(start="2026-01-01")], "line 3, column effective_from: it lies within"),
        (
            [rule(end="2026-06-30"), rule(start="2026-06-30")],
            "line 3, column effective_from: it lies within the span of another line",
        ),
    ],
)
def test_a_mistake_in_prompt_pay_rules_is_refused_and_found(rows, said):
    with pytest.raises(codes.CodeMapError) as caught:
        read(RULE_HEAD, *rows, name="prompt_pay_rule")
    assert said in str(caught.value)


def test_prompt_pay_rules_may_follow_each_other():
    rows = [rule(end="2026-06-30"), rule(start="2026-07-01"), rule("AK")]
    assert read(RULE_HEAD, *rows, name="prompt_pay_rule").height == 3


MEASURE_HEAD = ",".join(codes.MAPS["quality_measure"].columns)
CODE_HEAD = ",".join(codes.MAPS["quality_code"].columns)


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [
        ("quality_measure", ["112,00,a,false,any,12,,1,,"], "months_within: it goes with"),
        ("quality_measure", ["112,00,a,false,last,,,1,,"], "'last' is none of any, latest"),
        ("quality_measure", ["112,00,a,false,any,,,1,,", "113,00,a,false,any,,,1,,"],
         "line 3, column measure: it names the measure of a line above"),
        ("quality_code", ["7706,procedure,112,met,x,,,0,,,"], "code: it is no procedure code"),
        ("quality_code", ["112,diagnosis,112,met,x,,,0,,,"], "code: it is no diagnosis code"),
        ("quality_code", ["0HTV0Z,icd_procedure,112,met,x,,,0,,,"], "is no icd_procedure code"),
        ("quality_code", ["3,place,112,exclusion,x,,,0,,,"], "code: it is no place code"),
        ("quality_code", ["77067,procedure,112,met,x,,8,0,,,"], "modifier: it is no modifier"),
        ("quality_code", ["77067,procedure,112,met,x,,,0,66,,"], "min_age: it is of exclusions"),
        ("quality_code", ["77067,procedure,112,met,x,,,-1,,,"], "months_before: '-1' is no whole"),
        ("quality_code", ["77067,procedure,112,met,x,,,0,,,", "77067,procedure,112,met,x,,,1,,,"],
         "line 3, column code: 77067 112 procedure met x"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_map_of_quality_measures_is_refused_and_found(name, rows, said):
    with pytest.raises(codes.CodeMapError) as caught:
        read(MEASURE_HEAD if name == "quality_measure" else CODE_HEAD, *rows, name=name)
    assert said in str(caught.value)


def test_the_maps_of_quality_measures_that_come_with_the_library_hold_to_their_rules():
    for name in ("quality_measure", "quality_code"):
        text = codes.shipped(name).write_csv().encode()
        assert codes.read(name, text, "again.csv").equals(codes.shipped(name))


def test_every_published_prompt_pay_row_has_its_rule_and_its_words():
    text = files("analytics").joinpath("sql", "reference", "prompt_pay.csv").read_bytes()
    published = pl.read_csv(text, infer_schema=False)
    rules = codes.shipped("prompt_pay_rule").drop_nulls("published_jurisdiction")
    kept = {
        "jurisdiction": "published_jurisdiction", "day_type": "published_day_type",
        "interest_or_penalty": "published_interest", "authority": "authority",
        "confidence": "confidence", "source_or_note": "source_note",
    }  # fmt: skip
    days = pl.col("electronic_days", "paper_days").cast(pl.Int32)
    for row in published.with_columns(days).to_dicts():
        found = rules.filter(pl.col("published_jurisdiction") == row["jurisdiction"])
        found = found.filter((pl.col("level") == "state") == (row["level"] == "state"))
        assert found.height == (2 if row["jurisdiction"] == "CA" else 1)
        for one in found.to_dicts():
            assert {name: one[column] for name, column in kept.items()}.items() <= row.items()
            assert (one["electronic_days"], one["paper_days"]) == (
                row["electronic_days"],
                row["paper_days"],
            )
            assert one["is_verified"] is (row["confidence"] == "two sources")


WORDS = Path(__file__).parents[1] / "docs" / "code-maps.md"


def test_the_range_of_every_column_is_documented():
    text = WORDS.read_text(encoding="utf-8")
    for name, one in codes.MAPS.items():
        rows = [f"| `{column}` | {ranges.told(one, column)} |" for column in one.columns]
        assert (
            "\n".join([f"## {name}: {one.title}", "", "| column | holds |", "|---|---|", *rows])
            in text
        )


def test_every_column_of_every_map_refuses_what_it_cannot_hold():
    for name, one in codes.MAPS.items():
        good = codes.shipped(name).sort(one.key, nulls_last=True).head(1)
        cells = good.select(pl.all().cast(pl.String))
        for column in one.columns:
            for wrong in ("x" * 2000, "\N{SNOWMAN}" * 1001):
                text = cells.with_columns(pl.lit(wrong).alias(column)).write_csv()
                with pytest.raises(
                    codes.CodeMapError, match=rf"my\.csv .*line 2, column {column}: "
                ):
                    codes.read(name, text.encode(), "my.csv")


@pytest.mark.parametrize(
    ("column", "low", "high", "beyond"),
    [
        ("electronic_days", "1", "3660", ["0", "3661", "2147483647", "99999999999", "1.5", "1e3"]),
        ("paper_days", "1", "3660", ["0", "-1", "2147483647"]),
        ("interest_rate", "0", "100", ["-0.01", "100.0001", "999", "1.23456", "nan", "12%"]),
    ],
)
def test_numbers_of_prompt_pay_rules_have_ends(column, low, high, beyond):
    row = dict(zip(RULE_HEAD.split(","), rule().split(","), strict=True))
    for value, is_good in [(low, True), (high, True), *((one, False) for one in beyond)]:
        text = ",".join((row | {column: value}).values())
        if is_good:
            assert read(RULE_HEAD, text, name="prompt_pay_rule")[column].item() == int(value)
            continue
        with pytest.raises(codes.CodeMapError, match=f"line 2, column {column}: '{value}' is no "):
            read(RULE_HEAD, text, name="prompt_pay_rule")


@pytest.mark.parametrize("day", ["0026-01-01", "1899-12-31", "2026-1-1", "2026-02-30", "20260101"])
def test_days_of_prompt_pay_rules_are_of_our_time(day):
    with pytest.raises(codes.CodeMapError, match=f"column effective_from: '{day}' is no day"):
        read(RULE_HEAD, rule(start=day), name="prompt_pay_rule")


def test_a_state_is_two_letters():
    with pytest.raises(codes.CodeMapError, match="column jurisdiction: it is no state"):
        read(RULE_HEAD, rule("ALABAMA"), name="prompt_pay_rule")


def test_the_line_of_a_mistake_is_that_of_the_file():
    lines = [
        "",
        GOOD.replace("Not needed", '"Not\nneeded"'),
        GOOD.replace("50", "51").replace("hard", "firm"),
    ]
    with pytest.raises(codes.CodeMapError, match="line 5, column hardness"):
        read(HEAD, *lines)
