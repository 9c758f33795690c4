"""Side tables from CSV: what is read, what is kept out, and why."""

import io

import pytest

from analytics.ingest import side

HEAD = "patient_control_number,appeal_date,appeal_level,amount,decision_code,decision_date\n"


def read(text, table="appeal"):
    """The rows of the table, and the rule that each row kept out broke."""
    extract = side.read(io.BytesIO(text.encode()), table)
    return extract.tables[table], extract.rejected["rule"].to_list()


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("A,2026-03-01,1,100.00,,", None),
        ("A,20260301,,,won,2026-04-01", None),
        ("A,2026-03-01,,,PARTLY_WON,2026-04-01", None),
        ("A,2026-03-01,,,overturned,2026-04-01", "decision_unknown"),
        ("A,2026-03-01,,,LOST,", "decision_undated"),
        ("A,2026-03-01,,,,2026-04-01", "decision_undated"),
        ("A,soon,,,,", "date_unreadable"),
        ("A,2026-03-01,first,,,", "quantity_unreadable"),
        (",2026-03-01,,,,", "value_missing"),
    ],
)
def test_an_appeal(row, rule):
    rows, rules = read(HEAD + row)
    assert (rows.height, rules) == ((1, []) if rule is None else (0, [rule]))


def test_appeals_not_decided_need_no_columns_for_it():
    rows, rules = read("patient_control_number,appeal_date\nA,2026-03-01\n")
    assert (rows.height, rules) == (1, [])


def test_a_decision_needs_its_day_though_the_file_has_no_column_for_it():
    _, rules = read("patient_control_number,appeal_date,decision_code\nA,2026-03-01,WON\n")
    assert rules == ["decision_undated"]


RATES = (
    "payer_name,method_code,rate_amount,rate_percent,unit_code,claim_type,modifier_key,"
    "start_date,end_date\n"
)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Acme,FEE,90.00,,,,,2026-01-01,", None),
        ("Acme,fee,0,,line,Professional,,2026-01-01,2026-12-31", None),
        ("Acme,PERCENT_OF_CHARGE,,61.5,,,,2026-01-01,", None),
        ("Acme,PERCENT_OF_MEDICARE,,110,,,,2026-01-01,", None),
        ("Acme,CASE_RATE,90,,,,,2026-01-01,", "rate_method_unknown"),
        ("Acme,FEE,,90,,,,2026-01-01,", "rate_missing"),
        ("Acme,PERCENT_OF_CHARGE,90,,,,,2026-01-01,", "rate_missing"),
        ("Acme,FEE,-90,,,,,2026-01-01,", "rate_negative"),
        ("Acme,FEE,90,,MINUTE,,,2026-01-01,", "rate_unit_unknown"),
        ("Acme,FEE,90,,,outpatient,,2026-01-01,", "rate_claim_type_unknown"),
        ("Acme,FEE,90,,,,,2026-01-02,2026-01-01", "rate_dates_out_of_order"),
        ("Acme,FEE,ninety,,,,,2026-01-01,", "amount_unreadable"),
        ("Acme,FEE,90,,,,,soon,", "date_unreadable"),
        (",FEE,90,,,,,2026-01-01,", "value_missing"),
        ("Acme,FEE,90,,,,,,", "value_missing"),
    ],
)
def test_a_contract_rate(row, rule):
    rows, rules = read(RATES + row, "contract_rate")
    assert (rows.height, rules) == ((1, []) if rule is None else (0, [rule]))


@pytest.mark.parametrize(
    ("given", "kept"),
    [("", None), ("none", ""), ("26", "26"), ("rt:26", "26,RT"), ("TC lt", "LT,TC")],
)
def test_modifiers_of_a_rate_have_one_form(given, kept):
    rows, _ = read(f"{RATES}Acme,FEE,90,,,,{given},2026-01-01,", "contract_rate")
    assert rows["modifier_key"].to_list() == [kept]
