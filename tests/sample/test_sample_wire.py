"""What is on the wire is well formed and balances, by a reading that shares no code."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
import sample_wire as wire

END = date(2026, 10, 31)


@pytest.fixture(scope="module")
def files(folder):
    return {path: wire.read(path) for path in sorted(folder.glob("83[57]/*.edi"))}


def test_headers_are_106_bytes_and_envelopes_agree(files):
    for path, (segments, _) in files.items():
        assert len("*".join(segments[0])) == 105, path.name
        isa, gs, ge, iea = segments[0], segments[1], segments[-2], segments[-1]
        assert (isa[0], gs[0], ge[0], iea[0]) == ("ISA", "GS", "GE", "IEA")
        assert isa[13] == iea[2]
        assert gs[6] == ge[2]
        assert int(ge[1]) == len(wire.sets(segments))


def test_every_set_counts_its_segments(files):
    for path, (segments, _) in files.items():
        for one in wire.sets(segments):
            assert one[-1] == ["SE", str(len(one)), one[0][2]], path.name


def test_control_numbers_of_files_are_unique(files):
    numbers = Counter(segments[0][13] for segments, _ in files.values())
    assert max(numbers.values()) == 1


def test_hierarchy_counts_up_and_points_back(files):
    for segments, _ in files.values():
        for one in wire.sets(segments):
            levels = [segment for segment in one if segment[0] == "HL"]
            assert [int(level[1]) for level in levels] == list(range(1, len(levels) + 1))
            parents = {level[1]: level[3] for level in levels}
            for level in levels:
                expected = {"20": None, "22": "20", "23": "22"}[level[3]]
                assert parents.get(level[2]) == expected


def test_claim_charges_are_the_sum_of_their_lines(files):
    for segments, _ in files.values():
        charge = lines = Decimal(0)
        for segment in [*segments, ["CLM", "", "0"]]:
            if segment[0] == "CLM":
                assert charge == lines
                charge, lines = Decimal(segment[2]), Decimal(0)
            elif segment[0] == "SV1":
                lines += Decimal(segment[2])
            elif segment[0] == "SV2":
                lines += Decimal(segment[3])


def test_remittances_balance_on_three_levels(files):
    for path, (segments, _) in files.items():
        if path.parent.name == "835":
            for one in wire.sets(segments):
                assert_balanced(one)


def assert_balanced(one):
    """Line: charge - CAS = paid.  Claim: charge - all CAS = paid.  Set: paid - PLB = BPR."""
    claims, lines, plb, bpr = [], [], Decimal(0), Decimal(0)
    for segment in one:
        if segment[0] == "BPR":
            bpr = Decimal(segment[2])
        elif segment[0] == "CLP":
            claims.append([Decimal(segment[3]), Decimal(segment[4])])
            owner = [claims[-1]]
        elif segment[0] == "SVC":
            lines.append([Decimal(segment[2]), Decimal(segment[3])])
            owner = [claims[-1], lines[-1]]
        elif segment[0] == "CAS":
            for _, _, amount in wire.adjustments(segment):
                for part in owner:
                    part[0] -= amount
        elif segment[0] == "PLB":
            plb += sum(Decimal(amount) for amount in segment[4::2])
    assert all(left == paid for left, paid in lines)
    assert all(left == paid for left, paid in claims)
    assert bpr >= 0
    assert sum(paid for _, paid in claims) - plb == bpr


def test_patient_responsibility_is_what_group_pr_says(files):
    for segments, _ in files.values():
        stated = found = Decimal(0)
        for segment in [*segments, ["CLP", "", "", "", "", ""]]:
            if segment[0] == "CLP":
                assert stated == found
                stated, found = Decimal(segment[5] or 0), Decimal(0)
            elif segment[0] == "CAS" and segment[1] == "PR" and segments[2][1] == "835":
                found += sum(amount for _, _, amount in wire.adjustments(segment))


def test_reversals_negate_an_earlier_answer(files):
    answers = defaultdict(list)
    reversals = []
    for segments, _ in files.values():
        for segment in segments:
            if segment[0] == "CLP":
                amounts = Decimal(segment[3]), Decimal(segment[4])
                if segment[2] == "22":
                    reversals.append((segment[7], amounts))
                else:
                    answers[segment[7]].append(amounts)
    assert len(reversals) > 20
    for number, (charge, paid) in reversals:
        assert (-charge, -paid) in answers[number]


def test_identifiers_carry_a_right_check_digit(files):
    seen = {
        segment[9]
        for segments, _ in files.values()
        for segment in segments
        if segment[0] == "NM1" and len(segment) > 9 and segment[8] == "XX"
    }
    assert len(seen) > 10
    for npi in seen:
        digits = [int(digit) for digit in "80840" + npi]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
        assert (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def test_nothing_is_dated_after_the_end(files):
    last = f"{END:%Y%m%d}"
    for segments, _ in files.values():
        for segment in segments:
            if segment[0] == "DTP" or segment[0] == "DTM":
                assert max(segment[-1].split("-"))[:8] <= last
            elif segment[0] == "BPR":
                assert segment[16] <= last
            elif segment[0] == "BHT":
                assert segment[4] <= last


WANTED = (
    "CLP 1,CLP 2,CLP 4,CLP 19,CLP 22,CLP 23,CLP 25,CLM 1,CLM 7,CLM 8,BPR ACH,BPR NON,"
    "PLB WO,PLB FB,PLB L6,AMT B6,AMT I,AMT AU,AMT D,HL 23,SVC 06,MIA,MOA,QTY,LQ,SVD,LIN,CL1,"
    "CAS 1,CAS 2,CAS 3,CAS 4,CAS 11,CAS 16,CAS 18,CAS 22,CAS 23,CAS 27,CAS 29,CAS 45,CAS 50,"
    "CAS 59,CAS 96,CAS 97,CAS 133,CAS 151,CAS 193,CAS 197,CAS 204,CAS 252,CAS 253,CAS ZZ9"
)


def kinds(segment, component):
    """What a segment shows off: its name, and the code that tells its kind."""
    name = segment[0]
    yield name
    if name in {"CLP", "BPR", "AMT", "HL"}:
        place = {"CLP": 2, "BPR": 4, "AMT": 1, "HL": 3}[name]
        yield f"{name} {segment[place]}"
    elif name == "CLM":
        yield f"CLM {segment[5].split(component)[2]}"
    elif name == "SVC" and len(segment) > 6:
        yield "SVC 06"
    elif name == "CAS":
        yield from (f"CAS {code}" for _, code, _ in wire.adjustments(segment))
    elif name == "PLB":
        yield from (f"PLB {pair.split(component)[0]}" for pair in segment[3::2])


def test_the_sample_holds_every_kind_of_thing(files):
    seen = Counter(
        kind
        for segments, component in files.values()
        for segment in segments
        for kind in kinds(segment, component)
    )
    assert [kind for kind in WANTED.split(",") if not seen[kind]] == []


def test_some_payments_hold_claims_without_lines(files):
    bare = 0
    for segments, _ in files.values():
        names = [segment[0] for segment in segments if segment[0] in {"CLP", "SVC", "SE"}]
        bare += sum(a == "CLP" and b != "SVC" for a, b in pairwise(names))
    assert bare > 50
