"""Composes X12 text for tests.  Knows nothing of the reader, nor of the sample generator.

Tests draw a body, one segment a line, with ``*`` and ``:`` as delimiters; what is around it is
put there, and written with any other delimiters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from textwrap import dedent

from analytics.ingest.extract import Extract
from analytics.ingest.x12.read import read

GUIDES = {
    "835": "005010X221A1",
    "837P": "005010X222A1",
    "837I": "005010X223A2",
    "837D": "005010X224A2",
    "277CA": "005010X214",
    "999": "005010X231A1",
    "997": "",
}
_GROUPS = {"835": "HP", "837": "HC", "277": "HN", "271": "HB", "999": "FA", "997": "FA"}

PAYMENT = """
BPR*I*150*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999988880*DA*98765*20260215
TRN*1*CHECK1*1512345678
DTM*405*20260214
N1*PR*Acme Health
N3*1 Main St
N4*Omaha*NE*68101
REF*2U*ACME1
N1*PE*Some Clinic*XX*1234567893
REF*TJ*123456789
"""
PROVIDER = """
HL*1**20*1
PRV*BI*PXC*207Q00000X
NM1*85*2*Some Clinic*****XX*1234567893
N3*5 Elm St
N4*Omaha*NE*681010001
REF*EI*123456789
"""
SUBSCRIBER = """
HL*2*1*22*0
SBR*P*18*GRP1******CI
NM1*IL*1*Doe*Jane****MI*M100
N3*9 Oak St
N4*Lincoln*NE*68501
DMG*D8*19800203*F
NM1*PR*2*Acme Health*****PI*ACME1
"""
RECEIVED = """
BHT*0085*08*ACK1*20260212*1200*TH
HL*1**20*1
NM1*PR*2*Acme Health*****46*ACME1
TRN*1*RUN1
DTP*050*D8*20260110
DTP*009*D8*20260111
HL*2*1*21*1
NM1*41*2*Some Clinic*****46*CLINIC1
TRN*2*B1
STC*A1:19:PR*20260111*WQ*450
QTY*90*2
QTY*AA*1
AMT*YU*300
AMT*YY*150
HL*3*2*19*1
NM1*85*2*Some Clinic*****XX*1234567893
TRN*1*0
"""


@dataclass(frozen=True)
class Wire:
    """The delimiters, and what stands after each terminator."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    line_end: str = "\n"

    def write(self, segments: Iterable[str]) -> str:
        mine = str.maketrans({"*": self.element, ":": self.component, "^": self.repetition})
        return "".join(s.translate(mine) + self.terminator + self.line_end for s in segments)


def lines(body: str) -> list[str]:
    """The segments of a drawn body."""
    return [line.strip() for line in dedent(body).strip().splitlines() if line.strip()]


def isa(control: int = 1, usage: str = "P") -> str:
    who = f"ZZ*{'SENDER':15}*ZZ*{'RECEIVER':15}"
    return f"ISA*00*{'':10}*00*{'':10}*{who}*260214*1200*^*00501*{control:09}*0*{usage}*:"


def set_(kind: str, body: str, control: str = "0001", guide: str | None = None) -> list[str]:
    """ST to SE around a body."""
    inner = lines(body)
    guide = GUIDES[kind] if guide is None else guide
    start = f"ST*{kind[:3]}*{control}" + (f"*{guide}" if guide else "")
    return [start, *inner, f"SE*{len(inner) + 2}*{control}"]


def interchange(*sets: list[str], control: int = 1, usage: str = "P") -> list[str]:
    """ISA to IEA around sets of one type."""
    kind = sets[0][0].split("*")[1]
    guide = (sets[0][0].split("*") + [""] * 3)[3]
    group = f"GS*{_GROUPS[kind]}*SENDER*RECEIVER*20260214*1200*{control}*X*{guide}"
    inner = [segment for one in sets for segment in one]
    trailer = [f"GE*{len(sets)}*{control}", f"IEA*1*{control:09}"]
    return [isa(control, usage), group, *inner, *trailer]


def remittance(claims: str, header: str = PAYMENT) -> list[str]:
    """An interchange with one 835: the usual payment, an LX and these claims."""
    return interchange(set_("835", header + "\nLX*1\n" + dedent(claims)))


def claims(body: str, kind: str = "837P", purpose: str = "BHT*0019*00*B1*20260110*1200*CH"):
    """An interchange with one 837 of this body, provider and subscriber included."""
    return interchange(set_(kind, purpose + "\n" + dedent(body)))


def submission(body: str, kind: str = "837P") -> list[str]:
    """An interchange with one 837: the usual provider and subscriber, and these claims."""
    return claims(PROVIDER + SUBSCRIBER + dedent(body), kind)


def acknowledgement(body: str, header: str = RECEIVED) -> list[str]:
    """An interchange with one 277CA: the usual batch and provider, and these claims."""
    return interchange(set_("277CA", header + dedent(body)))


def said(segments: Iterable[str] | str | bytes, wire: Wire | None = None, **options) -> Extract:
    """What the reader makes of these segments, or of this text."""
    if not isinstance(segments, str | bytes):
        segments = (wire or Wire()).write(segments)
    text = segments.encode() if isinstance(segments, str) else segments
    return read(BytesIO(text), **options)


def cells(found: Extract, table: str, *columns: str) -> list[tuple]:
    """The rows of a table in the order of the file; None where a column was not sent at all."""
    frame = found[table].sort("record_no", maintain_order=True)
    return [tuple(row.get(name) for name in columns) for row in frame.iter_rows(named=True)]


def rules(found: Extract, severity: str | None = None) -> list[tuple[str, str]]:
    """The (table, rule) pairs found, in the order of the file."""
    rows = found.rejected.sort("record_no", maintain_order=True).iter_rows(named=True)
    return [(r["table_name"], r["rule"]) for r in rows if severity in (None, r["severity"])]
