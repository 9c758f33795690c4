"""What is billed in the sample: procedures with charges, diagnoses, stays.  Codes, no texts."""

from typing import NamedTuple


class Procedure(NamedTuple):
    """A billable service: code, charge in cents, revenue code, drug code, most units."""

    code: str
    charge: int
    revenue: str = ""
    ndc: str = ""
    most_units: int = 1


class Specialty(NamedTuple):
    """What one kind of practice bills: visits, procedures and the diagnoses it sees."""

    name: str
    taxonomy: str
    visits: tuple[Procedure, ...]
    procedures: tuple[Procedure, ...]
    diagnoses: tuple[str, ...]


class Stay(NamedTuple):
    """An inpatient case: DRG, principal diagnosis, room charge a day and the rest, in cents."""

    drg: str
    diagnosis: str
    per_day: int
    other: int


OFFICE = (
    Procedure("99213", 14500),
    Procedure("99214", 21250),
    Procedure("99214", 21250),
    Procedure("99215", 29875),
    Procedure("99203", 18690),
)
SPECIALTIES = (
    Specialty(
        "Family medicine",
        "207Q00000X",
        OFFICE,
        (
            Procedure("36415", 1850),
            Procedure("85025", 3240),
            Procedure("80053", 4415),
            Procedure("83036", 3895),
            Procedure("G0439", 23800),
            Procedure("J3301", 2460, ndc="99999010101", most_units=4),
            Procedure("20610", 18235),
        ),
        ("I10", "E119", "E1165", "J069", "Z0000", "E785", "M1711", "R5383", "K219", "N390"),
    ),
    Specialty(
        "Cardiology",
        "207RC0000X",
        OFFICE,
        (
            Procedure("93000", 6875),
            Procedure("93306", 98040),
            Procedure("93015", 41325),
            Procedure("93880", 55610),
        ),
        ("I10", "I2510", "I4891", "I5022", "R079", "E785", "I509"),
    ),
    Specialty(
        "Orthopaedics",
        "207X00000X",
        OFFICE,
        (
            Procedure("20610", 18235),
            Procedure("73562", 11280),
            Procedure("73030", 10460),
            Procedure("J1100", 1375, ndc="99999020202", most_units=10),
            Procedure("29881", 412000),
        ),
        ("M1711", "M1712", "M25561", "S83241A", "M5416", "M7541"),
    ),
    Specialty(
        "Physical therapy",
        "225100000X",
        (Procedure("97161", 17400), Procedure("97110", 7925, most_units=3)),
        (
            Procedure("97110", 7925, most_units=3),
            Procedure("97140", 7240, most_units=2),
            Procedure("97112", 8115, most_units=2),
        ),
        ("M5459", "M25511", "M5416", "R262"),
    ),
)
OUTPATIENT = (
    Procedure("99284", 118450, "0450"),
    Procedure("99283", 74325, "0450"),
    Procedure("71046", 38215, "0324"),
    Procedure("70450", 164890, "0351"),
    Procedure("85025", 9675, "0305"),
    Procedure("80053", 14230, "0301"),
    Procedure("96374", 30780, "0260"),
    Procedure("J1885", 4195, "0636", "99999030303", 2),
    Procedure("45378", 268500, "0750"),
)
OUTPATIENT_DIAGNOSES = ("R0789", "R109", "J189", "S0990XA", "K5732", "N390", "R519", "I10")
STAYS = (
    Stay("291", "I5023", 184500, 962340),
    Stay("194", "J189", 178200, 611875),
    Stay("470", "M1711", 201300, 2875400),
    Stay("871", "A419", 236400, 1544215),
    Stay("392", "K5732", 171900, 498660),
)
