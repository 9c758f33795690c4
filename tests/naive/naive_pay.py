"""What payers owe, submission by submission and line by line with loops, from the definitions."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
Row = dict[str, Any]


def last_day(start: date, days: int, kind: str) -> date:
    """The last day to answer, one day after another."""
    if kind == "calendar":
        return start + timedelta(days=days)
    day = start
    while not is_business(day):
        day -= timedelta(days=1)
    while days:
        day += timedelta(days=1)
        days -= is_business(day)
    return day


def is_business(day: date) -> bool:
    """Monday to Friday, and no federal holiday."""
    if day.weekday() > 4:
        return False
    # Observed: of a Saturday the day before, of a Sunday the day after.
    near = [day] + [day + timedelta(days=1)] * (day.weekday() == 4)
    near += [day - timedelta(days=1)] * (day.weekday() == 0)
    fixed = {(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)}
    if any((one.month, one.day) in fixed for one in near):
        return False
    week = (day.day - 1) // 7 + 1
    monday = {(1, 3), (2, 3), (9, 1), (10, 2)}
    is_last_of_may = day.month == 5 and day.day > 24
    if day.weekday() == 0 and ((day.month, week) in monday or is_last_of_may):
        return False
    return (day.month, week, day.weekday()) != (11, 4, 3)


def rule_of(rules: list[Row], payer: Row, line: str | None, state: str | None, day: date) -> Row:
    """The rule in force on the day: that of the payer, its contract's days, line, state."""

    def found(level: str, name: str | None) -> Row | None:
        for one in rules:
            fits = one["level"] == level and one["jurisdiction"] == (name or "").upper().strip()
            begun = one["effective_from"] is None or one["effective_from"] <= day
            if fits and begun and (one["effective_to"] is None or day <= one["effective_to"]):
                return one
        return None

    if own := found("payer", payer["payer_name"]):
        return own
    if payer["prompt_pay_days"] is not None:
        days = payer["prompt_pay_days"]
        return {"electronic_days": days, "electronic_day_type": "calendar", "interest_basis": ""}
    return found("line_of_business", line) or found("state", payer["state_code"] or state) or {}


def interest(rule: Row, paid: Decimal, start: date, due: date, end: date) -> Decimal | None:
    """Simple interest, a day at a time; None without a rate."""
    if rule["interest_basis"] not in ("year", "month"):
        return None
    owed, day = Decimal(0), due
    while day < end:
        day += timedelta(days=1)
        waited, rate = (day - start).days, rule["interest_rate"]
        if rule["second_rate"] is not None and waited > rule["second_after_days"]:
            rate = rule["second_rate"]
        if rule["third_rate"] is not None and waited > rule["third_after_days"]:
            rate = rule["third_rate"]
        owed += paid * rate * (12 if rule["interest_basis"] == "month" else 1)
    return (owed / 36500).quantize(CENT, ROUND_HALF_UP)


def expected(rates: list[Row], line: Row) -> Decimal | str | None:
    """By the contract: the most specific rate of the latest file; why there is none."""
    wanted = ("procedure_code", "modifier_key", "facility", "place_of_service_code", "claim_type")
    at = line | {"modifier_key": line["modifier_key"] or ""}
    fits = [
        one
        for one in rates
        if one["payer_name"] == line["payer_name"]
        and all(one[name] in (None, at[name]) for name in wanted)
        and one["start_date"] <= line["service_date"]
        and (one["end_date"] is None or line["service_date"] <= one["end_date"])
    ]
    if not fits:
        return None
    rank = [(tuple(one[n] is not None for n in wanted), one["file_id"]) for one in fits]
    best = [one for one, at in zip(fits, rank, strict=True) if at == max(rank)]
    terms = ("method_code", "rate_amount", "rate_percent", "unit_code")
    if len({tuple(one[name] for name in terms) for one in best}) > 1:
        return "two contract rates apply"
    rate = best[0]
    if rate["method_code"] == "PERCENT_OF_CHARGE":
        amount = line["charge_amount"] * rate["rate_percent"] / 100
    elif rate["unit_code"] != "LINE" and not line["units_billed"]:
        return "units not known"
    else:
        amount = rate["rate_amount"] * (1 if rate["unit_code"] == "LINE" else line["units_billed"])
    return amount.quantize(CENT, ROUND_HALF_UP)


def modal(lines: list[Row]) -> dict[tuple[Any, ...], tuple[Decimal, int]]:
    """The amount allowed most often, and how often, by what lines have alike."""
    counts: dict[tuple[Any, ...], Counter[Decimal]] = defaultdict(Counter)
    for one in lines:
        counts[alike(one)][one["allowed_amount"]] += 1
    best = {
        key: min(some.items(), key=lambda pair: (-pair[1], pair[0])) for key, some in counts.items()
    }
    return {key: pair for key, pair in best.items() if pair[1] > 1}


def alike(line: Row) -> tuple[Any, ...]:
    """What lines must share for one to tell the rate of another."""
    day = line["service_date"]
    names = ("payer_name", "claim_type", "procedure_code", "modifier_key", "units_billed")
    return (*(line[name] for name in names), day.year, (day.month - 1) // 3)
