"""Cells as people and spreadsheets write them: what each means, and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from extract_worlds import lines, write_offs

D = Decimal
HEAD = "Acct;Day;Amt\n"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", "12.00"),
        ("12.5", "12.50"),
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("$1,234.50", "1234.50"),
        ("$ 1,234.50", "1234.50"),
        ("-$1,234.50", "-1234.50"),
        ("$-5", "-5.00"),
        ("(12.00)", "-12.00"),
        ("($1,012.00)", "-1012.00"),
        ("12.00-", "-12.00"),
        ("+12", "12.00"),
        (".5", "0.50"),
        ("12.", "12.00"),
        ("12.5000", "12.50"),
        ("12.340000000000002", "12.34"),
        ("12.345", None),
        ("1,50", None),
        ("1.234,50", None),
        ("12,34,567", None),
        ("1e5", None),
        ("1.2E+05", None),
        ("1_000", None),
        ("(12.00", None),
        ("12.0.0", None),
        ("--12", None),
        ("$", None),
        (".", None),
        ("abc", None),
        ("12 34", None),
        ("99999999.99", "99999999.99"),
    ],
)
def test_an_amount(world, text, amount):
    world.load(write_offs(), f"{HEAD}A;2026-01-05;{text}\n")
    expected = [] if amount is None else [(D(amount),)]
    assert world.rows("write_off", "amount") == expected
    assert world.rejected() == ([(1, "amount_unreadable", "Amt")] if amount is None else [])


def test_an_amount_beyond_all_is_absurd(world):
    world.load(write_offs(), f"{HEAD}A;2026-01-05;100000000\n")
    assert world.rejected() == [(1, "amount_absurd", "Amt")]


def test_a_decimal_comma_is_said(world):
    world.load(
        write_offs('decimal = ","\n'), f"{HEAD}A;2026-01-05;1.234,50\nB;2026-01-05;1,234.50\n"
    )
    assert world.rows("write_off", "amount") == [(D("1234.50"),)]
    assert world.rejected() == [(2, "amount_unreadable", "Amt")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("2026-03-05 14:30:00", "2026-03-05"),
        ("2026-03-05T14:30:00Z", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("3/5/2026", "2026-03-05"),
        ("03/05/2026", "2026-03-05"),
        ("03-05-2026", "2026-03-05"),
        ("03.05.2026", "2026-03-05"),
        ("3/5/26", "2026-03-05"),
        ("3/5/2026 2:30 PM", "2026-03-05"),
        ("5-Mar-2026", "2026-03-05"),
        ("05-MAR-26", "2026-03-05"),
        ("05MAR2026", "2026-03-05"),
        ("Mar 5, 2026", "2026-03-05"),
        ("March 5, 2026", "2026-03-05"),
        ("46086", "2026-03-05"),
        ("46086.5", "2026-03-05"),
        ("46086.0", "2026-03-05"),
        ("2/29/2025", None),
        ("2026-13-01", None),
        ("2026-03-05junk", None),
        ("13/45/2026", None),
        ("0205-03-05", None),
        ("soon", None),
        ("123456", None),
    ],
)
def test_a_day(world, text, day):
    world.load(write_offs(), f"{HEAD}A;{text};5\n")
    expected = [] if day is None else [(dt.date.fromisoformat(day),)]
    assert world.rows("write_off", "write_off_date") == expected
    assert world.rejected() == ([(1, "date_unreadable", "Day")] if day is None else [])


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("DMY", "5/3/2026", "2026-03-05"),
        ("DMY", "25.03.2026", "2026-03-25"),
        ("DMY", "2026-03-05", "2026-03-05"),
        ("YMD", "2026/03/05", "2026-03-05"),
        ("excel", "1", "1899-12-31"),
        ("%m%d%Y", "03052026", "2026-03-05"),
    ],
)
def test_an_order_that_the_map_says(world, order, text, day):
    world.load(write_offs(f'date = "{order}"\n'), f"{HEAD}A;{text};5\n")
    assert world.rows("write_off", "write_off_date") == [(dt.date.fromisoformat(day),)]


def test_a_day_for_none_is_empty(world):
    columns = 'appeal.patient_control_number = "Acct"\nappeal.appeal_date = "Day"\n'
    columns += 'appeal.decision_date = "End"\nappeal.decision_code = "Code"\n'
    text = write_offs().split("write_off")[0] + columns
    world.load(text, "Acct,Day,End,Code\nA,2026-01-05,12/31/9999,\nB,2026-01-05,0000-00-00,\n")
    assert world.rows("appeal", "decision_date") == [(None,), (None,)]


def test_two_digits_of_a_year_are_no_birth_date(world):
    text = lines(columns='patient.birth_date = "Born"\npatient.member_id = "Id"\n')
    world.load(text, "Acct,Sent,Payer,CPT,Amt,DOS,Born,Id\nA,1/5/26,P,1,1,1/2/26,3/5/61,X\n")
    assert world.rejected() == [(1, "date_unreadable", "Born")]


@pytest.mark.parametrize("word", ["NULL", "N/A", "NaN", "None", "-", " ", "\u00a0", "#N/A", "$ -"])
def test_words_for_nothing_are_empty(world, word):
    world.load(write_offs(), f"{HEAD}A;2026-01-05;{word}\n")
    assert world.rejected() == [(1, "value_missing", "Amt")]


CODES = """
claim.place_of_service_code = "POS"
claim_line.revenue_code = "Rev"
claim.billing_npi = "NPI"
claim.drg_code = "DRG"
claim_diagnosis.diagnosis_code = ["Dx"]
claim_line.modifiers = "Mods"
claim_line.diagnosis_pointers = "Ptr"
"""


def test_codes_are_brought_to_the_form_of_claims(world):
    world.load(
        lines(columns=CODES),
        "Acct|Sent|Payer|CPT|Amt|DOS|POS|Rev|NPI|DRG|Dx|Mods|Ptr\n"
        "A|1/5/26|Acme|99213.0|1|1/2/26|11.0|450|1003000126.0|39|e11.65|lt, 25|AB\n"
        "B|1/5/26|Acme|g0101|1|1/2/26|2|0300||470|I10|2559|1:3\n"
        "C|1/5/26|Acme|99213|1|1/2/26|||||Z00.0|25|\n",
    )
    assert world.rejected() == []
    assert world.rows("claim", "place_of_service_code", "billing_npi", "drg_code") == [
        ("11", "1003000126", "039"),
        ("02", None, "470"),
        (None, None, None),
    ]
    said = ("procedure_code", "revenue_code", "modifiers", "modifier_key", "diagnosis_pointers")
    assert world.rows("claim_line", *said) == [
        ("99213", "0450", ["LT", "25"], "25,LT", [1, 2]),
        ("G0101", "0300", ["25", "59"], "25,59", [1, 3]),
        ("99213", None, ["25"], "25", []),
    ]
    assert world.rows("claim_diagnosis", "diagnosis_code", "kind") == [
        ("E1165", "principal"),
        ("I10", "principal"),
        ("Z000", "principal"),
    ]


def test_settings_of_a_column(world):
    text = write_offs(
        columns='write_off.reason = { first_of = ["R1", "R2"], split = "-", part = -1, '
        'map = { sm = "SMALL", bd = "BAD_DEBT" }, default = "NONE_GIVEN" }\n'
    )
    world.load(
        text,
        "Acct,Day,Amt,R1,R2\nA,2026-01-05,1,x-SM,\nB,2026-01-05,1,,bd\nC,2026-01-05,1,,\n"
        "D,2026-01-05,1,??,\n",
    )
    assert [r for (r,) in world.rows("write_off", "reason")] == ["SMALL", "BAD_DEBT", "NONE_GIVEN"]
    assert world.rejected() == [(4, "value_not_in_map", "R1, R2")]


def test_other_stands_for_values_that_a_map_does_not_name(world):
    text = write_offs(
        columns='write_off.reason = { column = "R", map = { a = "A" }, other = "X" }\n'
    )
    world.load(text, "Acct,Day,Amt,R\nA,2026-01-05,1,q\nB,2026-01-05,1,a\nC,2026-01-05,1,\n")
    assert [r for (r,) in world.rows("write_off", "reason")] == ["X", "A", None]


def test_a_sign_is_turned(world):
    text = write_offs().replace('= "Amt"', '= { column = "Amt", negate = true }')
    world.load(text, f"{HEAD}A;2026-01-05;(5.00)\n")
    assert world.rows("write_off", "amount") == [(D("5.00"),)]


def test_a_constant_that_is_no_such_value_is_a_mistake(world):
    text = write_offs().replace('= "Day"', '= { constant = "soon" }')
    report = world.load(text, f"{HEAD}A;2026-01-05;5\n")
    assert report.status == "unreadable"
    assert "constant of write_off.write_off_date" in report.problem
