"""Coders beside their reviewers, from the extract to the rate."""

import datetime as dt
import io
import random

import pytest

from analytics.database import Database
from analytics.ingest import side
from analytics.loader import load
from analytics.metrics.audits import case_over_case, code_over_code

HEAD = "patient_control_number,audit_date,coder,kind,coded_code,correct_code\n"


@pytest.fixture
def reviewed(tmp_path):
    """The metrics' database of an extract: rows as text."""
    opened = []

    def build(*rows, as_of=dt.date(2026, 12, 31)):
        (tmp_path / "audit_q1.csv").write_text(HEAD + "\n".join(rows))
        opened.append(db := Database())
        load(db, tmp_path)
        db.build(as_of)
        return db

    yield build
    for db in opened:
        db.close()


def rate(metric, db, **asked):
    return metric(db, **asked).select("hits", "n").row(0)


def test_codes_and_cases(reviewed):
    db = reviewed(
        "A,2026-03-01,Ann,diagnosis,E11.65,E1165",
        "A,2026-03-01,Ann,DIAGNOSIS,I10,I11.0",
        "A,2026-03-01,Ann,DIAGNOSIS,,N18.3",
        "A,2026-03-01,Ann,DIAGNOSIS,Z79.4,",
        "A,2026-03-01,Ann,DRG,291,0291",
        " a,2026-03-02,Ann,DRG,291,292",
        "B,2026-03-01,Bob,PROCEDURE,99213,99213",
        "C,2026-03-01,Bob,APC,5012,5012",
        "C,2026-03-01,Bob,APC,5013,5012",
    )
    assert rate(code_over_code, db) == (2, 4)
    assert rate(case_over_case, db) == (1, 3)
    assert code_over_code(db, by="coder").select("coder", "hits", "n").rows() == [
        ("Ann", 1, 3), ("Bob", 1, 1),
    ]  # fmt: skip
    assert dict(code_over_code.excluded(db).select("reason", "n").rows()) == {
        "a DRG or APC": 4, "given, but there should be no code": 1,
    }  # fmt: skip
    assert case_over_case.excluded(db)["n"].to_list() == [1]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("A,2026-03-01,Ann,DRG,291,292", None),
        ("A,2026-03-01,Ann,guess,291,292", "audit_kind_unknown"),
        ("A,2026-03-01,Ann,DRG,,", "audit_code_missing"),
        ("A,soon,Ann,DRG,291,292", "date_unreadable"),
        (",2026-03-01,Ann,DRG,291,292", "value_missing"),
        ("A,2026-03-01,Ann,,291,292", "value_missing"),
    ],
)
def test_rows_kept_out_are_named(row, rule):
    extract = side.read(io.BytesIO((HEAD + row).encode()), "audit")
    assert extract.rejected["rule"].to_list() == ([rule] if rule else [])
    assert extract.tables["audit"].height == (rule is None)


def test_a_review_after_the_day_of_the_facts_is_not_known(reviewed):
    db = reviewed("A,2026-03-01,,DRG,1,1", "B,2026-03-05,,DRG,1,2", as_of=dt.date(2026, 3, 2))
    assert rate(case_over_case, db) == (1, 1)
    assert case_over_case.excluded(db).rows()[0][:2] == ("review after the as-of date", 1)


def test_without_an_extract_there_is_no_rate(empty):
    assert code_over_code(empty)["value"].to_list() == [None]
    assert case_over_case(empty)["value"].to_list() == [None]


@pytest.mark.parametrize("seed", range(3))
def test_against_a_naive_count(reviewed, seed):
    draw = random.Random(seed)  # noqa: S311
    rows = [
        (draw.choice("ABCDEF"), draw.choice(["2026-03-01", "2026-03-02"]),
         draw.choice(["DIAGNOSIS", "MODIFIER", "DRG", "APC"]), draw.choice(["1", "2", ""]),
         draw.choice(["1", "2"]))
        for _ in range(60)
    ]  # fmt: skip
    db = reviewed(*(f"{c},{day},x,{kind},{a},{b}" for c, day, kind, a, b in rows))
    codes = [a == b for *_, kind, a, b in rows if kind in ("DIAGNOSIS", "MODIFIER")]
    assert rate(code_over_code, db) == (sum(codes), len(codes))
    cases: dict[tuple[str, str], bool] = {}
    for control, day, kind, a, b in rows:
        if kind in ("DRG", "APC"):
            # a DRG is written in three digits, so an absent one stays absent
            cases[control, day] = cases.get((control, day), True) and a == b
    assert rate(case_over_case, db) == (sum(cases.values()), len(cases))
