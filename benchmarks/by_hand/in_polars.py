"""Three numbers written by hand in polars, from the core tables as Parquet.

For the invented world alone: no interim bills, voids, or answers tied by anything but number and
payer.  The library's facts settle all of that as well.
"""

from pathlib import Path

import polars as pl

NOT_OPEN = ("contractual", "patient_resp", "cob")
DAYS, NAMES = [30, 60, 90, 120], ["0-30", "31-60", "61-90", "91-120", ">120"]


def table(folder: str, name: str, *columns: str) -> pl.LazyFrame:
    return pl.scan_parquet(Path(folder) / f"{name}.parquet").select(columns)


def payers(folder: str) -> pl.LazyFrame:
    named = table(folder, "payer_map", "payer_code", "canonical_payer")
    return table(folder, "payer", "payer_id", "payer_code").join(named, "payer_code")


def bills(folder: str) -> pl.LazyFrame:
    """One row a claim: the first submission of each number and payer, replacements put to it."""
    columns = ("claim_id", "patient_control_number", "original_payer_claim_number", "payer_id",
               "service_to_date", "submission_date", "billed_amount")  # fmt: skip
    sent = table(folder, "claim", *columns).join(payers(folder), "payer_id")
    paid = table(folder, "remit_claim", "payer_claim_number", "patient_control_number")
    # A payment that answers nothing sent says nothing of the number either.
    known = paid.join(sent, "patient_control_number", how="semi")
    former = known.group_by("payer_claim_number").agg(former=pl.col("patient_control_number").min())
    sent = sent.join(
        former, left_on="original_payer_claim_number", right_on="payer_claim_number", how="left"
    )
    whole = pl.coalesce("former", "patient_control_number").alias("number")
    return sent.with_columns(whole).select(
        "claim_id", "number", "patient_control_number", "canonical_payer", "service_to_date",
        "submission_date", "billed_amount",
    )  # fmt: skip


def claims(folder: str) -> pl.LazyFrame:
    return (
        bills(folder)
        .sort("submission_date", "claim_id")
        .unique(["number", "canonical_payer"], keep="first", maintain_order=True)
    )


def payments(folder: str) -> pl.LazyFrame:
    """Claim payments with the number and payer of their claim."""
    given = table(folder, "remit", "remit_id", "payer_id", "payment_date")
    given = given.join(payers(folder), "payer_id")
    columns = ("remit_claim_id", "remit_id", "patient_control_number", "status_code",
               "charge_amount", "paid_amount")  # fmt: skip
    numbers = bills(folder).select("patient_control_number", "canonical_payer", "number").unique()
    return (
        table(folder, "remit_claim", *columns)
        .join(given, "remit_id")
        .join(numbers, ["patient_control_number", "canonical_payer"])
    )


def reasons(folder: str) -> pl.LazyFrame:
    meant = table(folder, "carc", "carc_code", "counts_as_denial", "adjustment_class")
    return table(folder, "adjustment", "remit_claim_id", "carc_code", "amount").join(
        meant, "carc_code"
    )


def first_answers(folder: str) -> pl.LazyFrame:
    """One row a claim answered: its first day, charge and what was denied that day."""
    key = ["number", "canonical_payer"]
    is_denial, is_pend = pl.col("counts_as_denial") == "yes", pl.col("adjustment_class") == "pend"
    amount = pl.col("amount")
    said = reasons(folder).group_by("remit_claim_id").agg(
        denied=amount.filter(is_denial).sum(),
        duplicate=amount.filter(pl.col("counts_as_denial") == "separate").sum(),
        pended=is_pend.all(),
    )  # fmt: skip
    answers = payments(folder).filter(pl.col("status_code") != "22")
    answers = answers.join(said, "remit_claim_id", how="left").filter(
        ~(pl.col("pended").fill_null(value=False) & (pl.col("paid_amount") == 0))
    )
    first = answers.group_by(key).agg(first_date=pl.col("payment_date").min())
    return (
        answers.join(first, key)
        .filter(pl.col("payment_date") == pl.col("first_date"))
        .group_by(*key, "first_date")
        .agg(pl.col("charge_amount", "denied", "duplicate").sum())
        .filter(~((pl.col("duplicate") > 0) & (pl.col("denied") == 0)))
    )


def initial_denial_rate(folder: str) -> list[list[object]]:
    """Payer, month, n, hits, value, low, high."""
    z, n, hits = 1.959963984540054, pl.col("n"), pl.col("hits")
    share, width = hits / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / width
    half = z / width * (share * (1 - share) / n + z * z / (4 * n * n)).sqrt()
    found = (
        first_answers(folder)
        .group_by("canonical_payer", pl.col("first_date").dt.truncate("1mo").alias("month"))
        .agg(n=pl.len(), hits=(pl.col("denied") > 0).sum())
        .with_columns(value=share, low=middle - half, high=middle + half)
        .sort("canonical_payer", "month")
        .collect()
    )
    rows = found.rows()
    return [[str(a), str(b), n, hits, *(f"{x:.9f}" for x in ends)] for a, b, n, hits, *ends in rows]


def denied_dollar_rate(folder: str) -> list[list[object]]:
    """Payer, dollars denied, dollars answered."""
    found = (
        first_answers(folder)
        .group_by("canonical_payer")
        .agg(pl.col("denied", "charge_amount").sum())
        .sort("canonical_payer")
        .collect()
    )
    return [[str(cell) for cell in row] for row in found.rows()]


def aging(folder: str) -> list[list[object]]:
    """Payer, age, open dollars."""
    key = ["number", "canonical_payer"]
    settles = pl.col("adjustment_class").is_in(NOT_OPEN)
    less = reasons(folder).filter(settles).group_by("remit_claim_id").agg(pl.col("amount").sum())
    paid = payments(folder).join(less, "remit_claim_id", how="left")
    settled = paid.group_by(key).agg(
        settled=pl.col("paid_amount").sum() + pl.col("amount").fill_null(0).sum()
    )
    written = table(folder, "write_off", "patient_control_number", "amount")
    written = written.group_by("patient_control_number").agg(written=pl.col("amount").sum())
    last = table(folder, "as_of", "as_of").collect().item()
    owed = claims(folder).join(settled, key, how="left").join(
        written, left_on="number", right_on="patient_control_number", how="left"
    )  # fmt: skip
    age = (pl.lit(last) - pl.col("service_to_date")).dt.total_days()
    is_first = pl.col("submission_date") == pl.col("submission_date").min().over("number")
    open_amount = (
        pl.col("billed_amount")
        - pl.col("settled").fill_null(0)
        - pl.when(is_first).then(pl.col("written").fill_null(0)).otherwise(0)
    )
    found = (
        owed.with_columns(age=age.cut(DAYS, labels=NAMES).cast(pl.String), open=open_amount)
        .filter(pl.col("open") > 0)
        .group_by("canonical_payer", "age")
        .agg(pl.col("open").sum())
        .sort("canonical_payer", "age")
        .collect()
    )
    return [[str(cell) for cell in row] for row in found.rows()]


STEPS = {
    "initial_denial_rate": initial_denial_rate,
    "denied_dollar_rate": denied_dollar_rate,
    "ar_aging": aging,
}
