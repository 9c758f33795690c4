"""Edits against answers: which the payer denied for, and which coding denials they foresaw."""

import world as paid
from edit_world import Claim, published, rows, world

from analytics.metrics.coding import edit_precision, edit_recall

PAIRS = published(
    (1, "ncci_ptp"),
    ncci_ptp=rows(
        "reference_id | setting | column1_code | column2_code | modifier_indicator | start_date",
        (1, "practitioner", "11111", "22222", 0, "2020-01-01"),
    ),
)
LINES = (("11111",), ("22222",), ("33333",))


def answers(*lines: tuple, claim: int = 1) -> dict[str, str]:
    """A payment of a claim: (code, CARC of a denial or "") for each line."""
    drawn = [paid.line(n, 1, code=code, charge="10", paid="0" if carc else "10", day="2026-03-02")
             for n, (code, carc) in enumerate(lines, start=1)]  # fmt: skip
    denied = [(1, n, "CO", carc, "10") for n, (_, carc) in enumerate(lines, start=1) if carc]
    return {
        "remit": paid.REMIT.replace("2026-02-01", "2026-07-01"),
        "remit_claim": paid.payments(paid.payment(1, control=f"C{claim}", charge="30", paid="10")),
        "remit_line": paid.lines(*drawn),
        "adjustment": paid.on_lines(*denied),
    }


def counted(metric, db, **where) -> tuple[int, int]:
    return metric(db, where=where).select("hits", "n").row(0)


def test_an_edit_is_right_where_its_line_was_denied_for_coding(given):
    db = given(
        **world(Claim(LINES)), **PAIRS, **answers(("11111", ""), ("22222", "97"), ("33333", ""))
    )
    assert counted(edit_precision, db, edit_code="PTP-1") == (1, 1)
    assert counted(edit_recall, db) == (1, 1)


def test_paid_lines_and_other_denials_are_none_of_it(given):
    for carc in ("", "29"):
        lines = (("11111", "97"), ("22222", carc), ("33333", ""))
        db = given(**world(Claim(LINES)), **PAIRS, **answers(*lines))
        assert counted(edit_precision, db, edit_code="PTP-1") == (0, 1)
        assert counted(edit_recall, db) == (0, 1)  # the line that was denied breaks none


def test_a_denied_duplicate_is_what_an_edit_of_repeats_is_about(given):
    twice = world(Claim((("11111",), ("11111",))))
    right = given(**twice, **answers(("11111", ""), ("11111", "18")))
    assert counted(edit_precision, right, edit_code="DUP-1") == (1, 1)
    wrong = given(**twice, **answers(("11111", "97"), ("11111", "97")))
    assert counted(edit_precision, wrong, edit_code="DUP-1") == (0, 1)
    assert counted(edit_recall, wrong) == (0, 0)


def test_a_control_number_ties_lines_whatever_their_order(given):
    claim = world(Claim((("11111",), ("11111",))))
    head, *drawn = claim["claim_line"].split("\n")
    numbered = [f"{row} | K{n}" for n, row in enumerate(drawn, start=1)]
    claim["claim_line"] = "\n".join([f"{head} | line_control_number", *numbered])
    said = answers(("11111", ""), ("11111", "18"))
    said["remit_line"] = paid.lines(
        paid.line(1, 1, code="11111", charge="10", paid="10", control="K2", day="2026-03-02"),
        paid.line(2, 1, code="11111", charge="10", control="K1", day="2026-03-02"),
    )
    db = given(**claim, **said)
    assert counted(edit_precision, db, edit_code="DUP-1") == (0, 1)


def test_an_edit_of_the_claim_is_on_all_its_lines(given):
    order = published((1, "icd10cm_code"), icd10cm_code="reference_id | code\n1 | B000")
    lines = (("11111", "11"), ("22222", ""), ("33333", ""))
    db = given(**world(Claim(LINES)), **order, **answers(*lines))
    assert counted(edit_precision, db, edit_code="ICD-1") == (1, 3)
    assert counted(edit_recall, db) == (1, 1)


def test_denials_that_no_table_checked_are_left_out(given):
    db = given(**world(Claim(LINES)), **answers(("11111", "97"), ("22222", "97"), ("33333", "")))
    assert counted(edit_recall, db) == (0, 0)
    left = dict(edit_recall.excluded(db).select("reason", "n").iter_rows())
    assert left["denied, checked by no published table"] == 2
