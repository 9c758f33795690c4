"""Tables drawn as pictures, and what the sample is built with besides."""

import datetime as dt
import re
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest

from analytics import building, facts, schema
from analytics.database import Database
from analytics.fact import Fact
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
INSERT INTO contract (file_id, record_no, contract_name, performance_year, payer_name,
    line_of_business, member_basis, expenditure_basis, benchmark_per_person_year, sides,
    minimum_savings_rate, sharing_rate, quality, is_quality_met, loss_rate_floor,
    loss_rate_ceiling, loss_waived, sequestration_rate)
VALUES (1, 1, 'Shared savings', 2026, 'Medicare', 'medicare', 'covered', 'allowed', 2000, 'one',
    '0.02', 0.5, 0.9, TRUE, 0, 1, 0, 0.02);
"""

# What payers' feeds tell of a third of the members: two stays, an emergency, visits, a drug.
FEED = """
INSERT INTO payer_claim (payer_claim_id, file_id, record_no, feed_code, claim_number, claim_key,
    claim_type, patient_id, payer_name, line_of_business, bill_type_code, service_from_date,
    service_to_date, processed_date, discharge_status_code, drg_code, principal_diagnosis_code,
    provider_number, rendering_npi, allowed_amount, paid_amount)
SELECT record_no * 100 + n, file_id, record_no, 'tuva', 'F' || (record_no * 100 + n),
    'F' || (record_no * 100 + n),
    ['institutional', 'institutional', 'institutional', 'institutional', 'professional',
     'professional', 'pharmacy'][n],
    patient_id, payer_name, line_of_business, ['111', '111', '131', '211', NULL, NULL, NULL][n],
    DATE '2026-01-01' + CAST(record_no % 180 + [0, 20, 60, 30, 5, 70, 6][n] AS INTEGER),
    DATE '2026-01-01' + CAST(record_no % 180 + [3, 24, 60, 40, 5, 70, 6][n] AS INTEGER),
    DATE '2026-02-15' + CAST(record_no % 180 + n AS INTEGER),
    CASE WHEN record_no % 30 = 0 THEN '20' ELSE '01' END, '291',
    ['I5033', 'J189', 'R0789', 'I5033', 'E119', 'E1165', NULL][n],
    CASE WHEN n < 4 THEN '450001' END, CASE WHEN n IN (5, 6) THEN '1990001004' END,
    n * 100 + record_no % 7, n * 80
FROM eligibility, range(1, 8) AS made(n)
WHERE record_no % 3 = 0;
INSERT INTO payer_claim_line (payer_claim_line_id, payer_claim_id, file_id, record_no, feed_code,
    line_no, procedure_code, revenue_code, specialty_code, rendering_npi, service_from_date,
    service_to_date, allowed_amount, paid_amount)
SELECT payer_claim_id, payer_claim_id, file_id, record_no, feed_code, 1,
    CASE payer_claim_id % 100 WHEN 3 THEN '99284' WHEN 5 THEN '99213' WHEN 6 THEN 'G0439' END,
    CASE payer_claim_id % 100 WHEN 1 THEN '0120' WHEN 3 THEN '0450' END, '08',
    rendering_npi, service_from_date, service_to_date, allowed_amount, paid_amount
FROM payer_claim;
INSERT INTO payer_claim_procedure (payer_claim_id, file_id, record_no, feed_code, position,
    procedure_code, code_system)
SELECT payer_claim_id, file_id, record_no, feed_code, 1, '0DTJ4ZZ', 'icd10'
FROM payer_claim WHERE payer_claim_id % 100 = 2;
INSERT INTO measure_code (list_name, code)
VALUES ('pqi_MRTCHFD', 'I5033'), ('pqi_ACSBACD', 'J189');
INSERT INTO quality_population (performance_year, measure_number, option_group, option_no, min_age)
VALUES (2026, '001', '00', 1, 0), (2026, '113', '00', 1, 0), (2026, '134', '00', 1, 0);
INSERT INTO quality_specification (performance_year, measure_number, option_group, role, option_no,
    code)
VALUES (2026, '001', '00', 'diagnosis', 1, 'E119'), (2026, '113', '00', 'met', 2, 'G0439'),
    (2026, '134', '00', 'exclusion', 2, '99284');
INSERT INTO quality_specification (performance_year, measure_number, option_group, role, option_no,
    code)
SELECT 2026, measure, '00', 'encounter', 1, code
FROM (SELECT unnest(['001', '113', '134']) AS measure), (SELECT unnest(['99213', '99214']) AS code);
INSERT INTO ed_probability
SELECT DISTINCT 20, principal_diagnosis_code, 0.2, 0.3, 0.1, 0.4, 0, 0, 0, 0
FROM (SELECT principal_diagnosis_code FROM claim UNION ALL
    SELECT principal_diagnosis_code FROM payer_claim) AS told
WHERE principal_diagnosis_code IS NOT NULL;
"""


FEW = 8  # rows that are bound one by one: of more that took a millisecond each


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
    if not rows:
        return
    types = {column.name: column.type for column in schema.table(name).columns}
    into = f"INSERT INTO {name} ({', '.join(columns)})"
    if len(rows) < FEW:
        values = f"({', '.join(f'CAST(? AS {types[column]})' for column in columns)})"
        cells = [cell for row in rows for cell in row]
        db.connection.execute(f"{into} VALUES {', '.join([values] * len(rows))}", cells)
        return
    drawn = pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")
    db.connection.register("drawn", drawn.to_arrow())
    cells = ", ".join(f"CAST({column} AS {types[column]})" for column in columns)
    db.connection.execute(f"{into} SELECT {cells} FROM drawn")
    db.connection.unregister("drawn")


_FACTS = facts.NAMES | {"build_info"}
_columns: dict[str, str] = {}  # of facts without a row: the query that gives their columns alone


def _known(site: building.Site, fact: Fact, made=building.Site._query) -> str:
    """The query of a fact; where it has no row, its columns, planned once and not in each world."""
    if not fact.is_empty_without(site.empty):
        return made(site, fact)
    if fact.name not in _columns:
        told = site.run(f"DESCRIBE SELECT * FROM (\n{fact.sql}\n)").fetchall()
        kinds = {name: "VARCHAR" if kind.startswith("ENUM") else kind for name, kind, *_ in told}
        cells = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in kinds.items())
        _columns[fact.name] = f"SELECT {cells} LIMIT 0"
    return _columns[fact.name]


class OnDemand(Database):
    """Builds a fact when it is first asked for, with what it reads.

    Building all took 0.4 s of processor, and most tests of a drawn world ask one of 56.  With the
    option --whole all are built at once.
    """

    whole: ClassVar[bool] = False  # what the option says
    _day: dt.date | str | None = None
    _waits = False  # whether facts not asked for yet would be built
    _made: frozenset[str] = frozenset()
    _likely: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()  # since it was opened

    def build_on_demand(self, as_of: dt.date | str | None = None, *likely: str) -> None:
        """Build what will be asked for, as of that day, and with it facts likely to follow."""
        if self.whole:
            super().build(as_of)
            return
        self._day, self._waits, self._made = as_of, True, frozenset()
        self._likely = frozenset(likely)

    def build(self, as_of=None, **how):
        self._waits = False
        return super().build(as_of, **how)

    def fetch(self, query: Query, /) -> pl.DataFrame:
        asked = _FACTS & frozenset(re.findall(r"\w+", query.sql))
        self.asked |= asked
        if self._waits and not asked <= self._made:
            self._made |= asked | self._likely
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(building.Site, "_query", _known)
                super().build(self._day, only=self._made - {"build_info"})
        return super().fetch(query)

    @property
    def as_of(self) -> dt.date | None:
        if not self._waits:
            return super().as_of
        return dt.date.fromisoformat(str(self._day)) if self._day else self.span[1]

    @property
    def is_fresh(self) -> bool:
        self._build_all()
        return super().is_fresh

    @property
    def code_map(self) -> str | None:
        self._build_all()
        return super().code_map

    def _build_all(self) -> None:
        if self._waits:
            self.build(self._day)
