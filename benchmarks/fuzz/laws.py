"""What must hold for every reading, whatever was read.

Many small files are read together, as reading one costs as much as reading many; the laws are held
to all of them at once.  Only some cases are read once more alone, in chunks or undressed.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import plain
import polars as pl
import worlds

from analytics import schema
from analytics.ingest.extract import RECORDS_PER_FILE, Extract
from analytics.ingest.rules import REASONS
from analytics.ingest.x12 import envelope, read
from analytics.ingest.x12.read import Reader
from analytics.ingest.x12.tokens import Segments, packed
from analytics.ingest.x12.verdict import Verdict
from fuzz.cases import Case

# Which segments of which sets must become rows, kept or rejected.
ROWS = {
    "remit_claim": ("835", ("CLP",)),
    "remit_line": ("835", ("SVC",)),
    "claim": ("837", ("CLM",)),
    "claim_line": ("837", ("SV1", "SV2", "SV3")),
}
REFERENCES = (
    ("remit_line", "remit_claim", "remit_claim_id"),
    ("adjustment", "remit_claim", "remit_claim_id"),
    ("adjustment", "remit_line", "remit_line_id"),
    ("remark", "remit_claim", "remit_claim_id"),
    ("claim_line", "claim", "claim_id"),
    ("claim_diagnosis", "claim", "claim_id"),
    ("claim_other_payer_adjustment", "claim_line", "claim_line_id"),
    ("acknowledgement_error", "acknowledgement", "acknowledgement_id"),
)
UNIQUE = {"remit_claim": "remit_claim_id", "remit_line": "remit_line_id", "claim": "claim_id"}
UNIQUE |= {"claim_line": "claim_line_id"}


@dataclass
class Reading:
    """Files read together."""

    tables: dict[str, pl.DataFrame]
    rejected: pl.DataFrame  # of the chunks
    verdict: Verdict
    counts: dict[int, int]  # records by file
    problems: dict[int, str]
    expected: dict[str, Counter[int]] = field(default_factory=dict[str, Counter[int]])


def read_together(raws: list[bytes], chunk_size: int = read.CHUNK) -> Reading:
    """Read the files; counts on the way what the segments say there must be."""
    reader, expected = Reader(chunk_size=chunk_size), list[dict[str, Counter[int]]]()
    files = [(i, lambda raw=raw: BytesIO(raw)) for i, raw in enumerate(raws)]
    with _watched(lambda found: expected.append(_expected(found))):
        parts = list(reader.extracts(files))
    named = {name for part in parts for name in part.tables}
    return Reading(
        {name: _together(parts, name) for name in named},
        pl.concat([part.rejected for part in parts]) if parts else pl.DataFrame(),
        reader.verdict(include_test=True),
        reader.record_counts,
        reader.problems,
        {name: sum((e[name] for e in expected), Counter()) for name in ROWS},
    )


def _together(parts: list[Extract], name: str) -> pl.DataFrame:
    return pl.concat([p.tables[name] for p in parts if name in p.tables], how="diagonal")


@contextmanager
def _watched(watch: Callable[[Segments], None]) -> Iterator[None]:
    """Show `watch` each chunk before it is read."""
    part_of = read.part_of

    def watching(found: Segments):  # noqa: ANN202
        watch(found)
        return part_of(found)

    read.part_of = watching
    try:
        yield
    finally:
        read.part_of = part_of


def _expected(found: Segments) -> dict[str, Counter[int]]:
    """Per table and file, how many rows the segments of a chunk must give."""
    kinds = np.append(envelope.kinds(found), 0)[envelope.set_of(found)]
    kinds[: found.context] = 0
    file = found.record_no // RECORDS_PER_FILE
    counted: dict[str, Counter[int]] = {}
    for table, (kind, names) in ROWS.items():
        wanted = np.isin(found.code, [packed(name) for name in names]) & (kinds == packed(kind))
        counted[table] = Counter(file[wanted].tolist())
    return counted


def broken(found: Reading) -> Iterator[tuple[int | None, str]]:
    """The laws that are broken, with the file where it is known."""
    yield from _types(found)
    yield from _places(found)
    yield from _lost(found)
    yield from _references(found)
    yield from _silent(found)
    yield from _sums(found)


def _types(found: Reading) -> Iterator[tuple[int | None, str]]:
    for name, frame in found.tables.items():
        known = schema.polars_schema(name)
        wrong = [c for c, kind in frame.schema.items() if c in known and kind != known[c]]
        if wrong:
            yield None, f"types of {name}: {', '.join(wrong)}"


def _places(found: Reading) -> Iterator[tuple[int | None, str]]:
    """Every record number is one of its file."""
    counts = pl.Series([found.counts[i] for i in range(len(found.counts))], dtype=pl.Int64)
    listed = {**found.tables, "rejected": found.rejected, "findings": found.verdict.rejected}
    for name, frame in listed.items():
        if len(frame):
            record = frame["record_no"]
            file, place = record // RECORDS_PER_FILE, record % RECORDS_PER_FILE
            bad = file.filter((place < 1) | (place > counts.gather(file).clip(1)))
            yield from ((f, f"places of {name}") for f in bad.unique().to_list())
    unknown = set(found.verdict.rejected["rule"]) - set(REASONS)
    if unknown:
        yield None, f"rules {unknown}"


def _lost(found: Reading) -> Iterator[tuple[int | None, str]]:
    """Loaded and rejected are what was read."""
    out = found.rejected.filter(pl.col("severity") == "rejected") if len(found.rejected) else None
    for table, expected in found.expected.items():
        rows: Counter[int] = Counter()
        for frame in (
            found.tables.get(table),
            None if out is None else out.filter(pl.col("table_name") == table),
        ):
            if frame is not None:
                rows.update((frame["record_no"] // RECORDS_PER_FILE).to_list())
        for file in expected.keys() | rows.keys():
            if expected[file] != rows[file]:
                yield file, f"{table}: {expected[file]} read, {rows[file]} kept and rejected"


def _references(found: Reading) -> Iterator[tuple[int | None, str]]:
    sets = found.verdict.sets["transaction_id"]
    for table, key in (("remit_claim", "remit_id"), ("claim", "transaction_id")):
        if table in found.tables:
            yield from _unresolved(found.tables[table][key], sets, f"{table}.{key}")
    for child, parent, key in REFERENCES:
        if child in found.tables and key in found.tables[child].columns:
            ids = found.tables[parent][key] if parent in found.tables else pl.Series([0])
            yield from _unresolved(found.tables[child][key], ids, f"{child}.{key}")
    for table, key in UNIQUE.items():
        if table in found.tables:
            twice = found.tables[table].filter(pl.col(key).is_duplicated())[key]
            yield from ((f, f"{key} twice") for f in (twice // RECORDS_PER_FILE).unique())


def _unresolved(keys: pl.Series, ids: pl.Series, name: str) -> Iterator[tuple[int | None, str]]:
    keys = keys.drop_nulls()
    lost = keys.filter(~keys.is_in(ids.implode()))
    yield from ((f, f"{name} leads nowhere") for f in (lost // RECORDS_PER_FILE).unique())


def _silent(found: Reading) -> Iterator[tuple[int | None, str]]:
    """A file without any set or finding, and without a word on what is wrong with it."""
    listed = (found.verdict.sets, found.verdict.rejected, found.rejected)
    said = {f for frame in listed if len(frame) for f in frame["record_no"] // RECORDS_PER_FILE}
    yield from ((f, "nothing said") for f in found.counts if f not in said | set(found.problems))


def _sums(found: Reading) -> Iterator[tuple[int | None, str]]:
    """The balance of each payment is that of the rows."""
    sets = found.verdict.sets.filter(pl.col("type_code") == "835")
    if "remit_claim" not in found.tables or not len(sets):
        return
    paid = found.tables["remit_claim"].group_by("remit_id").agg(paid=pl.col("paid_amount").sum())
    taken = found.tables.get("provider_adjustment")
    if taken is None:
        taken = pl.DataFrame(schema=schema.polars_schema("provider_adjustment"))
    taken = taken.group_by("remit_id").agg(taken=pl.col("amount").sum())
    stated = found.tables["remit"].select("remit_id", "payment_amount")
    for other in (paid, taken, stated):
        sets = sets.join(other, left_on="transaction_id", right_on="remit_id", how="left")
    wide = pl.Decimal(38, 2)
    due = [pl.col(c).cast(wide).fill_null(0) for c in ("paid", "taken")]
    off = due[0] - due[1] - pl.col("payment_amount").cast(wide)
    wrong = sets.filter(off != pl.col("difference_amount").cast(wide))["transaction_id"]
    yield from ((f, "difference_amount") for f in (wrong // RECORDS_PER_FILE).unique())


def in_chunks(case: Case, size: int) -> list[str]:
    """Tables that are others when a case is read in chunks."""
    one, other = worlds.reading([case.raw]), worlds.reading([case.raw], size)
    names = (one.keys() | other.keys()) - {"provider"}  # named as the first chunk names them
    return sorted(n for n in names if one.get(n) != other.get(n))


def differing(one: Reading, other: Reading) -> Iterator[tuple[int, str]]:
    """Files of which two readings say other things, and in which table."""
    left, right = _prints(one), _prints(other)
    yield from (
        (f, table) for table, f in left.keys() | right.keys() if left[table, f] != right[table, f]
    )


def _prints(found: Reading) -> Counter[tuple[str, int]]:
    """A number for each table and file that only the same rows give."""
    listed = {**found.tables, "rejected": found.rejected, "sets": found.verdict.sets}
    listed["findings"] = found.verdict.rejected
    prints: Counter[tuple[str, int]] = Counter()
    for name, frame in listed.items():
        if len(frame):
            lists = [c for c, kind in frame.schema.items() if kind == pl.List]
            rows = frame.with_columns(
                pl.col(c).cast(pl.List(pl.String)).list.join(",") for c in lists
            )
            file = frame["record_no"] // RECORDS_PER_FILE
            hashed = pl.DataFrame(
                {"file": file, "row": rows.select(sorted(rows.columns)).hash_rows()}
            )
            sums = hashed.group_by("file").agg(pl.col("row").cast(pl.Int128).sum())
            prints.update({(name, f): n for f, n in sums.iter_rows()})
    prints.update({("problems", f): hash(said) for f, said in found.problems.items()})
    return prints


def counted_by_hand(found: Reading, cases: dict[int, Case]) -> Iterator[tuple[int, str]]:
    """Files of which a plain split counts other rows than are kept and rejected."""
    out = found.rejected.filter(pl.col("severity") == "rejected") if len(found.rejected) else None
    tables = ("transaction_set", "remit", *ROWS, "adjustment", "provider_adjustment")
    frames = {**found.tables, "transaction_set": found.verdict.sets}
    ours: dict[str, Counter[int]] = {}
    for table in tables:
        kept = [frames[table]["record_no"]] if table in frames else []
        kept += [] if out is None else [out.filter(pl.col("table_name") == table)["record_no"]]
        ours[table] = Counter(f for records in kept for f in records // RECORDS_PER_FILE)
    for file, case in cases.items():
        theirs = plain.counts(plain.split(case.plain.decode()))
        wrong = [t for t in tables if ours[t][file] != theirs[t]]
        if wrong:
            yield file, f"by hand: other {', '.join(wrong)}"
