"""The reference of public names, from their signatures and docstrings."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from analytics.metrics import STUDIES
from pages import markdown as md
from pages import source

# Each page: its name, title, and the modules whose public names it tells.
PAGES = (
    ("analytics", "Database, loading, what else stands at the top", ("analytics",)),
    ("metrics", "Metrics and what they are asked with", ("analytics.metrics",)),
    (
        "frames",
        "Calculations on plain frames",
        (
            "analytics.metrics.value",
            "analytics.metrics.coding",
            "analytics.contracts",
            "analytics.risk",
        ),
    ),
    ("stats", "Statistics of summed counts", ("analytics.stats",)),
    (
        "reports",
        "Reports and their tables",
        ("analytics.report", "analytics.tables", "analytics.workbook"),
    ),
    (
        "maps",
        "Code maps and exports",
        (
            "analytics.reference",
            "analytics.exporting",
            "analytics.reconcile",
            "analytics.evidencing",
        ),
    ),
    ("errors", "Errors", ("analytics.errors",)),
)


def pages() -> Iterator[tuple[str, str]]:
    """Path and text of each page."""
    intro = (
        "Names that user code may rely on. Studies stand with their "
        "[metrics](../metrics/index.md), figures in the [gallery](../figures/index.md)."
    )
    rows = [[f"[{title}]({name}.md)", ", ".join(map(md.code, held))] for name, title, held in PAGES]
    toc = md.fenced("{toctree}", "\n".join([":hidden:", "", *(name for name, _, _ in PAGES)]))
    yield "reference/index.md", md.page("# Reference", intro, md.table(["page", "of"], rows), toc)
    for name, title, held in PAGES:
        parts = _modules([import_module(one) for one in held])
        yield f"reference/{name}.md", md.page(f"# {title}", *parts)


def _modules(modules: Sequence[ModuleType]) -> Iterator[str]:
    """The parts of a page, each name once: where it is first public."""
    known: set[int] = set()
    for module in modules:
        names = [name for name in _public(module) if id(getattr(module, name)) not in known]
        known |= {id(getattr(module, name)) for name in names}
        told = [_told(module.__name__, name, getattr(module, name)) for name in names]
        yield md.page(f"## {module.__name__}", source.docstring(module), *told)


def _public(module: ModuleType) -> list[str]:
    """Its functions and classes: those it lists, else those it defines."""
    listed = getattr(module, "__all__", None)
    own = [n for n, one in vars(module).items() if _is_own(one, module) and not n.startswith("_")]
    # A module of its own is not imported for it: that of reports takes seconds.
    names = [n for n in listed or own if n not in STUDIES and not _is_module(module, n)]
    return sorted(name for name in names if _is_code(getattr(module, name)))


def _is_module(module: ModuleType, name: str) -> bool:
    is_package = hasattr(module, "__path__")
    return is_package and find_spec(f"{module.__name__}.{name}") is not None


def _is_own(one: object, module: ModuleType) -> bool:
    return getattr(one, "__module__", "") == module.__name__


def _is_code(one: object) -> bool:
    return inspect.isfunction(one) or inspect.isclass(one)


def _told(module: str, name: str, one: object) -> str:
    place = f"{module}.{name}"
    if inspect.isfunction(one):
        return md.function(f"{place}{source.signature(one)}", source.docstring(one))
    if not inspect.isclass(one):
        return ""
    members = [
        _member(f"{place}.{key}", member)
        for key, member in vars(one).items()
        if not key.startswith("_")
    ]
    made = vars(one).get("__init__")
    asked = source.signature(made) if inspect.isfunction(made) and not is_dataclass(one) else ""
    text = md.page(source.docstring(one), _fields(one))
    return md.page(md.function(place + asked.partition(" ->")[0], text, "class"), *members)


def _member(place: str, member: object) -> str:
    if isinstance(member, property):
        return md.function(place, source.docstring(member.fget), "property")
    function = getattr(member, "__func__", member)  # of a class method too
    if not inspect.isfunction(function):
        return ""
    return md.function(place + source.signature(function), source.docstring(function), "method")


def _fields(one: type) -> str:
    """The fields of a dataclass, which it is made with."""
    if not is_dataclass(one):
        return ""
    rows = [[md.code(f.name), md.code(_type(f.type))] for f in fields(one) if f.init]
    return md.table(["field", "type"], rows)


def _type(kind: object) -> str:
    return kind if isinstance(kind, str) else inspect.formatannotation(kind)
