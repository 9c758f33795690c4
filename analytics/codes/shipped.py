"""The maps that come with the library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.resources import files

import polars as pl

from analytics import schema

LONGEST_DAYS = 3660  # ten years: no law or contract gives a payer longer to answer
# Reason codes that leave the naming to a remark code, beyond those the published list marks.
_SAYS_LITTLE = ("16", "96", "125", "129", "148", "226", "227", "252", "A1")
_YES_NO = ("yes", "no", "depends", "na")
_PUBLISHED = (
    "confidence", "published_jurisdiction", "published_day_type", "published_interest",
    "authority", "source_note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMap:
    """A map: its name is that of its core table, whose columns a file of it has."""

    name: str
    title: str
    file: str  # in sql/reference
    key: tuple[str, ...]  # the code first; no two rows have equal ones
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    ranges: Mapping[str, tuple[int, int] | tuple[Decimal, Decimal]] = field(
        default_factory=dict[str, tuple[int, int] | tuple[Decimal, Decimal]]
    )  # of columns of numbers, both ends included
    single_words: tuple[str, ...] = ()  # columns of one word, which reports group by
    optional: tuple[str, ...] = ()  # columns that may be empty
    prose: tuple[str, ...] = ("short_wording",)  # columns kept as they are written
    names_words: bool = False  # its first key names things in words, not by a code

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its table, in order."""
        return schema.table(self.name).column_names


MAPS: Mapping[str, CodeMap] = {
    one.name: one
    for one in (
        CodeMap(
            name="carc",
            title="claim adjustment reason codes",
            file="carc_groups.csv",
            key=("carc_code", "group_code"),
            choices={
                "group_code": ("CO", "PR", "OA", "PI", "CR"),
                "adjustment_class": (
                    "denial", "reduction", "contractual", "patient_resp", "cob", "pend",
                    "payment_program", "recoup", "withhold", "info",
                ),
                "counts_as_denial": ("yes", "no", "partial", "separate", "repeat"),
                "preventable": _YES_NO,
                "hardness": ("soft", "hard", "depends", "na"),
            },
            single_words=("rollup_category",),
            optional=("group_code", "short_wording"),
        ),
        CodeMap(
            name="rarc",
            title="remittance advice remark codes",
            file="rarc_codes.csv",
            key=("rarc_code",),
            optional=("short_wording",),
        ),
        CodeMap(
            name="plb_reason",
            title="provider-level adjustment reasons",
            file="plb_reason_codes.csv",
            key=("reason_code",),
            single_words=("class",),
            optional=("short_wording",),
        ),
        CodeMap(
            name="em_code",
            title="evaluation and management services and their levels",
            file="em_codes.csv",
            key=("procedure_code",),
            ranges={"level": (1, 9)},
            single_words=("family",),
            optional=("level", "short_wording"),
        ),
        CodeMap(
            name="assignment_code",
            title="services and specialties by which members are assigned",
            file="assignment_codes.csv",
            key=("code",),
            choices={
                "kind": (
                    "service", "add_on", "revenue", "primary_care", "non_physician", "specialist",
                ),
            },
            ranges=dict.fromkeys(("first_year", "last_year"), (1966, 9999)),
            optional=("first_year", "last_year", "basis", "short_wording"),
            prose=("basis", "short_wording"),
        ),
        CodeMap(
            name="quality_measure",
            title="quality measures, and what their published files do not carry",
            file="quality_measures.csv",
            key=("measure_number", "option_group"),
            choices={"result_rule": ("any", "latest")},
            ranges={
                "diagnosis_months_before": (0, 120),
                "diagnosis_months_within": (1, 12),
                "uncovered_months": (0, 12),
            },
            single_words=("measure",),
            optional=(
                "diagnosis_months_before", "diagnosis_months_within", "short_wording",
                "source_note",
            ),
            prose=("short_wording", "source_note"),
        ),
        CodeMap(
            name="quality_code",
            title="codes that tell of a quality measure, beside the published ones",
            file="quality_codes.csv",
            key=(
                "code", "measure_number", "code_kind", "role", "option_name", "part", "modifier",
            ),
            choices={
                "code_kind": (
                    "procedure", "diagnosis", "icd_procedure", "place", "service_category",
                ),
                "role": ("met", "not_met", "done", "not_done", "exclusion"),
            },
            ranges={"months_before": (0, 1200), "min_age": (0, 150), "days_apart": (0, 366)},
            single_words=("option_name", "part"),
            optional=(
                "part", "modifier", "months_before", "min_age", "days_apart", "short_wording",
            ),
        ),
        CodeMap(
            name="prompt_pay_rule",
            title="days in which payers must answer clean claims",
            file="prompt_pay_rules.csv",
            key=("jurisdiction", "level", "effective_from"),
            choices={
                "level": ("payer", "line_of_business", "state"),
                "electronic_day_type": ("calendar", "business"),
                "paper_day_type": ("calendar", "business"),
                "interest_basis": ("year", "month", "published", "penalty", "none"),
            },
            ranges={
                **dict.fromkeys(
                    ("electronic_days", "paper_days", "second_after_days", "third_after_days"),
                    (1, LONGEST_DAYS),
                ),
                **dict.fromkeys(
                    ("interest_rate", "second_rate", "third_rate"), (Decimal(0), Decimal(100))
                ),
            },
            optional=(
                "effective_from", "effective_to", "electronic_days", "electronic_day_type",
                "paper_days", "paper_day_type", "interest_rate", "second_after_days",
                "second_rate", "third_after_days", "third_rate", *_PUBLISHED,
            ),
            prose=_PUBLISHED,
            names_words=True,
        ),
    )
}  # fmt: skip


@cache
def shipped(name: str) -> pl.DataFrame:
    """The rows of a map as it comes with the library, in the columns and types of its table."""
    text = files("analytics").joinpath("sql", "reference", MAPS[name].file).read_bytes()
    raw = _FORMED.get(name, _as_it_is)(pl.read_csv(text, infer_schema=False))
    kinds = schema.polars_schema(name)
    return raw.select(typed(column, kind) for column, kind in kinds.items())


def typed(column: str, kind: pl.DataType) -> pl.Expr:
    """A column of words as the type of its table; null where it cannot be read as one."""
    cell = pl.col(column)
    if kind == pl.Boolean:
        return cell.cast(pl.String).str.to_lowercase() == "true"
    if kind == pl.Date:
        return cell.str.to_date("%Y-%m-%d", strict=False)
    return cell.cast(kind, strict=False)


@cache
def categories() -> tuple[str, ...]:
    """The categories that the maps name, which metrics and reports know."""
    named = pl.concat([shipped("carc")["category"], shipped("rarc")["category"]])
    return tuple(named.unique().sort())


def version_of(name: str, rows: pl.DataFrame) -> str:
    """A short hash of what a map says, whatever the order of its rows and the form of its file."""
    ordered = rows.select(MAPS[name].columns).sort(MAPS[name].key, nulls_last=False)
    return sha256(ordered.write_csv().encode()).hexdigest()[:12]


@cache
def shipped_version(name: str) -> str:
    """The version of a map as it comes with the library."""
    return version_of(name, shipped(name))


def _carc(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.rename({"carc": "carc_code", "soft_or_hard": "hardness"}).with_columns(
        group_code=pl.lit(None),
        is_retired=pl.col("status") == "retired",
        says_little=(pl.col("rarc_required") == "yes").fill_null(value=False)
        | pl.col("carc_code").is_in(_SAYS_LITTLE),
    )


def _rarc(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.rename({"rarc": "rarc_code"}).with_columns(
        is_alert=pl.col("type").str.starts_with("alert"), is_retired=pl.col("status") == "retired"
    )


def _as_it_is(raw: pl.DataFrame) -> pl.DataFrame:
    return raw


def _plb_reason(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.rename({"plb": "reason_code"})


_FORMED = {"carc": _carc, "rarc": _rarc, "plb_reason": _plb_reason}
