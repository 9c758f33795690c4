"""How fast an extract loads by a column map, against DuckDB's own read_csv into a typed table.

    python benchmarks/extracts.py [--megabytes 300] [--answers]

Writes a CSV of service lines (about 150 bytes each; with --answers also what was paid and two
adjustments, 200 bytes), reads it both ways in processes of their own, and prints times, their ratio
and the most memory that loading took.  CPU time is printed beside wall time, as other work may run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

BYTES_A_LINE, BYTES_WITH_ANSWERS = 146, 194
LINES = """
SELECT
    'A' || lpad((i // 4)::VARCHAR, 9, '0') AS "Claim No", i % 4 + 1 AS "Line",
    'professional' AS "Type",
    strftime(DATE '2025-01-01' + (i // 4 % 365)::INT, '%m/%d/%Y') AS "Billed On",
    (1003000000 + i // 4 % 300)::VARCHAR AS "Billing NPI", 'PAYER ' || (i // 4 % 40) AS "Payer",
    'M' || lpad((i // 4 % 200000)::VARCHAR, 8, '0') AS "Member",
    ['E11.65', 'I10', 'M54.5', 'Z00.00'][1 + i // 4 % 4] AS "Dx1",
    ['J45.909', '', 'E78.5', 'R51.9'][1 + i // 4 % 4] AS "Dx2",
    ['99213', '99214', '36415', '80053', '93000'][1 + i % 5] AS "CPT",
    CASE WHEN i % 5 = 0 THEN '25' ELSE '' END AS "Mod1", '' AS "Mod2", 1 + i % 3 AS "Qty",
    format('${{:,.2f}}', (50 + i % 2000)::DOUBLE) AS "Charge",
    strftime(DATE '2024-12-20' + (i // 4 % 365)::INT, '%m/%d/%Y') AS "DOS", '11' AS "POS",
    'department of some kind' AS "Department", 'open' AS "State"{answers}
FROM range({lines}) AS t (i)
"""
ANSWERS = """,
    strftime(DATE '2025-01-20' + (i // 4 % 365)::INT, '%m/%d/%Y') AS "Paid On",
    'CHK' || (i // 400) AS "Check", (30 + i % 2000)::DECIMAL(12, 2) AS "Paid",
    'CO-45' AS "Adj1", '15.00' AS "Adj1 Amt", 'PR-2' AS "Adj2", '5.00' AS "Adj2 Amt"
"""
MAP = """
[[file]]
name = "lines"
pattern = "*.csv"
grain = "line"

[file.columns]
claim.patient_control_number = "Claim No"
claim.claim_type = "Type"
claim.submission_date = "Billed On"
claim.billing_npi = "Billing NPI"
payer.payer_name = "Payer"
patient.member_id = "Member"
claim.place_of_service_code = "POS"
claim_diagnosis.diagnosis_code = "Dx{n}"
claim_line.line_no = "Line"
claim_line.procedure_code = "CPT"
claim_line.modifiers = "Mod{n}"
claim_line.units = "Qty"
claim_line.billed_amount = "Charge"
claim_line.service_from_date = "DOS"
"""
MAP_OF_ANSWERS = """
remit.payment_date = "Paid On"
remit.trace_number = "Check"
remit_line.paid_amount = "Paid"
adjustment.group_and_carc_code = "Adj{n}"
adjustment.amount = "Adj{n} Amt"
"""
MEASURED = """
import json, resource, sys, time
began = time.perf_counter()
{body}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({{
    "seconds": time.perf_counter() - began, "cpu": used.ru_utime + used.ru_stime,
    "megabytes": used.ru_maxrss / 1024,
}}))
"""
BY_DUCKDB = """
import duckdb
db = duckdb.connect(sys.argv[1])
db.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{sys.argv[2]}')")
db.close()
"""
BY_MAP = """
import analytics as rc
with rc.Database(sys.argv[1]) as db:
    report = rc.load(db, sys.argv[2], map=sys.argv[3], progress=False)
    assert report.is_clean, str(report)
"""


def measured(body: str, *given: str) -> dict[str, float]:
    """Time, CPU time and peak memory of a program, in a process of its own."""
    script = MEASURED.format(body=body)
    done = subprocess.run(
        [sys.executable, "-c", script, *given], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    said.add_argument("--megabytes", type=int, default=300)
    said.add_argument("--answers", action="store_true", help="with payments and adjustments")
    given = said.parse_args()
    width = BYTES_WITH_ANSWERS if given.answers else BYTES_A_LINE
    lines = given.megabytes * 1_000_000 // width
    with tempfile.TemporaryDirectory() as folder:
        file, text = Path(folder, "lines.csv"), Path(folder, "map.toml")
        query = LINES.format(lines=lines, answers=ANSWERS if given.answers else "")
        duckdb.execute(f"COPY ({query}) TO '{file}' (HEADER)")
        text.write_text(MAP + (MAP_OF_ANSWERS if given.answers else ""))
        print(f"{lines:,} lines, {file.stat().st_size / 1e6:,.0f} MB")
        time.sleep(0.5)
        plain = measured(BY_DUCKDB, f"{folder}/plain.duckdb", str(file))
        loaded = measured(BY_MAP, f"{folder}/loaded.duckdb", str(file), str(text))
    for name, found in (("read_csv, typed table", plain), ("load by map", loaded)):
        print(
            f"{name:<22} {found['seconds']:7.1f} s  {found['cpu']:7.1f} s CPU  "
            f"{found['megabytes']:6,.0f} MB"
        )
    print(
        f"ratio {loaded['seconds'] / plain['seconds']:.2f} (CPU {loaded['cpu'] / plain['cpu']:.2f})"
    )


if __name__ == "__main__":
    main()
