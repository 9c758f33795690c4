"""The project's own steps of benchmarks/growth.py: files loaded, facts, ten metrics."""

import time

from analytics import Database, load
from analytics.metrics import CATALOGUE

TEN = (
    "initial_denial_rate",
    "denied_dollar_rate",
    "line_denial_rate",
    "clean_claim_rate",
    "first_pass_rate",
    "overturn_rate",
    "days_submission_to_payment",
    "net_collection_rate",
    "ar_aging",
    "pmpm",
)


def _opened(path: str, memory: str, threads: int) -> Database:
    return Database(path, memory_limit=memory, threads=threads)


def loaded(path: str, memory: str, threads: int, folder: str) -> int:
    """How many records the files of the folder hold; raises RuntimeError where one is left out."""
    with _opened(path, memory, threads) as db:
        report = load(db, folder, progress=False)
        if report.total("rejected"):
            raise RuntimeError("not all of the sample could be loaded")
        return report.total("claims")


def build(path: str, memory: str, threads: int) -> dict[str, int]:
    """Builds the facts; how many claims and lines there are."""
    with _opened(path, memory, threads) as db:
        db.build(progress=False)
        counted = {"claims": "claim", "lines": "claim_line", "payments": "remit_claim"}
        return {name: db.sql(f"SELECT count(*) FROM {of}").item() for name, of in counted.items()}


def month(path: str, memory: str, threads: int) -> list[str]:
    """Builds what was loaded since; raises RuntimeError where all had to be built."""
    with _opened(path, memory, threads) as db:
        db.build(full=False, progress=False)
        if db.last_build is None or db.last_build.why_all:
            raise RuntimeError("all facts were built anew")
        return [str(db.last_build)]


def ten(path: str, memory: str, threads: int) -> dict[str, float]:
    """The seconds of each of ten metrics by payer and month."""
    found = {}
    with Database(path, read_only=True, memory_limit=memory, threads=threads) as db:
        for name in TEN:
            start = time.perf_counter()
            every = {} if name == "ar_aging" else {"every": "month"}
            CATALOGUE[name](db, by="payer_name", **every)
            found[name] = time.perf_counter() - start
    return found


STEPS = {"load": loaded, "build": build, "month": month, "ten": ten}
