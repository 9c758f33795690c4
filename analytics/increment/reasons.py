"""Whether what changed since the last build is enough to look at, or all facts have to be made."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from analytics import built_from, facts
from analytics.building import Site

# What has gone, or says something else now; what has come.
_GONE = """
SELECT DISTINCT table_name FROM
    (FROM {home}.built_from EXCEPT FROM temp.built_from) AS gone ORDER BY 1
"""
_CAME = """
SELECT DISTINCT table_name FROM
    (FROM temp.built_from EXCEPT FROM {home}.built_from) AS came ORDER BY 1
"""
_NEW_PART = """
CREATE TEMP TABLE new_part AS
SELECT now.table_name, now.part FROM temp.built_from AS now
WHERE NOT EXISTS (
    SELECT 1 FROM {home}.built_from AS before
    WHERE before.table_name = now.table_name AND before.part IS NOT DISTINCT FROM now.part
)
"""
# Without an extract nothing is known of appeals and write-offs: the first one tells of all claims.
_FIRST = """
SELECT
    coalesce(min({day}) FILTER (WHERE file_id NOT IN (
        SELECT part FROM temp.new_part WHERE table_name = '{table}' AND part IS NOT NULL
    )) <= $old, FALSE),
    coalesce(min({day}) <= $new, FALSE)
FROM {table}
"""
# A provider known by number only carries it as the name, on claims of any day.
_NAMED = """
SELECT count(*) FROM provider
WHERE provider_name IS NOT NULL
  AND file_id IN (SELECT part FROM temp.new_part WHERE table_name = 'provider')
  AND (
    npi IN (SELECT CAST(billing_npi AS VARCHAR) FROM {home}.known_team)
    OR npi IN (SELECT CAST(rendering_npi AS VARCHAR) FROM {home}.known_team)
    OR npi IN (SELECT CAST(facility_npi AS VARCHAR) FROM {home}.known_team)
    OR npi IN (SELECT npi FROM {home}.known_renderer)
    OR npi IN (SELECT npi FROM {home}.known_provider WHERE provider_name IS NULL)
  )
"""


class NotPossible(Exception):  # noqa: N818
    """Why all facts have to be made; in words for the user, without a value of a row."""


@dataclass(frozen=True, slots=True)
class Days:
    """The as-of dates of the facts that are there, and of those to be made."""

    old: dt.date
    new: dt.date

    @property
    def between(self) -> dict[str, Any]:
        """Both, to be bound as $old and $new."""
        return {"old": self.old, "new": self.new}

    def said(self, sql: str) -> str:
        """The SQL with both days in the place of $old and $new."""
        for name, day in self.between.items():
            sql = sql.replace(f"${name}", f"DATE '{day}'")
        return sql


def days_of(site: Site) -> Days:
    """The days between which something may have happened; makes the table `new_part`.

    Raises NotPossible.
    """
    days = _same_rules(site)
    for (table,) in site.run(_GONE.format(home=site.home)).fetchall():
        if table in built_from.settings():
            raise NotPossible(f"{table} was changed")
        raise NotPossible(f"records of {table} were removed or replaced")
    for (table,) in site.run(_CAME.format(home=site.home)).fetchall():
        if table in built_from.settings():
            raise NotPossible(f"{table} was changed")
    site.run(_NEW_PART.format(home=site.home))
    for table, day in (("appeal", "appeal_date"), ("write_off", "write_off_date")):
        first = _FIRST.format(table=table, day=day)
        before, now = site.run(first, days.between).fetchall()[0]
        if before != now:
            raise NotPossible(f"the first records of {table} came")
    if site.run(_NAMED.format(home=site.home)).fetchall()[0][0]:
        raise NotPossible("a provider known by number only has a name now")
    return days


def _same_rules(site: Site) -> Days:
    known = site.run(
        "SELECT old.as_of, now.as_of, old.facts_version = now.facts_version, "
        "old.code_map_version = now.code_map_version "
        f"FROM {site.home}.build_info AS old, temp.build_info AS now"
    ).fetchall()
    if not known:
        raise NotPossible("there were none")
    ((old, new, is_same, is_same_map),) = known
    there = {name for _, name, ours in site.in_place() if ours}
    if not there >= facts.NAMES:
        raise NotPossible("not all of them were there")
    if built_from.TABLE not in there:
        raise NotPossible("it is not known what they were of")
    if not is_same:
        raise NotPossible("their rules changed")
    if not is_same_map:
        raise NotPossible("the code maps changed")
    if old is None or new is None:
        raise NotPossible("nothing was loaded")
    if new < old:
        raise NotPossible("the day is an earlier one")
    return Days(old, new)
