"""What a fact is, and the dimensions that many of them share."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

_NOTE = re.compile(r"--.*")
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")

# Records that may change each other's rows are one unit: claims, claim payments, postings and
# acknowledgements under one control number, or one joined by a payer's number, or of the same
# person and day.  A column names the record of such a unit that a row is of; `record` is that of
# file_id and record_no.  A person's records are a unit too, of the facts of members: `person_id`.
# A `list` names what was seen, each a row of its own: rows are only added.
# What is `whole` is compared over all units, or is of another kind: people, payers, days.
Unit = Literal[
    "whole",
    "list",
    "claim_id",
    "submission_id",
    "chain_id",
    "remit_claim_id",
    "acknowledgement_id",
    "movement",
    "record",
    "person_id",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A table with one row per `grain`, keyed by `key`, sliceable by `dimensions`."""

    name: str
    grain: str
    key: tuple[str, ...]
    dimensions: Mapping[str, str] = field(default_factory=dict[str, str])  # column -> meaning
    # Of columns whose list of values is closed: all of them, so that a slip is no empty answer.
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    amount: str = ""  # the dollars of a row, for counting what is left out
    words: tuple[str, ...] = ()  # text that facts after it carry on: see analytics.words
    is_view: bool = False  # computed when it is read: no other fact may read it
    # Tables it has no row without, whatever the others hold; of a group, one with rows is enough.
    needs: tuple[str | tuple[str, ...], ...] = ()
    # The rest is for a build of what changed alone (`analytics.increment`); laws hold all of it.
    unit: Unit = "whole"  # how its rows hang together
    # Columns that grow by one each day in rows that nothing touched, and in which of them.
    ages: Mapping[str, str] = field(default_factory=dict[str, str])
    opens: str = ""  # rows that a later day ($old to $new) alone may change in another way
    spine: str = ""  # of a fact with such rows: the fact before it of which each row makes one
    at_once: tuple[str, ...] = ()  # tables it asks as a whole, beside the records of its units
    whole_with: tuple[str, ...] = ()  # it hangs together as a whole where one of these has rows
    daily_with: tuple[str, ...] = ()  # a later day changes most of it where one of these has rows

    @property
    def sql(self) -> str:
        """The query that computes this fact, from `sql/facts/`."""
        return text("facts", self.name)

    @property
    def reads(self) -> frozenset[str]:
        """Names its query reads from: core tables, facts before it, and parts of itself."""
        return frozenset(_READ.findall(_NOTE.sub("", self.sql)))

    @property
    def sources(self) -> frozenset[str]:
        """All tables named in `needs`."""
        return frozenset(one for need in self.needs for one in _group(need))

    def is_empty_without(self, empty: Collection[str]) -> bool:
        """Whether it has no row where these tables have none."""
        return any(all(one in empty for one in _group(need)) for need in self.needs)


def _group(need: str | tuple[str, ...]) -> tuple[str, ...]:
    return (need,) if isinstance(need, str) else need


@cache
def text(folder: str, name: str) -> str:
    """The SQL file `name` of a folder of `sql/`."""
    return files("analytics").joinpath("sql", folder, f"{name}.sql").read_text(encoding="utf-8")


CLAIM_DIMENSIONS: Mapping[str, str] = {
    "payer_name": "Payer the claim was sent to, under its reporting name",
    "line_of_business": "commercial, medicare, medicare_advantage, medicaid ...",
    "claim_type": "professional, institutional or dental",
    "payer_sequence_code": "P primary, S secondary, T tertiary",
    "facility_state_code": "State where the service was given",
    "billing_provider": "Who billed",
    "specialty": "Specialty of the rendering, else the billing provider",
    "facility": "Site of service",
}
CLAIM_DATES: Mapping[str, str] = {
    "submission_date": "Day the claim was first sent",
    "service_to_date": "Last day of service",
}
CARE_DIMENSIONS: Mapping[str, str] = {
    "place_of_service_code": "Place of service of a professional claim",
    "rendering_provider": "Who gave the service",
    "diagnosis_category": "First three characters of the principal diagnosis",
    "diagnosis_chapter": "ICD-10-CM chapter of the principal diagnosis, as its range of categories",
}
