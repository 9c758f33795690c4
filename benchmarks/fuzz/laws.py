"""What must hold for every reading, whatever was read.

Many small files are read together, as reading one costs as much as reading many; the laws are held
to all of them at once.  Only some cases are read once more alone, in chunks or undressed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import plain
import polars as pl
import polars.selectors as cs
import worlds

from analytics import schema
from analytics.ingest.extract import RECORDS_PER_FILE, Extract
from analytics.ingest.rules import REASONS
from analytics.ingest.x12 import cutting, envelope, read
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.read import Reader
from analytics.ingest.x12.tokens import Segments
from analytics.ingest.x12.verdict import Verdict
from fuzz.cases import Case

# Which segments of which sets must become rows, kept or rejected.
ROWS = {
    "remit_claim": ("835", ("CLP",)),
    "remit_line": ("835", ("SVC",)),
    "claim": ("837", ("CLM",)),
    "claim_line": ("837", ("SV1", "SV2", "SV3")),
}
BLANKS = " \r\n\x1a\0"  # that a dress puts behind the last segment
# What a column of ids leads to, where its name does not say it.
LEADS_TO = dict.fromkeys(("subscriber", "corrected_patient", "other_subscriber"), "patient")
LEADS_TO |= {"transaction": "transaction_set"}


@dataclass
class Reading:
    """Files read together."""

    tables: dict[str, pl.DataFrame]
    rejected: pl.DataFrame  # of the chunks
    verdict: Verdict
    counts: dict[int, int]  # records by file
    problems: dict[int, str]
    expected: dict[str, Counter[int]] = field(default_factory=dict[str, Counter[int]])


def read_together(raws: Mapping[int, bytes], *, fast: bool = False) -> Reading:
    """Read the files, by number; counts on the way what the segments say there must be.

    `fast` takes the road of machine code, which only large chunks take otherwise.
    """
    reader, expected = Reader(), list[dict[str, Counter[int]]]()
    files = [(number, lambda raw=raw: BytesIO(raw)) for number, raw in raws.items()]
    with _watched(lambda found: expected.append(_expected(found)), fast=fast):
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
def _watched(watch: Callable[[Segments], None], *, fast: bool) -> Iterator[None]:
    """Show `watch` each chunk before it is read."""
    part_of, worth = read.part_of, (cutting.WORTH_IT, cutting.WORTH_STARTING)

    def watching(found: Segments):  # noqa: ANN202
        watch(found)
        return part_of(found)

    read.part_of = watching
    cutting.WORTH_IT = cutting.WORTH_STARTING = 0 if fast else 1 << 40
    try:
        yield
    finally:
        read.part_of = part_of
        cutting.WORTH_IT, cutting.WORTH_STARTING = worth


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
    most = max(found.counts, default=0) + 1
    counts = pl.Series([found.counts.get(i, 0) for i in range(most)], dtype=pl.Int64)
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
    """Every id leads to one row that is there."""
    frames = {**found.tables, "transaction_set": found.verdict.sets}
    for name, frame in frames.items():
        for column in (c for c in frame.columns if c.endswith("_id")):
            parent = LEADS_TO.get(column[:-3], column[:-3])
            if parent == name:
                lost, law = frame[column].filter(frame[column].is_duplicated()), "twice"
            elif parent in schema.tables():
                ids = _ids(frames.get(parent), column if parent != "patient" else "patient_id")
                lost, law = frame[column].drop_nulls(), "leads nowhere"
                lost = lost.filter(~lost.is_in(ids.implode()))
            else:
                continue
            yield from ((f, f"{name}.{column} {law}") for f in (lost // RECORDS_PER_FILE).unique())


def _ids(frame: pl.DataFrame | None, key: str) -> pl.Series:
    """The ids of a table's rows; those of people and payers are their record numbers."""
    if frame is None:
        return pl.Series([0])
    return frame[key if key in frame.columns else "record_no"]


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
    return sorted(n for n in one.keys() | other.keys() if one.get(n) != other.get(n))


def differing(one: Reading, other: Reading) -> Iterator[tuple[int, str]]:
    """Files of the other reading of which the two say other things, and in which table."""
    left, right = _prints(one), _prints(other)
    yield from (
        (f, table)
        for table, f in left.keys() | right.keys()
        if f in other.counts and left[table, f] != right[table, f]
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
            ).with_columns(cs.by_name("raw", require_all=False).str.strip_chars(BLANKS))
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
