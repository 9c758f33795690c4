"""Quality gaps by plain loops over invented members, from the code maps as they are shipped."""

import csv
import datetime as dt
from collections import defaultdict
from importlib.resources import files
from typing import NamedTuple

FOLDER = files("analytics").joinpath("sql", "reference")
NOT_DONE_MODIFIERS = {"1P", "2P", "3P", "8P"}


class Person(NamedTuple):
    number: int
    born: dt.date | None
    sex: str
    died: dt.date | None
    spans: list[tuple[dt.date, dt.date]]


class Care(NamedTuple):
    source: str
    claim: int
    person: int
    day: dt.date
    code: str
    modifiers: list[str]
    place: str
    diagnoses: list[str]
    procedures: list[str]
    is_hospice: bool
    npi: str


class Sought(NamedTuple):
    role: str
    option: str
    number: int
    part: str
    kind: str
    code: str
    modifier: str
    months: int | None
    min_age: int
    apart: int


def table(name):
    return list(csv.DictReader(FOLDER.joinpath(name).read_text().splitlines()))


def picture(text):
    head, *rows = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]


def age(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def sought(measure, specification):
    """All codes of a measure, ours and the published ones that are not taken back."""
    ours = [r for r in table("quality_codes.csv") if r["measure_number"] == measure["number"]]
    back = {(r["code"], r["modifier"]) for r in ours if r["role"] == "not_done"}
    found = [
        Sought(
            r["role"], r["option_name"], 0, r["part"], r["code_kind"], r["code"], r["modifier"],
            int(r["months_before"]) if r["months_before"] else None, int(r["min_age"] or 0),
            int(r["days_apart"] or 0),
        )
        for r in ours
        if r["role"] != "not_done"
    ]  # fmt: skip
    swapped = {"met": "not_met", "not_met": "met"} if measure["is_inverse"] else {}
    for r in specification:
        role = r["role"]
        if r["measure_number"] != measure["number"] or (r["code"], r["modifiers"]) in back:
            continue
        kind = "diagnosis_whole" if role.startswith("diagnosis") else "procedure"
        option = {"exclusion": "reported", "exception": "reported",
                  "diagnosis_exclusion": "diagnosis"}.get(role, "published")  # fmt: skip
        part = "" if role == "diagnosis_exclusion" else r["code"]
        months = None if role == "diagnosis_exclusion" else 0
        found.append(
            Sought(swapped.get(role, role), option, int(r["option_no"]), part, kind, r["code"],
                   r["modifiers"], months, 0, 0)
        )  # fmt: skip
    return found


def tells(care, one):
    """Whether a care is what is sought, whenever it was."""
    if one.kind == "procedure":
        if one.modifier:
            return care.code == one.code and one.modifier in care.modifiers
        barred = one.role not in ("encounter", "diagnosis") and NOT_DONE_MODIFIERS & set(
            care.modifiers
        )
        return care.code == one.code and not barred
    if one.kind == "diagnosis":
        return any(d.startswith(one.code) for d in care.diagnoses)
    if one.kind == "diagnosis_whole":
        return one.code in care.diagnoses
    if one.kind == "icd_procedure":
        return one.code in care.procedures
    return care.is_hospice if one.kind == "service_category" else care.place == one.code


def is_in_time(day, year, months):
    index = day.year * 12 + day.month - 1
    return index <= year * 12 + 11 and (months is None or index >= year * 12 - months)


def options(cares, codes, year, is_by_day):
    """What was found: (role, option, number, day it was whole, its last day, care)."""
    hits = defaultdict(lambda: defaultdict(list))
    wanted = defaultdict(set)
    for one in codes:
        key = (one.role, one.option, one.number)
        wanted[key].add(one.part)
        for care in cares:
            if is_in_time(care.day, year, one.months) and tells(care, one):
                day = care.day if is_by_day and one.role in ("met", "not_met") else None
                hits[(*key, day)][one.part].append((care.day, care.source, care.claim, one))
    for (role, option, number, _), parts in hits.items():
        firsts, lasts = [], []
        for told in parts.values():
            first = min(told, key=lambda t: (t[0], t[1], t[2], t[3].code))
            last = max(t[0] for t in told)
            if (last - first[0]).days >= first[3].apart:
                firsts.append(first)
                lasts.append(last)
        if len(firsts) == len(wanted[role, option, number]):
            whole = max(firsts, key=lambda t: (t[0], t[1], t[2], t[3].code))
            yield role, option, number, whole[0], max(lasts), whole


def covered_months(person, as_of):
    """The (year, month) with a day of cover, to the as-of date and not beyond death."""
    found = set()
    for first, last in person.spans:
        day, end = first, min(last, as_of, person.died or as_of)
        while day <= end:
            found.add((day.year, day.month))
            day = (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    return found


def gaps(people, cares, specification, populations, as_of):
    """Every row of quality_gap as a dict, by person, year and measure number."""
    found = {}
    measures = [
        {"number": r["measure_number"], "group": r["option_group"], "rule": r["result_rule"],
         "is_inverse": r["is_inverse"] == "true", "uncovered": int(r["uncovered_months"]),
         "before": r["diagnosis_months_before"], "within": r["diagnosis_months_within"]}
        for r in table("quality_measures.csv")
    ]  # fmt: skip
    for measure in measures:
        codes = sought(measure, picture(specification))
        (who,) = [p for p in picture(populations) if p["measure_number"] == measure["number"]]
        for person in people:
            own = [c for c in cares if c.person == person.number and c.day <= as_of]
            months = covered_months(person, as_of)
            for year in {y for y, _ in months}:
                row = judged(measure, who, codes, person, own, months, year, as_of)
                if row:
                    found[person.number, year, measure["number"]] = row
    return found


def judged(measure, who, codes, person, cares, months, year, as_of):
    first, last = int(who["min_age"] or 0), int(who["max_age"] or 999)
    sex = who["sex_code"]
    if sex and person.sex in ("F", "M") and person.sex != sex:
        return None
    if person.born:
        ages = range(age(person.born, dt.date(year, 1, 1)), year - person.born.year + 1)
        if not any(first <= one <= last for one in ages):
            return None
    visits, is_sick = encounters(measure, codes, cares, year)
    if not is_sick:
        return None
    if not person.born:
        visits = []
    visits = [c for c in visits if first <= age(person.born, c.day) <= last]
    seen = max(visits, key=lambda c: c.day, default=None)
    expected = as_of.month if as_of.year == year else 12
    uncovered = expected - sum(y == year for y, _ in months)
    reason = why_not(measure, sex, person, seen, uncovered, dt.date(year, 12, 31), as_of)
    return {
        "not_eligible_reason": reason,
        "visit_date": seen.day if seen else None,
        "uncovered_months": uncovered,
        "is_run_out": as_of >= dt.date(year + 1, 1, 1) + dt.timedelta(days=89),
        **decided(measure, codes, person, cares, year, reason),
    }


def encounters(measure, codes, cares, year):
    """The encounters of the year, and whether a diagnosis of the measure was coded in time."""
    encounter = [c for c in codes if c.role == "encounter"]
    diagnosis = [c for c in codes if c.role == "diagnosis"]
    met = [c for c in cares if any(tells(c, one) for one in encounter)]
    visits = [c for c in met if c.day.year == year]
    if not diagnosis:
        return visits, True
    sick = [c for c in met if any(tells(c, one) for one in diagnosis)]
    if not measure["within"]:
        visits = [c for c in sick if c.day.year == year]
        return visits, bool(visits)
    start = year * 12 - int(measure["before"])
    end = year * 12 + int(measure["within"])
    return visits, any(start <= c.day.year * 12 + c.day.month - 1 < end for c in sick)


def why_not(measure, sex, person, seen, uncovered, end, as_of):
    """The first reason for which a member of the right age is not in; None for none."""
    died = person.died or dt.date.max
    is_dead = died <= end and any(a <= died <= min(b, as_of) for a, b in person.spans)
    tests = {
        "no_birth_date": not person.born,
        "no_sex": sex and person.sex not in ("F", "M"),
        "died": is_dead,
        "not_covered": uncovered > measure["uncovered"],
        "no_visit": not seen,
    }
    return next((reason for reason, holds in tests.items() if holds), None)


def decided(measure, codes, person, cares, year, reason):
    """What closes, what excludes and the state."""
    is_latest = measure["rule"] == "latest"
    told = list(options(cares, codes, year, is_latest))
    results = [t for t in told if t[0] in ("met", "not_met")]
    if is_latest and results:
        day = max(t[3] for t in results)
        results = [t for t in results if t[3] == day]
    closing = [t for t in results if t[0] == "met"]
    closed = min(closing, key=lambda t: (t[3], t[5][1], t[5][2], t[1], t[2]), default=None)
    done = [t[4] for t in told if t[0] in ("met", "not_met", "done")]
    at_end = year - person.born.year if person.born else None
    oldest = {c.option: c.min_age for c in codes if c.role == "exclusion"}
    outs = [
        (t[1] == "reported", t[3], t[1])
        for t in told
        if t[0] in ("exclusion", "diagnosis_exclusion")
        and (not oldest.get(t[1]) or (at_end is not None and at_end >= oldest[t[1]]))
    ]
    excepted = [t[3] for t in told if t[0] == "exception"]
    out = min(outs, default=None)
    excluded, on = (out[2], out[1]) if out else (None, None)
    if not excluded and excepted and not closed:
        excluded, on = "exception", min(excepted)
    state = (
        "closed" if closed else "falls_short" if results else "no_result" if done else "not_seen"
    )
    return {
        "exclusion_reason": excluded,
        "exclusion_date": on,
        "gap_state": state,
        "closed_date": closed[3] if closed else None,
        "closed_by": closed[1] if closed else None,
        "claim_source": closed[5][1] if closed else None,
        "claim_id": closed[5][2] if closed else None,
        "last_done_date": max(done, default=None),
        "is_open": not reason and not excluded and not closed,
    }
