"""Tables drawn as pictures, and what the sample is built with besides."""

import datetime as dt
import re
from pathlib import Path

import polars as pl

from analytics import facts, schema
from analytics.database import Database
from analytics.query import Query

SAMPLE = Path(__file__).parents[1] / "sample_data"

CODES = """
INSERT INTO reference_file (reference_id, kind, release, effective_from, effective_to)
SELECT unnest([1, 2, 3, 4, 5, 6]), unnest(['icd10cm_code', 'icd10cm_note', 'ncci_ptp', 'ncci_mue',
    'hcpcs_code', 'nucc_taxonomy']), '2026', DATE '2025-01-01', DATE '2026-12-31';
INSERT INTO icd10cm_exclusion (reference_id, at_first_code, at_last_code, first_code, last_code)
VALUES (2, 'E11', 'E11~', 'I10', 'I10~');
INSERT INTO ncci_ptp (reference_id, setting, column1_code, column2_code, modifier_indicator,
    start_date)
SELECT DISTINCT 3, 'practitioner', one.procedure_code, other.procedure_code,
    CASE WHEN other.procedure_code > '99' THEN '1' ELSE '0' END, DATE '2020-01-01'
FROM claim_line AS one JOIN claim_line AS other USING (claim_id)
WHERE one.procedure_code < other.procedure_code;
INSERT INTO ncci_mue (reference_id, setting, procedure_code, max_units, adjudication_indicator)
VALUES (4, 'practitioner', '97110', 1, '2');
INSERT INTO hcpcs_code (reference_id, code, is_modifier, add_date, end_date)
VALUES (5, 'J1885', FALSE, DATE '2000-01-01', DATE '2026-01-31');
INSERT INTO nucc_taxonomy (reference_id, taxonomy_code) VALUES (6, '207X00000X');
INSERT INTO icd10cm_code (reference_id, code, is_billable, long_title)
SELECT DISTINCT 1, diagnosis_code, length(diagnosis_code) > 3,
    CASE WHEN diagnosis_code LIKE '%9' THEN 'Ailment, unspecified' ELSE 'Ailment' END
FROM claim_diagnosis;
INSERT INTO reference_file (reference_id, kind, release, effective_from, effective_to)
SELECT 11 + n, ['ms_drg', 'mcc_diagnosis', 'cc_diagnosis'][n], '2026', '2025-01-01', '2026-12-31'
FROM range(1, 4) AS made(n);
INSERT INTO ms_drg
SELECT DISTINCT 12, drg_code, 'Ailment with CC/MCC', 'CC_OR_MCC' FROM claim
WHERE drg_code IS NOT NULL;
INSERT INTO cc_diagnosis SELECT DISTINCT 14, diagnosis_code, 'Ailment' FROM claim_diagnosis
WHERE kind = 'other';
INSERT INTO audit
SELECT file_id, record_no, patient_control_number, submission_date, 'Coder', 'Reviewer',
    CASE WHEN record_no % 2 = 0 THEN 'DRG' ELSE 'DIAGNOSIS' END, '291',
    CASE WHEN record_no % 7 < 2 THEN '292' ELSE '291' END
FROM claim;
"""


def table(text: str) -> tuple[list[str], list[list[str | None]]]:
    """Rows written as a picture: columns split by |, blanks are null."""
    lines = [
        line.strip() for line in text.strip().splitlines() if not set(line.strip()) <= set("-+| ")
    ]
    head, *rows = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    return [name or "" for name in head], rows


def draw(db: Database, name: str, text: str) -> None:
    """Insert the drawn rows; columns not drawn stay null, types are those of core.sql."""
    columns, rows = table(text)
    types = {column.name: column.type for column in schema.table(name).columns}
    values = ", ".join(f"CAST(? AS {types[column]})" for column in columns)
    insert = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values})"
    if rows:
        db.connection.executemany(insert, rows)


_FACTS = facts.NAMES | {"build_info"}


class OnDemand(Database):
    """Builds a fact when it is first asked for, with what it reads.

    Building all took 0.4 s of processor, and most tests of a drawn world ask one of 56.
    """

    _day: str | None = None
    _waits = False  # whether facts not asked for yet would be built
    _made: frozenset[str] = frozenset()

    def build_on_demand(self, as_of: str | None) -> None:
        """Build what will be asked for, as of that day."""
        self._day, self._waits, self._made = as_of, True, frozenset()

    def build(self, as_of=None, **how):
        self._waits = False
        return super().build(as_of, **how)

    def fetch(self, query: Query, /) -> pl.DataFrame:
        asked = _FACTS & frozenset(re.findall(r"\w+", query.sql))
        if self._waits and not asked <= self._made:
            self._made |= asked
            super().build(self._day, only=self._made - {"build_info"})
        return super().fetch(query)

    @property
    def as_of(self) -> dt.date | None:
        if not self._waits:
            return super().as_of
        return dt.date.fromisoformat(str(self._day)) if self._day else self.span[1]
