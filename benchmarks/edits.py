"""How long all edits of coding take against tables of full size, and without any.

``python benchmarks/edits.py --claims 333000``: the facts are built twice, without and with tables
of 2.5 million NCCI pairs; told are the seconds of the facts of edits, and of all facts.
"""

import argparse
import os
import tempfile
from pathlib import Path

from speed import facts as own

from analytics import Database
from analytics.facts_edits import EDITS

SPEED = Path(__file__).parent / "speed"
_COUNTED = """
SELECT (SELECT count(*) FROM claim_line) AS lines,
    (SELECT count(*) FROM ncci_ptp WHERE setting = 'practitioner') AS pairs,
    (SELECT count(*) FROM line_edit) AS broken
"""


def main() -> None:
    """Make, build, tell; everything is in a folder that goes away."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--claims", type=int, default=333_000)
    asked.add_argument("--memory", default="8GB")
    asked.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/edits.duckdb"
        own.make(path, given.claims)
        for name, what in (("without tables", "edited_claims"), ("with tables", "edits")):
            with Database(path) as db:
                db.connection.execute((SPEED / f"{what}.sql").read_text("utf-8"))
            _tell(name, path, given)


def _tell(name: str, path: str, given: argparse.Namespace) -> None:
    built = own.build(path, given.memory, given.threads)
    with Database(path, read_only=True) as db:
        lines, pairs, broken = db.sql(_COUNTED).row(0)
    names = [fact.name for fact in EDITS if fact.name in built]
    seconds = sum(built[n]["seconds"] for n in names)
    whole = sum(one["seconds"] for one in built.values())
    load = os.getloadavg()[0]
    print(f"{name}: {lines:,} lines, {pairs:,} pairs, {broken:,} broken: edits {seconds:.1f} s of")
    print(f"  {whole:.1f} s for all facts; load of the machine {load:.1f}")
    for fact in sorted(names, key=lambda n: -built[n]["seconds"])[:6]:
        print(f"  {fact}: {built[fact]['seconds']:.2f} s, {built[fact]['rows']:,} rows")


if __name__ == "__main__":
    main()
