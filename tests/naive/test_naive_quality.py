"""The fact quality_gap against plain loops over invented members, codes and days."""

import datetime as dt
import random
import sys
from collections import Counter
from pathlib import Path

import naive_quality as naive
import pytest
from seldom import seldom

sys.path.insert(0, str(Path(__file__).parents[1] / "spec"))

from care_world import cover, members, span
from quality_world import POPULATIONS, feed, specification

AS_OF = dt.date(2026, 3, 20)
FIRST = dt.date(2021, 1, 1)
DIAGNOSES = ["Z0000", "E119", "I10", "I10", "F3110", "F17210", "N186", "Z515", "Z9011", "Z9012",
             "C187", "O0901"]  # fmt: skip
PEOPLE = 60


def day_of(rng, first, last):
    return first + dt.timedelta(days=rng.randrange((last - first).days + 1))


def codes():
    """Codes to draw from: rare ones, those whose last result decides, and encounters often."""
    listed = [r for r in naive.table("quality_codes.csv") if r["code_kind"] == "procedure"]
    results = [r["code"] for r in listed if r["role"] in ("met", "not_met", "done", "not_done")]
    others = [r["code"] for r in listed if r["role"] == "exclusion"]
    published = [r["code"] for r in naive.picture(specification()) if r["role"] != "encounter"]
    latest = [r["code"] for r in listed if r["measure_number"] in ("001", "236", "226")
              and r["role"] != "exclusion"]  # fmt: skip
    return results + published * 2 + latest * 4 + others[:10] + ["99213"] * 150 + ["80053"] * 20


def drawn(seed):
    rng = random.Random(seed)  # noqa: S311 - a world, not a secret
    people = []
    for number in range(1, PEOPLE + 1):
        born = rng.choice([day_of(rng, dt.date(1935, 1, 1), dt.date(2014, 12, 31)),
                           dt.date(rng.choice([1950, 1951, 1984, 1985]), 1, 1)])  # fmt: skip
        first = day_of(rng, FIRST, dt.date(2025, 3, 1))
        spans = [(first, rng.choice([dt.date(2030, 1, 1), day_of(rng, first, AS_OF)]))]
        died = day_of(rng, first, AS_OF) if rng.random() < 0.1 else None
        people.append(
            naive.Person(number, born if rng.random() < 0.95 else None,
                         rng.choice(["F", "F", "M", "U"]), died, spans)
        )  # fmt: skip
    return people, [care(rng, number) for number in range(1, PEOPLE * 25)]


def care(rng, number, pool=codes()):  # noqa: B008 - read once
    place = rng.choice(["11", "11", "32"])
    return naive.Care(
        source=rng.choice(["payer_feed", "own_claim"]), claim=number,
        person=rng.randint(1, PEOPLE), day=day_of(rng, FIRST, AS_OF), code=rng.choice(pool),
        modifiers=[] if rng.random() < 0.8 else sorted(rng.sample(["25", "50", "8P", "LT", "RT"],
                                                                  2)),
        place=place, diagnoses=[rng.choice(DIAGNOSES)], procedures=[],
        is_hospice=False, npi="N1",
    )  # fmt: skip


def tables(people, cares):
    told = [c for c in cares if c.source == "payer_feed"]
    sent = [c for c in cares if c.source == "own_claim"]
    drawn_feed = feed(
        *(
            (
                " | ".join(map(str, (c.claim, 7, c.claim, "tuva", f"N{c.claim}", f"N{c.claim}",
                                     "professional", c.person, "Medicare", "medicare", "", c.day,
                                     c.day, c.diagnoses[0], c.npi))),
                " | ".join(map(str, (c.claim, c.claim, "tuva", 7, c.claim, 1, c.code,
                                     ",".join(c.modifiers), c.place, c.npi, c.day, c.day))),
            )
            for c in told
        )
    )  # fmt: skip
    claim = (
        "claim_id | file_id | record_no | claim_type | patient_control_number | patient_id"
        " | payer_id | payer_sequence_code | claim_filing_code | frequency_code | rendering_npi"
        " | place_of_service_code | service_from_date | service_to_date | submission_date"
        " | billed_amount"
    )
    rows = [
        f"{c.claim} | 1 | {c.claim} | professional | A{c.claim} | {c.person} | 1 | P | MB | 1"
        f" | {c.npi} | {c.place} | {c.day} | {c.day} | {c.day} | 100"
        for c in sent
    ]
    line = (
        "claim_id | line_no | file_id | record_no | procedure_code | modifier_key"
        " | place_of_service_code | service_from_date | billed_amount"
    )
    lines = [
        f"{c.claim} | 1 | 1 | {c.claim} | {c.code} | {','.join(c.modifiers)} | | {c.day} | 100"
        for c in sent
    ]
    codes = "claim_id | position | diagnosis_code | kind | code_system"
    coded = [f"{c.claim} | 1 | {c.diagnoses[0]} | principal | icd10" for c in sent]
    patients = [
        f"{p.number} | M{p.number} | {p.born or ''} | {p.sex} | {p.died or ''} | 1" for p in people
    ]
    spans = [span(p.number, first, last) for p in people for first, last in p.spans]
    return {
        "patient": members(*patients), "eligibility": cover(*spans), **drawn_feed,
        "payer": "payer_id | payer_code | payer_name\n1 | P | Medicare",
        "claim": "\n".join([claim, *rows]), "claim_line": "\n".join([line, *lines]),
        "claim_diagnosis": "\n".join([codes, *coded]),
        "quality_population": POPULATIONS, "quality_specification": specification(),
    }  # fmt: skip


@pytest.mark.parametrize("seed", seldom([1, 2, 3], 1))
def test_the_fact_is_what_plain_loops_give(given, seed):
    people, cares = drawn(seed)
    db = given(as_of=AS_OF, **tables(people, cares))
    rows = db.sql("SELECT * FROM quality_gap").to_dicts()
    got = {(r["person_id"], r["year"].year, r["measure_number"]): r for r in rows}
    expected = naive.gaps(people, cares, specification(), POPULATIONS, AS_OF)
    assert got.keys() == expected.keys()
    wrong = [
        (key, name, got[key][name], value)
        for key, row in expected.items()
        for name, value in row.items()
        if got[key][name] != value
    ]
    assert not wrong, (len(wrong), wrong[:5])
    reasons = Counter(row["not_eligible_reason"] for row in expected.values())
    states = Counter(row["gap_state"] for row in expected.values())
    assert len(reasons) == 6, "every reason was drawn"
    assert len(states) == 4, "and every state"
