"""The delimiters of an interchange, found by counting: real files do not keep ISA at 106 bytes."""

import re
from dataclasses import dataclass

# Longest ISA with sixteen padded elements that a real file was seen to have, generously.
ISA_SPAN = 600

_USUAL_COMPONENT = ord(":")  # where ISA16 is left blank
_SPACE = b"\r\n \t\x00\x1a"
_AFTER_ISA = re.compile(rb"[\r\n \t]*(GS|TA1|ISA|ST|IEA)[^A-Za-z0-9 ]", re.IGNORECASE)
_ST = re.compile(rb"(?:^|[^A-Za-z0-9])ST([^A-Za-z0-9\s])\d{3}\1", re.IGNORECASE)
# The header of a set, its terminator, and the id of the next segment; %b is the separator.
_HEADER = rb"ST%b\d{3}%b.{1,60}?([^A-Za-z0-9 ._/,%b-])\s*[A-Z][A-Z0-9]{1,2}%b"
# What ends an ISA without ISA16, and then ends the GS behind it, too.
_NO_ISA16 = rb"[PTI]? *([^A-Za-z0-9 \r\n])\s*GS%b.{4,200}?\1\s*(?:ST|GE|GS)%b"


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Byte values of the delimiters; `repetition` is 0 in versions that have none."""

    element: int
    component: int
    terminator: int
    repetition: int = 0


def at_isa(text: bytes, start: int, *, certain: bool = False) -> Delimiters | None:
    """The delimiters of the interchange whose ISA begins at `start`; None when it is not one.

    The element separator is the byte after ISA.  The component separator follows the sixteenth
    element separator, and the terminator is the next byte that is not blank, unless line ends
    are all there is before the next segment.  `certain` asks for numbers where they belong, so
    that no name and no note can be taken for an ISA.
    """
    begins = text[start : start + 24].translate(None, b"\r\n")
    if not 4 <= begins.find(begins[3:4], 4) <= 6:
        return None  # ISA01 is a two-digit code: prose that names ISA is no interchange
    isa = text[start : start + ISA_SPAN]
    # Line ends inside an ISA are wraps.  Where one ends the ISA itself, the first look finds none.
    return _counted(isa.translate(None, b"\r\n"), certain) or _counted(isa, certain)


def _counted(isa: bytes, certain: bool) -> Delimiters | None:
    element = isa[3:4]
    if not element or element.isalnum() or element in b" \r\n":
        return None
    parts = isa.split(element, 16)
    if len(parts) < 17:
        return None
    if certain and not all(parts[i].strip().isdigit() for i in (1, 9, 10, 12, 13)):
        return None
    ends = _ends(isa, len(isa) - len(parts[16])) or _without_component(element, parts)
    if not ends or ends[1] == element[0]:
        return None
    component, terminator = ends
    repetition, version = parts[11].strip(), parts[12].strip()
    modern = version >= b"00402" and len(repetition) == 1 and not repetition.isalnum()
    is_said = component not in _SPACE and component not in (element[0], terminator)
    return Delimiters(
        element[0],
        component if is_said else _USUAL_COMPONENT,
        terminator,
        repetition[0] if modern else 0,
    )


def _ends(isa: bytes, at: int) -> tuple[int, int] | None:
    """The component separator, which is here, and the terminator.

    None where one of them is a letter: then an element is missing, and others were counted for it.
    """
    terminator = _terminator(isa, at + 1)
    if terminator is None or isa[at : at + 1].isalnum() or bytes([terminator]).isalnum():
        return None
    return isa[at], terminator


def _without_component(element: bytes, parts: list[bytes]) -> tuple[int, int] | None:
    """The same of an ISA that lacks ISA16, and perhaps the separator before it."""
    pattern = _NO_ISA16.replace(b"%b", re.escape(element))
    for rest in (parts[16], element.join(parts[15:])):
        if found := re.match(pattern, rest, re.IGNORECASE | re.DOTALL):
            return _USUAL_COMPONENT, found.group(1)[0]
    return None


def in_fragment(text: bytes) -> Delimiters | None:
    """The delimiters of text without an ISA, guessed from its first ST and what follows it."""
    start = _ST.search(text)
    if not start:
        return None
    pattern = _HEADER.replace(b"%b", re.escape(start.group(1)))
    header = re.compile(pattern, re.IGNORECASE | re.DOTALL).search(text, start.start())
    if not header:
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
