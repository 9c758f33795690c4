"""Short ways to draw claims and payments."""

CLAIM_HEAD = (
    "claim_id | patient_control_number | payer_sequence_code | billing_npi | submission_date"
    " | service_from_date | service_to_date | billed_amount | frequency_code"
    " | original_payer_claim_number"
)
REMIT_HEAD = (
    "remit_claim_id | remit_id | file_id | record_no | patient_control_number | status_code"
    " | charge_amount | paid_amount | payer_claim_number | service_from_date | service_to_date"
)
REMIT = """
    remit_id | payment_date
    ---------+-------------
    1        | 2026-02-01
    2        | 2026-03-01
    3        | 2026-04-01
    4        | 2026-05-01
    """


def claim(
    number, control="A", day="2026-01-05", *, sent="2026-01-10", billed="100", seq="P", npi="1",
    freq="1", original="", to=None,
):  # fmt: skip
    """One row of claim."""
    cells = (number, control, seq, npi, sent, day, to or day, billed, freq, original)
    return " | ".join(map(str, cells))


def payment(
    number, remit=1, control="A", *, status="1", charge="100", paid="0", icn="X1", day="",
):  # fmt: skip
    """One row of remit_claim."""
    cells = (number, remit, 9, number, control, status, charge, paid, icn, day, day)
    return " | ".join(map(str, cells))


def claims(*rows):
    """The table claim."""
    return "\n".join([CLAIM_HEAD, *rows])


def payments(*rows):
    """The table remit_claim."""
    return "\n".join([REMIT_HEAD, *rows])


def adjustments(*rows):
    """The table adjustment, of whole claim payments: (payment, group, code, amount)."""
    head = "remit_claim_id | file_id | record_no | position | group_code | carc_code | amount"
    return "\n".join(
        [head, *(f"{p} | 9 | {p}{i} | 1 | {g} | {c} | {a}" for i, (p, g, c, a) in enumerate(rows))]
    )


def line(
    number, payment, *, charge="100", paid="0", allowed="", control="", code="99213",
    day="2026-01-05",
):  # fmt: skip
    """One row of remit_line."""
    return (
        f"{number} | {payment} | {number} | 9 | {number} | {control} | {code} | {charge} | {paid}"
        f" | {allowed} | {day}"
    )


def lines(*rows):
    """The table remit_line."""
    head = (
        "remit_line_id | remit_claim_id | line_no | file_id | record_no | line_control_number"
        " | procedure_code | charge_amount | paid_amount | allowed_amount | service_from_date"
    )
    return "\n".join([head, *rows])


def on_lines(*rows):
    """The table adjustment, of lines: (payment, line, group, code, amount)."""
    head = (
        "remit_claim_id | remit_line_id | file_id | record_no | position | group_code | carc_code"
        " | amount"
    )
    return "\n".join(
        [head]
        + [
            f"{p} | {n} | 9 | {n}{i} | 1 | {g} | {c} | {a}"
            for i, (p, n, g, c, a) in enumerate(rows)
        ]
    )


def posted(dates, *rows):
    """A table of the billing system, file 8: rows of (control number, dates ..., more)."""
    head = f"file_id | record_no | patient_control_number | {dates}"
    return "\n".join([head, *(f"8 | {i} | {' | '.join(row)}" for i, row in enumerate(rows, 1))])


def write_offs(*rows):
    """The table write_off: (control number, day, amount)."""
    return posted("write_off_date | amount", *rows)


def appeals(*rows):
    """The table appeal: (control number, day sent, decision, its day)."""
    return posted("appeal_date | decision_code | decision_date", *rows)
