"""The day the facts stand for, asked of any engine."""

import datetime as dt

from analytics.query import Engine, Query


def as_of(engine: Engine) -> dt.date | None:
    """The day up to which the facts know the world; None where nothing was loaded."""
    found = engine.fetch(Query("SELECT as_of FROM build_info"))
    day = found["as_of"].max() if found.height else None
    return day if isinstance(day, dt.date) else None
