"""Reads a great many damaged files and holds every reading to its laws.

    python benchmarks/fuzz_x12.py --cases 50000 --seconds 600 --seed 1

Seeds are the drawn files of the tests, the broken sample, and the files of a folder given.  Prints
what was read and every law that was broken, with the number of the case: the same seed and number
give the same bytes, and --only NUMBER reads it alone.  Exit code 1 if a law was broken.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tests" / "ingest"), str(HERE.parent)]

import worlds  # noqa: E402
from fuzz import laws  # noqa: E402
from fuzz.cases import Case, case  # noqa: E402
from wire import Wire  # noqa: E402

from analytics.errors import AnalyticsError  # noqa: E402
from analytics.ingest.x12.delimiters import at_isa  # noqa: E402

LONGEST_SEED = 6000  # bytes
TOGETHER = 2000  # cases
IN_CHUNKS, BY_HAND = 100, 4  # one case in so many is read once more
SHOWN = 25
USUAL = (b"ISA*00*", b"*0*P*:~")


@dataclass
class Tally:
    """What was read."""

    cases: int = 0
    unreadable: int = 0
    sets: int = 0
    again: Counter[str] = field(default_factory=Counter[str])
    rejected: Counter[str] = field(default_factory=Counter[str])
    broken: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    slowest: float = 0.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="number of the one case to read")
    parser.add_argument("--seeds", type=Path, help="a folder of X12 files to damage, too")
    parser.add_argument("--save", type=Path, help="a folder for the bytes of broken cases")
    return parser.parse_args()


def seeds(folder: Path | None) -> list[bytes]:
    """The files that cases are made of."""
    drawn = [worlds.remits(1), worlds.remits(2), worlds.claims(), worlds.stays()]
    drawn += [worlds.taken(), worlds.everything()]
    found = [Wire(line_end=end).write(one).encode() for one in drawn for end in ("", "", "\n")]
    folders = [HERE.parent / "sample_data" / "broken", *([folder] if folder else [])]
    for path in sorted(p for f in folders for p in f.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        if len(raw) <= LONGEST_SEED and b"ST" in raw and path.suffix != ".md":
            found.append(raw)
    return found


def hold(cases: list[Case], tally: Tally) -> None:
    """Read some cases together and hold them to the laws; where that fails, find the case."""
    began = time.monotonic()
    try:
        found = laws.read_together([c.raw for c in cases])
        faults = list(laws.broken(found))
    except Exception as error:  # noqa: BLE001
        _find(cases, tally, error)
        return
    tally.slowest = max(tally.slowest, time.monotonic() - began)
    tally.unreadable += len(found.problems)
    tally.sets += len(found.verdict.sets)
    for rejected in (found.rejected, found.verdict.rejected):
        tally.rejected.update(rejected["rule"].to_list() if len(rejected) else [])
    again(cases, found, tally)
    for file, law in faults:
        if file is not None:
            tally.broken.append((cases[file].number, law))
        elif len(cases) > 1:
            _find(cases, tally, None)
        else:
            tally.broken.append((cases[0].number, law))


def _find(cases: list[Case], tally: Tally, error: Exception | None) -> None:
    """Halve the cases until the one at fault is alone."""
    if len(cases) == 1 and error is not None:
        if not isinstance(error, AnalyticsError):
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
            tally.broken.append((cases[0].number, said))
        return
    half = len(cases) // 2
    before = len(tally.broken)
    for part in (cases[:half], cases[half:]):
        hold(part, tally)
    if len(tally.broken) == before:
        tally.broken.append((cases[0].number, f"only together with others: {error}"))


def again(cases: list[Case], found: laws.Reading, tally: Tally) -> None:
    """Read some of the cases once more, in another way."""
    by_hand = {i: c for i, c in enumerate(cases) if c.number % BY_HAND == 0 and is_usual(c.plain)}
    dressed = {i: c for i, c in enumerate(cases) if c.is_dressed}
    tally.again.update({"by hand": len(by_hand), "undressed": len(dressed)})
    faults = list(laws.counted_by_hand(found, by_hand))
    if dressed:
        raws, plains = [c.raw for c in dressed.values()], [c.plain for c in dressed.values()]
        places = list(dressed)
        other = laws.differing(laws.read_together(raws), laws.read_together(plains))
        faults += [(places[i], f"undressed: other {table}") for i, table in other]
    tally.broken += [(cases[i].number, law) for i, law in faults]
    for one in cases:
        if one.number % IN_CHUNKS == 0:
            with suppress(AnalyticsError):
                tally.again["in chunks"] += 1
                tables = laws.in_chunks(one, 300 + one.number % 1700)
                tally.broken += [(one.number, f"in chunks: other {table}") for table in tables]


def is_usual(text: bytes) -> bool:
    """Whether a plain split reads it: one header as drawn, and line ends only behind segments."""
    head, bare = text[:120], text.replace(b"~\r\n", b"~").replace(b"~\n", b"~")
    is_plain = text.isascii() and not set(bare) & set(b"\r\n") and text.upper().count(b"ISA") == 1
    return is_plain and head.startswith(USUAL[0]) and USUAL[1] in head


def alike(one: Case) -> tuple[bool, str]:
    """Sorts cases so that those stand together that the reader can read as one chunk."""
    text = one.plain.lstrip()
    found = at_isa(text, 0) if text[:3].upper() == b"ISA" else None
    return found is None, str(found)


def run(options: argparse.Namespace) -> Tally:
    """All cases, or as many as there is time for."""
    texts, tally, began = seeds(options.seeds), Tally(), time.monotonic()
    first, count = (options.only, 1) if options.only is not None else (options.first, options.cases)
    for start in range(first, first + count, TOGETHER):
        numbers = range(start, min(start + TOGETHER, first + count))
        made = [case(number, options.seed, texts) for number in numbers]
        made.sort(key=alike)
        hold(made, tally)
        tally.cases += len(made)
        if time.monotonic() - began > options.seconds:
            break
    if options.save:
        options.save.mkdir(parents=True, exist_ok=True)
        for number, _ in tally.broken:
            (options.save / f"{number}.edi").write_bytes(case(number, options.seed, texts).raw)
    return tally


def main() -> None:
    """Run, and say what came of it."""
    options, began = arguments(), time.monotonic()
    tally = run(options)
    seconds = time.monotonic() - began
    print(f"{tally.cases:,} cases in {seconds:.0f} s ({tally.cases / seconds:.0f} a second)")
    print(f"  not readable: {tally.unreadable:,}; transaction sets: {tally.sets:,}")
    print(f"  read again: {dict(tally.again)}; slowest {TOGETHER}: {tally.slowest:.1f} s")
    print(f"  findings: {dict(tally.rejected.most_common())}")
    broken = sorted(set(tally.broken))
    print(f"  broken laws: {len(broken)}")
    for number, law in broken[:SHOWN]:
        print(f"    case {number}: {law}")
    raise SystemExit(bool(broken))


if __name__ == "__main__":
    main()
