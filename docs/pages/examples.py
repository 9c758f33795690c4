"""What the example of each metric and study asks; those not named here are asked by payer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import analytics as rc
from analytics import facts, schema
from analytics.errors import MissingReferenceError
from analytics.metrics import CATALOGUE
from analytics.risk import HccError
from pages import markdown as md
from pages.calls import Call

_BY_PAYER: Mapping[str, Any] = {"by": "payer_name"}
_WINTER = rc.Between(dt.date(2026, 1, 1), dt.date(2026, 4, 1))
_SPRING = rc.Between(dt.date(2026, 4, 1), dt.date(2026, 7, 1))
_OF_METRICS: Mapping[str, Mapping[str, Any]] = {
    "ar_aging": {},
    "clean_claim_rate": {"every": "month"},
    "coding_denial_rate": {"by": "specialty"},
    "denied_dollars": {"by": "denial_category"},
    "edit_precision": {"by": "edit_code"},
    "edit_rate": {"by": "edit_code"},
    "em_level_mix": {},
    "initial_denial_rate_submitted": {"every": "month"},
    "leakage": {"by": "service_category"},
    "modifier_rate": {"by": "specialty"},
    "pmpm": {"by": "service_category"},
    "quality_gap_rate": {"by": "measure"},
    "underpayment": {"by": ["payer_name", "variance_kind"]},
}
OF_STUDIES: dict[str, Mapping[str, Any]] = {
    "backtest_cash": {"weeks": 4},
    "cash_curve": {"by": "payer_name"},
    "coding_patterns": {"support": 30},
    "denial_alerts": {"every": "month"},
    "denial_worklist": {"limit": 5},
    "hcc_gaps": {"payment_year": 2027, "base_rate": 1000},
    "pqi_rates": {},
    "prompt_pay_worklist": {"limit": 5},
    "rate_drivers": {
        "metric": "initial_denial_rate",
        "by": "payer_name",
        "before": _WINTER,
        "after": _SPRING,
    },
    "risk_scores": {"payment_year": 2027, "limit": 5},
    "underpayment_worklist": {"limit": 5},
}


def of_metric(name: str) -> Call:
    """The example of a metric."""
    return Call(name, _OF_METRICS.get(name, _BY_PAYER))


def of_study(name: str) -> Call:
    """The example of a study."""
    return Call(name, OF_STUDIES.get(name, {}))


def shown(call: Call, db: rc.Database) -> str:
    """The call in Python, on the command line, and what comes of it."""
    return md.page(
        md.fenced("python", call.python), md.fenced("sh", call.command), _result(call, db)
    )


def _result(call: Call, db: rc.Database) -> str:
    try:
        found = call.frame(db)
    except (MissingReferenceError, HccError) as error:  # its message says what to load
        return f"Not on the sample: {error}."
    if found.is_empty() or ("n" in found.columns and not found["n"].sum()):
        given = ", ".join(map(md.code, found.columns))
        return md.page(_nothing(call, db), f"Where rows count, it gives {given}.")
    return md.frame(found)


def _nothing(call: Call, db: rc.Database) -> str:
    """What the sample lacks for it: the reasons for which rows are left out, or empty tables."""
    if call.name not in CATALOGUE:
        return "No row counts on the sample."
    left_out = CATALOGUE[call.name].excluded(db)
    if not left_out.is_empty():
        return md.page(
            "No row counts on the sample; what is left out, and why:", md.frame(left_out)
        )
    tables = ", ".join(md.code(n) for n in sorted(_lacking(CATALOGUE[call.name].fact.name, db)))
    return f"No row counts on the sample: it has nothing in {tables}."


def _lacking(name: str, db: rc.Database) -> set[str]:
    """The core tables for want of which a table or fact is empty."""
    if name in schema.tables():
        return {name}
    fact = next(one for one in facts.ALL if one.name == name)
    groups = [(need,) if isinstance(need, str) else need for need in fact.needs]
    wanting = [group for group in groups if all(_is_empty(one, db) for one in group)]
    return {table for group in wanting for one in group for table in _lacking(one, db)}


def _is_empty(name: str, db: rc.Database) -> bool:
    return db.sql(f"SELECT count(*) AS n FROM (SELECT 1 FROM {name} LIMIT 1)").item() == 0
