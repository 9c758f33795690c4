"""Which bills are one stay, which visits are one, and what is counted per 1,000 members."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from care_world import cover, line, lines, member, members, settled, settled_claims, span

from analytics.metrics.utilisation import (
    admissions_per_1000,
    average_length_of_stay,
    ed_visits_per_1000,
    office_visits_per_1000,
    snf_stays_per_1000,
)

DAY = dt.date


@pytest.fixture
def told(given):
    """A database of the settled claims of the member 1, covered all 2025."""

    def build(*rows, more=(), spans=None, people=None):
        return given(
            as_of=dt.date(2025, 12, 31),
            patient=members(*(people or [member(1)])),
            eligibility=cover(*(spans or [span(1, "2025-01-01")])),
            payer_claim=settled_claims(*rows),
            payer_claim_line=lines(*more),
        )

    return build


def stays(db, kind="acute_inpatient"):
    text = (
        "SELECT strftime(start_date, '%m-%d') AS a, strftime(end_date, '%m-%d') AS b, claim_count "
        "FROM encounter WHERE encounter_type = $kind ORDER BY 1, 2"
    )
    return db.sql(text, kind=kind).rows()


B = {"provider": "450002"}
CASES = {
    "one bill": ([("01-03", "01-07", {})], [("01-03", "01-07", 1)]),
    "interim bills follow each other": (
        [("01-03", "01-31", {"bill": "112", "status": "30"}),
         ("02-01", "02-28", {"bill": "113", "status": "30"}), ("03-01", "03-05", {"bill": "114"})],
        [("01-03", "03-05", 3)],
    ),
    "bills of one admission with a gap": (
        [("01-03", "01-10", {"admitted": "2025-01-03"}),
         ("01-20", "01-25", {"admitted": "2025-01-03"})], [("01-03", "01-25", 2)],
    ),
    "bills that overlap": (
        [("01-03", "01-10", {}), ("01-05", "01-08", {"bill": "115"})], [("01-03", "01-10", 2)],
    ),
    "back on the day of discharge for the same": (
        [("01-03", "01-07", {}), ("01-07", "01-09", {"diagnosis": "I509"})],
        [("01-03", "01-09", 2)],
    ),
    "back on the day of discharge for something else": (
        [("01-03", "01-07", {}), ("01-07", "01-09", {"diagnosis": "J189"})],
        [("01-03", "01-07", 1), ("01-07", "01-09", 1)],
    ),
    "back the day after, discharged": (
        [("01-03", "01-07", {}), ("01-08", "01-09", {})],
        [("01-03", "01-07", 1), ("01-08", "01-09", 1)],
    ),
    "transferred on the day": (
        [("01-03", "01-07", {"status": "02"}), ("01-07", "01-12", B)], [("01-03", "01-12", 2)],
    ),
    "transferred the day after, though sent home": (
        [("01-03", "01-07", {}), ("01-08", "01-12", B)], [("01-03", "01-12", 2)],
    ),
    "another hospital two days later": (
        [("01-03", "01-07", {}), ("01-09", "01-12", B)],
        [("01-03", "01-07", 1), ("01-09", "01-12", 1)],
    ),
    "to and fro": (
        [("01-03", "01-05", {}), ("01-05", "01-08", B), ("01-08", "01-11", {})],
        [("01-03", "01-11", 3)],
    ),
    "a rehabilitation unit is no acute stay": (
        [("01-03", "01-07", {}), ("01-07", "01-20", {"provider": "45T001"})],
        [("01-03", "01-07", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("bills", "expected"), CASES.values(), ids=CASES.keys())
def test_which_bills_are_one_stay(told, bills, expected):
    rows = [
        settled(number, f"2025-{start}", f"2025-{end}", **more)
        for number, (start, end, more) in enumerate(bills, start=1)
    ]
    assert stays(told(*rows)) == expected


def test_a_transfer_is_told_by_its_first_and_last_hospital(told):
    db = told(
        settled(1, "2025-01-03", "2025-01-07", status="02", drg="291", allowed=10),
        settled(2, "2025-01-07", "2025-01-12", status="03", drg="292", allowed=5, **B),
    )
    row = db.sql("FROM encounter").row(0, named=True)
    assert (row["first_provider_id"], row["provider_id"]) == ("450001", "450002")
    assert (row["drg_code"], row["discharge_status_code"], row["transfer_count"]) == (
        "292",
        "03",
        1,
    )
    assert (row["allowed_amount"], row["length_of_stay_days"]) == (15, 9)


def test_monthly_bills_of_a_nursing_facility_are_one_stay(told):
    rows = [
        settled(1, "2025-01-10", "2025-01-31", bill="212", provider="455001"),
        settled(2, "2025-02-01", "2025-02-20", bill="214", provider="455001"),
        settled(3, "2025-03-05", "2025-03-07", bill="211", provider="455001"),
        settled(4, "2025-04-05", "2025-04-07", bill="221", provider="455001"),
    ]
    db = told(*rows)
    assert stays(db, "skilled_nursing") == [("01-10", "02-20", 2), ("03-05", "03-07", 1)]
    assert snf_stays_per_1000(db)["top"].item() == 2


def room(number, day, to=None, **more):
    return settled(number, day, to, bill="131", **more)


def doctor(number, day, **more):
    return settled(number, day, kind="professional", provider="", **more)


def test_an_emergency_visit_is_the_hospitals_and_the_doctors_claim(told):
    db = told(
        room(1, "2025-01-03", allowed=50), doctor(2, "2025-01-03", allowed=20),
        doctor(3, "2025-02-03"), doctor(4, "2025-03-03"),
        more=[line(1, 1, revenue="0450"), line(2, 2, place="23"), line(3, 3, place="23"),
              line(4, 4, place="11", code="99213", day="2025-03-03")],
    )  # fmt: skip
    assert stays(db, "emergency") == [("01-03", "01-03", 2), ("02-03", "02-03", 1)]
    assert ed_visits_per_1000(db).select("n", "top", "value").row(0) == (12, 2, 2000)
    money = db.sql("SELECT allowed_amount FROM encounter WHERE encounter_type = 'emergency'")
    assert sorted(money["allowed_amount"].to_list()) == [70, 100]
    assert office_visits_per_1000(db)["top"].item() == 1


@pytest.mark.parametrize(
    ("day", "stay", "released"),
    [
        ("2025-01-03", ("2025-01-03", "2025-01-05"), False),
        ("2025-01-03", ("2025-01-04", "2025-01-05"), False),
        ("2025-01-03", ("2025-01-05", "2025-01-06"), True),
        ("2025-01-03", ("2025-01-03", "2025-01-03"), False),
        ("2025-01-05", ("2025-01-03", "2025-01-05"), True),
        ("2025-01-04", ("2025-01-03", "2025-01-05"), False),
    ],
)
def test_treated_and_released_or_admitted(told, day, stay, released):
    db = told(room(1, day, allowed=30), settled(2, *stay, allowed=100),
              more=[line(1, 1, revenue="0456")])  # fmt: skip
    assert len(stays(db, "emergency")) == int(released)
    row = db.sql("FROM encounter WHERE encounter_type = 'acute_inpatient'").row(0, named=True)
    assert (row["has_emergency"], row["allowed_amount"]) == (not released, 100 if released else 130)


def test_office_visits_of_one_provider_and_day_are_one(told):
    db = told(
        doctor(1, "2025-01-03", npi="A"), doctor(2, "2025-01-03", npi="A"),
        doctor(3, "2025-01-03", npi="B"),
        more=[line(1, 1, code="99213", npi="A", day="2025-01-03"),
              line(2, 1, code="99214", npi="A", day="2025-01-09", line_no=2),
              line(3, 2, code="99212", npi="A", day="2025-01-03"),
              line(4, 3, code="99203", npi="B", day="2025-01-03"),
              line(5, 3, code="80053", npi="B", day="2025-01-03", line_no=2)],
    )  # fmt: skip
    assert [(a, n) for a, _, n in stays(db, "office_visit")] == [
        ("01-03", 0), ("01-03", 0), ("01-09", 0),
    ]  # fmt: skip


def test_rates_have_all_member_months_below_and_only_covered_stays_above(told):
    db = told(
        settled(1, "2025-01-03", "2025-01-07"), settled(2, "2025-06-03", "2025-06-07"),
        room(3, "2025-02-03"), more=[line(1, 3, revenue="0450")],
        spans=[span(1, "2025-01-01", "2025-03-31"), span(2, "2025-01-01", "2025-01-31")],
        people=[member(1), member(2)],
    )  # fmt: skip
    found = admissions_per_1000(db).row(0, named=True)
    assert (found["n"], found["top"], found["value"]) == (4, 1, 3000)
    assert found["low"] == pytest.approx(0.0253178 * 3000, rel=1e-5)
    assert found["high"] == pytest.approx(5.571643 * 3000, rel=1e-5)
    assert admissions_per_1000.excluded(db).select("reason", "n").rows() == [
        ("another kind of encounter", 1), ("encounter of a month without cover", 1),
    ]  # fmt: skip
    none = admissions_per_1000(db, where={"has_emergency": True}).row(0, named=True)
    assert (none["n"], none["value"]) == (4, 0)


def test_days_of_a_stay(told):
    db = told(
        settled(1, "2025-01-03", "2025-01-07"), settled(2, "2025-02-03", "2025-02-03"),
        settled(3, "2025-03-03", "2025-03-20", status="30"),
    )  # fmt: skip
    assert average_length_of_stay(db).select("n", "value").row(0) == (2, 2.5)


def plainly(claims):
    """Stays by hand: one claim after the other, all of one person and hospital."""
    found = []
    for start, end, goes_on in sorted(claims):
        last = found[-1] if found else None
        same = last and (start == last["first"] or start < last["end"])
        if same or (last and start <= last["end"] + dt.timedelta(1) and last["goes_on"]):
            last["end"] = max(last["end"], end)
            last["count"] += 1
        else:
            last = {"start": start, "end": end, "count": 1}
            found.append(last)
        last |= {"first": start, "goes_on": goes_on}
    return [(f"{s['start']:%m-%d}", f"{s['end']:%m-%d}", s["count"]) for s in found]


@pytest.mark.parametrize("seed", range(4))
def test_random_bills_against_a_walk_through_them(told, seed):
    draw = random.Random(seed)  # noqa: S311
    claims = set()
    for _ in range(40):
        start = DAY(2025, 1, 1) + dt.timedelta(draw.randrange(330))
        claims.add((start, start + dt.timedelta(draw.randrange(12)), draw.random() < 0.4))
    unique = {claim[:2]: claim for claim in claims}
    rows = [
        settled(number, start, end, status="30" if goes_on else "01", diagnosis=f"A{number:02}")
        for number, (start, end, goes_on) in enumerate(sorted(unique.values()), start=10)
    ]
    assert stays(told(*rows)) == plainly(unique.values())


@pytest.mark.parametrize("seed", range(3))
def test_every_dollar_of_stays_and_visits_is_in_one_of_them(told, seed):
    draw = random.Random(seed)  # noqa: S311
    rows, more, whole = [], [], Decimal(0)
    for number in range(1, 80):
        day = DAY(2025, 1, 1) + dt.timedelta(draw.randrange(120))
        bill = draw.choice(["111", "112", "131", "211", "221"])
        allowed = Decimal(draw.randrange(1, 99999)) / 100
        rows.append(settled(
            number, day, day + dt.timedelta(draw.randrange(6)), bill=bill, allowed=allowed,
            status=draw.choice(["01", "30"]), provider=draw.choice(["450001", "450002", "452001"]),
        ))  # fmt: skip
        if bill == "131":
            more.append(line(number, number, revenue="0450"))
        whole += 0 if bill == "221" else allowed
    db = told(*rows, more=more)
    assert db.sql("SELECT sum(allowed_amount) FROM encounter").item() == whole
    assert db.sql("SELECT count(*) = count(DISTINCT claim_id) FROM encounter").item()
