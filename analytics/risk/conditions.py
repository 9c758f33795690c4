"""From diagnoses to payment HCCs, and from those to the factors they bring."""

import polars as pl

from analytics.risk.findings import require
from analytics.risk.people import ROW
from analytics.risk.tables import HccError, HccTables

_FORM = r"^[A-Z][0-9A-Z]{2,6}$"  # of ICD-10-CM, without its dot
_MOST = 10  # so many payment HCCs, and more, share a factor
# A heart with an assist device counts only with another heart failure (V28).  All of these hold it
# down or are held down by it; without any of them it falls away.
_NEEDS_ANOTHER = {"223": ("221", "222", "224", "225", "226")}


def coded(diagnoses: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """The distinct codes of each person, ``_row, code``, and how many rows broke which rule."""
    require(diagnoses, "diagnoses", ("person_id", "diagnosis_code"))
    kinds = people.schema["person_id"], diagnoses.schema["person_id"]
    if len(diagnoses) and kinds[0].is_integer() != kinds[1].is_integer():
        raise HccError("person_id is of one type in people and of another in diagnoses")
    code = pl.col("diagnosis_code").cast(pl.String).str.strip_chars().str.to_uppercase()
    rows = diagnoses.select(
        pl.col("person_id").cast(kinds[0], strict=False),
        code=code.str.replace_all(".", "", literal=True),
    ).join(people.select("person_id", ROW), on="person_id", how="left")
    is_formed = pl.col("code").str.contains(_FORM).fill_null(value=False)
    found = {
        "code_malformed": rows.filter(~is_formed).height,
        "person_unknown": rows.filter(pl.col(ROW).is_null()).height,
    }
    return rows.filter(is_formed, pl.col(ROW).is_not_null()).select(ROW, "code").unique(), found


def conditions(codes: pl.DataFrame, people: pl.DataFrame, tables: HccTables) -> pl.DataFrame:
    """The payment HCCs of each person who can be scored, ``_row, hcc``, hierarchies imposed."""
    return pruned(mapped(codes, people, tables), tables.hierarchies)


def mapped(codes: pl.DataFrame, people: pl.DataFrame, tables: HccTables) -> pl.DataFrame:
    """The categories of each person's codes, ``_row, hcc``, after the edits of age and sex."""
    applies = (
        (pl.col("edit_sex") == pl.col("sex")).fill_null(value=False)
        | (pl.col("age") <= pl.col("age_max")).fill_null(value=False)
        | (pl.col("age") >= pl.col("age_min")).fill_null(value=False)
    )
    return (
        codes.join(tables.categories, on="code")
        .join(people.filter("is_scorable").select(ROW, "age", "sex"), on=ROW)
        .join(tables.edits, on="code", how="left")
        .select(ROW, hcc=pl.when(applies).then("new_hcc").otherwise("hcc"))
        .filter(pl.col("hcc").is_not_null())
        .unique()
    )


def pruned(found: pl.DataFrame, hierarchies: pl.DataFrame) -> pl.DataFrame:
    """What is left when each HCC takes its lesser ones away, those taken away included."""
    alone = pl.lit(value=False)
    for hcc, others in _NEEDS_ANOTHER.items():
        alone |= (pl.col("hcc") == hcc) & ~pl.col("hcc").is_in(others).any().over(ROW)
    kept = (
        found.filter(~alone) if hierarchies["parent"].is_in(list(_NEEDS_ANOTHER)).any() else found
    )
    lesser = kept.rename({"hcc": "parent"}).join(hierarchies, on="parent").select(ROW, "hcc")
    return kept.join(lesser, on=[ROW, "hcc"], how="anti")


def condition_factors(hccs: pl.DataFrame, people: pl.DataFrame, tables: HccTables) -> pl.DataFrame:
    """The factors of HCCs, of their number and of their interactions: ``_row, factor``."""
    number = hccs.group_by(ROW).len()
    count = pl.when(pl.col("len") >= _MOST).then(pl.lit("d10p")).otherwise(pl.format("d{}", "len"))
    return pl.concat(
        [
            hccs.select(ROW, factor=pl.lit("hcc") + pl.col("hcc")),
            number.select(ROW, factor=count),
            _interacting(hccs, people, tables),
        ]
    )


def _interacting(hccs: pl.DataFrame, people: pl.DataFrame, tables: HccTables) -> pl.DataFrame:
    disabled = people.filter("is_disabled", "is_scorable")
    groups = pl.concat(
        [
            hccs.join(tables.groups, on="hcc").select(ROW, "group").unique(),
            disabled.select(ROW, group=pl.lit("DISABLED")),
        ]
    )
    first = groups.join(tables.interactions, left_on="group", right_on="group_1")
    return first.join(groups, left_on=[ROW, "group_2"], right_on=[ROW, "group"], how="semi").select(
        ROW, "factor"
    )
