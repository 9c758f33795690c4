"""Which elements of a segment are shown where nobody is to be named: data.  All others are hidden.

Names of people (patients, insured, providers, contacts), numbers of theirs, addresses, days of
birth and death, bank accounts and free text are left out of these lists, and so is every segment
that has none.  Payers' names, NPIs, codes, days of service and amounts are in them.
"""

from collections.abc import Collection, Mapping, Sequence

# Marks that no file has as delimiters.
_LEFT, _RIGHT = "\u2039", "\u203a"
HIDDEN = f"{_LEFT}hidden{_RIGHT}"

_ALL = tuple(range(1, 31))
_CODED = range(1, 7)  # of a procedure composite; the seventh is a description

# Segment -> elements shown, from 1.
SHOWN: Mapping[str, Collection[int]] = {
    **dict.fromkeys(
        (
            "ST", "SE", "BHT", "HL", "LX", "LS", "LE", "TRN", "CUR", "DTM", "DTP", "PRV", "CLM",
            "CLP", "CL1", "CN1", "HI", "AMT", "QTY", "CAS", "MIA", "MOA", "OI", "LQ", "CRC", "PS1",
            "HCP", "HSD", "TOO", "MEA", "CTP", "SVC", "SVD", "SV1", "SV2", "SV3", "SV5", "SV6",
            "TS2", "TS3", "DN2", "CR3",
        ),
        _ALL,
    ),
    "BPR": (1, 2, 3, 4, 5, 16),  # the others are banks and accounts
    "SBR": (1, 2, 5, 6, 7, 8, 9),  # 3 and 4: number and name of the group
    "PAT": (1, 2, 3, 4, 7, 8, 9),  # 6: day of death
    "LIN": (1, 2, 3),
    "PWK": (1, 2, 5),  # 6: a number of the sender's
    "CR1": (1, 2, 3, 4, 5, 6),  # 9 and 10: free text
    "CR2": tuple(range(1, 10)),
    "DN1": (1, 2, 3),
    "FRM": (1,),
    "NM1": (1, 2, 8),
    "N1": (1, 3),
    "REF": (1,),
}  # fmt: skip

# Segment -> element -> components shown, where it is not the whole of it.
COMPONENTS: Mapping[str, Mapping[int, Collection[int]]] = {
    "SVC": {1: _CODED, 6: _CODED},
    "SVD": {3: _CODED},
    "SV1": {1: _CODED},
    "SV2": {2: _CODED},
    "SV3": {1: _CODED},
    "SV5": {1: _CODED},
}

# Who is a patient or insured, whatever NM102 says; others are people where it is not 2.
PEOPLE = ("IL", "QC", "74", "GB", "S1", "S2", "S3", "TTP")
# What a REF may say: authorizations, payers' claim numbers, lines, sites, programs.
REFERENCES = (
    "F8", "G1", "9F", "9A", "9C", "D9", "6R", "LU", "EV", "P4", "X4", "EW", "F4", "2U", "NF", "FY",
    "1C", "1D", "G2", "EI", "4N", "G4", "G3", "CE", "1S", "APC", "BB", "E9", "RB", "HPI", "0B",
)  # fmt: skip
_NPI = "XX"
_QUALIFIER = 2  # letters of NM108


def hidden(elements: Sequence[str], component: str) -> list[str]:
    """The elements of a segment, its id first, with what may name people replaced by `HIDDEN`."""
    name = elements[0].upper()
    shown = _shown(name, elements)
    parts = COMPONENTS.get(name, {})
    return [
        elements[0],
        *(
            _part(value, component, parts.get(place)) if place in shown else _veil(value)
            for place, value in enumerate(elements[1:], 1)
        ),
    ]


def _shown(name: str, elements: Sequence[str]) -> set[int]:
    """The places shown in this very segment: those listed, and more where a qualifier allows."""
    shown = set(SHOWN.get(name, ()))
    said = [*(value.strip().upper() for value in elements), *[""] * 10]
    if name == "NM1":
        is_body = said[2] == "2" and said[1] not in PEOPLE
        shown |= {3, 9} if is_body else set()
        shown |= {9} if said[8] == _NPI and said[1] not in PEOPLE else set()
        if len(said[8]) > _QUALIFIER:  # a number that slipped a place
            shown.discard(8)
    elif name == "N1":
        shown |= {2, 4} if said[1] == "PR" else set()
        shown |= {4} if said[3] == _NPI else set()
    elif name == "REF" and said[1] in REFERENCES:
        shown |= {2}
    return shown


def _part(value: str, component: str, shown: Collection[int] | None) -> str:
    if shown is None or not component:
        return value
    parts = value.split(component)
    return component.join(
        part if place in shown else _veil(part) for place, part in enumerate(parts, 1)
    )


def _veil(value: str) -> str:
    return HIDDEN if value.strip() else value
