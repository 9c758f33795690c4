"""Invented people: members, billing and rendering providers.  No name, number or place is real."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from analytics.sample.catalogue import SPECIALTIES, Specialty
from analytics.sample.payers import MEDICAID, MEDICARE, PAYERS, TALLOWMERE, Payer

LAST_NAMES = (
    "QUILLFEATHER", "MARZIPANE", "TEADROPPER", "BRAMBLEWICK", "OTTERSPOON", "PUDDLEFORD",
    "LANTERNBY", "MOSSWHISTLE", "TINKERBOLT", "GOSLINGTON", "CRUMPLEBY", "FENNELHEART",
    "HAZELDRUM", "INKLETHORPE", "JUMBLEWAITE", "KETTLEROW", "NUTMEGSON", "PLUMBOTTOM",
    "ROWANKIN", "SALTMITTEN", "THIMBLEGATE", "UMBERSTITCH", "VELVETOAD", "WOBBLETON",
)  # fmt: skip
FIRST_NAMES = (
    "OLLIVANE", "BERRYLIN", "CORDWEN", "DAPPLE", "ELMORY", "FIZZWIN", "GRETTLE", "HOLLIVER",
    "IVORNE", "JASPERLY", "KIPPRA", "LOMBEL", "MERRICAN", "NIBBSY", "ORRILY", "PIPPENA",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A covered person, perhaps with a dependent and a second payer."""

    member_id: str
    last_name: str
    first_name: str
    birth_date: date
    sex: str
    payer: Payer
    second_payer: Payer | None
    dependent: tuple[str, date, str] | None  # first name, birth date, sex
    address: str  # N3 and N4
    spans: tuple[tuple[date, date | None], ...]  # cover; none for the few who are not eligible


@dataclass(frozen=True, slots=True, eq=False)
class Biller:
    """A billing provider."""

    npi: str
    name: str
    tin: str
    taxonomy: str


@dataclass(frozen=True, slots=True, eq=False)
class Renderer:
    """A person who renders care, and whom it is billed by."""

    npi: str
    last_name: str
    first_name: str
    specialty: Specialty
    biller: Biller


def npi(number: int) -> str:
    """A ten-digit identifier with a right check digit (Luhn over 80840 and the number)."""
    body = f"1990{number:05d}"
    total = 24  # what the prefix 80840 adds
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body}{-total % 10}"


BILLERS = (
    Biller(npi(1), "WILLOWBEND PRIMARY CARE SAMPLE", "990000001", "207Q00000X"),
    Biller(npi(2), "STONEBRIDGE SPECIALISTS SAMPLE", "990000002", "207X00000X"),
    Biller(npi(3), "FERNHOLLOW HOSPITAL SAMPLE", "990000003", "282N00000X"),
)
HOSPITAL = BILLERS[2]
RENDERERS = tuple(
    Renderer(
        npi(100 + number),
        LAST_NAMES[(number * 7 + 3) % len(LAST_NAMES)],
        FIRST_NAMES[(number * 5 + 1) % len(FIRST_NAMES)],
        SPECIALTIES[number % 4],
        BILLERS[0] if number % 4 < 2 else BILLERS[1],
    )
    for number in range(12)
)


def members(rng: Random, count: int, first_day: date, end: date) -> list[Member]:
    """`count` invented members over all payers, in proportion to the payers' shares."""
    ceilings: list[float] = []
    for payer in PAYERS:
        ceilings.append(payer.share + (ceilings[-1] if ceilings else 0.0))
    return [_member(rng, number, ceilings, first_day, end) for number in range(count)]


def _member(rng: Random, number: int, ceilings: list[float], first_day: date, end: date) -> Member:
    draw = rng.random() * ceilings[-1]
    payer = PAYERS[next(i for i, ceiling in enumerate(ceilings) if draw < ceiling)]
    oldest = date(1936, 1, 1) if payer.line_of_business.startswith("medicare") else date(1962, 1, 1)
    return Member(
        member_id=f"SMP{number:07d}Q",
        last_name=LAST_NAMES[int(rng.random() * len(LAST_NAMES))],
        first_name=FIRST_NAMES[int(rng.random() * len(FIRST_NAMES))],
        birth_date=oldest + timedelta(days=int(rng.random() * 8000)),
        sex="F" if rng.random() < 0.53 else "M",
        payer=payer,
        second_payer=_second_payer(rng, payer),
        dependent=_dependent(rng, payer),
        address=f"N3*{1 + number % 900} NOWHERE LANE~N4*SAMPLETON*CA*900{number % 90:02d}~",
        spans=_spans(rng, first_day, end),
    )


def _second_payer(rng: Random, payer: Payer) -> Payer | None:
    if payer is not MEDICARE or rng.random() > 0.4:
        return None
    return MEDICAID if rng.random() < 0.4 else TALLOWMERE


def _dependent(rng: Random, payer: Payer) -> tuple[str, date, str] | None:
    if payer.line_of_business != "commercial" or rng.random() > 0.25:
        return None
    name = FIRST_NAMES[int(rng.random() * len(FIRST_NAMES))]
    born = date(2008, 1, 1) + timedelta(days=int(rng.random() * 5000))
    return name, born, "F" if rng.random() < 0.5 else "M"


def _spans(rng: Random, first_day: date, end: date) -> tuple[tuple[date, date | None], ...]:
    """Cover: mostly throughout; some join late, some leave, some come back, a few have none."""
    draw = rng.random()
    room = (end - first_day).days
    later = first_day + timedelta(days=int(room * (0.15 + 0.7 * rng.random())))
    if draw < 0.80:
        return ((first_day, None),)
    if draw < 0.88:
        return ((later, None),)
    if draw < 0.93:
        return ((first_day, later),)
    if draw < 0.97:
        return (
            (first_day, later),
            (later + timedelta(days=1 + int(rng.random() * room * 0.1)), None),
        )
    return ()
