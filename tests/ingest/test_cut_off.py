"""A file cut off at every byte: what was cut is kept out, and nothing of it stays by halves."""

from functools import cache, partial
from io import BytesIO

import plain
import polars as pl
import pytest
from wire import Wire, interchange, lines, remittance, rules, said, set_, submission
from worlds import PAID, REMITS

from analytics.errors import AnalyticsError
from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.x12.part import together
from analytics.ingest.x12.read import Reader

CLAIMS = """
CLM*C1*300***11:B:1*Y*A*Y*Y
HI*ABK:E11.9*ABF:I10
LX*1
SV1*HC:99213:25*200*UN*12***1:2
DTP*472*D8*20260103
LX*2
SV1*HC:J1100*100*UN*2.5***2
DTP*472*D8*20260103
CLM*C2*80.25***21:B:7*Y*A*Y*Y
LX*1
SV1*HC:99231*80.25*UN*1***1
DTP*472*D8*20260105
CLM*C3*60***11:B:1*Y*A*Y*Y
LX*1
SV1*HC:99212*60*UN*1***1
DTP*472*D8*20260106
"""
TWO = (
    "LX*1\nCLP*A*1*90*60**12*P1\nCAS*CO*45*30\nCLP*B*1*99*80*0*12*P2\nSVC*HC:1*99*80\nCAS*CO*45*19"
)
ISA = 107  # bytes: before that nothing tells the delimiters
WHOLE = {
    "835": Wire().write(interchange(set_("835", PAID + TWO), set_("835", PAID + REMITS, "2"))),
    "837": Wire().write(submission(CLAIMS)),
}
TABLES = {"835": ["remit_claim", "remit_line", "adjustment"], "837": ["claim", "claim_line"]}
SAYS = ["patient_control_number", "charge_amount", "billed_amount", "paid_amount", "amount"]
SAYS += ["patient_responsibility_amount", "units", "units_paid", "procedure_code", "reason_code"]


@cache
def read_at_every_byte(kind: str) -> tuple[Reader, dict[str, pl.DataFrame], pl.DataFrame]:
    """The reader, its tables and its findings: file n is the first n bytes."""
    text, reader = WHOLE[kind].encode(), Reader()
    sizes = range(ISA, len(text) + 1)
    parts = list(reader.extracts((n, partial(BytesIO, text[:n])) for n in sizes))
    return reader, together([p.tables for p in parts]), pl.concat([p.rejected for p in parts])


def file_of(frame: pl.DataFrame) -> pl.Series:
    return frame["record_no"] // RECORDS_PER_FILE


def kept(kind: str, table: str) -> pl.DataFrame:
    """The rows of a table outside rejected sets, with the number of their file."""
    reader, tables, _ = read_at_every_byte(kind)
    dropped = reader.verdict().dropped.sort("first")
    frame = (
        tables[table]
        .sort("record_no")
        .join_asof(dropped, left_on="record_no", right_on="first", strategy="backward")
    )
    frame = frame.filter(~(pl.col("record_no") <= pl.col("last")).fill_null(value=False))
    return frame.with_columns(file=file_of(frame), place=frame["record_no"] % RECORDS_PER_FILE)


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_read_is_kept_or_rejected(kind):
    _, tables, rejected = read_at_every_byte(kind)
    rejected = rejected.filter(rejected["severity"] == "rejected")
    for name in TABLES[kind]:
        out = rejected.filter(rejected["table_name"] == name)
        found = pl.concat([file_of(tables[name]), file_of(out)]).value_counts()
        ours = dict(found.iter_rows())
        for size in range(ISA, len(WHOLE[kind]) + 1):
            segments = plain.split(WHOLE[kind][:size])
            assert ours.get(size, 0) == plain.counts(segments)[name], (name, size)


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_kept_is_what_the_whole_file_says(kind):
    last = len(WHOLE[kind])
    for name in TABLES[kind]:
        frame = kept(kind, name)
        says = [column for column in SAYS if column in frame.columns]
        whole = frame.filter(pl.col("file") == last)
        same = frame.join(whole, on=["place", *says], how="semi", nulls_equal=True)
        assert len(whole) > 2
        assert len(same) == len(frame), name


@pytest.mark.parametrize("kind", WHOLE)
def test_of_a_claim_kept_no_line_and_no_adjustment_is_missing(kind):
    last, (claims, *others) = len(WHOLE[kind]), TABLES[kind]
    key = f"{claims}_id"
    for name in others:
        rows = kept(kind, name).with_columns(claim=pl.col(key) % RECORDS_PER_FILE)
        counts = rows.group_by("file", "claim").agg(n=pl.len())
        whole = counts.filter(pl.col("file") == last).select("claim", "n")
        owners = kept(kind, claims).select("file", claim=pl.col(key) % RECORDS_PER_FILE)
        due = owners.join(whole, on="claim").join(counts, on=["file", "claim"], how="left")
        assert len(due) > 100
        assert (due["n"] == due["n_right"]).all(ignore_nulls=False), name


@pytest.mark.parametrize("kind", WHOLE)
def test_a_set_that_ends_early_says_so(kind):
    verdict = read_at_every_byte(kind)[0].verdict()
    assert len(verdict.sets) >= len(WHOLE[kind]) - ISA - 70
    ends = {size for size in range(ISA, len(WHOLE[kind]) + 1) if "SE*" in WHOLE[kind][:size][-70:]}
    files = verdict.sets.filter(pl.col("status") == "loaded").unique("record_no")
    files = set(file_of(files).to_list())
    noted = set(file_of(verdict.rejected).to_list())
    assert files - ends <= noted


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_within_its_isa_is_said_to_be_none_or_to_hold_nothing(kind):
    for size in range(0, ISA, 5):
        try:
            found = said(WHOLE[kind][:size])
        except AnalyticsError:
            continue
        assert rules(found) == [("transaction_set", "no_transaction_sets")]


DENIED = "CLP*A*1*150*150\nCLP*B*4*75.5*0**12*P2\nCAS*CO*29*75.5"


@pytest.mark.parametrize("lost", ["75.5*0**12*P2~CAS*CO*29*75.5", "5*0**12*P2~CAS*CO*29*75.5", "5"])
def test_a_set_that_still_balances_but_ends_inside_a_segment_is_cut_off(lost):
    """A claim that was paid nothing changes no sum."""
    text = Wire(line_end="").write(remittance(DENIED)[:-3]).rstrip("~")
    found = said(text.removesuffix(lost))
    assert ("transaction_set", "set_cut_off") in rules(found)
    assert not len(found["remit_claim"])
    assert len(said(text + "~")["remit_claim"]) == 2, "it only lacks its trailer"


def test_an_837_cut_in_the_head_of_a_claim_has_no_claim_of_nothing():
    text = Wire(line_end="").write(submission("\n".join(lines(CLAIMS)[:13])))
    found = said(text[: text.index("CLM*C3*") + 7])
    assert ("transaction_set", "set_cut_off") in rules(found)
    assert not len(found["claim"])
