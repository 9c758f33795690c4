"""The published reference files a database holds: several releases of a kind side by side."""

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from analytics import rows, schema
from analytics.database import Database
from analytics.duck import now, transaction
from analytics.errors import UnknownNameError, UnreadableFileError
from analytics.facts_edits import edit_release
from analytics.ingest.published import Release, read_file
from analytics.query import Query

# The column or columns a code is looked up in.
KINDS = {
    "mce_diagnosis": ("code",),
    "mce_procedure": ("code",),
    "mce_age_range": ("age_group",),
    "mce_discharge_status": ("code",),
    "icd10cm_code": ("code",),
    "icd10pcs_code": ("code",),
    "icd10_addendum": ("code",),
    "icd10cm_note": ("code_or_range",),
    "ncci_ptp": ("column1_code", "column2_code"),
    "ncci_mue": ("procedure_code",),
    "ncci_add_on": ("add_on_code", "primary_code"),
    "hcpcs_code": ("code",),
    "nucc_taxonomy": ("taxonomy_code",),
    "ms_drg": ("drg_code",),
    "mcc_diagnosis": ("code",),
    "cc_diagnosis": ("code",),
    "measure_code": ("code",),
    "ed_probability": ("code",),
    "quality_specification": ("code",),
}
# Small tables stay the same from release to release: their days do not.
_SAME = """
SELECT reference_id FROM reference_file
WHERE kind = $kind AND release = $release AND sha256 = $sha256
"""
_RELEASED_AGAIN = """
SELECT reference_id FROM reference_file
WHERE kind = $kind AND release = $release
  AND parse_filename(file_name) = parse_filename($file_name)
"""
_OF_RELEASE = """
SELECT reference_id, file_name FROM reference_file
WHERE kind = $kind AND effective_from = $starts
"""
# From 2026 on a release has two files: for participants of advanced payment models, and for others.
_FOR_PARTICIPANTS, _FOR_OTHERS = r"(?i)[^n]QPP", r"(?i)nonQPP"
_LOADED = ("kind", "release", "file_name", "row_count", "effective_from", "effective_to")


def load_published(
    db: Database, files: Iterable[str | Path], kind: str | None = None
) -> pl.DataFrame:
    """Load published files (or zip archives of them), each whole or not at all.

    A file already loaded stays as it is; one published anew under its name and release takes the
    place of the old one; other releases stay beside it.  Of the two fee files of a quarter the one
    for all who are in no advanced payment model (nonQPP) stands; load the other (QPP) alone.  The
    facts follow at the next build.  Gives back one row a file: ``kind, release, file_name,
    row_count, effective_from, effective_to, is_new``.  With `kind` any file must be of it.

    Raises:
        UnreadableFileError: A file is missing, no published file known, or broken; of it, and of
            the files after it, nothing is loaded.
    """
    done: list[pl.DataFrame] = []
    for file in files:
        try:
            done.append(_load(db, Path(file), kind))
        except UnreadableFileError as error:
            if not done:
                raise
            said = f"{error}; the files named before it are loaded ({len(done)}), those after not"
            raise UnreadableFileError(said) from None
    return pl.concat(done) if done else releases(db).clear().select(_LOADED)


def releases(db: Database) -> pl.DataFrame:
    """What is loaded: the rows of `reference_file`, by kind and first day."""
    return db.sql("FROM reference_file ORDER BY kind, effective_from, release, file_name")


def incomplete(db: Database) -> pl.DataFrame:
    """Releases of which a file is missing, so that they check nothing: ``kind, release, files``."""
    text = f"""
        SELECT release.kind, release.release,
            string_agg(parse_filename(file.file_name), ', ' ORDER BY file.file_name) AS files
        FROM ({edit_release.sql}) AS release
        JOIN reference_file AS file ON file.reference_id = release.reference_id
        WHERE NOT release.is_whole
        GROUP BY release.kind, release.setting, release.release
        ORDER BY ALL
    """
    return db.sql(text)


def published_rows(db: Database, kind: str, code: str | None = None) -> pl.DataFrame:
    """The rows of a published table, of all releases, the release first; of one code.

    Raises `UnknownNameError`.
    """
    if kind not in KINDS:
        raise UnknownNameError("published table", kind, KINDS)
    named = " OR ".join(f"held.{column} = $code" for column in KINDS[kind])
    where = f"WHERE {named}" if code else ""
    text = f"""
        SELECT file.release, held.* EXCLUDE (reference_id)
        FROM {kind} AS held
        JOIN reference_file AS file USING (reference_id)
        {where}
        ORDER BY ALL
    """
    plain = (code or "").strip().replace(".", "")
    plain = plain.lower() if kind == "mce_age_range" else plain.upper()
    return db.sql(text, code=plain) if code else db.sql(text)


def _load(db: Database, path: Path, kind: str | None) -> pl.DataFrame:
    done: list[pl.DataFrame] = []
    with transaction(db.connection):
        for name, content, release in read_file(path):
            if kind not in (None, release.kind):
                raise UnreadableFileError(f"{name} is a file for {release.kind}, not for {kind}")
            is_new = _put(db, name, sha256(content).hexdigest(), release)
            done.append(_told(name, release, is_new=is_new))
            if is_new:
                _note(db, path, release)
    return pl.concat(done)


def _note(db: Database, path: Path, release: Release) -> None:
    db.trail.note(
        "reference load",
        files=[path.name],
        rows=len(release.rows),
        kind=release.kind,
        release=release.name,
    )


def _put(db: Database, name: str, digest: str, release: Release) -> bool:
    """Whether the file was new, in the caller's transaction."""
    said = {"kind": release.kind, "release": release.name}
    if len(db.fetch(Query(_SAME, {"sha256": digest, **said}))):
        return False
    if release.kind in KINDS:
        held = db.fetch(Query(_RELEASED_AGAIN, {"file_name": name, **said}))
        again = held["reference_id"].to_list()
        for table in (release.kind, *release.more):
            _delete(db, table, "list_contains($old, reference_id)", old=again)
    else:  # these tables hold one file a release
        held = db.sql(_OF_RELEASE, kind=release.kind, starts=release.starts)
        if re.search(_FOR_PARTICIPANTS, name) and held["file_name"].str.contains(_FOR_OTHERS).any():
            return False
        again = held["reference_id"].to_list()
        _delete(db, release.kind, "start_date = $day", day=release.starts)
    _delete(db, "reference_file", "list_contains($old, reference_id)", old=again)
    number = db.sql("SELECT coalesce(max(reference_id), 0) + 1 FROM reference_file").item()
    number = pl.lit(number, pl.Int64).alias("reference_id")
    for table, made in {release.kind: release.rows, **release.more}.items():
        rows.append(db.connection, table, made.with_columns(number))
    entry = _told(name, release, is_new=True).with_columns(
        number,
        sha256=pl.lit(digest),
        loaded_at=pl.lit(now()),
    )
    rows.append(db.connection, "reference_file", entry)
    return True


def _delete(db: Database, table: str, where: str, **values: Any) -> None:
    db.connection.execute(f"DELETE FROM {table} WHERE {where}", values)


def _told(name: str, release: Release, *, is_new: bool) -> pl.DataFrame:
    told = {
        "kind": release.kind,
        "release": release.name,
        "file_name": name,
        "row_count": len(release.rows),
        "effective_from": release.starts,
        "effective_to": release.ends,
    }
    kinds = schema.polars_schema("reference_file")
    return pl.DataFrame([told], schema={n: kinds[n] for n in told}).with_columns(is_new=is_new)
