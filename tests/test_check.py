"""`revcycle check`: what is said of a file, and that it names places and no people."""

import sys
import time
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from analytics.cli import checking
from analytics.cli.checking import Check, check_file
from analytics.cli.verdicts import summary, to_dict, written
from analytics.ingest.files import Source
from analytics.ingest.x12.read import Reader

sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from wire import PAYMENT, PROVIDER, SUBSCRIBER, Wire, interchange, isa, set_, submission

CLAIMS = """
CLP*A*1*100*70*20*12*P1
NM1*QC*1*SECRETNAME*SECRETFIRST****MI*SECRETID
CAS*PR*1*20
SVC*HC:99213*100*75
CAS*CO*45*10
CLP*B*1*80*80**12*P2
PLB*1234567893*20261231*WO:X*10
"""


def checked(folder: Path, text: str, **options) -> Check:
    file = folder / "a.edi"
    file.write_text(text)
    return check_file(Source(file), **options)


def remits(*bodies: str) -> str:
    sets = [set_("835", PAYMENT + "LX*1\n" + b, f"{i:04}") for i, b in enumerate(bodies, 1)]
    return Wire().write(interchange(*sets))


def test_a_remittance_is_balanced_on_three_levels_with_the_places(tmp_path):
    check = checked(tmp_path, remits(CLAIMS))
    assert "\n".join(written(check)) == (
        "a.edi: 23 segments, 1 transaction set, 1 finding\n"
        "  835 0001 (interchange 000000001, group 1), segments 3 to 21: loads\n"
        "    2 claims, 1 line; charged 180.00, patient owes 20.00, paid 150.00, "
        "provider adjustments 10.00, payment 150.00\n"
        "    out of balance by -10.00: paid less provider adjustments is not the payment\n"
        "    1 line out of balance (charge less adjustments is not the amount paid): "
        "segment 17 by 15.00\n"
        "    warning: transaction_unbalanced (transaction_set, at segment 3): "
        "claims paid less provider adjustments are not the payment (BPR02)"
    )


def test_the_same_as_plain_values(tmp_path):
    found = to_dict(checked(tmp_path, remits(CLAIMS)))
    (row,) = found["transactions"]
    assert (row["first_segment"], row["last_segment"], row["claims"], row["lines"]) == (3, 21, 2, 1)
    assert (row["charge"], row["paid"], row["taken"]) == (180, 150, 10)
    assert row["difference_amount"] == Decimal("-10.00")
    assert row["out_of_balance"] == [{"level": "line", "segment": 17, "difference": 15}]
    assert [(f["rule"], f["segments"]) for f in row["findings"]] == [
        ("transaction_unbalanced", [3])
    ]
    assert found["findings"] == []


def test_a_claim_whose_lines_do_not_add_up_is_named(tmp_path):
    claim = "CLM*A1*100***11:B:1\nLX*1\nSV1*HC:99213*90*UN*1\nDTP*472*D8*20260105"
    said = "\n".join(written(checked(tmp_path, Wire().write(submission(claim)))))
    assert "1 claim, 1 line; charged 100.00, on lines 90.00" in said
    assert "the charge is not the sum of the lines): segment 18 by 10.00" in said


def test_claims_that_are_kept_out_are_counted(tmp_path):
    check = checked(tmp_path, remits(CLAIMS.replace("*100*70*20", "*1O0*70*20")))
    said = "\n".join(written(check))
    assert "segments 3 to 21: loads, without 1 claim kept out" in said
    assert "    1 claim; charged 80.00," in said
    assert to_dict(check)["transactions"][0]["claims_kept_out"] == 1


def test_nothing_of_a_patient_is_shown_whatever_is_wrong(tmp_path):
    text = remits(CLAIMS.replace("*100*70*20", "*SECRET1*70*20"), CLAIMS.replace("CLP*A", "CLP*"))
    text = text.replace("ST*835*0002", "ST*SECRET*SECRET 3").replace("*0002~", "*SECRETLY~")
    check = checked(tmp_path, text)
    assert not check.is_clean
    assert "SECRET" not in "\n".join(written(check)) + str(to_dict(check))


def test_long_lists_are_cut_and_say_how_many_more(tmp_path):
    bad = "CLP*A*1*100*70**12*P\nCLP*B*1*X*70**12*P\n" * 30
    said = "\n".join(written(checked(tmp_path, remits(*[bad] * 50), most=3)))
    assert "30 claims out of balance" in said
    assert "segment 14 by 30.00, segment 16 by 30.00, segment 18 by 30.00 and 27 more" in said
    assert "(30 in remit_claim, at segments 15, 17, 19 and 27 more)" in said
    assert "  and 30 more transaction sets: 30 load; 30 with findings" in said
    assert len(said.splitlines()) < 150


def test_sets_without_findings_are_counted_where_there_are_many(tmp_path):
    bodies = ["CLP*A*1*150*150**12*P"] * 100
    bodies[70] = "CLP*A*1*150*149**12*P"
    said = list(written(checked(tmp_path, remits(*bodies))))
    assert said[1].startswith("  835 0071 ")
    assert said[-1] == "  and 99 more transaction sets: 99 load; nothing to note"


@pytest.mark.parametrize(
    ("text", "problem"), [("", "the file is empty"), ("Dear Sir", "this is not X12")]
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, text, problem):
    check = checked(tmp_path, text)
    assert problem in "\n".join(written(check))
    assert to_dict(check)["problem"].startswith(problem)


def test_a_missing_file_and_a_folder_are_problems_too(tmp_path):
    assert check_file(Source(tmp_path / "none")).problem == "No such file or directory"
    assert "folder" in check_file(Source(tmp_path)).problem


def test_types_that_are_not_loaded_and_sets_without_envelope(tmp_path):
    other = ["GS*HS*S*R*20260101*1200*1*X*005010X279A1", "ST*270*1", "BHT*0022*13", "SE*3*1"]
    other = [isa(), *other, "GE*1*1", "IEA*1*000000001"]
    bare = set_("835", PAYMENT + "LX*1\nCLP*A*1*150*150**12*P")
    said = "\n".join(written(checked(tmp_path, Wire().write([*bare, *other]))))
    assert "835 0001 (without envelope), segments 1 to 13: loads" in said
    assert (
        "270 1 (interchange 000000001, group 1), segments 16 to 18: is of a type not loaded" in said
    )


def test_chunks_do_not_change_what_is_said(tmp_path, monkeypatch):
    text = remits(*[CLAIMS * 3] * 5) + Wire().write(
        interchange(set_("837P", PROVIDER + SUBSCRIBER))
    )
    whole = list(written(checked(tmp_path, text)))
    monkeypatch.setattr(checking, "Reader", partial(Reader, chunk_size=700))
    assert list(written(checked(tmp_path, text))) == whole


def test_files_are_summed_up(tmp_path):
    fine = checked(tmp_path, remits("CLP*A*1*150*150**12*P"))
    assert summary([fine, fine, Check("x", "gone")]) == "3 files: 2 fine, 1 not readable"


def test_a_file_of_many_sets_with_findings_is_checked_at_once(tmp_path):
    bodies = ["CLP*A*1*150*149**12*P"] * 2000
    began = time.monotonic()
    assert len(list(written(checked(tmp_path, remits(*bodies))))) < 150
    assert time.monotonic() - began < 10
