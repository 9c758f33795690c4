"""Medicare's fee files: columns found by name, whatever their place."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from analytics import reference
from analytics.database import Database
from analytics.errors import UnknownNameError, UnreadableFileError
from analytics.ingest import mpfs

FEES_2025 = """\
,,2025 National Physician Fee Schedule Relative Value File,,,,,,,,
,,CPT copyright 2024,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,,,NOT USED,,,,,,
,,,STATUS,FOR,WORK,NON-FAC,FACILITY ,MP,MULT,CONV
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,PE RVU,RVU,PROC,FACTOR
99213,,REDACTED,A,,1.30,1.33,0.55,0.10,0,32.3465
71046,26,"REDACTED, TWO",A,,0.18,0.07,0.07,0.01,0,32.3465
"""
# Another order of columns, and one more.
FEES_2026 = """\
,2026 National Physician Fee Schedule,,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,WORK,MP,NON-FAC,FACILITY,CONV,MULT,PRIC,,STATUS
HCPCS,MOD,RVU,RVU,PE RVU,PE RVU,FACTOR,PROC,IND,OTHER,CODE
99213,,1.30,0.10,1.40,0.60,33.4009,0,1,,A
"""
INDICES = """\
ADDENDUM E. FINAL CY 2025 GPCIs,,,,,,,
Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2025 PW GPCI (without 1.0 Floor),2025 PW GPCI (with 1.0 Floor),2025 PE GPCI,2025 MP GPCI
10112,AL,00,ALABAMA,0.98,1,0.869,0.575
2102,AK,1,ALASKA*,1.5,1.5,1.081,0.592
* a footnote,,,,,,,
"""  # noqa: E501


def test_fees_of_two_years_in_two_layouts():
    old, new = (mpfs.fees(t.encode(), "f.csv") for t in (FEES_2025, FEES_2026))
    columns = ("procedure_code", "modifier_code", "nonfacility_rvu", "conversion_factor")
    assert old.select(columns).rows() == [
        ("99213", "", Decimal("1.33"), Decimal("32.3465")),
        ("71046", "26", Decimal("0.07"), Decimal("32.3465")),
    ]
    assert new.select(columns).rows() == [("99213", "", Decimal("1.4"), Decimal("33.4009"))]
    assert new["facility_rvu"].to_list() == [Decimal("0.6")]
    assert (old["start_date"][0], new["end_date"][0]) == (
        dt.date(2025, 1, 1),
        dt.date(2026, 12, 31),
    )


def test_indices_keep_leading_zeros_and_take_the_floor():
    rows = mpfs.localities(INDICES.encode(), "g.csv")
    assert rows["locality_code"].to_list() == ["10112-00", "02102-01"]
    assert rows["work_gpci"].to_list() == [1, Decimal("1.5")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no row that names its columns"),
        (FEES_2025.replace("WORK,", "EFFORT,"), "no column for work_rvu"),
        (FEES_2025.replace("2025 National", "National"), "which year"),
        (FEES_2025.replace("1.30", "n/a"), "1 rows without readable numbers"),
        ("".join(FEES_2025.splitlines(keepends=True)[:7]), "no rows with numbers"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(text, said):
    with pytest.raises(UnreadableFileError, match=said):
        mpfs.fees(text.encode(), "f.csv")


def test_a_file_replaces_its_own_year_alone(tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file, text in zip(files, (FEES_2025, FEES_2026), strict=True):
        file.write_text(text)
    with Database() as db:
        for file in (*files, files[0]):
            assert len(reference.load_map(db, "medicare_fee", file)) == 12
        assert reference.rows(db, "medicare_fee").height == 3
        held = reference.maps(db).filter(pl.col("map_name") == "medicare_fee")
        assert held["code_count"].to_list() == [3]
        with pytest.raises(UnreadableFileError, match="does not come with the library"):
            reference.load_map(db, "medicare_fee", None)
        with pytest.raises(UnknownNameError, match="did you mean 'medicare_fee'"):
            reference.load_map(db, "medicare_fees", files[0])
