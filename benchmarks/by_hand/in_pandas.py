"""Three numbers written by hand in pandas, from the core tables as Parquet.

As in_polars.py, step by step.  Amounts become floating point, as they do in pandas by habit.
"""

import pandas as pd

NOT_OPEN = ["contractual", "patient_resp", "cob"]
DAYS, NAMES = [-99999, 30, 60, 90, 120, 99999], ["0-30", "31-60", "61-90", "91-120", ">120"]
KEY = ["number", "canonical_payer"]


def table(folder: str, name: str, *columns: str) -> pd.DataFrame:
    frame = pd.read_parquet(f"{folder}/{name}.parquet", columns=list(columns))
    for column in columns:
        if column.endswith("amount"):
            frame[column] = frame[column].astype("float64")
        if column.endswith("date"):
            frame[column] = pd.to_datetime(frame[column])
    return frame


def payers(folder: str) -> pd.DataFrame:
    named = table(folder, "payer_map", "payer_code", "canonical_payer")
    return table(folder, "payer", "payer_id", "payer_code").merge(named, on="payer_code")


def bills(folder: str) -> pd.DataFrame:
    sent = table(folder, "claim", "claim_id", "patient_control_number",
                 "original_payer_claim_number", "payer_id", "service_to_date", "submission_date",
                 "billed_amount").merge(payers(folder), on="payer_id")  # fmt: skip
    paid = table(folder, "remit_claim", "payer_claim_number", "patient_control_number")
    paid = paid[paid["patient_control_number"].isin(sent["patient_control_number"])]
    former = paid.groupby("payer_claim_number")["patient_control_number"].min().rename("former")
    sent = sent.merge(former, left_on="original_payer_claim_number", right_index=True, how="left")
    sent["number"] = sent["former"].fillna(sent["patient_control_number"])
    return sent


def payments(folder: str) -> pd.DataFrame:
    given = table(folder, "remit", "remit_id", "payer_id", "payment_date")
    given = given.merge(payers(folder), on="payer_id")
    columns = ["patient_control_number", "canonical_payer", "number"]
    numbers = bills(folder)[columns].drop_duplicates()
    paid = table(folder, "remit_claim", "remit_claim_id", "remit_id", "patient_control_number",
                 "status_code", "charge_amount", "paid_amount")  # fmt: skip
    return paid.merge(given, on="remit_id").merge(numbers, on=columns[:2])


def reasons(folder: str) -> pd.DataFrame:
    meant = table(folder, "carc", "carc_code", "counts_as_denial", "adjustment_class")
    return table(folder, "adjustment", "remit_claim_id", "carc_code", "amount").merge(
        meant, on="carc_code"
    )


def first_answers(folder: str) -> pd.DataFrame:
    said = reasons(folder)
    said["denied"] = said["amount"].where(said["counts_as_denial"] == "yes", 0)
    said["duplicate"] = said["amount"].where(said["counts_as_denial"] == "separate", 0)
    said["pended"] = said["adjustment_class"] == "pend"
    said = said.groupby("remit_claim_id").agg(
        {"denied": "sum", "duplicate": "sum", "pended": "all"}
    )
    paid = payments(folder)
    paid = paid[paid["status_code"] != "22"].merge(said, on="remit_claim_id", how="left")
    is_pend = paid["pended"].eq(True) & (paid["paid_amount"] == 0)
    answers = paid[~is_pend]
    first = answers.groupby(KEY, as_index=False)["payment_date"].min()
    answers = answers.merge(first, on=[*KEY, "payment_date"])
    summed = answers.groupby([*KEY, "payment_date"], as_index=False)[
        ["charge_amount", "denied", "duplicate"]
    ].sum()
    return summed[~((summed["duplicate"] > 0) & (summed["denied"] == 0))]


def initial_denial_rate(folder: str) -> list[list[object]]:
    """Payer, month, n, hits, value, low, high."""
    first = first_answers(folder)
    first["hit"] = first["denied"] > 0
    first["month"] = first["payment_date"].dt.to_period("M").dt.start_time
    found = first.groupby(["canonical_payer", "month"])["hit"].agg(["size", "sum"]).reset_index()
    z, n, share = 1.959963984540054, found["size"], found["sum"] / found["size"]
    width = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / width
    half = z / width * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    days = found["month"].dt.strftime("%Y-%m-%d")
    ends = [[f"{x:.9f}" for x in column] for column in (share, middle - half, middle + half)]
    parts = zip(found["canonical_payer"], days, n.tolist(), found["sum"].tolist(), *ends,
                strict=True)  # fmt: skip
    return [list(row) for row in parts]


def denied_dollar_rate(folder: str) -> list[list[object]]:
    """Payer, dollars denied, dollars answered."""
    found = first_answers(folder).groupby("canonical_payer")[["denied", "charge_amount"]].sum()
    return [[payer, f"{a:.2f}", f"{b:.2f}"] for payer, a, b in found.itertuples()]


def aging(folder: str) -> list[list[object]]:
    """Payer, age, open dollars."""
    sent = bills(folder).sort_values(["submission_date", "claim_id"]).drop_duplicates(KEY)
    less = reasons(folder)
    less = less[less["adjustment_class"].isin(NOT_OPEN)].groupby("remit_claim_id")["amount"].sum()
    paid = payments(folder).merge(less, on="remit_claim_id", how="left")
    paid["settled"] = paid["paid_amount"] + paid["amount"].fillna(0)
    settled = paid.groupby(KEY, as_index=False)["settled"].sum()
    written = table(folder, "write_off", "patient_control_number", "amount")
    written = written.groupby("patient_control_number")["amount"].sum().rename("written")
    owed = sent.merge(settled, on=KEY, how="left").merge(
        written, left_on="number", right_index=True, how="left"
    )
    earliest = owed.groupby("number")["submission_date"].transform("min")
    written_off = owed["written"].fillna(0).where(owed["submission_date"] == earliest, 0)
    owed["open"] = (owed["billed_amount"] - owed["settled"].fillna(0) - written_off).round(2)
    last = pd.to_datetime(pd.read_parquet(f"{folder}/as_of.parquet")["as_of"].iloc[0])
    days = (last - owed["service_to_date"]).dt.days
    owed["age"] = pd.cut(days, DAYS, labels=NAMES).astype(str)
    found = owed[owed["open"] > 0].groupby(["canonical_payer", "age"])["open"].sum()
    return [[payer, age, f"{amount:.2f}"] for (payer, age), amount in found.items()]


STEPS = {
    "initial_denial_rate": initial_denial_rate,
    "denied_dollar_rate": denied_dollar_rate,
    "ar_aging": aging,
}
