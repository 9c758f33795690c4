"""Contracts' people and dollars against plain loops over invented spans, deaths and claims."""

import datetime as dt
import random
import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "spec"))

from care_world import cover, member, members, settled_claims, span

from analytics.contracts import contract_rows, contract_years

PEOPLE = 14
PAYERS = [("Medicare", "medicare"), ("Acme", "commercial"), ("Acme", "medicare_advantage")]
KINDS = {"professional": "", "pharmacy": "", "institutional": "111"}
CONTRACTS = {
    "Any": (None, None, "paid", ()),
    "Of Medicare": ("Medicare", None, "paid", ("pharmacy",)),
    "Of a line": (None, "commercial", "allowed", ()),
    "Of both": ("Acme", "medicare_advantage", "paid", ("professional", "inpatient")),
    "Of nobody": ("Acme", "medicare", "paid", ()),
}


def day_of(rng, first, last):
    return first + dt.timedelta(days=rng.randrange((last - first).days + 1))


def month(day):
    return day.replace(day=1)


def drawn(seed):
    """People with one record or two, spans by record, and versions of claims."""
    rng = random.Random(seed)  # noqa: S311 - a world, not a secret
    begin, end = dt.date(2024, 1, 1), dt.date(2026, 6, 30)
    as_of = rng.choice([dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 4, 17),
                        dt.date(2025, 2, 28), dt.date(2023, 6, 1)])  # fmt: skip
    died = {n: day_of(rng, begin, end) for n in range(1, PEOPLE + 1) if rng.random() < 0.2}
    spans, record = [], 0
    for person in range(1, PEOPLE + 1):
        first = day_of(rng, begin, end)
        for _ in range(rng.randint(0, 3)):
            last = day_of(rng, first, end) if rng.random() < 0.8 else None
            record += 1
            twin = person + rng.choice([0, 100])
            spans.append((twin, *rng.choice(PAYERS), first, last, record))
            # Another span: a day's gap, right after, overlapping, or anywhere.
            near = (last or end) + dt.timedelta(days=rng.choice([1, 2, -20, 400]))
            first = min(max(near, begin), end)
    claims = []
    for number in range(1, 160):
        day = day_of(rng, begin, end)
        known = day_of(rng, day, day + dt.timedelta(days=120)) if rng.random() < 0.9 else None
        claims.append(
            {"id": number, "file": rng.randint(1, 3), "key": rng.randint(1, 120),
             "kind": rng.choice(list(KINDS)),
             "patient": rng.randint(1, PEOPLE) + rng.choice([0, 100]),
             "day": day, "to": day + dt.timedelta(days=rng.choice([0, 0, 3, 35, -2])),
             "known": known, "paid": Decimal(rng.randint(-300, 900)) / 4,
             "allowed": rng.choice([None, Decimal(rng.randint(0, 900)) / 4])}
        )  # fmt: skip
    return as_of, died, spans, claims


def tables(died, spans, claims):
    people = [member(n, died=died.get(n, "")) for n in range(1, PEOPLE + 1)]
    people += [member(n + 100).replace(f"M{n + 100}", f" m{n}") for n in range(1, PEOPLE + 1)]
    rows = [
        " | ".join(map(str, (
            c["id"], c["file"], c["id"], "tuva", f"N{c['id']}", f"K{c['key']}", c["kind"],
            c["patient"], "Medicare", "medicare", KINDS[c["kind"]], c["day"], c["to"], "",
            c["known"] or "", "01", "", "I10", "", "", "" if c["allowed"] is None else c["allowed"],
            c["paid"],
        )))
        for c in claims
    ]  # fmt: skip
    texts = []
    for name, (payer, line, basis, excluded) in CONTRACTS.items():
        said = [f'name = "{name}"', "sharing_rate = 0.5", f'expenditure = "{basis}"',
                f"excluded_services = {list(excluded)}"]  # fmt: skip
        said += [f'payer_name = "{payer}"'] if payer else []
        said += [f'line_of_business = "{line}"'] if line else []
        said += [f"[year.{y}]\nbenchmark_per_person_year = 1000" for y in (2024, 2025, 2026)]
        texts.append("\n".join(said))
    frames = [contract_rows(contract_years(text, "a file")) for text in texts]
    drawn_rows = [
        " | ".join("" if cell is None else str(cell) for cell in row)
        for frame in frames
        for row in frame.rows()
    ]
    return {
        "patient": members(*people),
        "eligibility": cover(
            *(span(p, first, last or "", payer=payer, line=line, record=record)
              for p, payer, line, first, last, record in spans)
        ),
        "payer_claim": settled_claims(*rows),
        "contract": "\n".join([" | ".join(frames[0].columns), *drawn_rows]),
    }  # fmt: skip


def covered(died, spans, as_of):
    """The cover of each person and month: the payer first by name, then line, then record."""
    found = {}
    for patient, payer, line, first, last, record in spans:
        person = patient % 100
        end = min(last or as_of, as_of, died.get(person, as_of))
        day = first
        while day <= end:
            key = (person, month(day))
            found[key] = min(found.get(key, ("~",)), (payer, line, record))
            day = (month(day) + dt.timedelta(days=31)).replace(day=1)
    return found


def standing(claims, as_of):
    """Of the versions known by then the latest of each number and person."""
    latest = {}
    for c in claims:
        if (c["known"] or as_of) > as_of:
            continue
        key = (c["key"], c["patient"] % 100)
        order = (c["file"], c["known"] or dt.date.min, c["id"])
        if key not in latest or order > latest[key][0]:
            latest[key] = (order, c)
    return [c for _, c in latest.values() if c["day"] <= as_of]


def is_in(contract, cell):
    payer, line, _, _ = CONTRACTS[contract]
    return payer in (None, cell[0]) and line in (None, cell[1])


def counted(contract, year, months, claims):
    """People, member months, claims and dollars of a contract's year."""
    cells = {k for k, cell in months.items() if k[1].year == year and is_in(contract, cell)}
    _, _, basis, excluded = CONTRACTS[contract]
    kinds = {"institutional": "inpatient"}
    mine = [
        c for c in claims
        if (c["patient"] % 100, month(max(c["day"], c["to"]))) in cells
        and kinds.get(c["kind"], c["kind"]) not in excluded
    ]  # fmt: skip
    return (
        len({person for person, _ in cells}), len(cells), len(mine),
        sum((c[basis] or Decimal(0) for c in mine), Decimal(0)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_people_and_dollars_of_every_contract_and_year(given, seed):
    as_of, died, spans, claims = drawn(seed)
    db = given(as_of=as_of, **tables(died, spans, claims))
    months, stand = covered(died, spans, as_of), standing(claims, as_of)
    rows = db.sql(
        "SELECT contract_name, performance_year, member_count, member_months, claim_count, "
        "expenditure_amount FROM contract_year"
    ).rows()
    assert len(rows) == 3 * len(CONTRACTS)
    for name, year, *numbers in rows:
        assert tuple(numbers) == counted(name, year, months, stand), (name, year)
    told = db.sql("SELECT sum(expenditure_amount) FROM contract_cost WHERE contract_name = 'Any'")
    paid = sum((counted("Any", y, months, stand)[3] for y in (2023, 2024, 2025, 2026)), Decimal(0))
    assert (told.item() or 0) == paid
    whole = db.sql("SELECT sum(paid_amount), sum(member_months) FROM member_spend WHERE is_covered")
    assert tuple(n or 0 for n in whole.row(0)) == (paid, len(months))
