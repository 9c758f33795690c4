"""Which reason names a denial: the code, or the remark beside it where the code says little."""

import pytest

CLAIM = """
    claim_id | patient_control_number | submission_date | billed_amount
    10       | A1                     | 2026-01-02      | 100
    """
REMIT = """
    remit_id | payment_date
    1        | 2026-01-20
    """
REMIT_CLAIM = """
    remit_claim_id | remit_id | patient_control_number | status_code | charge_amount | paid_amount
    100            | 1        | A1                     | 1           | 100           | 0
    """
LINE = """
    remit_line_id | remit_claim_id | line_no | charge_amount | paid_amount
    1000          | 100            | 1       | 100           | 0
    """


def denied(given, carc, *remarks, group="CO"):
    """Category and remark of a claim denied by one code, with remarks: (line or blank, code)."""
    rows = "\n".join(f"100 | {line} | 7 | {n} | {code}" for n, (line, code) in enumerate(remarks))
    db = given(
        claim=CLAIM,
        remit=REMIT,
        remit_claim=REMIT_CLAIM,
        remit_line=LINE,
        adjustment=f"""
        remit_claim_id | remit_line_id | record_no | position | group_code | carc_code | amount
        100            | 1000          | 5         | 1        | {group}    | {carc}    | 100
        """,
        remark="remit_claim_id | remit_line_id | record_no | position | rarc_code\n" + rows,
    )
    claim = db.sql("SELECT denial_category, denial_rarc FROM claim_outcome").row(0)
    assert db.sql("SELECT denial_category, denial_rarc FROM answered_line").row(0) == claim
    return claim


@pytest.mark.parametrize(
    ("carc", "remarks", "category", "rarc"),
    [
        ("16", [], "billing_data", None),
        ("16", [(1000, "M127")], "documentation", "M127"),
        ("16", [(1000, "M20"), (1000, "M127")], "billing_data", "M20"),
        ("16", [("", "M127"), (1000, "N115")], "medical_necessity", "N115"),
        ("16", [("", "M127")], "documentation", "M127"),
        ("16", [(1000, "QQ1"), (1000, "M127")], "documentation", "M127"),
        ("16", [(1000, "QQ1")], "billing_data", "QQ1"),
        ("50", [(1000, "M127")], "medical_necessity", "M127"),
        # An alert (MA01: may appeal) tells no reason.
        ("16", [(1000, "MA01"), (1000, "M127")], "documentation", "M127"),
        ("16", [(1000, "MA01"), ("", "M127")], "documentation", "M127"),
        ("16", [("", "MA01")], "billing_data", "MA01"),
        ("16", [(1000, "MA01"), (1000, "QQ1")], "billing_data", "QQ1"),
    ],
)
def test_a_remark_names_the_reason_where_the_code_says_little(given, carc, remarks, category, rarc):
    assert denied(given, carc, *remarks) == (category, rarc)


def test_a_code_in_no_map_is_no_denial_and_keeps_its_dollars(given):
    assert denied(given, "ZZ9", (1000, "M127")) == (None, None)
