"""Reads a great many damaged files and holds every reading to its laws.

    python benchmarks/fuzz_x12.py --cases 50000 --seed 1

Seeds are the drawn files of the tests, the broken sample, and the files of a folder given.  Prints
what was read and every law that was broken, with the number of the case: the same seed and number
give the same bytes, and --only NUMBER reads it alone.  Exit code 1 if a law was broken.
"""

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # many small frames: threads only cost
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tests" / "ingest"), str(HERE.parent)]

import worlds  # noqa: E402
from fuzz import laws  # noqa: E402
from fuzz.cases import Case, case  # noqa: E402
from wire import Wire  # noqa: E402

from analytics.errors import AnalyticsError  # noqa: E402

LONGEST_SEED = 6000  # bytes
TOGETHER = 4000  # cases
IN_CHUNKS, BY_HAND, TWICE = 1000, 4, 10  # one case (or, at last, batch) in so many is read again
USUAL = (b"ISA*00*", b"*0*P*:~")


@dataclass
class Tally:
    """What was read."""

    cases: int = 0
    unreadable: int = 0
    sets: int = 0
    again: Counter[str] = field(default_factory=Counter[str])
    rejected: Counter[str] = field(default_factory=Counter[str])
    broken: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    slowest: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.cases:,} cases; not readable: {self.unreadable:,}; "
            f"transaction sets: {self.sets:,}\n  read again: {dict(self.again)}; "
            f"slowest {TOGETHER}: {self.slowest:.1f} s\n  findings: "
            f"{dict(self.rejected.most_common())}\n  broken laws: {len(self.broken)}"
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=3600, help="the most it may take")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="number of the one case to read")
    parser.add_argument("--seeds", type=Path, help="a folder of X12 files to damage, too")
    parser.add_argument("--save", type=Path, help="a file for the bytes of the case of --only")
    return parser.parse_args()


def seeds(folder: Path | None) -> list[bytes]:
    """The files that cases are made of."""
    drawn = [worlds.remits(1), worlds.remits(2), worlds.claims(), worlds.stays()]
    drawn += [worlds.taken(), worlds.replies()]
    found = [Wire(line_end=end).write(one).encode() for one in drawn for end in ("", "", "\n")]
    found.append(Wire(line_end="").write(worlds.everything()).encode())
    folders = [HERE.parent / "sample_data" / "broken", *([folder] if folder else [])]
    for path in sorted(p for f in folders for p in f.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        if len(raw) <= LONGEST_SEED and b"ST" in raw and path.suffix not in (".md", ".json"):
            found.append(raw)
    return found


def hold(cases: list[Case], tally: Tally, *, fast: bool) -> None:
    """Read some cases together and hold them to the laws; where that fails, find the case."""
    began = time.monotonic()
    try:
        found = laws.read_together({c.number: c.raw for c in cases}, fast=fast)
        faults = set(laws.broken(found))
        faults |= again(cases, found, tally, fast=fast)
    except Exception as error:  # noqa: BLE001
        _find(cases, tally, error, fast=fast)
        return
    tally.slowest = max(tally.slowest, time.monotonic() - began)
    tally.unreadable += len(found.problems)
    tally.sets += len(found.verdict.sets)
    for rejected in (found.rejected, found.verdict.rejected):
        tally.rejected.update(rejected["rule"].to_list() if len(rejected) else [])
    tally.broken |= {(file, law) for file, law in faults if file is not None}
    if any(file is None for file, _ in faults):
        _find(cases, tally, None, fast=fast)


def _find(cases: list[Case], tally: Tally, error: Exception | None, *, fast: bool) -> None:
    """Halve the cases until the one at fault is alone."""
    if len(cases) == 1:
        said = "a law that names no file"
        if error is not None:
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
        tally.broken.add((cases[0].number, said))
        return
    half, before = len(cases) // 2, len(tally.broken)
    for part in (cases[:half], cases[half:]):
        hold(part, tally, fast=fast)
    if len(tally.broken) == before:
        tally.broken.add((cases[0].number, f"only together with others: {error}"))


def again(
    cases: list[Case], found: laws.Reading, tally: Tally, *, fast: bool
) -> set[tuple[int, str]]:
    """Read some of the cases once more, in another way."""
    by_hand = {c.number: c for c in cases if c.number % BY_HAND == 0 and is_usual(c.plain)}
    plain = {c.number: c.plain for c in cases if c.is_dressed}
    tally.again.update({"by hand": len(by_hand), "undressed": len(plain)})
    faults = set(laws.counted_by_hand(found, by_hand))
    other = laws.read_together(plain, fast=fast)
    faults |= {(i, f"undressed: other {table}") for i, table in laws.differing(found, other)}
    if len(cases) == 1 or cases[0].number // TOGETHER % TWICE == 0:
        tally.again["on both roads"] += len(cases)
        other = laws.read_together({c.number: c.raw for c in cases}, fast=not fast)
        faults |= {(i, f"on the other road: {table}") for i, table in laws.differing(found, other)}
    for one in cases:
        if one.number % IN_CHUNKS == 0 or len(cases) == 1:
            with suppress(AnalyticsError):
                tally.again["in chunks"] += 1
                tables = laws.in_chunks(one, 300 + one.number % 1700)
                faults |= {(one.number, f"in chunks: other {table}") for table in tables}
    return faults


def is_usual(text: bytes) -> bool:
    """Whether a plain split reads it: one header as drawn, and line ends only behind segments."""
    head, bare = text[:120], text.replace(b"~\r\n", b"~").replace(b"~\n", b"~")
    is_plain = text.isascii() and not set(bare) & set(b"\r\n") and text.upper().count(b"ISA") == 1
    return is_plain and head.startswith(USUAL[0]) and USUAL[1] in head


def run(options: argparse.Namespace) -> Tally:
    """All cases, or as many as there is time for."""
    texts, tally, began = seeds(options.seeds), Tally(), time.monotonic()
    first, count = (options.only, 1) if options.only is not None else (options.first, options.cases)
    for start in range(first, first + count, TOGETHER):
        numbers = range(start, min(start + TOGETHER, first + count))
        made = [case(number, options.seed, texts) for number in numbers]
        if options.save:
            options.save.write_bytes(made[0].raw)
        before = set(tally.broken)
        hold(made, tally, fast=start // TOGETHER % 2 == 1)
        tally.cases += len(made)
        for number, law in sorted(tally.broken - before):
            print(f"  case {number}: {law}", file=sys.stderr)
        print(f"{tally.cases:,} cases, {len(tally.broken)} broken laws", file=sys.stderr)
        if time.monotonic() - began > options.seconds:
            break
    return tally


def main() -> None:
    """Run, and say what came of it."""
    options, began = arguments(), time.monotonic()
    tally = run(options)
    print(f"{tally}\n  in {time.monotonic() - began:.0f} s")
    raise SystemExit(bool(tally.broken))


if __name__ == "__main__":
    main()
