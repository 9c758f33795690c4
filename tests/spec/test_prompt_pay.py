"""The day a payer had to answer by, what rule says so, and the interest it owes."""

import datetime as dt
from decimal import Decimal

import pytest
from world import adjustments, claim, claims, payment, payments

from analytics.metrics import legal_days, prompt_pay_worklist
from analytics.metrics.prompt_pay import (
    prompt_pay_breaches,
    prompt_pay_days_late,
    prompt_pay_interest,
)

CLAIM_OF_ACME = """
    claim_id | patient_control_number | payer_id | submission_date | service_from_date | service_to_date | billed_amount
    1        | A                      | 7        | 2026-01-10      | 2026-01-05        | 2026-01-05      | 100
    """  # noqa: E501
LATE = "2026-03-11"  # 60 days after 2026-01-10, a Saturday, on which claims are sent here


def paid(on=LATE, *, received="", amount="1000", state="", line="", mapped="", contract=""):
    """A claim sent on 2026-01-10 to Acme, of a state and line of business, and its answer."""
    head = (
        "remit_claim_id | remit_id | file_id | record_no | patient_control_number | status_code"
        " | charge_amount | paid_amount | payer_claim_number | received_date"
    )
    tables = {
        "claim": f"""
        claim_id | patient_control_number | payer_id | payer_sequence_code | submission_date | service_from_date | service_to_date | billed_amount | frequency_code | facility_state_code
        1        | A | 7 | P | 2026-01-10 | 2026-01-05 | 2026-01-05 | 1500 | 1 | {state}
        """,  # noqa: E501
        "payer": "payer_id | payer_name\n7 | ACME",
        "payer_map": f"""
        payer_name | canonical_payer | line_of_business | state_code | prompt_pay_days
        ACME       | Acme            | {line}           | {mapped}   | {contract}
        """,
    }  # fmt: skip
    if on:
        tables["remit"] = f"remit_id | payment_date\n1 | {on}"
        tables["remit_claim"] = (
            f"{head}\n10 | 1 | 9 | 1 | A | 1 | 1500 | {amount} | X1 | {received}"
        )
    return tables


@pytest.fixture
def judged(given):
    """The row of prompt_pay of a world; with `rules` in place of the shipped ones."""

    def build(tables, rules="", as_of=dt.date(2026, 6, 30)):
        db = given(as_of=as_of, **tables)
        if rules:
            head, *rows = [line.split("|") for line in rules.strip().splitlines()]
            db.connection.execute("DELETE FROM prompt_pay_rule")
            for row in rows:
                cells = dict(zip((h.strip() for h in head), (c.strip() for c in row), strict=True))
                cells |= {"confidence": "tested", "is_verified": "true"}
                names, values = ", ".join(cells), [cell or None for cell in cells.values()]
                marks = ", ".join("?" * len(cells))
                insert = f"INSERT INTO prompt_pay_rule ({names}) VALUES ({marks})"
                db.connection.execute(insert, values)
            db.build(as_of)
        return db.sql("SELECT * FROM prompt_pay").row(0, named=True) | {"db": db}

    return build


HEAD = (
    "jurisdiction | level | effective_from | effective_to | electronic_days | electronic_day_type"
    " | interest_basis | interest_rate | second_after_days | second_rate | third_after_days"
    " | third_rate\n"
)


def rule(days="30", kind="calendar", basis="year", rate="12", *, who="AL", level="state",
         start="", end="", tiers=("", "", "", "")):  # fmt: skip
    """One row of prompt_pay_rule."""
    return " | ".join((who, level, start, end, days, kind, basis, rate, *tiers))


@pytest.mark.parametrize(
    ("world", "level", "jurisdiction"),
    [
        ({"state": "AL"}, "state of service", "AL"),
        ({"state": "AL", "mapped": "FL"}, "state of the payer", "FL"),
        ({"mapped": "FL", "line": "medicare"}, "line of business", "MEDICARE"),
        ({"mapped": "FL", "line": "medicare", "contract": "45"}, "contract days", None),
        ({"line": "commercial"}, None, None),
        ({"state": "PR"}, None, None),
    ],
)
def test_the_most_specific_rule_decides(judged, world, level, jurisdiction):
    row = judged(paid(**world))
    assert (row["rule_level"], row["rule_jurisdiction"]) == (level, jurisdiction)


def test_a_rule_of_the_payer_s_own_comes_before_days_in_the_payer_map(judged):
    rules = HEAD + "\n".join([rule(), rule("10", who="ACME", level="payer")])
    row = judged(paid(mapped="AL", contract="45"), rules)
    assert (row["rule_level"], row["answer_days"]) == ("payer", 10)


def test_workers_compensation_has_no_rule_though_its_state_has(judged):
    row = judged(paid(state="AL", line="workers_comp"))
    assert (row["answer_days"], row["due_date"], row["is_late"]) == (None, None, False)
    left_out = dict(prompt_pay_breaches.excluded(row["db"]).select("reason", "n").iter_rows())
    assert left_out == {"no rule for its payer, line of business and state": 1}


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("", "2026-01-10", True), ("", "2026-01-09", False),
        ("2026-01-10", "", True), ("2026-01-11", "", False),
    ],
)  # fmt: skip
def test_a_rule_holds_for_claims_received_in_its_time(judged, start, end, holds):
    row = judged(paid(state="AL"), HEAD + rule(start=start, end=end))
    assert (row["rule_jurisdiction"] == "AL") is holds


@pytest.mark.parametrize(
    ("received", "clock", "day"),
    [
        ("", "sent", dt.date(2026, 1, 10)),
        ("2026-01-13", "received", dt.date(2026, 1, 13)),
        ("2026-01-09", "sent", dt.date(2026, 1, 10)),  # before it was sent
        ("2026-03-12", "sent", dt.date(2026, 1, 10)),  # after it was answered
    ],
)
def test_the_clock_starts_when_the_payer_has_the_claim(judged, received, clock, day):
    row = judged(paid(received=received, state="AL"))
    assert (row["clock"], row["clock_date"]) == (clock, day)


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        ("2026-01-05", 1, "2026-01-06"), ("2026-01-05", 5, "2026-01-12"),
        ("2026-01-08", 1, "2026-01-09"), ("2026-01-08", 2, "2026-01-12"),
        ("2026-01-09", 1, "2026-01-12"), ("2026-01-10", 1, "2026-01-12"),
        ("2026-01-11", 1, "2026-01-12"), ("2026-01-11", 5, "2026-01-16"),
        # Without Martin Luther King's Day (19 January) and Washington's Birthday (16 February).
        ("2026-01-16", 1, "2026-01-20"), ("2026-01-19", 1, "2026-01-20"),
        ("2026-01-09", 30, "2026-02-24"),
    ],
)  # fmt: skip
def test_business_days_are_monday_to_friday_without_federal_holidays(judged, sent, days, due):
    tables = paid(state="AL")
    tables["claim"] = tables["claim"].replace("2026-01-10", sent)
    row = judged(tables, HEAD + rule(str(days), "business"))
    assert row["due_date"] == dt.date.fromisoformat(due)


@pytest.mark.parametrize(
    ("on", "late"), [("2026-02-09", None), ("2026-02-10", 1), (LATE, 30), ("", 141)]
)
def test_answered_on_the_last_day_is_in_time_and_open_claims_are_late_too(judged, on, late):
    row = judged(paid(on, state="AL"))  # 30 days from 2026-01-10
    assert row["days_late"] == late
    breaches = prompt_pay_breaches(row["db"]).row(0, named=True)
    assert (breaches["hits"], breaches["n"]) == (int(late is not None), 1)
    waited = prompt_pay_days_late(row["db"]).row(0, named=True)
    assert (waited["n"], waited["events"]) == (int(late is not None), int(bool(late and on)))


@pytest.mark.parametrize(("as_of", "n"), [("2026-02-09", 0), ("2026-02-10", 1)])
def test_a_claim_counts_once_its_last_day_is_past(judged, as_of, n):
    row = judged(paid("", state="AL"), as_of=dt.date.fromisoformat(as_of))
    assert prompt_pay_breaches(row["db"])["n"].item() == n
    assert prompt_pay_breaches(row["db"])["hits"].item() == n


@pytest.mark.parametrize(
    ("rules", "owed"),
    [
        (rule(), "9.86"),  # 1000 x 12% x 30 / 365 = 9.863
        (rule(basis="month", rate="1.5"), "14.79"),  # 18% a year
        (rule(rate="8.75"), "7.19"),
        (rule(tiers=("45", "20", "", "")), "13.15"),  # 15 days at 12%, 15 at 20%
        (rule(tiers=("40", "18", "50", "24")), "14.79"),  # 10 each at 12, 18 and 24%
        (rule(tiers=("90", "20", "", "")), "9.86"),
        (rule("20", "business", tiers=("35", "24", "", "")), "18.08"),  # 5 days at 12%, 25 at 24%
        (rule(rate="18.25", days="58"), "1.00"),  # 2 days: exactly 1.00
        (rule(rate="9.125", days="58"), "0.50"),
    ],
)
def test_simple_interest_at_the_rates_of_the_days(judged, rules, owed):
    row = judged(paid(state="AL"), HEAD + rules)
    assert row["interest_amount"] == Decimal(owed)
    total = prompt_pay_interest(row["db"]).row(0, named=True)
    assert (total["n"], total["known"], total["amount"]) == (1, 1, Decimal(owed))


def test_half_a_cent_is_rounded_up(judged):
    row = judged(paid(state="AL", amount="0.50"), HEAD + rule("59", rate="365"))
    assert row["interest_amount"] == Decimal("0.01")  # 0.50 x 3.65 / 365 = 0.005


@pytest.mark.parametrize(
    ("world", "rules", "why"),
    [
        ({"state": "AL"}, rule(basis="none", rate=""), "the rule sets no interest"),
        ({"state": "AL"}, rule(basis="published", rate=""), "the rate is set elsewhere"),
        ({"state": "AL"}, rule(basis="penalty", rate=""), "the rule sets a penalty, not a rate"),
        ({"contract": "30"}, rule(), "the rate of the contract is not known"),
        ({"state": "AL", "on": ""}, rule(), "not answered yet"),
    ],
)
def test_interest_without_a_rate_is_unknown_not_nothing(judged, world, rules, why):
    row = judged(paid(**world), HEAD + rules)
    assert row["is_late"]
    assert (row["interest_amount"], row["interest_unknown"]) == (None, why)
    total = prompt_pay_interest(row["db"]).row(0, named=True)
    assert (total["value"], total["amount"], total["known"]) == (None, None, 0)


def test_what_a_reversal_took_back_bears_no_interest(given):
    db = given(
        as_of=dt.date(2026, 6, 30),
        claim=CLAIM_OF_ACME,
        payer="payer_id | payer_name\n7 | ACME",
        payer_map="payer_name | canonical_payer | prompt_pay_days\nACME | Acme | 5",
        remit="remit_id | payment_date\n1 | 2026-02-01\n2 | 2026-03-01",
        remit_claim=payments(
            payment(10, 1, paid="80"), payment(11, 2, status="22", charge="-100", paid="-80")
        ),
    )
    late = db.sql("SELECT days_late, late_amount FROM prompt_pay").row(0)
    assert late == (17, 0)


def test_denied_and_resubmitted_claims_are_not_clean(given):
    db = given(
        as_of=dt.date(2026, 6, 30),
        claim=claims(claim(1), claim(2, "B"), claim(3, "B", sent="2026-03-01", freq="7")),
        remit="remit_id | payment_date\n1 | 2026-05-01",
        remit_claim=payments(payment(10, 1)),
        adjustment=adjustments((10, "CO", "50", "100")),
    )
    left_out = dict(prompt_pay_breaches.excluded(db).select("reason", "n").iter_rows())
    assert left_out["denied: not clean"] == 1
    assert left_out["sent again: not clean"] == 1


def test_work_begins_where_most_interest_is_still_due(judged):
    """A owes 9.86, of which 9.00 came; B 4.93, of which nothing came; C more came than is owed."""
    head = CLAIM_OF_ACME.strip().splitlines()[0]
    number = (
        "remit_claim_id | remit_id | file_id | record_no | patient_control_number | status_code"
        " | charge_amount | paid_amount | payer_claim_number | interest_amount"
    )
    row = judged(
        {
            **paid(on=""),
            "claim": "\n".join(
                [
                    f"{head} | payer_sequence_code | frequency_code | facility_state_code",
                    *(
                        f"{i} | {control} | 7 | 2026-01-10 | 2026-01-05 | 2026-01-05 | 1500"
                        " | P | 1 | AL"
                        for i, control in enumerate("ABCD", start=1)
                    ),
                ]
            ),
            "remit": f"remit_id | payment_date\n1 | {LATE}",
            "remit_claim": f"""
            {number}
            10 | 1 | 9 | 1 | A | 1 | 1500 | 1000 | X1 | 9.00
            11 | 1 | 9 | 2 | B | 1 | 1500 | 500  | X2 |
            12 | 1 | 9 | 3 | C | 1 | 1500 | 100  | X3 | 5.00
            """,
        },
        HEAD + rule(),
    )
    work = prompt_pay_worklist(row["db"])
    assert work["claim_id"].to_list() == [2, 1, 3, 4]
    assert work["interest_amount"].to_list() == [
        *map(Decimal, ("4.93", "9.86", "0.99")),
        None,
    ]
    due = [*map(Decimal, ("4.93", "0.86", "0.00")), None]
    assert work["interest_due_amount"].to_list() == due
    assert work["interest_sent_amount"].to_list()[0] is None
    assert prompt_pay_worklist(row["db"], limit=1)["claim_id"].item() == 2


@pytest.mark.parametrize(("state", "verified"), [("AL", True), ("KS", False)])
def test_every_number_marks_what_rests_on_unverified_rules(judged, state, verified):
    row = judged(paid(state=state))
    assert row["is_verified"] is verified
    for metric in (prompt_pay_breaches, prompt_pay_days_late, prompt_pay_interest):
        assert metric(row["db"])["unverified"].item() == int(not verified)
        assert metric(row["db"], by="payer_name")["unverified"].item() == int(not verified)
    work = prompt_pay_worklist(row["db"]).row(0, named=True)
    assert (work["is_verified"], work["days_late"]) == (verified, 30)


def test_the_legal_day_of_a_payer_is_that_of_most_of_its_claims(judged):
    row = judged(paid(state="AL"))
    told = legal_days(row["db"]).row(0, named=True)
    days = (row["due_date"] - row["clock_date"]).days
    assert told == {"payer_name": "Acme", "days": days, "n": 1, "share": 1.0, "unverified": 0}
    assert legal_days(judged(paid())["db"]).is_empty()  # no rule is known


# As the Office of Personnel Management publishes them for each year.
HOLIDAYS = {
    2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}


def test_federal_holidays_are_those_published(given):
    tables = paid()
    tables["claim"] = tables["claim"].replace("2026-01-10", "2023-03-01")
    db = given(as_of=dt.date(2027, 12, 31), **tables)
    days = db.sql(
        "SELECT calendar_date FROM calendar_day WHERE is_federal_holiday "
        "AND year(calendar_date) BETWEEN 2023 AND 2027 ORDER BY 1"
    )["calendar_date"].to_list()
    known = [f"{year}-{day}" for year, days in HOLIDAYS.items() for day in days.split()]
    assert [day.isoformat() for day in days] == known
    count = db.sql("SELECT count(*), min(calendar_date), max(calendar_date) FROM calendar_day")
    assert count.row(0) == (7670, dt.date(2023, 1, 1), dt.date(2043, 12, 31))


def test_the_longest_rule_still_has_a_last_day(judged):
    row = judged(paid(state="AL"), HEAD + rule("3660", "business"), as_of=dt.date(2026, 3, 31))
    assert row["due_date"] > dt.date(2040, 1, 1)
