"""Which codes an Excludes1 note names: expressions such as ``A04.0-A04.4, A05.-`` as ranges.

A range is two texts, between which its codes sort: the first code, and the last one with a tilde
behind it, which sorts after all letters, so that longer codes are within.
"""

import polars as pl

# A code or heading, as written: with a dot, and a dash for what may follow.
_CODE = r"([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]*)?)"
_RANGE = rf"^\s*{_CODE}[.-]*(?:\s*-\s*{_CODE}[.-]*)?\s*$"
# "with .44", "with fifth character 2", "with 7th character B", "with final characters -23"
_CONDITION = r"[\s-]*with\s+(.*?)\s*$"
_PLACES = {"4th": 4, "fifth": 5, "5th": 5, "final": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7}
_OPEN = "with open fracture 7th character"  # B or C
# What the notes of a whole chapter stand at.
_CHAPTERS = {
    "1": "A00-B99", "2": "C00-D49", "3": "D50-D89", "4": "E00-E89", "5": "F01-F99", "6": "G00-G99",
    "7": "H00-H59", "8": "H60-H95", "9": "I00-I99", "10": "J00-J99", "11": "K00-K95",
    "12": "L00-L99", "13": "M00-M99", "14": "N00-N99", "15": "O00-O9A", "16": "P00-P96",
    "17": "Q00-Q99", "18": "R00-R99", "19": "S00-T88", "20": "V00-Y99", "21": "Z00-Z99",
    "22": "U00-U85",
}  # fmt: skip
COLUMNS = {
    name: pl.col(name)
    for name in (
        "note_no", "at_first_code", "at_last_code", "first_code", "last_code", "place", "letters",
    )
}  # fmt: skip


def ranges(notes: pl.DataFrame) -> pl.DataFrame:
    """One row per range that an Excludes1 note names, in the columns of `icd10cm_exclusion`.

    A part of a note that is no code or range is left out; the note itself stays in `icd10cm_note`.
    """
    named = notes.with_row_index("note_no", offset=1).filter(
        (pl.col("note_kind") == "excludes1") & pl.col("codes_named").is_not_null()
    )
    parts = pl.col("codes_named").str.replace_all(r"\s+and\s+|;", ",").str.split(",")
    named = named.with_columns(part=parts).explode("part").with_columns(_condition())
    named = named.explode("letters")
    at = pl.col("code_or_range").replace(_CHAPTERS)
    at = pl.when(pl.col("level") == "chapter").then(at).otherwise("code_or_range")
    made = named.with_columns(
        pl.col("part").str.replace(_CONDITION, ""), at=at.str.replace_all(".", "", literal=True)
    ).with_columns(
        at_first_code=pl.col("at").str.extract(r"^([0-9A-Z]+)"),
        at_last_code=pl.col("at").str.extract(r"([0-9A-Z]+)$") + "~",
        first_code=_plain(1),
        last_code=pl.coalesce(_plain(2), _plain(1)) + "~",
    )
    return made.drop_nulls("first_code").select(list(COLUMNS))


def _plain(group: int) -> pl.Expr:
    return pl.col("part").str.extract(_RANGE, group).str.replace_all(".", "", literal=True)


def _condition() -> list[pl.Expr]:
    """From which letter on a code must read how: ``place`` and a list of ``letters``, or null."""
    part = pl.col("part").str.to_lowercase()
    said = pl.col("part").str.extract(_CONDITION)
    word = part.str.extract(r"with (\w+)")
    place = pl.when(said.str.starts_with(".")).then(4).otherwise(
        word.replace_strict(_PLACES, default=None, return_dtype=pl.Int64)
    )  # fmt: skip
    words = said.str.extract_all(r"[.-]?\b(?:\d{1,3}|[A-Z])\b").list.eval(
        pl.element().str.replace_all(r"[.-]", "")
    )
    is_open = part.str.contains(_OPEN, literal=True)
    letters = pl.when(is_open).then(pl.lit(["B", "C"])).when(said.is_not_null()).then(words)
    return [pl.when(is_open).then(7).otherwise(place).alias("place"), letters.alias("letters")]
