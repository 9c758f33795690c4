"""Small damaged files, each with what a reader should make of it."""

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

from analytics.sample.people import npi
from analytics.sample.x12 import gs, isa

DAY = date(2026, 3, 10)
NPI, TIN = npi(800), "990000001"


class Broken(NamedTuple):
    """A damaged file: its bytes, what is wrong, what to expect."""

    name: str
    content: bytes
    description: str
    finding: str  # in the reader's own terms; tests compare by hand
    claims: int  # CLM that can be loaded
    remit_claims: int  # CLP that can be loaded


def remittance(control: str, *, date_text: str = "20260310", bpr: str = "150") -> str:
    """One balanced 835 set of two claims; only the claims' numbers and the trace differ."""
    text = (
        f"ST*835*0001~BPR*I*{bpr}*C*ACH*CCP*01*999999999*DA*1*1990000909**01*999999999*DA*2"
        f"*{date_text}~TRN*1*{control}*1990000909~DTM*405*20260310~N1*PR*BROKEN FILES PAYER~"
        f"N3*1 PAYER WAY~N4*SAMPLETON*CA*90001~N1*PE*BROKEN FILES CLINIC*XX*{NPI}~"
        f"REF*TJ*{TIN}~LX*1~"
    )
    for number, paid in ((1, 100), (2, 50)):
        text += (
            f"CLP*{control}-{number}*1*200*{paid}**12*BRK{control}{number}*11*1~"
            f"NM1*QC*1*PUDDLEFORD*DAPPLE****MI*SMP900000{number}Q~"
            f"SVC*HC:99213*200*{paid}**1~DTM*472*20260301~CAS*CO*45*{200 - paid}~"
            f"REF*6R*{control}L{number}~"
        )
    return _ended(text)


def claims(control: str, *, amount: str = "200", day: str = "20260301") -> str:
    """One 837P set of two claims."""
    text = (
        f"ST*837*0001*005010X222A1~BHT*0019*00*{control}*20260305*0600*CH~"
        "NM1*41*2*SAMPLE SENDER*****46*SAMPLESENDER~PER*IC*BILLING DESK*TE*5550100001~"
        "NM1*40*2*SAMPLE RECEIVER*****46*SAMPLERECEIVER~HL*1**20*1~"
        f"NM1*85*2*BROKEN FILES CLINIC*****XX*{NPI}~N3*1 INVENTED PLAZA~"
        f"N4*SAMPLETON*CA*900010001~REF*EI*{TIN}~"
    )
    for number, charge in ((1, "200"), (2, amount)):
        text += (
            f"HL*{number + 1}*1*22*0~SBR*P*18*SMPGRP******12~"
            f"NM1*IL*1*PUDDLEFORD*DAPPLE****MI*SMP900000{number}Q~DMG*D8*19800101*F~"
            "NM1*PR*2*BROKEN FILES PAYER*****PI*SMP99~"
            f"CLM*{control}-{number}*{charge}***11:B:1*Y*A*Y*Y~HI*ABK:I10~"
            f"LX*1~SV1*HC:99213*{charge}*UN*1***1~"
            f"DTP*472*D8*{'20260301' if number == 1 else day}~REF*6R*{control}L{number}~"
        )
    return _ended(text)


def _ended(text: str, count: int | None = None) -> str:
    return f"{text}SE*{count or text.count('~') + 1}*0001~"


def wrap(body: str, number: int, *, usage: str = "P") -> str:
    """One set in its envelopes."""
    is_claim = body.startswith("ST*837")
    version = "005010X222A1" if is_claim else "005010X221A1"
    return (
        f"{isa(number, DAY, usage)}{gs('HC' if is_claim else 'HP', version, number, DAY)}{body}"
        f"GE*1*{number}~IEA*1*{number:09d}~"
    )


def _lines(text: str) -> bytes:
    """ASCII with a newline after each segment."""
    return text.replace("~", "~\n").encode("ascii")


def _without_se(body: str) -> str:
    return body[: body.rindex("SE*")]


def _unbalanced(control: str) -> str:
    """The set says it pays more than its claims add up to."""
    return remittance(control, bpr="175")


def _other_wire(text: str) -> str:
    return text.replace("*", "|").replace(":", ">").replace("~", "\n").replace("|^|", "|!|")


def _eligibility_inquiry() -> str:
    body = _ended(
        "ST*270*0001*005010X279A1~BHT*0022*13*ASK1*20260310*0600~HL*1**20*1~"
        "NM1*PR*2*BROKEN FILES PAYER*****PI*SMP99~"
    )
    return f"{isa(912, DAY)}{gs('HS', '005010X279A1', 912, DAY)}{body}GE*1*912~IEA*1*000000912~"


def _wrapped_at_80(text: str) -> bytes:
    rows = [text[at : at + 80] for at in range(0, len(text), 80)]
    return "\n".join(rows).encode("ascii")


def _truncated(control: str) -> bytes:
    """Cut off in the middle of the second claim payment."""
    text = wrap(remittance(control), 901)
    return _lines(text[: text.rindex("SVC*") + 9])


def _wrong_count(control: str) -> str:
    return f"{_without_se(remittance(control))}SE*999*0001~"


def _nameless(control: str) -> str:
    return remittance(control).replace(f"CLP*{control}-2*", "CLP**")


def _short_isa(text: str) -> str:
    """The sender and receiver trimmed of their padding."""
    return text.replace("SAMPLESENDER   ", "SAMPLESENDER").replace(
        "SAMPLERECEIVER ", "SAMPLERECEIVER"
    )


def _files(twin: bytes) -> list[Broken]:
    two = wrap(remittance("BRK13A"), 913) + _other_wire(wrap(remittance("BRK13B"), 914))
    return [
        Broken("truncated.835.edi", _truncated("BRK01"),
               "an 835 cut off in the middle of its second claim", "set cut off: rejected whole",
               0, 0),
        Broken("wrong_se_count.835.edi", _lines(wrap(_wrong_count("BRK02"), 902)),
               "SE01 is wrong; all else is right", "loads, with a finding on the set", 0, 2),
        Broken("missing_se_balanced.835.edi",
               _lines(wrap(_without_se(remittance("BRK03")), 903)),
               "no SE, but the set balances", "loads, with a finding on the set", 0, 2),
        Broken("missing_se_unbalanced.835.edi",
               _lines(wrap(_without_se(_unbalanced("BRK04")), 904)),
               "no SE, and the set does not balance", "set cut off: rejected whole", 0, 0),
        Broken("bad_amount.837.edi", _lines(wrap(claims("BRK05", amount="12A.00"), 905)),
               "the charge of the second claim is no number", "second claim rejected", 1, 0),
        Broken("bad_date.837.edi", _lines(wrap(claims("BRK06", day="20260231"), 906)),
               "the second claim's service date is 31 February", "second claim rejected", 1, 0),
        Broken("out_of_balance.835.edi", _lines(wrap(_unbalanced("BRK07"), 907)),
               "BPR02 is 25.00 more than the claims paid", "loads, flagged as out of balance",
               0, 2),
        Broken("short_isa.835.edi", _short_isa(wrap(remittance("BRK08"), 908)).encode("ascii"),
               "the ISA is trimmed to less than 106 bytes", "loads", 0, 2),
        Broken("test_indicator.835.edi", _lines(wrap(remittance("BRK09"), 909, usage="T")),
               "ISA15 is T", "left out unless test files are asked for", 0, 0),
        Broken("not_edi.txt", b"Dear office,\nplease find nothing attached.\n",
               "a letter", "not X12", 0, 0),
        Broken("empty.edi", b"", "nothing at all", "empty file", 0, 0),
        Broken("inquiry.270.edi", _lines(_eligibility_inquiry()),
               "an eligibility inquiry", "a type that is not loaded: skipped", 0, 0),
        Broken("two_wires.835.edi", two.encode("ascii"),
               "two interchanges with different delimiters: odd, but valid", "loads", 0, 4),
        Broken("utf16.835.edi", wrap(remittance("BRK15"), 915).encode("utf-16"),
               "UTF-16 with a byte order mark", "loads", 0, 2),
        Broken("wrapped.835.edi", _wrapped_at_80(wrap(remittance("BRK16"), 916)),
               "hard-wrapped at 80 bytes, also inside values", "loads", 0, 2),
        Broken("no_control_number.835.edi", _lines(wrap(_nameless("BRK17"), 917)),
               "the second claim payment has no control number", "second claim payment rejected",
               0, 1),
        Broken("same_again.835.edi", twin,
               "a transaction of a good file, in an interchange of its own number",
               "duplicate transactions: kept out once the good file is loaded", 0, 0),
    ]  # fmt: skip


def write(folder: Path, good: Path) -> None:
    """Writes the damaged files into `folder`; one repeats the payments of the file `good`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = _files(_renumbered(good.read_bytes()))
    for one in files:
        (folder / one.name).write_bytes(one.content)
    expected = {one.name: _expectation(one) for one in files}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", "utf-8")
    rows = "".join(
        f"* `{one.name}`: {one.description}. Expected: {one.finding}.\n" for one in files
    )
    (folder / "README.md").write_text(f"# Damaged files\n\n{rows}", "utf-8")


def _expectation(one: Broken) -> dict[str, str | int]:
    return {
        "description": one.description,
        "expected": one.finding,
        "readable_claims": one.claims,
        "readable_remit_claims": one.remit_claims,
    }


def _renumbered(good: bytes) -> bytes:
    """The same sets with another interchange control number (ISA13, IEA02) and line ends."""
    old = good[90:99]
    return good.replace(old, b"000099999").replace(b"~\n", b"~\r\n")
