"""Reading FHIR's concepts, references and lists as columns."""

import polars as pl

CMS = r"bluebutton\.cms\.gov"
LAST = r"([^/]+)$"


def tail(text: pl.Expr) -> pl.Expr:
    """What a URL ends in, in lower case: the name of a variable, the id of a reference."""
    return text.str.extract(LAST).str.to_lowercase()


def code(concept: pl.Expr, system: str = "") -> pl.Expr:
    """The first code of a concept, of a system that matches."""
    coding = pl.element().struct
    found = pl.when(coding.field("system").fill_null("").str.contains(system)).then(
        coding.field("code")
    )
    return concept.struct.field("coding").list.eval(found).list.drop_nulls().list.first()


def exploded(frame: pl.DataFrame, column: str, *kept: str) -> pl.DataFrame:
    """One row per element of a list, as the column `each`, with its place from 1."""
    some = frame.filter(pl.col(column).list.len() > 0)
    return (
        some.select(
            "record_no", *kept, each=column, ordinal=pl.int_ranges(1, pl.col(column).list.len() + 1)
        )
        .explode("each", "ordinal")
        .filter(pl.col("each").is_not_null())
    )


def code_system(concept: pl.Expr) -> pl.Expr:
    """icd10 or icd9, as the system of a concept's first code says."""
    said = concept.struct.field("coding").list.first().struct.field("system").fill_null("")
    return (
        pl.when(said.str.contains("icd-?10"))
        .then(pl.lit("icd10"))
        .when(said.str.contains("icd-?9"))
        .then(pl.lit("icd9"))
    )


def extension(held_by: pl.Expr, name: str) -> pl.Expr:
    """The code that an extension of that name says."""
    held = pl.element().struct
    return (
        held_by.list.eval(
            pl.when(tail(held.field("url")) == name).then(
                held.field("valueCoding").struct.field("code")
            )
        )
        .list.drop_nulls()
        .list.first()
    )
