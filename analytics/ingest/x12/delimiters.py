"""The delimiters of an interchange, found by counting: real files do not keep ISA at 106 bytes."""

import re
from dataclasses import dataclass

# Longest ISA with sixteen padded elements that a real file was seen to have, generously.
ISA_SPAN = 600

_USUAL_COMPONENT = ":"  # where ISA16 is left blank
_SPACE = b"\r\n \t\x00\x1a"
_AFTER_ISA = re.compile(rb"[\r\n \t]*(GS|TA1|ISA|ST|IEA)[^A-Za-z0-9 ]", re.IGNORECASE)
_ST = re.compile(rb"(?:^|[^A-Za-z0-9])ST([^A-Za-z0-9\s])\d{3}\1", re.IGNORECASE)
_HEADER = re.compile(
    rb"ST[^A-Za-z0-9]\d{3}.{0,60}?([~\r\n'!^\x1c-\x1f])\s*(BPR|BHT|BGN|AK1)[^A-Za-z0-9]", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Byte values of the delimiters; `repetition` is 0 in versions that have none."""

    element: int
    component: int
    terminator: int
    repetition: int = 0


def at_isa(text: bytes, start: int) -> Delimiters | None:
    """The delimiters of the interchange whose ISA begins at `start`; None when it is not one.

    The element separator is the byte after ISA.  The component separator follows the sixteenth
    element separator, and the terminator is the next byte that is not blank, unless line ends
    are all there is before the next segment.
    """
    element = text[start + 3 : start + 4]
    if not element or element.isalnum() or element in b" ":
        return None
    cuts = [m.start() for m in re.finditer(re.escape(element), text[start : start + ISA_SPAN])][:16]
    if len(cuts) < 16 or len(text[cuts[0] + start + 1 : cuts[1] + start].strip()) > 2:
        return None  # ISA01 is a two-digit code: prose that names ISA is no interchange
    component = start + cuts[15] + 1
    terminator = _terminator(text, component + 1)
    if terminator is None or any(bytes([b]).isalnum() for b in (text[component], terminator)):
        return None  # an element is missing, and what follows the ISA was counted as its own
    repetition = text[start + cuts[10] + 1 : start + cuts[11]].strip()
    version = text[start + cuts[11] + 1 : start + cuts[12]].strip()
    modern = version >= b"00402" and len(repetition) == 1 and not repetition.isalnum()
    said = text[component] if text[component] not in _SPACE else ord(_USUAL_COMPONENT)
    return Delimiters(element[0], said, terminator, repetition[0] if modern else 0)


def in_fragment(text: bytes) -> Delimiters | None:
    """The delimiters of text without an ISA, guessed from its first ST and what follows it."""
    start, header = _ST.search(text), _HEADER.search(text)
    if not start or not header:
        return None
    terminator = header.group(1)
    line_ends = text.count(b"\n", header.start(1), header.end())
    last = terminator if terminator not in b"\r\n" or not line_ends else b"\n"
    component = max(
        b":><^|", key=lambda c: len(re.findall(rb"(?:HC|AD|CO)" + re.escape(bytes([c])), text))
    )
    return Delimiters(start.group(1)[0], component, last[0])


def _terminator(text: bytes, at: int) -> int | None:
    """The first byte that is not blank; a line end only where a segment follows it at once."""
    following = _AFTER_ISA.match(text, at)
    if following and following.start(1) > at:
        lines = text[at : following.start(1)]
        return 10 if b"\n" in lines else 13 if b"\r" in lines else None
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return text[at] if at < len(text) else None
