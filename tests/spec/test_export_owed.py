"""What members owe, as it leaves for Tuva: of own claims by reason, of feeds as they say it."""

import csv
import datetime as dt

from care_world import cover, member, members, settled, settled_claims, span
from test_own_settled import CLAIMS, PEOPLE
from world import REMIT, line, lines, on_lines, payments
from world import payment as paid

from analytics.exporting import export_tuva

NAMES = ("deductible_amount", "coinsurance_amount", "copayment_amount")


def written(db, folder):
    export_tuva(db, folder)
    with (folder / "medical_claim.csv").open(newline="") as stream:
        return {(r["claim_id"], r["claim_line_number"]): tuple(r[n] for n in NAMES)
                for r in csv.DictReader(stream)}  # fmt: skip


def test_own_claims_say_it_by_line_or_as_a_whole_on_the_first(given, tmp_path):
    db = given(
        as_of=dt.date(2026, 6, 30), patient=PEOPLE, claim=CLAIMS, remit=REMIT,
        remit_claim=payments(
            paid(100, control="A", paid="70"), paid(101, control="B", paid="60", icn="X2"),
            paid(102, control="C", paid="50", icn="X3"), paid(103, control="D", paid="0", icn="X4"),
            paid(110, remit=2, control="D", status="22", paid="0", icn="X4"),
        ),
        remit_line=lines(
            line(1, 100, charge="60", paid="50"), line(2, 100, charge="40", paid="20"),
            line(3, 101, charge="60", paid="40"), line(4, 101, charge="40", paid="20"),
        ),
        adjustment=on_lines(
            (100, 1, "PR", "1", "10"), (100, 2, "PR", "2", "15"), (100, 2, "PR", "3", "5"),
            (100, 2, "CO", "45", "7"), (101, 3, "PR", "96", "20"), (101, "", "PR", "1", "20"),
            (103, "", "PR", "1", "100"),
        ),
    )  # fmt: skip
    db.connection.execute(
        "UPDATE remit_claim SET patient_responsibility_amount = 9 WHERE remit_claim_id = 102"
    )
    db.build(dt.date(2026, 6, 30))
    assert written(db, tmp_path) == {
        ("10", "1"): ("10.00", "0.00", "0.00"),
        ("10", "2"): ("0.00", "15.00", "5.00"),
        ("11", "1"): ("20.00", "0.00", "0.00"),
        ("11", "2"): ("0.00", "0.00", "0.00"),
        ("12", "1"): ("", "", ""),  # owed, but no reason says what
        ("13", "1"): ("0.00", "0.00", "0.00"),  # its only answer was taken back
    }


def test_feeds_say_it_of_the_claim_or_of_its_lines(given, tmp_path):
    db = given(
        as_of=dt.date(2025, 12, 31), patient=members(member(1)),
        eligibility=cover(span(1, "2025-01-01")),
        payer_claim=settled_claims(settled(1, "2025-03-01"), settled(2, "2025-03-02")),
        payer_claim_line=(
            "payer_claim_line_id | payer_claim_id | feed_code | line_no | coinsurance_amount\n"
            "11 | 1 | tuva | 1 |\n12 | 2 | tuva | 1 | 4\n13 | 2 | tuva | 2 | 3"
        ),
    )  # fmt: skip
    db.connection.execute("UPDATE payer_claim SET deductible_amount = 20 WHERE payer_claim_id = 1")
    db.build(dt.date(2025, 12, 31))
    assert written(db, tmp_path) == {
        ("1", "1"): ("20.00", "", ""),
        ("2", "1"): ("", "4.00", ""),
        ("2", "2"): ("", "3.00", ""),
    }


def test_cover_is_under_the_payers_name_and_without_insurance_there_is_none(given, tmp_path):
    db = given(
        as_of=dt.date(2025, 12, 31),
        patient=members(member(1), member(2)),
        eligibility=cover(
            span(1, "2025-01-01", "2025-01-31", payer="7caa"),
            span(2, "2025-01-01", "2025-03-31", payer="b1c4"),
        ),
        payer="payer_id | file_id | record_no | payer_code | payer_name\n"
        "1 | 1 | 1 | 7caa | MEDICARE\n2 | 1 | 2 | b1c4 | NO_INSURANCE",
    )
    db.build(dt.date(2025, 12, 31))
    export_tuva(db, tmp_path)
    with (tmp_path / "eligibility.csv").open(newline="") as stream:
        assert [row["payer"] for row in csv.DictReader(stream)] == ["MEDICARE"]
