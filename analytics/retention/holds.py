"""Legal holds: placed, listed and released, each with a line of the audit trail."""

import datetime as dt

import polars as pl

from analytics.auditing.entry import user
from analytics.database import Database
from analytics.duck import now, transaction
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.facts_ties import known_payer

# The person named, and others of the same member number, or of the same name and day of birth.
_SAME = """
SELECT other.patient_id
FROM patient AS named
JOIN patient AS other
    ON other.patient_id = named.patient_id
    OR other.member_id = named.member_id
    OR (
        other.last_name = named.last_name AND other.first_name = named.first_name
        AND other.birth_date = named.birth_date
    )
WHERE named.patient_id = $patient
ORDER BY ALL
"""
# Rows of payer too: a map that comes later can give them other names, each its own.
_PLACE = f"""
INSERT INTO legal_hold BY NAME
SELECT $hold AS hold_id, $patients AS patient_ids, $payer AS payer_name,
    coalesce((SELECT list(payer_id ORDER BY payer_id) FROM ({known_payer.sql}) AS known
        WHERE payer_name = $payer), []) AS payer_ids,
    $first AS period_from, $last AS period_to, $reason AS hold_reason, $now AS placed_at,
    $user AS placed_by
"""


def place(
    db: Database,
    *,
    reason: str,
    patient: int | None = None,
    payer: str | None = None,
    period: tuple[dt.date, dt.date] | None = None,
    everything: bool = False,
) -> int:
    """Place a hold on what all that is given covers; gives its number.

    `patient` is a patient_id, `payer` a name as reported, `period` days of service, sending or
    payment.  Raises AnalyticsError for a hold on nothing, or on someone who is not there.
    """
    if not reason.strip():
        raise AnalyticsError("a hold needs a reason")
    named = any(one is not None for one in (patient, payer, period))
    if everything and named:
        raise AnalyticsError("name a patient, a payer or a period, or hold all: not both")
    if not everything and not named:
        raise AnalyticsError("a hold on nothing: name a patient, a payer or a period, or hold all")
    patients = _patients(db, patient)
    _check_payer(db, payer)
    first, last = period or (None, None)
    with transaction(db.connection):
        number = int(db.sql("SELECT coalesce(max(hold_id), 0) + 1 FROM legal_hold").item())
        given = {"hold": number, "patients": patients, "payer": payer, "first": first}
        given |= {"last": last, "reason": reason.strip(), "now": now(), "user": user()}
        db.connection.execute(_PLACE, given)
        db.trail.note(
            "hold add",
            hold=number,
            of_patient=patient is not None,
            payer=payer,
            period_from=first,
            period_to=last,
        )
    return number


def release(db: Database, number: int) -> None:
    """End a hold; its row stays.  Raises AnalyticsError where none of that number is in force."""
    where = "hold_id = $hold AND released_at IS NULL"
    if db.sql(f"SELECT 1 FROM legal_hold WHERE {where}", hold=number).is_empty():
        raise AnalyticsError(f"no hold {number} is in force: revcycle retention hold list")
    with transaction(db.connection):
        db.connection.execute(
            f"UPDATE legal_hold SET released_at = $now, released_by = $user WHERE {where}",
            {"hold": number, "now": now(), "user": user()},
        )
        db.trail.note("hold release", hold=number)


def holds(db: Database) -> pl.DataFrame:
    """All holds with their reasons, those released too."""
    return db.sql("FROM legal_hold ORDER BY hold_id")


def _patients(db: Database, patient: int | None) -> list[int]:
    if patient is None:
        return []
    found = db.sql(_SAME, patient=patient)["patient_id"].to_list()
    if not found:
        raise AnalyticsError("there is no patient of that patient_id")
    return sorted(set(found))


def _check_payer(db: Database, payer: str | None) -> None:
    """A hold on a misspelt payer would hold nothing."""
    if payer is None:
        return
    known = f"SELECT payer_name FROM ({known_payer.sql}) UNION SELECT payer_name FROM payer_claim"
    names = [name for name in db.sql(known)["payer_name"].to_list() if name]
    if payer not in names:
        raise UnknownNameError("payer", payer, names)
