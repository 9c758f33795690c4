"""Which release of a year's physician fee schedule judges and prices a day."""

import pytest
from edit_world import Claim, results, rows, world

from analytics.database import Database
from analytics.published import load_published, releases

HEAD = "procedure_code | modifier_code | status_code | start_date | end_date"
TITLE = ",,{year} National Physician Fee Schedule Relative Value File{release},,,,,,,,"
REST = """
,,,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,,,NOT USED,,,,,,
,,,STATUS,FOR,WORK,NON-FAC,FACILITY ,MP,MULT,CONV
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,PE RVU,RVU,PROC,FACTOR
99213,,REDACTED,{status},,1.30,1.33,0.55,0.10,0,{factor}
"""


@pytest.mark.parametrize(
    ("loaded", "day", "said"),
    [
        # A service bundled (B) by some releases, active by others.
        ({"2026-01-01": "A", "2026-07-01": "B"}, "2026-06-30", "sound"),
        ({"2026-01-01": "A", "2026-07-01": "B"}, "2026-07-01", "broken"),
        ({"2026-01-01": "A", "2026-07-01": "B"}, "2026-12-31", "broken"),
        ({"2026-01-01": "A", "2026-04-01": "B", "2026-07-01": "A"}, "2026-05-01", "broken"),
        # Before the first release of a year loaded, that one speaks for the year.
        ({"2026-07-01": "B"}, "2026-02-01", "broken"),
        ({"2025-10-01": "A", "2026-07-01": "B"}, "2026-02-01", "broken"),
        ({"2025-10-01": "A", "2026-07-01": "B"}, "2025-02-01", "sound"),
        ({"2025-10-01": "A"}, "2026-01-01", "not_checked"),
        ({"2026-01-01": "A"}, "2025-12-31", "not_checked"),
    ],
)
def test_the_release_in_force_on_the_day_judges(given, loaded, day, said):
    fees = [("99213", "", status, start, f"{start[:4]}-12-31") for start, status in loaded.items()]
    claim = Claim((("99213",),), day=day)
    assert results(given(**world(claim), medicare_fee=rows(HEAD, *fees)), "STS-1") == {1: said}


def _written(path, *, release="", status="A", factor="33.0000", year=2026):
    title = TITLE.format(year=year, release=release)
    path.write_text(title + REST.format(status=status, factor=factor))
    return path


def test_releases_of_a_year_stand_side_by_side(tmp_path):
    first = _written(tmp_path / "PPRRVU2026_Jan.csv", release=" January Release")
    later = _written(tmp_path / "PPRRVU2026_Jul.csv", release=" July Release", status="B")
    plain = _written(tmp_path / "PPRRVU25.csv", year=2025)
    with Database() as db:
        load_published(db, [later, first, plain])
        assert releases(db)["release"].to_list() == ["2025-01", "2026-01", "2026-07"]
        text = "SELECT status_code, start_date FROM medicare_fee ORDER BY start_date"
        assert [status for status, _ in db.sql(text).rows()] == ["A", "A", "B"]
        corrected = _written(tmp_path / "PPRRVU2026_Jul_2.csv", release=" July Release", status="N")
        load_published(db, [corrected])
        assert [status for status, _ in db.sql(text).rows()] == ["A", "A", "N"]
        assert releases(db)["file_name"].to_list()[-1] == "PPRRVU2026_Jul_2.csv"


@pytest.mark.parametrize("is_first", [True, False])
def test_of_the_two_files_of_a_quarter_that_for_non_participants_stands(tmp_path, is_first):
    names = ["PPRRVU2026_Jul_nonQPP.csv", "PPRRVU2026_Jul_QPP.csv"]
    factors = dict(zip(names, ("33.4009", "33.5675"), strict=True))
    files = [
        _written(tmp_path / name, release=" July Release", factor=factors[name])
        for name in (names if is_first else reversed(names))
    ]
    with Database() as db:
        told = load_published(db, files)
        held = db.sql("SELECT conversion_factor FROM medicare_fee").rows()
        assert [str(factor) for (factor,) in held] == ["33.4009"]
        assert told["is_new"].to_list() == [True, not is_first]
        assert releases(db).height == 1
