"""What loads although it looks wrong: findings with the severity `warning`, as of X12 files."""

from analytics.extracts.stage import Stage
from analytics.ingest.rules import REASONS

_CLAIM = """
INSERT INTO rejected BY NAME
SELECT file_id, record_no, '{table}' AS table_name, 'warning' AS severity, '{rule}' AS rule,
    '{reason}' AS reason
FROM {table} WHERE file_id = {file} AND {condition}
"""
_DIFFERS = """EXISTS (
    SELECT 1 FROM (
        SELECT claim_id, sum(billed_amount) AS amount FROM claim_line
        WHERE file_id = {file} GROUP BY claim_id
    ) AS line WHERE line.claim_id = claim.claim_id AND line.amount <> claim.billed_amount)"""


def warnings(stage: Stage, file_id: int) -> list[str]:
    """What notes them, of rows just written."""
    found: list[str] = []
    backwards = "service_to_date < service_from_date"
    if "claim" in stage.levels:
        found.append(_noted("claim", "dates_out_of_order", backwards, file_id))
    if stage.layout.name("claim", "billed_amount") and "claim_line" in stage.levels:
        differs = _DIFFERS.format(file=file_id)
        found.append(_noted("claim", "charge_differs_from_lines", differs, file_id))
    if stage.layout.has("adjustment"):
        found.append(_noted("remit_claim", "claim_unbalanced", "NOT is_balanced", file_id))
        if "remit_line" in stage.levels:
            found.append(_noted("remit_line", "line_unbalanced", "NOT is_balanced", file_id))
    return found


def _noted(table: str, rule: str, condition: str, file_id: int) -> str:
    return _CLAIM.format(
        table=table, rule=rule, reason=REASONS[rule], condition=condition, file=file_id
    )
