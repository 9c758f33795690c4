"""A contract's years: whose months and dollars are counted, and what the study makes of them."""

import datetime as dt
from decimal import Decimal

import pytest
from care_world import cover, member, members, settled, settled_claims, span

from analytics import tables
from analytics.contracts import ContractYear, contract_rows, contract_years
from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import shared_savings

AS_OF = dt.date(2025, 3, 31)
TERMS = """
name = "Ours"
payer_name = "Medicare"
sharing_rate = 0.5
minimum_savings_rate = 0.02
[year.2025]
benchmark_per_person_year = 1200
"""
PEOPLE = {
    "patient": members(member(1), member(2), member(3)),
    "eligibility": cover(
        span(1, "2025-01-01"), span(2, "2025-01-01", "2025-01-31"),
        span(3, "2025-01-01", payer="Other"),
    ),
}  # fmt: skip
CLAIMS = (
    settled(1, "2025-01-05", paid=100, allowed=110, known="2025-01-20"),
    settled(2, "2025-01-06", paid=60, allowed=70, known="2025-02-20", patient=2),
    settled(3, "2025-01-07", paid=40, allowed=40, known="2025-03-20", kind="pharmacy"),
    settled(4, "2025-02-05", paid=80, allowed=90, known="2025-02-25"),
    settled(5, "2025-02-06", paid=30, allowed=30, known="2025-03-25", patient=2),  # not covered
    settled(6, "2025-03-06", paid=9, allowed=9, known="2025-03-25", patient=3),
)


def contract(text, record=1) -> str:
    """The table contract, as a TOML text tells it."""
    frame = contract_rows(contract_years(text, "a file"), record)
    rows = [" | ".join("" if cell is None else str(cell) for cell in row) for row in frame.rows()]
    return "\n".join([" | ".join(frame.columns), *rows])


@pytest.fixture
def db(given):
    return given(
        as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS), contract=contract(TERMS)
    )


def year(db, columns="member_count, member_months, expenditure_amount, benchmark_to_date_amount"):
    return db.sql(f"SELECT {columns} FROM contract_year ORDER BY contract_name, year").rows()


def test_people_and_dollars_are_those_of_the_cover(db):
    # 1 for three months, 2 for one; 3 has another payer.  Paid: 100 + 60 + 40 + 80.
    assert year(db) == [(2, 4, Decimal("280.00"), Decimal("400.00"))]


@pytest.mark.parametrize(
    ("more", "spent"),
    [
        ('expenditure = "allowed"', "310.00"),
        ('excluded_services = ["pharmacy"]', "240.00"),
        ('excluded_services = ["pharmacy", "inpatient"]', "0.00"),
        ('line_of_business = "commercial"', "0.00"),
    ],
)
def test_the_contract_says_which_dollars_count(given, more, spent):
    db = given(
        as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS), contract=contract(more + TERMS)
    )
    assert year(db, "expenditure_amount") == [(Decimal(spent),)]


def test_what_is_paid_without_an_amount_allowed_is_told(given):
    """It would count as nothing, and look like savings."""
    claims = (*CLAIMS, settled(7, "2025-01-09", paid=5000, allowed="", known="2025-01-20"))
    texts = {"allowed": "5000.00", "paid": "0.00"}
    for basis, unpriced in texts.items():
        terms = contract(f'expenditure = "{basis}"' + TERMS)
        db = given(as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*claims), contract=terms)
        assert year(db, "unpriced_amount") == [(Decimal(unpriced),)]
        frame = shared_savings(db)
        assert frame["unpriced_amount"].to_list() == [Decimal(unpriced)] * frame.height
        said = "not priced" in tables.contract(frame, "cost", small=0).html.lower()
        assert said == (basis == "allowed")


def test_without_a_payer_named_all_members_count(given):
    text = TERMS.replace('payer_name = "Medicare"', "")
    db = given(as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS), contract=contract(text))
    assert year(db, "member_count, expenditure_amount") == [(3, Decimal("289.00"))]


def test_members_may_be_those_assigned_to_the_network(given):
    lines = (
        "payer_claim_line_id | payer_claim_id | feed_code | file_id | record_no | line_no"
        " | procedure_code | specialty_code | rendering_npi | service_from_date | allowed_amount\n"
        "1 | 7 | tuva | 7 | 7 | 1 | 99213 | 08 | 1 | 2025-01-09 | 50\n"
        "2 | 8 | tuva | 7 | 8 | 1 | 99213 | 08 | 2 | 2025-01-09 | 50"
    )
    visits = [
        settled(n, "2025-01-09", kind="professional", npi=n - 6, patient=n - 6, paid=5)
        for n in (7, 8)
    ]
    db = given(
        as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS, *visits), payer_claim_line=lines,
        roster="npi | start_date\n1 | 2020-01-01",
        contract=contract('members = "assigned"' + TERMS),
    )  # fmt: skip
    # Member 1 alone has the visit with the roster's physician: 100 + 40 + 80 + 5 over 3 months.
    assert year(db)[0][:3] == (1, 3, Decimal("225.00"))


def test_the_newest_file_of_a_contract_counts(given):
    old, new = contract(TERMS), contract(TERMS.replace("1200", "2400"))
    head, row = old.split("\n")
    other = new.split("\n")[1]
    rows = "\n".join([f"file_id | {head}", f"1 | {row}", f"2 | {other}"])
    db = given(as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS), contract=rows)
    assert year(db, "benchmark_to_date_amount") == [(Decimal("800.00"),)]


def test_a_benchmark_of_the_whole_year_counts_by_months(given):
    text = TERMS.replace("benchmark_per_person_year = 1200", "benchmark_amount = 1000")
    db = given(as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS), contract=contract(text))
    assert year(db, "benchmark_to_date_amount") == [(Decimal("250.00"),)]


def test_so_far_the_year_is_completed_and_settled(db):
    row = shared_savings(db).row(0, named=True)
    assert (row["scope"], row["months"], row["n"], row["member_months"]) == ("to_date", 3, 2, 4)
    # January: 200 by March; 160 of it a month after, 100 at once.  February: 80 of now.
    by_one, at_once = 160 / 200, (100 + 80) / (160 + 80) * 160 / 200
    whole = 200 + 80 / by_one + 0 / at_once
    assert float(row["expenditure_amount"]) == pytest.approx(whole, abs=0.01)
    assert (row["known_amount"], row["benchmark_amount"]) == (280, 400)
    assert row["completion"] == pytest.approx(280 / whole)
    # 400 - 300 = 100, above 2 %: half of it.
    assert (row["generated_amount"], row["earned_amount"]) == (100, 50)
    assert row["expenditure_low"] is row["savings_chance"] is None  # three months earn no band
    assert (row["quality"], row["is_final"]) == (1, False)


def test_months_to_come_have_the_members_and_the_cost_of_those_before(db):
    row = shared_savings(db, "Ours").row(1, named=True)
    assert (row["scope"], row["months"], row["months_over"]) == ("year_end", 12, 3)
    assert row["member_months"] == 4 + 9  # member 1 goes on
    assert row["benchmark_amount"] == 1300
    assert (row["method"], row["trend"]) == ("level", 0)
    # Per member: January 200 / 2, February 100 / 1, March 0.
    assert float(row["expenditure_amount"]) == pytest.approx(300 + 9 * 200 / 3, abs=0.01)
    dearer = shared_savings(db, trend=0.1).row(1, named=True)
    mean = [200 / 3 * 1.1 ** ((3 + k - 1) / 12) for k in range(9)]
    assert float(dearer["expenditure_amount"]) == pytest.approx(300 + sum(mean), abs=0.01)


def test_a_year_that_had_its_time_is_final(given):
    db = given(
        as_of=dt.date(2026, 3, 31), **PEOPLE, payer_claim=settled_claims(*CLAIMS),
        contract=contract(TERMS),
    )  # fmt: skip
    (row,) = shared_savings(db).to_dicts()
    assert (row["scope"], row["months"], row["is_final"]) == ("year_end", 12, True)
    assert (row["member_months"], row["expenditure_amount"]) == (13, 280)
    assert (row["completion"], row["earned_amount"]) == (1, (1300 - 280) / 2)


def test_dollars_of_no_known_day_settle_a_final_year_and_no_other(given):
    drawn = {**PEOPLE, "payer_claim": settled_claims(settled(1, "2025-01-05", paid=100))}
    young = given(as_of=AS_OF, **drawn, contract=contract(TERMS))
    for row in shared_savings(young).to_dicts():
        assert row["expenditure_amount"] is row["earned_amount"] is row["completion"] is None
        assert row["known_amount"] == 100
    old = given(as_of=dt.date(2026, 3, 31), **drawn, contract=contract(TERMS))
    assert shared_savings(old)["expenditure_amount"].to_list() == [100]


def test_a_contract_of_nobody_has_a_row_and_no_numbers(given):
    text = TERMS.replace("Medicare", "Nobody")
    db = given(as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS), contract=contract(text))
    assert year(db) == [(0, 0, 0, 0)]
    (row,) = shared_savings(db).to_dicts()
    assert row["n"] is row["expenditure_amount"] is row["benchmark_amount"] is None


def test_people_of_the_contract_are_not_those_covered(given):
    """n is what small cells are judged by: 5,000 people on paper hid that the data have two."""
    text = TERMS.replace("0.02", '"cms"') + "beneficiaries = 5000"
    db = given(as_of=AS_OF, **PEOPLE, payer_claim=settled_claims(*CLAIMS), contract=contract(text))
    for row in shared_savings(db).to_dicts():
        assert (row["n"], row["beneficiaries"], row["minimum_rate"]) == (2, 5000, 0.039)


def test_a_benchmark_may_be_near_the_most_that_can_be_settled(given):
    text = TERMS.replace("benchmark_per_person_year = 1200", "benchmark_amount = 999_999_999_999")
    db = given(
        as_of=dt.date(2026, 3, 31), **PEOPLE, payer_claim=settled_claims(*CLAIMS),
        contract=contract(text),
    )  # fmt: skip
    (row,) = shared_savings(db).to_dicts()
    assert row["generated_amount"] == 999_999_999_999 - 280


def test_a_year_not_begun_has_no_row_to_date(given):
    text = TERMS.replace("2025", "2026")
    db = given(
        as_of=dt.date(2025, 12, 31), **PEOPLE, payer_claim=settled_claims(*CLAIMS),
        contract=contract(text),
    )  # fmt: skip
    (row,) = shared_savings(db).to_dicts()
    assert (row["scope"], row["months_over"], row["n"], row["member_months"]) == (
        "year_end", 0, 1, 12,
    )  # fmt: skip
    assert row["benchmark_amount"] == 1200


def test_what_is_asked_is_checked(db):
    with pytest.raises(UnknownNameError, match="did you mean 'Ours'"):
        shared_savings(db, "Our")
    with pytest.raises(UnknownNameError, match="unknown dimension 'month'"):
        shared_savings(db, where={"month": AS_OF})
    for wrong in ({"trend": -1}, {"trend": 1.5}, {"level": 1}, {"level": 0}):
        with pytest.raises(BadQueryError, match="share"):
            shared_savings(db, **wrong)
    assert shared_savings(db, where={"contract_name": "x' OR 1=1 --"}).is_empty()


def test_a_row_of_the_table_gives_back_the_terms():
    from analytics.contracts import mssp_terms, terms_of

    text = 'name = "A"\ntrack = "enhanced"\n[year.2026]\nbenchmark_amount = 5\nquality = 0.9'
    (one,) = contract_years(text, "a file")
    assert isinstance(one, ContractYear)
    terms = terms_of(contract_rows([one]).row(0, named=True))
    again = mssp_terms("enhanced", performance_year=2026, quality="0.9", name="A")
    assert terms.sequestration == again.sequestration_rate
    for name in ("sides", "minimum_savings_rate", "loss_rate", "loss_cap", "quality"):
        assert getattr(terms, name) == getattr(again, name), name
