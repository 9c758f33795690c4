"""An independent, slow and simple reading of X12 text: split, loop, Decimal.

It shares nothing with the reader but the guides.  Counts are of what must become a row, kept or
rejected; sums are of claims whose every amount can be read.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from plain_details import claim_details, remit_details

BOUNDS = ("ISA", "GS", "SE", "GE", "IEA")
_BLANK = "".join(map(chr, range(33)))  # blanks, line ends and control characters
_AMOUNT = re.compile(r"[+-]?(\d+\.?\d{0,2}0*|\.\d{1,2}0*)", re.ASCII)


@dataclass
class Claim:
    """A CLP or CLM with all segments up to the next one."""

    head: list[str]
    rest: list[list[str]] = field(default_factory=list)


def split(text: str, element: str = "*", terminator: str = "~") -> list[list[str]]:
    """The segments as lists of stripped elements, empty segments left out."""
    found = [s.strip(_BLANK).split(element) for s in text.split(terminator)]
    found = [[e.strip(_BLANK) for e in s] for s in found if s != [""]]
    return [[s[0].upper(), *s[1:]] for s in found]


def sets(segments: list[list[str]]) -> list[tuple[str, list[list[str]]]]:
    """(type, segments behind ST) of each set, in order; a claim acknowledgement is 277CA."""
    found: list[tuple[str, list[list[str]]]] = []
    inside, guide = False, ""
    for segment in segments:
        if segment[0] in ("ISA", "GS"):
            guide = at(segment, 8) if segment[0] == "GS" else ""
        if segment[0] == "ST":
            is_ack = at(segment, 1) == "277" and "X214" in (at(segment, 3) or guide)
            found.append(("277CA" if is_ack else at(segment, 1), []))
            inside = True
        elif segment[0] in BOUNDS:
            inside = False
        elif inside:
            found[-1][1].append(segment)
    return found


def at(segment: list[str], element: int) -> str:
    return segment[element] if element < len(segment) else ""


def money(text: str) -> Decimal | None:
    """Dollars; None where it is no amount of at most twelve digits and two decimals."""
    if not text:
        return Decimal(0)
    if not _AMOUNT.fullmatch(text) or abs(Decimal(text)) >= 10**12:
        return None
    return Decimal(text)


def triplets(cas: list[str]) -> list[tuple[str, str]]:
    """(reason, amount) of each triplet that says anything."""
    pairs = [(at(cas, 2 + 3 * k), at(cas, 3 + 3 * k)) for k in range(6)]
    return [pair for pair in pairs if any(pair)]


def pairs(plb: list[str], component: str = ":") -> list[tuple[str, str]]:
    """(reason, amount) of each PLB pair that says anything."""
    found = [(at(plb, 3 + 2 * k).split(component)[0], at(plb, 4 + 2 * k)) for k in range(6)]
    return [pair for pair in found if any(pair)]


def remarks(segment: list[str]) -> list[str]:
    """The remark codes of an LQ, MIA or MOA."""
    if segment[0] == "LQ":
        return [at(segment, 2)] if at(segment, 1).upper() == "HE" and at(segment, 2) else []
    elements = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}.get(segment[0], ())
    return [at(segment, e) for e in elements if at(segment, e)]


def counts(segments: list[list[str]]) -> Counter[str]:
    """How many rows each table must give, those kept and those rejected together."""
    found: Counter[str] = Counter()
    for kind, body in sets(segments):
        found["transaction_set"] += 1
        if kind == "835":
            found += _remit_counts(body) + remit_details(body)
        elif kind == "837":
            found += _claim_counts(body) + claim_details(body, remarks)
        elif kind == "277CA":
            found["acknowledgement"] += _statuses(body)
        elif kind in ("999", "997"):
            found += _reply_counts(body)
    found["acknowledgement"] += sum(segment[0] == "TA1" for segment in segments)
    return found


def _statuses(body: list[list[str]]) -> int:
    """Statuses, and claims of which none is given."""
    found, in_patient, silent = 0, False, 0
    for segment in body:
        if segment[0] == "HL":
            in_patient = at(segment, 3) not in ("20", "21", "19")
        if segment[0] in ("HL", "TRN"):
            found += silent
            silent = int(in_patient and segment[0] == "TRN")
        if segment[0] == "STC":
            found, silent = found + 1, 0
    return found + silent


def _reply_counts(body: list[list[str]]) -> Counter[str]:
    """Sets and groups answered, ends of no answer, and errors."""
    found: Counter[str] = Counter()
    is_open = False
    for segment in body:
        if segment[0] in ("IK5", "AK5"):
            found["acknowledgement"] += not is_open
        found["acknowledgement"] += segment[0] in ("AK2", "AK9")
        found["acknowledgement_error"] += segment[0] in ("IK3", "AK3", "IK4", "AK4")
        if segment[0] in ("AK1", "AK2", "AK9", "IK5", "AK5"):
            is_open = segment[0] == "AK2"
    return found


def _remit_counts(body: list[list[str]]) -> Counter[str]:
    found: Counter[str] = Counter({"remit": 1})
    for segment in body:
        found["remit_claim"] += segment[0] == "CLP"
        found["remit_line"] += segment[0] == "SVC"
        found["remark"] += len(remarks(segment))
        if segment[0] == "CAS":
            found["adjustment"] += len(triplets(segment))
        if segment[0] == "PLB":
            found["provider_adjustment"] += len(pairs(segment))
    return found


def _claim_counts(body: list[list[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    in_claim = False
    for segment in body:
        name = segment[0]
        if name in ("HL", "CLM"):
            # A level of another kind than these three ends nothing.
            in_claim = name == "CLM" or (in_claim and at(segment, 3) not in ("20", "22", "23"))
        found["claim"] += name == "CLM"
        found["claim_line"] += name in ("SV1", "SV2", "SV3")
        found["claim_other_payer"] += name == "SBR" and in_claim
        found["claim_line_other_payer"] += name == "SVD"
        if name == "CAS":
            found["claim_other_payer_adjustment"] += len(triplets(segment))
    return found


def remit_claims(body: list[list[str]]) -> list[Claim]:
    """The claims of an 835 set; LX and PLB end one."""
    return _claims(body, "CLP", lambda s: s[0] in ("LX", "PLB"))


def claims(body: list[list[str]]) -> list[Claim]:
    """The claims of an 837 set; a level of the tree ends one."""
    return _claims(body, "CLM", lambda s: s[0] == "HL" and at(s, 3) in ("20", "22", "23"))


def _claims(body, name, ends) -> list[Claim]:
    found: list[Claim] = []
    is_open = False
    for segment in body:
        if segment[0] == name:
            found.append(Claim(segment))
            is_open = True
        elif ends(segment):
            is_open = False
        elif is_open:
            found[-1].rest.append(segment)
    return found


def paid(segments: list[list[str]]) -> dict[str, Decimal]:
    """Sums over the 835 claims that can be used: charged, paid, and adjusted."""
    total = {"charge": Decimal(0), "paid": Decimal(0), "adjusted": Decimal(0)}
    for kind, body in sets(segments):
        for claim in remit_claims(body) if kind == "835" else []:
            amounts = _remit_amounts(claim)
            if amounts is not None:
                total = {name: total[name] + amounts[name] for name in total}
    return total


def _remit_amounts(claim: Claim) -> dict[str, Decimal] | None:
    """The claim's sums, or None where it cannot be used."""
    charge, paid_, share = (money(at(claim.head, e)) for e in (3, 4, 5))
    others = [charge, paid_, share, *(money(a) for a in _other_amounts(claim))]
    adjusted = [money(a) for s in claim.rest if s[0] == "CAS" for _, a in triplets(s)]
    if not at(claim.head, 1) or None in others or None in adjusted or not _quantities(claim):
        return None
    return {"charge": charge, "paid": paid_, "adjusted": sum(adjusted, Decimal(0))}


def _other_amounts(claim: Claim) -> list[str]:
    """Amounts on lines, and the first allowed amount and interest of each loop."""
    found: list[str] = []
    seen: set[str] = set()
    in_line = False
    for segment in claim.rest:
        if segment[0] == "SVC":
            in_line = True
            seen = set()
            found += [at(segment, 2), at(segment, 3)]
        kind = at(segment, 1).upper()
        if segment[0] == "AMT" and kind in (("B6",) if in_line else ("AU", "I")):
            found += [] if kind in seen else [at(segment, 2)]
            seen.add(kind)
    return found


def _quantities(claim: Claim) -> bool:
    """Whether every quantity can be read."""
    texts = [at(s, e) for s in claim.rest if s[0] == "SVC" for e in (5, 7)]
    for segment in claim.rest:
        if segment[0] == "CAS":
            texts += [
                at(segment, 4 + 3 * k)
                for k in range(6)
                if at(segment, 2 + 3 * k) or at(segment, 3 + 3 * k)
            ]
    pattern = re.compile(r"[+-]?(\d+\.?\d{0,3}0*|\.\d{1,3}0*)", re.ASCII)
    return all(not t or (pattern.fullmatch(t) and abs(Decimal(t)) < 10**11) for t in texts)
