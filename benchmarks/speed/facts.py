"""The project's own steps of benchmarks/metrics.py: a world made, its facts, the catalogue."""

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from analytics import Database, facts
from analytics.metrics import CATALOGUE, Metric

WORLD = Path(__file__).with_name("world.sql")
COUNTED = ("claim", "claim_line", "remit_claim", "remit_line", "adjustment")
ASKED = ("initial_denial_rate", "denied_dollar_rate", "ar_aging")
BY_HAND = ("claim", "remit", "remit_claim", "adjustment", "payer", "payer_map", "carc", "write_off")


def make(path: str, claims: int) -> dict[str, int]:
    """A database of that many submissions; how many rows its largest tables hold."""
    with Database(path) as db:
        db.connection.execute(f"SET VARIABLE claims = {claims}")
        db.connection.execute(WORLD.read_text("utf-8"))
        return {name: db.sql(f"SELECT count(*) FROM {name}").item() for name in COUNTED}


def build(path: str, memory: str, threads: int) -> dict[str, Any]:
    """Builds the facts: seconds and rows of each."""
    began: list[float] = []
    with Database(path, memory_limit=memory, threads=threads) as db:
        db.build(progress=lambda *_: began.append(time.perf_counter()))
        began.append(time.perf_counter())
        rows = [db.sql(f"SELECT count(*) FROM {fact.name}").item() for fact in facts.ALL]
    took = [after - before for before, after in pairwise(began)]
    names = [fact.name for fact in facts.ALL]
    return {name: {"seconds": s, "rows": n} for name, s, n in zip(names, took, rows, strict=False)}


def build_asked(path: str) -> None:
    """Builds only the facts that the numbers asked for by hand are computed from."""
    with Database(path) as db:
        db.build(only={CATALOGUE[name].fact.name for name in ASKED})


def catalogue(path: str, memory: str, threads: int, rounds: int) -> dict[str, Any]:
    """The best seconds of each metric by two dimensions."""
    with Database(path, read_only=True, memory_limit=memory, threads=threads) as db:
        return {
            name: {"by": _two(metric), "seconds": min(_timed(db, metric) for _ in range(rounds))}
            for name, metric in CATALOGUE.items()
        }


def _two(metric: Metric) -> list[str]:
    wanted = ("payer_name", "specialty", "line_of_business", "sex_code")
    return [name for name in wanted if name in metric.dimensions][:2]


def _timed(db: Database, metric: Metric) -> float:
    start = time.perf_counter()
    metric(db, by=_two(metric))
    return time.perf_counter() - start


def initial_denial_rate(path: str) -> list[list[object]]:
    """Payer, month, n, hits, value, low, high."""
    with Database(path, read_only=True) as db:
        frame = CATALOGUE["initial_denial_rate"](db, by="payer_name", every="month")
    columns = ("payer_name", "period", "n", "hits", "value", "low", "high")
    rows = frame.select(columns).rows()
    return [[str(a), str(b), n, hits, *(f"{x:.9f}" for x in ends)] for a, b, n, hits, *ends in rows]


def denied_dollar_rate(path: str) -> list[list[object]]:
    """Payer, dollars denied, dollars answered."""
    with Database(path, read_only=True) as db:
        frame = CATALOGUE["denied_dollar_rate"](db, by="payer_name")
    rows = frame.select("payer_name", "top", "bottom").rows()
    return [[str(cell) for cell in row] for row in rows]


def aging(path: str) -> list[list[object]]:
    """Payer, age, open dollars."""
    with Database(path, read_only=True) as db:
        frame = CATALOGUE["ar_aging"](db, by="payer_name")
    rows = frame.select("payer_name", "age_bucket", "amount").rows()
    return sorted([str(cell) for cell in row] for row in rows if row[1] != "credit")


def export(path: str, folder: str) -> None:
    """Writes the core tables that the same numbers need by hand as Parquet."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with Database(path, read_only=True) as db:
        for name in BY_HAND:
            db.connection.execute(f"COPY {name} TO '{folder}/{name}.parquet' (FORMAT parquet)")
        as_of = "COPY (SELECT as_of FROM build_info)"
        db.connection.execute(f"{as_of} TO '{folder}/as_of.parquet' (FORMAT parquet)")


STEPS = {
    "make": make,
    "build": build,
    "build_asked": build_asked,
    "catalogue": catalogue,
    "initial_denial_rate": initial_denial_rate,
    "denied_dollar_rate": denied_dollar_rate,
    "ar_aging": aging,
    "export": export,
}
