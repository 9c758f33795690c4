"""What a row of a contract's rates must hold to, and the one form of its codes.

A code in an odd spelling would load and match no line, or, worse, seem to name no modifiers and
outrank the general rate.  So each is brought to the form that claims have where only one can be
meant (11.0, full-width digits, any separator), and breaks a rule of its own where not.
"""

import polars as pl

from analytics import schema
from analytics.ingest.placeholders import says_nothing

METHODS = ("FEE", "PERCENT_OF_CHARGE", "PERCENT_OF_MEDICARE")
UNITS = ("UNIT", "LINE")
CLAIM_TYPES = ("professional", "institutional", "dental")
NEEDED = ("payer_name", "method_code", "start_date")
HIGHEST_AMOUNT, HIGHEST_PERCENT = 10_000_000, 1_000
_ALL = (
    "claim_type", "procedure_code", "modifier_key", "place_of_service_code", "facility",
    "rate_amount", "rate_percent", "unit_code", "locality_code", "end_date",
)  # fmt: skip
_CODES = (
    "claim_type", "method_code", "procedure_code", "modifier_key", "place_of_service_code",
    "unit_code", "locality_code",
)  # fmt: skip
_NO_MODIFIERS = "NONE"
_BETWEEN = r"[\s,;:|/\\+&_.\p{Pd}]+"
_MODIFIER, _MOST_MODIFIERS = "[A-Z0-9]{2}", 4  # SV101-3 to -6
_CALCULATED = r"^(\d+)\.0+$"  # a code that a spreadsheet took for a number


def formed(frame: pl.DataFrame) -> pl.DataFrame:
    """The typed rows with codes in the form of claims; NONE, no modifiers, is an empty key."""
    known = [name for name in _CODES if name in frame.columns]
    text = pl.col(known).str.normalize("NFKC").str.strip_chars().str.to_uppercase()
    frame = frame.with_columns(text.str.replace(_CALCULATED, "$1"))
    forms = {
        "claim_type": pl.col("claim_type").str.to_lowercase(),
        "modifier_key": _key(pl.col("modifier_key")),
        "place_of_service_code": pl.col("place_of_service_code").str.replace(r"^(\d)$", "0$1"),
        "locality_code": _locality(pl.col("locality_code")),
    }
    return frame.with_columns(**{name: form for name, form in forms.items() if name in known})


def faults(wanted: list[str]) -> list[pl.Expr]:
    """For each rule the name of it where a row breaks it, or null."""
    kinds = schema.polars_schema("contract_rate")
    cell = {n: pl.col(n) if n in wanted else pl.lit(None, kinds[n]) for n in _ALL}
    method, is_fee = pl.col("method_code"), pl.col("method_code") == "FEE"
    rate = pl.when(is_fee).then(cell["rate_amount"]).otherwise(cell["rate_percent"])
    names = ("procedure_code", "facility", "place_of_service_code", "locality_code")
    return [
        *(_rule(says_nothing(cell[name]), "value_placeholder") for name in names),
        _rule(says_nothing(pl.col("payer_name")), "value_placeholder"),
        _rule(~method.is_in(METHODS), "rate_method_unknown"),
        _rule(rate.is_null(), "rate_missing"),
        _rule(rate < 0, "rate_negative"),
        _rule(cell["rate_amount"] > HIGHEST_AMOUNT, "rate_too_high"),
        _rule(cell["rate_percent"] > HIGHEST_PERCENT, "rate_too_high"),
        _rule(~cell["unit_code"].is_in(UNITS), "rate_unit_unknown"),
        _rule(~cell["claim_type"].is_in(CLAIM_TYPES), "rate_claim_type_unknown"),
        _rule(~cell["procedure_code"].str.contains("^[A-Z0-9]{5,48}$"), "rate_procedure_unknown"),
        _rule(_is_odd(cell["modifier_key"]), "rate_modifiers_unknown"),
        _rule(~_is_place(cell["place_of_service_code"]), "rate_place_unknown"),
        _rule(~cell["locality_code"].str.contains(r"^\d{5}-\d\d$"), "rate_locality_unknown"),
        _rule(cell["end_date"] < pl.col("start_date"), "rate_dates_out_of_order"),
    ]


def _key(cell: pl.Expr) -> pl.Expr:
    """Modifiers sorted and joined by commas, as of a claim; what is none stays, to be refused."""
    each = cell.str.replace_all(_BETWEEN, ",").str.strip_chars(",").str.split(",")
    key = each.list.sort().list.join(",")
    return pl.when(cell == _NO_MODIFIERS).then(pl.lit("")).when(key == "").then(cell).otherwise(key)


def _is_odd(key: pl.Expr) -> pl.Expr:
    several = f"^{_MODIFIER}(,{_MODIFIER}){{0,{_MOST_MODIFIERS - 1}}}$"
    return (key != "") & (~key.str.contains(several) | says_nothing(key))


def _is_place(code: pl.Expr) -> pl.Expr:
    return code.str.contains(r"^\d\d$") & (code != "00")


def _locality(code: pl.Expr) -> pl.Expr:
    """Contractor and locality, 01112-05: of a spreadsheet that drops leading zeros as well."""
    part = [code.str.extract(r"^(\d{1,5})-(\d{1,2})$", group) for group in (1, 2)]
    both = pl.concat_str(part[0].str.zfill(5), part[1].str.zfill(2), separator="-")
    return pl.coalesce(both, code)


def _rule(broken: pl.Expr, name: str) -> pl.Expr:
    return pl.when(broken).then(pl.lit(name))
