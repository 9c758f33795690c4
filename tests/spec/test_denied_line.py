"""Lines: what was allowed and denied on them, and for which reason."""

import pytest
from world import REMIT, claim, claims, line, lines, on_lines, payment, payments

from analytics.metrics.coding import coding_denial_rate
from analytics.metrics.denials import denied_dollars, line_denial_rate


def answered(given, *rows, adjusted=(), remark="remit_claim_id", **of_payment):
    """The database of one claim paid under number 10, with these lines and adjustments."""
    return given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, **of_payment)),
        remit_line=lines(*rows),
        adjustment=on_lines(*adjusted),
        remark=remark,
    )


def first(db, *columns):
    return db.sql(f"SELECT {', '.join(columns)} FROM answered_line ORDER BY line_no").row(0)


@pytest.mark.parametrize(
    ("row", "adjusted", "allowed"),
    [
        # Sent (AMT*B6): taken as it is, whatever was paid.
        (line(1, 10, paid="60", allowed="75"), [("CO", "45", "40")], 75),
        (line(1, 10, paid="0", allowed="0"), [("PR", "1", "80")], 0),
        # Not sent: paid and the share of the patient.
        (line(1, 10, paid="60"), [("PR", "2", "15"), ("PR", "3", "5"), ("CO", "45", "20")], 80),
        # A denial moved to the patient is not the patient's share.
        (line(1, 10), [("PR", "96", "100")], 0),
        # Cost share the contract forbids to bill is not either.
        (line(1, 10, paid="60"), [("CO", "2", "40")], 60),
    ],
)
def test_what_a_line_allows(given, row, adjusted, allowed):
    db = answered(given, row, adjusted=[(10, 1, *a) for a in adjusted])
    assert first(db, "allowed_amount") == (allowed,)


def test_a_claim_allows_what_its_lines_allow(given):
    db = answered(
        given, line(1, 10, paid="60", allowed="75"), line(2, 10, paid="10"), paid="70",
        adjusted=[(10, 2, "PR", "1", "5")],
    )  # fmt: skip
    assert db.sql("SELECT allowed_amount FROM claim_outcome").item() == 90


@pytest.mark.parametrize(("stated", "allowed"), [("", 80), ("90", 90)])
def test_a_payment_without_lines_is_one_line(given, stated, allowed):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=f"""
        remit_claim_id | remit_id | patient_control_number | status_code | charge_amount | paid_amount | patient_responsibility_amount | allowed_amount
        10             | 1        | A                      | 1           | 100           | 60          | 20                            | {stated}
        """,  # noqa: E501
    )
    assert db.sql("SELECT allowed_amount FROM claim_outcome").item() == allowed
    assert first(db, "count(*) OVER ()", "line_no", "allowed_amount") == (1, 0, allowed)


@pytest.mark.parametrize(
    ("row", "adjusted", "denied", "amount"),
    [
        (line(1, 10), [("CO", "197", "100")], True, 100),
        # A line without a charge has nothing to deny; a line cut is not denied.
        (line(1, 10, charge="0"), [("CO", "197", "0")], False, 0),
        (line(1, 10, paid="60"), [("CO", "197", "40")], False, 40),
        (line(1, 10, allowed="40"), [("CO", "50", "100")], False, 100),
        # Positive denial adjustments only.
        (line(1, 10), [("CO", "197", "130"), ("CO", "197", "-30")], True, 130),
        # Unpaid, but for no reason that denies.
        (line(1, 10), [("CO", "45", "100")], False, 0),
        (line(1, 10), [("PR", "27", "100")], True, 100),
        # A code retired long ago still arrives; a code in no list denies nothing.
        (line(1, 10), [("CO", "B18", "100")], True, 100),
        (line(1, 10), [("CO", "ZZ9", "100")], False, 0),
    ],
)
def test_which_line_is_denied(given, row, adjusted, denied, amount):
    db = answered(given, row, adjusted=[(10, 1, *a) for a in adjusted])
    assert first(db, "is_denied", "denied_amount") == (denied, amount)
    assert line_denial_rate(db).select("hits", "n").row(0) == (denied, 1)


def test_the_category_is_that_of_the_largest_denial_and_all_are_kept(given):
    adjusted = [(10, 1, "CO", "29", "30"), (10, 1, "CO", "197", "70"), (10, 2, "CO", "4", "50")]
    tie = (10, 2, "CO", "29", "50")
    db = answered(
        given, line(1, 10), line(2, 10), charge="200", adjusted=[*adjusted, tie]
    )  # fmt: skip
    rows = db.sql("SELECT denial_category, denial_carc FROM answered_line ORDER BY line_no").rows()
    assert rows == [("prior_auth", "197"), ("coding", "4")]
    assert db.sql("SELECT count(*) FROM denial").item() == 4
    assert denied_dollars(db)["value"].item() == 200
    assert coding_denial_rate(db).select("hits", "n").row(0) == (1, 2)
    of_claim = "SELECT denial_carc, denial_preventable, denial_hardness FROM claim_outcome"
    assert db.sql(of_claim).row(0) == ("197", "yes", "hard")


@pytest.mark.parametrize(
    ("carc", "rarc", "category"),
    [
        ("16", "M20", "billing_data"),
        ("16", "", "billing_data"),
        ("96", "M15", "bundling_ncci"),
        ("96", "", "non_covered"),
        # A remark in no list names no reason, but is kept.
        ("96", "N999", "non_covered"),
        # A code that says enough needs no remark.
        ("29", "M15", "timely_filing"),
    ],
)
def test_a_code_that_says_little_takes_its_category_from_the_remark(given, carc, rarc, category):
    remark = f"""
        remit_claim_id | remit_line_id | record_no | position | rarc_code
        10             | 1             | 50        | 1        | {rarc}
        """
    adjusted = [(10, 1, "CO", carc, "100")]
    db = answered(given, line(1, 10), adjusted=adjusted, remark=remark if rarc else "rarc_code")
    assert first(db, "denial_category", "denial_rarc") == (category, rarc or None)


def test_the_whole_charge_written_down_is_suspect(given):
    db = answered(
        given, line(1, 10), line(2, 10, paid="1"), charge="200", paid="1",
        adjusted=[(10, 1, "CO", "45", "100"), (10, 2, "CO", "45", "99")],
    )  # fmt: skip
    rows = db.sql("SELECT is_suspect_contractual FROM answered_line ORDER BY line_no")
    assert rows.rows() == [(True,), (False,)]


def test_a_line_denied_as_a_duplicate_is_out_of_its_rate(given):
    db = answered(
        given, line(1, 10), line(2, 10), charge="200",
        adjusted=[(10, 1, "OA", "18", "100"), (10, 2, "CO", "45", "100")],
    )  # fmt: skip
    assert line_denial_rate(db).select("hits", "n").row(0) == (0, 1)
    assert line_denial_rate(db, include_duplicates=True).select("hits", "n").row(0) == (1, 2)
    assert line_denial_rate.excluded(db).row(0) == ("denied as a duplicate only", 1, 100)


def test_the_chapter_of_a_diagnosis(given):
    chapter = {
        "A000": "A00-B99", "B999": "A00-B99", "C509": "C00-D49", "D499": "C00-D49",
        "D500": "D50-D89", "E1165": "E00-E89", "H598": "H00-H59", "H600": "H60-H95",
        "O9A4": "O00-O9A", "T887": "S00-T88", "U071": "U00-U85", "Y998": "V00-Y99",
        "Z0000": "Z00-Z99", "25000": None, "": None,
    }  # fmt: skip
    rows = [f"{i} | 2026-01-05 | {code}" for i, code in enumerate(chapter)]
    head = "claim_id | submission_date | principal_diagnosis_code"
    db = given(claim="\n".join([head, *rows]))
    found = db.sql("SELECT diagnosis_chapter FROM claim_outcome ORDER BY claim_id")
    assert found["diagnosis_chapter"].to_list() == list(chapter.values())
