"""What changed since the last build, and all that hangs together with it.

A record is new where its file is, and counts from its day on.  Records under one control number
are one unit; so are two numbers where a bill is replaced by the payer's number of a payment, and
claims of one person with lines of one day, as a service given twice is found by them.
"""

import re
from collections.abc import Mapping

from analytics import facts, schema
from analytics.building import Site
from analytics.increment.people import find_moved
from analytics.increment.reasons import Days, NotPossible

# Of a record without a control number: a name that no other has.
_NODE = "coalesce(upper(trim({t}.patient_control_number)), chr(1) || '{t} ' || {key})"
_KEYS = {
    "claim": "claim.claim_id",
    "remit_claim": "remit_claim.remit_claim_id",
    "acknowledgement": "acknowledgement.acknowledgement_id",
}
_DAYS = {
    "claim": ("submission_date",),
    "write_off": ("write_off_date",),
    "patient_payment": ("payment_date",),
    "appeal": ("appeal_date", "decision_date"),
    "audit": ("audit_date",),
    "acknowledgement": ("acknowledged_date",),
}
POSTINGS = ("write_off", "patient_payment", "appeal", "audit")
_PARTS = {
    "claim": ("claim_line", "claim_diagnosis", "claim_provider"),
    "remit_claim": ("remit_line", "adjustment", "remark"),
}
_NEW = "{t}.file_id IN (SELECT part FROM temp.new_part WHERE table_name = '{t}')"
# An acknowledgement of a whole (a set, a batch) is of no control number: all of them are tied anew.
OF_WHOLE = "coalesce(level, '') NOT IN ('claim', 'line')"
_MOST = 0.5  # of the claims and payments; to make all facts anew then takes less


def node(table: str) -> str:
    """What tells the unit of a record of the table."""
    key = _KEYS.get(table, f"{table}.file_id || '/' || {table}.record_no")
    return _NODE.format(t=table, key=key)


_LINKS = f"""
CREATE TEMP TABLE replacing AS
SELECT {node("claim")} AS node, upper(trim(original_payer_claim_number)) AS payer_claim_number
FROM claim
WHERE frequency_code IN ('7', '8') AND trim(original_payer_claim_number) <> '';

CREATE TEMP TABLE link AS
SELECT DISTINCT replacing.node AS one, {node("remit_claim")} AS other
FROM remit_claim
JOIN replacing ON replacing.payer_claim_number = upper(trim(remit_claim.payer_claim_number));

INSERT INTO link SELECT other AS one, one AS other FROM link
"""
_REMITS = f"""
CREATE TEMP TABLE moved_remit AS
SELECT remit_id FROM remit
WHERE {_NEW.format(t="remit")} OR (payment_date > $old AND payment_date <= $new)
UNION
SELECT remit_id FROM provider_adjustment WHERE {_NEW.format(t="provider_adjustment")}
"""
_FOLLOWED = """
CREATE OR REPLACE TEMP TABLE touched_node AS
WITH RECURSIVE reached AS (
    SELECT node FROM seed
    UNION
    SELECT link.other AS node FROM reached JOIN link ON link.one = reached.node
)
FROM reached
"""
_CLAIMS = f"""
CREATE OR REPLACE TEMP TABLE touched_claim AS
SELECT claim_id, patient_id, file_id, record_no FROM claim
WHERE {node("claim")} IN (SELECT node FROM temp.touched_node)
"""
_SAME_DAY = f"""
INSERT INTO seed
WITH someone AS (
    SELECT DISTINCT person.person_id
    FROM person JOIN touched_claim ON touched_claim.patient_id = person.patient_id
),

theirs AS (
    SELECT
        claim.claim_id, person.person_id, claim.service_from_date,
        claim.claim_id IN (SELECT claim_id FROM touched_claim) AS is_touched
    FROM claim
    JOIN person ON person.patient_id = claim.patient_id
    JOIN someone ON someone.person_id = person.person_id
),

day AS (
    SELECT DISTINCT
        theirs.claim_id, theirs.person_id, theirs.is_touched,
        coalesce(claim_line.service_from_date, theirs.service_from_date) AS day
    FROM claim_line JOIN theirs ON theirs.claim_id = claim_line.claim_id
),

beside AS (
    SELECT other.claim_id
    FROM day AS other
    JOIN day AS touched ON touched.person_id = other.person_id AND touched.day = other.day
    WHERE touched.is_touched AND NOT other.is_touched
)

SELECT DISTINCT {node("claim")} FROM claim WHERE claim_id IN (SELECT claim_id FROM beside)
"""
_PAYMENTS = f"""
CREATE TEMP TABLE touched_payment AS
SELECT remit_claim_id, remit_id, file_id, record_no FROM remit_claim
WHERE {node("remit_claim")} IN (SELECT node FROM temp.touched_node)
"""
_ACKNOWLEDGED = f"""
CREATE TEMP TABLE touched_acknowledgement AS
SELECT acknowledgement_id FROM acknowledgement
WHERE level IN ('claim', 'line') AND {node("acknowledgement")} IN (SELECT node FROM touched_node)
"""
_RECORDS = f"""
CREATE TEMP TABLE touched_record AS
SELECT file_id, record_no FROM touched_payment
UNION
SELECT file_id, record_no FROM provider_adjustment
WHERE remit_id IN (SELECT remit_id FROM moved_remit)
UNION
{" UNION ".join(
    f"SELECT file_id, record_no FROM {name} WHERE {node(name)} IN (SELECT node FROM touched_node)"
    for name in POSTINGS
)}
"""  # fmt: skip
# Where a set is tied otherwise now, its claims are acknowledged otherwise.
_SETS = f"""
CREATE TEMP VIEW acknowledgement AS FROM {{home}}.acknowledgement WHERE {OF_WHOLE};
CREATE TEMP TABLE acknowledged_whole AS {{sql}};
DROP VIEW temp.acknowledgement;
CREATE TEMP TABLE moved_set AS
WITH before AS (FROM {{home}}.acknowledgement_tie WHERE {OF_WHOLE}),
changed AS (
    (FROM before EXCEPT ALL FROM acknowledged_whole)
    UNION ALL
    (FROM acknowledged_whole EXCEPT ALL FROM before)
)
SELECT DISTINCT transaction_id FROM changed WHERE transaction_id IS NOT NULL
"""
_COUNTS = """
SELECT
    (SELECT count(*) FROM touched_claim), (SELECT count(*) FROM claim),
    (SELECT count(*) FROM touched_payment), (SELECT count(*) FROM remit_claim)
"""

# Which rows of a core table are of touched records.
_OF_CLAIM = "claim_id IN (SELECT claim_id FROM temp.touched_claim)"
_OF_PAYMENT = "remit_claim_id IN (SELECT remit_claim_id FROM temp.touched_payment)"
_OF_REMIT = "remit_id IN (SELECT remit_id FROM temp.touched_payment UNION FROM temp.moved_remit)"
ROWS: Mapping[str, str] = {
    **dict.fromkeys(("claim", *_PARTS["claim"]), _OF_CLAIM),
    **dict.fromkeys(("remit_claim", *_PARTS["remit_claim"]), _OF_PAYMENT),
    **{name: f"{node(name)} IN (SELECT node FROM temp.touched_node)" for name in POSTINGS},
    "remit": _OF_REMIT,
    "provider_adjustment": "remit_id IN (FROM temp.moved_remit)",
    "acknowledgement": "acknowledgement_id IN (FROM temp.touched_acknowledgement)",
    "patient": "patient_id IN (SELECT patient_id FROM temp.touched_claim)",
}


def find(site: Site, days: Days) -> tuple[int, int, int, int]:
    """Make the tables of touched records; claims touched of all, and payments of all.

    Raises NotPossible where it is most of them.
    """
    tie = next(fact for fact in facts.ALL if fact.name == "acknowledgement_tie")
    only = "WHERE FALSE" if tie.is_empty_without(site.empty) else ""
    site.run(_SETS.format(home=site.home, sql=f"FROM (\n{tie.sql}\n) AS tie {only}"))
    site.run(_LINKS)
    site.run(_REMITS, days.between)
    _seed(site, days)
    if theirs := find_moved(site):
        where = f"patient_id IN ({theirs})"
        site.run(f"INSERT INTO seed SELECT {node('claim')} FROM claim WHERE {where}")
    before = -1
    while before != (before := _reached(site)):
        site.run(_SAME_DAY)
    for text in (_PAYMENTS, _ACKNOWLEDGED, _RECORDS):
        site.run(text)
    counts: tuple[int, int, int, int] = site.run(_COUNTS).fetchall()[0]
    if is_most(counts[0] + counts[2], counts[1] + counts[3]):
        raise NotPossible("most records hang together with what changed")
    return counts


def is_most(part: int, whole: int) -> bool:
    """Whether it takes less to make all anew."""
    return part > _MOST * whole


def _reached(site: Site) -> int:
    site.run(_FOLLOWED)
    site.run(_CLAIMS)
    return int(site.run("SELECT count(*) FROM touched_claim").fetchall()[0][0])


def _seed(site: Site, days: Days) -> None:
    """The units of what is new, or counts since."""
    site.run("CREATE TEMP TABLE seed (node VARCHAR)")
    for table, columns in _DAYS.items():
        dated = [f"({day} > $old AND {day} <= $new)" for day in columns]
        where = " OR ".join([_NEW.format(t=table), *dated])
        only = "level IN ('claim', 'line') AND " if table == "acknowledgement" else ""
        text = f"INSERT INTO seed SELECT DISTINCT {node(table)} FROM {table} WHERE {only}({where})"
        site.run(text, days.between)
    paid = f"{_NEW.format(t='remit_claim')} OR remit_id IN (SELECT remit_id FROM moved_remit)"
    site.run(f"INSERT INTO seed SELECT {node('remit_claim')} FROM remit_claim WHERE {paid}")
    sent = "transaction_id IN (SELECT transaction_id FROM moved_set)"
    site.run(f"INSERT INTO seed SELECT {node('claim')} FROM claim WHERE {sent}")
    for whole, parts in _PARTS.items():
        for part in parts:
            _seed_of_part(site, whole, part)


def _seed_of_part(site: Site, whole: str, part: str) -> None:
    """Where lines came in another file than their claim."""
    apart = (
        f"SELECT part FROM new_part WHERE table_name = '{part}' AND part NOT IN "
        f"(SELECT part FROM new_part WHERE table_name = '{whole}')"
    )
    if site.run(apart).fetchall():
        key = _KEYS[whole].rpartition(".")[2]
        theirs = f"SELECT {key} FROM {part} WHERE file_id IN ({apart})"
        site.run(f"INSERT INTO seed SELECT {node(whole)} FROM {whole} WHERE {key} IN ({theirs})")


def columns_read(table: str, sql: str) -> str:
    """The columns of a core table that the SQL may mean: those whose names are in it."""
    names = set(re.findall(r"\w+", sql))
    return ", ".join(c for c in schema.table(table).column_names if c in names)
