"""What a line should have been allowed: which rate wins, which usual reductions are told apart."""

import datetime as dt
from decimal import Decimal

import pytest
from world import claim, claims, payment, payments

from analytics.metrics import contract_rate_use, underpayment_worklist
from analytics.metrics.underpayment import contract_match_rate, recode_rate, underpayment

LINE = {
    "remit_claim_id": 10, "file_id": 9, "procedure_code": "99213", "modifier_key": "",
    "charge_amount": 200, "paid_amount": 80, "allowed_amount": 80, "units_billed": 1,
    "units_paid": 1, "service_from_date": "2026-01-05",
}  # fmt: skip
RATE = {"payer_name": "Acme", "method_code": "FEE", "start_date": "2026-01-01", "file_id": 5}


def drawn(*rows):
    """Rows given as dictionaries, as the picture of a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [" | ".join(str(row.get(name, "")) for name in names) for row in rows]
    return "\n".join([" | ".join(names), *lines])


@pytest.fixture
def priced(given):
    """A claim sent to Acme on which these lines were answered, under these rates."""

    def build(lines, rates=(), *, seq="P", status="1", place="11", **more):
        head = claims(claim(1, billed=200, seq=seq)).splitlines()
        head = [f"{head[0]} | payer_id | claim_type | place_of_service_code",
                f"{head[1]} | 7 | professional | {place}"]  # fmt: skip
        filled = [LINE | {"remit_line_id": 100 + i, "line_no": i, "record_no": i} | row
                  for i, row in enumerate(lines, 1)]  # fmt: skip
        tables = {
            "claim": "\n".join(head),
            "payer": "payer_id | payer_name\n7 | ACME",
            "payer_map": "payer_name | canonical_payer\nACME | Acme",
            "remit": "remit_id | payment_date\n1 | 2026-02-01",
            "remit_claim": payments(payment(10, 1, charge="200", paid="80", status=status)),
            "remit_line": drawn(*filled),
        }
        if rates:
            tables["contract_rate"] = drawn(
                *(RATE | {"record_no": i} | row for i, row in enumerate(rates, 1))
            )
        return given(as_of=dt.date(2026, 6, 30), **(tables | more))

    return build


def rows(db):
    return db.sql("SELECT * FROM priced_line ORDER BY line_no").to_dicts()


def expected(db):
    return rows(db)[0]["expected_amount"]


def excluded(metric, db):
    return dict(metric.excluded(db).select("reason", "n").iter_rows())


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"procedure_code": "99213"}, {"modifier_key": "25", "place_of_service_code": "11"}),
        ({"modifier_key": "25"}, {"place_of_service_code": "11", "claim_type": "professional"}),
        ({"place_of_service_code": "11"}, {"claim_type": "professional"}),
        ({"claim_type": "professional"}, {}),
        ({"file_id": 6}, {"file_id": 5}),
        ({"procedure_code": "99213", "file_id": 5}, {"file_id": 6}),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_most_specific_rate_wins_then_the_latest_file(priced, better, worse, order):
    rates = [better | {"rate_amount": 90}, worse | {"rate_amount": 70}][::order]
    assert expected(priced([{"modifier_key": "25"}], rates)) == 90


@pytest.mark.parametrize(
    "other",
    [
        {"procedure_code": "99214"}, {"modifier_key": "26"}, {"place_of_service_code": "22"},
        {"facility": "North"}, {"claim_type": "institutional"}, {"payer_name": "Other"},
        {"start_date": "2026-01-06"}, {"start_date": "2025-01-01", "end_date": "2026-01-04"},
    ],
)  # fmt: skip
def test_a_rate_for_something_else_is_no_rate(priced, other):
    row = rows(priced([{}], [other | {"rate_amount": 90}]))[0]
    assert (row["rate_source"], row["unpriced_reason"]) == (None, "no rate")


def test_a_rate_holds_from_its_first_day_to_its_last(priced):
    rates = [
        {"rate_amount": 70, "start_date": "2025-01-01", "end_date": "2026-01-04"},
        {"rate_amount": 90, "start_date": "2026-01-05", "end_date": "2026-01-05"},
        {"rate_amount": 110, "start_date": "2026-01-06"},
    ]
    days = [{"service_from_date": f"2026-01-0{day}"} for day in (4, 5, 6)]
    assert [row["expected_amount"] for row in rows(priced(days, rates))] == [70, 90, 110]


def test_two_rates_of_one_file_that_disagree_price_nothing(priced):
    rates = [{"rate_amount": 90}, {"rate_amount": 91, "start_date": "2026-01-05"}]
    db = priced([{}, {"service_from_date": "2026-01-04"}], rates)
    assert [row["expected_amount"] for row in rows(db)] == [None, 90]
    assert excluded(underpayment, db)["two contract rates apply"] == 1


def test_the_same_rate_twice_is_one(priced):
    assert expected(priced([{}], [{"rate_amount": 90}, {"rate_amount": 90}])) == 90


FEE = {"rate_amount": 90}
CHARGE = {"method_code": "PERCENT_OF_CHARGE", "rate_percent": 45}


@pytest.mark.parametrize(
    ("rate", "changed", "is_alike"),
    [
        (FEE, {"rate_percent": 50}, True), (FEE, {"locality_code": "01112-05"}, True),
        (FEE, {"unit_code": "UNIT"}, True), (FEE, {"unit_code": "LINE"}, False),
        (FEE, {"rate_amount": 91}, False),
        (CHARGE, {"rate_amount": 7}, True), (CHARGE, {"unit_code": "LINE"}, True),
        (CHARGE, {"locality_code": "01112-05"}, True), (CHARGE, {"rate_percent": 46}, False),
    ],
)  # fmt: skip
def test_rates_that_price_alike_are_one_whatever_their_other_columns(
    priced, rate, changed, is_alike
):
    db = priced([{}], [rate, rate | changed])
    assert expected(db) == (90 if is_alike else None)
    assert excluded(underpayment, db) == ({} if is_alike else {"two contract rates apply": 1})


def test_an_expected_amount_too_large_to_hold_is_none(priced):
    lines = [{"units_billed": 99_999_999_999}, {"charge_amount": 999_999_999_999}, {}]
    rates = [
        {"rate_amount": 10_000_000},
        {"procedure_code": "99214", "method_code": "PERCENT_OF_CHARGE", "rate_percent": 1000},
    ]
    lines[1]["procedure_code"] = "99214"
    db = priced(lines, rates)
    assert [row["expected_amount"] for row in rows(db)] == [None, None, 10_000_000]
    assert excluded(underpayment, db) == {"expected amount too large to hold": 2}


@pytest.mark.parametrize(
    ("rate", "line", "amount"),
    [
        ({"rate_amount": 90}, {"units_billed": 3, "units_paid": 3}, "270"),
        ({"rate_amount": 90, "unit_code": "LINE"}, {"units_billed": 3, "units_paid": 3}, "90"),
        ({"method_code": "PERCENT_OF_CHARGE", "rate_percent": "61.5"}, {}, "123"),
        (
            {"method_code": "PERCENT_OF_CHARGE", "rate_percent": "33.33"},
            {"charge_amount": "0.50"},
            "0.17",
        ),
    ],
)
def test_methods(priced, rate, line, amount):
    assert expected(priced([line], [rate])) == Decimal(amount)


def fee(code, work, nonfacility, facility, malpractice, year=2026, *, modifier="", status="A"):
    """One row of medicare_fee."""
    return {
        "procedure_code": code, "modifier_code": modifier, "status_code": status,
        "work_rvu": work, "nonfacility_rvu": nonfacility, "facility_rvu": facility,
        "malpractice_rvu": malpractice, "start_date": f"{year}-01-01",
        "end_date": f"{year}-12-31", "conversion_factor": {2025: 32.3465, 2026: 33.4009}[year],
    }  # fmt: skip


MEDICARE = {
    "medicare_fee": drawn(
        fee("99213", 1.3, 1.4, 0.6, 0.1, 2025),
        fee("99213", 1.3, 1.4, 0.6, 0.1),
        fee("71046", 0.18, 0.7, 0.7, 0.02),
        fee("71046", 0.18, 0.07, 0.07, 0.01, modifier="26"),
        fee("J3301", 0, 0, 0, 0, status="E"),
    ),
    "medicare_locality": """
    locality_code | work_gpci | expense_gpci | malpractice_gpci | start_date | end_date
    10112-00      | 1         | 0.869        | 0.575            | 2026-01-01 | 2026-12-31
    """,
}


@pytest.mark.parametrize(
    ("line", "rate", "place", "amount"),
    [
        ({}, {}, "11", "93.52"),  # (1.30 + 1.40 + 0.10) x 33.4009 = 93.5225
        ({}, {}, "22", "66.80"),  # (1.30 + 0.60 + 0.10) x 33.4009
        ({}, {"rate_percent": 120}, "11", "112.22"),
        ({"units_billed": 2, "units_paid": 2}, {}, "11", "187.04"),
        ({"service_from_date": "2025-12-31"}, {}, "11", "90.57"),  # by that year's factor
        ({}, {"locality_code": "10112-00"}, "11", "85.98"),  # 1.30 + 1.40x.869 + .10x.575
        ({"procedure_code": "71046", "modifier_key": "26"}, {}, "11", "8.68"),
        ({"procedure_code": "71046"}, {}, "11", "30.06"),
    ],
)
def test_per_cent_of_medicare(priced, line, rate, place, amount):
    rates = [{"method_code": "PERCENT_OF_MEDICARE", "rate_percent": 100,
              "start_date": "2025-01-01"} | rate]  # fmt: skip
    db = priced([line], rates, place=place, **MEDICARE)
    assert expected(db) == Decimal(amount)


@pytest.mark.parametrize(
    ("day", "amount"),
    # (1.30 + 1.40 + 0.10) x 33.4009 until the release of July, which says 2.00 for 1.40.
    [("2026-01-01", "93.52"), ("2026-06-30", "93.52"), ("2026-07-01", "113.56")],
)
def test_a_release_of_the_fee_schedule_prices_from_its_quarter_on(priced, day, amount):
    fees = drawn(
        fee("99213", 1.3, 1.4, 0.6, 0.1),
        fee("99213", 1.3, 2.0, 0.6, 0.1) | {"start_date": "2026-07-01"},
    )
    rates = [{"method_code": "PERCENT_OF_MEDICARE", "rate_percent": 100,
              "start_date": "2025-01-01"}]  # fmt: skip
    db = priced([{"service_from_date": day}], rates, place="11", medicare_fee=fees)
    assert expected(db) == Decimal(amount)


@pytest.mark.parametrize(
    ("line", "rate", "why"),
    [
        ({"procedure_code": "J3301"}, {}, "no Medicare price"),
        ({"procedure_code": "99999"}, {}, "no Medicare price"),
        ({"service_from_date": "2024-06-01"}, {}, "no Medicare price"),
        ({}, {"locality_code": "99999-99"}, "no Medicare price"),
        ({"procedure_code": "00140"}, {}, "anaesthesia, priced by time"),
        ({"units_billed": 0}, {}, "units not known"),
        ({"units_billed": ""}, {}, "units not known"),
    ],
)
def test_what_cannot_be_priced_is_counted_with_its_reason(priced, line, rate, why):
    rates = [{"method_code": "PERCENT_OF_MEDICARE", "rate_percent": 100,
              "start_date": "2024-01-01"} | rate]  # fmt: skip
    if "units_billed" in line:
        rates = [{"rate_amount": 90}]
    db = priced([line], rates, **MEDICARE)
    assert excluded(underpayment, db) == {why: 1}
    assert underpayment(db)["n"].item() == 0


@pytest.mark.parametrize(
    ("line", "world", "why"),
    [
        ({}, {"seq": "S", "status": "2"}, "answered by a second payer"),
        ({"charge_amount": 0, "allowed_amount": 0}, {}, "no charge"),
        ({"allowed_amount": 0, "paid_amount": 0}, {}, "nothing allowed and nothing denied"),
        ({"procedure_code": ""}, {}, "no procedure"),
    ],
)
def test_lines_with_nothing_to_price(priced, line, world, why):
    assert excluded(underpayment, priced([line], **world)) == {why: 1}


@pytest.mark.parametrize(
    ("allowed", "short"),
    [("100", None), ("99", None), ("98.99", "1.01"), ("101", None), ("50", "50.00")],
)
def test_beyond_a_dollar_and_one_per_cent(priced, allowed, short):
    db = priced([{"allowed_amount": allowed}], [{"rate_amount": 100}])
    found = underpayment(db).row(0, named=True)
    assert (found["n"], found["underpaid"]) == (1, int(short is not None))
    assert found["amount"] == Decimal(short or 0)
    assert contract_match_rate(db)["hits"].item() == int(short is None)
    assert underpayment_worklist(db).height == int(short is not None)


@pytest.mark.parametrize(
    ("within", "underpaid"),
    [({"amount": 5}, 0), ({"amount": 4}, 1), ({"amount": 0, "percent": 5}, 0),
     ({"amount": 0, "percent": "4.9"}, 1)],
)  # fmt: skip
def test_another_tolerance(priced, within, underpaid):
    db = priced([{"allowed_amount": 95}], [{"rate_amount": 100}])
    assert underpayment.within(**within)(db)["underpaid"].item() == underpaid


@pytest.mark.parametrize(
    ("modifiers", "kind", "usual"),
    [
        ("80", "assistant", "16.00"), ("82", "assistant", "16.00"), ("81", "assistant", "16.00"),
        ("AS", "assistant", "13.60"), ("52", "reduced", "0.00"), ("53", "reduced", "0.00"),
        ("51", "multiple_procedure", "50.00"), ("51,RT", "multiple_procedure", "50.00"),
        ("50", "bilateral", "100.00"), ("RT", None, "100.00"),
    ],
)  # fmt: skip
def test_usual_reductions_are_told_apart(priced, modifiers, kind, usual):
    amounts = [max(Decimal(usual), Decimal(1)), Decimal(10)]
    lines = [{"modifier_key": modifiers, "allowed_amount": amount} for amount in amounts]
    db = priced(lines, [{"rate_amount": 100}])
    first = rows(db)[0]
    assert (first["variance_kind"], first["usual_amount"]) == (kind, Decimal(usual))
    whole = Decimal(150 if kind == "bilateral" else 100)
    assert first["expected_amount"] == whole
    found = underpayment(db, where={"service_date": dt.date(2026, 1, 5)}).row(0, named=True)
    below = max(Decimal(usual) - 10, Decimal(0))
    assert (found["amount"], found["underpaid"]) == (below, int(below > 1))
    if kind:
        told = sum(whole - max(Decimal(usual), amount) for amount in amounts)
        assert found[f"{kind}_amount"] == told
    assert contract_match_rate(db)["hits"].item() >= 1


def test_a_rate_agreed_for_the_modifier_has_the_reduction_in_it(priced):
    rates = [{"rate_amount": 100}, {"rate_amount": 60, "modifier_key": "51"}]
    row = rows(priced([{"modifier_key": "51", "allowed_amount": 50}], rates))[0]
    assert (row["variance_kind"], row["expected_amount"]) == (None, 60)


@pytest.mark.parametrize(
    ("second", "kind"),
    [("50", "multiple_procedure"), ("50.40", "multiple_procedure"), ("60", None), ("100", None)],
)
def test_half_a_rate_beside_a_larger_procedure_is_a_reduction(priced, second, kind):
    lines = [
        {"procedure_code": "29881", "allowed_amount": 400},
        {"procedure_code": "20610", "allowed_amount": second},
    ]
    rates = [
        {"procedure_code": "29881", "rate_amount": 400},
        {"procedure_code": "20610", "rate_amount": 100},
    ]
    assert [row["variance_kind"] for row in rows(priced(lines, rates))] == [None, kind]


def test_half_a_rate_of_a_single_procedure_is_underpaid(priced):
    lines = [{"procedure_code": "20610", "allowed_amount": 50}]
    db = priced(lines, [{"procedure_code": "20610", "rate_amount": 100}])
    assert underpayment(db)["amount"].item() == 50


def test_fewer_units_paid_than_billed(priced):
    db = priced(
        [{"units_billed": 3, "units_paid": 2, "allowed_amount": 180}], [{"rate_amount": 90}]
    )
    row = rows(db)[0]
    assert (row["expected_amount"], row["usual_amount"]) == (270, 180)
    found = underpayment(db).row(0, named=True)
    assert (found["underpaid"], found["units_amount"]) == (0, 90)


def test_without_a_contract_most_lines_tell_the_rate(priced):
    lines = [{"allowed_amount": amount} for amount in (80, 80, 80, 95, 95, 60)]
    lines.append({"allowed_amount": 20, "modifier_key": "26"})
    lines.append({"allowed_amount": 30, "service_from_date": "2026-04-01"})
    db = priced(lines)
    assert [row["expected_amount"] for row in rows(db)] == [80] * 6 + [None, None]
    assert {row["rate_source"] for row in rows(db)[:6]} == {"inferred"}
    assert underpayment(db)["n"].item() == 0, "fewer than ten lines alike"
    assert excluded(underpayment, db) == {"inferred from too few lines": 6, "no rate": 2}
    found = underpayment.within(support=3)(db).row(0, named=True)
    assert (found["n"], found["underpaid"], found["inferred"]) == (6, 1, 6)
    assert (found["amount"], found["inferred_amount"], found["overpaid_amount"]) == (20, 20, 30)
    assert contract_match_rate.within(support=3)(db)["n"].item() == 0


def test_of_amounts_allowed_equally_often_the_smaller_is_taken(priced):
    lines = [{"allowed_amount": amount} for amount in (80, 80, 95, 95)]
    assert expected(priced(lines)) == 80


def test_a_recoded_line(priced):
    lines = [
        {"submitted_procedure_code": "99214"}, {"submitted_procedure_code": "99213"}, {},
        {"procedure_code": ""},
    ]  # fmt: skip
    db = priced(lines)
    found = recode_rate(db).row(0, named=True)
    assert (found["hits"], found["n"]) == (1, 3)
    assert excluded(recode_rate, db) == {"no procedure": 1}


@pytest.mark.parametrize("units", ["99999999999", "-99999999999"])
@pytest.mark.parametrize("paid", ["99999999998", "-99999999999", "1"])
def test_units_at_their_limit_stop_no_build(priced, units, paid):
    line = {"units_billed": units, "units_paid": paid}
    rate = {"procedure_code": "99213", "rate_amount": "10000000"}
    (found,) = rows(priced([line], [rate]))
    told = "units not known" if units < "0" else "expected amount too large to hold"
    assert found["unpriced_reason"] == told
    (found,) = rows(priced([line | {"units_billed": 2}], [rate]))
    assert found["expected_amount"] == 20_000_000


@pytest.mark.parametrize(
    ("first", "second", "short", "matches"),
    [(60, 40, 0, 2), (60, 30, 10, 1), (100, 100, 0, 2), (60, 60, 80, 0), (60, 0, 40, 0)],
    ids=["completed", "still short", "paid twice", "both short of it", "one answer"],
)
def test_answers_that_add_up_to_the_rate_are_short_once(given, first, second, short, matches):
    head = (
        "remit_claim_id | remit_id | file_id | record_no | patient_control_number | status_code"
        " | charge_amount | paid_amount | payer_claim_number\n"
    )
    line = (
        "remit_line_id | remit_claim_id | line_no | file_id | record_no | procedure_code"
        " | modifier_key | charge_amount | paid_amount | allowed_amount | units_billed"
        " | service_from_date\n"
    )
    both = ["10 | 1 | 9 | 1 | A | 1 | 100 | {} | X1", "11 | 2 | 9 | 2 | A | 1 | 100 | {} | X2"]
    lines = [
        "1 | 10 | 1 | 9 | 1 | 99213 |  | 100 | {0} | {0} | 1 | 2026-01-05",
        "2 | 11 | 1 | 9 | 2 | 99213 |  | 100 | {0} | {0} | 1 | 2026-01-05",
    ]
    paid = [amount for amount in (first, second) if amount]
    db = given(
        payer="payer_id | payer_name\n7 | ACME",
        claim="claim_id | patient_control_number | payer_id | payer_sequence_code"
        " | submission_date | service_from_date | service_to_date | billed_amount\n"
        "1 | A | 7 | P | 2026-01-10 | 2026-01-05 | 2026-01-05 | 100",
        remit="remit_id | payer_id | payment_date\n1 | 7 | 2026-02-01\n2 | 7 | 2026-03-01",
        remit_claim=head + "\n".join(t.format(a) for t, a in zip(both, paid, strict=False)),
        remit_line=line + "\n".join(t.format(a) for t, a in zip(lines, paid, strict=False)),
        contract_rate="file_id | record_no | payer_name | method_code | rate_percent | start_date\n"
        "3 | 1 | ACME | PERCENT_OF_CHARGE | 100 | 2026-01-01",
    )
    found = underpayment(db).row(0, named=True)
    assert (found["n"], found["amount"]) == (len(paid), short)
    assert contract_match_rate(db)["hits"].item() == matches
    rest = found["expected_amount"] - found["allowed_amount"] - found["amount"]
    assert found["several_answers_amount"] == rest


def test_rates_that_price_nothing_are_told_with_the_reason(priced):
    db = priced(
        [{"procedure_code": "99213", "modifier_key": "25"}, {"procedure_code": "99214"}],
        [
            {"rate_amount": 90},
            {"rate_amount": 80, "procedure_code": "99213", "claim_type": "dental"},
            {"rate_amount": 80, "procedure_code": "99215"},
            {"rate_amount": 80, "start_date": "2026-02-01"},
            {"rate_amount": 80, "payer_name": " acne"},
            {"rate_amount": 80, "payer_name": "Zenith"},
        ],
    )
    found = contract_rate_use(db).sort("record_no")
    assert found.select("n", "unused_reason", "closest_payer_name").rows() == [
        (2, None, None),
        (0, "other modifiers, places or kinds of claim, or another rate came first", None),
        (0, "no answered line of this procedure", None),
        (0, "no answered line of these days", None),
        (0, "no answered claim of this payer", "Acme"),
        (0, "no answered claim of this payer", None),
    ]
    assert contract_rate_use(db)["unused_reason"].to_list()[-1] is None  # the unused ones first
    assert len(contract_rate_use(db, where={"payer_name": "Zenith"})) == 1
    db.sql("INSERT INTO payer_map (payer_name, canonical_payer) VALUES ('ZENITH', 'Acme')")
    of_file = contract_rate_use(db, where={"payer_name": "Zenith"})
    assert of_file["closest_payer_name"].item() == "Acme", "the name it is reported under"
