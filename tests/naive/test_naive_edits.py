"""Edits by loops over every pair of lines, as METRICS states them, against those of the facts."""

import datetime as dt
import random
import sys
from itertools import product
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "spec"))

from edit_world import GOOD, OTHER, Claim, published, rows, world

DAY = dt.date(2026, 3, 1)
CODES = ("11111", "22222", "33333", "44444", "99213")
MODIFIERS = ("", "", "", "59", "25", "LT", "RT", "50", "76", "LT,XS", "26", "62")
APART = {"59", "25", "LT", "RT", "XS"}
FAMILY = ("PTP-1", "MUE-1", "AOC-1", "DUP-1", "GLB-1", "MOD-1")
GLOBAL = {"22222": 10, "33333": 90, "44444": 0}
REFUSED = {"26": "023459", "50": "029", "62": "09"}


class World:
    """Random tables and claims."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)  # noqa: S311
        every = list(product(CODES, CODES))
        self.pairs = {
            pair: (rng.choice("0119"), rng.choice([None, DAY + dt.timedelta(5)]))
            for pair in rng.sample(every, 7)
            if pair[0] != pair[1]
        }
        self.limits = {code: (rng.randint(1, 3), rng.choice("123")) for code in CODES[:4]}
        self.add_ons = {"44444": (rng.choice("13"), {rng.choice(CODES[:3])})}
        indicators = {code: [rng.choice("01239") for _ in range(3)] for code in CODES}
        self.indicators = {
            code: dict(zip(("26", "50", "62"), said, strict=True))
            for code, said in indicators.items()
        }
        self.claims = [self._claim(rng) for _ in range(14)]

    @staticmethod
    def _claim(rng: random.Random) -> Claim:
        lines = tuple(
            (rng.choice(CODES), rng.choice(MODIFIERS), rng.randint(1, 4))
            for _ in range(rng.randint(1, 4))
        )
        day = DAY + dt.timedelta(rng.choice((0, 0, 1, 9, 30)))
        return Claim(
            lines, day=str(day), patient=rng.randint(1, 2), npi=rng.choice((GOOD, OTHER)),
            sent=str(DAY + dt.timedelta(rng.randint(60, 63))),
        )  # fmt: skip

    def tables(self) -> dict[str, str]:
        pair_rows = [(1, "practitioner", *pair, indicator, "2020-01-01", end)
                     for pair, (indicator, end) in self.pairs.items()]  # fmt: skip
        fee_rows = [
            (code, "A", said["26"], said["50"], said["62"], f"{GLOBAL[code]:03}"
             if code in GLOBAL else "XXX", "2026-01-01", "2026-12-31")
            for code, said in self.indicators.items()
        ]  # fmt: skip
        add_ons = [
            (3, kind, code, primary, "2020-01-01")
            for code, (kind, primaries) in self.add_ons.items()
            for primary in primaries
        ]
        return world(*self.claims) | published(
            (1, "ncci_ptp"), (2, "ncci_mue"), (3, "ncci_add_on"),
            ncci_ptp=rows("reference_id | setting | column1_code | column2_code"
                          " | modifier_indicator | start_date | end_date", *pair_rows),
            ncci_mue=rows("reference_id | setting | procedure_code | max_units"
                          " | adjudication_indicator",
                          *[(2, "practitioner", c, *said) for c, said in self.limits.items()]),
            ncci_add_on=rows("reference_id | edit_type | add_on_code | primary_code | start_date",
                             *add_ons),
            medicare_fee=rows("procedure_code | status_code | component_code | bilateral_code"
                              " | cosurgeon_code | global_days_code | start_date | end_date",
                              *fee_rows),
        )  # fmt: skip


class Line:
    """A service line with what is compared."""

    def __init__(self, number: int, claim: Claim, place: int) -> None:
        self.code, modifiers, self.units = claim.lines[place - 1]
        self.modifiers = set(modifiers.split(",")) - {""}
        self.at = (number, place)
        self.day = dt.date.fromisoformat(claim.day)
        self.patient, self.npi, self.sent = claim.patient, claim.npi, claim.sent

    def is_with(self, other: "Line") -> bool:
        return (self.patient, self.npi, self.day) == (other.patient, other.npi, other.day)


def expected(drawn: World) -> set[tuple]:
    lines = [
        Line(number, claim, place)
        for number, claim in enumerate(drawn.claims, start=1)
        for place in range(1, len(claim.lines) + 1)
    ]
    found = set()
    for line in lines:
        others = [other for other in lines if other is not line]
        visit = [other for other in others if other.is_with(line)]
        for name, test in (("PTP-1", _pair), ("MUE-1", _units), ("DUP-1", _again)):
            if test(drawn, line, visit):
                found.add((*line.at, name))
        if _add_on(drawn, line, others):
            found.add((*line.at, "AOC-1"))
        if _global(line, others):
            found.add((*line.at, "GLB-1"))
        if any(m in REFUSED and drawn.indicators[line.code][m] in REFUSED[m]
               for m in line.modifiers):  # fmt: skip
            found.add((*line.at, "MOD-1"))
    return found


def _pair(drawn: World, line: Line, visit: list[Line]) -> bool:
    for other in visit:
        indicator, end = drawn.pairs.get((other.code, line.code), ("9", None))
        is_apart = bool((line.modifiers | other.modifiers) & APART)
        if (end is None or line.day <= end) and (
            indicator == "0" or (indicator == "1" and not is_apart)
        ):
            return True
    return False


def _units(drawn: World, line: Line, visit: list[Line]) -> bool:
    if line.code not in drawn.limits:
        return False
    most, indicator = drawn.limits[line.code]
    same = sum(other.units for other in visit if other.code == line.code)
    return line.units + (0 if indicator == "1" else same) > most


def _again(drawn: World, line: Line, visit: list[Line]) -> bool:
    del drawn
    if line.modifiers & {"76", "59", "XS"}:
        return False
    alike = [o for o in visit if (o.code, o.modifiers) == (line.code, line.modifiers)]
    return any((o.sent, o.at) < (line.sent, line.at) for o in alike)


def _add_on(drawn: World, line: Line, others: list[Line]) -> bool:
    if line.code not in drawn.add_ons:
        return False
    kind, primaries = drawn.add_ons[line.code]
    beside = {o.code for o in others if o.at[0] == line.at[0]
              or (o.patient, o.day) == (line.patient, line.day)}  # fmt: skip
    return not beside & primaries and (kind == "1" or not beside - drawn.add_ons.keys())


def _global(line: Line, others: list[Line]) -> bool:
    if line.code != "99213" or "25" in line.modifiers:
        return False
    for other in others:
        days = GLOBAL.get(other.code)
        is_same = (other.patient, other.npi) == (line.patient, line.npi)
        if days is None or not is_same:
            continue
        if (-1 if days == 90 else 0) <= (line.day - other.day).days <= days:
            return True
    return False


@pytest.mark.parametrize("seed", range(25))
def test_loops_over_every_pair_of_lines_find_the_same(given, seed):
    drawn = World(seed)
    db = given(**drawn.tables())
    text = (
        "SELECT claim_id, line_no, edit_code FROM line_edit WHERE list_contains($edits, edit_code)"
    )
    assert set(db.sql(text, edits=list(FAMILY)).rows()) == expected(drawn)


def test_the_random_worlds_break_every_edit_of_the_family():
    broken = {edit for seed in range(25) for _, _, edit in expected(World(seed))}
    assert broken == set(FAMILY)
