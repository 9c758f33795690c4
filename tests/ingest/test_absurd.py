"""Absurd values and shapes: a named rule or a clear error, in bounded time and memory."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from wire import PAYMENT, PROVIDER, SUBSCRIBER, Wire, claims, interchange, remittance, rules, said
from wire import set_ as transaction
from worlds import remits

from analytics.errors import AnalyticsError, UnreadableFileError

GOOD = "CLP*G*1*150*150**12*P9\n"
TEXT = Wire().write(remits(1))


@contextmanager
def bounded(seconds: float, megabytes: int) -> Iterator[None]:
    """Hold what is inside to a time and to a growth of memory, both generous."""
    began, size = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.monotonic() - began < seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size < megabytes * 1024


UNREADABLE = [
    "1O0",
    "1e3",
    "12.345",
    "9" * 40,
    "1,000",
    "$5",
    "5-",
    "--5",
    "٣",
    "NaN",
    "inf",
    "0x1",
    "1 0",
]


@pytest.mark.parametrize(
    ("segment", "table"),
    [
        ("CLP*A*1*{}*0", "remit_claim"),
        ("CLP*A*1*0*{}", "remit_claim"),
        ("CLP*A*1*0*0*{}", "remit_claim"),
        ("CLP*A*1*0*0\nAMT*AU*{}", "remit_claim"),
        ("CLP*A*1*0*0\nSVC*HC:1*{}*0", "remit_line"),
        ("CLP*A*1*0*0\nSVC*HC:1*0*{}", "remit_line"),
        ("CLP*A*1*0*0\nCAS*CO*45*{}", "adjustment"),
        ("CLP*A*1*0*0\nCAS*CO*45*1*1*253*{}", "adjustment"),
    ],
)
def test_an_amount_that_is_none_keeps_its_claim_out_and_says_so(segment, table):
    found = said(remittance("\n".join([*map(segment.format, UNREADABLE), GOOD])))
    assert found["remit_claim"]["patient_control_number"].to_list() == ["G"]
    assert rules(found, "rejected").count((table, "amount_unreadable")) == len(UNREADABLE)
    assert found["transaction_set"]["is_balanced"].to_list() == [True]


@pytest.mark.parametrize("segment", ["SVC*HC:1*0*0**{}", "SVC*HC:1*0*0****{}", "CAS*CO*45*0*{}"])
def test_a_quantity_that_is_none_does_so_too(segment):
    values = ["X", "1e3", "1.2345", "9" * 40]
    bad = [f"CLP*A*1*0*0\n{segment.format(value)}" for value in values]
    found = said(remittance("\n".join([*bad, GOOD])))
    assert found["remit_claim"]["patient_control_number"].to_list() == ["G"]
    broken = [rule for _, rule in rules(found, "rejected")]
    assert broken.count("quantity_unreadable") == len(values)


def test_negative_units_are_kept_as_sent():
    found = said(remittance("CLP*A*22*-5*-5\nSVC*HC:1*-5*-5**-2"))
    assert found["remit_line"]["units_paid"].to_list() == [Decimal(-2)]


def test_the_largest_amount_is_kept_to_the_cent():
    found = said(remittance("CLP*A*1*99999999.99*-99999999.99"))
    assert found["remit_claim"]["charge_amount"].to_list() == [Decimal("99999999.99")]
    assert not len(found.rejected.filter(table_name="remit_claim", severity="rejected"))


ABSURD = ["100000000", "-100000000.00", "999999999999.99", "-999999999999.99"]
REMIT_AMOUNTS = [
    ("CLP*A*1*{}*0", "remit_claim"),
    ("CLP*A*1*0*{}", "remit_claim"),
    ("CLP*A*1*{0}*{0}", "remit_claim"),
    ("CLP*A*1*0*0*{}", "remit_claim"),
    ("CLP*A*1*0*0\nAMT*AU*{}", "remit_claim"),
    ("CLP*A*1*0*0\nAMT*I*{}", "remit_claim"),
    ("CLP*A*1*0*0\nSVC*HC:1*{}*0", "remit_line"),
    ("CLP*A*1*0*0\nSVC*HC:1*0*{}", "remit_line"),
    ("CLP*A*1*0*0\nSVC*HC:1*{0}*{0}\nSVC*HC:1*0*0", "remit_line"),
    ("CLP*A*1*0*0\nSVC*HC:1*0*0\nAMT*B6*{}", "remit_line"),
    ("CLP*A*1*0*0\nCAS*CO*45*{}", "adjustment"),
    ("CLP*A*1*0*0\nCAS*CO*45*1**253*{0}**97*{0}", "adjustment"),
]


@pytest.mark.parametrize("amount", ABSURD)
@pytest.mark.parametrize(("segment", "table"), REMIT_AMOUNTS)
def test_an_absurd_amount_keeps_out_its_claim_alone(segment, table, amount):
    found = said(remittance("\n".join([segment.format(amount), GOOD])))
    assert found["remit_claim"]["patient_control_number"].to_list() == ["G"]
    assert (table, "amount_absurd") in rules(found, "rejected")
    kept = sum(len(found[t]) for t in ("remit_claim", "remit_line", "adjustment"))
    lost = found.rejected.filter(severity="rejected")
    triplets = segment.count("**") if "CAS" in segment else 0
    assert kept + len(lost) == 2 + segment.count("\n") - segment.count("AMT") + triplets
    assert found["transaction_set"]["status"].to_list() == ["loaded"]


@pytest.mark.parametrize("amount", ABSURD)
@pytest.mark.parametrize(
    ("claim", "table"),
    [
        ("CLM*A*{}***11:B:1\nLX*1\nSV1*HC:1*1*UN*1", "claim"),
        ("CLM*A*1***11:B:1\nAMT*F5*{}\nLX*1\nSV1*HC:1*1*UN*1", "claim"),
        ("CLM*A*1***11:B:1\nLX*1\nSV1*HC:1*{}*UN*1", "claim_line"),
        ("CLM*A*1***11:B:1\nLX*1\nSV2*0450*HC:1*{}*UN*1", "claim_line"),
        ("CLM*A*1***11:B:1\nLX*1\nSV1*HC:1*{0}*UN*1\nLX*2\nSV1*HC:1*{0}*UN*1", "claim_line"),
    ],
)
def test_an_absurd_charge_keeps_out_its_claim_alone(claim, table, amount):
    good = "\nCLM*G*1***11:B:1\nLX*1\nSV1*HC:1*1*UN*1\n"
    found = said(claims(PROVIDER + SUBSCRIBER + claim.format(amount) + good))
    assert found["claim"]["patient_control_number"].to_list() == ["G"]
    assert (table, "amount_absurd") in rules(found, "rejected")


@pytest.mark.parametrize("amount", ABSURD)
def test_an_absurd_amount_outside_every_balance_is_left_empty(amount):
    found = said(remittance(f"CLP*A*1*0*0\nAMT*T*{amount}"))
    assert found["remit_claim"]["patient_control_number"].to_list() == ["A"]
    assert ("remit_amount", "optional_amount_absurd") in rules(found, "warning")


@pytest.mark.parametrize("amount", ["10000000000", "999999999999.99"])
def test_a_payment_beyond_ten_billion_keeps_its_set_out_alone(amount):
    body = PAYMENT.replace("*150*", f"*{amount}*") + "LX*1\n" + GOOD
    good = transaction("835", PAYMENT + "LX*1\n" + GOOD)
    found = said(interchange(transaction("835", body) + good))
    assert found["transaction_set"]["status"].to_list() == ["rejected", "loaded"]
    assert ("transaction_set", "set_amount_unreadable") in rules(found, "rejected")
    assert len(found["remit_claim"]) == 1


@pytest.mark.parametrize("amount", ["10000000000", "-999999999999.99"])
def test_a_provider_adjustment_beyond_ten_billion_is_kept_out_alone(amount):
    found = said(remittance(GOOD + f"PLB*1*20261231*WO:1*{amount}*WO:2*1"))
    assert found["provider_adjustment"]["amount"].to_list() == [1]
    assert ("provider_adjustment", "amount_absurd") in rules(found, "rejected")
    assert found["remit_claim"]["patient_control_number"].to_list() == ["G"]


@pytest.mark.parametrize("units", ["99999999999", "-99999999999"])
def test_the_largest_quantity_loads(units):
    found = said(remittance(f"CLP*A*1*0*0\nSVC*HC:1*0*0**{units}**{units}"))
    assert found["remit_line"]["units_paid"].to_list() == [Decimal(units)]


def test_more_adjustments_than_six_do_not_balance():
    claim = "CLP*A*1*107*100\nCAS*CO" + "*45*1*" * 7
    found = said(remittance(claim))
    assert len(found["adjustment"]) == 6
    assert found["remit_claim"]["is_balanced"].to_list() == [False]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" \r\n\t",
        b"\0" * 5000,
        b"~" * 10_000,
        b"*:^~" * 5_000,
        b"Dear Sir, find the ISA and the ST attached.",
        b"ISA",
        b"ISA*",
        b"a,b\n1,2\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 20,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
    ],
)
def test_what_is_not_x12_is_a_clear_error(text):
    with pytest.raises(UnreadableFileError, match=r"X12|empty"):
        said(text)


def test_an_isa_alone_is_told_to_hold_nothing():
    assert ("transaction_set", "no_transaction_sets") in rules(said(TEXT[:107]))


@pytest.mark.parametrize("end", range(0, 1200, 37))
def test_a_file_cut_anywhere_near_its_start(end):
    try:
        found = said(TEXT[:end])
    except AnalyticsError:
        return
    assert found.tables["transaction_set"].is_empty() or len(found.rejected)


@pytest.mark.parametrize("text", ["~" * 1_000_000, "\n" * 1_000_000, "REF*~" * 300_000])
def test_a_million_empty_segments(text):
    with bounded(20, 700):
        found = said(TEXT.replace("CLP*R2", text + "CLP*R2"))
    assert len(found["remit_claim"]) == 4


def test_a_segment_of_two_megabytes():
    with bounded(10, 400):
        found = said(TEXT.replace("*DOE*JANE", "*" + "D" * 2_000_000 + "*JANE"))
    assert found["patient"]["last_name"].str.len_bytes().max() == 2_000_000
    assert len(found["remit_claim"]) == 4


def test_a_segment_of_a_million_elements():
    with bounded(10, 600):
        found = said(TEXT.replace("CAS*OA*23*10", "CAS*OA*23*10" + "*" * 1_000_000))
    assert len(found["remit_claim"]) == 4


def test_a_hundred_thousand_adjustments_on_one_claim():
    claim = "CLP*A*1*100150*150\n" + "CAS*CO*45*1\n" * 100_000
    with bounded(20, 600):
        found = said(remittance(claim))
    assert len(found["adjustment"]) == 100_000
    assert found["transaction_set"]["is_balanced"].to_list() == [True]


def test_levels_nested_deeper_than_any_guide():
    levels = "".join(
        f"HL*{i}*{i - 1}*{code}*1\n" for i, code in enumerate(["20", "22", "23"] * 3000, 3)
    )
    claim = "CLM*A*1***11:B:1\nLX*1\nSV1*HC:1*1*UN*1\nDTP*472*D8*20260101\n"
    with bounded(20, 500):
        found = said(claims(PROVIDER + SUBSCRIBER + levels + claim))
    assert len(found["claim"]) == 1


def test_nul_bytes_in_values_stay_where_they_are():
    found = said(TEXT.replace("CLP*R1", "CLP*R\0001"))
    assert "R\x001" in found["remit_claim"]["patient_control_number"].to_list()


def test_many_interchanges_without_last_terminator():
    one = Wire(line_end="").write(interchange(transaction("835", PAYMENT + "LX*1\n" + GOOD)))
    with bounded(20, 400):
        found = said(one.rstrip("~") + ("\n" + one.rstrip("~")) * 999)
    assert len(found["transaction_set"]) == len(found["remit_claim"]) == 1000
    assert not len(found.rejected)


def test_many_interchanges_each_with_other_delimiters():
    one = interchange(transaction("835", PAYMENT + "LX*1\n" + GOOD))
    wires = [Wire(), Wire("|", ">", "!", "'", "")]
    with bounded(30, 400):
        found = said("".join(wires[i % 2].write(one) for i in range(20)))
    assert len(found["remit_claim"]) == 20
    assert not len(found.rejected)
