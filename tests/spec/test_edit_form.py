"""TF-1, NPI-1, TAX-1, TOB-1, ORD-1, ICD-6, ICD-7: what a claim says, drawn small."""

import pytest
from edit_world import Claim, broken, published, results, rows, world

from analytics.metrics.coding import edit_rate

ONE = (("99213",),)
STAY = {"kind": "institutional", "bill": "111"}
ROOM = ("", "", 1, {"rev": "0120", "pointers": None, "qualifier": None})
LAB = ("80053", "", 1, {"rev": "0301", "pointers": None})


def hospital(bill: str, lines: tuple, status: str | None = "01", **more: object) -> Claim:
    """A claim of a hospital."""
    said = {"discharge_status_code": status} | more
    return Claim(lines, kind="institutional", bill=bill, more=said)


@pytest.mark.parametrize(
    ("sent", "filing", "limit", "said"),
    [
        ("2027-03-02", "MB", None, "sound"), ("2027-03-03", "MB", None, "broken"),
        ("2028-01-01", "CI", None, "not_checked"), ("2026-05-31", "CI", 90, "sound"),
        ("2026-06-01", "CI", 90, "broken"), ("2026-06-01", "MB", 90, "broken"),
    ],
)  # fmt: skip
def test_the_filing_limit_is_the_payers_else_medicares_year(given, sent, filing, limit, said):
    payer = {"payer_map": f"payer_name | filing_limit_days\nUmbra | {limit}"} if limit else {}
    db = given(**world(Claim(ONE, sent=sent, more={"filing": filing})), **payer)
    assert results(db, "TF-1") == {1: said}


def test_a_leap_day_has_its_year(given):
    drawn = [Claim(ONE, day="2024-02-29", sent=sent, more={"filing": "MB"}, patient=n)
             for n, sent in enumerate(("2025-02-28", "2025-03-01"))]  # fmt: skip
    assert results(given(**world(*drawn)), "TF-1") == {1: "sound", 2: "broken"}


@pytest.mark.parametrize(
    ("npi", "said"),
    [
        ("1234567893", "sound"), ("1245319599", "sound"), ("1003000126", "sound"),
        ("1234567890", "broken"), ("1234567839", "broken"), ("3234567893", "broken"),
        ("123456789", "broken"), ("12345678934", "broken"), ("12345X7893", "broken"),
        ("0000000000", "broken"), (None, "sound"),
    ],
)  # fmt: skip
def test_the_check_digit_of_an_npi(given, npi, said):
    assert results(given(**world(Claim(ONE, npi=npi))), "NPI-1") == {1: said}


def test_an_npi_of_a_line_is_found_on_the_line(given):
    db = given(**world(Claim((("99213", "", 1, {"npi": "1234567890"}), ("99214",)))))
    assert broken(db, "NPI-1") == [(1, 1)]


@pytest.mark.parametrize(
    ("code", "said"),
    [("207Q00000X", "sound"), ("207q00000x", "sound"), ("999999999X", "broken")],
)
def test_taxonomy_codes_are_those_of_the_release(given, code, said):
    listed = published(
        (1, "nucc_taxonomy"), nucc_taxonomy="reference_id | taxonomy_code\n1 | 207Q00000X"
    )
    more = {"billing_taxonomy_code": code}
    claims = (Claim(ONE, more=more), Claim(ONE, more=more, day="2025-01-01"), Claim(ONE, patient=2))
    assert results(given(**world(*claims), **listed), "TAX-1") == {1: said, 2: "not_checked"}


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (hospital("111", (ROOM, LAB)), "sound"),
        (hospital("111", (ROOM,), "30"), "broken"),
        (hospital("112", (ROOM,), "30"), "sound"),
        (hospital("112", (ROOM,), "01"), "broken"),
        (hospital("113", (ROOM,), "30"), "sound"),
        (hospital("114", (ROOM,), "30"), "broken"),
        (hospital("111", (ROOM,), None), "broken"),
        (hospital("111", (LAB,)), "broken"),
        (hospital("131", (LAB,)), "sound"),
        (hospital("131", (LAB,), None), "sound"),
        (hospital("131", (ROOM,)), "broken"),
        (hospital("211", (ROOM,)), "sound"),
        (hospital("", (LAB,)), "broken"),
        (hospital("1X1", (LAB,)), "broken"),
        (Claim(ONE), None),
    ],
)
def test_bill_type_revenue_and_discharge_agree(given, claim, said):
    assert results(given(**world(claim)), "TOB-1").get(1) == said


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        (Claim(ONE), []),
        (Claim((("99213", "", 1, {"pointers": "[2]"}),)), [(1, 1)]),
        (Claim((("99213", "", 1, {"pointers": "[1, 2]"}),), dx=("A000", "A001")), []),
        (Claim((("99213", "", 1, {"pointers": "[1, 3]"}),), dx=("A000", "A001")), [(1, 1)]),
        (Claim((("99213", "", 1, {"pointers": "[0]"}),)), [(1, 1)]),
        (Claim((("99213", "", 1, {"pointers": None}),)), []),
        (Claim((("99213", "", 1, {"to": "2026-03-01"}),)), [(1, 1)]),
        (Claim(ONE, more={"to": "2026-03-01"}), [(1, None)]),
        (Claim(ONE, sent="2026-03-01"), [(1, None)]),
        (Claim(ONE, day="1979-12-31"), [(1, None)]),
        (hospital("111", (ROOM,), admission_date="2026-03-03"), [(1, None)]),
        (hospital("111", (ROOM,), admission_date="2026-03-02"), []),
        (hospital("131", (("80053", "", 1, {"day": "2026-03-01"}),)), [(1, 1)]),
    ],
)
def test_pointers_and_dates_are_in_order(given, claim, found):
    assert broken(given(**world(claim)), "ORD-1") == found


NOTES = published(
    (1, "icd10cm_note"), (2, "icd10cm_code"),
    icd10cm_exclusion=rows(
        "reference_id | note_no | at_first_code | at_last_code | first_code | last_code | place"
        " | letters",
        (1, 1, "A04", "A04~", "A05", "A05~", None, None),
        (1, 2, "A15", "A19~", "J60", "J67~", None, None),
        (1, 3, "G59", "G59~", "E08", "E13~", 4, "41"),
    ),
    icd10cm_code=rows(
        "reference_id | code | is_billable | long_title",
        (2, "S01", "true", "Open wound, left hand"), (2, "S02", "true", "Burn of right hand, old"),
        (2, "S03", "true", "Bilateral burn"), (2, "S04", "true", "Upright posture"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("A041", "A058"), "broken"), (("A058", "A041"), "broken"), (("A041", "A06"), "sound"),
        (("A041", "A042"), "sound"), (("A15", "J65"), "broken"), (("A190", "J679"), "broken"),
        (("A190", "J68"), "sound"), (("A201", "J65"), "sound"), (("G59", "E1141"), "broken"),
        (("G59", "E1142"), "sound"), (("A041",), "sound"), (("A041", "B00", "a058"), "broken"),
    ],
)  # fmt: skip
def test_codes_that_exclude_each_other(given, codes, said):
    db = given(**world(Claim(ONE, dx=codes), Claim(ONE, dx=codes, day="2025-01-01")), **NOTES)
    assert results(db, "ICD-6") == {1: said, 2: "not_checked"}
    if said == "broken":
        text = "SELECT finding FROM line_edit WHERE edit_code = 'ICD-6'"
        first, last = sorted(c.upper() for c in codes if c != "B00")
        assert db.sql(text).item() == f"{first} {last}"


@pytest.mark.parametrize(
    ("modifiers", "codes", "pointers", "is_broken"),
    [
        ("RT", ("S01",), "[1]", True), ("LT", ("S01",), "[1]", False),
        ("F5", ("S01",), "[1]", True), ("FA", ("S01",), "[1]", False),
        ("RT", ("S01", "S02"), "[1, 2]", False), ("RT", ("S01", "S02"), "[1]", True),
        ("RT", ("S03",), "[1]", False), ("RT", ("S04",), "[1]", False),
        ("RT", ("S01", "S03"), "[1, 2]", False), ("50,RT", ("S01",), "[1]", False),
        ("LT,RT", ("S01",), "[1]", False), ("rt", ("S01",), "[1]", True),
    ],
)  # fmt: skip
def test_sides_of_modifier_and_diagnosis(given, modifiers, codes, pointers, is_broken):
    line = ("20000", modifiers, 1, {"pointers": pointers})
    db = given(**world(Claim((line,), dx=codes)), **NOTES)
    assert broken(db, "ICD-7") == [(1, 1)] * is_broken


def test_without_tables_what_needs_one_is_not_checked_and_the_rest_is(given):
    db = given(**world(Claim(ONE), hospital("111", (ROOM,))))
    free = {"MOD-2", "POS-1", "DUP-1", "NPI-1", "TOB-1", "ORD-1"}
    said = dict(db.sql("SELECT edit_code, min(result) FROM edit_result GROUP BY 1").iter_rows())
    assert {edit for edit, result in said.items() if result == "sound"} == free
    assert len(said) == 22  # all but TAX-1: no taxonomy is said
    assert set(edit_rate(db, by="edit_code")["edit_code"]) == free
    assert edit_rate.excluded(db)["n"].sum() == len(
        db.sql("SELECT 1 FROM edit_result WHERE result = 'not_checked'")
    )
