"""MOD-1, MOD-2, STS-1, HCP-1, POS-1, GLB-1, DUP-1: what a service line alone, or again, says."""

import pytest
from edit_world import OTHER, Claim, broken, published, results, rows, world

FEE_HEAD = (
    "procedure_code | modifier_code | status_code | component_code | multiple_procedure_code"
    " | bilateral_code | assistant_code | cosurgeon_code | team_code | global_days_code"
    " | start_date | end_date"
)
YEAR = ("2026-01-01", "2026-12-31")
#                              status PC/TC mult bilat asst co team global
FEES = rows(
    FEE_HEAD,
    ("20000", "", "A", "0", "2", "1", "2", "2", "1", "090", *YEAR),
    ("10000", "", "A", "0", "0", "0", "1", "0", "0", "010", *YEAR),
    ("11000", "", "A", "0", "2", "2", "0", "1", "0", "000", *YEAR),
    ("70000", "", "A", "1", "0", "3", "9", "9", "9", "XXX", *YEAR),
    ("70000", "26", "A", "0", "9", "9", "9", "9", "9", "XXX", *YEAR),
    ("80000", "", "A", "6", "0", "0", "0", "0", "0", "XXX", *YEAR),
    ("99213", "", "A", "0", "0", "0", "0", "0", "0", "XXX", *YEAR),
    ("99000", "", "B", "0", "0", "0", "0", "0", "0", "XXX", *YEAR),
    ("99001", "", "N", "0", "0", "0", "0", "0", "0", "XXX", *YEAR),
)
HCPCS = published(
    (1, "hcpcs_code"),
    hcpcs_code=rows(
        "reference_id | code | is_modifier | add_date | effective_date | end_date",
        (1, "J1000", "false", "2001-01-01", "2001-01-01", None),
        (1, "J2000", "false", "2001-01-01", "2020-01-01", "2026-03-02"),
        (1, "J3000", "false", "2026-04-01", "2026-04-01", None),
        (1, "A1", "true", "2001-01-01", "2001-01-01", None),
    ),
)


def line(code: str, modifiers: str = "", **more: object) -> tuple:
    return (code, modifiers, 1, more)


@pytest.mark.parametrize(
    ("code", "modifiers", "said"),
    [
        ("20000", "50", "sound"), ("20000", "51", "sound"), ("20000", "62", "sound"),
        ("20000", "66", "sound"), ("20000", "80", "sound"), ("20000", "AS", "sound"),
        ("20000", "26", "broken"), ("20000", "TC", "broken"),
        ("10000", "50", "broken"), ("10000", "51", "broken"), ("10000", "62", "broken"),
        ("10000", "66", "broken"), ("10000", "81", "broken"), ("10000", "LT", "sound"),
        ("11000", "50", "broken"), ("11000", "82", "sound"), ("11000", "62", "sound"),
        ("70000", "26", "sound"), ("70000", "TC", "sound"), ("70000", "50", "sound"),
        ("80000", "26", "sound"), ("80000", "TC", "broken"),
        ("20000", "as,lt", "sound"), ("10000", "as,lt", "broken"), ("10000", " 6 2 ", "broken"),
        ("55555", "50", "not_checked"), ("55555", "", "sound"),
    ],
)  # fmt: skip
def test_modifiers_by_the_indicators_of_the_fee_schedule(given, code, modifiers, said):
    db = given(**world(Claim((line(code, modifiers),))), medicare_fee=FEES)
    assert results(db, "MOD-1") == {1: said}


def test_indicators_are_those_of_the_year_of_service(given):
    hospital = {"kind": "institutional", "bill": "131"}
    claims = [Claim((line("10000", "50"),), day=day, **more)
              for day, more in (("2025-12-31", {}), ("2026-01-01", hospital))]  # fmt: skip
    db = given(**world(*claims), medicare_fee=FEES)
    assert results(db, "MOD-1") == {1: "not_checked"}  # hospitals are not paid by it


@pytest.mark.parametrize(
    ("code", "modifiers", "is_broken"),
    [
        ("99213", "25", False), ("92014", "25", False), ("G0439", "25", False),
        ("20000", "25", True), ("99499", "57", False), ("20000", "57", True),
        ("99201", "25", False),
        ("20000", "50", False), ("20000", "50,RT", True), ("20000", "LT,RT", False),
        ("20000", "GA", False), ("20000", "GA,GZ", True), ("20000", "GA,GY", True),
        ("20000", "GY,GZ", True), ("20000", "GX,GY", False),
        ("20000", "lt,50", True), ("20000", "5 0", False), ("20000", "LEFT", True),
        ("20000", "", False), (" 99213 ", "25", False),
    ],
)  # fmt: skip
def test_modifiers_by_the_kind_of_service_and_each_other(given, code, modifiers, is_broken):
    db = given(**world(Claim((line(code, modifiers),))))
    assert broken(db, "MOD-2") == [(1, 1)] * is_broken
    assert results(db, "MOD-2") == {1: "broken" if is_broken else "sound"}


@pytest.mark.parametrize(
    ("code", "said"),
    [("20000", "sound"), ("99000", "broken"), ("99001", "broken"), ("55555", "not_checked")],
)
def test_status_of_the_fee_schedule(given, code, said):
    db = given(**world(Claim((line(code),)), Claim((line(code),), day="2025-01-01")),
               medicare_fee=FEES)  # fmt: skip
    assert results(db, "STS-1") == {1: said, 2: "not_checked"}


@pytest.mark.parametrize(
    ("code", "said", "why"),
    [
        ("J1000", "sound", None), ("j1000", "sound", None), ("J2000", "sound", None),
        ("J3000", "broken", "not yet in force"), ("J9999", "broken", "in no list"),
        ("99213", "sound", None), ("0001F", "sound", None), ("0001U", "sound", None),
        ("9921", "broken", "malformed"), ("ABCDE", "broken", "malformed"),
        ("992130", "broken", "malformed"), ("D0120", "sound", None),
    ],
)  # fmt: skip
def test_codes_in_force_and_well_formed(given, code, said, why):
    db = given(**world(Claim((line(code),))), **HCPCS)
    assert results(db, "HCP-1") == {1: said}
    finding = db.sql("SELECT finding FROM line_edit WHERE edit_code = 'HCP-1'")["finding"]
    assert finding.to_list() == [why] * (said == "broken")


def test_a_code_that_ended_and_a_malformed_one_without_a_table(given):
    ended = given(**world(Claim((line("J2000"),), day="2026-03-03")), **HCPCS)
    assert results(ended, "HCP-1") == {1: "broken"}
    bare = given(**world(Claim((line("J2000"),)), Claim((line("J20"),), patient=2)))
    assert results(bare, "HCP-1") == {1: "not_checked", 2: "broken"}


@pytest.mark.parametrize(
    ("code", "place", "said"),
    [
        ("99284", "23", "sound"), ("99284", "11", "broken"), ("99223", "21", "sound"),
        ("99223", "11", "broken"), ("99213", "11", "sound"), ("99213", "21", "broken"),
        ("99213", "23", "sound"), ("99309", "31", "sound"), ("99309", "12", "broken"),
        ("99348", "12", "sound"), ("99348", "11", "broken"), ("20000", "21", "sound"),
        ("99284", "", "not_checked"), ("20000", "", "sound"),
    ],
)  # fmt: skip
def test_places_of_visits(given, code, place, said):
    db = given(**world(Claim((line(code),), place=place)))
    assert results(db, "POS-1") == {1: said}
    other = "11" if place != "11" else "12"
    own = given(**world(Claim((line(code, place=place or None),), place=place and other)))
    assert results(own, "POS-1") == {1: said}


@pytest.mark.parametrize(
    ("surgery", "day", "visit", "is_broken"),
    [
        ("11000", "2026-03-02", "", True), ("11000", "2026-03-02", "25", False),
        ("11000", "2026-03-03", "", False), ("10000", "2026-03-12", "", True),
        ("10000", "2026-03-12", "24", False), ("10000", "2026-03-13", "", False),
        ("10000", "2026-03-01", "", False), ("20000", "2026-03-01", "", True),
        ("20000", "2026-03-01", "57", False), ("20000", "2026-05-31", "", True),
        ("20000", "2026-06-01", "", False), ("20000", "2026-05-31", "78", False),
        ("70000", "2026-03-02", "", False),
    ],
)  # fmt: skip
def test_visits_within_a_global_period(given, surgery, day, visit, is_broken):
    db = given(
        **world(Claim((line(surgery),)), Claim((line("99213", visit),), day=day)),
        medicare_fee=FEES,
    )
    assert broken(db, "GLB-1") == [(2, 1)] * is_broken


@pytest.mark.parametrize(
    ("modifiers", "other"),
    [("80", {}), ("AS", {}), ("54", {}), ("", {"npi": OTHER}), ("", {"patient": 2})],
)
def test_others_than_the_surgeon_have_no_global_period(given, modifiers, other):
    db = given(
        **world(Claim((line("20000", modifiers),)), Claim((line("99213"),), **other)),
        medicare_fee=FEES,
    )
    assert broken(db, "GLB-1") == []
    assert results(db, "GLB-1") == {1: "sound", 2: "sound"}


def test_a_visit_after_days_of_no_schedule_cannot_be_told(given):
    before = Claim((line("20000"),), day="2025-12-20")
    db = given(**world(before, Claim((line("99213"),), day="2026-01-05")), medicare_fee=FEES)
    assert results(db, "GLB-1") == {1: "not_checked", 2: "not_checked"}
    db = given(**world(Claim((line("99213"),), day="2026-01-05")), medicare_fee=FEES)
    assert results(db, "GLB-1") == {1: "sound"}


@pytest.mark.parametrize(
    ("first", "second", "other", "found"),
    [
        (line("20000", "LT"), line("20000", "LT"), {}, [(2, 1)]),
        (line("20000", "LT"), line("20000", "RT"), {}, []),
        (line("20000", "GP,LT"), line("20000", "lt,gp"), {}, [(2, 1)]),
        (line("20000"), line("20000", "76"), {}, []),
        (line("20000", "59"), line("20000", "59"), {}, []),
        (line("20000", "XE"), line("20000", "XE"), {}, []),
        (line("20000"), line("20000"), {"npi": OTHER}, []),
        (line("20000"), line("20000"), {"patient": 2}, []),
        (line("20000"), line("20000"), {"patient": 3}, [(2, 1)]),
        (line("20000"), line("20000"), {"seq": "S"}, []),
        (line("20000"), line("20000"), {"day": "2026-03-03"}, []),
        (line("J1000", ndc="1"), line("J1000", ndc="2"), {}, []),
    ],
)
def test_the_same_service_twice(given, first, second, other, found):
    db = given(**world(Claim((first,)), Claim((second,), **({"sent": "2026-06-02"} | other))))
    assert broken(db, "DUP-1") == found
    if found:
        text = "SELECT other_claim_id, other_line_no FROM line_edit WHERE edit_code = 'DUP-1'"
        assert db.sql(text).rows() == [(1, 1)]


def test_of_several_the_first_sent_stands(given):
    same = (line("20000"), line("20000"))
    db = given(**world(Claim(same, sent="2026-06-02"), Claim(same[:1], sent="2026-06-01")))
    assert broken(db, "DUP-1") == [(1, 1), (1, 2)]
