"""A build of what changed: units of records that something new touched, by the SQL of all facts."""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from analytics import building, facts
from analytics.duck import why
from analytics.errors import DatabaseError, NotWrittenError
from analytics.increment.planning import plan
from analytics.increment.reasons import NotPossible, days_of
from analytics.increment.site import Patch
from analytics.increment.touched import find
from analytics.progress import Progress
from analytics.query import Value

__all__ = ["Built", "build"]

Note = Callable[[duckdb.DuckDBPyConnection], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made anew: of how many claims and payments, and which facts as a whole."""

    claims: int = 0
    claims_in_all: int = 0
    payments: int = 0
    payments_in_all: int = 0
    whole: tuple[str, ...] = ()
    why_all: str = ""  # why all facts were made; empty where only what changed was

    def __str__(self) -> str:
        if self.why_all:
            return f"all facts were made anew: {self.why_all}"
        return (
            f"made anew: {self.claims:,} of {self.claims_in_all:,} claims, "
            f"{self.payments:,} of {self.payments_in_all:,} claim payments; "
            f"as a whole {len(self.whole)} of {len(facts.ALL)} facts: {', '.join(self.whole)}"
        )


def build(
    connection: duckdb.DuckDBPyConnection, info: dict[str, Value | None], tell: Progress, note: Note
) -> Built:
    """Make the facts of all that is loaded, where it can be only what changed.  All or nothing.

    The facts are the same as by `building.build`, whose arguments and errors these are.
    """
    try:
        return _patched(connection, info, tell, note)
    except NotPossible as reason:
        building.build(connection, facts.ALL, info, tell, note)
        return Built(why_all=str(reason))


def _patched(
    connection: duckdb.DuckDBPyConnection, info: dict[str, Value | None], tell: Progress, note: Note
) -> Built:
    at, total = "", len(facts.ALL)
    try:
        with building.at_site(connection, Patch) as site:
            site.prepare(info)
            site.days = days_of(site)
            sources = {n for fact in facts.ALL for n in (*fact.whole_with, *fact.daily_with)}
            is_later = site.days.new > site.days.old
            site.plan = plan(sources - site.empty, site.empty, is_later=is_later)
            tell(0, total, "what changed")
            for fact in site.plan.early:
                at = f" at the fact {fact.name}"
                site.make(fact)
            at = " when what changed was looked for"
            counts = find(site, site.days)
            site.enter()
            for done, fact in enumerate(site.plan.touched, len(site.plan.early)):
                at = f" at the fact {fact.name}"
                tell(done, total, fact.name)
                site.make_touched(fact)
            at = " after the facts of what changed"
            site.leave()
            site.enter_people()
            for done, fact in enumerate(site.plan.members, total - len(site.plan.members)):
                at = f" at the fact {fact.name}"
                tell(done, total, fact.name)
                site.make_of_people(fact)
            at = " after the facts of members"
            site.leave_people()
            lists = site.list_anew()
            for done, fact in enumerate(site.plan.late, total - len(site.plan.late)):
                at = f" at the fact {fact.name}"
                tell(done, total, fact.name)
                site.make_late(fact)
            at = " when the facts were put in place"
            site.put(lists, note)
            whole = tuple(fact.name for fact in (*site.plan.whole, *lists))
    except (duckdb.Error, NotWrittenError) as error:  # the engine's own message may quote values
        reason = error.why if isinstance(error, NotWrittenError) else why(error)
        raise DatabaseError(f"the build failed{at} ({reason}); the facts before it stay") from None
    tell(total, total, "")
    claims, claims_in_all, payments, payments_in_all = counts
    return Built(
        claims=claims,
        claims_in_all=claims_in_all,
        payments=payments,
        payments_in_all=payments_in_all,
        whole=whole,
    )
