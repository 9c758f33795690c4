"""What cells of a kind look like: tests of their shape, as polars expressions on plain text.

Sources of the forms: NPI with its check digit (45 CFR 162.406, ISO 7812 with the prefix 80840),
ICD-10-CM (seven characters, the first a letter), HCPCS and CPT (five), revenue codes and types of
bill (NUBC), CARC, RARC and group codes (X12 external lists 139, 411, 974), place of service (CMS).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

NOTHING = ("NULL", "NAN", "NONE", "N/A", "#N/A", "NA", "-", "--", "\\N", "NAT", "<NA>")
_MONTH = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}.*)?$"
ISO = rf"^(?:19|20)\d{{2}}-\d{{1,2}}-\d{{1,2}}{_TIME}"
SLASHED = rf"^(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}}){_TIME}"
COMPACT = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"
MONTH_FIRST = r"^(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)\d{2}$"
DAY_FIRST = r"^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}$"
_WORDED = rf"^(?:\d{{1,2}}[ -]{_MONTH}[ ,-]+\d{{2,4}}|{_MONTH}\.? \d{{1,2}},? \d{{4}}){_TIME}"
SERIAL = r"^[34]\d{4}(?:\.\d+)?$"  # days as Excel counts them, 1982 to 2036
_WRITTEN = "|".join((ISO, SLASHED, COMPACT, MONTH_FIRST, DAY_FIRST, _WORDED))
COMMA = r"^[(-]?[$€]?\s?-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}\)?-?$"
_MONEY = r"^[(-]?\$?\s?-?(?:\d{1,3}(?:,\d{3})+|\d{1,7}|\d+\.\d+|\.\d+)(?:\.\d+)?\)?-?$"
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|"
    "NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR|GU|VI|AS|MP"
)
_CLAIM_TYPES = (
    "PROFESSIONAL|INSTITUTIONAL|DENTAL|PROF|INST|P|I|D|837P|837I|837D|CMS-1500|CMS1500|HCFA|UB-04|"
    "UB04|UB|ADA"
)
STATUSES = ("1", "2", "3", "4", "19", "20", "21", "22", "23", "25")
STATUS_WORDS = {"paid": "1", "processed": "1", "denied": "4", "reversed": "22", "reversal": "22"}
SEX_WORDS = {"male": "M", "female": "F", "unknown": "U"}
SEQUENCE_WORDS = {"primary": "P", "secondary": "S", "tertiary": "T", "1": "P", "2": "S", "3": "T"}
GROUPS = ("CO", "PR", "OA", "PI", "CR")


def _like(pattern: str) -> Callable[[pl.Expr], pl.Expr]:
    return lambda cell: cell.str.contains(pattern)


def _among(values: Sequence[str]) -> Callable[[pl.Expr], pl.Expr]:
    return lambda cell: cell.str.to_uppercase().is_in([v.upper() for v in values])


def _check_digit(cell: pl.Expr) -> pl.Expr:
    """Whether ten digits are an NPI: Luhn's sum of 80840 (24) and the digits ends in 0."""
    npi = cell.str.replace(r"\.0$", "")
    digits = [npi.str.slice(at, 1).cast(pl.Int32, strict=False) for at in range(10)]
    doubled = [digit * 2 - pl.when(digit > 4).then(9).otherwise(0) for digit in digits[0:9:2]]
    total = pl.sum_horizontal([*doubled, *digits[1:10:2]]) + 24
    return npi.str.contains(r"^[12]\d{9}$") & (total % 10 == 0)


def _money(cell: pl.Expr) -> pl.Expr:
    return cell.str.contains(_MONEY) | cell.str.contains(COMMA)


def _identifier(cell: pl.Expr) -> pl.Expr:
    plain = cell.str.contains(r"^[A-Za-z0-9#][A-Za-z0-9 ._/#*:-]{0,37}$") & cell.str.contains(r"\d")
    other = (
        cell.str.contains(ISO) | cell.str.contains(SLASHED) | cell.str.contains(r"^-?\d+\.\d\d$")
    )
    return plain & ~other


@dataclass(frozen=True, slots=True)
class Kind:
    """A test, and how sure contents alone are where the name says nothing (0: not at all)."""

    test: Callable[[pl.Expr], pl.Expr]
    alone: float = 0.0
    name: str = ""


_LETTERS = r"^\p{L}[\p{L}\p{M} .,'\u2019()&/-]*$"
KINDS: Mapping[str, Kind] = {
    "npi": Kind(_check_digit, 0.45, "NPI by its check digit"),
    "diagnosis": Kind(_like(r"^[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?$"), 0.6, "ICD-10"),
    "procedure": Kind(_like(r"^(?:\d{4}[0-9FTUM]|[A-V]\d{4})$"), 0.4, "CPT or HCPCS"),
    "revenue": Kind(_like(r"^0?[1-9]\d{2}$|^00[2-9]\d$"), 0, "revenue code"),
    "group_and_carc": Kind(
        _like(r"^(?:CO|PR|OA|PI|CR)[\s:/_-]*[ABDPWY]?\d{1,3}$"), 0.7, "group and reason code"
    ),
    "group": Kind(_among(GROUPS), 0.6, "adjustment group"),
    "carc": Kind(_like(r"^(?:[1-9]\d{0,2}|[ABDPWY]\d{1,2})$"), 0, "reason code"),
    "rarc": Kind(_like(r"^(?:MA?\d{1,3}|N\d{1,4})$"), 0.6, "remark code"),
    # Two letters or digits, as X12 lists them for PLB03-1.
    "plb": Kind(_like(r"^(?:[A-Z][A-Z0-9]|[0-9]{2})$"), 0, "provider adjustment code"),
    "taxonomy": Kind(_like(r"^\d{3}[A-Z0-9]{6}X$"), 0.45, "taxonomy"),
    "place": Kind(_like(r"^\d{1,2}(?:\.0)?$"), 0, "place of service"),
    "date": Kind(_like(f"{_WRITTEN}|{SERIAL}"), 0, "date"),
    "money": Kind(_money, 0, "amount"),
    "number": Kind(_like(r"^-?\d{1,6}(?:\.\d+)?$"), 0, "number"),
    "integer": Kind(_like(r"^\d{1,4}(?:\.0)?$"), 0, "number"),
    "identifier": Kind(_identifier, 0, "number or letters"),
    "name": Kind(_like(_LETTERS), 0, "name"),
    "title": Kind(_like(r"\p{L}{2}"), 0, "words"),
    "text": Kind(_like("."), 0, "text"),
    "modifier": Kind(_like(r"^[A-Z0-9]{2}(?:[\s,;:|/]*[A-Z0-9]{2}){0,3}$"), 0, "modifier"),
    "pointers": Kind(_like(r"^[1-9A-L](?:[,:; ]?[1-9A-L]){0,3}$"), 0, "pointer"),
    "sex": Kind(_among(("M", "F", "U", *SEX_WORDS)), 0, "sex"),
    "state": Kind(_like(f"(?i)^(?:{_STATES})$"), 0, "state"),
    "postal": Kind(_like(r"^\d{4,5}(?:-?\d{4})?(?:\.0)?$"), 0, "ZIP code"),
    "claim_type": Kind(_like(f"(?i)^(?:{_CLAIM_TYPES})$"), 0, "kind of claim"),
    "frequency": Kind(_like(r"^[1-9]$"), 0, "frequency code"),
    "sequence": Kind(_among(("P", "S", "T", *SEQUENCE_WORDS)), 0, "first, second payer"),
    "bill_type": Kind(_like(r"^0?[1-9]\d[0-9A-Z]$"), 0, "type of bill"),
    "drg": Kind(_like(r"^\d{1,3}$"), 0, "DRG"),
    "tin": Kind(_like(r"^\d{2}-?\d{7}$"), 0, "tax number"),
    "two_digits": Kind(_like(r"^\d{1,2}$"), 0, "two digits"),
    "filing": Kind(_like(r"^[A-Z0-9]{2}$"), 0, "filing code"),
    "ndc": Kind(_like(r"^\d{10,11}$|^\d{4,5}-\d{3,4}-\d{1,2}$"), 0, "NDC"),
    "status": Kind(_among((*STATUSES, *STATUS_WORDS)), 0, "claim status"),
}


def cleaned(cell: pl.Expr) -> pl.Expr:
    """A cell without spaces around; null where it says that there is nothing."""
    plain = cell.str.strip_chars(" \t\r\n\u00a0\u200b\ufeff")
    is_empty = plain.str.to_uppercase().is_in([*NOTHING, ""])
    return pl.when(~is_empty).then(plain)


def shares(cells: pl.Series, kinds: Sequence[str]) -> dict[str, float | None]:
    """Of each kind the share of cells that are of it; None where all are empty."""
    said = cells.drop_nulls().to_frame("cell")
    if not len(said):
        return dict.fromkeys(kinds)
    tests = (KINDS[kind].test(pl.col("cell")).fill_null(value=False).alias(kind) for kind in kinds)
    met = said.select(tests)
    return {kind: portion(met[kind]) for kind in kinds}


def portion(met: pl.Series) -> float:
    """The share of a series of booleans that is true; 0 of none."""
    return int(met.sum() or 0) / len(met) if len(met) else 0.0
