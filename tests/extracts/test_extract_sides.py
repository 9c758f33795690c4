"""Side tables out of extracts: each with its least columns, and the rules of its own."""

import pytest
from extract_worlds import HEAD, lines

from analytics.maps.targets import SIDE


def of(table, *columns, people=()):
    """A map of one table whose source columns are named like ours."""
    said = [f'{table}.{c} = "{c}"' for c in columns]
    said += [f'patient.{c} = "{c}"' for c in people]
    return HEAD + "[file.columns]\n" + "\n".join(said) + "\n"


CASES = {
    "write_off": ("patient_control_number,write_off_date,amount,reason", "A,1/5/26,5,SMALL"),
    "appeal": ("patient_control_number,appeal_date,decision_code,decision_date",
               "A,1/5/26,won,2/5/26"),
    "patient_payment": ("patient_control_number,payment_date,amount", "A,1/5/26,(5.00)"),
    "charge": ("patient_control_number,charge_date,amount,procedure_code,modifier_key,units",
               "A,1/5/26,5,99213,LT 25,2"),
    "contract_rate": ("payer_name,method_code,start_date,rate_amount,modifier_key",
                      "Acme,fee,1/1/26,90,none"),
    "roster": ("npi,provider_name,start_date", "1003000126.0,Jo Doe,1/1/26"),
    "payer_map": ("payer_name,canonical_payer,filing_limit_days", "ACME,Acme,90"),
    "provider_map": ("npi,specialty", "1003000126,Cardiology"),
    "acknowledgement": ("patient_control_number,acknowledged_date,action", "A,1/5/26,R"),
    "audit": ("patient_control_number,audit_date,kind,coded_code,correct_code",
              "A,1/5/26,drg,39,470"),
}  # fmt: skip

SAID = {
    "write_off": ("A", "2026-01-05", "5.00", "SMALL"),
    "appeal": ("A", "2026-01-05", "WON", "2026-02-05"),
    "patient_payment": ("A", "2026-01-05", "-5.00"),
    "charge": ("A", "2026-01-05", "5.00", "99213", "25,LT", "2.000"),
    "contract_rate": ("Acme", "FEE", "2026-01-01", "90.00", ""),
    "roster": ("1003000126", "Jo Doe", "2026-01-01"),
    "payer_map": ("ACME", "Acme", "90"),
    "provider_map": ("1003000126", "Cardiology"),
    "acknowledgement": ("A", "2026-01-05", "rejected"),
    "audit": ("A", "2026-01-05", "DRG", "039", "470"),
}


@pytest.mark.parametrize("table", sorted(CASES))
def test_a_side_table(world, table):
    head, row = CASES[table]
    world.load(of(table, *head.split(",")), f"{head}\n{row}\n{',' * head.count(',')}\n")
    assert world.rejected() == []
    cells = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in head.split(","))
    assert world.db.sql(f"SELECT {cells} FROM {table}").rows() == [SAID[table]]


def test_every_side_table_there_is_can_be_filled():
    assert set(SIDE) == {*CASES, "eligibility", "contract"}


def test_members_of_eligibility_are_patients(world):
    text = of(
        "eligibility", "payer_name", "start_date", "end_date", people=("member_id", "sex_code")
    )
    head = "payer_name,start_date,end_date,member_id,sex_code\n"
    world.load(text, head + "Acme,1/1/26,12/31/9999,m1,f\nAcme,1/1/25,12/31/25,m1,f\n")
    assert world.rows("patient", "member_id", "sex_code") == [("M1", "F")]
    found = world.db.sql(
        "SELECT count(*) AS n, count(end_date) AS ended FROM eligibility "
        "JOIN patient USING (patient_id)"
    )
    assert found.row(0) == (2, 1)


@pytest.mark.parametrize(
    ("table", "row", "rule"),
    [
        ("appeal", "A,1/5/26,overturned,2/5/26", "decision_unknown"),
        ("appeal", "A,1/5/26,won,", "decision_undated"),
        ("contract_rate", "Acme,CASE,1/1/26,90,", "rate_method_unknown"),
        ("payer_map", "nan,Acme,9999", "days_out_of_range"),
        ("audit", "A,1/5/26,other,1,2", "audit_kind_unknown"),
        ("acknowledgement", "A,1/5/26,maybe", "acknowledgement_action_unknown"),
        ("write_off", ",1/5/26,5,", "value_missing"),
        ("roster", ",x,1/1/26", "value_missing"),
    ],
)
def test_the_rules_of_a_side_table(world, table, row, rule):
    head, good = CASES[table]
    world.load(of(table, *head.split(",")), f"{head}\n{good}\n{row}\n")
    assert [(n, r) for n, r, _ in world.rejected()] == [(2, rule)]
    assert world.db.sql(f"SELECT count(*) AS n FROM {table}").item() == 1


def test_a_map_of_payers_replaces_the_one_before_it(world):
    text = of("payer_map", "payer_name", "canonical_payer")
    for name in ("one", "two"):
        world.load(text, f"payer_name,canonical_payer\nACME,{name}\n", f"{name}.csv")
    assert world.db.sql("SELECT canonical_payer FROM payer_map").rows() == [("two",)]


def test_write_offs_beside_claims_are_there_where_they_say_something(world):
    text = lines(
        columns='write_off.patient_control_number = "Acct"\nwrite_off.amount = "WO"\n'
        'write_off.write_off_date = "WO Day"\n'
    )
    world.load(
        text,
        "Acct,Sent,Payer,CPT,Amt,DOS,WO,WO Day\nA,1/5/26,P,1,9,1/2/26,0.00,\n"
        "B,1/5/26,P,1,9,1/2/26,4,2/1/26\nC,1/5/26,P,1,9,1/2/26,4,\n",
    )
    assert world.rows("write_off", "patient_control_number") == [("B",)]
    assert world.rejected() == [(3, "value_missing", "WO Day")]


@pytest.mark.parametrize(
    ("said", "key"), [("none", ""), ("None", ""), ("NONE", ""), ("", None), ("N/A", None)]
)
def test_a_rate_for_no_modifiers_is_not_one_for_any(world, said, key):
    head, row = CASES["contract_rate"]
    text = of("contract_rate", *head.split(","), "place_of_service_code")
    world.load(text, f"{head},place_of_service_code\n{row.replace('none', said)},None\n")
    assert world.rows("contract_rate", "modifier_key", "place_of_service_code") == [(key, None)]
    assert world.rejected() == []
