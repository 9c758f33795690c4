"""`revcycle check`: what a file says, whether it balances, and what is wrong where.

A file is read in chunks, of which only sums, findings and the first places out of balance are kept:
so a file of any size can be checked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from analytics import schema
from analytics.errors import UnreadableFileError
from analytics.ingest.extract import REJECTED, Extract
from analytics.ingest.files import Source
from analytics.ingest.x12.read import Reader

COUNTS = ("claims", "lines", "answers", "refused")
AMOUNTS = ("charge", "line_charge", "patient", "paid", "taken", "payment")
OUTSIDE = -1  # in place of the number of a set

_DIFFERENCE = pl.Decimal(38, 2)
_SUMS = pl.DataFrame(
    schema={"set": pl.Int64} | dict.fromkeys(COUNTS, pl.Int64) | dict.fromkeys(AMOUNTS, _DIFFERENCE)
)
_PLACES = pl.DataFrame(
    schema={"set": pl.Int64, "level": pl.String, "record_no": pl.Int64, "off": _DIFFERENCE}
)


@dataclass(frozen=True, slots=True)
class Check:
    """A file as read, or the problem that kept it from being.

    `sets` are those of the table transaction_set in the order of the file, numbered from 0, with
    sums.  `findings` have the number of their set (-1 outside any), what was found, how often, and
    where first; `places` say which claims and lines are out of balance, and by how much.
    """

    name: str
    problem: str = ""
    records: int = 0
    sets: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: pl.DataFrame = field(default_factory=pl.DataFrame)
    places: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def is_clean(self) -> bool:
        """Nothing was found."""
        return not self.problem and not len(self.findings)


def check_file(source: Source, *, include_test: bool = False, most: int = 10) -> Check:
    """Read one file, whatever it holds; `most` places are named of each kind."""
    reader, kept = Reader(expected_bytes=source.byte_count), _Kept(most)
    try:
        for extract in reader.extracts([(0, source.open)]):
            kept.add(extract)
    except UnreadableFileError as error:
        return Check(source.name, problem=str(error))
    except OSError as error:
        return Check(source.name, problem=error.strerror or type(error).__name__)
    if reader.problems:
        return Check(source.name, problem=reader.problems[0])
    verdict = reader.verdict(include_test=include_test)
    kept.found.append(_placed(verdict.rejected))
    sets = verdict.sets.sort("record_no").with_row_index("number")
    count = reader.record_counts[0]
    return Check(source.name, "", count, kept.summed(sets), kept.findings(sets), kept.unbalanced())


@dataclass(slots=True)
class _Kept:
    """What is kept of the chunks."""

    most: int
    sums: list[pl.DataFrame] = field(default_factory=lambda: [_SUMS])
    places: list[pl.DataFrame] = field(default_factory=lambda: [_PLACES])
    found: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])

    def add(self, extract: Extract) -> None:
        """Keep what matters of a chunk."""
        self.sums += _sums(extract.tables)
        places = pl.concat([_PLACES, *_unbalanced(extract.tables)], how="diagonal_relaxed")
        self.places.append(self._first(places))
        self.found.append(_placed(extract.rejected))

    def summed(self, sets: pl.DataFrame) -> pl.DataFrame:
        """The sets with what their claims, lines and answers add up to."""
        parts = pl.concat(self.sums, how="diagonal_relaxed")
        there = pl.col(AMOUNTS).is_not_null().any()
        sums = parts.group_by("set").agg(
            pl.col(COUNTS).sum(), pl.when(there).then(pl.col(AMOUNTS).sum())
        )
        return sets.join(
            sums, left_on="transaction_id", right_on="set", how="left", maintain_order="left"
        ).with_columns(pl.col(COUNTS).fill_null(0))

    def unbalanced(self) -> pl.DataFrame:
        """The first claims and lines of each set that do not balance."""
        return self._first(pl.concat(self.places).sort("record_no"))

    def findings(self, sets: pl.DataFrame) -> pl.DataFrame:
        """What was found, by set, with the first places of each."""
        rows = pl.concat(self.found).sort("record_no", maintain_order=True)
        number = sets["record_no"].search_sorted(rows["record_no"], side="right").cast(pl.Int64) - 1
        end = (sets["record_no"] + sets["segment_count"]).gather(number.replace(OUTSIDE, None))
        inside = (rows["record_no"] < end).fill_null(value=False)
        number = number.zip_with(inside, pl.Series([OUTSIDE]))
        records = pl.col("record_no").unique()
        return (
            rows.with_columns(number=number)
            .group_by("number", "severity", "rule", "table_name", "reason", maintain_order=True)
            .agg(count=pl.len(), records=records.len(), places=records.sort().head(self.most))
        )

    def _first(self, places: pl.DataFrame) -> pl.DataFrame:
        return places.group_by("set", "level", maintain_order=True).head(self.most)


def _placed(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings without the text of their records, in few bytes each."""
    words = [name for name, kind in REJECTED.items() if kind == pl.String and name != "raw"]
    return findings.select("record_no", pl.col(words).cast(pl.Categorical))


def _sums(tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Per set, what the rows of a chunk add up to."""
    count = pl.len().cast(pl.Int64)
    if "remit_claim" in tables:
        claims, lines = _with_set(tables, "remit_claim", "remit_line", "remit_id")
        amounts = {"charge": "charge_amount", "paid": "paid_amount"}
        amounts["patient"] = "patient_responsibility_amount"
        sums = {name: pl.col(column).sum() for name, column in amounts.items()}
        yield claims.group_by("set").agg(claims=count, **sums)
        yield lines.group_by("set").agg(lines=count)
        yield _rows(tables, "remit").select(set="remit_id", payment="payment_amount")
        taken = _rows(tables, "provider_adjustment").group_by(set="remit_id")
        yield taken.agg(taken=pl.col("amount").sum())
    if "claim" in tables:
        claims, lines = _with_set(tables, "claim", "claim_line", "transaction_id")
        charge = pl.col("billed_amount").sum()
        yield claims.group_by("set").agg(claims=count, charge=charge)
        yield lines.group_by("set").agg(lines=count, line_charge=charge)
    answers = _rows(tables, "acknowledgement")
    if "transaction_id" in answers.columns:  # a TA1 is in no set
        refused = (pl.col("action") == "rejected").sum().cast(pl.Int64)
        of_sets = answers.drop_nulls("transaction_id").group_by(set="transaction_id")
        yield of_sets.agg(answers=count, refused=refused)


def _rows(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """The rows of a table; a chunk without any may lack it."""
    return tables[name] if name in tables else pl.DataFrame(schema=schema.polars_schema(name))


def _with_set(
    tables: Mapping[str, pl.DataFrame], claim: str, line: str, of: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The claims and the lines of a chunk, each with its set."""
    claims, key = tables[claim].rename({of: "set"}), f"{claim}_id"
    owners = claims.select(key, "set")
    return claims, _rows(tables, line).join(owners, on=key, maintain_order="left")


def _unbalanced(tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The claims and lines of a chunk that do not balance, and by how much."""
    if "remit_claim" in tables:
        claims, lines = _with_set(tables, "remit_claim", "remit_line", "remit_id")
        due = pl.col("charge_amount") - pl.col("amount").fill_null(0) - pl.col("paid_amount")
        for level, frame in (("claim", claims), ("line", lines)):
            key = f"remit_{level}_id"
            taken = _rows(tables, "adjustment").group_by(key).agg(pl.col("amount").sum())
            yield _off(frame.join(taken, on=key, how="left", maintain_order="left"), level, due)
    if "claim" in tables:
        claims, lines = _with_set(tables, "claim", "claim_line", "transaction_id")
        total = lines.group_by("claim_id").agg(pl.col("billed_amount").sum().alias("total"))
        due = pl.col("billed_amount") - pl.col("total").fill_null(0)
        joined = claims.join(total, on="claim_id", how="left", maintain_order="left")
        yield _off(joined, "claim", due)


def _off(frame: pl.DataFrame, level: str, due: pl.Expr) -> pl.DataFrame:
    """The rows where `due` is not zero."""
    found = frame.select("set", level=pl.lit(level), record_no="record_no", off=due)
    return found.filter(pl.col("off") != 0)
