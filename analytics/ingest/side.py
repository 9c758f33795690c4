"""Side tables from CSV files that are named after them: eligibility, roster, the maps, ..."""

from typing import BinaryIO

import polars as pl

from analytics import cells, schema
from analytics.codes.shipped import LONGEST_DAYS
from analytics.errors import UnreadableFileError
from analytics.ingest import audits, rates
from analytics.ingest.extract import RECORDS_PER_FILE, Extract, Findings
from analytics.ingest.limits import MOST
from analytics.ingest.placeholders import says_nothing
from analytics.ingest.rules import REASONS

TABLES = (
    "eligibility",
    "roster",
    "payer_map",
    "provider_map",
    "write_off",
    "appeal",
    "patient_payment",
    "contract_rate",
    "audit",
)

RULED = ("appeal", "contract_rate", "payer_map", "audit")  # tables with rules of their own
DECISIONS = ("WON", "PARTLY_WON", "LOST", "WITHDRAWN")
_PERSON = (
    "member_id",
    "last_name",
    "first_name",
    "birth_date",
    "sex_code",
    "postal_code",
    "death_date",
)
NEEDED = {
    "eligibility": ("member_id", "start_date"),
    "roster": ("npi",),
    "payer_map": ("canonical_payer",),
    "provider_map": ("npi",),
    "write_off": ("patient_control_number", "write_off_date", "amount"),
    "appeal": ("patient_control_number", "appeal_date"),
    "patient_payment": ("patient_control_number", "payment_date", "amount"),
    "contract_rate": rates.NEEDED,
    "audit": audits.NEEDED,
}
_GIVEN_AT_LOAD = ("file_id", "record_no", "patient_id")
_UNREADABLE = {"DATE": "date_unreadable", "INTEGER": "quantity_unreadable"}


def table_of(name: str) -> str | None:
    """The side table that a file with this name holds, by how the name begins; None for others."""
    return next((t for t in TABLES if name.lower().rsplit("/", 1)[-1].startswith(t)), None)


def read(stream: BinaryIO, table: str, file: int = 0) -> Extract:
    """The rows of a CSV file as that table.  Raises UnreadableFileError for missing columns."""
    frame = _text(stream, table).with_row_index("record_no", offset=1)
    frame = frame.with_columns(pl.col("record_no").cast(pl.Int64) + file * RECORDS_PER_FILE)
    columns = {c.name: c.type for c in schema.table(table).columns}
    if table == "eligibility":
        columns |= dict.fromkeys(_PERSON, "VARCHAR") | {"birth_date": "DATE", "death_date": "DATE"}
    wanted = [n for n in columns if n in frame.columns and n not in _GIVEN_AT_LOAD]
    typed = frame.select("record_no", *(_typed(name, columns[name]) for name in wanted))
    typed = _formed(typed, table)
    fault = pl.coalesce(_faults(wanted, columns, table))
    both = typed.with_columns(frame.select(pl.all().name.prefix("_"))).with_columns(fault=fault)
    findings = _findings(both, table)
    sound = both.filter(pl.col("fault").is_null()).select("record_no", *wanted)
    return Extract(_split(sound, table), findings.frame(), len(frame))


def _text(stream: BinaryIO, table: str) -> pl.DataFrame:
    """The file as text columns, names in lower case."""
    frame = cells.read(stream.read(), f"a file for {table}").drop(cells.LINE)
    frame = frame.drop(_GIVEN_AT_LOAD, strict=False)
    missing = [c for c in NEEDED[table] if c not in frame.columns]
    if missing:
        raise UnreadableFileError(f"a file for {table} needs the columns {', '.join(missing)}")
    return frame


def _typed(name: str, kind: str) -> pl.Expr:
    """One column as the type that the schema gives it; null where unreadable."""
    text = pl.col(name)
    if kind == "DATE":
        return text.str.replace_all("-", "", literal=True).str.to_date("%Y%m%d", strict=False)
    if kind.startswith("DECIMAL"):
        plain = text.str.contains(r"^[+-]?\d*\.?\d{0,2}$")
        return pl.when(plain).then(text).cast(pl.Decimal(14, 2), strict=False).alias(name)
    if kind == "INTEGER":
        return text.cast(pl.Int32, strict=False)
    if name == "npi":
        return text.str.replace(r"^(\d{10})\.0+$", "$1")  # a spreadsheet took it for a number
    return text.str.to_uppercase() if name in _PERSON or name.endswith("_code") else text


def _faults(wanted: list[str], columns: dict[str, str], table: str) -> list[pl.Expr]:
    """For each column the rule that a row breaks there, or null."""
    unread = [
        pl.when(pl.col(f"_{n}").is_not_null() & pl.col(n).is_null()).then(
            pl.lit(_unreadable(n, columns[n]))
        )
        for n in wanted
        if columns[n] != "VARCHAR"
    ]
    absurd = [
        pl.when(pl.col(n).abs() > MOST).then(pl.lit("amount_absurd"))
        for n in wanted
        if columns[n].startswith("DECIMAL") and table != "contract_rate"
    ]
    needed = [
        pl.when(pl.col(f"_{n}").is_null()).then(pl.lit("value_missing")) for n in NEEDED[table]
    ]
    return [*unread, *absurd, *needed, *_own_faults(wanted, table)]


def ruled(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Typed rows of one of the `RULED` tables in its form, with the rule each breaks in `fault`."""
    wanted = [name for name in schema.table(table).column_names if name in frame.columns]
    coded = [name for name in wanted if name.endswith("_code")]
    frame = _formed(frame.with_columns(pl.col(coded).str.to_uppercase()), table)
    return frame.with_columns(
        fault=pl.coalesce(pl.lit(None, pl.String), *_own_faults(wanted, table))
    )


def _formed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Codes of the tables that have rules of their own, in one form."""
    form = {"contract_rate": rates.formed, "audit": audits.formed}.get(table)
    return form(frame) if form else frame


def _own_faults(wanted: list[str], table: str) -> list[pl.Expr]:
    own = {
        "appeal": _of_decision, "contract_rate": rates.faults, "payer_map": _of_payer,
        "audit": audits.faults,
    }  # fmt: skip
    return own[table](wanted) if table in own else []


def _unreadable(name: str, kind: str) -> str:
    """The rule that a cell breaks which is not of the type of its column."""
    number = "percent_unreadable" if name.endswith("_percent") else "amount_unreadable"
    return _UNREADABLE.get(kind, number)


def _of_decision(wanted: list[str]) -> list[pl.Expr]:
    """For an appeal: a decision that is none of ours, or that lacks its day."""
    names = ("decision_code", "decision_date")
    code, day = (pl.col(n) if n in wanted else pl.lit(None) for n in names)
    return [
        pl.when(~code.is_in(DECISIONS)).then(pl.lit("decision_unknown")),
        pl.when(code.is_null() != day.is_null()).then(pl.lit("decision_undated")),
    ]


def _of_payer(wanted: list[str]) -> list[pl.Expr]:
    """For a payer: a name that is none, which would match nothing, or days no payer is given."""
    names = [n for n in ("payer_code", "payer_name", "canonical_payer") if n in wanted]
    days = [pl.col(n) for n in wanted if n.endswith("_days")]
    state = pl.col("state_code") if "state_code" in wanted else pl.lit(None, pl.String)
    return [
        *(pl.when(says_nothing(pl.col(n))).then(pl.lit("value_placeholder")) for n in names),
        *(pl.when(~d.is_between(1, LONGEST_DAYS)).then(pl.lit("days_out_of_range")) for d in days),
        pl.when(~state.str.contains(r"^[A-Z]{2}$")).then(pl.lit("state_unknown")),
    ]


def _findings(frame: pl.DataFrame, table: str) -> Findings:
    findings = Findings()
    for rule in frame["fault"].drop_nulls().unique().sort().to_list():
        records = frame.filter(pl.col("fault") == rule)["record_no"]
        findings.add(records, table, rule, REASONS[rule])
    return findings


def _split(frame: pl.DataFrame, table: str) -> dict[str, pl.DataFrame]:
    """Rows that name a person as two frames, so that identity stays in the table patient."""
    if table != "eligibility":
        return {table: frame}
    person = [name for name in _PERSON if name in frame.columns]
    cover = frame.drop(person).with_columns(patient_id=pl.col("record_no"))
    return {"patient": frame.select("record_no", *person), table: cover}
