"""The files that are measured: made by the project's generator, cut, and counted in their bytes."""

import re
from pathlib import Path
from typing import Any

BYTES_PER_CLAIM = 515  # of a file of either kind, per claim asked of the generator
KINDS = {"835": "835/835_ALL.edi", "837P": "837/837P.edi"}

_CLAIM = {"835": rb"~\n(?=CLP\*)", "837P": rb"~\n(?=HL\*\d+\*\d+\*22\*)"}
_ABOVE = {"835": (b"~\nST*", b"~\nCLP*"), "837P": (b"**20*1~", b"~\nCLM*")}
_COUNTED = {"835": (b"\nCLP*", b"\nSVC*"), "837P": (b"\nCLM*", b"\nSV1*")}


def make(folder: str, megabytes: float, one_set: bool = False) -> dict[str, Any]:
    """An 835 and an 837P of about `megabytes` each: path, bytes, claims, lines and adjustments."""
    from analytics import sample

    claims = int(megabytes * 1e6 / BYTES_PER_CLAIM)
    sample.write(
        Path(folder), claims=claims, files="single", one_set=one_set, with_truth=False, seed=3
    )
    return {kind: count(str(Path(folder) / name), kind) for kind, name in KINDS.items()}


def count(path: str, kind: str) -> dict[str, Any]:
    """Claims, lines and adjustments in a file, counted in its bytes alone."""
    found = {"path": path, "bytes": 0, "claims": 0, "lines": 0, "adjustments": 0}
    kept = b""
    with Path(path).open("rb") as file:
        while block := file.read(1 << 24):
            whole, mark, rest = (kept + block).rpartition(b"~")
            found["bytes"] += len(block)
            for name, segment in zip(("claims", "lines"), _COUNTED[kind], strict=True):
                found[name] += whole.count(segment)
            for cas in re.finditer(rb"\nCAS\*[^~]*", whole):
                found["adjustments"] += (cas[0].count(b"*") + 1) // 3
            kept = mark + rest
    return found


def cut(source: str, kind: str, size: int, target: str) -> dict[str, Any]:
    """Copies whole claims, `size` bytes at most, closes the envelope and counts what is there.

    The last payment of a cut 835 is more than its claims add up to.
    """
    with Path(source).open("rb") as file:
        head = file.read(size)
    above, claim = _ABOVE[kind]
    end = max(
        found.end()
        for found in re.finditer(_CLAIM[kind], head)
        if claim in head[head.rfind(above, 0, found.end()) : found.end() - 1]
    )
    Path(target).write_bytes(head[:end] + _closing(head[:end]))
    return count(target, kind)


def _closing(body: bytes) -> bytes:
    """SE, GE and IEA for an interchange that breaks off within a transaction set."""
    opened = body.rfind(b"\nST*") + 1
    number = body[opened : body.index(b"~", opened)].split(b"*")[2]
    group = re.findall(rb"\nGS\*(?:[^*~]*\*){5}([^*~]*)", body)[0]
    segments, sets, isa = body.count(b"~", opened) + 1, body.count(b"\nST*"), body.split(b"*")[13]
    return b"SE*%d*%s~\nGE*%d*%s~\nIEA*1*%s~\n" % (segments, number, sets, group, isa)


STEPS = {"make": make, "count": count, "cut": cut}
