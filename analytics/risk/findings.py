"""What people and diagnoses were not, and what was done about it: counted, nobody named."""

import warnings
from collections.abc import Mapping

import polars as pl

from analytics.frames import require_flat
from analytics.risk.tables import HccError

_OF_PEOPLE: Mapping[str, str] = {
    "person_id_missing": "rows of people without a person_id: left out",
    "person_repeated": "rows that repeat a person in all they say: counted once",
    "person_conflicting": "people whose rows differ: no score",
    "age_missing": "people without an age from 0 to 130: no score",
    "sex_missing": "people whose sex is neither M nor F (or 1, 2, male, female): no score",
    "orec_unknown": "people whose orec is none of 0, 1, 2, 3: taken as 0",
    "dual_unknown": "people whose dual code is not one of CMS's: taken as not dual",
    "flag_unknown": "people with a flag that is neither true nor false: taken as false",
    "segment_unfit": "people without an age and sex factor in their segment: no score",
}
# No score hangs on these alone: files of claims have both.
_OF_DIAGNOSES: Mapping[str, str] = {
    "code_malformed": "diagnosis rows without a code of the form of ICD-10-CM: not used",
    "person_unknown": "diagnosis rows of nobody among the people: not used",
}
_EFFECTS = {**_OF_PEOPLE, **_OF_DIAGNOSES}


class HccWarning(UserWarning):
    """Some people could not be taken as they are; the message counts them by rule."""


def counted(found: Mapping[str, int]) -> pl.DataFrame:
    """One row per rule that something broke: ``rule, rows, effect``, in the order of the rules."""
    rows = [(rule, found[rule], effect) for rule, effect in _EFFECTS.items() if found.get(rule)]
    kinds = {"rule": pl.String(), "rows": pl.Int64(), "effect": pl.String()}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def warn(findings: pl.DataFrame) -> None:
    """Say what was found of people, if anything, in one warning at the line that asked."""
    of_people = findings.filter(pl.col("rule").is_in(list(_OF_PEOPLE)))
    if len(of_people):
        told = [f"{rows:,} {effect}" for _, rows, effect in of_people.iter_rows()]
        warnings.warn("; ".join(told), HccWarning, stacklevel=3)


def require(frame: pl.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    """Raise `HccError` where a frame lacks columns, or has something else than values in them."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise HccError(
            f"{name} lacks the columns {', '.join(missing)}; it needs {', '.join(columns)}"
        )
    require_flat(frame, name, columns, HccError)
