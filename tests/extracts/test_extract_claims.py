"""Claims and payments out of extracts of each grain, wide and long."""

import datetime as dt
from decimal import Decimal

import pytest
from extract_worlds import HEAD, lines

D, DAY = Decimal, dt.date
LINE = "Acct,Sent,Payer,CPT,Amt,DOS\n"


def test_lines_of_one_claim_are_one_claim(world):
    world.load(
        lines(),
        LINE + "A,1/5/26,Acme,99213,100,1/2/26\nB,1/6/26,Beta,99214,50,1/3/26\n"
        "A,1/5/26,Acme,36415,20,1/4/26\n",
    )
    said = ("patient_control_number", "billed_amount", "service_from_date", "service_to_date")
    assert world.rows("claim", *said) == [
        ("A", D(120), DAY(2026, 1, 2), DAY(2026, 1, 4)),
        ("B", D(50), DAY(2026, 1, 3), DAY(2026, 1, 3)),
    ]
    assert (
        world.rows("claim", "payer_sequence_code", "frequency_code", "is_predetermination")
        == [("P", "1", False)] * 2
    )
    assert world.rows("claim_line", "record_no", "line_no", "modifier_key") == [
        (1, 1, ""), (2, 1, ""), (3, 2, ""),
    ]  # fmt: skip
    tied = "SELECT count(*) AS n FROM claim_line JOIN claim USING (claim_id)"
    assert world.db.sql(tied).item() == 3


def test_another_submission_of_a_number_is_another_claim(world):
    world.load(
        lines(columns='claim.frequency_code = "Freq"\n'),
        "Acct,Sent,Payer,CPT,Amt,DOS,Freq\nA,1/5/26,Acme,99213,100,1/2/26,1\n"
        "A,2/5/26,Acme,99213,100,1/2/26,7\n",
    )
    assert world.rows("claim", "frequency_code") == [("1",), ("7",)]


def test_what_is_said_of_a_claim_must_be_the_same_in_all_its_rows(world):
    rows = "A,1/5/26,Acme,1,1,1/2/26,11\nA,1/5/26,Acme,2,1,1/2/26,\nB,1/5/26,Acme,1,1,1/2/26,11\n"
    rows += "C,1/5/26,Acme,1,1,1/2/26,11\nC,1/5/26,Acme,2,1,1/2/26,22\n"
    text = lines(columns='claim.place_of_service_code = "POS"\n')
    world.load(text, "Acct,Sent,Payer,CPT,Amt,DOS,POS\n" + rows)
    assert world.rows("claim", "patient_control_number", "place_of_service_code") == [
        ("A", "11"), ("B", "11"),
    ]  # fmt: skip
    assert world.rejected() == [
        (4, "claim_values_differ", "POS"),
        (5, "claim_values_differ", "POS"),
    ]


def test_an_empty_first_row_takes_what_a_later_one_says(world):
    rows = "A,1/5/26,Acme,1,1,1/2/26,\nA,1/5/26,Acme,2,1,1/2/26,11\n"
    text = lines(columns='claim.place_of_service_code = "POS"\n')
    world.load(text, "Acct,Sent,Payer,CPT,Amt,DOS,POS\n" + rows)
    assert world.rows("claim", "record_no", "place_of_service_code") == [(1, "11")]
    assert world.rows("claim_line", "place_of_service_code") == [("11",), ("11",)]


def test_a_row_at_fault_takes_its_claim_along(world):
    world.load(
        lines(),
        LINE + "A,1/5/26,Acme,1,1,1/2/26\nB,1/5/26,Acme,1,1,1/2/26\nA,1/5/26,Acme,2,x,1/2/26\n",
    )
    assert world.rows("claim", "patient_control_number") == [("B",)]
    assert world.rejected() == [(1, "claim_rejected", None), (3, "amount_unreadable", "Amt")]


def test_a_fault_in_a_key_takes_along_all_of_the_number(world):
    world.load(
        lines(),
        LINE + "A,1/5/26,Acme,1,1,1/2/26\nA,soon,Acme,2,1,1/2/26\nB,1/5/26,Acme,1,1,1/2/26\n",
    )
    assert world.rows("claim", "patient_control_number") == [("B",)]
    assert world.rejected() == [(1, "claim_rejected", None), (2, "date_unreadable", "Sent")]


def test_a_claim_without_its_number_is_none(world):
    world.load(lines(), LINE + ",1/5/26,Acme,1,1,1/2/26\n")
    assert world.rejected() == [(1, "value_missing", "Acct")]


def test_keys_of_the_map_tell_claims_apart(world):
    more = '[file.keys]\nclaim = ["Acct", "Visit"]\n'
    world.load(
        lines(columns=more),
        "Acct,Sent,Payer,CPT,Amt,DOS,Visit\nA,1/5/26,Acme,1,1,1/2/26,1\n"
        "A,1/5/26,Acme,1,1,1/2/26,2\n",
    )
    assert len(world.rows("claim", "claim_id")) == 2


CLAIM_WIDE = (
    HEAD
    + """grain = "claim"
[file.columns]
claim.patient_control_number = "Acct"
claim.claim_type = "Type"
claim.submission_date = "Sent"
claim.billing_npi = "NPI"
payer.payer_name = "Payer"
patient.member_id = "Member"
patient.last_name = { column = "Patient", split = ",", part = 1 }
patient.first_name = { column = "Patient", split = ",", part = 2 }
billing_provider.provider_name = "Biller"
claim_line.procedure_code = "CPT{n}"
claim_line.billed_amount = "Charge{n}"
claim_line.modifiers = "Mod{n}"
claim_line.service_from_date = "DOS"
"""
)


def test_lines_side_by_side_are_lines(world):
    world.load(
        CLAIM_WIDE,
        "Acct,Type,Sent,NPI,Payer,Member,Patient,Biller,CPT1,Charge1,Mod1,CPT2,Charge2,Mod2,DOS\n"
        'A,P,1/5/26,1003000126,Acme,m1,"Doe, Jo",Clinic,99213,100,25,36415,20,,1/2/26\n'
        'B,UB-04,1/5/26,1003000126,Acme,m2,"Roe, Al",Clinic,99214,70,,,,,1/2/26\n',
    )
    assert world.rows("claim", "claim_type", "billed_amount") == [
        ("professional", D(120)), ("institutional", D(70)),
    ]  # fmt: skip
    found = world.db.sql(
        "SELECT patient_control_number, line_no, procedure_code, claim_line.billed_amount, "
        "modifier_key FROM claim_line JOIN claim USING (claim_id) ORDER BY 1, 2"
    ).rows()
    assert found == [
        ("A", 1, "99213", D(100), "25"), ("A", 2, "36415", D(20), ""), ("B", 1, "99214", D(70), ""),
    ]  # fmt: skip
    assert world.rows("patient", "member_id", "last_name", "first_name") == [
        ("M1", "DOE", "JO"), ("M2", "ROE", "AL"),
    ]  # fmt: skip
    assert world.rows("provider", "npi", "provider_name") == [("1003000126", "CLINIC")]
    assert world.db.sql("SELECT count(DISTINCT claim_line_id) AS n FROM claim_line").item() == 3


WIDE = lines(
    columns="""
claim.payer_sequence_code = "Seq"
remit.payment_date = "Paid On"
remit.trace_number = "Check"
remit_line.paid_amount = "Paid"
adjustment.group_and_carc_code = "Adj{n}"
adjustment.amount = "Adj{n} Amt"
remark.rarc_code = ["Remark"]
"""
)
WIDE_HEAD = (
    "Acct,Sent,Payer,CPT,Amt,DOS,Seq,Paid On,Check,Paid,Adj1,Adj1 Amt,Adj2,Adj2 Amt,Remark\n"
)


def test_lines_with_their_answers_wide(world):
    world.load(
        WIDE,
        WIDE_HEAD + "A,1/5/26,Acme,99213,100,1/2/26,P,2/1/26,C1,60,CO-45,30,PR-1,10,\n"
        "A,1/5/26,Acme,36415,20,1/2/26,P,2/1/26,C1,0,CO97,20,,,N19\n"
        "B,1/6/26,Acme,99214,50,1/3/26,S,2/1/26,C1,50,,,,,\n"
        "C,1/6/26,Acme,99215,70,1/3/26,P,,,,,,,,\n",
    )
    assert world.rejected() == []
    assert world.rejected("warning") == []
    assert world.rows("remit", "trace_number", "payment_amount", "payment_date") == [
        ("C1", D(110), DAY(2026, 2, 1))
    ]
    said = ("patient_control_number", "status_code", "charge_amount", "paid_amount")
    also = ("patient_responsibility_amount", "service_from_date", "is_balanced")
    assert world.rows("remit_claim", *said, *also) == [
        ("A", "1", D(120), D(60), D(10), DAY(2026, 1, 2), True),
        ("B", "2", D(50), D(50), D(0), DAY(2026, 1, 3), True),
    ]
    assert world.rows("remit_line", "procedure_code", "charge_amount", "units_paid") == [
        ("99213", D(100), D(1)), ("36415", D(20), D(1)), ("99214", D(50), D(1)),
    ]  # fmt: skip
    assert sorted(world.rows("adjustment", "record_no", "position", "group_code", "carc_code")) == [
        (1, 1, "CO", "45"), (1, 2, "PR", "1"), (2, 1, "CO", "97"),
    ]  # fmt: skip
    assert world.rows("remark", "record_no", "rarc_code", "source") == [(2, "N19", "LQ")]
    ids = "SELECT claim_id AS id FROM claim UNION ALL SELECT claim_line_id FROM claim_line "
    ids += "UNION ALL SELECT remit_id FROM remit UNION ALL SELECT remit_claim_id FROM remit_claim "
    ids += "UNION ALL SELECT remit_line_id FROM remit_line"
    assert world.db.sql(f"SELECT count(*) = count(DISTINCT id) AS n FROM ({ids})").item()


def test_what_does_not_balance_is_noted(world):
    world.load(WIDE, WIDE_HEAD + "A,1/5/26,Acme,99213,100,1/2/26,P,2/1/26,C1,60,CO-45,30,,,\n")
    assert [rule for _, rule, _ in world.rejected("warning")] == [
        "claim_unbalanced",
        "line_unbalanced",
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("A,1/5/26,Acme,1,100,1/2/26,P,,,60,,,,,", (1, "value_missing", "Paid On")),
        ("A,1/5/26,Acme,1,100,1/2/26,P,,,,CO-45,30,,,", (1, "value_missing", "Paid On")),
        ("A,1/5/26,Acme,1,100,1/2/26,P,2/1/26,C1,60,,30,,,", (1, "value_missing", "Adj{n}")),
        ("A,1/5/26,Acme,1,100,1/2/26,P,2/1/26,C1,60,CO-45,,,,", (1, "value_missing", "Adj{n} Amt")),
        ("A,1/5/26,Acme,1,100,1/2/26,P,2/1/26,C1,60,45,30,,,",
         (1, "adjustment_code_unreadable", "Adj{n}")),
        ("A,1/5/26,Acme,1,100,1/2/26,P,2/1/26,C1,,,,,,", (1, "value_missing", "Paid")),
    ],
)  # fmt: skip
def test_part_of_a_payment_is_none(world, row, fault):
    world.load(WIDE, WIDE_HEAD + row + "\n")
    assert world.rejected() == [fault]


DENIALS = (
    HEAD
    + """grain = "denial"
[file.columns]
remit.payment_date = "Denied"
payer.payer_name = "Payer"
remit_claim.patient_control_number = "Acct"
remit_claim.paid_amount = { constant = "0" }
remit_claim.charge_amount = "Charge"
adjustment.group_code = "Grp"
adjustment.carc_code = "CARC"
adjustment.amount = "Amt"
"""
)


def test_a_denial_a_row(world):
    world.load(
        DENIALS,
        "Denied,Payer,Acct,Charge,Grp,CARC,Amt\n2/1/26,Acme,A,100,CO,16,60\n"
        "2/1/26,Acme,A,100,CO,045,40\n2/1/26,Acme,B,50,PR,96,50\n",
    )
    assert world.rejected() == []
    assert world.rows("remit_claim", "patient_control_number", "charge_amount", "is_balanced") == [
        ("A", D(100), True), ("B", D(50), True),
    ]  # fmt: skip
    assert world.rows("adjustment", "carc_code", "remit_line_id") == [
        ("16", None), ("45", None), ("96", None),
    ]  # fmt: skip


def test_denials_with_the_lines_that_they_are_of(world):
    text = DENIALS.replace("remit_claim.charge_amount", "remit_line.charge_amount")
    text = text.replace("remit_claim.paid_amount", "remit_line.paid_amount")
    text += 'remit_line.line_no = "Line"\nremit_line.procedure_code = "CPT"\n'
    world.load(
        text,
        "Denied,Payer,Acct,Charge,Grp,CARC,Amt,Line,CPT\n2/1/26,Acme,A,100,CO,16,60,1,99213\n"
        "2/1/26,Acme,A,100,CO,45,40,1,99213\n2/1/26,Acme,A,50,PR,96,50,2,36415\n",
    )
    assert world.rejected() == []
    assert world.rows("remit_line", "record_no", "line_no", "charge_amount", "is_balanced") == [
        (1, 1, D(100), True), (3, 2, D(50), True),
    ]  # fmt: skip
    assert world.rows("remit_claim", "charge_amount", "patient_responsibility_amount") == [
        (D(150), D(50))
    ]
    tied = "SELECT line_no, carc_code FROM adjustment JOIN remit_line USING (remit_line_id) "
    assert world.db.sql(tied + "ORDER BY 1, 2").rows() == [(1, "16"), (1, "45"), (2, "96")]


DENORMALISED = (
    HEAD
    + """grain = "denial"
[file.columns]
claim.patient_control_number = "Acct"
claim.claim_type = { constant = "professional" }
claim.submission_date = "Sent"
payer.payer_name = "Payer"
claim_line.line_no = "Line"
claim_line.procedure_code = "CPT"
claim_line.billed_amount = "Charge"
claim_line.service_from_date = "DOS"
remit.payment_date = "Denied"
remit_line.paid_amount = "Paid"
adjustment.group_and_carc_code = "Code"
adjustment.amount = "Amt"
"""
)


def test_claims_and_answers_out_of_one_file_of_denials(world):
    world.load(
        DENORMALISED,
        "Acct,Sent,Payer,Line,CPT,Charge,DOS,Denied,Paid,Code,Amt\n"
        "A,1/5/26,Acme,1,99213,100,1/2/26,2/1/26,10,CO-45,50\n"
        "A,1/5/26,Acme,1,99213,100,1/2/26,2/1/26,10,CO-16,40\n"
        "A,1/5/26,Acme,2,36415,20,1/2/26,2/1/26,20,,\n"
        "B,1/5/26,Acme,1,99214,70,1/3/26,,,,\n",
    )
    assert world.rejected() == []
    assert world.rows("claim", "patient_control_number", "billed_amount") == [
        ("A", D(120)), ("B", D(70)),
    ]  # fmt: skip
    assert world.rows("claim_line", "record_no", "billed_amount") == [
        (1, D(100)), (3, D(20)), (4, D(70)),
    ]  # fmt: skip
    said = ("procedure_code", "charge_amount", "paid_amount", "is_balanced")
    assert world.rows("remit_line", *said) == [
        ("99213", D(100), D(10), True), ("36415", D(20), D(20), True),
    ]  # fmt: skip
    assert world.rows("remit_claim", "charge_amount", "paid_amount", "is_balanced") == [
        (D(120), D(30), True)
    ]


POSTINGS = (
    HEAD
    + """
[[file.part]]
where = { Type = ["CHG"] }
columns.charge.patient_control_number = "Acct"
columns.charge.charge_date = "Day"
columns.charge.amount = "Amt"

[[file.part]]
where = { Type = ["PMT", "ADJ"] }
grain = "transaction"
columns.remit_claim.patient_control_number = "Acct"
columns.remit.payment_date = "Day"
columns.payer.payer_name = "Payer"
columns.remit_claim.paid_amount = { column = "Paid", sum = true, negate = true }
columns.adjustment.group_and_carc_code = "Code"
columns.adjustment.amount = { column = "Amt", negate = true }

[[file.part]]
where = { Type = ["WO"] }
columns.write_off.patient_control_number = "Acct"
columns.write_off.write_off_date = "Day"
columns.write_off.amount = { column = "Amt", negate = true }
"""
)


def test_postings_of_several_kinds(world):
    report = world.load(
        POSTINGS,
        "Type,Acct,Day,Payer,Amt,Paid,Code\nCHG,A,1/2/26,,100,,\npmt,A,2/1/26,Acme,,-30,\n"
        "PMT,A,2/1/26,Acme,,-30,\nADJ,A,2/1/26,Acme,-40,,CO-45\nWO,A,3/1/26,,-5,,\n"
        "TRF,A,3/1/26,,-5,,\nWO,B,3/1/26,,x,,\n",
    )
    assert world.rows("charge", "record_no", "amount") == [(1, D(100))]
    assert world.rows("remit_claim", "record_no", "charge_amount", "paid_amount") == [
        (2, D(100), D(60))
    ]
    assert world.rows("adjustment", "record_no", "amount") == [(4, D(40))]
    assert world.rows("write_off", "record_no", "amount") == [(5, D(5))]
    assert world.rejected() == [(6, "row_not_mapped", "Type"), (7, "amount_unreadable", "Amt")]
    assert (report.records, report.extract_rows) == (7, 5)


def test_ragged_rows_and_a_trailer_beside_parts(world):
    text = POSTINGS.replace(
        "\n[[file.part]]", '\n[file.controls]\ntrailer = "TRL"\nrows = 2\n\n[[file.part]]', 1
    )
    report = world.load(
        text,
        "Type,Acct,Day,Payer,Amt,Paid,Code\nWO,A,3/1/26,,-5,,\nWO,short\nWO,B,3/1/26,,-6,,\n"
        "CHG,A,1/2/26,,100,,\nTRL,5\n",
    )
    assert world.rows("write_off", "record_no") == [(1,), (3,)]
    assert world.rows("charge", "record_no") == [(4,)]
    assert world.rejected() == [(2, "columns_differ", None)]
    assert report.records == 4
    assert world.rejected("warning") == [(0, "control_rows_differ", None)]


def test_a_claim_none_of_whose_rows_has_its_day_is_kept_out(world):
    world.load(lines(), LINE + "A,,Acme,1,1,1/2/26\nA,,Acme,2,1,1/2/26\nB,1/5/26,Acme,1,1,1/2/26\n")
    assert world.rows("claim", "patient_control_number") == [("B",)]
    assert world.rejected() == [(1, "value_missing", "Sent"), (2, "value_missing", "Sent")]


def test_rows_that_one_part_does_not_take_are_kept_out(world):
    text = lines().replace("[file.columns]", 'where = { Payer = ["Acme"] }\n[file.columns]')
    world.load(text, LINE + "A,1/5/26,ACME,1,1,1/2/26\nB,1/5/26,Beta,1,1,1/2/26\n")
    assert world.rejected() == [(2, "row_not_mapped", "Payer")]
