"""The catalogue of metrics: an index, and a page for each family."""

from collections.abc import Iterator
from dataclasses import fields

import analytics as rc
from analytics.metrics import MATURE, Maturity, Metric
from pages import examples, study_pages
from pages import markdown as md
from pages.families import FAMILIES, Family

# Of the SQL a metric is declared by: the attribute, and what it is.
_PARTS = {
    "event": "Numerator: rows where",
    "event_sql": "Numerator: rows where",
    "top": "Numerator: sum of",
    "amount": "Sum of",
    "days": "Days waited",
    "ended": "The wait is over when",
    "level": "Numerator: rows by",
    "family": "Within",
    "bottom": "Denominator: sum of",
}


def pages(db: rc.Database) -> Iterator[tuple[str, str]]:
    """Path and text of each page."""
    yield "metrics/index.md", _index()
    for family in FAMILIES:
        yield f"metrics/{family.slug}.md", _family(family, db)


def _index() -> str:
    intro = (
        "Every number the library tells, by family: what it means in a sentence, whose rule it is, "
        "what it is divided by, which date places it, its SQL, and an example on the shipped "
        "sample. The same is told by `revcycle metrics NAME` and `revcycle sql NAME`. Beside the "
        "metrics stand the studies, which ask more of them."
    )
    listed = [md.page(f"## {one.title}", _list(one)) for one in FAMILIES]
    toc = md.fenced("{toctree}", "\n".join([":hidden:", "", *(one.slug for one in FAMILIES)]))
    return md.page("# Metric catalogue", intro, *listed, toc)


def _list(family: Family) -> str:
    metrics = [[_link(m.name), m.unit.replace("_", " "), m.definition] for m in family.metrics]
    studies = [[_link(n), "study", study_pages.summary(s)] for n, s in family.studies.items()]
    return md.table(["name", "unit", "what it tells"], [*metrics, *studies])


def _link(name: str) -> str:
    return f"[{md.code(name)}](#metric.{name})"


def _family(family: Family, db: rc.Database) -> str:
    metrics = [_metric(one, db) for one in family.metrics]
    studies = [study_pages.section(name, study, db) for name, study in family.studies.items()]
    head = md.page(
        f"# {family.title}",
        "The examples are of the shipped sample: `import analytics as rc`, `import datetime as dt`"
        ' and `db = rc.Database("revcycle.duckdb")` come first.',
    )
    return md.page(head, *metrics, *studies)


def _metric(metric: Metric, db: rc.Database) -> str:
    call = examples.of_metric(metric.name)
    asked = {k: v for k, v in call.arguments.items() if k in ("by", "every")}
    query = metric.query(**asked)
    bound = [f"-- ${name} = {value!r}" for name, value in query.params.items()]
    return md.page(
        md.anchor(f"metric.{metric.name}"),
        f"## {metric.title}",
        f"{md.code(metric.name)}: {metric.definition}",
        md.table(["", ""], list(_facts(metric))),
        "**Example**",
        examples.shown(call, db),
        "**SQL**",
        md.fenced("sql", "\n".join([f"{query.sql};", *bound])),
    )


def _facts(metric: Metric) -> Iterator[list[str]]:
    yield ["Source", md.escaped(metric.source)]
    yield from ([f"{what}", md.code(sql)] for what, sql in _measured(metric))
    yield ["Denominator", md.escaped(metric.denominator)]
    yield ["Unit", f"{metric.unit.replace('_', ' ')}; {metric.better} is better"]
    yield ["Date basis", f"{md.escaped(metric.date_basis)} ({md.code(metric.period)})"]
    fact = f"[{md.code(metric.fact.name)}](#fact.{metric.fact.name})"
    yield ["Fact and grain", f"{fact}, one row per {md.escaped(metric.fact.grain)}"]
    yield ["Dimensions", ", ".join(map(md.code, metric.dimensions))]
    yield ["Maturity", _maturity(metric.maturity)]
    yield ["Left out", _left_out(metric)]
    yield from (["Takes", f"{md.code(k)}: {md.escaped(v)}"] for k, v in metric.options.items())
    if metric.notes:
        yield ["Notes", md.escaped(metric.notes)]


def _measured(metric: Metric) -> Iterator[tuple[str, str]]:
    """The SQL by which it counts: what its kind declares, else what it adds up."""
    own = {field.name for field in fields(metric)} | {"event_sql"}
    found = [(_PARTS[k], getattr(metric, k, "")) for k in _PARTS if k in own]
    said = [(what, sql) for what, sql in found if sql]
    return iter(said or [("Adds up", one) for one in metric.sums])


def _maturity(rule: Maturity | None) -> str:
    if rule is None:
        return "time does not decide it"
    of = "" if rule.whole == "1" else f" of {md.code(rule.whole)}"
    return (
        f"a period is mature when {MATURE:.0%} of it is settled ({md.code(rule.column)}): "
        f"{md.code(rule.settled)}{of}"
    )


def _left_out(metric: Metric) -> str:
    reasons = metric.reasons(include_duplicates=False)
    said = [f"{md.escaped(reason)}: {md.code(test)}" for reason, test in reasons.items()]
    return "<br>".join(said) or "no row for a reason of its own"
