"""Damaged X12: a seed, some harm done to it, and a dress in which it is written.

A case is made of its number alone: the same number and seed give the same bytes.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from analytics.ingest.x12.delimiters import at_isa

VALUES = ["", "0", "-1", "+200", ".5", "060", "100.", "1e3", "12.345", "9" * 40, "99999999.99"]
VALUES += ["20260231", "20260101-20260131", "X", "\0", "é", "٣", " 7 ", "HC", "25", "ABK:E119"]
SEGMENTS = """
CLP*X*1*10*5*5*12*P|SVC*HC:99213*10*5|CAS*CO*45*5**253*-1|PLB*1*20261231*WO*1
CLM*X*10***11:B:1|LX*1|SV1*HC:99213*10*UN*1***1|SV2*0450**10*UN*1|HL*9**22*1
HL*9*1*20*1|HL*8*1*PT|HL*7**99|DTP*472*D8*20260101|SBR*P*18*******CI
ST*835*1|ST*837*1*005010X222A1|ST*277*1*005010X214|ST*999*1|ST*270*1|SE*1*1|GE*1*1
IEA*1*1|GS*HP*A*B*20260101*1200*1*X*005010X221A1|TA1*1*260101*1200*A*000|AK2*837*1
NM1*QC*1*A*B|NM1*85*2*A*****XX*1234567893|BPR*I*5*C*CHK|TRN*1*T*1|LQ*HE*N130
"""
SEGMENTS = re.split("[|\n]", SEGMENTS.strip())
BYTES = [*b"~ * : \n \r\n \0 \x1a \xff ISA ISA*00* \xef\xbb\xbf".split(b" "), b" "]
DRESSED, SWAPPED, MIXED = 0.15, 0.06, 0.02  # shares: MIXED have the delimiters of two files
MARKS = ("*:^~", "|>!'", "\x1d\x1f\x1e\x1c", "*:^\n", "+;,?", "\t>|~", "^\\[]", "*<|\r", "~*:^")
MARKS += ("a:^~",)
# A file that the reader cannot join to others costs as much as a hundred that it can.
ALONE = 1 / 20  # the share kept of them
_ISA = re.compile(rb"ISA[^A-Za-z0-9 ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """One file: what it says, and the bytes it comes in."""

    number: int
    plain: bytes  # undressed: ASCII where the dress may change, else as it is
    raw: bytes
    is_dressed: bool


def case(number: int, seed: int, texts: list[bytes]) -> Case:
    """The case of this number."""
    rng = Random(f"{seed}-{number}")  # noqa: S311
    text = _harmed(rng, texts)
    while marks(text) is None and rng.random() > ALONE:
        text = _harmed(rng, texts)
    dress = rng.choice(DRESSES) if rng.random() < DRESSED else None
    usable = dress is not None and text.isascii() and not set(text) & set(b"\r\n")
    raw = dress(rng, text) if dress and usable else text
    return Case(number, text, raw, usable)


def _harmed(rng: Random, texts: list[bytes]) -> bytes:
    text = rng.choice(texts)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 5))):
        text = rng.choice(HARMS)(rng, text, texts)
    if rng.random() < SWAPPED:
        text = swap(rng, text, texts)
    if rng.random() < MIXED:
        text = join(rng, text, [swap(rng, other, texts) for other in rng.sample(texts, 2)])
    return text


def marks(text: bytes) -> bytes | None:
    """The delimiters of all its interchanges, if they are well known and the file begins so."""
    found = {at_isa(text, m.start()) for m in _ISA.finditer(text)}
    one = found.pop() if len(found) == 1 and text.lstrip()[:3].upper() == b"ISA" else None
    if one is None:
        return None
    mark = bytes([one.element, one.component, one.repetition, one.terminator])
    return mark if mark.decode("latin-1") in MARKS else None


def _place(rng: Random, text: bytes) -> int:
    return rng.randrange(len(text) + 1)


def flip(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Change a few bits."""
    found = bytearray(text)
    for _ in range(rng.randint(1, 4) if found else 0):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def cut(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Lose the end."""
    return text[: _place(rng, text)]


def behead(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Lose the beginning."""
    return text[_place(rng, text) :]


def drop(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Lose some bytes."""
    at = _place(rng, text)
    return text[:at] + text[at + rng.choice((1, 1, 2, 5, 20, 200)) :]


def insert(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Get some bytes."""
    at = _place(rng, text)
    piece = rng.choice(BYTES) if rng.random() < 0.7 else rng.randbytes(rng.randint(1, 6))
    return text[:at] + piece * rng.choice((1, 1, 1, 2, 50)) + text[at:]


def repeat(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Have a range of bytes twice."""
    at = _place(rng, text)
    part = text[at : at + rng.choice((3, 30, 300, 3000))]
    return text[:at] + part * 2 + text[at + len(part) :]


def splice(rng: Random, text: bytes, texts: list[bytes]) -> bytes:
    """The beginning of one and the end of another."""
    other = rng.choice(texts)
    return text[: _place(rng, text)] + other[_place(rng, other) :]


def join(rng: Random, text: bytes, texts: list[bytes]) -> bytes:
    """Two files behind one another, the last terminator of the first perhaps lost."""
    first = text.rstrip(b"~\n'") if rng.random() < 0.3 else text
    return first + rng.choice((b"", b"", b"\x1a", b"\xef\xbb\xbf", b"  ")) + rng.choice(texts)


def _on_segments(change: Callable[[Random, list[bytes]], None]) -> "Harm":
    """Harm done to the list of segments, whatever ends them."""

    def harm(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
        end = b"~" if b"~" in text else b"'"
        segments = text.split(end)
        change(rng, segments)
        return end.join(segments)

    return harm


def _move(rng: Random, segments: list[bytes]) -> None:
    segments.insert(rng.randrange(len(segments)), segments.pop(rng.randrange(len(segments))))


def _twice(rng: Random, segments: list[bytes]) -> None:
    segments.insert(rng.randrange(len(segments)), rng.choice(segments))


def _lose(rng: Random, segments: list[bytes]) -> None:
    del segments[rng.randrange(len(segments))]


def _gain(rng: Random, segments: list[bytes]) -> None:
    segments.insert(rng.randrange(len(segments)), rng.choice(SEGMENTS).encode())


def _value(rng: Random, segments: list[bytes]) -> None:
    at = rng.randrange(len(segments))
    parts = segments[at].split(b"*")
    parts[rng.randrange(len(parts))] = rng.choice(VALUES).encode()
    segments[at] = b"*".join(parts)


def _longer(rng: Random, segments: list[bytes]) -> None:
    at = rng.randrange(len(segments))
    segments[at] += b"*" * rng.choice((1, 2, 20)) + rng.choice(VALUES).encode()


def swap(rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Write it with other delimiters."""
    return text.translate(bytes.maketrans(b"*:^~", rng.choice(MARKS).encode()))


def nothing(_rng: Random, text: bytes, _texts: list[bytes]) -> bytes:
    """Leave it whole."""
    return text


Harm = Callable[[Random, bytes, list[bytes]], bytes]
HARMS: list[Harm] = [flip, cut, behead, drop, drop, insert, insert, repeat, splice, join, nothing]
HARMS += [
    _on_segments(c) for c in (_move, _move, _twice, _lose, _gain, _gain, _value, _value, _longer)
]


def _wrap(rng: Random, text: bytes) -> bytes:
    width, end = (
        rng.choice((25, 60, 72, 80, 80, 80, 120, 132, 256)),
        rng.choice((b"\n", b"\r\n", b"\r")),
    )
    return end.join(text[i : i + width] for i in range(0, len(text), width))


def _encoded(name: str, mark: bytes = b"") -> Callable[[Random, bytes], bytes]:
    return lambda _rng, text: mark + text.decode("ascii").encode(name)


DRESSES = [
    _wrap,
    _wrap,
    _encoded("utf-8-sig"),
    _encoded("utf-16"),
    _encoded("utf-16-be", codecs.BOM_UTF16_BE),
    _encoded("utf-32"),
    lambda _rng, text: text + b"\x1a",
    lambda rng, text: rng.choice((b"\n", b"\0\0\0\0\0", b" \r\n")) + text + b"\r\n",
]
