"""Lines of payers' claims add up to their claims: what they leave over is a row of its own."""

import datetime as dt

from care_world import cover, line, lines, member, members, settled, settled_claims, span


def test_what_lines_leave_over_is_a_row_and_no_line(given):
    db = given(
        as_of=dt.date(2025, 12, 31), patient=members(member(1)),
        eligibility=cover(span(1, "2025-01-01")),
        payer_claim=settled_claims(
            settled(1, "2025-03-01", allowed="", paid=900),
            settled(2, "2025-03-02", allowed=70, paid=50),
            settled(3, "2025-03-03", allowed="", paid=""),
            settled(4, "2025-03-04", allowed=10, paid=10),
        ),
        payer_claim_line=lines(
            line(11, 1, revenue="0120", paid=0), line(12, 2, allowed=40, paid=30),
            line(13, 2, allowed=30, paid=20, line_no=2), line(14, 3, allowed=7, paid=6),
        ),
    )  # fmt: skip
    rows = db.sql(
        "SELECT payer_claim_id, line_no, allowed_amount, paid_amount FROM settled_line "
        "WHERE is_remainder ORDER BY 1"
    ).rows()
    assert rows == [(1, 0, None, 900), (4, 0, 10, 10)]
    counts = db.sql("SELECT line_count, paid_amount FROM settled_claim ORDER BY payer_claim_id")
    assert counts.rows() == [(1, 900), (2, 50), (1, 6), (0, 10)]
