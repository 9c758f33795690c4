"""The independent reading, further: how many rows the tables of details must give, kept or not.

A segment belongs to the loop that the nearest anchor before it began.
"""

from collections import Counter
from collections.abc import Callable

PERSONAL = ("1W", "28", "IG", "SY")
MIA = (1, 2, 3, 4, *range(6, 20), 24)
MOA = (1, 2, 8, 9)
NUMBERS = {
    "MIA": MIA,
    "MOA": MOA,
    "HCP": (2, 3, 5, 7, 12),
    "CN1": (2, 3, 5),
    "SV5": (3, 4, 5),
    "PS1": (2,),
    "MEA": (3,),
    "DN1": (1, 2),
}
GROUPS = {"TS2": range(1, 20), "TS3": range(6, 25)}
DIAGNOSES = ("ABK", "BK", "ABF", "BF", "ABJ", "BJ", "APR", "PR", "ABN", "BN", "DR")
ROLES = ("82", "77", "DN", "P3", "71", "72", "ZZ", "DQ", "DK", "QB", "DD", "73", "FA", "LI", "TL")
SERVICES = ("SV1", "SV2", "SV3")
REMIT_COLUMNS = {
    ("claim", "REF"): ("F8", "CE", "1L"),
    ("line", "REF"): ("6R", "HPI"),
    ("claim", "AMT"): ("AU", "I"),
    ("line", "AMT"): ("B6",),
}
CLAIM_COLUMNS = {
    ("claim", "REF"): ("F8", "G1"),
    ("line", "REF"): ("6R",),
    ("claim", "DTP"): ("434", "472", "435", "096"),
    ("line", "DTP"): ("472",),
    ("claim", "AMT"): ("F5",),
    ("other", "AMT"): ("D", "EAF", "A8"),
}

Columns = dict[tuple[str, str], tuple[str, ...]]


def at(segment: list[str], element: int) -> str:
    return segment[element] if element < len(segment) else ""


class Loose:
    """Counts segments that a loop may have many of, but for the first of a kind with a column."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.seen: set[tuple[str, str, str]] = set()

    def begin(self, level: str) -> None:
        self.seen = {key for key in self.seen if key[0] != level}

    def is_row(self, level: str, segment: list[str]) -> bool:
        name, kind = segment[0], at(segment, 1).upper()
        if kind in self.columns.get((level, name), ()) and (level, name, kind) not in self.seen:
            self.seen.add((level, name, kind))
            return False
        if name == "REF":
            return kind not in PERSONAL and at(segment, 2) != ""
        if name == "DTP":
            return at(segment, 2).upper() != "TM" and at(segment, 3) != ""
        return at(segment, 2) != ""


def numbers(segment: list[str], elements) -> int:
    return sum(at(segment, element) != "" for element in elements)


def remit_details(body: list[list[str]]) -> Counter[str]:
    """Rows of an 835 set."""
    found: Counter[str] = Counter()
    loose, level, is_header = Loose(REMIT_COLUMNS), "header", True
    for segment in body:
        name = segment[0]
        if name in ("LX", "PLB", "CLP"):
            is_header = False
            level = "claim" if name == "CLP" else ""
        elif name == "SVC":
            level = "line"
        if name in ("CLP", "SVC"):
            loose.begin(level)
        own = level in ("claim", "line")
        found["remit_group"] += name == "TS3"
        if name in GROUPS:
            found["remit_amount"] += numbers(segment, GROUPS[name])
        elif name in ("MIA", "MOA"):
            found["remit_amount"] += numbers(segment, NUMBERS[name])
        elif name in ("AMT", "QTY") and own:
            found["remit_amount"] += loose.is_row(level, segment)
        elif name == "REF" and (own or (is_header and level == "header")):
            found["remit_reference"] += loose.is_row(level, segment)
    return found


def claim_details(body: list[list[str]], remarks: Callable[[list[str]], list[str]]) -> Counter[str]:
    """Rows of an 837 set."""
    found: Counter[str] = Counter()
    loose, level, outer = Loose(CLAIM_COLUMNS), "", ""
    in_claim = after_lx = False
    for segment in body:
        name = segment[0]
        begins = ""
        if name == "HL" and at(segment, 3) in ("20", "22", "23"):
            begins, in_claim = "level", False
        elif name == "CLM":
            begins, in_claim, after_lx = "claim", True, False
        elif name == "LX" or (name in SERVICES and not after_lx):
            begins = "line"
        elif name == "SBR" and in_claim:
            begins = "other"
        if name in ("LX", *SERVICES):
            after_lx = name == "LX"
        if begins:
            level = outer = begins
            loose.begin(begins)
        elif name in ("NM1", "SVD"):
            level = "named"
        found += _claim_row(segment, level, outer, loose, remarks)
    return found


def _claim_row(segment, level, outer, loose, remarks) -> Counter[str]:
    name, found = segment[0], Counter[str]()
    found["claim_tooth"] += name in ("TOO", "DN2")
    found["claim_attachment"] += name == "PWK"
    if name == "NM1" and outer in ("claim", "line"):
        found["claim_provider"] += at(segment, 1).upper() in ROLES
    elif name in ("REF", "DTP") and level in ("claim", "line"):
        table = {"REF": "claim_reference", "DTP": "claim_date"}[name]
        found[table] += loose.is_row(level, segment)
    elif name in ("AMT", "QTY") and level in ("claim", "line", "other"):
        found["claim_amount"] += loose.is_row(level, segment)
    elif name in NUMBERS:
        found["claim_amount"] += numbers(segment, NUMBERS[name])
        found["claim_other_payer_remark"] += len(remarks(segment))
    elif name == "HI":
        composites = [composite.split(":") for composite in segment[1:13]]
        found["claim_code"] += sum(
            at(c, 1).strip() != "" and c[0].strip().upper() not in DIAGNOSES for c in composites
        )
    return found
