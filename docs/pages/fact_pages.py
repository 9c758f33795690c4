"""The data dictionary of facts: grain, key, columns, what each is made of, and its SQL."""

from collections.abc import Iterator, Sequence

import analytics as rc
from analytics import facts, schema
from analytics.facts import Fact
from pages import markdown as md
from pages.meanings import Columns, columns_of, meaning

# Where a group of facts begins, in the order they are built: its page and title.
_GROUPS = {
    "known_payer": ("claims", "Claims, answers and money"),
    "edit": ("edits", "Coding edits and reviews"),
    "appeal_outcome": ("payers", "Appeals and payers' claims"),
    "cover_span": ("members", "Members and their care"),
    "contract_scope": ("contracts", "Contracts that share savings"),
    "quality_list": ("quality", "Quality measures"),
    "feed_doubt": ("doubts", "What is left out or doubted"),
}


def pages(db: rc.Database) -> Iterator[tuple[str, str]]:
    """Path and text of each page."""
    groups = list(grouped())
    yield "facts/index.md", _index(groups)
    columns = columns_of(db)
    for slug, title, own in groups:
        yield f"facts/{slug}.md", md.page(f"# {title}", *(_fact(one, columns) for one in own))


def grouped() -> Iterator[tuple[str, str, Sequence[Fact]]]:
    """Page, title and facts of each group."""
    names = [fact.name for fact in facts.ALL]
    starts = [*(names.index(first) for first in _GROUPS), len(names)]
    for i, (slug, title) in enumerate(_GROUPS.values()):
        yield slug, title, facts.ALL[starts[i] : starts[i + 1]]


def _index(groups: Sequence[tuple[str, str, Sequence[Fact]]]) -> str:
    intro = (
        "Every join and business rule is made once, in a fact: a table with a stated grain, built "
        "by `revcycle build` from the core tables and the facts before it. A metric reads exactly "
        "one. `db.sql` reads them too. Text of few words is an ENUM of those met; a column marked "
        "as identity can name a person, or lead to one."
    )
    toc = md.fenced("{toctree}", "\n".join([":hidden:", "", *(slug for slug, _, _ in groups)]))
    return md.page("# Facts", intro, *(_listed(title, own) for _, title, own in groups), toc)


def _listed(title: str, own: Sequence[Fact]) -> str:
    rows = [[f"[{md.code(f.name)}](#fact.{f.name})", md.escaped(f.grain)] for f in own]
    return md.page(f"## {title}", md.table(["fact", "one row per"], rows))


def _fact(fact: Fact, columns: Columns) -> str:
    kind = "A view, computed when it is read" if fact.is_view else "A table"
    key = ", ".join(md.code(name) for name in fact.key)
    made_of = ", ".join(source(name) for name in sorted(fact.reads & _KNOWN))
    amount = f" Dollars of a row: {md.code(fact.amount)}." if fact.amount else ""
    return md.page(
        md.anchor(f"fact.{fact.name}"),
        f"## {fact.name}",
        f"{kind}; one row per {fact.grain}. Key: {key}.{amount} Made of: {made_of or 'no table'}.",
        md.table(["column", "type", "identity", "meaning"], list(_columns(fact, columns))),
        md.details("SQL", md.fenced("sql", fact.sql)),
    )


_KNOWN = frozenset(schema.tables()) | facts.NAMES
_IDENTITY = {column for _, column in schema.identity_columns()}


def source(name: str) -> str:
    """A link to a fact or a core table."""
    kind = "fact" if name in facts.NAMES else "table"
    return f"[{md.code(name)}](#{kind}.{name})"


def _columns(fact: Fact, columns: Columns) -> Iterator[list[str]]:
    """Name, type, whether it can name a person, and meaning of each column."""
    for name, kind in columns[fact.name].items():
        who = "yes" if name in _IDENTITY else "no"
        yield [md.code(name), kind, who, meaning(fact, name, columns)]
