"""oxedi, compiled: typed Arrow tables of an 835, whole or set by set."""

import mmap
from pathlib import Path

import oxedi

TABLES = {"claims": "claims", "lines": "services", "adjustments": "adjustments"}


def whole(path: str) -> dict[str, int]:
    tables = oxedi.parse_file(path).tables
    return {name: len(tables[table]) for name, table in TABLES.items()}


def by_set(path: str) -> dict[str, int]:
    found = dict.fromkeys(TABLES, 0)
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:
        for batch in oxedi.stream(data):
            for name, table in TABLES.items():
                found[name] += len(batch.tables[table])
    return found


STEPS = {"835": whole, "835 stream": by_set}
