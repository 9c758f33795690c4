"""Typed rows of a feed as frames of the core tables: people, claims, lines, codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from analytics import schema
from analytics.ingest.extract import RECORDS_PER_FILE, Extract, Findings
from analytics.ingest.feeds.feed import Part
from analytics.ingest.feeds.text import Rows
from analytics.ingest.feeds.typed import Typed
from analytics.ingest.rules import REASONS

LINE = (
    "line:"  # begins the names of what a row says of its line, where it says the same of its claim
)
CLAIM = ("claim_number", "claim_key")
PERSON = (
    "member_id",
    "last_name",
    "first_name",
    "birth_date",
    "sex_code",
    "postal_code",
    "state_code",
    "death_date",
)
AMOUNTS = tuple(
    name for name in schema.polars_schema("payer_claim_line") if name.endswith("_amount")
)
NO_CLAIMS = pl.Series("claim_number", [], dtype=pl.String)
_GIVEN = {"file_id", "patient_id"}


def part(
    rows: Rows, read: Typed, tables: Mapping[str, pl.DataFrame], faulty: pl.Series = NO_CLAIMS
) -> Part:
    """The tables of a block with all that was found wrong in it."""
    table = list(tables)[-1]
    rule = "columns_differ"
    read.findings.add(rows.ragged, table, rule, REASONS[rule])
    extract = Extract(dict(tables), read.findings.frame(), len(rows.frame) + len(rows.ragged))
    return Part(extract, faulty)


def unused(table: str, file: int) -> Iterator[Part]:
    """A file of a feed that says nothing of claims, members or payers: known, and left alone."""
    findings = Findings()
    rule = "table_not_used"
    first = pl.Series([file * RECORDS_PER_FILE + 1])
    findings.add(first, table, rule, REASONS[rule], severity="warning")
    yield Part(Extract({}, findings.frame()), NO_CLAIMS)


def people(frame: pl.DataFrame) -> pl.DataFrame:
    """The person each record names."""
    return frame.select("record_no", *(name for name in PERSON if name in frame.columns))


def picked(frame: pl.DataFrame, table: str, *, prefix: str = "") -> pl.DataFrame:
    """The columns that the table has; those with the prefix come before those without."""
    have = set(frame.columns)
    chosen = [
        pl.col(prefix + name if prefix + name in have else name).alias(name)
        for name in schema.polars_schema(table)
        if name not in _GIVEN and (name in have or prefix + name in have)
    ]
    if "patient_id" in schema.polars_schema(table) and "member_id" in have:
        chosen.append(pl.col("record_no").alias("patient_id"))
    return frame.select(chosen)


def whole_claims(read: Typed, table: str) -> tuple[pl.DataFrame, pl.Series]:
    """The rows of claims of which no row was refused, and the numbers of the others."""
    faulty = read.refused["claim_number"].drop_nulls().unique()
    beside = pl.col("claim_number").is_in(faulty.implode())
    dropped = read.frame.filter(beside)
    rule = "claim_rejected"
    read.findings.add(dropped["record_no"], table, rule, REASONS[rule])
    return read.frame.filter(~beside), faulty


def identified(frame: pl.DataFrame, feed: str) -> pl.DataFrame:
    """The rows with their feed and the id of their claim: the first record of it in the block.

    A claim that a file sends and takes back is two versions, told apart by adjustment_code.
    """
    apart = [name for name in ("adjustment_code",) if name in frame.columns]
    key = pl.col("claim_key") if "claim_key" in frame.columns else pl.col("claim_number")
    frame = frame.with_columns(feed_code=pl.lit(feed), claim_key=pl.coalesce(key, "claim_number"))
    return frame.with_columns(payer_claim_id=pl.col("record_no").min().over(*CLAIM, *apart))


def claims(frame: pl.DataFrame, *, sums: bool) -> pl.DataFrame:
    """One row per claim: what its first row says, or the sums and span of its lines."""
    first = frame.filter(pl.col("record_no") == pl.col("payer_claim_id"))
    if not sums:
        return picked(first, "payer_claim")
    added = [name for name in AMOUNTS if LINE + name in frame.columns]
    total = [
        pl.when(pl.col(LINE + name).count() > 0).then(pl.col(LINE + name).sum()).alias(name)
        for name in added
    ]
    named = first.select(pl.all().exclude(added)).join(
        frame.group_by("payer_claim_id").agg(total), on="payer_claim_id", how="left"
    )
    return picked(named, "payer_claim")


def lines(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per service line."""
    return picked(
        frame.with_columns(payer_claim_line_id="record_no"), "payer_claim_line", prefix=LINE
    )


def modifiers(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The frame with the modifiers of these columns as a list and as a key, the columns dropped."""
    there = pl.concat_list(pl.col(names).str.to_uppercase()).list.drop_nulls()
    return frame.with_columns(modifiers=there, modifier_key=there.list.sort().list.join(",")).drop(
        names
    )


def codes(
    frame: pl.DataFrame, places: Iterable[tuple[str, int, Mapping[str, str]]], table: str
) -> pl.DataFrame:
    """Codes that stand in columns side by side as rows: (kind, position, column -> its source)."""
    code = "diagnosis_code" if table == "payer_claim_diagnosis" else "procedure_code"
    kept = ["record_no", "payer_claim_id", "feed_code", "claim_number"]
    parts = [
        frame.filter(pl.col(sources[code]).is_not_null()).select(
            *kept,
            *(
                pl.col(source).alias(name)
                if source in frame.columns
                else pl.lit(None, pl.String).alias(name)
                for name, source in sources.items()
            ),
            position=pl.lit(position, pl.Int32),
            kind=pl.lit(kind),
        )
        for kind, position, sources in places
        if sources[code] in frame.columns
    ]
    if not parts:
        return pl.DataFrame(schema=schema.polars_schema(table)).drop("file_id")
    return picked(pl.concat(parts, how="diagonal"), table)


def noted(findings: Findings, frame: pl.DataFrame, table: str) -> None:
    """Note what loads although it looks wrong: a last day before the first, money below nothing."""
    rule = "dates_out_of_order"
    if {"service_from_date", "service_to_date"} <= set(frame.columns):
        rows = frame.filter(pl.col("service_to_date") < pl.col("service_from_date"))
        findings.add(rows["record_no"], table, rule, REASONS[rule], severity="warning")
    rule = "paid_negative"
    if "paid_amount" in frame.columns:
        rows = frame.filter(pl.col("paid_amount") < 0)
        findings.add(rows["record_no"], table, rule, REASONS[rule], severity="warning")
