"""Which stays can be followed by a readmission, which readmissions were planned, who was seen."""

import datetime as dt
import random

import pytest
from care_world import cover, line, lines, member, members, settled, settled_claims, span

from analytics.metrics.readmissions import (
    follow_up_14_day_rate,
    follow_up_rate,
    readmission_rate,
)

ACUTE = "hwr_acute_diagnosis_icd_10_cm"
MAYBE = "hwr_potentially_planned_icd_10_pcs"
ALWAYS = "hwr_always_planned_ccs_procedure_category"
LISTS = [
    (ACUTE, "I5033", ""), (MAYBE, "0DTJ4ZZ", ""), (ALWAYS, "64", ""),
    ("hwr_surgery_gynecology_cohort", "30233G0", "64"),
]  # fmt: skip
CCS = [
    ("ccs_procedure", "30233G0", "64"), ("ccs_procedure", "5A1D70Z", "58"),
    ("hwr_potentially_planned_ccs_procedure_category", "58", ""),
    ("ccs_diagnosis", "Z5111", "45"), ("hwr_always_planned_ccs_diagnosis_category", "45", ""),
    ("ccs_diagnosis", "F200", "659"), ("hwr_acute_diagnosis_ccs", "2", ""),
    ("ccs_diagnosis", "A419", "2"), ("hwr_exclusion_ccs_diagnosis_category", "659", "Psychiatric"),
]  # fmt: skip


@pytest.fixture
def told(given):
    """A database of stays of the member 1: (first day, last day, codes of procedures, more)."""

    def build(*stays, lists=(), end="2025-12-31", died="", extra=(), more=(), as_of="2025-12-31"):
        rows, codes = [], []
        for number, (start, last, *rest) in enumerate(stays, start=1):
            done, about = (rest[0] if rest else ""), (rest[1] if len(rest) > 1 else {})
            rows.append(settled(number, f"2025-{start}", f"2025-{last}", **about))
            codes += [f"{number} | tuva | 1 | {done} | icd10"] if done else []
        return given(
            as_of=dt.date.fromisoformat(as_of),
            patient=members(member(1, died=died)), eligibility=cover(span(1, "2025-01-01", end)),
            payer_claim=settled_claims(*rows, *extra), payer_claim_line=lines(*more),
            payer_claim_procedure="payer_claim_id | feed_code | position | procedure_code"
            " | code_system\n" + "\n".join(codes),
            measure_code="list_name | code | group_name\n"
            + "\n".join(" | ".join(one) for one in lists),
        )  # fmt: skip

    return build


def rate(db):
    return readmission_rate(db).select("hits", "n").row(0)


def why(db):
    found = readmission_rate.excluded(db)["reason"].to_list()
    return [reason for reason in found if not reason.startswith("not checked")]


PLAIN = {"diagnosis": "M161"}
CASES = {
    "back after 30 days": ([("01-03", "01-07"), ("02-06", "02-08")], (1, 2)),
    "back after 31 days": ([("01-03", "01-07"), ("02-07", "02-08")], (0, 2)),
    "back the next day": ([("01-03", "01-07"), ("01-08", "01-09")], (1, 2)),
    "a readmission is an index stay too": (
        [("01-03", "01-07"), ("01-15", "01-16"), ("01-25", "01-26")], (2, 3),
    ),
    "a transfer is no readmission": (
        [("01-03", "01-07"), ("01-07", "01-12", "", {"provider": "450002"})], (0, 1),
    ),
    "a rehabilitation stay is none": (
        [("01-03", "01-07"), ("01-09", "01-12", "", {"provider": "453025"})], (0, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stays", "expected"), CASES.values(), ids=CASES.keys())
def test_what_is_a_readmission(told, stays, expected):
    db = told(*stays)
    assert rate(db) == expected
    assert readmission_rate(db)["planned_rule"].item() == "all_cause"


@pytest.mark.parametrize(
    ("status", "reason"),
    [("20", "died"), ("07", "left against advice"), ("30", "still a patient"),
     ("02", "transferred to a hospital whose claim is not there")],
)  # fmt: skip
def test_who_cannot_be_readmitted(told, status, reason):
    db = told(("01-03", "01-07", "", {"status": status}))
    assert (rate(db), why(db)) == ((0, 0), [reason])


def test_thirty_days_of_cover_after_or_until_death(told):
    assert rate(told(("01-03", "01-07"), end="2025-02-06")) == (0, 1)
    db = told(("01-03", "01-07"), end="2025-02-05")
    assert (rate(db), why(db)) == ((0, 0), ["not covered for 30 days after"])
    assert rate(told(("01-03", "01-07"), died="2025-01-20")) == (0, 1)


def test_young_stays_wait(told):
    assert rate(told(("12-01", "12-01"))) == (0, 1)
    db = told(("12-01", "12-02"))
    assert why(db) == ["discharged less than 30 days ago"]


FIRST = ("01-03", "01-07")
PLANNED = {
    "a planned procedure without an acute diagnosis": (LISTS, ("0DTJ4ZZ", PLAIN), 0),
    "a planned procedure with an acute diagnosis": (LISTS, ("0DTJ4ZZ", {}), 1),
    "a transplant, whatever the diagnosis": (LISTS, ("30233G0", {}), 0),
    "no procedure": (LISTS, ("", PLAIN), 1),
    "a category that only CCS knows": (LISTS, ("5A1D70Z", PLAIN), 1),
    "a category of procedure": ([*LISTS, *CCS], ("5A1D70Z", PLAIN), 0),
    "a category of acute diagnosis": ([*LISTS, *CCS], ("5A1D70Z", {"diagnosis": "A419"}), 1),
    "maintenance chemotherapy": ([*LISTS, *CCS], ("", {"diagnosis": "Z5111"}), 0),
    "without lists": ([], ("0DTJ4ZZ", PLAIN), 1),
}


@pytest.mark.parametrize(("lists", "again", "hits"), PLANNED.values(), ids=PLANNED.keys())
def test_which_readmissions_are_planned(told, lists, again, hits):
    db = told(FIRST, ("01-20", "01-25", *again), lists=lists)
    assert rate(db) == (hits, 2)
    rule = {0: "all_cause", 4: "hwr_without_ccs"}.get(len(lists), "hwr")
    assert readmission_rate(db)["planned_rule"].item() == rule


def test_without_lists_what_to_load_is_said(told):
    for lists, name in (([], "acute_diagnosis_icd_10_cm.csv"), (LISTS, "ccs_dx_icd10cm")):
        (row,) = readmission_rate.excluded(told(FIRST, lists=lists)).to_dicts()
        assert row["reason"].startswith("not checked")
        assert (name in row["reason"], row["n"]) == (True, 1)
    assert readmission_rate.excluded(told(FIRST, lists=[*LISTS, *CCS])).is_empty()


def test_after_a_planned_one_none_counts(told):
    db = told(FIRST, ("01-12", "01-14", "0DTJ4ZZ", PLAIN), ("01-20", "01-25"), lists=LISTS)
    rows = db.sql("SELECT is_readmitted, is_planned FROM index_admission ORDER BY discharge_date")
    assert rows.rows() == [(False, True), (True, False), (False, False)]


def test_psychiatric_stays_are_no_index_stays(told):
    db = told(("01-03", "01-07", "", {"diagnosis": "F200"}), lists=[*LISTS, *CCS])
    assert (rate(db), why(db)) == ((0, 0), ["cancer, psychiatric or rehabilitation stay"])


@pytest.mark.parametrize(
    ("day", "code", "seen"),
    [("01-07", "99213", (0, 0)), ("01-08", "99213", (1, 1)), ("01-14", "99496", (1, 1)),
     ("01-15", "99348", (0, 1)), ("01-21", "G0439", (0, 1)), ("01-22", "99213", (0, 0)),
     ("01-09", "80053", (0, 0))],
)  # fmt: skip
def test_who_was_seen_after_discharge(told, day, code, seen):
    visit = settled(9, f"2025-{day}", kind="professional", provider="", npi="A")
    db = told(FIRST, extra=[visit], more=[line(9, 9, code=code, npi="A", day=f"2025-{day}")])
    found = tuple(m(db)["hits"].item() for m in (follow_up_rate, follow_up_14_day_rate))
    assert found == seen
    assert follow_up_rate(db)["n"].item() == 1


def test_who_is_back_in_hospital_cannot_be_seen_first(told):
    db = told(FIRST, ("01-16", "01-18"))
    assert (follow_up_rate(db)["n"].item(), follow_up_14_day_rate(db)["n"].item()) == (2, 1)


@pytest.mark.parametrize("seed", range(3))
def test_random_stays_against_a_plain_count(told, seed):
    draw = random.Random(seed)  # noqa: S311
    day, stays = dt.date(2025, 1, 1), []
    while True:
        start = day + dt.timedelta(draw.randrange(2, 50))
        day = start + dt.timedelta(draw.randrange(6))
        if day + dt.timedelta(30) > dt.date(2025, 12, 31):
            break
        stays.append((f"{start:%m-%d}", f"{day:%m-%d}", draw.choice(["", "0DTJ4ZZ"]), PLAIN))
    days = [tuple(dt.date.fromisoformat(f"2025-{d}") for d in one[:2]) for one in stays]
    hits = sum(
        (later[0] - earlier[1]).days <= 30 and not again[2]
        for earlier, later, again in zip(days, days[1:], stays[1:], strict=False)
    )
    assert rate(told(*stays, lists=LISTS)) == (hits, len(stays))
