"""Draws claims: who, where, when and which services, before anything is sent."""

from datetime import date, timedelta
from random import Random

from analytics.sample.catalogue import (
    OUTPATIENT,
    OUTPATIENT_DIAGNOSES,
    STAYS,
    Procedure,
    Specialty,
)
from analytics.sample.events import Claim, Line
from analytics.sample.people import HOSPITAL, RENDERERS, Member

INSTITUTIONAL_SHARE = 0.24
INPATIENT_SHARE = 0.22  # of institutional


def draw(rng: Random, number: int, member: Member, last_day: date) -> Claim:
    """A claim of `member` whose services end on or before `last_day`; nothing is sent yet."""
    is_dependent = member.dependent is not None and rng.random() < 0.5
    if rng.random() >= INSTITUTIONAL_SHARE:
        return _office(rng, number, member, is_dependent, last_day)
    if rng.random() < INPATIENT_SHARE:
        return _inpatient(rng, number, member, is_dependent, last_day)
    return _outpatient(rng, number, member, is_dependent, last_day)


def _office(rng: Random, number: int, member: Member, is_dependent: bool, day: date) -> Claim:
    renderer = RENDERERS[int(rng.random() * len(RENDERERS))]
    specialty = renderer.specialty
    diagnoses = _diagnoses(rng, specialty.diagnoses)
    return Claim(
        number, member.payer, "P", member, is_dependent, renderer.biller, renderer,
        is_institutional=False, is_inpatient=False,
        place="10" if rng.random() < 0.06 else "11",
        service_from=day, service_to=day, diagnoses=diagnoses, drg="",
        authorization=_authorization(rng, number, 0.12),
        lines=_office_lines(rng, number, specialty, diagnoses, day),
    )  # fmt: skip


def _office_lines(
    rng: Random, number: int, specialty: Specialty, diagnoses: tuple[str, ...], day: date
) -> list[Line]:
    """A visit, and often a procedure on the same day: then the visit carries modifier 25."""
    procedures = specialty.procedures
    count = int(rng.random() * 3) if rng.random() < 0.8 else 3
    first = int(rng.random() * len(procedures))
    picks = [
        (procedures[(first + step) % len(procedures)], _side(rng, specialty))
        for step in range(min(count, len(procedures)))
    ]
    if rng.random() < 0.86 or not picks:
        visit = specialty.visits[int(rng.random() * len(specialty.visits))]
        picks.insert(0, (visit, "25" if picks and visit.code.startswith("992") else ""))
    if specialty.name == "Physical therapy":
        picks = [(procedure, "GP") for procedure, _ in picks]
    lines = [
        _line(rng, number, at, procedure, modifiers, _pointer(rng, at, len(diagnoses)), day)
        for at, (procedure, modifiers) in enumerate(picks, 1)
    ]
    if rng.random() < 0.01:  # a quality code that costs nothing
        lines.append(Line(f"{number}L9", "3074F", "", "", 1, "UN", 0, "1", "", day))
    return lines


def _side(rng: Random, specialty: Specialty) -> str:
    if specialty.name != "Orthopaedics" or rng.random() < 0.3:
        return ""
    return "RT" if rng.random() < 0.5 else "LT"


def _outpatient(rng: Random, number: int, member: Member, is_dependent: bool, day: date) -> Claim:
    renderer = RENDERERS[int(rng.random() * len(RENDERERS))]
    first = int(rng.random() * len(OUTPATIENT))
    count = 1 + int(rng.random() * 4)
    lines = [
        _line(rng, number, at, OUTPATIENT[(first + at) % len(OUTPATIENT)], "", "", day)
        for at in range(1, count + 1)
    ]
    return Claim(
        number, member.payer, "P", member, is_dependent, HOSPITAL, renderer,
        is_institutional=True, is_inpatient=False, place="13",
        service_from=day, service_to=day, diagnoses=_diagnoses(rng, OUTPATIENT_DIAGNOSES),
        drg="", authorization=_authorization(rng, number, 0.1), lines=lines,
    )  # fmt: skip


def _inpatient(rng: Random, number: int, member: Member, is_dependent: bool, day: date) -> Claim:
    """A stay of 2-8 days, within one calendar month so that its month of service is plain."""
    stay = STAYS[int(rng.random() * len(STAYS))]
    days = min(2 + int(rng.random() * 7), max(day.day - 1, 1))
    start = day - timedelta(days=days)
    if start.month != day.month:
        start, days = day, 1
    lines = [
        Line(f"{number}L1", "", "", "0120", days, "DA", stay.per_day * days, "", "", start),
        Line(f"{number}L2", "", "", "0250", 1, "UN", stay.other // 3, "", "", start),
        Line(f"{number}L3", "", "", "0360", 1, "UN", stay.other - stay.other // 3, "", "", start),
    ]
    return Claim(
        number, member.payer, "P", member, is_dependent, HOSPITAL,
        RENDERERS[int(rng.random() * len(RENDERERS))],
        is_institutional=True, is_inpatient=True, place="11",
        service_from=start, service_to=day,
        diagnoses=(stay.diagnosis, "I10", "E119")[: 1 + int(rng.random() * 3)],
        drg=stay.drg, authorization=_authorization(rng, number, 0.7), lines=lines,
    )  # fmt: skip


def _line(
    rng: Random,
    number: int,
    at: int,
    procedure: Procedure,
    modifiers: str,
    pointers: str,
    day: date,
) -> Line:
    units = 1 + int(rng.random() * procedure.most_units)
    return Line(
        f"{number}L{at}", procedure.code, modifiers, procedure.revenue, units, "UN",
        procedure.charge * units, pointers, procedure.ndc, day,
    )  # fmt: skip


def _diagnoses(rng: Random, pool: tuple[str, ...]) -> tuple[str, ...]:
    """One to four different codes out of `pool`."""
    first = int(rng.random() * len(pool))
    count = 1 + int(rng.random() * 4)
    return tuple(pool[(first + 2 * step) % len(pool)] for step in range(min(count, 3)))


def _pointer(rng: Random, at: int, diagnoses: int) -> str:
    if diagnoses == 1 or at == 1:
        return "1"
    return "1:2" if rng.random() < 0.4 else "2"


def _authorization(rng: Random, number: int, share: float) -> str:
    return f"AUTH{number:08d}" if rng.random() < share else ""
