"""All that is known of one claim, as frames."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from analytics.codes import in_use
from analytics.database import Database
from analytics.evidencing.claims import check_facts, chosen
from analytics.evidencing.segments import read_again
from analytics.evidencing.trail import lines
from analytics.evidencing.wording import worded
from analytics.fact import text
from analytics.ingest.files import Paths

_PLB = "PLB "


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the database and the files say of one claim, as of a day.  Amounts are dollars.

    `claim`: one row of what the head says.  `money`: one row, ``billed_amount - paid_amount -
    adjusted_amount - written_off_amount - patient_share_amount - voided_amount = open_amount``,
    and ``difference_amount`` what is left over (0.00).  `life`: a row per thing that happened, by
    day.  `sent_lines` and `answered_lines`: a row per service line of each submission and answer.
    `segments`: a row per segment read again.  `edits`: edits it breaks; `unchecked`: those that
    could not be made.  `codes`: what codes mean.  `open`: what is open, until when.  `files`: where
    it was read, with ``status`` of the second reading.  `trail`: lines of the audit trail of those
    files.  `people`: who it is about; no rows unless `identity`.
    """

    claim_id: int
    as_of: str
    codes_in_use: str
    identity: bool
    claim: pl.DataFrame
    money: pl.DataFrame
    life: pl.DataFrame
    sent_lines: pl.DataFrame
    answered_lines: pl.DataFrame
    segments: pl.DataFrame
    edits: pl.DataFrame
    unchecked: pl.DataFrame
    codes: pl.DataFrame
    open: pl.DataFrame
    files: pl.DataFrame
    trail: pl.DataFrame
    people: pl.DataFrame

    def html(self) -> str:
        """One page that needs nothing else.  Raises AnalyticsError without the extra `notebook`."""
        from analytics.evidencing.page import page

        return page(self)

    def to_dict(self) -> Mapping[str, Any]:
        """The same for JSON: frames as lists of objects."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: value.to_dicts() if isinstance(value, pl.DataFrame) else value
            for name, value in told.items()
        }


def evidence(
    db: Database,
    claim: str | None = None,
    *,
    identity: bool = False,
    claim_id: int | None = None,
    files: Paths | None = None,
) -> Evidence:
    """The audit pull of one claim, with a line of it in the audit trail.

    `claim` is the provider's number (CLM01) or a payer's (CLP07); `claim_id` chooses one of several
    of that number, or names the claim alone.  `files` are places (files, folders, globs) where the
    files loaded are now: the segments are read again there.  Names, birth date and member number
    are left out, and hidden in the segments, unless `identity`.
    Raises SeveralClaimsError, AnalyticsError for a claim not known, NotBuiltError, DatabaseError
    where the facts are older than what is loaded, UnreadableFileError for a place that is none.
    """
    found = gather(db, claim, identity=identity, claim_id=claim_id, files=files)
    note(db, found, ["python"])
    return found


def note(db: Database, found: Evidence, formats: list[str], names: list[str] | None = None) -> None:
    """A line of the audit trail: the claim_id, never the claim's number."""
    db.trail.note(
        "evidence", files=names or [], claim_id=found.claim_id, formats=formats,
        identity=found.identity,
    )  # fmt: skip


def gather(
    db: Database,
    claim: str | None = None,
    *,
    identity: bool = False,
    claim_id: int | None = None,
    files: Paths | None = None,
) -> Evidence:
    """What `evidence` gives, without a line in the audit trail."""
    check_facts(db)
    own = chosen(db, claim, claim_id)
    life, places = _asked(db, "life", own), _asked(db, "places", own)
    of_files = pl.concat([life["file_id"], places["file_id"]]).drop_nulls().unique().to_list()
    held = db.sql(text("evidence", "files"), files=of_files)  # pyright: ignore[reportArgumentType]
    segments, told = read_again(held, places, files, identity=identity)
    people = _asked(db, "people", own)
    return Evidence(
        claim_id=own,
        as_of=str(db.as_of),
        codes_in_use=in_use(db.connection)[1],
        identity=identity,
        claim=_asked(db, "claim", own),
        money=_asked(db, "money", own),
        life=life.drop("file_id"),
        sent_lines=_asked(db, "sent_lines", own),
        answered_lines=_asked(db, "answered_lines", own),
        segments=segments.drop("file_id"),
        edits=_asked(db, "edits", own),
        unchecked=_asked(db, "unchecked", own),
        codes=_codes(db, own, life),
        open=_asked(db, "open", own),
        files=told,
        trail=lines(db, held),
        people=people if identity else people.clear(),
    )


def _asked(db: Database, name: str, claim_id: int) -> pl.DataFrame:
    return db.sql(text("evidence", name), claim_id=claim_id)


def _codes(db: Database, claim_id: int, life: pl.DataFrame) -> pl.DataFrame:
    said = life["codes"].drop_nulls()
    plb = said.filter(said.str.starts_with(_PLB)).str.strip_prefix(_PLB).to_list()
    query = text("evidence", "codes")
    return worded(db.sql(query, claim_id=claim_id, plb_codes=plb or [""]))  # pyright: ignore[reportArgumentType]
