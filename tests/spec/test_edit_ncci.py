"""PTP-1, PTP-2, MUE-1, AOC-1: pairs, units and add-on codes, drawn small."""

import pytest
from edit_world import GOOD, OTHER, Claim, broken, published, results, rows, world

from analytics.metrics.coding import edit_rate, ptp_bypass_rate
from analytics.published import incomplete

PAIR_HEAD = (
    "reference_id | setting | column1_code | column2_code | modifier_indicator | start_date"
    " | end_date"
)
PAIRS = rows(
    PAIR_HEAD,
    (1, "practitioner", "11111", "22222", 0, "2020-01-01", None),
    (1, "practitioner", "11111", "33333", 1, "2020-01-01", None),
    (1, "practitioner", "44444", "55555", 1, "2020-01-01", "2026-03-01"),
    (1, "practitioner", "44444", "66666", 9, "2026-03-02", "2026-03-02"),
    (2, "hospital", "11111", "33333", 0, "2020-01-01", None),
)
NCCI = published((1, "ncci_ptp"), (2, "ncci_ptp"), ncci_ptp=PAIRS)
MUE = published(
    (1, "ncci_mue"), (2, "ncci_mue"), (3, "ncci_mue"),
    ncci_mue=rows(
        "reference_id | setting | procedure_code | max_units | adjudication_indicator",
        (1, "practitioner", "11111", 2, 1), (1, "practitioner", "22222", 2, 2),
        (1, "practitioner", "33333", 2, 3), (2, "hospital", "11111", 5, 3),
        (3, "dme", "A4000", 1, 3), (3, "dme", "11111", 1, 3),
    ),
)  # fmt: skip
ADD_ONS = published(
    (1, "ncci_add_on"),
    ncci_add_on=rows(
        "reference_id | edit_type | add_on_code | primary_code | start_date | end_date"
        " | primary_end_date",
        (1, 1, "22222", "11111", "2020-01-01", None, None),
        (1, 1, "22222", "33333", "2020-01-01", None, "2026-01-31"),
        (1, 2, "44444", "CCCCC", "2020-01-01", None, None),
        (1, 3, "55555", "11111", "2020-01-01", None, None),
        (1, 1, "66666", "11111", "2020-01-01", "2026-01-31", None),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((("11111",), ("22222",)), [(1, 2)]),
        ((("22222",), ("11111",)), [(1, 1)]),
        ((("11111", "59"), ("22222", "59")), [(1, 2)]),
        ((("11111",), ("33333",)), [(1, 2)]),
        ((("11111",), ("33333", "59")), []),
        ((("11111", "XS"), ("33333",)), []),
        ((("11111",), ("33333", "76")), [(1, 2)]),
        ((("11111",), ("33333", "xs")), []),
        ((("11111",), ("33333", " 59 ,GP")), []),
        ((("11111",), ("33333", "GP,5 9")), []),
        ((("11111",), ("99999",)), []),
        ((("44444",), ("55555",)), []),
        ((("44444",), ("66666",)), []),
        ((("11111", "", 1, {"qualifier": "ZZ"}), ("22222",)), []),
    ],
)
def test_a_pair_is_broken_where_no_modifier_sets_it_apart(given, lines, found):
    db = given(**world(Claim(lines)), **NCCI)
    assert broken(db, "PTP-1") == found
    assert results(db, "PTP-1") == {1: "broken" if found else "sound"}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, [(2, 1)]),
        ({"patient": 3}, [(2, 1)]),  # the same member under another record
        ({"patient": 2}, []),
        ({"day": "2026-03-03"}, []),
        ({"npi": OTHER}, []),
        ({"seq": "S"}, []),
    ],
)
def test_pairs_are_of_one_patient_provider_payer_and_day(given, other, found):
    db = given(**world(Claim((("11111",),)), Claim((("22222",),), **other)), **NCCI)
    assert broken(db, "PTP-1") == found


def test_the_other_line_of_a_pair_is_named(given):
    db = given(**world(Claim((("11111",),)), Claim((("99999",), ("22222",)))), **NCCI)
    text = "SELECT finding, other_claim_id, other_line_no, record_no FROM line_edit"
    assert db.sql(f"{text} WHERE edit_code = 'PTP-1'").rows() == [("11111", 1, 1, 22)]


def test_hospitals_have_a_table_of_their_own_and_inpatients_none(given):
    lines = (("11111",), ("33333", "59"))
    db = given(
        **world(Claim(lines, kind="institutional", bill="131"),
                Claim(lines, kind="institutional", bill="111", patient=2)), **NCCI
    )  # fmt: skip
    assert broken(db, "PTP-1") == [(1, 2)]
    assert results(db, "PTP-1") == {1: "broken"}


@pytest.mark.parametrize(
    "file",
    [
        (1, "ncci_ptp", "31.2", "2025-07-01", "2025-09-30"),
        (1, "ncci_ptp", "32.0", "2026-03-03", "2026-06-30"),
        (1, "ncci_ptp", "32.0", "2026-01-01", "2026-06-30", "ccipra-v320r0-f2.txt"),
    ],
)
def test_a_table_of_other_days_or_without_its_first_part_checks_nothing(given, file):
    db = given(
        **world(Claim((("11111",), ("22222",)))), **published(file, ncci_ptp=PAIRS)
    )  # fmt: skip
    assert results(db, "PTP-1") == {1: "not_checked"}
    assert edit_rate(db, where={"edit_code": "PTP-1"})["n"].item() == 0


@pytest.mark.parametrize(
    ("rows_of", "last", "said"),
    [
        (400_000, "25999", "not_checked"),  # the parts after it are missing
        (400_000, "G0101", "broken"),
        (10, "25999", "broken"),  # a cut of one, made by hand
    ],
)
def test_a_release_of_full_size_ends_with_letters(given, rows_of, last, said):
    table = rows(
        "reference_id | kind | release | effective_from | effective_to | file_name | row_count",
        (1, "ncci_ptp", "32.0", "2026-01-01", "2026-12-31", "ccipra-v320r0-f1.txt", rows_of),
    )
    pairs = f"{PAIRS}\n1 | practitioner | {last} | 99999 | 0 | 2020-01-01 | "
    db = given(**world(Claim((("11111",), ("22222",)))), reference_file=table, ncci_ptp=pairs)
    assert results(db, "PTP-1") == {1: said}
    assert incomplete(db).height == (said == "not_checked")


def test_parts_of_a_release_are_one_table_and_days_have_their_own(given):
    span = ("2026-01-01", "2026-03-31")
    after = ("2026-04-01", "2026-06-30")
    files = [
        (1, "ncci_ptp", "32.0", *span, "ccipra-v320r0-f1.txt"),
        (2, "ncci_ptp", "32.0", *span, "ccipra-v320r0-f2.txt"),
        (3, "ncci_ptp", "32.1", *after, "ccipra-v321r0-f1.txt"),
    ]
    pairs = rows(
        PAIR_HEAD, (1, "practitioner", "11111", "22222", 0, "2020-01-01", None),
        (2, "practitioner", "33333", "44444", 0, "2020-01-01", None),
        (3, "practitioner", "11111", "44444", 0, "2020-01-01", None),
    )  # fmt: skip
    lines = (("11111",), ("22222",), ("33333",), ("44444",))
    db = given(**world(Claim(lines), Claim(lines, day="2026-04-01")),
               **published(*files, ncci_ptp=pairs))  # fmt: skip
    assert broken(db, "PTP-1") == [(1, 2), (1, 4), (2, 4)]


def _passed(count: int, passed: int, npi: str) -> list[Claim]:
    return [
        Claim((("11111",), ("33333", "59" if n < passed else "")), patient=10 + n, npi=npi)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("own", "peers", "said"),
    [
        ((20, 16), (40, 8), "broken"),
        ((20, 8), (40, 12), "sound"),
        ((19, 19), (40, 2), "not_checked"),
        ((20, 20), (19, 0), "not_checked"),
    ],
)
def test_pairs_passed_more_often_than_peers_do_stand_out(given, own, peers, said):
    db = given(**world(*_passed(*own, GOOD), *_passed(*peers, OTHER)), **NCCI)
    assert results(db, "PTP-2")[1] == said
    assert results(db, "PTP-2")[own[0] + peers[0]] == ("not_checked" if peers[1] == 40 else "sound")
    rate = ptp_bypass_rate(db)
    assert rate.select("hits", "n").row(0) == (own[1] + peers[1], own[0] + peers[0])


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((("11111", "", 2), ("11111", "59", 2)), []),
        ((("11111", "", 3), ("11111", "59", 1)), [(1, 1)]),
        ((("22222", "", 1), ("22222", "59", 2)), [(1, 1), (1, 2)]),
        ((("33333", "", 3),), [(1, 1)]),
        ((("33333", "", 2), ("22222", "", 2)), []),
        ((("99999", "", 900),), []),
        ((("A4000", "", 2),), [(1, 1)]),
        ((("33333", "", 6, {"to": "2026-03-04"}),), []),
        ((("33333", "", 90, {"unit_code": "MJ"}),), []),
    ],
)
def test_units_over_the_limit_of_line_or_day(given, lines, found):
    db = given(**world(Claim(lines)), **MUE)
    assert broken(db, "MUE-1") == found


def test_units_that_are_not_said_cannot_be_told_and_hospitals_have_their_own_limit(given):
    db = given(
        **world(Claim((("11111", "", None),)), Claim((("11111", "", 5),), kind="institutional",
                bill="131", patient=2), Claim((("22222",),), patient=3, day="2025-12-31")), **MUE
    )  # fmt: skip
    assert results(db, "MUE-1") == {1: "not_checked", 2: "sound", 3: "not_checked"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((("22222",), ("11111",)), "sound"),
        ((("22222",), ("99999",)), "broken"),
        ((("22222",), ("33333",)), "broken"),  # no longer a primary
        ((("44444",), ("99999",)), "not_checked"),
        ((("44444",), ("22222",), ("11111",)), "not_checked"),
        ((("44444",),), "broken"),
        ((("55555",), ("11111",)), "sound"),
        ((("55555",), ("99999",)), "not_checked"),
        ((("55555",), ("44444",)), "broken"),
        ((("66666",),), "sound"),  # the edit has ended
    ],
)
def test_an_add_on_needs_its_primary(given, lines, said):
    db = given(**world(Claim(lines)), **ADD_ONS)
    assert results(db, "AOC-1") == {1: said}


def test_the_primary_may_be_on_another_claim_of_the_day(given):
    two = (Claim((("22222",),)), Claim((("11111",),), npi=OTHER))
    assert results(given(**world(*two), **ADD_ONS), "AOC-1")[1] == "sound"
    later = (two[0], two[1]._replace(day="2026-03-03"))
    assert results(given(**world(*later), **ADD_ONS), "AOC-1")[1] == "broken"
