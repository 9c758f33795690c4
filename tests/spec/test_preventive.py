"""Avoidable visits, preventable admissions, wellness visits and care outside the roster."""

import datetime as dt

import pytest
from care_world import cover, line, lines, member, members, settled, settled_claims, span

from analytics.metrics import pqi_rates
from analytics.metrics.preventive import (
    annual_wellness_rate,
    avoidable_ed_share,
    leakage,
    pqi_rate,
)

AS_OF = dt.date(2025, 12, 31)


@pytest.fixture
def told(given):
    """A database of settled claims of members covered all 2025."""

    def build(*rows, people=None, more=(), spans=None, as_of=AS_OF, **tables):
        people = people or [member(1)]
        spans = spans or [span(n, "2025-01-01") for n in range(1, len(people) + 1)]
        return given(
            as_of=as_of, patient=members(*people), eligibility=cover(*spans),
            payer_claim=settled_claims(*rows), payer_claim_line=lines(*more), **tables,
        )  # fmt: skip

    return build


CHANCES = """
    code  | non_emergent_share | primary_care_share | preventable_share | not_preventable_share
    J029  | 0.7                | 0.2                | 0.05              | 0.05
    I2510 | 0                  | 0.1                | 0.1               | 0.8
    """


def rooms(*codes):
    rows = [
        settled(n, f"2025-{n:02}-03", bill="131", diagnosis=code)
        for n, code in enumerate(codes, start=1)
    ]
    return rows, [line(n, n, revenue="0450") for n in range(1, len(codes) + 1)]


def test_avoidable_is_a_sum_of_chances(told):
    rows, more = rooms("J029", "I2510", "Q999")
    db = told(*rows, more=more, ed_probability=CHANCES)
    found = avoidable_ed_share(db).row(0, named=True)
    assert (found["n"], found["value"]) == (2, pytest.approx((0.95 + 0.2) / 2))
    assert avoidable_ed_share.excluded(db).select("reason", "n").rows() == [
        ("diagnosis not in the table of chances", 1)
    ]


def test_without_chances_no_visit_is_judged(told):
    rows, more = rooms("J029")
    db = told(*rows, more=more)
    assert avoidable_ed_share(db).row(0)[:2] == (0, None)
    assert "johnston_icd10.csv" in avoidable_ed_share.excluded(db)["reason"].item()


LISTS = [
    ("ACDIASD", "E1010"), ("ACDIALD", "E1040"), ("ACCOPDD", "J441"), ("ACSASTD", "J4520"),
    ("RESPAN", "E840"), ("ACSHYPD", "I10"), ("ACSCARP", "0210083"), ("ACSHY2D", "I129"),
    ("DIALY2P", "031209D"), ("MRTCHFD", "I509"), ("ACSBACD", "J13"), ("ACSBA2D", "D5700"),
    ("IMMUNID", "B20"), ("IMMUNIP", "02YA0Z0"), ("ACSUTID", "N390"), ("KIDNEY", "N110"),
    ("ACDIAUD", "E1165"), ("ACSLEAD", "E1040"), ("ACSLEAP", "0Y6H0Z1"), ("ACLEA2D", "S78011A"),
    ("MDC14PRINDX", "O030"),
]  # fmt: skip
SETS = "list_name | code\n" + "\n".join(f"pqi_{name} | {code}" for name, code in LISTS)
OLD, YOUNG = "1950-01-01", "1990-01-01"
CASES = [
    ("E1010", OLD, [], [], ["01"]),
    ("E1040", OLD, [], [], ["03"]),
    ("J441", OLD, [], [], ["05"]),
    ("J441", YOUNG, [], [], []),
    ("J4520", OLD, [], [], ["05"]),
    ("J4520", YOUNG, [], [], ["15"]),
    ("J4520", YOUNG, ["E840"], [], []),
    ("I10", OLD, [], [], ["07"]),
    ("I10", OLD, [], ["0210083"], []),
    ("I10", OLD, ["I129"], [], ["07"]),
    ("I10", OLD, ["I129"], ["031209D"], []),
    ("I509", OLD, [], [], ["08"]),
    ("I509", OLD, [], ["0210083"], []),
    ("J13", OLD, [], [], ["11"]),
    ("J13", OLD, ["D5700"], [], []),
    ("J13", OLD, ["B20"], [], []),
    ("J13", OLD, [], ["02YA0Z0"], []),
    ("N390", OLD, [], [], ["12"]),
    ("N390", OLD, ["N110"], [], []),
    ("E1165", OLD, [], [], ["14"]),
    ("E1040", OLD, [], ["0Y6H0Z1"], ["03", "16"]),
    ("I2510", OLD, ["E1040"], ["0Y6H0Z1"], ["16"]),
    ("I2510", OLD, ["E1040", "S78011A"], ["0Y6H0Z1"], []),
    ("O030", YOUNG, ["E1040"], ["0Y6H0Z1"], []),
    ("E1010", "2010-01-01", [], [], []),
    ("I2510", OLD, [], [], []),
]


@pytest.mark.parametrize(("principal", "born", "others", "done", "numbers"), CASES)
def test_indicators_of_a_stay(told, principal, born, others, done, numbers):
    diagnoses = [principal, *others]
    db = told(
        settled(1, "2025-03-03", "2025-03-06", diagnosis=principal), people=[member(1, born)],
        measure_code=SETS,
        payer_claim_diagnosis="payer_claim_id | position | diagnosis_code\n"
        + "\n".join(f"1 | {n} | {code}" for n, code in enumerate(diagnoses)),
        payer_claim_procedure="payer_claim_id | position | procedure_code\n"
        + "\n".join(f"1 | {n} | {code}" for n, code in enumerate(done)),
    )  # fmt: skip
    rows = db.sql("SELECT pqi_number FROM pqi_stay ORDER BY 1")["pqi_number"].to_list()
    assert rows == numbers
    assert pqi_rate(db)["top"].sum() == bool(numbers)


def test_rates_are_over_the_members_of_the_ages(told):
    people = [member(1, OLD), member(2, YOUNG), member(3, "2015-01-01")]
    db = told(
        settled(1, "2025-03-03", diagnosis="I509"), settled(2, "2025-05-03", diagnosis="J441"),
        settled(3, "2025-06-03", diagnosis="J4520", patient=2), people=people, measure_code=SETS,
    )  # fmt: skip
    found = pqi_rate(db).row(0, named=True)
    assert (found["n"], found["top"], found["value"]) == (24, 3, 150_000)
    told_of = {r["pqi_number"]: (r["n"], r["stays"]) for r in pqi_rates(db).to_dicts()}
    assert told_of["90"] == (24, 3)
    assert (told_of["05"], told_of["15"], told_of["08"]) == ((12, 1), (12, 1), (24, 1))
    assert pqi_rates(db, by="payer_name").height == 11


def test_who_came_from_another_facility_does_not_count(given):
    head = "payer_claim_id | feed_code | claim_key | claim_type | patient_id | bill_type_code"
    db = given(
        as_of=AS_OF, patient=members(member(1)), eligibility=cover(span(1, "2025-01-01")),
        payer_claim=f"{head} | service_from_date | principal_diagnosis_code | admission_source_code"
        "\n1 | tuva | A | institutional | 1 | 111 | 2025-03-03 | I509 | 5"
        "\n2 | tuva | B | institutional | 1 | 111 | 2025-05-03 | I509 | 1",
        measure_code=SETS,
    )  # fmt: skip
    assert db.sql("SELECT claim_id FROM pqi_stay")["claim_id"].to_list() == [2]


def test_without_value_sets_no_rate_is_given(told):
    db = told(settled(1, "2025-03-03", diagnosis="I509"))
    assert pqi_rate(db).row(0)[:2] == (0, None)
    assert "pqi_v2024_value_sets.csv" in pqi_rate.excluded(db)["reason"].item()
    assert pqi_rates(db).is_empty()


def test_wellness_visits_of_members_covered_all_year(told):
    visits = [
        settled(n, f"2025-0{n}-03", patient=n, kind="professional", provider="") for n in (1, 2, 3)
    ]
    codes = {1: "G0439", 2: "99213", 3: "G0438"}
    db = told(
        *visits, people=[member(1), member(2), member(3)],
        more=[line(n, n, code=code, day=f"2025-0{n}-03") for n, code in codes.items()],
        spans=[span(1, "2024-01-01"), span(2, "2025-01-01"), span(3, "2025-02-01")],
    )  # fmt: skip
    by_year = annual_wellness_rate(db, every="year").select("period", "hits", "n").rows()
    assert by_year == [(dt.date(2024, 1, 1), 0, 1), (dt.date(2025, 1, 1), 1, 2)]
    assert annual_wellness_rate.excluded(db)["n"].item() == 1


def test_a_running_year_counts_so_far(told):
    db = told(as_of=dt.date(2025, 3, 10), spans=[span(1, "2025-01-01")])
    assert annual_wellness_rate(db)["n"].item() == 1


def test_leakage_is_what_no_provider_of_the_roster_was_on(told):
    roster = "npi | start_date | end_date\nA | 2025-01-01 | 2025-06-30\nB | |"
    rows = [
        settled(n, day, kind="professional", provider="", npi=npi, allowed=allowed)
        for n, day, npi, allowed in [
            (1, "2025-03-03", "A", 10), (2, "2025-08-03", "A", 20), (3, "2025-03-03", "C", 40),
            (4, "2025-03-03", "", 100),
        ]
    ]  # fmt: skip
    drug = settled(5, "2025-03-03", kind="pharmacy", provider="", allowed=1000)
    db = told(*rows, drug, more=[line(1, 4, code="99213", npi="B")], roster=roster)
    found = leakage(db).row(0, named=True)
    assert (found["top"], found["bottom"]) == (60, 170)
    assert leakage.excluded(db).rows() == [("pharmacy claim", 1, 1000)]
    assert leakage.excluded(told(*rows))["reason"].item() == "not checked: no roster.csv loaded"
