"""Prompt pay and expected amounts against a naive computation over random rules and rates."""

import datetime as dt
from decimal import Decimal
from random import Random

import naive_draw
import naive_pay
import polars as pl
import pytest

from analytics import schema

STATES = ("AL", "CA", "GA", "DC", "KY", "TX", "CO", None)
READ = ("known_payer", "answer", "prompt_pay", "answered_line", "priced_line")
AS_OF = dt.date(2026, 9, 30)


@pytest.fixture(scope="module", params=[41, 42, 43])
def db(request):
    rng = Random(request.param)  # noqa: S311
    with naive_draw.database(request.param, 200) as db:
        run = db.connection.execute
        run("UPDATE claim SET facility_state_code = (['AL','CA','GA','DC','KY','TX','CO'])"
            "[1 + claim_id % 9]")  # fmt: skip
        run(
            "UPDATE remit_claim SET received_date = (SELECT payment_date FROM remit "
            "WHERE remit.remit_id = remit_claim.remit_id) - (remit_claim_id % 97)::INTEGER"
        )
        run("UPDATE remit_line SET units_billed = 1 + remit_line_id % 3, "
            "units_paid = 1 + remit_line_id % 3, modifier_key = '', "
            "allowed_amount = coalesce(allowed_amount, paid_amount)")  # fmt: skip
        run("INSERT INTO payer_map (payer_name, canonical_payer, line_of_business, state_code, "
            "prompt_pay_days) VALUES ('PAYER 1', 'PAYER 1', NULL, NULL, NULL), "
            "('PAYER 2', 'PAYER 2', 'medicare', 'AL', NULL), ('PAYER 3', 'PAYER 3', NULL, 'FL', "
            f"{rng.choice(('NULL', '25'))})")  # fmt: skip
        frame = pl.DataFrame([_rate(rng, n) for n in range(40)],
                             schema_overrides=schema.polars_schema("contract_rate"))  # fmt: skip
        db.connection.register("drawn", frame)
        run("INSERT INTO contract_rate BY NAME SELECT * FROM drawn")
        db.connection.unregister("drawn")
        db.build(AS_OF, only=READ)
        yield db


def _rate(rng, number):
    start = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(150))
    return {
        "file_id": rng.choice((5, 6)), "record_no": number, "payer_name": f"PAYER {1 + number % 2}",
        "procedure_code": rng.choice((None, "99211", "99212", "99213")),
        "claim_type": rng.choice((None, "professional")),
        "modifier_key": rng.choice((None, "")),
        "method_code": (method := rng.choice(("FEE", "PERCENT_OF_CHARGE"))),
        "rate_amount": Decimal(rng.randrange(10, 99)) if method == "FEE" else None,
        "rate_percent": None if method == "FEE" else Decimal(rng.randrange(100, 9999)) / 100,
        "unit_code": rng.choice(("UNIT", "LINE")) if method == "FEE" else None,
        "locality_code": None, "facility": None, "place_of_service_code": None,
        "start_date": start, "end_date": start + dt.timedelta(days=rng.randrange(90)),
    }  # fmt: skip


def test_every_submission(db):
    rules = db.sql("SELECT * FROM prompt_pay_rule").to_dicts()
    payers = {one["payer_name"]: one for one in db.sql("SELECT * FROM known_payer").to_dicts()}
    answers = db.sql("SELECT * FROM answer WHERE is_answer").to_dicts()
    found = db.sql("SELECT * FROM prompt_pay").to_dicts()
    assert any(row["interest_amount"] for row in found)
    for row in found:
        came = [
            one for one in answers
            if one["claim_id"] == row["claim_id"] and one["payment_date"] == row["answer_date"]
        ]  # fmt: skip
        start, received = (
            row["submission_date"],
            min((a["received_date"] for a in came), default=None),
        )
        if received and row["submission_date"] <= received <= row["answer_date"]:
            start = received
        rule = naive_pay.rule_of(
            rules, payers[row["payer_name"]], row["line_of_business"], row["facility_state_code"],
            start,
        )  # fmt: skip
        if rule.get("electronic_days") is None:
            assert (row["due_date"], row["is_late"]) == (None, False)
            continue
        due = naive_pay.last_day(start, rule["electronic_days"], rule["electronic_day_type"])
        end = row["answer_date"] or AS_OF
        assert (row["clock_date"], row["due_date"]) == (start, due)
        assert row["days_late"] == ((end - due).days if end > due else None)
        if end > due and row["answer_date"]:
            stands = (one["paid_amount"] for one in came if not one["is_taken_back"])
            paid = max(sum(stands, Decimal(0)), Decimal(0))
            assert row["late_amount"] == paid
            owed = naive_pay.interest(rule, paid, start, due, end)
            assert row["interest_amount"] == owed


def test_every_line(db):
    rates = db.sql("SELECT * FROM contract_rate").to_dicts()
    lines = db.sql("SELECT * FROM answered_line").to_dicts()
    found = db.sql("SELECT * FROM priced_line").to_dicts()
    found = {(row["remit_claim_id"], row["line_no"]): row for row in found}
    left = [
        one for one in lines
        if one["claim_id"] is not None and not one["is_taken_back"] and one["charge_amount"] > 0
        and one["payer_sequence_code"] == "P" and one["denied_amount"] <= 0
        and not one["is_duplicate"] and one["allowed_amount"] > 0 and one["service_date"]
    ]  # fmt: skip
    usual = naive_pay.modal([one for one in left if one["procedure_code"]])
    seen = set()
    for one in left:
        row = found.pop((one["remit_claim_id"], one["line_no"]))
        agreed = naive_pay.expected(rates, one)
        if agreed is None and one["procedure_code"]:
            amount, support = usual.get(naive_pay.alike(one), (None, None))
            assert (row["expected_amount"], row["support"]) == (amount, support)
            seen.add(row["rate_source"])
        elif agreed is None or isinstance(agreed, str):
            assert row["unpriced_reason"] == (agreed or "no procedure")
            seen.add(row["unpriced_reason"])
        else:
            assert (row["expected_amount"], row["rate_source"]) == (agreed, "contract")
            seen.add("contract")
    assert {"contract", "inferred", "two contract rates apply"} <= seen
    assert all(row["unpriced_reason"] for row in found.values())
