"""Files that are not as the guides say, and that must not give other numbers in silence."""

import gzip
from decimal import Decimal
from io import BytesIO

import pytest
from wire import PAYMENT, Wire, interchange, remittance, rules, said, set_, submission

from analytics.errors import UnreadableFileError
from analytics.ingest.files import Source
from analytics.ingest.x12.read import Reader, read

CLAIMS = """
CLP*A*1*100*80*20*12*P1
CAS*PR*1*20
CLP*B*1*70*70**12*P2
"""
REMIT = remittance(CLAIMS)
TEXT = Wire().write(REMIT)


def another(control: int = 2, usage: str = "P") -> str:
    """The text of a second interchange with two claims."""
    return Wire().write(
        interchange(set_("835", PAYMENT + "LX*1" + CLAIMS), control=control, usage=usage)
    )


def numbers(found) -> list[str]:
    return found["remit_claim"]["patient_control_number"].to_list()


def test_claims_behind_the_end_of_their_set_are_not_read_and_said_to_be_outside():
    found = said(interchange([*set_("835", PAYMENT + "LX*1" + CLAIMS), "CLP*X*1*5*5**12*Q"]))
    assert numbers(found) == ["A", "B"]
    assert rules(found) == [("transaction_set", "segments_outside_sets")]


def test_an_orphan_line_leaves_the_numbers_of_the_others_alone():
    found = said(
        remittance(
            """
            CLP*A*1*100*100*0*12*P1
            SVC*HC:1*50*50
            SVC*HC:2*50*50
            LX*2
            SVC*HC:9*1*1
            CLP*B*1*50*50*0*12*P1
            SVC*HC:3*50*50
            """
        )
    )
    assert found["remit_line"]["line_no"].to_list() == [1, 2, 1]
    assert rules(found, "rejected") == [("remit_line", "orphan_record")]


@pytest.mark.parametrize("component", [":", "\x1f", ">", "\x01"])
def test_an_empty_first_component_counts(component):
    claim = "CLP*A*1*100*150*0*12*P1\nSVC*HC:1*50*50***:99"
    lines = said(remittance(claim), Wire(component=component))["remit_line"]
    assert lines["submitted_procedure_code"].to_list() == ["99"]


def test_an_interchange_whose_isa_is_damaged_is_read_before_the_next():
    found = said(TEXT.replace("ISA*00*", "ISA*", 1) + another())
    assert numbers(found) == ["A", "B", "A", "B"]
    assert ("transaction_set", "control_number_differs") in rules(found)


@pytest.mark.parametrize("wire", [Wire(), Wire("|", ">", "!", "'", ""), Wire(line_end="")])
@pytest.mark.parametrize("between", ["", "\n", " \r\n"])
def test_an_interchange_behind_one_without_its_last_terminator_keeps_its_own_isa(wire, between):
    second = wire.write(interchange(set_("835", PAYMENT + "LX*1" + CLAIMS), control=2, usage="T"))
    found = said(TEXT.rstrip("~\n") + between + second)
    assert found["transaction_set"]["is_test"].to_list() == [False, True]
    assert found["transaction_set"]["isa_control_number"].to_list() == ["000000001", "000000002"]
    assert numbers(found) == ["A", "B"]


def test_files_put_behind_one_another_each_with_a_bom():
    found = said(TEXT.encode("utf-8-sig") + another(usage="T").encode("utf-8-sig"))
    assert found["transaction_set"]["is_test"].to_list() == [False, True]


def test_a_usage_that_is_not_said_is_not_that_of_the_interchange_before():
    found = said(Wire().write(interchange(set_("835", PAYMENT), usage="T")) + another(usage=""))
    assert found["transaction_set"]["is_test"].to_list() == [True, False]


def test_blanks_behind_a_segment_id_do_not_hide_it():
    assert numbers(said(TEXT.replace("CLP*A", "CLP  *A"))) == ["A", "B"]


@pytest.mark.parametrize("day", ["2026 1 1", "00010101", "20260101ABCD", "20260231", "2026-1-1"])
def test_what_is_not_a_day_is_left_empty_with_a_warning(day):
    found = said(remittance(f"CLP*A*1*150*150**12*P1\nDTM*232*{day}"))
    assert found["remit_claim"]["service_from_date"].to_list() == [None]
    assert rules(found) == [("remit_claim", "optional_date_unreadable")]


def test_remark_codes_of_other_lists_are_no_remark_codes():
    claim = "CLP*A*1*150*150**12*P1\nSVC*N4:1*150*150\nLQ*RX*M1\nLQ*HE*N4"
    assert said(remittance(claim))["remark"]["rarc_code"].to_list() == ["N4"]


def test_a_provider_adjustment_before_the_claims_is_counted_once_whatever_the_chunks():
    many = "".join(f"CLP*A{i}*1*10*10**12*P{i}\n" for i in range(200))
    text = Wire().write(interchange(set_("835", PAYMENT + "PLB*1*20261231*WO:1*5\n" + many)))
    reader = Reader(chunk_size=700)
    parts = list(reader.extracts([(0, lambda: BytesIO(text.encode()))]))
    amounts = [a for p in parts for a in p["provider_adjustment"]["amount"].to_list()]
    assert len(parts) > 3
    assert amounts == [Decimal(5)]


CLAIM = """
CLM*A1*100***11:B:1*Y*A*Y*Y
HI*ABK:E119
LX*1
SV1*HC:99213*100*UN*1***1
DTP*472*D8*20260105
"""


def test_a_file_without_group_takes_nothing_from_the_file_before():
    """Several small files are read together: a bare set behind an institutional one."""
    bare = [s for s in submission(CLAIM) if s.split("*")[0] not in ("ISA", "GS", "GE", "IEA")]
    bare[0] = "ST*837*0001"
    first = Wire().write(submission(CLAIM, "837I"))
    texts = [first, Wire().write(bare).replace("BHT*0019*00*B1*20260110", "BHT*0019*00*B1*")]
    reader = Reader()
    files = [(i, lambda text=text: BytesIO(text.encode())) for i, text in enumerate(texts)]
    rows = [row for part in reader.extracts(files) for row in part["claim"].to_dicts()]
    rows.sort(key=lambda row: row["record_no"])
    assert [row["claim_type"] for row in rows] == ["institutional", "professional"]
    assert rows[1]["submission_date"] is None


def test_a_file_cut_off_does_not_take_in_what_the_next_begins_with():
    cut = TEXT[: TEXT.index("CLP*B")]
    loose = "CLP*X*1*5*5**12*Q~\n" + "".join(s + "~\n" for s in set_("835", PAYMENT))
    reader = Reader()
    files = [(i, lambda text=text: BytesIO(text.encode())) for i, text in enumerate([cut, loose])]
    parts = list(reader.extracts(files))
    found = [c for p in parts for c in p["remit_claim"]["patient_control_number"].to_list()]
    assert found == ["A"]
    assert "segments_outside_sets" in reader.verdict().rejected["rule"].to_list()


def test_a_wrong_npi_is_told_once_a_file():
    wrong = [s.replace("1234567893", "1234567890") for s in submission(CLAIM * 3)]
    assert rules(said(wrong)) == [("provider", "npi_check_digit")]


def test_a_large_set_that_is_not_loaded_keeps_nothing_back():
    body = "\n".join(f"HL*{i}**20" for i in range(3000))
    text = Wire().write(interchange(set_("277CA", body, guide="005010X212"))).encode()
    reader = Reader(chunk_size=2000)
    parts = list(reader.extracts([(0, lambda: BytesIO(text))]))
    assert sum(p.record_count for p in parts) == reader.record_counts[0] == 3006
    assert reader.verdict().rejected["rule"].to_list() == ["type_skipped"]
    assert reader.verdict().sets["implementation_code"].item() == "005010X212"


@pytest.mark.parametrize("isa16", ["*P* ~", "*P~"])
def test_an_isa_without_component_separator(isa16):
    claim = "CLP*A*1*150*150**12*P1\nSVC*HC:99213:25*150*150"
    text = Wire(line_end="").write(remittance(claim)).replace("*P*:~", isa16)
    (line,) = said(text)["remit_line"].to_dicts()
    assert (line["procedure_code"], line["modifiers"]) == ("99213", ["25"])


@pytest.mark.parametrize("harm", [lambda b: b[: len(b) // 2], lambda b: b[:-9] + b"\xff" * 9])
def test_a_damaged_compressed_file_is_unreadable_and_stays_whole_out(harm, tmp_path):
    """Whether before its first rows, or after some were given out."""
    path = tmp_path / "x.gz"
    path.write_bytes(harm(gzip.compress(TEXT.encode() * 300)))
    with pytest.raises(UnreadableFileError, match="damaged"):
        read(path)
    reader = Reader(chunk_size=5000)
    with pytest.raises(UnreadableFileError, match="damaged"):
        list(reader.extracts([(0, Source(path).open)]))
