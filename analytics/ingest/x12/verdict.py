"""What becomes of each transaction set: loaded, rejected or skipped, and why."""

from dataclasses import dataclass

import polars as pl

from analytics.ingest.extract import RECORDS_PER_FILE, Findings
from analytics.ingest.rules import REASONS

COLUMNS = (
    "transaction_id",
    "record_no",
    "type_code",
    "implementation_code",
    "isa_control_number",
    "gs_control_number",
    "st_control_number",
    "sender_code",
    "receiver_code",
    "interchange_date",
    "is_test",
    "reference_number",
    "purpose_code",
    "use_code",
    "segment_count",
    "claim_count",
    "acknowledgement_count",
    "status",
    "is_balanced",
    "difference_amount",
    "unbalanced_claim_count",
    "unbalanced_line_count",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sets of the files read, the findings on them, and the records of rejected ones."""

    sets: pl.DataFrame  # as the table transaction_set
    rejected: pl.DataFrame
    dropped: pl.DataFrame  # first, last: record numbers of rejected sets, and of test TA1


def judge(
    sets: pl.DataFrame,
    envelope: pl.DataFrame,
    strays: list[int],
    files: list[int],
    *,
    strict: bool,
    include_test: bool,
) -> Verdict:
    """Decide on each set.  Rejected are: cut off, test, unreadable amount; unbalanced if strict."""
    loaded = pl.col("status") == "loaded"
    remit = pl.col("type_code") == "835"
    whole = (
        pl.when(remit)
        .then("is_balanced")
        .otherwise(pl.col("last_is_balanced").fill_null(value=False))
    )
    rule = pl.coalesce(
        _when(loaded & pl.col("is_test") & (not include_test), "test_interchange"),
        _when(loaded & remit & pl.col("stated").is_null(), "set_amount_unreadable"),
        _when(loaded & ~pl.col("has_trailer") & (pl.col("is_torn") | ~whole), "set_cut_off"),
        _when(loaded & ~pl.col("is_balanced") & strict, "set_unbalanced"),
    )
    sets = sets.with_columns(rule=rule)
    bad = pl.col("rule").is_not_null()
    sets = sets.with_columns(status=pl.when(bad).then(pl.lit("rejected")).otherwise("status"))
    findings = Findings()
    _note_rejected(sets, findings)
    _note_advice(sets, findings)
    _note_envelope(envelope, findings)
    _note_empty(sets, files, findings)
    if strays:
        where = pl.Series(strays)
        findings.add(
            where,
            "transaction_set",
            "segments_outside_sets",
            REASONS["segments_outside_sets"],
            severity="warning",
        )
    dropped = sets.filter(bad).select(first="record_no", last="last")
    return Verdict(sets.select(COLUMNS), findings.frame(), dropped)


def _note_rejected(sets: pl.DataFrame, findings: Findings) -> None:
    for rule in sets["rule"].drop_nulls().unique(maintain_order=True).to_list():
        records = sets.filter(pl.col("rule") == rule)["record_no"]
        findings.add(records, "transaction_set", rule, REASONS[rule])


def _note_empty(sets: pl.DataFrame, files: list[int], findings: Findings) -> None:
    """Files without any set: never zero claims in silence."""
    held = set((sets["record_no"] // RECORDS_PER_FILE).to_list())
    empty = pl.Series([file * RECORDS_PER_FILE + 1 for file in files if file not in held])
    rule = "no_transaction_sets"
    findings.add(empty, "transaction_set", rule, REASONS[rule])


def _note_advice(sets: pl.DataFrame, findings: Findings) -> None:
    """Findings on sets that load all the same."""
    known = sets.filter(pl.col("status") == "loaded")
    count = pl.col("se_count").cast(pl.Int64, strict=False)
    remit, trailer = pl.col("type_code") == "835", pl.col("has_trailer")
    _warn(sets.filter(pl.col("status") == "skipped"), "type_skipped", findings)
    _warn(known.filter(~trailer), "trailer_missing", findings)
    _warn(
        known.filter(trailer & count.ne_missing(pl.col("segment_count"))),
        "segment_count_differs",
        findings,
    )
    control = pl.col("se_control").ne_missing(pl.col("st_control_number"))
    _warn(known.filter(trailer & control), "control_number_differs", findings)
    _warn(
        known.filter(remit & (pl.col("difference_amount") != 0).fill_null(value=True)),
        "transaction_unbalanced",
        findings,
    )


def _note_envelope(envelope: pl.DataFrame, findings: Findings) -> None:
    """Findings on groups and interchanges: trailers, counts and control numbers."""
    for opens, closes, inner, own, theirs in (
        ("GS", "GE", "ST", "e6", "e2"),
        ("ISA", "IEA", "GS", "e13", "e2"),
    ):
        kept = envelope.filter(pl.col("name").is_in([opens, closes, inner]))
        kept = kept.select("record_no", "name", "e1", theirs, own).sort("record_no")
        found = kept.with_columns(
            file=pl.col("record_no") // RECORDS_PER_FILE,
            loop=(pl.col("name") == opens).cum_sum().over(pl.col("record_no") // RECORDS_PER_FILE),
        )
        loops = (
            found.filter(pl.col("loop") > 0)
            .group_by("file", "loop", maintain_order=True)
            .agg(
                pl.col("record_no").first(),
                held=(pl.col("name") == inner).sum().cast(pl.Int64),
                closed=(pl.col("name") == closes).any(),
                count=pl.col("e1")
                .filter(pl.col("name") == closes)
                .first()
                .cast(pl.Int64, strict=False),
                opening=pl.col(own).filter(pl.col("name") == opens).first(),
                closing=pl.col(theirs).filter(pl.col("name") == closes).first(),
            )
        )
        closed = loops.filter("closed")
        _warn(loops.filter(~pl.col("closed")), "trailer_missing", findings)
        _warn(
            closed.filter(pl.col("count").ne_missing(pl.col("held"))), "set_count_differs", findings
        )
        _warn(
            closed.filter(pl.col("opening").ne_missing(pl.col("closing"))),
            "control_number_differs",
            findings,
        )


def _warn(sets: pl.DataFrame, rule: str, findings: Findings) -> None:
    findings.add(sets["record_no"], "transaction_set", rule, REASONS[rule], severity="warning")


def _when(condition: pl.Expr, rule: str) -> pl.Expr:
    return pl.when(condition.fill_null(value=False)).then(pl.lit(rule))
