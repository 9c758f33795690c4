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
        ("Acme,PERCENT_OF_CHARGE,,seventy,,,,2026-01-01,", "percent_unreadable"),
        ("Acme,PERCENT_OF_CHARGE,,70%,,,,2026-01-01,", "percent_unreadable"),
        ("Acme,FEE,90,,,,,soon,", "date_unreadable"),
        (",FEE,90,,,,,2026-01-01,", "value_missing"),
        ("Acme,FEE,90,,,,,,", "value_missing"),
    ],
)
def test_a_contract_rate(row, rule):
    rows, rules = read(RATES + row, "contract_rate")
    assert (rows.height, rules) == ((1, []) if rule is None else (0, [rule]))


UNKNOWN = "rate_modifiers_unknown"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", None), ("   ", None), ("\u00a0", None), ("\u200b", None),
        ("none", ""), (" None ", ""), ("\uff2e\uff2f\uff2e\uff25", ""),
        ("26", "26"), ("26.0", "26"), ("26  ", "26"), ("\uff12\uff16", "26"), ("x1", "X1"),
        *((f"rt{between}26", "26,RT") for between in
          (":", ";", "|", "/", "+", "&", "-", "\u2013", "_", ".", " ", ", ", " / ", "\u00a0")),
        ("TC lt", "LT,TC"), ("LT,TC,59,25", "25,59,LT,TC"), (",25,", "25"), ("59.25", "25,59"),
        ("5925", UNKNOWN), ("5925.0", UNKNOWN), ("NONE,25", UNKNOWN), ("X", UNKNOWN),
        ("\uff38", UNKNOWN), ("2", UNKNOWN), ("260", UNKNOWN), ("25,59,LT,TC,RT", UNKNOWN),
        ("--", UNKNOWN), ("-", UNKNOWN), ("\u2014", UNKNOWN), (".", UNKNOWN), ("*", UNKNOWN),
        ("nan", UNKNOWN), ("NaN", UNKNOWN), ("null", UNKNOWN), ("N/A", UNKNOWN), ("NA", UNKNOWN),
        ("any", UNKNOWN), ("\u00e926", UNKNOWN),
    ],
)  # fmt: skip
def test_modifiers_of_a_rate_have_one_form_or_are_refused(given, kept):
    rows, rules = read(f'{RATES}Acme,FEE,90,,,,"{given}",2026-01-01,', "contract_rate")
    assert (rows["modifier_key"].to_list() or rules) == [kept]


CODED = "payer_name,method_code,rate_amount,start_date"


@pytest.mark.parametrize(
    ("column", "given", "kept"),
    [
        *(("place_of_service_code", *pair) for pair in [
            ("", None), ("11", "11"), ("1", "01"), ("11.0", "11"), ("1.0", "01"), (" 11 ", "11"),
            ("\uff11\uff11", "11"), ("111", "rate_place_unknown"), ("0", "rate_place_unknown"),
            ("00", "rate_place_unknown"), ("11.5", "rate_place_unknown"),
            ("office", "rate_place_unknown"), ("nan", "value_placeholder"),
            ("-", "value_placeholder"), ("11,22", "rate_place_unknown"),
        ]),
        *(("procedure_code", *pair) for pair in [
            ("", None), ("99213", "99213"), ("99213.0", "99213"), ("j3301", "J3301"),
            ("\uff4a3301", "J3301"), ("9921", "rate_procedure_unknown"),
            ("450", "rate_procedure_unknown"), ("9921-3", "rate_procedure_unknown"),
            ("99213:25", "rate_procedure_unknown"), ("nan", "value_placeholder"),
        ]),
        *(("claim_type", *pair) for pair in [
            ("", None), ("PROFESSIONAL", "professional"), (" Dental ", "dental"),
            ("nan", "rate_claim_type_unknown"), ("-", "rate_claim_type_unknown"),
        ]),
        *(("locality_code", *pair) for pair in [
            ("01112-05", "01112-05"), ("1112-5", "01112-05"), ("", None),
            ("nan", "value_placeholder"), ("0111205", "rate_locality_unknown"),
        ]),
        ("unit_code", "line", "LINE"), ("unit_code", "nan", "rate_unit_unknown"),
        ("facility", "nan", "value_placeholder"), ("facility", "North", "North"),
    ],
)  # fmt: skip
def test_codes_of_a_rate_have_one_form_or_are_refused(column, given, kept):
    text = f'{CODED},{column}\nAcme,FEE,90,2026-01-01,"{given}"'
    rows, rules = read(text, "contract_rate")
    assert (rows[column].to_list() or rules) == [kept]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Acme,FEE,10000000,,,,,2026-01-01,", None),
        ("Acme,FEE,10000000.01,,,,,2026-01-01,", "rate_too_high"),
        ("Acme,PERCENT_OF_CHARGE,,1000,,,,2026-01-01,", None),
        ("Acme,PERCENT_OF_CHARGE,,1000.01,,,,2026-01-01,", "rate_too_high"),
        ("Acme,FEE,nan,,,,,2026-01-01,", "amount_unreadable"),
        ("nan,FEE,90,,,,,2026-01-01,", "value_placeholder"),
        ("Acme,FEE,90,,,,,2026-01-01,nan", "date_unreadable"),
    ],
)
def test_a_rate_has_a_highest(row, rule):
    rows, rules = read(RATES + row, "contract_rate")
    assert (rows.height, rules) == ((1, []) if rule is None else (0, [rule]))


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Acme,ACME,TX,1,3660", None), ("Acme,ACME,tx,,", None),
        ("Acme,ACME,TX,0,", "days_out_of_range"), ("Acme,ACME,TX,,3661", "days_out_of_range"),
        ("Acme,ACME,TX,2147483647,", "days_out_of_range"),
        ("Acme,ACME,TX,2147483648,", "quantity_unreadable"),
        ("Acme,ACME,Texas,,", "state_unknown"), ("Acme,nan,TX,,", "value_placeholder"),
        ("--,ACME,TX,,", "value_placeholder"),
    ],
)  # fmt: skip
def test_a_payer_of_the_map(row, rule):
    head = "canonical_payer,payer_name,state_code,prompt_pay_days,filing_limit_days\n"
    rows, rules = read(head + row, "payer_map")
    assert (rows.height, rules) == ((1, []) if rule is None else (0, [rule]))


def test_columns_that_loading_gives_are_not_taken_from_a_file():
    rows, _ = read("record_no,file_id,npi,_line\n7,7,1234567893.0,x\n", "roster")
    assert (rows["record_no"].to_list(), rows["npi"].to_list()) == ([1], ["1234567893"])
